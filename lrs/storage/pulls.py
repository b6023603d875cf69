"""How far the statements of other stores have been read."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import pulls


class Pull(NamedTuple):
    """Where reading another store stands: ``more`` is where to go on, empty where nothing was left.

    ``read_to`` is the newest ``stored`` of the other store that is here, None before the first.
    """

    source: str
    endpoint: str
    read_to: datetime | None = None
    more: str = ""
    statements: int = 0


def pull_of(connection: Connection, source: str) -> Pull | None:
    """How far the store that is called so has been read."""
    columns = pulls.c.source, pulls.c.endpoint, pulls.c.read_to, pulls.c.more, pulls.c.statements
    row = connection.execute(select(*columns).where(pulls.c.source == source)).first()
    return Pull(row.source, row.endpoint, row.read_to, row.more or "", row.statements) if row else None


class Reading(NamedTuple):
    """A store that is read from, for people: when it was last read, and whether all it had then came."""

    source: str
    endpoint: str
    at: datetime
    whole: bool
    statements: int


def readings(connection: Connection) -> Sequence[Reading]:
    """The stores that are read from, by name."""
    columns = pulls.c.source, pulls.c.endpoint, pulls.c.pulled_at, pulls.c.more, pulls.c.statements
    rows = connection.execute(select(*columns).order_by(pulls.c.source))
    return [Reading(source, endpoint, at, not more, number) for source, endpoint, at, more, number in rows]


def keep_pull(connection: Connection, pull: Pull, now: datetime) -> None:
    """Keep how far a store has been read."""
    connection.execute(delete(pulls).where(pulls.c.source == pull.source))
    connection.execute(insert(pulls).values(**pull._asdict(), pulled_at=now))
