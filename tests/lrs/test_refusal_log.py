"""The last refusals of each key: kept for the operator, so many and no more, and without a word of what was sent."""

import json

import pytest
from click.testing import CliRunner

from lrs import refusal_log
from lrs.cli import main
from lrs.storage import refusals
from lrs.storage.database import reading
from lrs.xapi import documents, parameters

SECRET = "sian"  # stands in everything that is sent and must stand in nothing that is kept


@pytest.fixture
def moments(monkeypatch):
    """What the log takes for the time, in a list of one."""
    now = [100.0]
    monkeypatch.setattr(refusal_log, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def kept(engine):
    """``kept(key)`` -> what the store has kept of a key's refusals."""

    def found(key):
        with reading(engine) as connection:
            return refusals.last_of(connection, key)

    return found


def name_of(headers):
    import base64

    return base64.b64decode(headers["Authorization"][6:]).decode().partition(":")[0]


def test_a_refusal_is_kept_once_its_answer_is_sent(xapi, kept, moments, statement):
    answer = xapi.post([statement(), statement(actor={"mbox": 4})])
    assert kept(name_of(xapi.headers)) == []
    answer.close()
    (told,) = kept(name_of(xapi.headers))
    assert (told.status, told.method, told.route) == (400, "POST", "/xapi/statements")
    assert (told.pointer, told.found, told.rule, told.statement) == ("/actor/mbox", "number", "Data 2.4.2.3", 1)
    assert told.what == "mbox must be a string"


def test_a_storm_of_refusals_is_written_at_most_once_a_second(xapi, kept, moments):
    name = name_of(xapi.headers)
    for _ in range(5):
        xapi.post(b"{").close()
    assert len(kept(name)) == 1
    xapi.get().close()
    assert len(kept(name)) == 1
    moments[0] += 1
    xapi.get().close()  # a good request finds them due, and is answered before they are written
    assert len(kept(name)) == 5


def test_no_more_than_fifty_of_a_key_are_kept_and_those_are_the_newest(xapi, key, xapi_as, kept, moments):
    other = xapi_as(key("all"))
    other.post(b"{").close()
    for number in range(refusals.MOST + 5):
        moments[0] += 1
        xapi.get("/xapi/activities", **{"activityId": "no iri"} if number % 2 else {}).close()
    told = kept(name_of(xapi.headers))
    assert len(told) == refusals.MOST
    assert told[0].at > told[-1].at
    assert len(kept(name_of(other.headers))) == 1


def test_whoever_has_no_key_leaves_no_trace(client, rows, moments):
    client.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"}).close()
    client.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"}, auth=(SECRET, "x")).close()
    assert rows("SELECT count(*) FROM refusals") == [(0,)]


def test_nothing_that_was_sent_is_kept(xapi, statement, rows, moments):
    stored = statement()
    xapi.post(stored)
    sent = [
        {SECRET: 1},
        {"actor": {"mbox": SECRET}},
        {"actor": {"mbox": "mailto:a@b.example", SECRET + "/~x": 1}},
        {"object": {"id": "x:y", "definition": {"name": {SECRET + "-sian-sian": "x"}}}},
        {"object": {"id": "x:y", "definition": {"extensions": {SECRET: 1}}}},
        {"verb": {"id": SECRET}},
    ]
    answers = [xapi.post(statement(**changes)) for changes in sent]
    answers.append(xapi.post(stored | {"result": {"response": SECRET}}))
    answers += [
        xapi.get(**{SECRET: "x"}),
        xapi.get(agent=json.dumps({SECRET: 1})),
        xapi.get(agent=json.dumps({"mbox": "mailto:a@b.example", SECRET: 1})),
        xapi.get(verb=SECRET),
        xapi.get(f"/xapi/{SECRET}"),
        xapi.get(f"/xapi/activities/state?activityId={SECRET}&agent={SECRET}&stateId={SECRET}"),
    ]
    for answer in answers:
        assert answer.status_code in (400, 404, 409), answer.request.url
        moments[0] += 1
        answer.close()
    told = rows("SELECT * FROM refusals")
    assert len(told) == len(answers) - 1  # where there is nothing, no key is asked for
    assert SECRET not in str(told)
    assert stored["id"] not in str(told)


def test_no_name_of_a_parameter_is_hidden():
    named = {*parameters.FILTERS, *parameters.IDS, *parameters.SHAPE}
    for resource in documents.RESOURCES:
        named |= {*resource.about, *resource.optional, resource.name}
    assert named <= refusal_log.NAMES


def test_the_command_tells_the_keys_and_what_each_was_refused(xapi, statement, moments, store_url):
    xapi.post([statement(), statement(verb={"id": 7})]).close()
    name = name_of(xapi.headers)

    def said(*arguments):
        return CliRunner().invoke(main, ["key", "refusals", *arguments], env={"KTB_DATABASE_URL": store_url}).output

    assert said() == f"2026-11-02 09:00:00  {name}  1  Test\n"
    assert said(name) == (
        "2026-11-02 09:00:00  400 POST /xapi/statements\n"
        "    id must be an absolute IRI of at most 2,000 bytes at /verb/id in statement 1; "
        "there is: number [Data 2.4.3]\n"
    )
    assert said("nobody") == ""
