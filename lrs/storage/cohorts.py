"""Residentials: their dates, what they ask for, and what was decided about the people on them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, insert, select

from lrs.rules.readiness import Decision, Module, Plan
from lrs.storage.database import Connection
from lrs.storage.programme_tables import cohorts, decisions
from lrs.storage.tables import courses, evidence


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

    def title(self, language: str) -> str:
        """The title in ``en`` or ``cy``."""
        return self.title_cy if language == "cy" else self.title_en

    def module_titles(self, language: str) -> dict[str, str]:
        """Module id -> title in ``en`` or ``cy``, in the order of the course."""
        return {module["id"]: module["title"][language] for module in self.outline["modules"]}

    @property
    def plan(self) -> Plan:
        """What the residential asks of each person, as the rules of readiness take it."""
        outlined = {module["id"]: module for module in self.outline["modules"]}
        modules = tuple(_module(one, outlined.get(one, {})) for one in self.required)
        return Plan(modules, self.opens, self.target, self.cut_off, self.least_grade)


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
)


def _cohort(row: Row[*tuple[Any, ...]]) -> Cohort:
    fields = row._asdict()
    fields["required"] = tuple(json.loads(fields["required"]))
    fields["outline"] = json.loads(fields["outline"])
    return Cohort(**fields)


def which_cohorts(connection: Connection) -> list[Cohort]:
    """Every residential, the latest first."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course)
    return [_cohort(row) for row in connection.execute(query.order_by(cohorts.c.starts.desc(), cohorts.c.id))]


def cohort_called(connection: Connection, cohort: str) -> Cohort | None:
    """The residential of that id, if there is one."""
    query = select(*_SHOWN).join(courses, courses.c.id == cohorts.c.course).where(cohorts.c.id == cohort)
    row = connection.execute(query).first()
    return _cohort(row) if row else None


def which_courses(connection: Connection) -> list[Course]:
    """Every course the store knows, by id."""
    query = select(courses.c.id, courses.c.title_en, courses.c.title_cy, courses.c.version, courses.c.outline)
    return [
        Course(row.id, row.title_en, row.title_cy, row.version, json.loads(row.outline))
        for row in connection.execute(query.order_by(courses.c.id))
    ]


def add_cohort(connection: Connection, cohort: Mapping[str, Any], required: Sequence[str], now: datetime) -> None:
    """Keep a new residential; ``cohort`` has the columns of its table but ``required``. Raises CohortExists."""
    if connection.scalar(select(cohorts.c.id).where(cohorts.c.id == cohort["id"])):
        raise CohortExists(cohort["id"])
    connection.execute(insert(cohorts).values(**cohort, required=json.dumps(list(required)), created_at=now))


def decisions_about(connection: Connection, cohort: str, person: str | None = None) -> dict[str, list[Decision]]:
    """Person -> the decisions made about them on this residential, oldest first; of everybody or of one person."""
    query = select(decisions).where(decisions.c.cohort == cohort).order_by(decisions.c.id)
    if person is not None:
        query = query.where(decisions.c.person == person)
    about: dict[str, list[Decision]] = {}
    for row in connection.execute(query):
        made = Decision(row.module, row.kind, row.reason, row.recorded_at, row.recorded_by, row.until, row.withdrawn_at)
        about.setdefault(row.person, []).append(made)
    return about


def decide(connection: Connection, cohort: str, person: str, decision: Decision) -> None:
    """Keep a decision about one person."""
    values = decision._asdict()
    connection.execute(insert(decisions).values(cohort=cohort, person=person, **values))


def newest_record(connection: Connection, course: str) -> datetime | None:
    """When the newest piece of evidence for a course arrived."""
    return connection.scalar(select(func.max(evidence.c.stored)).where(evidence.c.course == course))
