"""Which column of a file means what, as somebody said once for all files with the same headings."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import column_mappings


def kept_mapping(connection: Connection, kind: str, headings: str) -> dict[str, int] | None:
    """What was said of files of a kind (roster or export) whose headings have that digest, where anything was."""
    here = column_mappings.c.kind == kind, column_mappings.c.headings == headings
    kept = connection.scalar(select(column_mappings.c.columns).where(*here))
    return json.loads(kept) if kept else None


def keep_mapping(
    connection: Connection, kind: str, headings: str, columns: Mapping[str, int], by: str, now: datetime
) -> None:
    """Remember which column (counted from 0) holds what in files with these headings, from now on."""
    here = column_mappings.c.kind == kind, column_mappings.c.headings == headings
    connection.execute(delete(column_mappings).where(*here))
    values = {"kind": kind, "headings": headings, "columns": json.dumps(dict(columns)), "kept_at": now, "kept_by": by}
    connection.execute(insert(column_mappings).values(**values))
