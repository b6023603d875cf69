"""What was acknowledged is there after a kill, once, with its links and its evidence."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from killing import faults, killed_under_load

from lrs.storage import database


def test_nothing_acknowledged_is_lost_by_a_kill(server, key, course, statement, rows, engine, kind):
    """`make faults` kills a hundred times; here it is five."""
    headers = key("all")
    acknowledged = [one for _ in range(5) for one in killed_under_load(server, headers, statement, 40)]
    assert len(acknowledged) >= 200
    assert faults(rows, acknowledged) == []
    if kind == "sqlite":
        with database.writing(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_the_faults_that_are_looked_for_are_found(engine, rows, xapi, course, statement):
    """What nobody has ever seen wrong may simply not be looked at."""
    ids = xapi.post([statement() for _ in range(5)]).json
    assert faults(rows, ids) == []
    assert "is lost" in faults(rows, [*ids, "another"])[0]
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF").close()
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("DELETE FROM evidence WHERE statement = (SELECT id FROM statements WHERE seq = 1)")
        connection.exec_driver_sql("DELETE FROM statement_actors WHERE seq = 2")
        connection.exec_driver_sql("DELETE FROM statement_activities WHERE seq = 3")
        connection.exec_driver_sql("DELETE FROM statements WHERE seq = 4")
    engine.dispose()
    names = {one.partition(":")[0] for one in faults(rows, ids)}
    assert len(names) == 8  # all of them but a statement that is there twice, which the tables do not take


@pytest.mark.parametrize("kind", ["sqlite"])
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


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_pool_that_outlived_its_server_is_noticed_and_renewed(engine, rows, store_url):
    """Whoever starts PostgreSQL again need not start the record store again."""
    assert rows("SELECT 1") == [(1,)]
    with engine.connect() as connection:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with closing(psycopg.connect(store_url, autocommit=True)) as other:
        other.execute(f"SELECT pg_terminate_backend({mine})")
    assert rows("SELECT 1") == [(1,)]
    with database.writing(engine):
        pass
