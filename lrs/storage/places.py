"""How places on residentials came to be what they are, and what they are now."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import cohorts, people, places


class Step(NamedTuple):
    """One state of a place. ``other`` is the name of whoever comes instead, where somebody does."""

    state: str
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    went_to: str | None
    other: str | None


class Elsewhere(NamedTuple):
    """A person's place on a residential: how it stands, when that begins, and how often they were deferred from it."""

    cohort: str
    starts: date
    state: str
    deferred: int


def history_of(connection: Connection, cohort: str, person: str, as_at: datetime) -> list[Step]:
    """Every state of a person's place on a residential that had been recorded at a moment, newest first."""
    query = (
        select(
            places.c.state,
            places.c.recorded_at,
            places.c.recorded_by,
            places.c.reason,
            places.c.went_to,
            people.c.name,
        )
        .outerjoin(people, people.c.id == places.c.went_to)
        .where(places.c.cohort == cohort, places.c.person == person, places.c.recorded_at <= as_at)
    )
    return [Step(*row) for row in connection.execute(query.order_by(places.c.id.desc()))]


def states_here(connection: Connection, cohort: str) -> dict[str, str]:
    """Person -> the state of their place on a residential now; of a record that is another's by now there is none."""
    newest = select(func.max(places.c.id)).where(places.c.cohort == cohort).group_by(places.c.person)
    query = select(places.c.person, places.c.state).where(places.c.id.in_(newest))
    query = query.join(people, people.c.id == places.c.person).where(people.c.merged_into.is_(None))
    return {row.person: row.state for row in connection.execute(query)}


def known_since(connection: Connection, cohort: str) -> dict[str, datetime]:
    """Person -> when they first came to a residential's list."""
    first = select(places.c.person, func.min(places.c.recorded_at).label("at")).where(places.c.cohort == cohort)
    return {row.person: row.at for row in connection.execute(first.group_by(places.c.person))}


def residentials_of(connection: Connection, person: str) -> list[Elsewhere]:
    """Every residential that a person is or was on, the earliest first."""
    query = (
        select(places.c.cohort, cohorts.c.starts, places.c.state)
        .join(cohorts, cohorts.c.id == places.c.cohort)
        .where(places.c.person == person)
        .order_by(cohorts.c.starts, places.c.cohort, places.c.id)
    )
    found: dict[str, Elsewhere] = {}
    for cohort, starts, state in connection.execute(query):
        before = found[cohort].deferred if cohort in found else 0
        found[cohort] = Elsewhere(cohort, starts, state, before + (state == "deferred"))
    return list(found.values())


def keep_others_out(connection: Connection, cohort: str) -> None:
    """Let nobody else change the places of a residential until this transaction ends: what is counted stays so."""
    connection.execute(select(cohorts.c.id).where(cohorts.c.id == cohort).with_for_update()).all()
