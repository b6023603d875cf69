"""People, their identifiers, appointments and places, and the evidence that is theirs."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
)

from lrs.rules.readiness import CLAIMS, Record, day_in_wales, happened
from lrs.storage.database import Connection
from lrs.storage.programme_tables import appointments, identifiers, people, places
from lrs.storage.tables import actors, evidence

Identifier = tuple[str, str]  # kind (email or account) and value, as the table keeps them
AT_ONCE = 400  # identifiers looked up in one query: a database bounds the variables of a statement


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
    identifiers: frozenset[Identifier]


class Account(NamedTuple):
    """An identifier of a person: since when it is theirs, and whether the store has heard from it."""

    kind: str
    value: str
    added_at: datetime
    heard: bool


def _newest_place(cohort: str, as_at: datetime) -> Subquery:
    """The newest row of each person's place, as it had been recorded at a moment."""
    recorded = places.c.cohort == cohort, places.c.recorded_at <= as_at
    newest = select(func.max(places.c.id).label("id")).where(*recorded).group_by(places.c.person)
    return newest.subquery()


def _appointment(today: date) -> ScalarSelect[Any]:
    """The newest appointment in force on a day, of the person in the query around it."""
    begun = or_(appointments.c.starts.is_(None), appointments.c.starts <= today)
    not_over = or_(appointments.c.ends.is_(None), appointments.c.ends > today)
    newest = select(func.max(appointments.c.id)).where(appointments.c.person == people.c.id, begun, not_over)
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
    newest = _newest_place(cohort, as_at)
    query = (
        select(
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
        .order_by(people.c.name, people.c.id)
    )
    if authority is not None:
        query = query.where(appointments.c.authority == authority)
    if person is not None:
        query = query.where(people.c.id == person)
    return [Member._make(row) for row in connection.execute(query)]


def _in_use(cohort: str, person: str | None) -> list[ColumnElement[bool]]:
    """The identifiers in use of everybody on a roster, or of one person."""
    if person is not None:
        return [identifiers.c.retired_at.is_(None), identifiers.c.person == person]
    roster = select(places.c.person).where(places.c.cohort == cohort)
    return [identifiers.c.retired_at.is_(None), identifiers.c.person.in_(roster)]


def _theirs(cohort: str, person: str | None) -> CompoundSelect[Any]:
    """Each person of a residential with each of their actors, matched on exact identifiers and nothing else."""
    in_use = _in_use(cohort, person)
    pair = select(identifiers.c.person, actors.c.id.label("actor"))
    by_email = pair.join(actors, actors.c.email == identifiers.c.value).where(identifiers.c.kind == "email", *in_use)
    by_account = pair.join(actors, actors.c.ifi == identifiers.c.value).where(identifiers.c.kind == "account", *in_use)
    return union(by_email, by_account)


class Evidence(NamedTuple):
    """What a store knows of people: their records, and who has an account that it has heard from or been told of."""

    records: Mapping[str, Sequence[Record]]
    known: Set[str]


def evidence_about(
    connection: Connection, cohort: str, course: str, as_at: datetime, person: str | None = None
) -> Evidence:
    """The evidence about a course that had arrived by a moment, voided too, of each person on a roster.

    Of one person it is all there is. Of everybody it is every claim of completion, and the last launch only: people
    open a module as often as they like, and a board must not grow slower for it.
    """
    theirs = _theirs(cohort, person).cte("theirs")
    here = evidence.c.actor == theirs.c.actor, evidence.c.course == course, evidence.c.stored <= as_at
    told = here if person is not None else (*here, evidence.c.kind.in_(CLAIMS))
    # An outer join, because an account that has said nothing about this course is an account all the same.
    everything = select(theirs.c.person, *_RECORD).outerjoin_from(theirs, evidence, and_(*told))
    launches = [_last_launches(theirs, here, as_at)] if person is None else []
    records = _records(connection, union_all(everything, *launches))
    named = select(identifiers.c.person).where(identifiers.c.kind == "account", *_in_use(cohort, person))
    return Evidence(records, records.keys() | set(connection.scalars(named)))


def _last_launches(theirs: CTE, here: Sequence[ColumnElement[bool]], as_at: datetime) -> Select[Any]:
    """The last thing of each person that is no claim, as one row in the form of a record."""
    unsaid = literal(""), literal(""), null(), null()
    newest = theirs.c.person, func.max(_TIMESTAMP), func.max(_STORED), null(), literal("started"), *unsaid
    standing = or_(evidence.c.voided_at.is_(None), evidence.c.voided_at > as_at)
    launches = select(*newest).join_from(theirs, evidence, and_(*here))
    return launches.where(evidence.c.kind.not_in(CLAIMS), standing).group_by(theirs.c.person)


_STORED = type_coerce(evidence.c.stored, BigInteger)
_TIMESTAMP = type_coerce(evidence.c.timestamp, BigInteger)
# The columns of a Record, in its order but for the timestamp; moments are the whole microseconds they are stored as.
_RECORD = (
    _TIMESTAMP,
    _STORED,
    evidence.c.module,
    evidence.c.kind,
    evidence.c.grade,
    evidence.c.source,
    type_coerce(evidence.c.voided_at, BigInteger),
    evidence.c.language,
)


def _records(connection: Connection, query: CompoundSelect[Any]) -> dict[str, list[Record]]:
    """Person -> records, from rows of a person and the columns of ``_RECORD``; none where these are empty."""
    about: dict[str, list[Record]] = defaultdict(list)
    # The driver's own tuples, for ten thousand of SQLAlchemy's rows cost as much again as the query; and one at a time,
    # for ten thousand that live at once set the search for garbage going.
    for row in iter(connection.execute(query).cursor.fetchone, None):
        records = about[row[0]]
        if row[1] is not None:
            record = Record._make(row[1:])
            when = happened(record.happened, record.stored)
            records.append(record if when == record.happened else record._replace(happened=when))
    return about


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


def who_is_known_by(
    connection: Connection, cohort: str, wanted: Iterable[Identifier], as_at: datetime
) -> dict[Identifier, Known]:
    """Each of the identifiers that is or was somebody's -> that somebody, with their place on this residential."""
    found: dict[Identifier, Known] = {}
    rest = iter(sorted(set(wanted)))
    while some := list(islice(rest, AT_ONCE)):
        found.update(_known_by(connection, cohort, some, as_at))
    return found


def _known_by(
    connection: Connection, cohort: str, wanted: list[Identifier], as_at: datetime
) -> dict[Identifier, Known]:
    match = tuple_(identifiers.c.kind, identifiers.c.value).in_(wanted)
    owners = select(identifiers.c.person).where(match)
    newest = _newest_place(cohort, as_at)
    here = select(places.c.person, places.c.state).join(newest, newest.c.id == places.c.id).subquery()
    query = (
        select(
            people.c.id,
            people.c.name,
            people.c.language,
            func.coalesce(appointments.c.authority, ""),
            func.coalesce(appointments.c.role, ""),
            func.coalesce(here.c.state, ""),
        )
        .outerjoin(appointments, appointments.c.id == _appointment(day_in_wales(as_at)))
        .outerjoin(here, here.c.person == people.c.id)
        .where(people.c.id.in_(owners))
    )
    rows = list(connection.execute(query))
    every = select(identifiers.c.person, identifiers.c.kind, identifiers.c.value)
    every = every.where(identifiers.c.person.in_(owners))
    names: dict[str, set[Identifier]] = {}
    for owner, kind, value in connection.execute(every.order_by(identifiers.c.id)):
        names.setdefault(owner, set()).add((kind, value))
    known = [Known(*row, identifiers=frozenset(names[row[0]])) for row in rows]
    return {identifier: one for one in known for identifier in one.identifiers if identifier in set(wanted)}


def add_person(connection: Connection, name: str, language: str, now: datetime) -> str:
    """Keep a new person; their id, which never changes whatever else about them does."""
    person = str(uuid.uuid4())
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
        {"person": person, "authority": one.authority, "role": one.role, "recorded_at": now} for person, one in new
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


def appoint(connection: Connection, person: str, authority: str, role: str, now: datetime) -> None:
    """Appoint a person to an authority from today; whatever appointment they had ends today."""
    today = day_in_wales(now)
    running = appointments.c.person == person, appointments.c.ends.is_(None)
    before = connection.execute(update(appointments).where(*running).values(ends=today)).rowcount
    values: Mapping[str, Any] = {
        "person": person,
        "authority": authority,
        "role": role,
        "starts": today if before else None,
        "recorded_at": now,
    }
    connection.execute(insert(appointments).values(**values))


def place(connection: Connection, cohort: str, person: str, state: str, by: str, now: datetime) -> None:
    """Give a person a place, or another state of it; what they had before stays as history."""
    values = {"cohort": cohort, "person": person, "state": state, "recorded_at": now, "recorded_by": by}
    connection.execute(insert(places).values(**values))
