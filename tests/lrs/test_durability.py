"""What was acknowledged is there after a kill, once, with its links and its evidence."""

import http.client
import json
import signal
import sqlite3
import threading
from contextlib import closing

import pytest

from lrs.storage import database


def sender(server, headers, make, acknowledged, stop):
    """Send single statements and batches until told to stop or the server goes; note what was acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    size = 1
    try:
        while not stop.is_set():
            batch = [make() for _ in range(size)]
            connection.request(
                "POST", "/xapi/statements", json.dumps(batch), headers | {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            acknowledged.extend(json.loads(body))
            size = 1 if size > 1 else 20
    except (OSError, http.client.HTTPException):
        pass  # the kill
    finally:
        connection.close()


def under_load(server, headers, make, seconds):
    """What eight senders had acknowledged when the server was killed under them."""
    acknowledged, stop = [], threading.Event()
    threads = [threading.Thread(target=sender, args=(server, headers, make, acknowledged, stop)) for _ in range(8)]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    server.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    return acknowledged


def test_nothing_acknowledged_is_lost_by_a_kill(server, key, course, statement, rows, engine):
    headers = key("all")
    acknowledged = []
    for _ in range(3):
        server.start()
        acknowledged += under_load(server, headers, statement, 0.7)
    assert len(acknowledged) > 50
    stored = [row[0] for row in rows("SELECT id FROM statements")]
    assert len(set(stored)) == len(stored)
    assert set(acknowledged) <= set(stored)
    total = len(stored)
    assert rows("SELECT count(*), count(DISTINCT statement) FROM evidence") == [(total, total)]
    assert rows("SELECT count(DISTINCT seq) FROM statement_activities") == [(total,)]
    assert rows("SELECT count(DISTINCT seq) FROM statement_actors") == [(total,)]
    assert rows("SELECT max(seq) - min(seq) + 1 FROM statements") == [(total,)]
    with database.writing(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_one_statement_from_eight_connections_is_stored_once(server, key, statement, rows):
    """Each of them is told that it is stored, or that another one is; nobody sees a fault."""
    server.start()
    headers = key("all") | {"Content-Type": "application/json"}
    sent = [statement(object={"id": f"x:new-{number}"}) for number in range(5)]
    statuses = []

    def send(name):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        for number, one in enumerate(sent):
            body = json.dumps(one if number else one | {"result": {"response": name}})
            connection.request("POST", "/xapi/statements", body, headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append((number, answer.status))
        connection.close()

    threads = [threading.Thread(target=send, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for number, status in statuses if number == 0) == [200] + [409] * 7
    assert {status for number, status in statuses if number} == {200}
    assert rows("SELECT count(*), count(DISTINCT id) FROM statements") == [(5, 5)]


def test_a_lock_held_from_outside_is_told_as_unavailable_and_keeps_nobody_waiting_after(store_url, monkeypatch):
    monkeypatch.setattr(database, "PRAGMAS", ("busy_timeout=1",))
    engine = database.open_engine(store_url)
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(database.Unavailable):
            database.opened(engine, writes=True)
        other.execute("ROLLBACK")
    with database.writing(engine):
        pass
    engine.dispose()
