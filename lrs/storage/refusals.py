"""The last refusals of each key: so many and no more, without a word of what was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select

from lrs.storage.database import Connection
from lrs.storage.tables import keys, refusals

MOST = 50  # of one key


class Told(NamedTuple):
    """One refusal as the operator sees it; ``key`` is a key's name, or ``launch:`` and a package's id."""

    key: str
    at: datetime
    method: str
    route: str
    status: int
    what: str
    pointer: str | None
    rule: str | None
    found: str | None
    statement: int | None


class Refused(NamedTuple):
    """A key with its label, if it has one, how often it was refused of late, and when last."""

    key: str
    label: str | None
    number: int
    last: datetime


COLUMNS = [refusals.c[name] for name in Told._fields]


def keep(connection: Connection, told: Sequence[Told]) -> None:
    """Add these, and forget the oldest of any key that has more than MOST."""
    connection.execute(insert(refusals), [one._asdict() for one in told])
    for key in sorted({one.key for one in told}):
        ids = select(refusals.c.id).where(refusals.c.key == key).order_by(refusals.c.id.desc())
        oldest = connection.execute(ids.offset(MOST - 1).limit(1)).scalar()
        if oldest is not None:
            connection.execute(delete(refusals).where(refusals.c.key == key, refusals.c.id < oldest))


def refused(connection: Connection) -> list[Refused]:
    """The keys that were refused something, the one refused last first."""
    last = func.max(refusals.c.at)
    question = (
        select(refusals.c.key, func.max(keys.c.label), func.count(), last)
        .join_from(refusals, keys, keys.c.key == refusals.c.key, isouter=True)
        .group_by(refusals.c.key)
        .order_by(last.desc(), refusals.c.key)
    )
    return [Refused(*row) for row in connection.execute(question)]


def last_of(connection: Connection, key: str) -> list[Told]:
    """What a key was refused, the newest first."""
    question = select(*COLUMNS).where(refusals.c.key == key).order_by(refusals.c.id.desc())
    return [Told(*row) for row in connection.execute(question)]
