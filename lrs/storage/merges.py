"""Two records of one person made one: what moves to the one that survives, and how exactly that is given back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, Table, and_, delete, insert, or_, select, update

from lrs.storage.database import Connection
from lrs.storage.programme_tables import (
    appointments,
    attendance,
    certificates,
    decisions,
    identifiers,
    merges,
    outbox,
    people,
    places,
    refused_matches,
    refused_merges,
)

Row = int | str  # what a table knows its row by
# What moves: the table, what it knows a row by, and what no person may have two of. Where both have one, the survivor's
# holds and the other stays with the retired record, as history.
MOVING: tuple[tuple[Table, Column[Any], tuple[str, ...]], ...] = (
    (identifiers, identifiers.c.id, ()),
    (places, places.c.id, ("cohort",)),
    (decisions, decisions.c.id, ()),
    (attendance, attendance.c.id, ("cohort", "day")),
    (certificates, certificates.c.code, ("cohort",)),
    (outbox, outbox.c.id, ()),
    (refused_matches, refused_matches.c.actor, ("actor",)),
)
KEYS: dict[str, tuple[Table, Column[Any]]] = {
    **{str(table.name): (table, key) for table, key, _ in MOVING},
    "appointments": (appointments, appointments.c.id),
}


class CannotMerge(Exception):
    """These two cannot be made one, or what was made one cannot be undone; ``why`` is a word for it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Moves(NamedTuple):
    """What a merge moves (table -> rows), and how many rows of which table stay with the retired record."""

    moving: dict[str, list[Row]]
    staying: dict[str, int]


class Merge(NamedTuple):
    """A merge that was carried out, and undone where it was."""

    id: int
    survivor: str
    retired: str
    survivor_name: str
    retired_name: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None
    undone_by: str | None


class Changed(NamedTuple):
    """From a moment on, ``to_id`` is the record of whoever was ``from_id``; after an undo that is itself again."""

    from_id: str
    to_id: str
    changed_at: datetime


def moves(connection: Connection, survivor: str, retired: str, today: date) -> Moves:
    """What making two records one would move, and what would stay. Raises CannotMerge where they cannot be one."""
    _check(connection, survivor, retired)
    moving: dict[str, list[Row]] = {}
    staying: dict[str, int] = {}
    for table, key, alone in MOVING:
        columns = [table.c[name] for name in alone]
        rows = connection.execute(select(key, table.c.person, *columns).where(table.c.person.in_([survivor, retired])))
        every = [(row[0], row[1], tuple(row[2:])) for row in rows]
        taken = {kept for _, person, kept in every if person == survivor and kept}
        theirs = [(row, kept) for row, person, kept in every if person == retired]
        moving[str(table.name)] = sorted(row for row, kept in theirs if kept not in taken)
        staying[str(table.name)] = len(theirs) - len(moving[table.name])
    moving["appointments"], staying["appointments"] = _appointments(connection, survivor, retired, today)
    return Moves(moving, staying)


def _check(connection: Connection, survivor: str, retired: str) -> None:
    both = select(people.c.id, people.c.merged_into, people.c.erased_at).where(people.c.id.in_([survivor, retired]))
    found = connection.execute(both).all()
    if survivor == retired or len(found) < 2:
        raise CannotMerge("unknown")
    if any(row.erased_at for row in found):
        raise CannotMerge("erased")
    if any(row.merged_into for row in found):
        raise CannotMerge("merged")


def _appointments(connection: Connection, survivor: str, retired: str, today: date) -> tuple[list[Row], int]:
    """The appointments that move, and how many stay: a survivor in post keeps the council that reports count."""
    in_force = or_(appointments.c.ends.is_(None), appointments.c.ends > today)
    first = and_(appointments.c.person == survivor, appointments.c.secondary.is_(False), in_force)
    in_post = connection.scalar(select(appointments.c.id).where(first).limit(1)) is not None
    theirs = select(appointments.c.id, appointments.c.secondary).where(appointments.c.person == retired)
    rows = connection.execute(theirs.order_by(appointments.c.id)).all()
    moving: list[Row] = [row.id for row in rows if row.secondary or not in_post]
    return moving, len(rows) - len(moving)


def merge(connection: Connection, survivor: str, retired: str, by: str, now: datetime, today: date) -> int:
    """Make two records one and keep what moved; the merge's number. Raises CannotMerge."""
    moving = moves(connection, survivor, retired, today).moving
    for name, rows in moving.items():
        _hand_over(connection, name, rows, retired, survivor)
    before = list(connection.scalars(select(people.c.id).where(people.c.merged_into == retired).order_by(people.c.id)))
    into = update(people).where(people.c.id.in_([retired, *before])).values(merged_into=survivor)
    connection.execute(into)
    values = {"survivor": survivor, "retired": retired, "merged_at": now, "merged_by": by}
    moved = orjson.dumps({**moving, "people": before}).decode()
    made = insert(merges).values(**values, moved=moved).returning(merges.c.id)
    return connection.execute(made).scalar_one()


def _hand_over(connection: Connection, name: str, rows: Sequence[Row], giver: str, taker: str) -> None:
    table, key = KEYS[name]
    if rows:
        theirs = key.in_(rows), table.c.person == giver
        connection.execute(update(table).where(*theirs).values(person=taker))


def undo(connection: Connection, number: int, by: str, now: datetime) -> Merge:
    """Give back exactly what a merge moved; what was added since stays with the survivor. Raises CannotMerge."""
    row = connection.execute(select(merges).where(merges.c.id == number)).first()
    if row is None:
        raise CannotMerge("unknown")
    if row.undone_at is not None:
        raise CannotMerge("undone")
    survivor = connection.execute(select(people).where(people.c.id == row.survivor)).one()
    if survivor.erased_at is not None:
        raise CannotMerge("erased")
    if survivor.merged_into is not None:
        raise CannotMerge("merged")
    moved: Mapping[str, list[Row]] = orjson.loads(row.moved)
    for name in KEYS:
        _hand_over(connection, name, moved[name], row.survivor, row.retired)
    connection.execute(update(people).where(people.c.id == row.retired).values(merged_into=None))
    before = people.c.id.in_(moved["people"]), people.c.merged_into == row.survivor
    connection.execute(update(people).where(*before).values(merged_into=row.retired))
    connection.execute(update(merges).where(merges.c.id == number).values(undone_at=now, undone_by=by))
    return next(one for one in merges_of(connection, row.survivor) if one.id == number)


def survivor_of(connection: Connection, person: str) -> str | None:
    """The record that a retired one is part of now; None where it is nobody's but its own, or there is none."""
    return connection.scalar(select(people.c.merged_into).where(people.c.id == person))


def merges_of(connection: Connection, person: str | None = None, most: int | None = None) -> list[Merge]:
    """The merges that a person was part of, or all of them, the newest first; undone ones too."""
    one, other = people.alias(), people.alias()
    columns = [merges.c[name] for name in ("merged_at", "merged_by", "undone_at", "undone_by")]
    query = (
        select(merges.c.id, merges.c.survivor, merges.c.retired, one.c.name, other.c.name, *columns)
        .join(one, one.c.id == merges.c.survivor)
        .join(other, other.c.id == merges.c.retired)
        .order_by(merges.c.id.desc())
    )
    if person is not None:
        query = query.where(or_(merges.c.survivor == person, merges.c.retired == person))
    return [Merge._make(row) for row in connection.execute(query.limit(most))]


def changes(connection: Connection, as_at: datetime) -> list[Changed]:
    """Every time until a moment that a record became part of another, or its own again, in order of time."""
    found = []
    for one in merges_of(connection):
        found.append(Changed(one.retired, one.survivor, one.merged_at))
        if one.undone_at is not None:
            found.append(Changed(one.retired, one.retired, one.undone_at))
    return sorted((one for one in found if one.changed_at <= as_at), key=lambda one: (one.changed_at, one.from_id))


# --- two records that stay two --------------------------------------------------------------------------------------


def refuse_merge(connection: Connection, one: str, other: str, by: str, now: datetime) -> None:
    """Say that two records are two people's, so that nobody takes them for one again. Raises CannotMerge."""
    _check(connection, one, other)
    first, second = sorted((one, other))
    if frozenset((one, other)) not in refused_pairs(connection, one):
        values = {"person": first, "other": second, "refused_at": now, "refused_by": by}
        connection.execute(insert(refused_merges).values(**values))


def take_back_refusal(connection: Connection, one: str, other: str) -> bool:
    """Take back what was said by `refuse_merge`; False where nobody said so."""
    first, second = sorted((one, other))
    said = refused_merges.c.person == first, refused_merges.c.other == second
    return connection.execute(delete(refused_merges).where(*said)).rowcount == 1


def refused_pairs(connection: Connection, person: str | None = None) -> set[frozenset[str]]:
    """The pairs of records that were said to be two people's, or those that a person is one of."""
    query = select(refused_merges.c.person, refused_merges.c.other)
    if person is not None:
        query = query.where(or_(refused_merges.c.person == person, refused_merges.c.other == person))
    return {frozenset(row) for row in connection.execute(query)}
