"""The audit trail, to be read: who did what, to whom or what, when. It is written by `lrs.storage.users.note`."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from lrs.rules.days import end_of_day, start_of_day
from lrs.storage.database import Connection
from lrs.storage.programme_tables import audit, identifiers, people


class Noted(NamedTuple):
    """One row of the trail. ``name`` is that of the person it is about, where it is about one."""

    id: int
    at: datetime
    user: str
    action: str
    subject: str
    detail: str
    name: str | None


class Sought(NamedTuple):
    """Which rows are sought: by a person (who did it, or whom it is about), an action and a day; empty for all."""

    person: str = ""
    action: str = ""
    day: date | None = None


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if sought.person:
        text = sought.person.lower()
        with_address = select(identifiers.c.person).where(func.lower(identifiers.c.value) == text)
        with_name = select(people.c.id).where(func.lower(people.c.name) == text)
        about = audit.c.subject.in_(with_address), audit.c.subject.in_(with_name)
        wanted.append(or_(audit.c.user == text, func.lower(audit.c.subject) == text, *about))
    if sought.action:
        wanted.append(audit.c.action == sought.action)
    if sought.day:
        wanted += [audit.c.at >= start_of_day(sought.day), audit.c.at < end_of_day(sought.day)]
    return wanted


def rows_of(connection: Connection, sought: Sought, most: int, skip: int = 0) -> list[Noted]:
    """The rows sought, the newest first: at most so many, after skipping so many."""
    shown = audit.c.id, audit.c.at, audit.c.user, audit.c.action, audit.c.subject, audit.c.detail, people.c.name
    query = select(*shown).outerjoin(people, people.c.id == audit.c.subject).where(*_conditions(sought))
    found = connection.execute(query.order_by(audit.c.id.desc()).limit(most).offset(skip))
    return [Noted._make(row) for row in found]


def how_many(connection: Connection, sought: Sought) -> int:
    """How many rows are sought."""
    return connection.scalar(select(func.count()).select_from(audit).where(*_conditions(sought))) or 0


def actions(connection: Connection) -> list[str]:
    """Every action that the trail knows, in order."""
    return list(connection.scalars(select(audit.c.action).distinct().order_by(audit.c.action)))
