"""What somebody chose to send to the programme lead of what they wrote in a course, as they sent it last."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import and_, select

from lrs.rules.formats import moment
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.programme_tables import identifiers
from lrs.storage.records import actors_of
from lrs.storage.tables import course_activities, iris, statement_activities, statement_actors, statements

LONGEST = 10_000  # signs of a text that are shown; a package sends no more
MOST = 200  # statements of one person that are looked at, the newest
GAP = " …"


class Sent(NamedTuple):
    """One piece of writing as it was sent last; ``asked`` has what it asks by language, where the course still does."""

    module: str
    asked: Mapping[str, str]
    at: datetime
    words: str


def sent_by(connection: Connection, cohort: Cohort, person: str, as_at: datetime) -> list[Sent]:
    """What a person had sent of what they wrote in a residential's course by a moment, in the order of the course."""
    pieces = {
        one["iri"]: one["title"]
        for module in cohort.outline["modules"]
        for one in module.get("reflections", ())
        if "iri" in one
    }
    order = {iri: place for place, iri in enumerate(pieces)}
    found: dict[str, Sent] = {}
    for iri, module, statement in _answers(connection, cohort, person, as_at):
        words = (statement.get("result") or {}).get("response")
        if iri not in found and isinstance(words, str) and statement["actor"].get("objectType") != "Group":
            told = words if len(words) <= LONGEST else words[:LONGEST] + GAP
            found[iri] = Sent(module, pieces.get(iri, {}), moment(statement["timestamp"]), told)
    return [found[iri] for iri in sorted(found, key=lambda iri: (order.get(iri, len(order)), iri))]


def _answers(
    connection: Connection, cohort: Cohort, person: str, as_at: datetime
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The statements of a person about pieces of writing of a course: piece, module and statement, the newest first."""
    theirs = actors_of(identifiers.c.retired_at.is_(None), identifiers.c.person == person).cte("theirs")
    about, by = statement_activities.c, statement_actors.c
    query = (
        select(course_activities.c.iri, course_activities.c.module, statements.c.payload)
        .join_from(course_activities, iris, iris.c.iri == course_activities.c.iri)
        .join(statement_activities, and_(about.activity == iris.c.id, about.direct == 1))
        .join(statement_actors, and_(by.seq == about.seq, by.direct == 1))
        .join(theirs, theirs.c.actor == by.actor)
        .join(statements, statements.c.seq == by.seq)
        .where(course_activities.c.course == cohort.course, course_activities.c.kind == "reflection")
        .where(statements.c.voided.is_(False), statements.c.stored <= as_at)
    )
    for iri, module, payload in connection.execute(query.order_by(statements.c.seq.desc()).limit(MOST)):
        yield iri, module, orjson.loads(payload)
