"""Storing statements, one or many, and reading each of them back."""

import json
import uuid

import pytest


def test_one_statement_is_stored_and_comes_back_with_what_the_store_sets(xapi, statement, clock):
    sent = statement()
    assert xapi.post(sent).json == [sent["id"]]
    answer = xapi.get(statementId=sent["id"])
    kept = answer.json
    assert {name: kept[name] for name in sent} == sent
    assert kept["version"] == "1.0.0"
    assert kept["stored"] == "2026-11-02T09:00:00" + kept["stored"][19:]
    assert kept["stored"].endswith("Z")
    assert kept["authority"]["account"]["homePage"] == "http://localhost"
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert answer.headers["Last-Modified"] == "Mon, 02 Nov 2026 09:00:00 GMT"
    assert answer.headers["X-Experience-API-Consistent-Through"] > kept["stored"]


def test_what_is_missing_is_set(xapi, statement):
    number = xapi.post(statement(id=None, timestamp=None)).json[0]
    kept = xapi.get(statementId=number).json
    assert kept["id"] == number == str(uuid.UUID(number))
    assert kept["timestamp"] == kept["stored"]


def test_an_authority_and_stored_time_that_are_sent_are_replaced(xapi, statement):
    sent = statement(authority={"mbox": "mailto:me@example.org"}, stored="2001-01-01T00:00:00Z", version="1.0.2")
    kept = xapi.get(statementId=xapi.post(sent).json[0]).json
    assert "mbox" not in kept["authority"]
    assert kept["stored"].startswith("2026-11-02")
    assert kept["version"] == "1.0.2"


def test_a_batch_is_stored_in_order(xapi, statement):
    batch = [statement() for _ in range(150)]
    assert xapi.post(batch).json == [one["id"] for one in batch]
    assert xapi.ids(limit=3, ascending="true") == [one["id"] for one in batch[:3]]


def test_a_batch_with_one_bad_statement_is_refused_whole(xapi, statement, rows):
    answer = xapi.post([statement(), statement(verb={"id": "nothing"}), statement()])
    assert answer.status_code == 400
    assert answer.json["error"]["statement"] == 1
    assert answer.json["error"]["where"] == "/verb/id"
    assert rows("SELECT count(*) FROM statements") == [(0,)]


def test_an_id_twice_in_one_batch_is_refused(xapi, statement):
    number = str(uuid.uuid4())
    answer = xapi.post([statement(id=number), statement(id=number.upper())])
    assert (answer.status_code, answer.json["error"]["where"]) == (400, "/id")
    assert answer.json["error"]["statement"] == 1


def test_an_identical_statement_is_accepted_again_and_stored_once(xapi, statement, rows):
    sent = statement()
    assert xapi.post(sent).status_code == 200
    assert xapi.post(sent).json == [sent["id"]]
    assert xapi.put(sent["id"], sent).status_code == 204
    assert xapi.post([statement(), sent]).status_code == 200
    assert rows("SELECT count(*) FROM statements") == [(2,)]


def test_a_statement_sent_without_timestamp_is_accepted_again_without_and_with_it(xapi, statement):
    sent = statement(timestamp=None)
    xapi.post(sent)
    assert xapi.post(sent).status_code == 200
    assert xapi.post(xapi.get(statementId=sent["id"]).json).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": "2026-11-02T09:59:00+01:00"},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "finished"}}},
        {
            "object": {
                "objectType": "Activity",
                "id": "https://ktb.vsc.example/knowing-the-business/modules/safeguarding",
            }
        },
        {"actor": {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "1234"}}},
    ],
)
def test_the_same_said_otherwise_is_no_conflict(xapi, statement, changes):
    sent = statement()
    xapi.post(sent)
    assert xapi.post(sent | changes).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": "2026-11-02T08:59:01Z"},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}},
        {"actor": {"account": {"homePage": "https://lms.example", "name": "1235"}}},
        {"object": {"id": "https://ktb.vsc.example/other"}},
        {"result": {"success": True}},
        {"context": {"language": "cy"}},
    ],
)
def test_another_statement_under_the_same_id_is_a_conflict(xapi, statement, rows, changes):
    sent = statement()
    xapi.post(sent)
    answer = xapi.post([statement(), sent | changes])
    assert answer.status_code == 409
    assert answer.json["error"]["statement"] == 1
    assert xapi.get(statementId=sent["id"]).json["verb"] == sent["verb"]
    assert rows("SELECT count(*) FROM statements") == [(1,)]


def test_put_stores_under_the_id_of_the_query(xapi, statement):
    number = str(uuid.uuid4())
    answer = xapi.put(number, statement(id=None))
    assert (answer.status_code, answer.data) == (204, b"")
    assert xapi.get(statementId=number).json["id"] == number


@pytest.mark.parametrize("query", ["", "?statementId=1", f"?statementId={uuid.UUID(int=4, version=4)}&x=1"])
def test_put_needs_a_good_id_and_nothing_else(xapi, statement, query):
    answer = xapi.client.put("/xapi/statements" + query, json=statement(id=None), headers=xapi.headers)
    assert answer.status_code == 400


def test_put_refuses_another_id_in_the_body_and_an_array(xapi, statement):
    assert xapi.put(uuid.uuid4(), statement()).json["error"]["where"] == "/id"
    assert xapi.put(uuid.uuid4(), [statement()]).status_code == 400


def test_letter_case_of_an_id_does_not_matter(xapi, statement):
    sent = statement(id=str(uuid.uuid4()).upper())
    xapi.post(sent)
    assert xapi.get(statementId=sent["id"].lower()).json["id"] == sent["id"]
    assert xapi.post(sent | {"id": sent["id"].lower()}).status_code == 200


def test_a_single_context_activity_comes_back_as_an_array(xapi, statement):
    parent = {"id": "https://ktb.vsc.example/knowing-the-business"}
    sent = statement(context={"contextActivities": {"parent": parent}})
    kept = xapi.get(statementId=xapi.post(sent).json[0]).json
    assert kept["context"]["contextActivities"] == {"parent": [parent]}


def test_welsh_and_large_numbers_survive(xapi, statement):
    extensions = {"https://x.example/e": {"words": "Siân Ŵyn 😀 \u2028", "big": 2**70, "small": 1e-7, "none": None}}
    sent = statement(result={"extensions": extensions})
    xapi.post(json.dumps(sent, ensure_ascii=False).encode())
    assert xapi.get(statementId=sent["id"]).json["result"]["extensions"] == extensions


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": 1e999}', "number"),
        (b'{"a": 1, "a": 1}', "same key twice"),
        (b'[{"id":"x","id":"y"}]', "same key twice"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b'{"a": "Si\xe2n"}', "not JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "JSON"),
        (b"[" * 600 + b"]" * 600, "nested"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number"),
        (b'"a statement"', "statement"),
        (b"null", "statement"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_body_that_is_not_clean_json_is_refused(xapi, body, words):
    answer = xapi.post(body)
    assert answer.status_code == 400
    assert words in answer.json["error"]["what"]


def test_deep_extensions_are_refused_and_not_a_fault(xapi, statement):
    sent = json.dumps(statement(result={"extensions": {"https://x.example/e": "HERE"}}))
    for depth, status in ((50, 200), (300, 400), (5000, 400)):
        body = sent.replace('"HERE"', "[" * depth + "]" * depth).encode()
        assert xapi.post(body).status_code == status


def test_an_empty_array_stores_nothing(xapi):
    assert xapi.post([]).json == []


@pytest.mark.parametrize("kind", ["text/plain", "", "multipart/mixed; boundary=x", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused(xapi, statement, kind):
    assert xapi.post(statement(), **{"Content-Type": kind}).status_code == 400


def test_a_compressed_body_is_refused(xapi, statement):
    assert xapi.post(statement(), **{"Content-Encoding": "gzip"}).status_code == 400


@pytest.mark.parametrize("settings", [{"KTB_MAX_BODY": "2000"}])
def test_a_body_beyond_the_limit_is_refused(xapi, statement):
    assert xapi.post(statement()).status_code == 200
    assert xapi.post([statement() for _ in range(9)]).status_code == 413


def test_links_tell_every_role_apart(xapi, statement, rows):
    agent = {"mbox": "mailto:Sian@Cyngor.example"}
    activity = {"id": "https://ktb.vsc.example/x"}
    xapi.post(
        statement(
            actor={"objectType": "Group", "member": [agent], "mbox": "mailto:g@x.example"},
            context={"instructor": agent, "contextActivities": {"parent": [activity], "other": [activity]}},
            object={"objectType": "SubStatement", "actor": agent, "verb": {"id": "x:y"}, "object": activity},
        )
    )
    actors = "SELECT a.ifi, a.email, l.direct, l.usage FROM statement_actors l JOIN actors a ON a.id = l.actor"
    assert ("mbox|mailto:Sian@Cyngor.example", "sian@cyngor.example", 1, 1 | 8 | 32) in rows(actors)
    assert ("mbox|mailto:g@x.example", "g@x.example", 1, 1) in rows(actors)
    activities = "SELECT i.iri, l.direct, l.usage FROM statement_activities l JOIN iris i ON i.id = l.activity"
    assert rows(activities) == [("https://ktb.vsc.example/x", 0, 4 | 64 | 32)]
