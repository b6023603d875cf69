"""Who was there on which day of a residential: added to and never changed, the newest word holds."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import attendance

Marks = dict[str, dict[date, bool]]  # person -> day -> whether they were there


def marks_of(connection: Connection, cohort: str) -> Marks:
    """What the register of a residential says now of everybody marked on it."""
    shown = attendance.c.person, attendance.c.day, attendance.c.present
    query = select(*shown).where(attendance.c.cohort == cohort).order_by(attendance.c.id)
    marks: Marks = {}
    for person, day, present in connection.execute(query):
        marks.setdefault(person, {})[day] = present
    return marks


def mark(connection: Connection, cohort: str, day: date, there: Mapping[str, bool], by: str, now: datetime) -> None:
    """Keep who was there on a day and who was not; what was kept before stays as history."""
    rows = [
        {"cohort": cohort, "person": person, "day": day, "present": present, "recorded_at": now, "recorded_by": by}
        for person, present in there.items()
    ]
    if rows:
        connection.execute(insert(attendance), rows)
