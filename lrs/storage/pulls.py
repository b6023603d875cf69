"""How far the statements of other stores have been read."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import pulls


class Pull(NamedTuple):
    """Where reading another store stands: ``more`` is where to go on, empty where nothing was left.

    ``read_to`` is the newest ``stored`` of the other store that is here, None before the first; ``pulled_at`` is when
    it was last asked.
    """

    source: str
    endpoint: str
    read_to: datetime | None = None
    more: str = ""
    statements: int = 0
    pulled_at: datetime | None = None


def pull_of(connection: Connection, source: str) -> Pull | None:
    """How far the store that is called so has been read."""
    return next((pull for pull in all_pulls(connection) if pull.source == source), None)


def all_pulls(connection: Connection) -> Sequence[Pull]:
    """The stores that are read from, by name."""
    rows = connection.execute(select(*(pulls.c[name] for name in Pull._fields)).order_by(pulls.c.source))
    return [Pull(*row)._replace(more=row.more or "") for row in rows]


def keep_pull(connection: Connection, pull: Pull, now: datetime) -> None:
    """Keep how far a store has been read."""
    connection.execute(delete(pulls).where(pulls.c.source == pull.source))
    connection.execute(insert(pulls).values(**pull._replace(pulled_at=now)._asdict()))
