"""How often something was asked for in a window of time: counted in the database, so that it holds for all workers."""

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from lrs.storage.database import Connection
from lrs.storage.programme_tables import rates

WINDOW = 600  # seconds


def count(connection: Connection, what: str, now: datetime) -> int:
    """Count one more use of ``what`` in this window of ten minutes; how many there are. Older windows are forgotten."""
    window = int(now.timestamp()) // WINDOW
    connection.execute(delete(rates).where(rates.c.window < window))
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    bucket = hashlib.sha256(what.encode()).hexdigest()
    first = insert(rates).values(bucket=bucket, window=window, uses=1)
    again = first.on_conflict_do_update(index_elements=["bucket", "window"], set_={"uses": rates.c.uses + 1})
    return int(connection.execute(again.returning(rates.c.uses)).scalar_one())
