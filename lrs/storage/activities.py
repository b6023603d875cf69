"""What is known of each activity: what statements said of it, merged, and written only when it changes."""

from typing import Any

import orjson

from lrs.rules.canonical import merged
from lrs.rules.strict_json import written
from lrs.storage.database import Connection
from lrs.storage.rows import Row, insert, rows_where_in

KNOWN = "SELECT i.iri, a.definition FROM iris i JOIN activities a ON a.activity = i.id WHERE i.iri IN"
LONGEST = 64_000  # bytes of a definition; one that would grow beyond stays as it was
REPLACE = " ON CONFLICT (activity) DO UPDATE SET definition = excluded.definition"


def definition(connection: Connection, iri: str) -> dict[str, Any] | None:
    """The definition of the activity with this IRI, in every language; None where no statement gave one."""
    return definitions(connection, [iri]).get(iri)


def definitions(connection: Connection, iris: list[str]) -> dict[str, dict[str, Any]]:
    """The definitions of those of these activities that have one, by IRI."""
    return {iri: orjson.loads(text) for iri, text in rows_where_in(connection, KNOWN, iris)}


def define(connection: Connection, said: dict[str, list[dict[str, Any]]], numbers: dict[str, int]) -> None:
    """Add what was said of these activities, one after the other; ``numbers`` has the number of each IRI.

    What is known already is not written again. The rows are written in one order everywhere, so that two writers never
    wait for each other in a circle.
    """
    known = definitions(connection, list(said))
    changed: list[Row] = []
    for iri in sorted(said, key=numbers.__getitem__):
        text = _grown(known.get(iri), said[iri])
        if text:
            changed.append((numbers[iri], text.decode()))
    insert(connection, "activities", ("activity", "definition"), changed, REPLACE)


def _grown(known: dict[str, Any] | None, said: list[dict[str, Any]]) -> bytes:
    """The definition with what was said of it, as it is stored; empty where nothing is new, or can be taken."""
    text = b""
    for one in said:
        after = one if known is None else merged(known, one)
        if after != known:
            longer = written(after)
            if len(longer) <= LONGEST:
                known, text = after, longer
    return text
