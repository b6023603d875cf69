"""When the store could not be reached, as somebody wrote down."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import outages


class KeptOutage(NamedTuple):
    """From when until when the store could not be reached, and who wrote it down."""

    id: int
    began: datetime
    ended: datetime
    recorded_at: datetime
    recorded_by: str


def every_outage(connection: Connection) -> tuple[KeptOutage, ...]:
    """Every outage, the earliest first."""
    table = outages.c
    query = select(table.id, table.began, table.ended, table.recorded_at, table.recorded_by)
    return tuple(KeptOutage._make(row) for row in connection.execute(query.order_by(table.began, table.id)))


def add_outage(connection: Connection, began: datetime, ended: datetime, by: str, now: datetime) -> None:
    """Keep an outage."""
    values = {"began": began, "ended": ended, "recorded_at": now, "recorded_by": by}
    connection.execute(insert(outages).values(**values))


def take_back_outage(connection: Connection, number: int) -> bool:
    """Take an outage away that was written down wrongly; False where there is none of that number."""
    return connection.execute(delete(outages).where(outages.c.id == number)).rowcount == 1
