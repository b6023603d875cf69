"""The shape of every element of every standard, as tables: children in order, attributes, and what the text may be.

Facts are those of the schemas of SCORM 1.2, SCORM 2004 and cmi5, and of the profile that ADL's test suite holds SCORM
2004 to. Children carry ``?``, ``*``, ``+`` or nothing (exactly once), ``a/b+`` stands for either in any mix; attributes
end with ``!`` where they are needed. Kinds of values are those of ``values``.
"""

import re
from functools import cache
from typing import NamedTuple

ANYTHING = "..."
COUNTS = {"?": (0, 1), "*": (0, None), "+": (1, None), "": (1, 1)}


class Slot(NamedTuple):
    """A place among the children: the names that may stand there, how often at least and at most."""

    names: tuple[str, ...]
    least: int
    most: int | None


class Shape(NamedTuple):
    """What an element is made of; ``more`` are children that come after ``children`` in any order, or ANYTHING."""

    children: str = ""
    attributes: str = ""
    text: str = ""
    more: str = ""


@cache
def slots(children: str) -> tuple[Slot, ...]:
    """The slots of a table’s row."""
    found = []
    for word in children.split():
        bare = word.rstrip("?*+")
        least, most = COUNTS[word[len(bare) :]]
        found.append(Slot(tuple(bare.split("/")), least, most))
    return tuple(found)


@cache
def kinds(attributes: str) -> dict[str, tuple[str, bool]]:
    """Attribute -> its kind, and whether it is needed."""
    pairs = re.findall(r"(\S+?)=(\S+?)(!?)(?:\s|$)", attributes)
    return {name: (kind, bool(needed)) for name, kind, needed in pairs}


LAUNCHED = "identifier=id! identifierref=upto2000 isvisible=boolean"

SCORM12 = {
    "manifest": Shape(
        "metadata? organizations resources manifest*", "identifier=id! version=upto20 xml:base=text"
    ),
    "metadata": Shape("schema? schemaversion?", more="adlcp:location*"),
    "schema": Shape(text="upto100"),
    "schemaversion": Shape(text="upto20"),
    "organizations": Shape("organization*", "default=text"),
    "organization": Shape("title? item* metadata?", "identifier=id! structure=upto200"),
    "item": Shape(
        "title? item* metadata?",
        f"{LAUNCHED} parameters=upto1000",
        more="adlcp:prerequisites? adlcp:maxtimeallowed? adlcp:timelimitaction? adlcp:datafromlms? adlcp:masteryscore?",
    ),
    "title": Shape(text="upto200"),
    "resources": Shape("resource*", "xml:base=text"),
    "resource": Shape(
        "metadata? file* dependency*",
        "identifier=id! type=upto1000! href=upto2000 xml:base=text adlcp:scormtype=sco|asset",
    ),
    "file": Shape("metadata?", "href=upto2000!"),
    "dependency": Shape("", "identifierref=upto2000!"),
    "adlcp:location": Shape(text="upto2000"),
    "adlcp:prerequisites": Shape("", "type=aicc_script!", "upto200"),
    "adlcp:maxtimeallowed": Shape(text="timespan"),
    "adlcp:timelimitaction": Shape(text="time-limit"),
    "adlcp:datafromlms": Shape(text="upto255"),
    "adlcp:masteryscore": Shape(text="text"),
}  # fmt: skip

READ_WRITE = " ".join(
    f"read{word}=boolean write{word}=boolean"
    for word in ("RawScore", "MinScore", "MaxScore", "CompletionStatus", "ProgressMeasure")
)
LIMITS = (
    "attemptLimit=whole attemptAbsoluteDurationLimit=duration attemptExperiencedDurationLimit=duration "
    "activityAbsoluteDurationLimit=duration activityExperiencedDurationLimit=duration "
    "beginTimeLimit=text endTimeLimit=text"
)
SEQUENCING = {
    "imsss:sequencingCollection": Shape("imsss:sequencing+"),
    "imsss:sequencing": Shape(
        "imsss:controlMode? imsss:sequencingRules? imsss:limitConditions? imsss:auxiliaryResources? imsss:rollupRules? "
        "imsss:objectives? imsss:randomizationControls? imsss:deliveryControls?",
        "ID=id IDRef=text",
        more="adlseq:constrainedChoiceConsiderations? adlseq:rollupConsiderations? adlseq:objectives?",
    ),
    "imsss:controlMode": Shape(
        "",
        "choice=boolean choiceExit=boolean flow=boolean forwardOnly=boolean useCurrentAttemptObjectiveInfo=boolean "
        "useCurrentAttemptProgressInfo=boolean",
    ),
    "imsss:sequencingRules": Shape("imsss:preConditionRule* imsss:exitConditionRule* imsss:postConditionRule*"),
    "imsss:preConditionRule": Shape("imsss:ruleConditions imsss:ruleAction"),
    "imsss:exitConditionRule": Shape("imsss:ruleConditions imsss:ruleAction"),
    "imsss:postConditionRule": Shape("imsss:ruleConditions imsss:ruleAction"),
    "imsss:ruleConditions": Shape("imsss:ruleCondition+", "conditionCombination=all|any"),
    "imsss:ruleCondition": Shape(
        "", "referencedObjective=text measureThreshold=-1..1 operator=not|noOp condition=condition!"
    ),
    "imsss:ruleAction": Shape("", "action=action!"),
    "imsss:limitConditions": Shape("", LIMITS),
    "imsss:auxiliaryResources": Shape("imsss:auxiliaryResource*"),
    "imsss:auxiliaryResource": Shape("", "auxiliaryResourceID=text! purpose=text!"),
    "imsss:rollupRules": Shape(
        "imsss:rollupRule*",
        "rollupObjectiveSatisfied=boolean rollupProgressCompletion=boolean objectiveMeasureWeight=0..1",
    ),
    "imsss:rollupRule": Shape(
        "imsss:rollupConditions imsss:rollupAction",
        "childActivitySet=all|any|none|atLeastCount|atLeastPercent minimumCount=whole minimumPercent=0..1",
    ),
    "imsss:rollupConditions": Shape("imsss:rollupCondition+", "conditionCombination=all|any"),
    "imsss:rollupCondition": Shape("", "operator=not|noOp condition=rollup-condition!"),
    "imsss:rollupAction": Shape("", "action=satisfied|notSatisfied|completed|incomplete!"),
    "imsss:objectives": Shape("imsss:primaryObjective imsss:objective*"),
    "imsss:primaryObjective": Shape(
        "imsss:minNormalizedMeasure? imsss:mapInfo*", "satisfiedByMeasure=boolean objectiveID=text"
    ),
    "imsss:objective": Shape(
        "imsss:minNormalizedMeasure? imsss:mapInfo*", "satisfiedByMeasure=boolean objectiveID=text!"
    ),
    "imsss:minNormalizedMeasure": Shape(text="-1..1"),
    "imsss:mapInfo": Shape(
        "",
        "targetObjectiveID=filled! readSatisfiedStatus=boolean readNormalizedMeasure=boolean "
        "writeSatisfiedStatus=boolean writeNormalizedMeasure=boolean",
    ),
    "imsss:randomizationControls": Shape(
        "",
        "randomizationTiming=never|once|onEachNewAttempt selectCount=whole reorderChildren=boolean "
        "selectionTiming=never|once|onEachNewAttempt",
    ),
    "imsss:deliveryControls": Shape("", "tracked=boolean completionSetByContent=boolean objectiveSetByContent=boolean"),
    "adlseq:constrainedChoiceConsiderations": Shape("", "preventActivation=boolean constrainChoice=boolean"),
    "adlseq:rollupConsiderations": Shape(
        "",
        " ".join(
            f"requiredFor{what}=always|ifAttempted|ifNotSkipped|ifNotSuspended"
            for what in ("Satisfied", "NotSatisfied", "Completed", "Incomplete")
        )
        + " measureSatisfactionIfActive=boolean",
    ),
    "adlseq:objectives": Shape("adlseq:objective+"),
    "adlseq:objective": Shape("adlseq:mapInfo+", "objectiveID=filled!"),
    "adlseq:mapInfo": Shape("", f"targetObjectiveID=filled! {READ_WRITE}"),
}

SCORM2004 = {
    **SEQUENCING,
    "manifest": Shape(
        "metadata organizations resources manifest*",
        "identifier=id! version=spm20 xml:base=text",
        more="imsss:sequencingCollection?",
    ),
    "metadata": Shape("schema? schemaversion?", more="adlcp:location*"),
    "manifest/metadata": Shape("schema schemaversion", more="adlcp:location*"),
    "schema": Shape(text="text"),
    "schemaversion": Shape(text="text"),
    "organizations": Shape("organization*", "default=text"),
    "organization": Shape(
        "title? item* metadata?",
        "identifier=id! structure=spm200 adlseq:objectivesGlobalToSystem=boolean "
        "adlcp:sharedDataGlobalToSystem=boolean",
        more="adlcp:completionThreshold? imsss:sequencing?",
    ),
    "item": Shape(
        "title? item* metadata?",
        f"{LAUNCHED} parameters=spm1000".replace("upto", "spm"),
        more="adlcp:timeLimitAction? adlcp:dataFromLMS? adlcp:completionThreshold? adlcp:data? imsss:sequencing? "
        "adlnav:presentation?",
    ),
    "title": Shape(text="spm200"),
    "resources": Shape("resource*", "xml:base=text"),
    "resource": Shape(
        "metadata? file* dependency*",
        "identifier=id! type=spm1000! href=spm2000 xml:base=text adlcp:scormType=sco|asset",
    ),
    "file": Shape("metadata?", "href=spm2000!"),
    "dependency": Shape("", "identifierref=spm2000!"),
    "adlcp:location": Shape(text="spm2000"),
    "adlcp:timeLimitAction": Shape(text="time-limit"),
    "adlcp:dataFromLMS": Shape(text="spm4000"),
    "adlcp:completionThreshold": Shape(
        "", "completedByMeasure=boolean minProgressMeasure=0..1 progressWeight=0..1", "text"
    ),
    "adlcp:data": Shape("adlcp:map+"),
    "adlcp:map": Shape("", "targetID=filled! readSharedData=boolean writeSharedData=boolean"),
    "adlnav:presentation": Shape("adlnav:navigationInterface?"),
    "adlnav:navigationInterface": Shape("adlnav:hideLMSUI*"),
    "adlnav:hideLMSUI": Shape(text="hidden"),
}

CMI5 = {
    "courseStructure": Shape("course objectives? au/block+"),
    "course": Shape("title description", "id=iri!"),
    "block": Shape("title description objectives? au/block+", "id=iri!"),
    "au": Shape(
        "title description objectives? url launchParameters? entitlementKey?",
        "id=iri! moveOn=NotApplicable|Passed|Completed|CompletedAndPassed|CompletedOrPassed masteryScore=four-decimals "
        "launchMethod=AnyWindow|OwnWindow activityType=text",
    ),
    "objectives": Shape("objective+"),
    "objective": Shape("", "id=iri idref=text", more="title? description?"),
    "title": Shape("langstring+"),
    "description": Shape("langstring+"),
    "langstring": Shape("", "lang=language", "text"),
    "url": Shape(text="filled"),
    "launchParameters": Shape(text="text", more=ANYTHING),
    "entitlementKey": Shape(text="text", more=ANYTHING),
}

# Its own schema cannot be had any more, and makers write elements of many names.
TINCAN = {
    "tincan": Shape("activities+", more=ANYTHING),
    "activities": Shape("activity+"),
    "activity": Shape("name+ description* launch/resource*", "id=iri! type=iri!", more=ANYTHING),
    "name": Shape("", "lang=language-or-none xml:lang=language-or-none", "filled"),
    "description": Shape("", "lang=language-or-none xml:lang=language-or-none", "text"),
    "launch": Shape("", "lang=language-or-none xml:lang=language-or-none", "filled"),
    "resource": Shape("", "lang=language-or-none xml:lang=language-or-none", "filled"),
}
