"""Lists read and not yet confirmed: kept as they were read, until somebody says yes or a day has passed."""

import uuid
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import delete, insert, select, update

from lrs.storage.database import Connection
from lrs.storage.programme_tables import imports

KEPT = timedelta(days=1)


class Import(NamedTuple):
    """A list that waits: ``rows`` is the JSON that was given to keep, emptied once it is confirmed."""

    id: str
    filename: str
    rows: dict[str, Any]
    created_by: str
    confirmed_at: datetime | None
    kind: str  # roster, nomination or export


def keep_import(
    connection: Connection,
    cohort: str,
    filename: str,
    rows: dict[str, Any],
    by: str,
    now: datetime,
    kind: str = "roster",
) -> str:
    """Keep a list as read, to be confirmed within a day; its id. Others that nobody confirmed are forgotten."""
    waited = imports.c.confirmed_at.is_(None), imports.c.created_at < now - KEPT
    connection.execute(delete(imports).where(*waited))
    number = str(uuid.uuid4())
    values = {"id": number, "cohort": cohort, "filename": filename, "rows": _told(rows), "kind": kind}
    connection.execute(insert(imports).values(**values, created_at=now, created_by=by))
    return number


def import_called(connection: Connection, cohort: str, number: str, kind: str = "roster") -> Import | None:
    """The import of that id, if this residential has it and it is of that kind."""
    query = select(imports).where(imports.c.id == number, imports.c.cohort == cohort, imports.c.kind == kind)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Import(row.id, row.filename, orjson.loads(row.rows), row.created_by, row.confirmed_at, row.kind)


def change_import(connection: Connection, number: str, rows: dict[str, Any]) -> None:
    """Keep a waiting import's rows otherwise understood."""
    connection.execute(update(imports).where(imports.c.id == number).values(rows=_told(rows)))


def confirm_import(connection: Connection, number: str, now: datetime) -> None:
    """Mark an import as carried out, and forget the rows: what they said is on the roster now."""
    connection.execute(update(imports).where(imports.c.id == number).values(confirmed_at=now, rows="{}"))


def _told(rows: dict[str, Any]) -> str:
    return orjson.dumps(rows).decode()
