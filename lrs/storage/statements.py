"""Statements: the one way in for all of them, and the ways to find them again."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select, update

from lrs.rules.actors import email
from lrs.rules.equality import same
from lrs.rules.errors import StatementConflict
from lrs.rules.formats import moment, written_moment
from lrs.rules.instants import microseconds
from lrs.rules.instants import moment as moment_at
from lrs.rules.links import DIRECT, OBJECT, Links, links
from lrs.rules.statements import VOIDED
from lrs.rules.strict_json import written
from lrs.storage import evidence, tables
from lrs.storage.database import Connection
from lrs.storage.rows import Row, actor_numbers, insert, iri_numbers, rows, rows_where_in


class Sender(NamedTuple):
    """Who answers for statements: an xAPI agent, a source in words for people, and the grade of the evidence."""

    authority: dict[str, Any]
    source: str
    grade: str  # verified, confirmed or asserted


class Entry(NamedTuple):
    """A new statement with everything that its rows are made of."""

    seq: int
    id: str
    statement: dict[str, Any]
    links: Links
    timestamp: int
    stored: int


def store(connection: Connection, statements: Sequence[dict[str, Any]], sender: Sender, now: datetime) -> list[str]:
    """Keep valid statements (lrs.rules.statements.checked) as they are, all of them or none; their ids, in order.

    Sets id, stored, authority, and timestamp and version where they are missing. Links, references, voiding and
    evidence are written with them. One that is stored already and says the same is left alone; one that says
    something else raises StatementConflict. The connection must be in a transaction that writes.
    """
    ids = [str(statement.get("id") or uuid.uuid4()).lower() for statement in statements]
    known = _replayed(connection, statements, ids)
    entries = _entries(connection, statements, ids, known, sender, now)
    if entries:
        voided = _voided_before(connection, [entry.id for entry in entries if entry.links.verb != VOIDED])
        numbers = _write(connection, entries, voided)
        evidence.record(
            connection, [entry.statement for entry in entries], numbers, voided, sender.source, sender.grade, now
        )
        _void(connection, entries, now)
    return ids


def _replayed(connection: Connection, statements: Sequence[dict[str, Any]], ids: list[str]) -> set[str]:
    """The ids that are stored already. Raises StatementConflict where what is stored differs."""
    kept = {row[0]: row[1] for row in rows_where_in(connection, "SELECT id, payload FROM statements WHERE id IN", ids)}
    for index, number in enumerate(ids):
        if number in kept and not same(statements[index], orjson.loads(kept[number])):
            what = f"Another statement is stored under the id {number}"
            raise StatementConflict(what, "/id", "Data 2.3.1", index if len(ids) > 1 else None)
    return set(kept)


def _entries(
    connection: Connection,
    statements: Sequence[dict[str, Any]],
    ids: list[str],
    known: set[str],
    sender: Sender,
    now: datetime,
) -> list[Entry]:
    newest = rows(connection, "SELECT seq, stored FROM statements ORDER BY seq DESC LIMIT 1")
    seq, last = newest[0] if newest else (0, 0)
    # Where the clock has stepped back, `stored` stands still: since and until rely on its having the order of the rows.
    instant = max(microseconds(now), last)
    stored = written_moment(moment_at(instant))
    entries = []
    for statement, number in zip(statements, ids, strict=True):
        if number not in known:
            known.add(number)
            seq += 1
            stamped = {
                "timestamp": stored,
                "version": "1.0.0",
                **statement,
                "stored": stored,
                "authority": sender.authority,
            }
            stamped.setdefault("id", number)
            timestamp = microseconds(moment(stamped["timestamp"]))
            entries.append(Entry(seq, number, stamped, links(stamped), timestamp, instant))
    return entries


def _write(connection: Connection, entries: list[Entry], voided: set[str]) -> dict[str, int]:
    """Insert the statements with their links and references; the number of each actor."""
    iris = iri_numbers(connection, {iri for entry in entries for iri in (entry.links.verb, *entry.links.activities)})
    actors = actor_numbers(connection, {actor: email(actor) for entry in entries for actor in entry.links.actors})
    insert(connection, "statements", STATEMENT, [_statement_row(entry, iris, voided) for entry in entries])
    insert(connection, "statement_actors", ACTOR_LINK, _link_rows(entries, actors, iris, "actors"))
    insert(connection, "statement_activities", ACTIVITY_LINK, _link_rows(entries, iris, iris, "activities"))
    references = [(target, entry.seq, usage) for entry in entries for target, usage in entry.links.statements.items()]
    insert(connection, "statement_references", ("target", "seq", "usage"), references)
    return actors


STATEMENT = ("seq", "id", "verb", "registration", "stored", "timestamp", "voided", "payload")
NAMED_BY_A_VOIDING_STATEMENT = (
    "SELECT r.target FROM statement_references r JOIN statements s ON s.seq = r.seq "  # noqa: S608 - two constants
    f"JOIN iris v ON v.id = s.verb AND v.iri = '{VOIDED}' WHERE r.usage & {OBJECT} <> 0 AND r.target IN"
)
ACTOR_LINK = ("actor", "direct", "seq", "usage", "verb")
ACTIVITY_LINK = ("activity", "direct", "seq", "usage", "verb")


def _statement_row(entry: Entry, iris: dict[str, int], voided: set[str]) -> Row:
    statement = entry.statement
    registration = statement.get("context", {}).get("registration")
    return (
        entry.seq,
        entry.id,
        iris[entry.links.verb],
        registration and registration.lower(),
        entry.stored,
        entry.timestamp,
        entry.id in voided,
        written(statement).decode(),
    )


def _link_rows(entries: list[Entry], numbers: dict[str, int], iris: dict[str, int], which: str) -> list[Row]:
    return [
        (numbers[name], 1 if usage & DIRECT else 0, entry.seq, usage, iris[entry.links.verb])
        for entry in entries
        for name, usage in getattr(entry.links, which).items()
    ]


def _voided_before(connection: Connection, ids: list[str]) -> set[str]:
    """Which of these ids a voiding statement named before the statement itself arrived."""
    return {row[0] for row in rows_where_in(connection, NAMED_BY_A_VOIDING_STATEMENT, ids)}


def _void(connection: Connection, entries: Iterable[Entry], now: datetime) -> None:
    """Void what the new voiding statements name. A voiding statement is never voided itself (Data 2.3.2)."""
    targets = [entry.statement["object"]["id"].lower() for entry in entries if entry.links.verb == VOIDED]
    if targets:
        verb = select(tables.iris.c.id).where(tables.iris.c.iri == VOIDED).scalar_subquery()
        kept = tables.statements.c
        connection.execute(update(tables.statements).where(kept.id.in_(targets), kept.verb != verb).values(voided=True))
        evidence.void(connection, targets, now)
