"""The way to the database: opening it, the two kinds of transaction, and bringing its tables up to date."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError as Unavailable

from lrs.rules.errors import StoreOutdated

__all__ = [
    "HEAD", "Connection", "Engine", "Unavailable", "alive", "begun_again", "commit", "in_order_of_keys", "make_ready",
    "open_engine", "opened", "reading", "rest", "transient", "upgrade", "writing",
]  # fmt: skip

LOCK = "lock"
ASKED = "asked"  # answers that a transaction on PostgreSQL has asked for ahead, by their questions


class _Held(threading.local):
    """The SQLite stores that this thread is writing in, and the connection that it keeps for its next transaction."""

    def __init__(self) -> None:
        self.places: set[str] = set()
        self.resting: Connection | None = None


_held = _Held()
HEAD = "0006"  # the newest migration; a test compares it with the migrations themselves
MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON", "cache_size=-16000")

# PostgreSQL plans a question once in each connection, not at every request, and never for several processes at once.
PLANNING = ("plan_cache_mode = force_generic_plan", "max_parallel_workers_per_gather = 0", "jit = off")
OTHER_WAYS = ("sort", "bitmapscan", "hashjoin", "mergejoin", "seqscan")

# A transaction that will write locks at once: one that reads first may be refused when it writes. On PostgreSQL too
# there is one writer at a time: rows come in the order of their commits, which pages of answers rely on.
BEGIN = {
    ("sqlite", True): "BEGIN IMMEDIATE",
    ("sqlite", False): "BEGIN",
    ("postgresql", True): "BEGIN; SELECT pg_advisory_xact_lock(1)",
    ("postgresql", False): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
TRY_AGAIN = {"40001", "40P01"}  # SQLSTATE of a serialisation failure and of a deadlock


def open_engine(url: str) -> Engine:
    """An engine for the store at the SQLAlchemy URL; a commit is on disk before it returns."""
    # Neither driver may begin transactions by itself: they begin below, in one command with what they lock.
    engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "checkin", _leave_queue)
    else:
        event.listen(engine, "connect", _tell)
    event.listen(engine, "engine_disposed", _disposed)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _tell(connection: Any, _record: Any) -> None:
    connection.execute("; ".join(f"SET {one}" for one in PLANNING)).close()


def _begin(connection: Connection, *, writes: bool) -> None:
    # Called where transactions are opened, not by an event: with one, SQLAlchemy makes listeners anew at every request.
    connection.begin()
    if writes and connection.dialect.name == "sqlite":
        _queue(connection)
    connection.info.pop(ASKED, None)
    try:
        connection.connection.driver_connection.execute(BEGIN[connection.dialect.name, writes]).close()  # type: ignore[union-attr]
    except connection.dialect.loaded_dbapi.OperationalError as error:
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
    """A connection in a transaction that has begun; whoever asked for it commits, and closes it or lets it rest."""
    connection = _rested(engine) or engine.connect()
    try:
        try:
            _begin(connection, writes=writes)
        except Unavailable:
            if not _ended(connection):
                raise
            connection.invalidate()
            connection.rollback()
            engine.dispose()  # PostgreSQL was started again since: whatever else the pool keeps is as old
            _begin(connection, writes=writes)
    except BaseException:
        connection.close()
        raise
    return connection


def _rested(engine: Engine) -> Connection | None:
    """The connection that this thread has kept, if it leads to this store."""
    kept, _held.resting = _held.resting, None
    if kept is not None and kept.engine is not engine:
        kept.close()
        return None
    return kept


def _disposed(engine: Engine) -> None:
    """Close what this thread kept, as the pool closes what it has."""
    kept = _rested(engine)
    if kept is not None:
        kept.invalidate()
        kept.close()


def rest(connection: Connection) -> None:
    """Roll back what is open, and keep the connection for this thread's next transaction.

    To give it back to the pool and to take it out again costs more than the transaction: of a State request, a tenth.
    """
    if _held.resting is not None or connection.invalidated:
        connection.close()
        return
    connection.rollback()
    if connection.dialect.name == "sqlite":
        _leave_queue(None, connection.connection)
    _held.resting = connection


def _ended(connection: Connection) -> bool:
    """Whether a connection that the pool kept turns out to be none; that of SQLite always is one."""
    return getattr(connection.connection.driver_connection, "closed", False)


def transient(error: Unavailable) -> bool:
    """Whether another transaction stood in the way, so that the same work may well succeed when it is done again."""
    return getattr(error.orig, "sqlstate", None) in TRY_AGAIN


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


def in_order_of_keys(connection: Connection) -> None:
    """Have each question of this transaction walk a key in its order, and stop where its page is full.

    SQLite does so by itself. PostgreSQL chooses by statistics, which a store that was filled a minute ago has none of:
    at a million statements it read and sorted whole lists, in 0.5 to 3.5 s for what takes 1 ms. Reports, which read
    everything, are four times as slow this way.
    """
    if connection.dialect.name != "sqlite":
        off = "; ".join(f"SET LOCAL enable_{way} = off" for way in OTHER_WAYS)
        connection.connection.driver_connection.execute(off).close()  # type: ignore[union-attr]


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
        engine.dispose()  # nobody else will
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
