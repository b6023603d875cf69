"""Accounts that are nobody's yet, whose they may be, and whose somebody said they are or are not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    union,
    update,
)

from lrs.storage.database import Connection
from lrs.storage.programme_tables import appointments, identifiers, people, places, refused_matches
from lrs.storage.tables import actor_names, actors, evidence

Thing = TypeVar("Thing")
AT_ONCE = 400  # values named in one query
MOST = 1000  # unknown accounts that are looked at, those met last


class Heard(NamedTuple):
    """What the store has heard of an account that is nobody's: its names, how much, when, and through which packages.

    ``authorities`` has the GSS code of each council whose package it was; empty for a package that is no council's.
    """

    actor: int
    ifi: str
    email: str | None
    names: tuple[str, ...]
    records: int
    first: datetime
    last: datetime
    authorities: tuple[str, ...]
    courses: tuple[str, ...]


class Identified(NamedTuple):
    """An identifier that is or was a person's, or was taken for theirs; ``actor`` where the store has heard of it."""

    id: int
    kind: str
    value: str
    added_at: datetime
    retired_at: datetime | None
    actor: int | None


class Bare(NamedTuple):
    """A person's name and identifiers in use as they are kept; ``merged_into`` where this record is another's now."""

    person: str
    name: str
    merged_into: str | None
    identifiers: tuple[tuple[str, str], ...]


class Sought(NamedTuple):
    """Which evidence makes an account worth asking about: by when it came, of which course, not older than when."""

    as_at: datetime
    course: str | None = None
    since: datetime | None = None
    authority: str | None = None  # only accounts all of whose records came through this council's packages


def _claims(numbers: Sequence[int] | None = None) -> CompoundSelect[Any]:
    """Each person with each actor that is theirs by an identifier in use; of some actors where that is asked."""
    in_use = identifiers.c.retired_at.is_(None)
    pair = select(identifiers.c.person, actors.c.id.label("actor"))
    if numbers is not None:
        pair = pair.where(actors.c.id.in_(numbers))
    by_email = pair.join(actors, actors.c.email == identifiers.c.value).where(identifiers.c.kind == "email", in_use)
    by_account = pair.join(actors, actors.c.ifi == identifiers.c.value).where(identifiers.c.kind == "account", in_use)
    return union(by_email, by_account)


def _nobodys() -> ColumnElement[bool]:
    """The actor in the query around it is nobody's."""
    held = select(identifiers.c.id).where(identifiers.c.retired_at.is_(None)).correlate(actors)
    by_email = held.where(identifiers.c.kind == "email", identifiers.c.value == actors.c.email)
    by_account = held.where(identifiers.c.kind == "account", identifiers.c.value == actors.c.ifi)
    return and_(not_(by_email.exists()), not_(by_account.exists()))


def _worth_asking(sought: Sought) -> ColumnElement[bool]:
    theirs = select(evidence.c.id).where(evidence.c.actor == actors.c.id, evidence.c.stored <= sought.as_at)
    asked = [or_(evidence.c.voided_at.is_(None), evidence.c.voided_at > sought.as_at)]
    if sought.course is not None:
        asked.append(evidence.c.course == sought.course)
    if sought.since is not None:
        asked.append(or_(evidence.c.timestamp >= sought.since, evidence.c.timestamp > evidence.c.stored))
    wanted = theirs.where(*asked).correlate(actors).exists()
    if sought.authority is None:
        return wanted
    other = theirs.where(or_(evidence.c.authority.is_(None), evidence.c.authority != sought.authority))
    return and_(wanted, not_(other.correlate(actors).exists()))


def unknown_actors(connection: Connection, sought: Sought) -> list[int]:
    """The actors with such evidence who are nobody's, those met last first; at most one more than ``MOST``."""
    query = select(actors.c.id).where(_worth_asking(sought), _nobodys())
    return list(connection.scalars(query.order_by(actors.c.id.desc()).limit(MOST + 1)))


def is_unknown(connection: Connection, actor: int, sought: Sought) -> bool:
    """Whether an actor has such evidence and is nobody's."""
    query = select(actors.c.id).where(actors.c.id == actor, _worth_asking(sought), _nobodys())
    return connection.scalar(query) is not None


def heard_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Heard]:
    """Actor -> what has been heard of it, of those that there is evidence of."""
    names = names_of(connection, numbers)
    told = {}
    for some in _some(numbers):
        query = (
            select(
                actors.c.id,
                actors.c.ifi,
                actors.c.email,
                evidence.c.course,
                func.coalesce(evidence.c.authority, ""),
                func.count(),
                func.min(evidence.c.timestamp),
                func.max(evidence.c.timestamp),
            )
            .join(evidence, evidence.c.actor == actors.c.id)
            .where(actors.c.id.in_(some))
            .group_by(actors.c.id, actors.c.ifi, actors.c.email, evidence.c.course, evidence.c.authority)
        )
        parts: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(query):
            parts[row[0]].append(row)
        told.update({actor: _heard(rows, names.get(actor, ())) for actor, rows in parts.items()})
    return told


def _heard(rows: Sequence[Any], names: tuple[str, ...]) -> Heard:
    actor, ifi, email = rows[0][:3]
    courses, authorities = ({row[column] for row in rows} for column in (3, 4))
    many, first, last = sum(row[5] for row in rows), min(row[6] for row in rows), max(row[7] for row in rows)
    return Heard(actor, ifi, email, names, many, first, last, tuple(sorted(authorities)), tuple(sorted(courses)))


def names_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Actor -> the names that statements gave it, in order."""
    names: dict[int, tuple[str, ...]] = {}
    for some in _some(numbers):
        query = (
            select(actor_names).where(actor_names.c.actor.in_(some)).order_by(actor_names.c.actor, actor_names.c.name)
        )
        for actor, name in connection.execute(query):
            names[actor] = (*names.get(actor, ()), name)
    return names


def identifiers_of_actors(connection: Connection, numbers: Sequence[int]) -> list[tuple[int, str, str | None]]:
    """The actors of these numbers with their identifiers and addresses, in the order of the numbers."""
    found = {}
    for some in _some(numbers):
        query = select(actors.c.id, actors.c.ifi, actors.c.email).where(actors.c.id.in_(some))
        found.update({row.id: (row.id, row.ifi, row.email) for row in connection.execute(query)})
    return [found[number] for number in numbers if number in found]


def people_named_by_accounts(connection: Connection, names: Sequence[str]) -> dict[str, set[str]]:
    """Name -> the people one of whose accounts gave exactly this name."""
    named: dict[int, list[str]] = defaultdict(list)
    for some in _some(sorted(set(names))):
        for actor, name in connection.execute(select(actor_names).where(actor_names.c.name.in_(some))):
            named[actor].append(name)
    told: dict[str, set[str]] = defaultdict(set)
    for these in _some(named):
        for person, actor in connection.execute(_claims(these)):
            for name in named[actor]:
                told[name].add(person)
    return told


def bare_people(connection: Connection, authority: str | None = None, today: date | None = None) -> list[Bare]:
    """Everybody who is not erased, with their identifiers in use; of one authority on a day where that is asked."""
    alive = [people.c.erased_at.is_(None)]
    if authority is not None:
        begun = or_(appointments.c.starts.is_(None), appointments.c.starts <= today)
        not_over = or_(appointments.c.ends.is_(None), appointments.c.ends > today)
        theirs = appointments.c.authority == authority, appointments.c.secondary.is_(False), begun, not_over
        alive.append(people.c.id.in_(select(appointments.c.person).where(*theirs)))
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    in_use = select(identifiers.c.person, identifiers.c.kind, identifiers.c.value)
    for person, kind, value in connection.execute(in_use.where(identifiers.c.retired_at.is_(None))):
        held[person].append((kind, value))
    query = select(people.c.id, people.c.name, people.c.merged_into).where(*alive).order_by(people.c.id)
    return [Bare(*row, tuple(held.get(row.id, ()))) for row in connection.execute(query)]


# --- what somebody says ---------------------------------------------------------------------------------------------


def claim(connection: Connection, person: str, ifi: str, now: datetime) -> None:
    """Say that the account, which is nobody's, is this person's from now on; all that it ever told is theirs then."""
    values = {"person": person, "kind": "account", "value": ifi, "added_at": now}
    connection.execute(insert(identifiers).values(**values))


def take_off(connection: Connection, person: str, number: int) -> bool:
    """Say that an identifier in use never was this person's; False where it was not.

    It stays on the record as theirs for no time at all: retired at the moment at which it was added.
    """
    held = identifiers.c.id == number, identifiers.c.person == person, identifiers.c.retired_at.is_(None)
    taken = update(identifiers).where(*held).values(retired_at=identifiers.c.added_at)
    return connection.execute(taken).rowcount == 1


def give_back(connection: Connection, person: str, number: int) -> bool:
    """Say that an identifier taken off a person is theirs after all; False where it was not, or is another's now."""
    mine = identifiers.c.id == number, identifiers.c.person == person, identifiers.c.retired_at.is_not(None)
    row = connection.execute(select(identifiers.c.kind, identifiers.c.value).where(*mine)).first()
    if row is None:
        return False
    others = select(identifiers.c.id).where(identifiers.c.kind == row.kind, identifiers.c.value == row.value)
    if connection.scalar(others.where(identifiers.c.retired_at.is_(None))) is not None:
        return False
    return connection.execute(update(identifiers).where(*mine).values(retired_at=None)).rowcount == 1


def identifiers_of(connection: Connection, person: str) -> list[Identified]:
    """Every identifier that is or was a person's, oldest first, with the actor that has it where one was heard of."""
    by_email = select(func.min(actors.c.id)).where(actors.c.email == identifiers.c.value)
    by_account = select(func.min(actors.c.id)).where(actors.c.ifi == identifiers.c.value)
    actor = func.coalesce(by_email.correlate(identifiers).scalar_subquery(), by_account.scalar_subquery())
    columns = [identifiers.c[name] for name in ("id", "kind", "value", "added_at", "retired_at")]
    query = select(*columns, actor).where(identifiers.c.person == person).order_by(identifiers.c.id)
    return [Identified._make(row) for row in connection.execute(query)]


def refuse(connection: Connection, actor: int, person: str, by: str, now: datetime) -> None:
    """Say that an account is not this person's, so that nobody suggests it again; harmless when repeated."""
    if person not in refused_for(connection, [actor]).get(actor, ()):
        values = {"actor": actor, "person": person, "refused_at": now, "refused_by": by}
        connection.execute(insert(refused_matches).values(**values))


def suggest_again(connection: Connection, actor: int, person: str) -> bool:
    """Take back what was said by `refuse`; False where nobody said so."""
    said = refused_matches.c.actor == actor, refused_matches.c.person == person
    return connection.execute(delete(refused_matches).where(*said)).rowcount == 1


def refused_for(connection: Connection, numbers: Sequence[int]) -> dict[int, set[str]]:
    """Actor -> the people of whom somebody said that it is not theirs."""
    found: dict[int, set[str]] = defaultdict(set)
    for some in _some(numbers):
        query = select(refused_matches.c.actor, refused_matches.c.person).where(refused_matches.c.actor.in_(some))
        for actor, person in connection.execute(query):
            found[actor].add(person)
    return found


# --- accounts that look like several people's -----------------------------------------------------------------------


def names_told_of(connection: Connection, cohort: str) -> dict[tuple[str, int], tuple[str, ...]]:
    """A person on a residential's list and an account of theirs that gave more than one name -> these names."""
    theirs = _claims().subquery()
    several = select(actor_names.c.actor).group_by(actor_names.c.actor).having(func.count() > 1)
    query = (
        select(theirs.c.person, theirs.c.actor)
        .where(theirs.c.actor.in_(several), theirs.c.person.in_(_on(cohort)))
        .order_by(theirs.c.person, theirs.c.actor)
    )
    pairs = [(person, actor) for person, actor in connection.execute(query)]
    names = names_of(connection, [actor for _, actor in pairs])
    return {(person, actor): names[actor] for person, actor in pairs}


def claimed_twice(connection: Connection, cohort: str) -> list[tuple[int, tuple[str, ...]]]:
    """Actors that are two people's at once, one of them on a residential's list, with these people."""
    theirs = _claims().subquery()
    twice = select(theirs.c.actor).group_by(theirs.c.actor).having(func.count() > 1)
    here = select(theirs.c.actor).where(theirs.c.person.in_(_on(cohort)))
    query = select(theirs.c.actor, theirs.c.person).where(theirs.c.actor.in_(twice), theirs.c.actor.in_(here))
    found: dict[int, tuple[str, ...]] = {}
    for actor, person in connection.execute(query.order_by(theirs.c.actor, theirs.c.person)):
        found[actor] = (*found.get(actor, ()), person)
    return list(found.items())


def _on(cohort: str) -> Any:
    return select(places.c.person).where(places.c.cohort == cohort)


def _some(values: Iterable[Thing]) -> Iterator[list[Thing]]:
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
