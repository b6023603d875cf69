"""Statements: the one way in for all of them, and the ways to find them again."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select, update

from lrs.rules.actors import email
from lrs.rules.attachments import hashes
from lrs.rules.equality import same
from lrs.rules.errors import StatementConflict
from lrs.rules.formats import moment, written_moment
from lrs.rules.instants import microseconds
from lrs.rules.instants import moment as moment_at
from lrs.rules.links import DIRECT, OBJECT, Links, links
from lrs.rules.statements import VOIDED
from lrs.rules.strict_json import written
from lrs.storage import activities, agents, answers, attachments, evidence, references, tables
from lrs.storage.attachments import Content
from lrs.storage.database import Connection
from lrs.storage.rows import (
    ACTORS,
    IRIS,
    Question,
    Row,
    actor_numbers,
    ask_ahead,
    asks_together,
    insert,
    insert_together,
    iri_numbers,
    rows,
    rows_where_in,
)


class Sender(NamedTuple):
    """Who answers for statements: an xAPI agent, a source in words for people, and the grade of the evidence."""

    authority: dict[str, Any]
    source: str
    grade: str  # verified, confirmed or asserted
    defines: bool = False  # whether what is said of activities and actors becomes what is known of them


class Submission(NamedTuple):
    """Valid statements (lrs.rules.statements.checked) that came together, whose they are, and attachments by SHA-2."""

    statements: Sequence[dict[str, Any]]
    sender: Sender
    contents: Mapping[str, Content]


class Entry(NamedTuple):
    """A new statement with everything that its rows are made of."""

    seq: int
    id: str
    statement: dict[str, Any]
    links: Links
    timestamp: int
    stored: int
    submission: Submission


def store(connection: Connection, statements: Sequence[dict[str, Any]], sender: Sender, now: datetime) -> list[str]:
    """Keep valid statements without attachments, as store_all() does; their ids, in order."""
    return store_all(connection, [Submission(statements, sender, {})], now)[0]


def store_all(connection: Connection, submissions: Sequence[Submission], now: datetime) -> list[list[str]]:
    """Keep the statements of these submissions as they are, all of them or none; the ids of each one's, in order.

    Sets id, stored, authority, and timestamp and version where they are missing. Links, references, voiding, evidence
    and the contents of their attachments are written with them. One that is stored already and says the same is left
    alone; one that says something else raises StatementConflict, its index counted through all submissions. No id may
    be that of two statements here. The connection must be in a transaction that writes.
    """
    came = [one for one in submissions for _ in one.statements]
    statements = [statement for one in submissions for statement in one.statements]
    ids = [str(statement.get("id") or uuid.uuid4()).lower() for statement in statements]
    linked = [
        links({**statement, "authority": one.sender.authority}) for statement, one in zip(statements, came, strict=True)
    ]
    if asks_together(connection):
        _ask_ahead(connection, statements, ids, linked, came)
    known = _replayed(connection, statements, ids)
    entries = _entries(connection, zip(statements, ids, linked, came, strict=True), known, now)
    if entries:
        _keep(connection, entries, now)
    numbers = iter(ids)
    return [list(islice(numbers, len(one.statements))) for one in submissions]


def _keep(connection: Connection, entries: list[Entry], now: datetime) -> None:
    """Write new statements, with everything that follows from them."""
    waiting = references.waiting(connection, [entry.id for entry in entries])
    voided = _voided_before(entries, waiting)
    iris, actors = _write(connection, entries, voided)
    _refer(connection, entries, waiting)
    _define(connection, [entry for entry in entries if entry.submission.sender.defines], iris, actors)
    _attach(connection, entries)
    told = [
        evidence.Graded(entry.statement, entry.submission.sender.source, entry.submission.sender.grade)
        for entry in entries
    ]
    evidence.record(connection, told, actors, voided, now)
    answers.tally(connection, [entry.statement for entry in entries], voided)
    _void(connection, entries, now)


def which_are_stored(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these ids, in lower case, are those of statements that are stored."""
    return {row[0] for row in rows_where_in(connection, STORED, ids)}


def _ask_ahead(
    connection: Connection,
    statements: Sequence[dict[str, Any]],
    ids: list[str],
    linked: list[Links],
    came: list[Submission],
) -> None:
    """Ask in one journey to the database what the functions below ask one by one; what was not foreseen they ask."""
    about = {iri for one in linked for iri in one.activities}
    questions: list[Question] = [
        (NEWEST, ()),
        (KEPT, ids),
        (references.WAITING, ids),
        (IRIS, list(about.union(one.verb for one in linked))),
        (ACTORS, list({actor for one in linked for actor in one.actors})),
        evidence.question(statements),
    ]
    defining = [said for said, one in zip(linked, came, strict=True) if one.sender.defines]
    questions.append((activities.KNOWN, list({iri for one in defining for iri in one.definitions})))
    questions.append((agents.KNOWN, list({ifi for one in defining for ifi in one.names})))
    ask_ahead(connection, questions)


def _replayed(connection: Connection, statements: Sequence[dict[str, Any]], ids: list[str]) -> set[str]:
    """The ids that are stored already. Raises StatementConflict where what is stored differs."""
    kept = {row[0]: row[1] for row in rows_where_in(connection, KEPT, ids)}
    for index, number in enumerate(ids):
        if number in kept and not same(statements[index], orjson.loads(kept[number])):
            what = f"Another statement is stored under the id {number}"
            raise StatementConflict(what, "/id", "Data 2.3.1", index if len(ids) > 1 else None)
    return set(kept)


def _entries(
    connection: Connection,
    brought: Iterable[tuple[dict[str, Any], str, Links, Submission]],
    known: set[str],
    now: datetime,
) -> list[Entry]:
    newest = rows(connection, NEWEST)
    seq, last = newest[0] if newest else (0, 0)
    # Where the clock has stepped back, `stored` stands still: since and until rely on its having the order of the rows.
    instant = max(microseconds(now), last)
    stored = written_moment(moment_at(instant))
    entries = []
    for statement, number, about, came in brought:
        if number not in known:
            known.add(number)
            seq += 1
            stamped = {
                "timestamp": stored,
                "version": "1.0.0",
                **statement,
                "stored": stored,
                "authority": came.sender.authority,
            }
            stamped.setdefault("id", number)
            timestamp = microseconds(moment(stamped["timestamp"]))
            entries.append(Entry(seq, number, stamped, about, timestamp, instant, came))
    return entries


def _write(connection: Connection, entries: list[Entry], voided: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Insert the statements with their links; the number of each IRI and of each actor."""
    iris = iri_numbers(connection, {iri for entry in entries for iri in (entry.links.verb, *entry.links.activities)})
    actors = actor_numbers(connection, {actor: email(actor) for entry in entries for actor in entry.links.actors})
    new = [
        ("statements", STATEMENT, [_statement_row(entry, iris, voided) for entry in entries]),
        ("statement_actors", ACTOR_LINK, _link_rows(entries, actors, iris, "actors")),
        ("statement_activities", ACTIVITY_LINK, _link_rows(entries, iris, iris, "activities")),
    ]
    insert_together(connection, new)
    return iris, actors


def _refer(connection: Connection, entries: list[Entry], waiting: list[references.Waiting]) -> None:
    """Insert the references of the statements, and what they and those that waited for one of them reach."""
    new = [(target, entry.seq, usage) for entry in entries for target, usage in entry.links.statements.items()]
    insert(connection, "statement_references", ("target", "seq", "usage"), new)
    steps = [(seq, target) for target, seq, usage in new if usage & OBJECT]
    if steps or waiting:
        seqs = {entry.id: entry.seq for entry in entries}
        references.follow(connection, steps, [(one.seq, seqs[one.target]) for one in waiting])


def _define(connection: Connection, entries: list[Entry], iris: dict[str, int], actors: dict[str, int]) -> None:
    """Add what the statements say of activities and actors to what is known of them."""
    said: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        for iri, definition in entry.links.definitions.items():
            before = said.setdefault(iri, [])
            if before[-1:] != [definition]:
                before.append(definition)
    if said:
        activities.define(connection, said, iris)
    names = {pair for entry in entries for pair in entry.links.names.items()}
    if names:
        agents.name(connection, names, actors)


def _attach(connection: Connection, entries: list[Entry]) -> None:
    """Keep the attachments that came with the statements."""
    bringing = [entry for entry in entries if entry.submission.contents]
    brought = [(one, sha2) for one in bringing for sha2 in hashes(one.statement) if sha2 in one.submission.contents]
    if brought:
        contents = {sha2: one.submission.contents[sha2] for one, sha2 in brought}
        attachments.keep(connection, contents, [(one.seq, sha2) for one, sha2 in brought])


NEWEST = "SELECT seq, stored FROM statements ORDER BY seq DESC LIMIT 1"
STORED = "SELECT id FROM statements WHERE id IN"
KEPT = "SELECT id, payload FROM statements WHERE id IN"
STATEMENT = ("seq", "id", "verb", "registration", "stored", "timestamp", "voided", "payload")
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


def _voided_before(entries: list[Entry], waiting: list[references.Waiting]) -> set[str]:
    """Which of the statements a voiding statement named before they arrived; never a voiding statement itself."""
    named, voided = {one.target for one in waiting if one.verb == VOIDED}, set()
    for entry in entries:
        if entry.links.verb == VOIDED:
            named.add(entry.statement["object"]["id"].lower())
        elif entry.id in named:
            voided.add(entry.id)
    return voided


def _void(connection: Connection, entries: Iterable[Entry], now: datetime) -> None:
    """Void what the new voiding statements name. A voiding statement is never voided itself (Data 2.3.2)."""
    targets = [entry.statement["object"]["id"].lower() for entry in entries if entry.links.verb == VOIDED]
    if targets:
        verb = select(tables.iris.c.id).where(tables.iris.c.iri == VOIDED).scalar_subquery()
        kept = tables.statements.c
        connection.execute(update(tables.statements).where(kept.id.in_(targets), kept.verb != verb).values(voided=True))
        evidence.void(connection, targets, now)
