"""The way to the database: opening it, the two kinds of transaction, and bringing its tables up to date."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError as Unavailable

from lrs.rules.errors import StoreOutdated

__all__ = [
    "HEAD", "Connection", "Engine", "Unavailable", "alive", "begun_again", "commit", "make_ready", "open_engine",
    "opened", "reading", "upgrade", "writing",
]  # fmt: skip

LOCK = "lock"


class _Held(threading.local):
    """The SQLite stores that this thread is writing in."""

    def __init__(self) -> None:
        self.places: set[str] = set()


_held = _Held()
HEAD = "0002"  # the newest migration; a test compares it with the migrations themselves
MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON", "cache_size=-16000")


def open_engine(url: str) -> Engine:
    """An engine for the store at the SQLAlchemy URL; on SQLite a commit is on disk before it returns."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "checkin", _leave_queue)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin below, not where the driver guesses
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection, *, writes: bool) -> None:
    # Called where transactions are opened, not by an event: with one, SQLAlchemy makes listeners anew at every request.
    connection.begin()
    if connection.dialect.name != "sqlite":
        if writes:  # one writer at a time here too: rows in the order of their commits, which pages of answers rely on
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
        return
    if writes:
        _queue(connection)
    try:  # a transaction that will write locks at once: one that reads first may be refused when it writes
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN").close()  # type: ignore[union-attr]
    except sqlite3.OperationalError as error:
        raise Unavailable(None, None, error) from None


def _queue(connection: Connection) -> None:
    """Wait for the turn to write, among all threads and processes.

    SQLite's own waiting is to try again after a while, which lets a few wait for seconds: of eight writers the slowest
    hundredth of requests took 760 ms, and 220 ms with this queue. A process that dies gives its place up.
    """
    place = connection.engine.url.database
    if place:
        if place in _held.places:
            raise RuntimeError("This thread is writing already; a second transaction would wait for the first")
        file = os.open(f"{place}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        connection.connection.record_info[LOCK] = file, place  # type: ignore[index]
        fcntl.flock(file, fcntl.LOCK_EX)
        _held.places.add(place)


def _leave_queue(_connection: Any, record: Any) -> None:
    file, place = record.record_info.pop(LOCK, (None, ""))
    if file is not None:
        _held.places.discard(place)
        os.close(file)


def opened(engine: Engine, *, writes: bool) -> Connection:
    """A connection in a transaction that has begun; whoever asked for it commits or closes it."""
    connection = engine.connect()
    try:
        _begin(connection, writes=writes)
    except BaseException:
        connection.close()
        raise
    return connection


def begun_again(connection: Connection) -> Connection:
    """A reading connection, at the store's newest moment and in a transaction that writes."""
    connection.rollback()
    _begin(connection, writes=True)
    return connection


def commit(connection: Connection) -> None:
    """End the transaction with everything in it on disk; where that fails, with nothing of it."""
    try:
        connection.commit()
    except BaseException:
        connection.invalidate()  # the driver's transaction may still be open: nobody may go on in it
        raise


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end of the block, rolled back where the block raises."""
    with opened(engine, writes=True) as connection:
        yield connection
        commit(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the store and changes nothing."""
    with opened(engine, writes=False) as connection:
        yield connection


def revision(engine: Engine) -> str | None:
    """The migration that the store is at, or None where it has no tables."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def alive(connection: Connection) -> bool:
    """Whether the database answers, with the tables of this version."""
    return bool(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD)


def make_ready(engine: Engine) -> None:
    """Make the tables of a new SQLite store; refuse any other that is not up to date. Raises StoreOutdated."""
    found = revision(engine)
    if found is None and engine.dialect.name == "sqlite":
        upgrade(engine)
    elif found != HEAD:
        raise StoreOutdated("The record store's tables are not those of this version. Run: ktb-lrs db upgrade")


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest migration, from whatever migration they are at; harmless when repeated."""
    from alembic import command  # imported here because a server that starts on a store up to date has no use for it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
