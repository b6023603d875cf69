"""Documents of State, Activity Profile and Agent Profile: three resources, one table, told apart by their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from lrs.rules.actors import email
from lrs.rules.instants import microseconds
from lrs.storage.database import Connection
from lrs.storage.rows import Row, actor_numbers, insert, iri_numbers, rows


class Place(NamedTuple):
    """What documents are about: an actor's identifier, an activity's IRI or both, and a registration or None.

    Without a registration, a place is that of documents without one where one document is meant, and every registration
    where many are (Communication 2.3).
    """

    actor: str | None = None
    activity: str | None = None
    registration: str | None = None


class Document(NamedTuple):
    """A document as it came; ``etag`` is the content's SHA-1 in hexadecimal, ``stored`` microseconds since 1970."""

    content: bytes
    content_type: str
    etag: str
    stored: int


COLUMNS = ("actor", "activity", "registration", "name", "stored", "content_type", "etag", "content")
ACTOR = "actor = (SELECT id FROM actors WHERE ifi = ?)"
ACTIVITY = "activity = (SELECT id FROM iris WHERE iri = ?)"
REPLACE = (
    " ON CONFLICT (actor, activity, registration, name) DO UPDATE SET stored = excluded.stored,"
    " content_type = excluded.content_type, etag = excluded.etag, content = excluded.content"
)


def find(connection: Connection, place: Place, name: str) -> Document | None:
    """The document of this name."""
    where, values = _where(place, exact=True)
    question = f"SELECT content, content_type, etag, stored FROM documents WHERE {where} AND name = ?"  # noqa: S608
    found = rows(connection, question, *values, name)
    return Document(*found[0]) if found else None


def etag(connection: Connection, place: Place, name: str) -> str | None:
    """The ETag of the document of this name, or None where there is no such document."""
    where, values = _where(place, exact=True)
    found = rows(connection, f"SELECT etag FROM documents WHERE {where} AND name = ?", *values, name)  # noqa: S608
    return found[0][0] if found else None


def names(connection: Connection, place: Place, since: datetime | None, most: int) -> list[str]:
    """The names of the documents stored after ``since``, in order, and no more of them than ``most``."""
    where, values = _where(place, exact=False)
    question = f"SELECT DISTINCT name FROM documents WHERE {where} AND stored > ? ORDER BY name LIMIT ?"  # noqa: S608
    return [row[0] for row in rows(connection, question, *values, microseconds(since) if since else -1, most)]


def keep(connection: Connection, place: Place, name: str, document: Document) -> None:
    """Store the document, in place of one of the same name."""
    content, content_type, tag, stored = document
    row = (place.registration or "", name, stored, content_type, tag, content)
    if not _kept_by_name(connection, place, row):
        actor = actor_numbers(connection, {place.actor: email(place.actor)})[place.actor] if place.actor else 0
        activity = iri_numbers(connection, [place.activity])[place.activity] if place.activity else 0
        insert(connection, "documents", COLUMNS, [(actor, activity, *row)], REPLACE)


def _kept_by_name(connection: Connection, place: Place, row: Row) -> bool:
    """Store a row in one command, which looks its actor and activity up; whether both of them have a number."""
    named = [one for one in (("actors", "ifi", place.actor), ("iris", "iri", place.activity)) if one[2]]
    command = (
        f"INSERT INTO documents ({', '.join(COLUMNS)}) "  # noqa: S608 - names of ours
        f"SELECT {'actors.id' if place.actor else 0}, {'iris.id' if place.activity else 0}, ?, ?, ?, ?, ?, ? "
        f"FROM {', '.join(table for table, _, _ in named)} "
        f"WHERE {' AND '.join(f'{table}.{column} = ?' for table, column, _ in named)}{REPLACE} RETURNING name"
    )
    return bool(rows(connection, command, *row, *(value for _, _, value in named)))


def remove(connection: Connection, place: Place, name: str) -> None:
    """Remove the document of this name, if there is one."""
    where, values = _where(place, exact=True)
    rows(connection, f"DELETE FROM documents WHERE {where} AND name = ? RETURNING name", *values, name)  # noqa: S608


def remove_all(connection: Connection, place: Place) -> None:
    """Remove every document of this place."""
    where, values = _where(place, exact=False)
    rows(connection, f"DELETE FROM documents WHERE {where} RETURNING name", *values)  # noqa: S608


def _where(place: Place, *, exact: bool) -> tuple[str, Sequence[str]]:
    """The condition on a place's rows and its values; every one begins with the table's key."""
    parts = [ACTOR if place.actor else "actor = 0", ACTIVITY if place.activity else "activity = 0"]
    values = [value for value in (place.actor, place.activity) if value]
    if exact or place.registration:
        parts.append("registration = ?")
        values.append(place.registration or "")
    return " AND ".join(parts), values
