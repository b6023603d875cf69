"""What is a statement and what is not, each refusal with the JSON pointer to its cause."""

import copy
import uuid

import pytest

from lrs.rules.errors import InvalidStatement
from lrs.rules.formats import is_duration, is_iri, is_language, is_timestamp, moment
from lrs.rules.statements import checked

AGENT = {"mbox": "mailto:sian@cyngor.example"}
ACCOUNT = {"homePage": "https://lms.example", "name": "Llŷr O'Neill"}
ACTIVITY = {"id": "https://ktb.vsc.example/a"}
GROUP = {"objectType": "Group", "member": [AGENT]}
REFERENCE = {"objectType": "StatementRef", "id": str(uuid.UUID(int=7))}
SUB = {"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "x:y"}, "object": ACTIVITY}
FILE = {"usageType": "x:y", "display": {"cy": "x"}, "contentType": "text/plain; charset=utf-8", "length": 0,
        "sha2": "ab" * 32, "fileUrl": "https://x.example/f"}  # fmt: skip
BASE = {"actor": AGENT, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": ACTIVITY}


def choice(**changes):
    definition = {
        "interactionType": "choice",
        "correctResponsesPattern": ["1[,]2"],
        "choices": [{"id": "1"}, {"id": "2"}],
    }
    return ACTIVITY | {"definition": definition | changes}


def laid(at, value):
    """BASE with a value at a path; a path through what is not there makes objects."""
    whole = copy.deepcopy(BASE)
    *steps, last = at.split(".")
    place = whole
    for step in steps:
        place = place.setdefault(step, {})
    place[last] = value
    return whole


GOOD = [
    ("actor", {"objectType": "Agent", "name": "", "account": ACCOUNT}),
    ("actor", {"mbox_sha1sum": "0123456789abcdefABCDEF012345678901234567"}),
    ("actor", {"openid": "https://id.example/sian"}),
    ("actor", GROUP),
    ("actor", {"objectType": "Group", "account": ACCOUNT}),
    ("verb.display", {"en-GB": "x", "cy": "y", "sgn-BE-FR": "z", "zh-Hant-TW": "w", "x-ours": "v"}),
    ("object", AGENT | {"objectType": "Agent"}),
    ("object", GROUP),
    ("object", REFERENCE),
    ("object", SUB),
    ("object", choice()),
    ("object.definition", {"name": {"cy": "x"}, "type": "x:y", "moreInfo": "x:z", "extensions": {"x:y": None}}),
    ("object.definition", {"interactionType": "matching", "source": [{"id": "a"}], "target": [{"id": "a"}]}),
    ("object.definition", {"interactionType": "likert", "scale": [{"id": "a", "description": {"cy": "x"}}]}),
    ("object.definition", {"interactionType": "numeric", "correctResponsesPattern": ["4[:]5"]}),
    ("result", {"score": {"scaled": -1, "raw": 5, "min": 5, "max": 5.5}, "success": False, "response": ""}),
    ("result.duration", "P1Y2M3DT4H5M6.789S"),
    ("context.registration", str(uuid.UUID(int=1)).upper()),
    ("context", {"team": GROUP, "instructor": GROUP, "platform": "x", "revision": "y"}),
    ("context", {"language": "cy-GB", "statement": REFERENCE}),
    ("context.contextActivities", {"parent": ACTIVITY, "grouping": [], "category": [ACTIVITY], "other": [ACTIVITY]}),
    ("context.extensions", {"https://x.example/e": {"any": [None, {}]}}),
    ("timestamp", "2026-11-02 09:00:00.123456789+01"),
    ("timestamp", "2015-06-30T23:59:60Z"),
    ("authority", {"objectType": "Group", "member": [AGENT, {"account": ACCOUNT}]}),
    ("version", "1.0"),
    ("version", "1.0.17"),
    ("attachments", [FILE]),
    ("attachments", []),
]  # fmt: skip

BAD = [
    ("id", "x", "/id"),
    ("id", None, "/id"),
    ("actor", None, "/actor"),
    ("actor", [AGENT], "/actor"),
    ("actor", {}, "/actor"),
    ("actor", {"name": "Siân"}, "/actor"),
    ("actor", AGENT | {"account": ACCOUNT}, "/actor"),
    ("actor", AGENT | {"member": []}, "/actor/member"),
    ("actor", {"objectType": "agent", **AGENT}, "/actor/objectType"),
    ("actor", {"mbox": "sian@cyngor.example"}, "/actor/mbox"),
    ("actor", {"mbox": "mailto:sian"}, "/actor/mbox"),
    ("actor", {"mbox": 1}, "/actor/mbox"),
    ("actor", {"mbox_sha1sum": "abc"}, "/actor/mbox_sha1sum"),
    ("actor", {"openid": "id.example"}, "/actor/openid"),
    ("actor", AGENT | {"name": 1}, "/actor/name"),
    ("actor", {"account": "x"}, "/actor/account"),
    ("actor", {"account": {"name": "x"}}, "/actor/account/homePage"),
    ("actor", {"account": {"homePage": "x:y"}}, "/actor/account/name"),
    ("actor", {"account": ACCOUNT | {"homePage": "lms"}}, "/actor/account/homePage"),
    ("actor", {"account": ACCOUNT | {"name": ""}}, "/actor/account/name"),
    ("actor", {"account": ACCOUNT | {"name": "a\0b"}}, "/actor/account/name"),
    ("actor", {"account": ACCOUNT | {"id": "x"}}, "/actor/account/id"),
    ("actor", {"objectType": "Group"}, "/actor/member"),
    ("actor", GROUP | AGENT | {"openid": "x:y"}, "/actor"),
    ("actor", GROUP | {"member": AGENT}, "/actor/member"),
    ("actor", GROUP | {"member": [AGENT, GROUP]}, "/actor/member/1/objectType"),
    ("verb", "x:y", "/verb"),
    ("verb", {}, "/verb/id"),
    ("verb.id", "completed", "/verb/id"),
    ("verb.id", "x:" + "y" * 2000, "/verb/id"),
    ("verb.id", "x:" + "ŵ" * 1000, "/verb/id"),
    ("actor", {"account": {"homePage": "x:" + "y" * 1998, "name": "z" * 501}}, "/actor/account/name"),
    ("actor", {"account": {"homePage": "x:y", "name": "𝓏" * 700}}, "/actor/account/name"),
    ("verb.id", "http://x.example/a b", "/verb/id"),
    ("verb.name", "x", "/verb/name"),
    ("verb.display", {"en_GB": "x"}, "/verb/display/en_GB"),
    ("verb.display", {"english language": "x"}, "/verb/display/english language"),
    ("verb.display", {"cy": None}, "/verb/display/cy"),
    ("verb.display", ["x"], "/verb/display"),
    ("object", {}, "/object/id"),
    ("object", {"objectType": "Activity", "id": "a"}, "/object/id"),
    ("object", {"objectType": "Thing", "id": "x:y"}, "/object/objectType"),
    ("object", {"objectType": ["Activity"], "id": "x:y"}, "/object/objectType"),
    ("object", ACTIVITY | {"name": "x"}, "/object/name"),
    ("object", REFERENCE | {"id": "x"}, "/object/id"),
    ("object", {"objectType": "StatementRef"}, "/object/id"),
    ("object", REFERENCE | {"definition": {}}, "/object/definition"),
    ("object", SUB | {"id": str(uuid.UUID(int=1))}, "/object/id"),
    ("object", SUB | {"authority": AGENT}, "/object/authority"),
    ("object", SUB | {"object": SUB}, "/object/object/objectType"),
    ("object", SUB | {"actor": {}}, "/object/actor"),
    ("object", SUB | {"result": {"score": {"scaled": 2}}}, "/object/result/score/scaled"),
    ("object", SUB | {"context": {"language": ""}}, "/object/context/language"),
    ("object.definition", "x", "/object/definition"),
    ("object.definition", {"title": {}}, "/object/definition/title"),
    ("object.definition", {"type": "x"}, "/object/definition/type"),
    ("object.definition", {"moreInfo": 1}, "/object/definition/moreInfo"),
    ("object.definition", {"extensions": {"a/b": 1}}, "/object/definition/extensions/a~1b"),
    ("object.definition", {"correctResponsesPattern": []}, "/object/definition/interactionType"),
    ("object", choice(interactionType="quiz"), "/object/definition/interactionType"),
    ("object", choice(interactionType=[]), "/object/definition/interactionType"),
    ("object", choice(correctResponsesPattern="1"), "/object/definition/correctResponsesPattern"),
    ("object", choice(scale=[]), "/object/definition/scale"),
    ("object", choice(choices={}), "/object/definition/choices"),
    ("object", choice(choices=[{"id": "1"}, {"id": "1"}]), "/object/definition/choices/1/id"),
    ("object", choice(choices=[{}]), "/object/definition/choices/0/id"),
    ("object", choice(choices=[{"id": "1", "x": 1}]), "/object/definition/choices/0/x"),
    ("object", choice(choices=[{"id": "1", "description": "x"}]), "/object/definition/choices/0/description"),
    ("result", [], "/result"),
    ("result", {"grade": 1}, "/result/grade"),
    ("result", {"success": "true"}, "/result/success"),
    ("result", {"completion": None}, "/result/completion"),
    ("result", {"response": 1}, "/result/response"),
    ("result", {"duration": "1h"}, "/result/duration"),
    ("result", {"duration": "PT"}, "/result/duration"),
    ("result", {"duration": "P1Y2W"}, "/result/duration"),
    ("result", {"extensions": {"x": 1}}, "/result/extensions/x"),
    ("result.score", {"scaled": 1.01}, "/result/score/scaled"),
    ("result.score", {"scaled": True}, "/result/score/scaled"),
    ("result.score", {"raw": "5"}, "/result/score/raw"),
    ("result.score", {"raw": 11, "max": 10}, "/result/score/raw"),
    ("result.score", {"raw": -1, "min": 0}, "/result/score/raw"),
    ("result.score", {"min": 10, "max": 10}, "/result/score/min"),
    ("result.score", {"percent": 5}, "/result/score/percent"),
    ("context", None, "/context"),
    ("context", {"registration": "x"}, "/context/registration"),
    ("context", {"session": "x"}, "/context/session"),
    ("context", {"team": AGENT}, "/context/team/objectType"),
    ("context", {"instructor": {}}, "/context/instructor"),
    ("context", {"language": "Cymraeg!"}, "/context/language"),
    ("context", {"platform": 1}, "/context/platform"),
    ("context", {"statement": {"id": REFERENCE["id"]}}, "/context/statement/objectType"),
    ("context", {"extensions": []}, "/context/extensions"),
    ("context.contextActivities", {"parents": []}, "/context/contextActivities/parents"),
    ("context.contextActivities", {"parent": "x:y"}, "/context/contextActivities/parent"),
    ("context.contextActivities", {"parent": [ACTIVITY, {"id": "x"}]}, "/context/contextActivities/parent/1/id"),
    ("context.contextActivities.other", [{"objectType": "Agent"}], "/context/contextActivities/other/0/objectType"),
    ("timestamp", "yesterday", "/timestamp"),
    ("timestamp", "2026-02-30T00:00:00Z", "/timestamp"),
    ("timestamp", "2026-11-02", "/timestamp"),
    ("timestamp", "2026-11-02T09:00:00-00:00", "/timestamp"),
    ("timestamp", "0001-01-01T00:00:00+23:00", "/timestamp"),
    ("timestamp", 1730538000, "/timestamp"),
    ("stored", "x", "/stored"),
    ("authority", {}, "/authority"),
    ("authority", {"objectType": "Group", "member": [AGENT]}, "/authority"),
    ("authority", {"objectType": "Group", **AGENT}, "/authority"),
    ("version", "1.1.0", "/version"),
    ("version", 1.0, "/version"),
    ("attachments", FILE, "/attachments"),
    ("attachments", [FILE, {}], "/attachments/1/usageType"),
    ("attachments", [FILE | {"length": -1}], "/attachments/0/length"),
    ("attachments", [FILE | {"length": 1.5}], "/attachments/0/length"),
    ("attachments", [FILE | {"sha2": "xyz"}], "/attachments/0/sha2"),
    ("attachments", [FILE | {"contentType": "text"}], "/attachments/0/contentType"),
    ("attachments", [FILE | {"fileUrl": "f"}], "/attachments/0/fileUrl"),
    ("extra", 1, "/extra"),
    ("a~b/c", 1, "/a~0b~1c"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "value"), GOOD, ids=lambda value: str(value)[:60])
def test_good_statements_are_accepted(at, value):
    whole = laid(at, value)
    assert checked(whole) == [whole]


@pytest.mark.parametrize(("at", "value", "where"), BAD, ids=lambda value: str(value)[:60])
def test_bad_statements_are_refused_with_the_place(at, value, where):
    with pytest.raises(InvalidStatement) as refused:
        checked(laid(at, value))
    assert refused.value.where == where
    assert refused.value.rule.startswith("Data ")
    assert refused.value.what


@pytest.mark.parametrize("name", ["actor", "verb", "object"])
def test_what_every_statement_has_is_required(name):
    whole = {key: value for key, value in BASE.items() if key != name}
    with pytest.raises(InvalidStatement, match="required") as refused:
        checked(whole)
    assert refused.value.where == f"/{name}"


@pytest.mark.parametrize("name", ["platform", "revision"])
def test_platform_and_revision_are_only_about_activities(name):
    with pytest.raises(InvalidStatement) as refused:
        checked(laid("context", {name: "x"}) | {"object": REFERENCE})
    assert refused.value.where == f"/context/{name}"


def test_a_voiding_statement_names_a_statement():
    with pytest.raises(InvalidStatement) as refused:
        checked(laid("verb.id", "http://adlnet.gov/expapi/verbs/voided"))
    assert refused.value.where == "/object/objectType"


@pytest.mark.parametrize(
    "text", ["PT0S", "P1D", "PT1H30M", "P3W", "PT0.5S", "P1Y", "PT1.5H", "P0.5Y", "P1DT12H", "P2.5W"]
)
def test_durations_of_iso_8601(text):
    assert is_duration(text)


@pytest.mark.parametrize(
    "text", ["P", "PT", "1D", "P1H", "P1DT", "PT1.5H3M", "-PT1S", "P1S", "PT1M1H", "p1d", "PT1S ", ""]
)
def test_what_is_no_duration(text):
    assert not is_duration(text)


@pytest.mark.parametrize(
    "text", ["en", "cy", "en-GB", "zh-Hans-CN", "sl-rozaj-biske", "de-CH-1901", "en-a-bbb-x-a", "i-klingon"]
)
def test_language_tags(text):
    assert is_language(text)


@pytest.mark.parametrize(
    "text", ["", "e", "en_GB", "en-", "-en", "en--GB", "en-GB-", "toolongalanguage", "cy GB", "x" * 200]
)
def test_what_is_no_language_tag(text):
    assert not is_language(text)


@pytest.mark.parametrize(
    "text", ["http://[::1]/", "urn:uuid:1", "tag:x.example,2026:y", "https://x.example/ŵy?a=b#c", "x:y"]
)
def test_absolute_iris(text):
    assert is_iri(text)


@pytest.mark.parametrize(
    "text", ["", "x", "/a", "x:", "1x:y", "x:a b", "x:<y>", "x:a\nb", "//x.example", "x:y\\z", 'x:"']
)
def test_what_is_no_absolute_iri(text):
    assert not is_iri(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-02T10:00:00+01:00", "2026-11-02T09:00:00Z"),
        ("2026-11-02T09:00", "2026-11-02T09:00:00Z"),
        ("2026-11-02t04:00:00-0500", "2026-11-02T09:00:00.000000001z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    ],
)
def test_one_moment_in_two_spellings(text, same):
    assert moment(text) == moment(same)


@pytest.mark.parametrize(
    "text", ["20261102T090000Z", "2026-W45-1T09:00:00Z", "2026-11-02T09:00:00-00", "2026-11-02T9:00:00Z"]
)
def test_what_is_no_timestamp(text):
    assert not is_timestamp(text)


def test_no_pattern_takes_long_over_hostile_text():
    """These would run for minutes if a pattern tried every way to split them."""
    for text in (
        "P" + "1" * 50_000,
        "cy-" + "a1b2c-" * 10_000,
        "mailto:" + "a@" * 10_000,
        "x:" + "%" * 100_000,
        "9" * 50_000,
    ):
        assert not is_duration(text)
        assert not is_language(text)
        assert not is_timestamp(text)
        assert not is_iri(text)
