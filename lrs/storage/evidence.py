"""Evidence rows: written with the statements they come from, marked when those are voided, never changed otherwise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update

from lrs.rules.actors import identifier
from lrs.rules.evidence import Outline, activities, evidence, outline
from lrs.rules.formats import moment
from lrs.rules.instants import microseconds
from lrs.storage.database import Connection
from lrs.storage.rows import Question, Row, insert, rows_where_in
from lrs.storage.tables import evidence as table

ACTIVITIES = "SELECT iri, course, module FROM course_activities WHERE kind IN ('course', 'module') AND iri IN"
COLUMNS = (
    "statement", "actor", "course", "module", "kind", "timestamp", "stored",
    "language", "version", "authority", "grade", "source", "voided_at",
)  # fmt: skip


class Activity(NamedTuple):
    """A registered course or module: ``module`` is None for a course."""

    iri: str
    course: str
    module: str | None


class Graded(NamedTuple):
    """A statement, where it came from in words for people, and the grade of its evidence."""

    statement: dict[str, Any]
    source: str
    grade: str


def record(
    connection: Connection, told: Sequence[Graded], actors: dict[str, int], voided: set[str], now: datetime
) -> None:
    """Write what these new statements show about registered courses; ``actors`` has each actor's number."""
    about = _about_courses(connection, told)
    outlines = _outlines(connection, {activity.course for _, activity in about})
    new: list[Row] = []
    for (statement, source, grade), activity in about:
        found = evidence(statement, outlines[activity.course])
        if found is not None:
            number, stored = statement["id"].lower(), microseconds(now)
            actor = actors[identifier(statement["actor"]) or ""]
            when = microseconds(moment(statement["timestamp"]))
            what = (number, actor, activity.course, activity.module, found.kind, when, stored)
            how = (found.language, found.version, found.authority, grade, source, stored if number in voided else None)
            new.append(what + how)
    insert(connection, "evidence", COLUMNS, new)


def _about_courses(connection: Connection, told: Sequence[Graded]) -> list[tuple[Graded, Activity]]:
    """The statements about a registered course or module, each with that activity."""
    asked = question([one.statement for one in told])
    known = {row[0]: Activity(*row) for row in rows_where_in(connection, *asked)}
    about = ((one, _registered(activities(one.statement), known)) for one in told)
    return [(one, activity) for one, activity in about if activity]


def _registered(iris: Sequence[str], known: dict[str, Activity]) -> Activity | None:
    """What a statement is about: its object where that is known, or the narrowest of what else may name it."""
    found = [known[iri] for iri in iris if iri in known]
    if not found or found[0].iri == iris[0]:
        return found[0] if found else None
    return next((one for one in found if one.module), found[0])


def question(statements: Sequence[dict[str, Any]]) -> Question:
    """What `record` will ask of these statements: which activities that they name are registered."""
    return ACTIVITIES, list({iri for statement in statements for iri in activities(statement)})


def _outlines(connection: Connection, courses: set[str]) -> dict[str, Outline]:
    found = rows_where_in(connection, "SELECT id, outline FROM courses WHERE id IN", list(courses))
    return {row[0]: outline(row[1]) for row in found}


def void(connection: Connection, statements: Sequence[str], now: datetime) -> None:
    """Mark the evidence of these statements as voided, for good."""
    marked = table.c.statement.in_(statements) & table.c.voided_at.is_(None)
    connection.execute(update(table).where(marked).values(voided_at=now))
