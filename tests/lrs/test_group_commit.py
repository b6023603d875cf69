"""Requests that wait for the store's lock together share a transaction, and each is answered as if it were alone."""

import json
import threading
import time
import uuid
from collections import Counter

import pytest

from lrs.rules.errors import StatementConflict, TooMany
from lrs.storage import activities, database, group_commit
from lrs.storage.statements import Sender, Submission
from tests.lrs.conftest import COURSE, VERBS

AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://store.example", "name": "one"}}
SENDER = Sender(AUTHORITY, "Test", "confirmed")


@pytest.fixture
def group(app):
    return app.extensions["group_commit"]


@pytest.fixture
def at_once(engine, group):
    """``at_once(*calls)`` -> what each gave or raised, when all have waited for the lock together, in order.

    Whoever keeps the lock until then does ``meanwhile``, in SQL.
    """

    def run(*calls, meanwhile="SELECT 1"):
        outcomes = {}

        def one(number, call):
            try:
                outcomes[number] = call()
            except BaseException as error:
                outcomes[number] = error
            kept = database._rested(engine)  # what the thread keeps, and cannot give back when it is no more
            if kept is not None:
                kept.close()

        threads = []
        with database.writing(engine) as connection:
            for number, call in enumerate(calls):
                threads.append(threading.Thread(target=one, args=(number, call), daemon=True))
                threads[-1].start()
                while len(group._waiting) == number:
                    time.sleep(0.001)
            connection.exec_driver_sql(meanwhile)
        for thread in threads:
            thread.join(20)
        assert len(outcomes) == len(calls)  # nobody waits for ever
        return [outcomes[number] for number in range(len(calls))]

    return run


@pytest.fixture
def send(group, statement):
    """``send(*statements, first=…)`` -> a call that submits these statements, one of its own where none is given."""

    def made(*statements, contents=None, first=None):
        submission = Submission(statements or [statement()], SENDER, contents or {})
        return lambda: group.store(submission, first)

    return made


STORED = "SELECT stored, payload FROM statements"


def moments(rows):
    """How many transactions stored what is there: the clock tells no moment twice."""
    return len({stored for stored, _ in rows(STORED)})


def test_those_that_wait_share_a_transaction_and_each_gets_its_own_ids(app, key, rows, at_once, statement):
    single, batch, other = statement(), [statement(), statement(id=None)], statement()
    headers = [key("all", label="First"), key("all", label="Second", trusted=True), key("statements/write")]

    def post(sent, number):
        return lambda: app.test_client().post("/xapi/statements", json=sent, headers=headers[number])

    told = at_once(post(single, 0), post(batch, 1), post(other, 2))
    assert [one.status_code for one in told] == [200] * 3
    assert told[0].json == [single["id"]] and told[2].json == [other["id"]]
    assert told[1].json[0] == batch[0]["id"] and uuid.UUID(told[1].json[1])
    assert moments(rows) == 1 and len(rows(STORED)) == 4


def test_each_keeps_its_authority_its_grade_and_whether_it_may_define(app, key, course, rows, at_once, statement):
    trusted, poor = key("all", label="First", trusted=True), key("statements/write", label="Second")

    def post(sent, headers):
        return lambda: app.test_client().post("/xapi/statements", json=sent, headers=headers)

    defined = {"id": COURSE + "/modules/safeguarding", "definition": {"name": {"en": "Known"}}}
    other = {"id": COURSE, "definition": {"name": {"en": "Not to be known"}}}
    at_once(post(statement(object=defined), trusted), post(statement(object=other), poor))
    assert moments(rows) == 1
    assert rows("SELECT module, grade, source FROM evidence ORDER BY source") == [
        ("safeguarding", "verified", "First"),
        (None, "confirmed", "Second"),
    ]
    assert [definition for (definition,) in rows("SELECT definition FROM activities")] == ['{"name":{"en":"Known"}}']
    assert len({json.loads(payload)["authority"]["account"]["name"] for _, payload in rows(STORED)}) == 2


def test_one_that_is_refused_is_told_why_and_the_others_are_stored(rows, at_once, send, statement):
    there = statement()
    send(there)()
    wrong = there | {"result": {"response": "other"}}
    first, refused, last = at_once(send(), send(statement(), wrong), send())
    assert isinstance(refused, StatementConflict)
    assert (refused.where, refused.statement) == ("/id", 1)  # the second of its own two, not the third of all
    assert len(first) == len(last) == 1
    assert len(rows(STORED)) == 3


def test_what_must_succeed_first_is_refused_alone(rows, at_once, send):
    def too_many(_connection, _now):
        raise TooMany("Too many")

    def broken(_connection, _now):
        raise ZeroDivisionError

    told = at_once(send(), send(first=too_many), send(first=broken))
    assert [type(one) for one in told] == [list, TooMany, ZeroDivisionError]
    assert len(rows(STORED)) == 1


def test_the_same_id_twice_is_judged_by_what_is_stored(rows, at_once, send, statement):
    same = statement()
    first, replayed, changed = at_once(send(same), send(dict(same)), send(same | {"result": {"success": True}}))
    assert first == replayed == [same["id"]]
    assert isinstance(changed, StatementConflict)
    assert len(rows(STORED)) == 1


def test_a_shared_transaction_has_room_for_so_many_and_one_that_is_larger_is_alone(
    rows, at_once, send, statement, monkeypatch
):
    monkeypatch.setattr(group_commit, "MOST", 3)
    sizes = [2, 1, 1, 4, 1]
    told = at_once(*(send(*[statement() for _ in range(size)]) for size in sizes))
    assert [len(one) for one in told] == sizes
    together = Counter(stored for stored, _ in rows(STORED))
    assert [together[stored] for stored in sorted(together)] == [3, 1, 4, 1]


def test_an_attachment_goes_with_the_submission_that_brought_it(rows, at_once, send, statement):
    spoken = {
        "usageType": "https://x.example/u", "display": {"en": "Note"}, "contentType": "text/plain", "length": 4,
        "sha2": "ab" * 32, "fileUrl": "https://x.example/f",
    }  # fmt: skip
    elsewhere = spoken | {"sha2": "cd" * 32}
    brought, named = statement(attachments=[spoken, elsewhere]), statement(attachments=[spoken])
    at_once(send(brought, contents={"ab" * 32: memoryview(b"data")}), send(named))
    assert moments(rows) == 1
    question = "SELECT s.id, a.sha2 FROM statement_attachments a JOIN statements s ON s.seq = a.seq"
    assert rows(question) == [(brought["id"], "ab" * 32)]


def test_a_definition_that_grows_too_long_takes_no_other_with_it(rows, at_once, group, statement):
    defining = Sender(AUTHORITY, "Test", "confirmed", True)

    def call(words):
        about = {"id": "x:y", "definition": {"name": {"en": words}}}
        return lambda: group.store(Submission([statement(object=about)], defining, {}), None)

    at_once(call("Short"), call("b" * activities.LONGEST))
    assert moments(rows) == 1
    assert rows("SELECT definition FROM activities") == [('{"name":{"en":"Short"}}',)]


def test_an_answer_that_is_voided_before_it_comes_is_not_counted(rows, at_once, send, course, statement):
    about = {"id": f"{COURSE}/modules/safeguarding/questions/doors"}
    answer = statement(verb={"id": VERBS + "answered"}, object=about, result={"response": "a", "success": True})
    voiding = statement(verb={"id": VERBS + "voided"}, object={"objectType": "StatementRef", "id": answer["id"]})
    at_once(send(voiding), send(answer))
    assert moments(rows) == 1
    assert rows("SELECT voided FROM statements ORDER BY seq") == [(False,), (True,)]
    assert rows("SELECT * FROM answers") == []


def test_a_token_that_is_gone_when_its_turn_comes_is_refused_alone(app, client, key, course, rows, at_once, statement):
    learner, origin = {"learner": "1234", "registration": str(uuid.uuid4())}, {"Origin": "https://lms.example"}
    token = client.post(f"/launch/packages/{course['package']}", json=learner, headers=origin).json["token"]
    bearer, bound = (
        {"Authorization": f"Bearer {token}"} | origin,
        statement(context={"registration": learner["registration"]}),
    )

    def post(sent, headers):
        headers = {"X-Experience-API-Version": "1.0.3"} | headers
        return lambda: app.test_client().post("/xapi/statements", json=sent, headers=headers).status_code

    several = [post(statement(), key("all")), post(bound, bearer), post(statement(), key("all"))]
    assert at_once(*several, meanwhile="DELETE FROM launch_tokens") == [200, 401, 200]
    assert len(rows(STORED)) == 2


def test_where_the_commit_fails_nobody_is_told_of_success_and_nothing_is_done_twice(
    rows, at_once, send, statement, monkeypatch
):
    tries = []

    def failing(connection):
        tries.append(1)
        connection.invalidate()
        raise database.Unavailable(None, None, OSError("the disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(group_commit, "commit", failing)
        told = at_once(send(), send(statement(id=None)))
    assert [type(one) for one in told] == [database.Unavailable] * 2
    assert len(tries) == 1
    assert rows(STORED) == []
    assert len(send()()) == 1


def test_where_the_commit_was_done_and_then_something_broke_nothing_is_done_twice(
    rows, at_once, send, statement, monkeypatch
):
    def breaking(connection):
        database.commit(connection)
        raise MemoryError

    monkeypatch.setattr(group_commit, "commit", breaking)
    told = at_once(send(statement(id=None)), send(statement(id=None)))
    assert [type(one) for one in told] == [MemoryError] * 2
    assert len(rows(STORED)) == 2


def away(error, times=1000, after=0):
    """What opens a connection, and so many times, after so many, fails to."""
    tries = []

    def opened(engine, *, writes):
        tries.append(1)
        if after < len(tries) <= after + times:
            raise error
        return database.opened(engine, writes=writes)

    return opened


@pytest.mark.parametrize(
    "error", [database.Unavailable(None, None, OSError("nobody there")), OSError("too many files")]
)
def test_where_the_store_is_away_all_are_told_and_nothing_stays_waiting(
    group, statement, rows, at_once, send, monkeypatch, error
):
    with monkeypatch.context() as patched:
        patched.setattr(group_commit, "opened", away(error))
        with pytest.raises(type(error)):
            send()()
        assert len(group._waiting) == 0
    assert len(send()()) == 1
    assert len(rows(STORED)) == 1


def test_where_the_store_is_away_when_it_comes_to_one_the_others_are_stored(
    rows, at_once, send, statement, monkeypatch
):
    there = statement()
    send(there)()
    monkeypatch.setattr(group_commit, "opened", away(OSError("too many files"), times=1, after=1))
    told = at_once(send(), send(there | {"result": {"response": "other"}}), send())
    assert [type(one) for one in told] == [OSError, StatementConflict, list]
    assert len(rows(STORED)) == 2


def test_where_a_thread_ends_in_the_middle_nobody_waits_for_it(rows, at_once, send, monkeypatch):
    def ending(*_):
        monkeypatch.undo()
        raise SystemExit

    monkeypatch.setattr(group_commit, "store_all", ending)
    told = at_once(send(), send(), send())
    assert [type(one) for one in told] == [SystemExit, RuntimeError, RuntimeError]
    assert rows(STORED) == []
    assert len(send()()) == 1
