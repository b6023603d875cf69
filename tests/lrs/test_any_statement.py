"""Statements made up by the hundred: a valid one comes back as it was sent, one with a fault is refused where it is."""

import copy
import json
import os
import string
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.rules.errors import InvalidStatement
from lrs.rules.statements import checked
from lrs.rules.versions import XAPI_1, XAPI_2

CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
TESTS = 3  # that share the cases

words = st.text(max_size=12)
named = st.text(min_size=1, max_size=12).filter(lambda text: "\x00" not in text)
iris = st.builds(
    "{}:{}".format,
    st.sampled_from(["https", "urn", "x", "tag"]),
    st.text(string.ascii_letters + string.digits + "-._~/?#[]@!$&'()*+,;=%ŵŷ😀", min_size=1, max_size=12),
)
uuids = st.uuids().map(str) | st.uuids().map(lambda number: str(number).upper())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
extensions = st.dictionaries(iris, anything, max_size=2)
maps = st.dictionaries(st.sampled_from(["en", "cy", "en-GB", "zh-Hant-TW", "x-ours"]), words, max_size=3)
times = st.sampled_from(["2026-11-02T09:00:00Z", "2026-02-28T23:59:59.123456789+14:00", "1999-12-31 00:00:00-11:30"])


def objects(needed, **optional):
    """Objects with all of the properties needed and any of the optional ones."""
    return st.fixed_dictionaries(needed, optional=optional)


IDENTIFIED = [
    {"mbox": st.sampled_from(["mailto:sian@cyngor.example", "mailto:ŵ@x.example"])},
    {"mbox_sha1sum": st.sampled_from(["ab" * 20, "0123456789ABCDEF0123456789abcdef01234567"])},
    {"openid": iris},
    {"account": objects({"homePage": iris, "name": named})},
]
agents = st.one_of(*(objects(one, name=words, objectType=st.just("Agent")) for one in IDENTIFIED))
group = {"objectType": st.just("Group")}
groups = objects({**group, "member": st.lists(agents, max_size=2)}, name=words) | st.one_of(
    *(objects({**group, **one}, name=words, member=st.lists(agents, max_size=2)) for one in IDENTIFIED)
)
actors = agents | groups
components = st.lists(objects({"id": words}, description=maps), max_size=3, unique_by=lambda one: one["id"])
described = {"name": maps, "description": maps, "type": iris, "moreInfo": iris, "extensions": extensions}
answered = {"correctResponsesPattern": st.lists(words, max_size=2)}
definitions = objects({}, **described) | st.one_of(
    *(
        objects({"interactionType": st.just(kind)}, **described, **answered, **dict.fromkeys(lists, components))
        for kind, lists in {"choice": ["choices"], "likert": ["scale"], "matching": ["source", "target"],
                            "performance": ["steps"], "numeric": [], "long-fill-in": []}.items()
    )
)  # fmt: skip
activities = objects({"id": iris}, objectType=st.just("Activity"), definition=definitions)
references = objects({"objectType": st.just("StatementRef"), "id": uuids})
results = objects(
    {},
    score=objects({}, scaled=st.floats(-1, 1), raw=st.integers(0, 10), min=st.just(-1), max=st.just(10.5)),
    success=st.booleans(),
    completion=st.booleans(),
    response=words,
    duration=st.sampled_from(["PT0S", "P1Y2M3DT4H5M6.789S", "P3W", "PT1.5H"]),
    extensions=extensions,
)
contexts = objects(
    {},
    registration=uuids,
    instructor=actors,
    team=groups,
    contextActivities=objects(
        {}, **dict.fromkeys(("parent", "grouping", "category", "other"), st.lists(activities, max_size=2))
    ),
    language=st.sampled_from(["cy", "en-GB"]),
    statement=references,
    extensions=extensions,
)
concerned = st.lists(
    objects(
        {"objectType": st.just("contextAgent"), "agent": agents}, relevantTypes=st.lists(iris, min_size=1, max_size=2)
    ),
    max_size=2,
)
files = objects(
    {"usageType": iris, "display": maps, "contentType": st.sampled_from(["text/plain", "a/b; c=d"]), "fileUrl": iris,
     "length": st.integers(0, 2**60), "sha2": st.sampled_from(["ab" * 32, "AB" * 64])},
    description=maps,
)  # fmt: skip
verbs = objects({"id": iris}, display=maps)
more = {"result": results, "context": contexts, "timestamp": times, "attachments": st.lists(files, max_size=2)}
inner = objects(
    {
        "objectType": st.just("SubStatement"),
        "actor": actors,
        "verb": verbs,
        "object": activities | references | agents.map(lambda one: one | {"objectType": "Agent"}),
    },
    **more,
)
things = activities | groups | agents.map(lambda one: one | {"objectType": "Agent"}) | references | inner
statements = objects({"actor": actors, "verb": verbs, "object": things}, **more, version=st.just("1.0.2"))
statements_2 = st.builds(
    lambda whole, agents: whole | {"context": {**whole.get("context", {}), "contextAgents": agents}},
    statements,
    concerned,
)

SET = ("id", "stored", "authority", "version", "timestamp")
SENDERS_OWN = ("extensions",)  # whatever is below is not for the store to judge
MAPS = ("display", "description", "name")


@pytest.mark.fuzz
@settings(max_examples=CASES // TESTS or 20, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(statements_2, min_size=1, max_size=4))
def test_a_valid_statement_comes_back_as_it_was_sent(xapi, xapi_as, sent):
    speaking = xapi_as({**xapi.headers, "X-Experience-API-Version": "2.0.0"})
    answer = speaking.post([one | {"id": str(uuid.uuid4())} for one in sent])
    assert answer.status_code == 200, answer.text
    for number, one in zip(answer.json, sent, strict=True):
        kept = speaking.get(statementId=number).json
        assert without(kept, SET) == without(one, SET)
        assert kept.get("timestamp", kept["stored"]) == one.get("timestamp", kept["stored"])
        assert speaking.post([kept]).json == [number]  # what the store gives out, it takes again
        for form in ("ids", "canonical"):
            assert speaking.get(statementId=number, format=form).json["actor"].keys() <= kept["actor"].keys()


@pytest.mark.fuzz
@settings(max_examples=CASES // TESTS or 25, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole=statements)
def test_one_fault_is_refused_where_it_is(whole):
    text = json.dumps(whole)
    assert checked(json.loads(text)) == [whole]
    for path, value in places(whole):
        assert refused(faulty(whole, path, None)) in (pointer(path), pointer(path[:-1])), path
        if (
            isinstance(value, dict)
            and path[-1:] != ("contextActivities",)
            and path[-1:] not in [(one,) for one in MAPS]
        ):
            assert refused(faulty(whole, (*path, "stranger"), 1)) == pointer((*path, "stranger"))
    assert json.dumps(whole) == text


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(whole=statements_2)
def test_what_is_of_2_0_alone_is_a_fault_in_1_0_3(whole):
    assert checked(copy.deepcopy(whole), XAPI_2) == [whole]
    assert refused(copy.deepcopy(whole)) == "/context/contextAgents"


def places(value, path=()):
    """Each place below a statement that is for the store to judge, with what is there."""
    if path:
        yield path, value
    if path[-1:] and path[-1] in SENDERS_OWN:
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in pairs:
        yield from places(one, (*path, name))


def faulty(whole, path, value):
    """The statement with another value at one place."""
    changed = copy.deepcopy(whole)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def pointer(path):
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def refused(statement):
    with pytest.raises(InvalidStatement) as error:
        checked(statement, XAPI_1)
    return error.value.where


def without(statement, names):
    return {name: value for name, value in statement.items() if name not in names}
