"""Sixteen at once: the same statement, the same document, the same new activity; nobody sees a fault."""

import http.client
import json
import threading

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from lrs import transaction
from lrs.storage import database, group_commit, statements

SIXTEEN = range(16)


@pytest.fixture
def at_once(server, key):
    """``at_once(send)`` -> what ``send(ask, number)`` answered on each of 16 connections, by their numbers.

    ``ask(method, path, body)`` answers the status and the text; all of them set out together.
    """
    server.start()
    headers = key("all") | {"Content-Type": "application/json"}

    def run(send):
        answers, together = {}, threading.Barrier(len(SIXTEEN))

        def one(number):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

            def ask(method, path, body=None, **more):
                connection.request(method, path, body and json.dumps(body), headers | more)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()

            ask("GET", "/xapi/statements?limit=1")  # connected, and known
            together.wait(60)
            answers[number] = send(ask, number)
            connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in SIXTEEN]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answers[number] for number in SIXTEEN]

    return run


def test_one_statement_from_sixteen_is_stored_once(at_once, statement, rows):
    same = statement(object={"id": "x:new"})
    answers = at_once(lambda ask, _number: ask("POST", "/xapi/statements", same))
    assert {status for status, _ in answers} == {200}
    assert rows("SELECT count(*), count(DISTINCT id) FROM statements") == [(1, 1)]


def test_sixteen_statements_under_one_id_leave_the_first_and_tell_the_others(at_once, statement, rows):
    same = statement()
    answers = at_once(lambda ask, number: ask("POST", "/xapi/statements", same | {"result": {"response": str(number)}}))
    assert sorted(status for status, _ in answers) == [200] + [409] * 15
    assert rows("SELECT count(*) FROM statements") == [(1,)]


def test_a_new_activity_and_a_new_actor_from_sixteen_are_made_once(at_once, statement, rows):
    def send(ask, number):
        words = {"name": {"en": f"From {number}"}, "description": {f"x-{number}": "said"}}
        made = statement(object={"id": "x:new", "definition": words}, actor={"mbox": "mailto:new@x.example"})
        return ask("POST", "/xapi/statements", made)

    assert {status for status, _ in at_once(send)} == {200}
    assert rows("SELECT count(*) FROM iris WHERE iri = 'x:new'") == [(1,)]
    assert rows("SELECT count(*) FROM actors WHERE email = 'new@x.example'") == [(1,)]
    assert rows("SELECT count(*) FROM statement_activities WHERE direct = 1") == [(16,)]
    ((definition,),) = rows("SELECT definition FROM activities")
    assert len(json.loads(definition)["description"]) == 16  # what each of them said is kept


def test_a_batch_and_its_reverse_from_sixteen_never_stop_each_other(at_once, statement, rows):
    batch = [
        statement(object={"id": f"x:{number}"}, actor={"mbox": f"mailto:{number}@x.example"}) for number in range(30)
    ]
    answers = at_once(lambda ask, number: ask("POST", "/xapi/statements", batch[:: -1 if number % 2 else 1]))
    assert {status for status, _ in answers} == {200}
    assert rows("SELECT count(*), count(DISTINCT id) FROM statements") == [(30, 30)]


def test_of_sixteen_who_create_one_document_one_succeeds(at_once, rows):
    where = "/xapi/activities/state?stateId=s&activityId=x:y&agent=%7B%22mbox%22:%22mailto:a@x.example%22%7D"
    answers = at_once(lambda ask, number: ask("PUT", where, {"from": number}, **{"If-None-Match": "*"}))
    assert sorted(status for status, _ in answers) == [204] + [412] * 15
    assert rows("SELECT count(*) FROM documents") == [(1,)]


class Deadlock(psycopg.errors.DeadlockDetected):
    """What PostgreSQL says to the one of two whom it lets go."""

    sqlstate = "40P01"


class Serialization(psycopg.errors.SerializationFailure):
    """What PostgreSQL says where two transactions cannot both have been the first."""

    sqlstate = "40001"


@pytest.mark.parametrize("fault", [Deadlock, Serialization])
@pytest.mark.parametrize("place", ["work", "commit"])
def test_a_transaction_that_lost_is_done_again_and_never_shown(xapi, statement, rows, monkeypatch, fault, place):
    module, name = (statements, "insert_together") if place == "work" else (group_commit, "commit")
    real, failures = getattr(module, name), [fault("lost"), fault("lost again")]

    def losing(*arguments):
        if failures:
            raise OperationalError(None, None, failures.pop())
        return real(*arguments)

    monkeypatch.setattr(module, name, losing)
    monkeypatch.setattr(transaction, "PAUSE", 0)
    sent = statement()
    answer = xapi.post(sent)
    assert (answer.status_code, answer.json) == (200, [sent["id"]])
    assert failures == []
    assert rows("SELECT count(*) FROM statements") == [(1,)]


def test_what_loses_every_time_is_told_as_unavailable_and_leaves_nothing(xapi, statement, rows, monkeypatch):
    tries = []

    def losing(_connection):
        tries.append(1)
        raise OperationalError(None, None, Deadlock("lost"))

    with monkeypatch.context() as patched:
        patched.setattr(group_commit, "commit", losing)
        patched.setattr(transaction, "PAUSE", 0)
        answer = xapi.post(statement())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert len(tries) == transaction.TRIES
    assert rows("SELECT count(*) FROM statements") == [(0,)]
    assert xapi.post(statement()).status_code == 200


def test_a_database_that_fails_otherwise_is_asked_once(xapi, statement, monkeypatch):
    tries = []

    def failing(_connection):
        tries.append(1)
        raise database.Unavailable(None, None, OSError("the disk is full"))

    monkeypatch.setattr(group_commit, "commit", failing)
    assert xapi.post(statement()).status_code == 503
    assert len(tries) == 1


def test_a_document_that_lost_is_written_again(xapi, rows, monkeypatch):
    real, failures = transaction.commit, [Deadlock("lost")]

    def losing(connection):
        if failures:
            raise OperationalError(None, None, failures.pop())
        real(connection)

    monkeypatch.setattr(transaction, "commit", losing)
    monkeypatch.setattr(transaction, "PAUSE", 0)
    where = {"activityId": "x:y", "agent": '{"mbox":"mailto:a@b.example"}', "stateId": "s"}
    answer = xapi.client.put("/xapi/activities/state", query_string=where, data=b"1", headers=xapi.headers)
    assert (answer.status_code, failures) == (204, [])
    assert rows("SELECT count(*) FROM documents") == [(1,)]


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_real_deadlock_with_somebody_else_is_survived(xapi, statement, store_url, rows):
    """The other holds the new actor's place and wants what the request holds; PostgreSQL lets one of them go."""
    outcome = []
    with psycopg.connect(store_url) as other:
        other.execute("INSERT INTO actors (ifi) VALUES ('mbox|mailto:new@x.example')")
        sending = threading.Thread(
            target=lambda: outcome.append(xapi.post(statement(actor={"mbox": "mailto:new@x.example"})).status_code)
        )
        sending.start()
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        with psycopg.connect(store_url, autocommit=True) as watching:
            while not watching.execute(waits).fetchall():
                pass
        try:
            other.execute("SELECT pg_advisory_xact_lock(1)")
        except psycopg.errors.DeadlockDetected:
            other.rollback()
        other.commit()
        sending.join()
    assert outcome == [200]
    assert rows("SELECT count(*) FROM actors WHERE ifi = 'mbox|mailto:new@x.example'") == [(1,)]
