"""Each format says of each course what its standard asks: what is launched, what completes it, which mark passes."""

import re
from dataclasses import replace

import pytest
from lxml import etree

from authoring.course import Authority, Text
from authoring.load import load
from authoring.packages import PACKAGES
from authoring.packages.base import bilingual

SCORM = ("scorm12", "scorm2004-3", "scorm2004-4")
MANIFEST = {**dict.fromkeys(SCORM, "imsmanifest.xml"), "cmi5": "cmi5.xml", "xapi": "tincan.xml"}
CONTROL = re.compile(r"imsmanifest\.xml|cmi5\.xml|tincan\.xml|.*\.xsd")
CARDIFF = Authority("W06000015", "cardiff", Text("Cardiff", "Caerdydd"), Text("Cardiff Council", "Cyngor Caerdydd"))
XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


@pytest.fixture
def course(whole):
    """``course(sco=…, marks=…, authority=…)`` -> the tiny course; ``marks`` has a pass mark or None for each module."""

    def made(sco="course", marks=(None, None), authority=None):
        read = load(whole)
        rules = {None: "answered"}
        modules = tuple(
            replace(module, pass_mark=mark, complete_when=rules.get(mark, "passed"))
            for module, mark in zip(read.modules, marks, strict=True)
        )
        return replace(read, modules=modules, sco_per=sco, authority=authority)

    return made


def manifest(name, made):
    return etree.fromstring(PACKAGES[name](made).files()[MANIFEST[name]])


def texts(root, path):
    return [element.text for element in root.iterfind(path)]


@pytest.mark.parametrize("name", SCORM)
@pytest.mark.parametrize("sco", ["course", "module"])
@pytest.mark.parametrize("marks", [(None, None), (None, 80), (70, 80)])
@pytest.mark.parametrize("authority", [None, CARDIFF])
def test_a_manifest_declares_each_file_once_and_keeps_each_reference(name, sco, marks, authority, course):
    files = PACKAGES[name](course(sco, marks, authority)).files()
    root = etree.fromstring(files["imsmanifest.xml"])
    declared = [file.get("href") for file in root.iterfind(".//{*}file")]
    assert sorted(declared) == sorted(file for file in files if not CONTROL.fullmatch(file))
    resources = {one.get("identifier"): one for one in root.iterfind(".//{*}resource")}
    scos = [resources[item.get("identifierref")] for item in root.iterfind(".//{*}item")]
    assert [one.get("href") for one in scos] == (["index.html"] if sco == "course" else ["first.html", "second.html"])
    assert all(one.get("href") in [file.get("href") for file in one] for one in scos)
    assert all(one.get("identifierref") in resources for one in root.iterfind(".//{*}dependency"))
    assert root[1].get("default") == root[1][0].get("identifier")
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(set(identifiers)) == len(identifiers)
    location = root.get(XSI).split()
    assert set(location[1::2]) <= set(files)
    used = {etree.QName(one).namespace for one in root.iter()}
    assert used - set(location[::2]) == set() and len(location) == 2 * len(set(location[::2]))


@pytest.mark.parametrize("name", SCORM)
def test_control_documents_import_only_what_lies_beside_them(name, course):
    files = PACKAGES[name](course()).files()
    for file in [file for file in files if file.endswith(".xsd")]:
        for one in etree.fromstring(files[file]).iterfind("{*}import"):
            assert one.get("schemaLocation") in files


def test_no_score_fails_a_learner_in_scorm_12_and_no_rule_locks_anything_in_2004(course):
    for marks in [(None, None), (70, 80)]:
        assert b"masteryscore" not in PACKAGES["scorm12"](course("module", marks)).files()["imsmanifest.xml"]
        for name in SCORM[1:]:
            root = manifest(name, course("module", marks))
            organization = root.find(".//{*}organization/{*}sequencing/{*}controlMode")
            assert (organization.get("choice"), organization.get("flow")) == ("true", "true")
            for element in ("sequencingRules", "limitConditions", "randomizationControls", "mapInfo"):
                assert root.findall(f".//{{*}}{element}") == []
            rules = root.findall(".//{*}organization/{*}sequencing/{*}rollupRules/{*}rollupRule")
            said = {(rule.get("childActivitySet"), rule[1].get("action")) for rule in rules}
            assert said == {("any", "incomplete"), ("all", "completed")}


@pytest.mark.parametrize("name", SCORM[1:])
@pytest.mark.parametrize(
    ("sco", "marks", "measures", "rolled"),
    [
        ("course", (None, None), [None], ["false"]),
        ("course", (None, 80), [None], ["true"]),
        ("course", (70, 80), [None], ["true"]),
        ("module", (None, None), [None, None], ["false", "false"]),
        ("module", (None, 80), [None, "0.80"], ["false", "true"]),
        ("module", (7, 100), ["0.07", "1.00"], ["true", "true"]),
    ],
)
def test_a_measure_decides_only_where_one_mark_belongs_to_the_whole_score(name, sco, marks, measures, rolled, course):
    root = manifest(name, course(sco, marks))
    objectives = root.findall(".//{*}item/{*}sequencing/{*}objectives/{*}primaryObjective")
    assert [one.findtext("{*}minNormalizedMeasure") for one in objectives] == measures
    assert [one.get("satisfiedByMeasure") for one in objectives] == [str(one is not None).lower() for one in measures]
    rollup = root.findall(".//{*}item/{*}sequencing/{*}rollupRules")
    assert [one.get("rollupObjectiveSatisfied") for one in rollup] == rolled
    delivery = root.findall(".//{*}deliveryControls")
    assert {(one.get("completionSetByContent"), one.get("objectiveSetByContent")) for one in delivery} == {
        ("true", "true")
    }


def test_the_editions_differ_by_their_name_alone(course):
    third, fourth = (PACKAGES[name](course()).files()["imsmanifest.xml"] for name in SCORM[1:])
    assert third.replace(b"2004 3rd Edition", b"2004 4th Edition") == fourth


def test_cmi5_has_one_unit_for_the_course_by_the_id_of_the_course(course):
    root = manifest("cmi5", course(marks=(None, 80)))
    (unit,) = root.findall(".//{*}au")
    assert (unit.get("id"), unit.findtext("{*}url")) == ("https://learn.test/whole", "index.html")
    assert (unit.get("moveOn"), unit.get("masteryScore")) == ("CompletedAndPassed", None)
    assert root.find("{*}course").get("id") != unit.get("id")
    assert texts(unit, "{*}title/{*}langstring") == ["Tea & <biscuits>", "Te a <bisgedi>"]
    assert [one.get("lang") for one in unit.find("{*}title")] == ["en-GB", "cy"]


def test_cmi5_has_a_unit_for_each_module_in_a_block_by_the_ids_of_the_modules(course):
    root = manifest("cmi5", course("module", (None, 80)))
    units = root.findall("{*}block/{*}au")
    assert [(one.get("id"), one.findtext("{*}url"), one.get("moveOn"), one.get("masteryScore")) for one in units] == [
        ("https://learn.test/whole/modules/first", "first.html", "Completed", None),
        ("https://learn.test/whole/modules/second", "second.html", "CompletedAndPassed", "0.80"),
    ]
    assert root.find("{*}course").get("id") == "https://learn.test/whole"
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("sco", ["course", "module"])
def test_tin_can_launches_the_course_alone_and_names_its_modules(sco, course):
    activities = manifest("xapi", course(sco)).findall(".//{*}activity")
    assert [(one.get("id"), one.findtext("{*}launch")) for one in activities] == [
        ("https://learn.test/whole", "index.html"),
        ("https://learn.test/whole/modules/first", None),
        ("https://learn.test/whole/modules/second", None),
    ]


@pytest.mark.parametrize("name", ["scorm12", "scorm2004-3", "scorm2004-4", "cmi5"])
def test_a_module_launched_by_itself_knows_of_no_other(name, course):
    files = PACKAGES[name](course("module")).files()
    assert "index.html" not in files
    for own, other in (("first", "second"), ("second", "first")):
        page = etree.fromstring(files[f"{own}.html"], etree.HTMLParser())
        outline = page.findtext(".//script[@id='x-outline']")
        assert f'"document":"{own}.html"' in outline and f'"document":"{other}.html"' not in outline
        assert f'"id":"whole.{own}"' in outline
        assert page.xpath("//nav//a/@href[contains(., '.html')]") == [f"{own}.html"]
    assert files["player.js"] == PACKAGES[name](course("course")).files()["player.js"]


@pytest.mark.parametrize("name", ["xapi", "web"])
def test_what_cannot_be_launched_by_modules_has_the_course(name, course):
    assert "index.html" in PACKAGES[name](course("module")).files()


def test_what_is_launched_with_a_store_is_told_of_no_other(course):
    made = replace(course(), record_store="https://store.test")
    for name in PACKAGES:
        files = PACKAGES[name](made).files()
        named = b"https://store.test" in files["index.html"] and b"https://store.test" in files["course.json"]
        assert named is (name not in ("cmi5", "xapi"))
        assert (b"connect-src &#39;self&#39; https: http:;" in files["index.html"]) is (name in ("cmi5", "xapi"))


def test_a_title_that_two_languages_make_too_long_is_in_one():
    assert bilingual(Text("a" * 150, "b" * 150)) == "a" * 150
    assert bilingual(Text("a" * 201, "a" * 201)) == "a" * 200


AGAIN = (
    "In the LMS, let a learner come back to the same attempt as often as they like; a new attempt begins at nothing."
)
SAID = {
    ("scorm12", "course", (None, None)): (
        "An LMS will show completed when, in all 2 modules, every page has been seen and every question answered.",
        "It will never show passed or failed: no module has a pass mark.",
        AGAIN,
    ),
    ("scorm12", "module", (80, 80)): (
        "An LMS will show completed when, for each module on its own, every page has been seen, every question "
        "answered and 80 per cent of the points reached.",
        "The course is complete when each of its modules is.",
        "It will show passed together with completed, when the pass mark is reached; and failed while everything has "
        "been seen and answered and the pass mark is still missed. Answers can be changed, the best result counts, and "
        "passed stays passed.",
        "SCORM 1.2 has one status, in which passed stands in the place of completed: let the LMS take either as "
        "complete. Leave its own mastery score unset: it would fail learners who stop half-way.",
        AGAIN,
    ),
    ("scorm2004-4", "module", (None, 80)): (
        "An LMS will show completed when this is so, for each module on its own:\n"
        "  first: every page has been seen and every question answered\n"
        "  second: every page has been seen, every question answered and 80 per cent of the points reached",
        "The course is complete when each of its modules is.",
        "It will show passed together with completed, when the pass mark is reached; and failed while everything has "
        "been seen and answered and the pass mark is still missed. Answers can be changed, the best result counts, and "
        "passed stays passed.",
        "Completed and passed are two columns here. The LMS knows the pass mark and judges the score by it too; leave "
        "its own passing score unset.",
        "The modules can be taken in any order, from the menu of the LMS.",
        AGAIN,
    ),
    ("cmi5", "module", (None, None)): (
        "An LMS will show completed when, for each module on its own, every page has been seen and every question "
        "answered.",
        "The course is satisfied when each of its modules is.",
        "It will never show passed or failed: no module has a pass mark.",
        "To the LMS that is moveOn Completed.",
        "An LMS administrator sets nothing; its record store must answer requests from the course's address.",
    ),
    ("xapi", "module", (None, None)): (
        "An LMS will show completed when, in all 2 modules, every page has been seen and every question answered.",
        "It will never show passed or failed: no module has a pass mark.",
        "It learns so from statements about https://learn.test/whole; in the LMS, let completed count.",
        "One Tin Can package has one launch: course.yml asks for one a module, and this format has the course.",
    ),
    ("web", "course", (None, None)): ("No LMS is told anything: the learner's place stays in the browser.",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "sco", "marks"), SAID)
def test_completion_is_explained_in_plain_words(name, sco, marks, course):
    assert PACKAGES[name](course(sco, marks)).explained() == list(SAID[name, sco, marks])


def test_every_format_explains_itself(course):
    for name, package in PACKAGES.items():
        said = package(course("module", (70, 80))).explained()
        assert said and all(words.endswith((".", "reached")) for words in said), name
