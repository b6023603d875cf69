"""Residentials: their dates, what they ask for, and what was decided about the people on them."""

import json
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, func, insert, select, update

from lrs.rules.instants import microseconds
from lrs.rules.outages import Outage
from lrs.rules.readiness import Decision, Module, Plan, major
from lrs.storage.database import Connection
from lrs.storage.equivalences import Equivalence, every_equivalence
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


Pinned = tuple[str, int]  # a course, and the major version of it that counts


def _cohorts(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Cohort]:
    """The residentials of these rows, with what is kept beside them: few questions, however many they are."""
    away = every_outage(connection)
    pinned = [row for row in rows if row.major is not None]
    said = every_equivalence(connection, {row.course for row in pinned})
    outlines = _outlines(connection, {(row.course, row.major) for row in pinned if major(row.version) != row.major})
    found = []
    for row in rows:
        fields = row._asdict()
        del fields["version"]
        fields["required"] = tuple(json.loads(row.required))
        fields["outline"] = orjson.loads(outlines.get((row.course, row.major)) or row.outline)
        stand_in = said.get(row.course, ()) if row.major is not None else ()
        found.append(Cohort(**fields, equivalences=stand_in, outages=away))
    return found


def _outlines(connection: Connection, wanted: Set[Pinned]) -> dict[Pinned, str]:
    """The course.json of the newest package of each major version, where there is one."""
    if not wanted:
        return {}
    known = select(packages.c.id, packages.c.course, packages.c.version)
    known = known.where(packages.c.course.in_({course for course, _ in wanted}))
    newest: dict[Pinned, str] = {}
    for row in connection.execute(known.order_by(packages.c.added_at.desc(), packages.c.id)):
        number = major(row.version)
        if number is not None and (row.course, number) in wanted:
            newest.setdefault((row.course, number), row.id)
    query = select(packages.c.id, packages.c.outline).where(packages.c.id.in_(list(newest.values())))
    outlines = {row.id: row.outline for row in connection.execute(query)}
    return {pinned: outlines[package] for pinned, package in newest.items()}


def which_cohorts(connection: Connection) -> list[Cohort]:
    """Every residential, the latest first."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course)
    rows = connection.execute(query.order_by(cohorts.c.starts.desc(), cohorts.c.id)).all()
    return _cohorts(connection, rows)


def cohort_called(connection: Connection, cohort: str) -> Cohort | None:
    """The residential of that id, if there is one."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course).where(cohorts.c.id == cohort)
    rows = connection.execute(query).all()
    return _cohorts(connection, rows)[0] if rows else None


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
    return decisions_on(connection, [cohort], person)[cohort]


def decisions_on(
    connection: Connection, wanted: Sequence[str], person: str | None = None
) -> dict[str, dict[str, list[Decision]]]:
    """Each of these residentials -> the decisions on it, as `decisions_about` tells them."""
    query = select(decisions).where(decisions.c.cohort.in_(wanted)).order_by(decisions.c.id)
    if person is not None:
        query = query.where(decisions.c.person == person)
    about: dict[str, dict[str, list[Decision]]] = {cohort: {} for cohort in wanted}
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
        about[row.cohort].setdefault(row.person, []).append(made)
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
