"""Evidence rows: written with the statements they come from, marked when those are voided, never changed otherwise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update

from lrs.rules.actors import identifier
from lrs.rules.evidence import Outline, evidence, outline
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


def record(
    connection: Connection,
    statements: Sequence[dict[str, Any]],
    actors: dict[str, int],
    voided: set[str],
    source: str,
    grade: str,
    now: datetime,
) -> None:
    """Write what these new statements show about registered courses; ``actors`` has each actor's number."""
    about = _about_courses(connection, statements)
    outlines = _outlines(connection, {activity.course for _, activity in about})
    new: list[Row] = []
    for statement, activity in about:
        found = evidence(statement, outlines[activity.course])
        if found is not None:
            number, stored = statement["id"].lower(), microseconds(now)
            actor = actors[identifier(statement["actor"]) or ""]
            when = microseconds(moment(statement["timestamp"]))
            what = (number, actor, activity.course, activity.module, found.kind, when, stored)
            how = (found.language, found.version, found.authority, grade, source, stored if number in voided else None)
            new.append(what + how)
    insert(connection, "evidence", COLUMNS, new)


def _about_courses(
    connection: Connection, statements: Sequence[dict[str, Any]]
) -> list[tuple[dict[str, Any], Activity]]:
    """The statements whose object is a registered course or module, each with that activity."""
    known = {row[0]: Activity(*row) for row in rows_where_in(connection, *question(statements))}
    return [
        (one, known[one["object"]["id"]]) for one in statements if _is_activity(one) and one["object"]["id"] in known
    ]


def question(statements: Sequence[dict[str, Any]]) -> Question:
    """What `record` will ask of these statements: which of their objects are registered courses or modules."""
    return ACTIVITIES, list({statement["object"]["id"] for statement in statements if _is_activity(statement)})


def _outlines(connection: Connection, courses: set[str]) -> dict[str, Outline]:
    found = rows_where_in(connection, "SELECT id, outline FROM courses WHERE id IN", list(courses))
    return {row[0]: outline(row[1]) for row in found}


def _is_activity(statement: dict[str, Any]) -> bool:
    return bool(statement["object"].get("objectType", "Activity") == "Activity")


def void(connection: Connection, statements: Sequence[str], now: datetime) -> None:
    """Mark the evidence of these statements as voided, for good."""
    marked = table.c.statement.in_(statements) & table.c.voided_at.is_(None)
    connection.execute(update(table).where(marked).values(voided_at=now))
