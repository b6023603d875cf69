"""The pretend record store of the preview keeps to xAPI and cmi5, and to its bounds."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from authoring.preview import store as module
from authoring.preview.archive import Unit, elements
from authoring.preview.launch import Learner, launched
from authoring.preview.store import Ask, Store

ORIGIN = "http://127.0.0.1:8000"
AGENT = '{"account": {"name": "7", "homePage": "http://127.0.0.1:8000"}}'
WHERE = {"activityId": "https://x.test/a", "agent": AGENT, "registration": "r", "stateId": "s"}
DONE = {
    "actor": {"mbox": "mailto:a@x.test"},
    "verb": {"id": "https://v.test/done"},
    "object": {"id": "https://x.test/a"},
}


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def call(store):
    """``call(method, path, body, query, headers)`` -> the answer, its body read as JSON where it has one."""
    _, token = store.admit()

    def ask(method, path, body=None, query=None, **headers):
        own = {"authorization": f"Basic {token}", "x-experience-api-version": "1.0.3", **headers}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = store.answer(Ask(method, path, query or {}, {k.replace("_", "-"): v for k, v in own.items()}, data))
        return given.status, json.loads(given.body) if given.body.startswith((b"{", b"[")) else given.body

    return ask


def test_a_token_is_fetched_once(store):
    session, token = store.admit()
    assert json.loads(store.fetch(session).body) == {"auth-token": token}
    assert json.loads(store.fetch(session).body)["error-code"] == "1"
    assert json.loads(store.fetch("another").body)["error-code"] == "1"


def test_without_token_or_version_nothing_is_answered(call):
    assert call("GET", "statements", authorization="Basic nothing")[0] == 401
    assert call("GET", "statements", x_experience_api_version="")[0] == 400
    assert call("GET", "about", authorization="")[1] == {"version": ["1.0.3"]}


def test_statements_are_kept_found_and_not_changed(call):
    status, (id,) = call("POST", "statements", DONE)
    assert status == 200
    assert call("GET", "statements", query={"statementId": id})[1]["verb"] == DONE["verb"]
    assert call("POST", "statements", {**DONE, "id": id})[0] == 200
    assert call("POST", "statements", {**DONE, "id": id, "verb": {"id": "https://v.test/other"}})[0] == 409
    assert call("PUT", "statements", DONE, {"statementId": "another"})[0] == 204
    assert len(call("GET", "statements")[1]["statements"]) == 2
    assert call("GET", "statements", query={"verb": "https://v.test/none"})[1]["statements"] == []
    assert len(call("GET", "statements", query={"limit": "1"})[1]["statements"]) == 1
    assert call("GET", "statements", query={"statementId": "none"})[0] == 404


@pytest.mark.parametrize("body", [b"", b"{", b"3", b"[3]", b"[" * 9000, {"verb": {}}, [{**DONE, "object": "x"}]])
def test_what_is_no_statement_is_refused_and_nothing_of_it_kept(body, call):
    assert call("POST", "statements", body)[0] == 400
    assert call("POST", "statements", [DONE, {}])[0] == 400
    assert call("GET", "statements")[1]["statements"] == []


def test_documents_are_read_merged_and_removed(call):
    assert call("GET", "activities/state", query=WHERE)[0] == 404
    assert call("PUT", "activities/state", b"words", WHERE, content_type="text/plain")[0] == 204
    assert call("GET", "activities/state", query=WHERE) == (200, b"words")
    assert call("PUT", "activities/state", {"a": 1}, WHERE)[0] == 204
    assert call("POST", "activities/state", {"b": 2}, WHERE)[0] == 204
    spaced = {**WHERE, "agent": json.dumps(json.loads(AGENT), indent=1, sort_keys=True)}
    assert call("GET", "activities/state", query=spaced)[1] == {"a": 1, "b": 2}
    scope = {name: value for name, value in WHERE.items() if name != "stateId"}
    assert call("GET", "activities/state", query=scope)[1] == ["s"]
    assert call("GET", "activities/state", query={**scope, "registration": "other"})[1] == []
    assert call("DELETE", "activities/state", query=WHERE)[0] == 204
    assert call("GET", "activities/state", query=WHERE)[0] == 404
    assert call("PUT", "activities/state", {}, scope)[0] == 400
    assert call("GET", "nothing")[0] == 404


def test_a_document_that_somebody_else_changed_is_not_overwritten(call, store):
    where = {"agent": AGENT, "profileId": "p"}
    assert call("PUT", "agents/profile", {"a": 1}, where, if_none_match="*")[0] == 204
    assert call("PUT", "agents/profile", {"a": 2}, where, if_none_match="*")[0] == 412
    assert call("PUT", "agents/profile", {"a": 2}, where, if_match='"another"')[0] == 412
    (document,) = store.documents.values()
    assert call("PUT", "agents/profile", {"a": 2}, where, if_match=document.etag)[0] == 204


def test_nothing_grows_without_end(call, store, monkeypatch):
    for name in ("MOST_STATEMENTS", "MOST_DOCUMENTS", "MOST_TOKENS"):
        monkeypatch.setattr(module, name, 5)
    for number in range(12):
        call("POST", "statements", DONE)
        call("PUT", "activities/state", {}, {**WHERE, "stateId": str(number)})
    assert (len(store.statements), len(store.documents)) == (5, 5)
    assert call("GET", "activities/state", query={**WHERE, "stateId": "11"})[0] == 200
    for _ in range(12):
        store.admit()
    assert (len(store.tokens), len(store.fetches)) == (5, 5)
    assert store.calls.maxlen == module.MOST_CALLS


def test_calls_are_noted_in_order_and_cut(call, store):
    call("PUT", "activities/state", b"x" * 10_000, WHERE)
    call("GET", "nothing")
    first, second = store.since(0)
    assert (first["call"], first["about"], first["registration"], first["answer"]) == (
        "PUT activities/state",
        "s",
        "r",
        "204",
    )
    assert len(first["body"]) == 4000
    assert (second["answer"], "no such resource" in second["error"]) == ("404", True)
    assert store.since(first["number"]) == [second]


LEARNER = Learner("7", "Ann", "", "cy", "review", None)
AU = Unit(
    "https://x.test/au", "T", "index.html?a=b", {"moveOn": "Passed", "masteryScore": "0.8", "launchParameters": "p"}
)


def begun(unit, standard, store, learner=LEARNER):
    launch = launched(unit, standard, learner, ORIGIN, store)
    return launch, dict(parse_qsl(urlsplit(launch.address).query))


def test_a_cmi5_launch_says_what_the_standard_asks_for(store, call):
    launch, query = begun(AU, "cmi5", store)
    assert launch.address.startswith("index.html?a=b&")
    assert {"endpoint", "fetch", "actor", "registration", "activityId", "a"} == set(query)
    assert query["activityId"] != AU.id
    assert json.loads(query["actor"])["account"] == {"homePage": ORIGIN, "name": "7"}
    where = {"activityId": query["activityId"], "agent": query["actor"], "registration": query["registration"]}
    data = call("GET", "activities/state", query={**where, "stateId": "LMS.LaunchData"})[1]
    assert (data["launchMode"], data["moveOn"], data["masteryScore"], data["launchParameters"]) == (
        "Review",
        "Passed",
        0.8,
        "p",
    )
    assert data["contextTemplate"]["contextActivities"]["grouping"] == [{"objectType": "Activity", "id": AU.id}]
    preferences = call("GET", "agents/profile", query={"agent": query["actor"], "profileId": "cmi5LearnerPreferences"})[
        1
    ]
    assert preferences["languagePreference"] == "cy"


def test_a_registration_lasts_and_a_new_attempt_has_another(store):
    first, again = (begun(AU, "cmi5", store)[1] for _ in range(2))
    assert first["registration"] == again["registration"] and first["fetch"] != again["fetch"]
    other = begun(AU, "cmi5", store, LEARNER._replace(attempt="2"))[1]
    assert other["registration"] != first["registration"]


def test_a_tin_can_launch_can_be_used_at_once(store, call):
    held = {"text": "t", "status": "incomplete", "score": 0}
    launch, query = begun(AU._replace(address="go.html"), "xapi", store, LEARNER._replace(held=held))
    assert launch.address.startswith("go.html?")
    assert query["activity_id"] == AU.id and query["auth"].startswith("Basic ")
    where = {
        "activityId": AU.id,
        "agent": query["actor"],
        "registration": query["registration"],
        "stateId": "learner-state",
    }
    assert call("GET", "activities/state", query=where, authorization=query["auth"])[1] == held


def test_a_mark_that_is_no_number_stops_nothing(store):
    assert begun(AU._replace(settings={"masteryScore": "high"}), "cmi5", store)[0].registration


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_manifest_with_a_doctype_is_none_in_whichever_encoding(encoding):
    told = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a><item title="&b;"/></a>'
    assert elements(told.encode(encoding), "item") == []
    bare = f'<?xml version="1.0" encoding="{encoding}"?><a xmlns="x"><item/></a>'
    assert len(elements(bare.encode(encoding), "item")) == 1
