"""One person as data protection law sees them: everything that is kept about them, wherever it is kept."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table, or_, select

from lrs.storage.database import Connection
from lrs.storage.people import once_theirs
from lrs.storage.programme_tables import (
    appointments,
    attendance,
    audit,
    certificates,
    decisions,
    identifiers,
    merges,
    outbox,
    people,
    places,
    refused_matches,
)
from lrs.storage.tables import actor_names, actors, documents, evidence, iris, statement_actors, statements

# What has a column ``person``.
THEIRS: tuple[Table, ...] = (
    identifiers, appointments, places, decisions, attendance, certificates, outbox, refused_matches,
)  # fmt: skip
AT_ONCE = 400


class Subject(NamedTuple):
    """A person under each of their ids (the first is the one that lives), with their addresses and actors.

    ``actors`` has the number of each actor that is theirs by an exact identifier -> that identifier.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    actors: dict[int, str]
    erased_at: datetime | None = None


def subject_of(connection: Connection, text: str) -> Subject | None:
    """The person of that id, or with that e-mail address now or before; None where there is none."""
    addressed = identifiers.c.kind == "email", identifiers.c.value == text.lower()
    wanted = select(identifiers.c.person).where(*addressed, once_theirs())
    found = select(people.c.id, people.c.merged_into).where(or_(people.c.id == text, people.c.id.in_(wanted)))
    rows = connection.execute(found.order_by(people.c.id)).all()
    living = {row.merged_into or row.id for row in rows}
    return _subject(connection, living.pop()) if len(living) == 1 else None


def _subject(connection: Connection, person: str) -> Subject:
    either = or_(people.c.id == person, people.c.merged_into == person)
    rows = connection.execute(select(people.c.id, people.c.name, people.c.erased_at).where(either)).all()
    rows = sorted(rows, key=lambda row: (row.id != person, row.id))
    ids = [row.id for row in rows]
    held = select(identifiers.c.kind, identifiers.c.value).where(identifiers.c.person.in_(ids), once_theirs())
    others = select(identifiers.c.value).where(identifiers.c.person.not_in(ids), identifiers.c.retired_at.is_(None))
    mine = {(row.kind, row.value) for row in connection.execute(held.where(identifiers.c.value.not_in(others)))}
    addresses = tuple(sorted(value for kind, value in mine if kind == "email"))
    names = tuple(row.name for row in rows)
    return Subject(tuple(ids), names, addresses, _actors(connection, mine), rows[0].erased_at)


def _actors(connection: Connection, mine: set[tuple[str, str]]) -> dict[int, str]:
    emails = [value for kind, value in mine if kind == "email"]
    hashed = [hashlib.sha1(f"mailto:{one}".encode()).hexdigest() for one in emails]  # noqa: S324 - as xAPI has it
    exact = [value for kind, value in mine if kind == "account"] + [f"mbox_sha1sum|{one}" for one in hashed]
    query = select(actors.c.id, actors.c.ifi).where(or_(actors.c.email.in_(emails), actors.c.ifi.in_(exact)))
    return {row.id: row.ifi for row in connection.execute(query)}


def statements_of(connection: Connection, subject: Subject) -> Iterator[tuple[int, int, str]]:
    """Each of a person's statements: its row number, their roles added up (lrs.rules.links), and its payload."""
    mine = statement_actors.c.actor.in_(subject.actors)
    roles: dict[int, int] = {}
    for seq, usage in connection.execute(select(statement_actors.c.seq, statement_actors.c.usage).where(mine)):
        roles[seq] = roles.get(seq, 0) | usage
    seqs = sorted(roles)
    for start in range(0, len(seqs), AT_ONCE):
        some = seqs[start : start + AT_ONCE]
        query = select(statements.c.seq, statements.c.payload).where(statements.c.seq.in_(some))
        for seq, payload in connection.execute(query.order_by(statements.c.seq)).all():
            yield seq, roles[seq], payload


def everything_about(connection: Connection, subject: Subject) -> dict[str, Any]:
    """All that is kept about a person, by table, in the form of JSON; moments are aware, in UTC."""
    told: dict[str, Any] = {"people": _rows(connection, people, people.c.id.in_(subject.ids))}
    for table in THEIRS:
        told[table.name] = _rows(connection, table, table.c.person.in_(subject.ids))
    told["merges"] = _rows(connection, merges, merges.c.survivor.in_(subject.ids))
    told["log"] = _rows(connection, audit, audit.c.subject.in_(subject.ids))
    told["evidence"] = _rows(connection, evidence, evidence.c.actor.in_(subject.actors))
    named = select(actor_names.c.name).where(actor_names.c.actor.in_(subject.actors))
    told["names"] = list(connection.scalars(named))
    told["statements"] = [orjson.loads(payload) for _, _, payload in statements_of(connection, subject)]
    told["documents"] = _documents(connection, list(subject.actors))
    return told


def _rows(connection: Connection, table: Table, condition: Any) -> list[dict[str, Any]]:
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    return [row._asdict() for row in connection.execute(query)]


def _documents(connection: Connection, mine: Sequence[int]) -> list[dict[str, Any]]:
    columns = documents.c.name, documents.c.registration, documents.c.stored, documents.c.content_type
    query = select(*columns, iris.c.iri.label("activity"), documents.c.content)
    query = query.outerjoin(iris, iris.c.id == documents.c.activity).where(documents.c.actor.in_(mine))
    rows = [row._asdict() for row in connection.execute(query.order_by(documents.c.stored))]
    return [{**row, "content": base64.b64encode(bytes(row["content"])).decode()} for row in rows]
