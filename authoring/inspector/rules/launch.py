"""Rules about marks and completion, and those of cmi5 and tincan."""

from authoring.inspector.rules.rule import EVERY, WARNING, Rule

MARKS = {
    "mastery-zero": Rule(
        "A mark to pass is more than nothing.",
        "Remove it, or write the mark that is meant.",
        "every LMS: the learner has passed before beginning, and some content says so at once",
        "<adlcp:masteryscore>0</adlcp:masteryscore>",
        "<adlcp:masteryscore>80</adlcp:masteryscore>",
        WARNING,
    ),
    "mastery-range": Rule(
        "A masteryscore is a number from 0 to 100.",
        "Write it in per cent.",
        EVERY,
        "<adlcp:masteryscore>800</adlcp:masteryscore>",
        "<adlcp:masteryscore>80</adlcp:masteryscore>",
    ),
    "mastery-unmarked": Rule(
        "Who says satisfiedByMeasure says the measure too.",
        "Add <imsss:minNormalizedMeasure>, or remove satisfiedByMeasure.",
        "every LMS that sequences: without it only full marks pass, whatever the content reports",
        '<imsss:primaryObjective objectiveID="mark" satisfiedByMeasure="true">',
        '<imsss:primaryObjective objectiveID="mark" satisfiedByMeasure="true">\n'
        "              <imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure>",
        WARNING,
    ),
    "mastery-ignored": Rule(
        "A minNormalizedMeasure comes with satisfiedByMeasure.",
        'Write satisfiedByMeasure="true", or remove the measure.',
        "every LMS: the mark has no effect",
        '<imsss:primaryObjective objectiveID="mark">',
        '<imsss:primaryObjective objectiveID="mark" satisfiedByMeasure="true">',
        WARNING,
    ),
    "threshold-form": Rule(
        "A completionThreshold is a number in its text in the 3rd Edition, and attributes in the 4th.",
        "Write it in the form of the edition.",
        EVERY,
        "<adlcp:completionThreshold>1.0</adlcp:completionThreshold>",
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="1.0"/>',
    ),
    "threshold-ignored": Rule(
        "A minProgressMeasure comes with completedByMeasure.",
        'Write completedByMeasure="true", or remove the threshold.',
        "every LMS of the 4th Edition: the threshold has no effect (Moodle goes by it all the same)",
        '<adlcp:completionThreshold minProgressMeasure="1.0"/>',
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="1.0"/>',
        WARNING,
    ),
    "move-on": Rule(
        "Some AU has a moveOn.",
        'Write moveOn="Completed" or whatever is meant.',
        "every cmi5 LMS: the course is satisfied as soon as a learner is enrolled",
        'moveOn="NotApplicable"',
        'moveOn="Completed"',
        WARNING,
    ),
    "sco-silent": Rule(
        "A package with a SCO looks for the API of its standard.",
        "Export it for the standard that the manifest names.",
        "every LMS: the course is never completed",
        "API_1484_11 in a package of SCORM 1.2",
        "LMSInitialize",
        WARNING,
    ),
    "au-silent": Rule(
        "A cmi5 package fetches its auth-token.",
        "Export it for cmi5, not for plain xAPI.",
        "every cmi5 LMS: nothing is recorded",
        "fetch.token",
        "auth-token",
        WARNING,
    ),
}

XAPI = {
    "iri": Rule(
        "Ids of activities and objectives are whole addresses.",
        "Write it with its scheme, as https://college.example/tea.",
        "every cmi5 LMS, which must refuse the course; every record store",
        '<au id="tea"',
        '<au id="https://college.example/tea"',
    ),
    "url-reserved": Rule(
        "The query of an AU’s url does not use the names of the launch: endpoint fetch actor registration activityId.",
        "Choose another name.",
        "every cmi5 LMS, which must refuse the course",
        "<url>tea.html?actor=me</url>",
        "<url>tea.html?who=me</url>",
    ),
    "url-alone": Rule(
        "A cmi5.xml without a zip gives whole addresses.",
        "Write the address with https://, or upload the zip.",
        EVERY,
        "<url>tea.html</url>",
        "<url>https://www.college.example/tea.html</url>",
    ),
    "url-insecure": Rule(
        "Addresses that are launched are https.",
        "Write https.",
        "every LMS served by https: browsers block http inside it",
        "<url>http://www.college.example/tea.html</url>",
        "<url>https://www.college.example/tea.html</url>",
        WARNING,
    ),
    "launch-one": Rule(
        "Exactly one activity of a tincan.xml has a launch or resource.",
        "Keep the launch of the course and take out the others.",
        "SCORM Cloud and others, which launch one",
        '<description lang="en">How to make it.</description>',
        '<description lang="en">How to make it.</description>\n      <launch lang="en">tea.html</launch>',
    ),
}
