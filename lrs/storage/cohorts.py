"""Residentials: their dates, what they ask for, and what was decided about the people on them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, func, insert, select, update

from lrs.rules.instants import microseconds
from lrs.rules.outages import Outage
from lrs.rules.readiness import Decision, Module, Plan, major
from lrs.storage.database import Connection
from lrs.storage.equivalences import Equivalence, equivalences_of
from lrs.storage.outages import KeptOutage, every_outage
from lrs.storage.programme_tables import cohorts, decisions
from lrs.storage.tables import courses, evidence, packages


class Cohort(NamedTuple):
    """A residential and the course it asks for. ``outline`` is that course's course.json."""

    id: str
    title_en: str
    title_cy: str
    course: str
    required: tuple[str, ...]
    least_grade: str
    opens: date
    target: date
    cut_off: date
    starts: date
    ends: date
    outline: Mapping[str, Any]
    major: int | None  # the content's major version that counts; None for any
    practice: bool  # for rehearsal: counted nowhere
    known_since: datetime  # when the store came to know the course
    equivalences: tuple[Equivalence, ...]
    outages: tuple[KeptOutage, ...]
    capacity: int | None = None  # how many places there are; None where nobody counts
    venue_en: str | None = None
    venue_cy: str | None = None

    def title(self, language: str) -> str:
        """The title in ``en`` or ``cy``."""
        return self.title_cy if language == "cy" else self.title_en

    def venue(self, language: str) -> str:
        """Where it is, in ``en`` or ``cy``, or in the other language where only that is known."""
        both = (self.venue_cy, self.venue_en) if language == "cy" else (self.venue_en, self.venue_cy)
        return both[0] or both[1] or ""

    def module_titles(self, language: str) -> dict[str, str]:
        """Module id -> title in ``en`` or ``cy``, in the order of the course."""
        return {module["id"]: module["title"][language] for module in self.outline["modules"]}

    @property
    def plan(self) -> Plan:
        """What the residential asks of each person, as the rules of readiness take it, by all that is known now."""
        return self._plan(self.equivalences, self.outages)

    def plan_at(self, as_at: datetime) -> Plan:
        """The same by what had been recorded at a moment."""
        return self._plan(
            [one for one in self.equivalences if one.recorded_at <= as_at],
            [one for one in self.outages if one.recorded_at <= as_at],
        )

    def _plan(self, said: Sequence[Equivalence], outages: Sequence[KeptOutage]) -> Plan:
        outlined = {module["id"]: module for module in self.outline["modules"]}
        modules = tuple(_module(one, outlined.get(one, {})) for one in self.required)
        equivalent = frozenset((one.module, one.done) for one in said if one.wanted == self.major)
        away = tuple(Outage(microseconds(one.began), microseconds(one.ended)) for one in outages)
        dates = self.opens, self.target, self.cut_off
        return Plan(modules, *dates, self.least_grade, self.major, equivalent, away)


class Course(NamedTuple):
    """A course that a residential may ask for."""

    id: str
    title_en: str
    title_cy: str
    version: str
    outline: Mapping[str, Any]


class CohortExists(Exception):
    """Another residential already has this id."""


def _module(module: str, outlined: Mapping[str, Any]) -> Module:
    return Module(module, int(outlined.get("minutes", 0)), outlined.get("complete-when") == "passed")


_SHOWN = (
    cohorts.c.id,
    cohorts.c.title_en,
    cohorts.c.title_cy,
    cohorts.c.course,
    cohorts.c.required,
    cohorts.c.least_grade,
    cohorts.c.opens,
    cohorts.c.target,
    cohorts.c.cut_off,
    cohorts.c.starts,
    cohorts.c.ends,
    courses.c.outline,
    cohorts.c.major,
    cohorts.c.practice,
    cohorts.c.capacity,
    cohorts.c.venue_en,
    cohorts.c.venue_cy,
    courses.c.added_at.label("known_since"),
    courses.c.version,
)


def _cohort(connection: Connection, row: Row[*tuple[Any, ...]], away: tuple[KeptOutage, ...]) -> Cohort:
    fields = row._asdict()
    fields["required"] = tuple(json.loads(fields["required"]))
    newest = fields.pop("version")
    other = row.major is not None and major(newest) != row.major and _outline_of(connection, row.course, row.major)
    fields["outline"] = orjson.loads(other or row.outline)
    said = equivalences_of(connection, row.course) if row.major is not None else ()
    return Cohort(**fields, equivalences=said, outages=away)


def _outline_of(connection: Connection, course: str, wanted: int) -> str | None:
    """The course.json of the newest package of a major version, where there is one."""
    known = select(packages.c.id, packages.c.version).where(packages.c.course == course)
    for row in connection.execute(known.order_by(packages.c.added_at.desc(), packages.c.id)).all():
        if major(row.version) == wanted:
            return connection.scalar(select(packages.c.outline).where(packages.c.id == row.id))
    return None


def which_cohorts(connection: Connection) -> list[Cohort]:
    """Every residential, the latest first."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course)
    rows = connection.execute(query.order_by(cohorts.c.starts.desc(), cohorts.c.id)).all()
    away = every_outage(connection)
    return [_cohort(connection, row, away) for row in rows]


def cohort_called(connection: Connection, cohort: str) -> Cohort | None:
    """The residential of that id, if there is one."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course).where(cohorts.c.id == cohort)
    row = connection.execute(query).first()
    return _cohort(connection, row, every_outage(connection)) if row else None


def which_courses(connection: Connection) -> list[Course]:
    """Every course the store knows, by id."""
    query = select(courses.c.id, courses.c.title_en, courses.c.title_cy, courses.c.version, courses.c.outline)
    return [
        Course(row.id, row.title_en, row.title_cy, row.version, orjson.loads(row.outline))
        for row in connection.execute(query.order_by(courses.c.id))
    ]


def add_cohort(connection: Connection, cohort: Mapping[str, Any], required: Sequence[str], now: datetime) -> None:
    """Keep a new residential; ``cohort`` has the columns of its table but ``required``. Raises CohortExists."""
    if connection.scalar(select(cohorts.c.id).where(cohorts.c.id == cohort["id"])):
        raise CohortExists(cohort["id"])
    connection.execute(insert(cohorts).values(**cohort, required=json.dumps(list(required)), created_at=now))


def change_cohort(connection: Connection, cohort: str, values: Mapping[str, Any]) -> None:
    """Keep a residential's columns otherwise."""
    connection.execute(update(cohorts).where(cohorts.c.id == cohort).values(**values))


def decisions_about(connection: Connection, cohort: str, person: str | None = None) -> dict[str, list[Decision]]:
    """Person -> the decisions made about them on this residential, oldest first; of everybody or of one person."""
    query = select(decisions).where(decisions.c.cohort == cohort).order_by(decisions.c.id)
    if person is not None:
        query = query.where(decisions.c.person == person)
    about: dict[str, list[Decision]] = {}
    for row in connection.execute(query):
        made = Decision(
            row.module,
            row.kind,
            row.reason,
            row.recorded_at,
            row.recorded_by,
            row.until,
            row.withdrawn_at,
            row.id,
        )
        about.setdefault(row.person, []).append(made)
    return about


def decide(connection: Connection, cohort: str, person: str, decision: Decision) -> None:
    """Keep a decision about one person."""
    values = decision._asdict()
    del values["id"]
    connection.execute(insert(decisions).values(cohort=cohort, person=person, **values))


def take_back(connection: Connection, cohort: str, person: str, decision: int, now: datetime) -> bool:
    """Withdraw a decision from now on; it stays on the record. False where none of that number is in force."""
    here = decisions.c.id == decision, decisions.c.cohort == cohort, decisions.c.person == person
    standing = update(decisions).where(*here, decisions.c.withdrawn_at.is_(None))
    return connection.execute(standing.values(withdrawn_at=now)).rowcount == 1


def newest_record(connection: Connection, course: str) -> datetime | None:
    """When the newest piece of evidence for a course arrived."""
    return connection.scalar(select(func.max(evidence.c.stored)).where(evidence.c.course == course))
