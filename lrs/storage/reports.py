"""What reports about more than one residential read: modules finished, posts held, and how places stand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, func, or_, select, type_coerce

from lrs.rules.readiness import Record, believed
from lrs.storage.database import Connection
from lrs.storage.programme_tables import appointments, cohorts, identifiers, people, places
from lrs.storage.records import RECORD, actors_of
from lrs.storage.tables import courses, evidence

FINISHED = ("completed", "passed")


class Finished(NamedTuple):
    """A module, or where its record names none a whole course, that somebody on a roster finished.

    ``chosen`` is the language that they chose for what is sent to them.
    """

    person: str
    chosen: str
    course: str
    record: Record


class Held(NamedTuple):
    """The first post of somebody: where, in which service, and from when until when."""

    person: str
    authority: str
    service: str | None
    starts: date | None
    ends: date | None

    def on(self, day: date) -> bool:
        """Whether it was theirs on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day < self.ends)


def finished_by_all(connection: Connection, as_at: datetime) -> list[Finished]:
    """Everything that people on rosters had finished by a moment, the earliest first; practice counts nowhere."""
    roster = (
        select(places.c.person, cohorts.c.course)
        .join(cohorts, cohorts.c.id == places.c.cohort)
        .where(cohorts.c.practice.is_(False))
        .distinct()
        .cte("roster")
    )
    since = type_coerce(courses.c.added_at, BigInteger)
    theirs = actors_of(identifiers.c.retired_at.is_(None)).cte("theirs")
    query = (
        select(people.c.id, people.c.language, evidence.c.course, since, *RECORD)
        .join_from(theirs, evidence, evidence.c.actor == theirs.c.actor)
        .join(roster, (roster.c.person == theirs.c.person) & (roster.c.course == evidence.c.course))
        .join(people, people.c.id == theirs.c.person)
        .join(courses, courses.c.id == evidence.c.course)
        .where(
            evidence.c.kind.in_(FINISHED),
            evidence.c.stored <= as_at,
            or_(evidence.c.voided_at.is_(None), evidence.c.voided_at > as_at),
        )
    )
    found = []
    # The driver's own tuples, as for a board: ten thousand of SQLAlchemy's rows cost as much again as the query.
    for person, chosen, course, known_since, *told in iter(connection.execute(query).cursor.fetchone, None):
        record = Record._make((*told, None, None))
        believable = known_since <= record.happened <= record.stored
        found.append(Finished(person, chosen, course, record if believable else believed(record, known_since)))
    return sorted(found, key=lambda one: one.record[:2])


def posts(connection: Connection) -> dict[str, list[Held]]:
    """Person -> the first posts that they hold or held, the newest first."""
    columns = (
        appointments.c.person,
        appointments.c.authority,
        appointments.c.service,
        appointments.c.starts,
        appointments.c.ends,
    )
    query = select(*columns).where(appointments.c.secondary.is_(False)).order_by(appointments.c.id.desc())
    found: dict[str, list[Held]] = {}
    for row in connection.execute(query):
        found.setdefault(row.person, []).append(Held(*row))
    return found


def place_reasons(connection: Connection, wanted: Sequence[str], as_at: datetime) -> dict[tuple[str, str], str]:
    """Residential and person -> the reason that their place stands as it did at a moment, where one was given."""
    recorded = places.c.cohort.in_(wanted), places.c.recorded_at <= as_at
    newest = select(func.max(places.c.id)).where(*recorded).group_by(places.c.cohort, places.c.person)
    query = select(places.c.cohort, places.c.person, places.c.reason).where(places.c.id.in_(newest))
    return {(cohort, person): reason for cohort, person, reason in connection.execute(query) if reason}
