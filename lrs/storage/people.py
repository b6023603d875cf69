"""People, their identifiers, appointments and places, and the evidence that is theirs."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from lrs.rules.days import day_in_wales
from lrs.storage.database import Connection
from lrs.storage.programme_tables import appointments, identifiers, people, places
from lrs.storage.tables import actors

Identifier = tuple[str, str]  # kind (email or account) and value, as the table keeps them
AT_ONCE = 400  # identifiers named in one query: a database bounds the variables of a statement


class Member(NamedTuple):
    """Somebody on a residential's roster, with the council and place they have at the moment asked about."""

    person: str
    name: str
    language: str
    authority: str
    role: str
    place: str
    email: str


class Known(NamedTuple):
    """What is kept about somebody before a roster is imported; ``place`` is empty where they are not on it yet."""

    person: str
    name: str
    language: str
    authority: str
    role: str
    place: str
    service: str
    identifiers: frozenset[Identifier]


class Face(NamedTuple):
    """What tells one record of a person from another's; ``merged_into`` where it is another's now."""

    person: str
    name: str
    language: str
    authority: str
    role: str
    email: str
    created_at: datetime
    merged_into: str | None
    erased_at: datetime | None


class Post(NamedTuple):
    """An appointment beside the one that reports count: a joint post's other council."""

    person: str
    authority: str


class Account(NamedTuple):
    """An identifier of a person: since when it is theirs, and whether the store has heard from it."""

    kind: str
    value: str
    added_at: datetime
    heard: bool


def _newest_place(cohorts: Sequence[str], as_at: datetime) -> Subquery:
    """The newest row of each person's place on each of these, as it had been recorded at a moment."""
    recorded = places.c.cohort.in_(cohorts), places.c.recorded_at <= as_at
    newest = select(func.max(places.c.id).label("id")).where(*recorded).group_by(places.c.cohort, places.c.person)
    return newest.subquery()


def _appointment(today: date) -> ScalarSelect[Any]:
    """The newest appointment in force on a day, of the person in the query around it."""
    first = appointments.c.secondary.is_(False)  # of a joint post only the council that reports count
    begun = or_(appointments.c.starts.is_(None), appointments.c.starts <= today)
    not_over = or_(appointments.c.ends.is_(None), appointments.c.ends > today)
    newest = select(func.max(appointments.c.id)).where(appointments.c.person == people.c.id, first, begun, not_over)
    return newest.correlate(people).scalar_subquery()


def _address() -> ScalarSelect[Any]:
    """The newest e-mail address in use, of the person in the query around it."""
    mine = identifiers.c.person == people.c.id, identifiers.c.kind == "email", identifiers.c.retired_at.is_(None)
    newest = select(identifiers.c.value).where(*mine).order_by(identifiers.c.id.desc()).limit(1)
    return newest.correlate(people).scalar_subquery()


def who_is_on(
    connection: Connection, cohort: str, as_at: datetime, authority: str | None = None, person: str | None = None
) -> list[Member]:
    """The roster of a residential as at a moment, by name; of one authority, or one person, where that is asked."""
    return rosters(connection, [cohort], as_at, authority, person)[cohort]


def rosters(
    connection: Connection,
    cohorts: Sequence[str],
    as_at: datetime,
    authority: str | None = None,
    person: str | None = None,
) -> dict[str, list[Member]]:
    """Each of these residentials -> its roster, as `who_is_on` tells it."""
    newest = _newest_place(cohorts, as_at)
    query = (
        select(
            places.c.cohort,
            people.c.id,
            people.c.name,
            people.c.language,
            func.coalesce(appointments.c.authority, ""),
            func.coalesce(appointments.c.role, ""),
            places.c.state,
            func.coalesce(_address(), ""),
        )
        .select_from(newest)
        .join(places, places.c.id == newest.c.id)
        .join(people, people.c.id == places.c.person)
        .outerjoin(appointments, appointments.c.id == _appointment(day_in_wales(as_at)))
        .where(people.c.merged_into.is_(None))  # whoever turned out to be somebody else has no line of their own
        .order_by(people.c.name, people.c.id)
    )
    if authority is not None:
        query = query.where(appointments.c.authority == authority)
    if person is not None:
        query = query.where(people.c.id == person)
    found: dict[str, list[Member]] = {cohort: [] for cohort in cohorts}
    for row in connection.execute(query):
        found[row[0]].append(Member._make(row[1:]))
    return found


def accounts_of(connection: Connection, person: str) -> list[Account]:
    """The identifiers of a person that are in use, oldest first."""
    heard = (
        select(actors.c.id)
        .where(or_(actors.c.email == identifiers.c.value, actors.c.ifi == identifiers.c.value))
        .exists()
    )
    query = select(identifiers.c.kind, identifiers.c.value, identifiers.c.added_at, heard).where(
        identifiers.c.person == person, identifiers.c.retired_at.is_(None)
    )
    return [Account(*row) for row in connection.execute(query.order_by(identifiers.c.id))]


def once_theirs() -> ColumnElement[bool]:
    """An identifier is or was its person's: not one that was taken for theirs by mistake, which lasted no time."""
    return or_(identifiers.c.retired_at.is_(None), identifiers.c.retired_at > identifiers.c.added_at)


def who_is_known_by(
    connection: Connection, cohort: str, wanted: Iterable[Identifier], as_at: datetime
) -> dict[Identifier, Known]:
    """Each of the identifiers that is or was somebody's -> that somebody, with their place on this residential.

    Of many identifiers everybody's are read and looked through here: to name them all to the database takes longer.
    """
    asked = set(wanted)
    every = select(identifiers.c.person, identifiers.c.kind, identifiers.c.value).where(once_theirs())
    if len(asked) <= AT_ONCE:
        match = tuple_(identifiers.c.kind, identifiers.c.value).in_(asked)
        every = every.where(identifiers.c.person.in_(select(identifiers.c.person).where(match)))
    names: dict[str, list[Identifier]] = {}
    owners: dict[Identifier, str] = {}
    for owner, kind, value in connection.execute(every.order_by(identifiers.c.id)):
        names.setdefault(owner, []).append((kind, value))
        if (kind, value) in asked:
            owners[kind, value] = owner
    meant = set(owners.values())
    known = {
        row[0]: Known._make((*row, frozenset(names[row[0]])))
        for row in connection.execute(_people_here(cohort, as_at, list(meant)))
        if row[0] in meant
    }
    return {identifier: known[owner] for identifier, owner in owners.items()}


def _people_here(cohort: str, as_at: datetime, wanted: Sequence[str]) -> Select[Any]:
    """These people with what is known of them at a moment, and perhaps others too."""
    newest = _newest_place([cohort], as_at)
    here = select(places.c.person, places.c.state).join(newest, newest.c.id == places.c.id).subquery()
    query = (
        select(
            people.c.id,
            people.c.name,
            people.c.language,
            func.coalesce(appointments.c.authority, ""),
            func.coalesce(appointments.c.role, ""),
            func.coalesce(here.c.state, ""),
            func.coalesce(appointments.c.service, ""),
        )
        .outerjoin(appointments, appointments.c.id == _appointment(day_in_wales(as_at)))
        .outerjoin(here, here.c.person == people.c.id)
    )
    return query.where(people.c.id.in_(wanted)) if len(wanted) <= AT_ONCE else query


def faces(connection: Connection, wanted: Sequence[str], as_at: datetime) -> dict[str, Face]:
    """Person -> what tells them from others, of those who are known; also of records that are another's now."""
    found = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            select(
                people.c.id,
                people.c.name,
                people.c.language,
                func.coalesce(appointments.c.authority, ""),
                func.coalesce(appointments.c.role, ""),
                func.coalesce(_address(), ""),
                people.c.created_at,
                people.c.merged_into,
                people.c.erased_at,
            )
            .outerjoin(appointments, appointments.c.id == _appointment(day_in_wales(as_at)))
            .where(people.c.id.in_(wanted[start : start + AT_ONCE]))
        )
        found.update({row[0]: Face._make(row) for row in connection.execute(query)})
    return found


def add_person(connection: Connection, name: str, language: str, now: datetime, person: str = "") -> str:
    """Keep a new person; their id, a new one where none is given, which never changes whatever else about them does."""
    person = person or str(uuid.uuid4())
    connection.execute(insert(people).values(id=person, name=name, language=language, created_at=now))
    return person


class Newcomer(NamedTuple):
    """Somebody not known before, with their council and their place on a residential."""

    name: str
    language: str
    authority: str
    role: str
    place: str
    identifiers: tuple[Identifier, ...]
    service: str = ""  # education, children or both
    second: str = ""  # a joint post's other council


def add_people(connection: Connection, cohort: str, newcomers: Sequence[Newcomer], by: str, now: datetime) -> None:
    """Keep new people with everything about them, many rows at once: while a long roster comes in nobody can write."""
    new = [(str(uuid.uuid4()), one) for one in newcomers]
    if not new:
        return
    named = [{"id": person, "name": one.name, "language": one.language, "created_at": now} for person, one in new]
    identified = [
        {"person": person, "kind": kind, "value": value, "added_at": now}
        for person, one in new
        for kind, value in one.identifiers
    ]
    appointed = [
        {"person": person, "authority": authority, "role": one.role, "recorded_at": now}
        | {"service": one.service or None, "secondary": authority == one.second}
        for person, one in new
        for authority in (one.authority, one.second)
        if authority
    ]
    placed = [
        {"cohort": cohort, "person": person, "state": one.place, "recorded_at": now, "recorded_by": by}
        for person, one in new
    ]
    for table, rows in ((people, named), (identifiers, identified), (appointments, appointed), (places, placed)):
        connection.execute(insert(table), rows)


def correct(connection: Connection, person: str, name: str, language: str) -> None:
    """Put right a person's name and chosen language."""
    connection.execute(update(people).where(people.c.id == person).values(name=name, language=language))


def identify(connection: Connection, person: str, named: Iterable[Identifier], now: datetime) -> None:
    """Say that these identifiers, not held by anybody yet, are this person's."""
    rows = [{"person": person, "kind": kind, "value": value, "added_at": now} for kind, value in sorted(named)]
    if rows:
        connection.execute(insert(identifiers), rows)


def appoint(connection: Connection, person: str, authority: str, role: str, now: datetime, service: str = "") -> None:
    """Appoint a person to an authority from today; the first post they had, or a second one there, ends today."""
    today = day_in_wales(now)
    replaced = or_(appointments.c.secondary.is_(False), appointments.c.authority == authority)
    running = appointments.c.person == person, appointments.c.ends.is_(None), replaced
    before = connection.execute(update(appointments).where(*running).values(ends=today)).rowcount
    values: Mapping[str, Any] = {
        "person": person,
        "authority": authority,
        "role": role,
        "starts": today if before else None,
        "recorded_at": now,
        "service": service or None,
    }
    connection.execute(insert(appointments).values(**values))


def second_posts_of(connection: Connection, person: str | None, as_at: datetime) -> list[Post]:
    """The second posts in force on the day of a moment, of one person or of everybody."""
    today = day_in_wales(as_at)
    query = select(appointments.c.person, appointments.c.authority).where(
        appointments.c.secondary,
        or_(appointments.c.starts.is_(None), appointments.c.starts <= today),
        or_(appointments.c.ends.is_(None), appointments.c.ends > today),
    )
    if person is not None:
        query = query.where(appointments.c.person == person)
    return [Post(*row) for row in connection.execute(query.order_by(appointments.c.id))]


def appoint_also(connection: Connection, person: str, authority: str, now: datetime) -> None:
    """Say that a person works for another authority too; counts stay with the first."""
    values = {"person": person, "authority": authority, "role": "", "starts": day_in_wales(now), "recorded_at": now}
    connection.execute(insert(appointments).values(**values, secondary=True))


def place(
    connection: Connection,
    cohort: str,
    person: str,
    state: str,
    by: str,
    now: datetime,
    reason: str | None = None,
    went_to: str | None = None,
) -> None:
    """Give a person a place, or another state of it; what they had before stays as history.

    ``reason`` is a code, ``went_to`` the residential they were deferred to or the person who comes instead.
    """
    values = {"cohort": cohort, "person": person, "state": state, "recorded_at": now, "recorded_by": by}
    connection.execute(insert(places).values(**values, reason=reason, went_to=went_to))
