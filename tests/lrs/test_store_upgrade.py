"""The tables: made by the migrations exactly as the code knows them, and guarded at the start."""

import fcntl
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lrs import create_app
from lrs.rules.errors import StoreOutdated
from lrs.storage import database
from lrs.storage.tables import metadata


def test_migrations_from_nothing_make_the_tables_of_the_code(tmp_path):
    engine = database.open_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    database.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        tables = dict(
            tuple(row) for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql NOTNULL")
        )
    assert "WITHOUT ROWID" in tables["statement_actors"]
    engine.dispose()


def test_there_is_one_head_and_the_code_names_it():
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [database.HEAD]


def test_upgrading_again_is_harmless(engine):
    database.upgrade(engine)
    assert database.revision(engine) == database.HEAD


def test_a_new_sqlite_store_is_made_at_the_first_start(tmp_path):
    app = create_app({"KTB_DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"})
    assert app.test_client().get("/health/ready").status_code == 200
    app.extensions["engine"].dispose()


def test_a_store_of_another_version_is_refused_with_the_command_to_run(engine, store_url):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    with pytest.raises(StoreOutdated, match="ktb-lrs db upgrade"):
        create_app({"KTB_DATABASE_URL": store_url})


def test_sqlite_is_opened_so_that_a_commit_is_on_disk(engine):
    with engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


def test_a_transaction_that_writes_takes_the_lock_at_once(engine, store_url):
    other = sqlite3.connect(store_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with database.reading(engine):
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    with database.writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_writers_wait_in_a_queue_that_readers_do_not_join(engine, store_url):
    with open(store_url.removeprefix("sqlite:///") + ".lock", "w") as queue:
        with database.reading(engine):
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(queue, fcntl.LOCK_UN)
        with database.writing(engine), pytest.raises(BlockingIOError):
            fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)


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
