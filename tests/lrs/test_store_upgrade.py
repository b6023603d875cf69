"""The tables: made by the migrations exactly as the code knows them, and guarded at the start."""

import base64
import fcntl
import sqlite3

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lrs import create_app
from lrs.rules.errors import StoreOutdated
from lrs.storage import database
from lrs.storage.keys import secret_hash
from lrs.storage.programme_tables import metadata

# PostgreSQL does not look up what links name: that was more than half of the cost of a batch.
UNCHECKED = ("statement_actors", "statement_activities")


def differences(engine):
    """What the tables lack of what the code knows, but for the look-ups that PostgreSQL is spared."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = compare_metadata(context, metadata)
    if engine.dialect.name == "sqlite":
        return found
    return [one for one in found if not (one[0] == "add_fk" and one[1].parent.name in UNCHECKED)]


def test_migrations_from_nothing_make_the_tables_of_the_code(new_engine, kind):
    database.upgrade(new_engine)
    assert differences(new_engine) == []
    if kind == "sqlite":
        with new_engine.connect() as connection:
            asked = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'statement_actors'")
            assert "WITHOUT ROWID" in asked.scalar()


def at(engine, revision):
    """Bring a store to an earlier release's tables."""
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with database.writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


OLDER = {
    "0001": """
        INSERT INTO keys VALUES (1, 'older', '{hash}', 'Older', 'all', {yes}, 1, NULL);
        INSERT INTO iris VALUES (1, 'http://adlnet.gov/expapi/verbs/completed'), (2, '{course}/modules/safeguarding');
        INSERT INTO actors VALUES (1, 'account|https://lms.example|1234', NULL), (2, 'mbox|mailto:a@x.example', NULL);
        INSERT INTO statements VALUES (1, '{id1}', 1, NULL, 10, 5, {no}, '{{"id":"{id1}","version":"1.0.0"}}');
        INSERT INTO statements VALUES (2, '{id2}', 1, '{id1}', 20, 5, {no}, '{{"id":"{id2}","version":"1.0.0"}}');
        INSERT INTO statements VALUES (3, '{id3}', 1, NULL, 30, 5, {yes}, '{{"id":"{id3}","version":"1.0.0"}}');
        INSERT INTO statement_actors VALUES (1, 1, 1, 1, 1), (1, 1, 2, 1, 1), (2, 0, 2, 4, 1), (1, 1, 3, 1, 1);
        INSERT INTO statement_activities VALUES (2, 1, 1, 2, 1), (2, 1, 3, 2, 1);
        INSERT INTO statement_references VALUES ('{id1}', 2, 2);
        INSERT INTO courses VALUES ('c', '{course}', '1', 'E', 'C', '{{}}', 1);
        INSERT INTO evidence
            VALUES (1, '{id1}', 1, 'c', NULL, 'completed', 5, 10, 'cy', '1', NULL, 'verified', 'x', NULL);
    """
}


@pytest.mark.parametrize("revision", OLDER)
def test_a_store_of_an_earlier_release_is_brought_up_to_date_with_what_it_holds(new_engine, new_url, revision, clock):
    """Everything is found as before by the filters of today, and new statements go on after the old ones."""
    at(new_engine, revision)
    ids = [f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2, 3)]
    yes, no = ("true", "false") if new_engine.dialect.name == "postgresql" else ("1", "0")
    known = dict(zip(("id1", "id2", "id3"), ids, strict=True), yes=yes, no=no, hash=secret_hash("s"), course="x:c")
    with database.writing(new_engine) as connection:
        for line in OLDER[revision].format(**known).split(";"):
            connection.exec_driver_sql(line)
        if new_engine.dialect.name == "postgresql":  # which counted for itself when the rows were made
            for table in ("iris", "actors", "evidence"):
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 9)")
    database.upgrade(new_engine)
    assert database.revision(new_engine) == database.HEAD
    assert differences(new_engine) == []
    app = create_app({"KTB_DATABASE_URL": new_url}, clock)
    client, pair = app.test_client(), base64.b64encode(b"older:s").decode()
    headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}

    def found(**query):
        answer = client.get("/xapi/statements", query_string=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json["statements"]]

    learner = '{"account":{"homePage":"https://lms.example","name":"1234"}}'
    assert found() == [ids[1], ids[0]]  # the third was voided
    assert found(agent=learner) == found(agent=learner, verb="http://adlnet.gov/expapi/verbs/completed")
    assert found(activity="x:c/modules/safeguarding") == [ids[1], ids[0]]  # the second is about the first
    assert found(registration=ids[0]) == [ids[1]]
    new = {"actor": {"mbox": "mailto:new@x.example"}, "verb": {"id": "x:new"}, "object": {"id": "x:new"}}
    (number,) = client.post("/xapi/statements", json=new, headers=headers).json
    assert found(limit=1) == [number]
    with database.reading(new_engine) as connection:
        asked = connection.exec_driver_sql("SELECT max(seq), count(*) FROM statements").one()
        kept = connection.exec_driver_sql("SELECT statement, grade FROM evidence").all()
    assert tuple(asked) == (4, 4)
    assert [tuple(row) for row in kept] == [(ids[0], "verified")]
    app.extensions["engine"].dispose()


def test_there_is_one_head_and_the_code_names_it():
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]


def test_upgrading_again_is_harmless(engine):
    database.upgrade(engine)
    assert database.revision(engine) == database.HEAD


def test_a_new_sqlite_store_is_made_at_the_first_start_and_no_other_is(new_url, kind):
    """A PostgreSQL belongs to somebody, who says when its tables are made."""
    if kind == "postgresql":
        with pytest.raises(StoreOutdated, match="ktb-lrs db upgrade"):
            create_app({"KTB_DATABASE_URL": new_url})
        return
    app = create_app({"KTB_DATABASE_URL": new_url})
    assert app.test_client().get("/health/ready").status_code == 200
    app.extensions["engine"].dispose()


def test_a_store_of_another_version_is_refused_with_the_command_to_run(engine, store_url):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    with pytest.raises(StoreOutdated, match="ktb-lrs db upgrade"):
        create_app({"KTB_DATABASE_URL": store_url})


ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"])


@ON_SQLITE
def test_sqlite_is_opened_so_that_a_commit_is_on_disk(engine):
    with engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


@ON_SQLITE
def test_a_transaction_that_writes_takes_the_lock_at_once(engine, store_url):
    other = sqlite3.connect(store_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with database.reading(engine):
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    with database.writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_writers_of_postgresql_wait_for_each_other_and_readers_write_nothing(engine, store_url):
    with psycopg.connect(store_url, autocommit=True) as other:
        free = "SELECT pg_try_advisory_lock(1)"
        with database.reading(engine) as connection:
            assert other.execute(free).fetchone() == (True,)
            other.execute("SELECT pg_advisory_unlock(1)")
            with pytest.raises(Exception, match="read-only"):
                connection.exec_driver_sql("INSERT INTO iris (iri) VALUES ('x:y')")
        with database.writing(engine):
            assert other.execute(free).fetchone() == (False,)
        assert other.execute(free).fetchone() == (True,)


@ON_SQLITE
def test_writers_wait_in_a_queue_that_readers_do_not_join(engine, store_url):
    with open(store_url.removeprefix("sqlite:///") + ".lock", "w") as queue:
        with database.reading(engine):
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(queue, fcntl.LOCK_UN)
        with database.writing(engine), pytest.raises(BlockingIOError):
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)


@ON_SQLITE
def test_a_thread_that_writes_twice_at_once_is_told_rather_than_left_waiting(engine):
    with database.writing(engine), pytest.raises(RuntimeError, match="already"), database.writing(engine):
        pass
    with database.writing(engine):
        pass


def broken_off(engine):
    with database.writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO iris (iri) VALUES ('x:y')")
        raise InterruptedError


def test_a_block_that_raises_leaves_nothing(engine, rows):
    with pytest.raises(InterruptedError):
        broken_off(engine)
    assert rows("SELECT count(*) FROM iris") == [(0,)]
