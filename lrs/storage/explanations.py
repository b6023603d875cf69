"""Why what looked wrong before a sign-off stands: a lead's words for each kind of it, added to, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from sqlalchemy import insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import explanations


class Explanation(NamedTuple):
    """What a lead said of a kind of exception, and of which ones of it (by their keys)."""

    kind: str
    items: frozenset[str]
    reason: str
    recorded_at: datetime
    recorded_by: str


def explain(
    connection: Connection, cohort: str, kind: str, items: Sequence[str], reason: str, by: str, now: datetime
) -> None:
    """Keep why these exceptions of one kind stand."""
    values = {"cohort": cohort, "kind": kind, "items": orjson.dumps(sorted(items)).decode(), "reason": reason}
    connection.execute(insert(explanations).values(**values, recorded_at=now, recorded_by=by))


def explanations_of(connection: Connection, cohort: str) -> list[Explanation]:
    """Everything that was said of a residential's exceptions, the newest first."""
    names = ("kind", "items", "reason", "recorded_at", "recorded_by")
    query = select(*(explanations.c[name] for name in names)).where(explanations.c.cohort == cohort)
    rows = connection.execute(query.order_by(explanations.c.id.desc()))
    return [Explanation(row.kind, frozenset(orjson.loads(row.items)), *row[2:]) for row in rows]
