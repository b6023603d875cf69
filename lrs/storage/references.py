"""Statements about other statements: which reach which, kept with them so that a filter need not follow them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lrs.rules.links import OBJECT
from lrs.storage.database import Connection
from lrs.storage.rows import insert, rows, rows_where_in

DEEPEST = 32  # how many steps from one statement to the next are followed: a chain of n would need n × n rows
WAITING = (
    "SELECT r.target, r.seq, v.iri FROM statement_references r JOIN statements s ON s.seq = r.seq "  # noqa: S608
    f"JOIN iris v ON v.id = s.verb WHERE r.usage & {OBJECT} <> 0 AND r.target IN"
)
ABOVE = "SELECT seq, depth FROM statement_reaches WHERE source = ?"
BELOW = "SELECT source, depth FROM statement_reaches WHERE seq = ?"


class Waiting(NamedTuple):
    """A stored statement whose object is a statement that had not arrived: that one's id, its own row and verb."""

    target: str
    seq: int
    verb: str


def waiting(connection: Connection, ids: Sequence[str]) -> list[Waiting]:
    """The stored statements that are about one of these ids."""
    return [Waiting(*row) for row in rows_where_in(connection, WAITING, ids)]


def follow(connection: Connection, steps: Iterable[tuple[int, str]], arrived: Iterable[tuple[int, int]]) -> None:
    """Write what is reached by new references: ``steps`` from a row to a statement's id, ``arrived`` from row to row.

    Call it when the statements themselves are written; an id that is not stored yet is followed when it arrives.
    """
    by_id = list(steps)
    question = "SELECT id, seq FROM statements WHERE id IN"
    known = {row[0]: row[1] for row in rows_where_in(connection, question, [name for _, name in by_id])}
    for seq, target in [*arrived, *((seq, known[name]) for seq, name in by_id if name in known)]:
        above = [(seq, 0), *rows(connection, ABOVE, seq)]
        below = [(target, 0), *rows(connection, BELOW, target)]
        new = [
            (high, low, up + 1 + down)
            for high, up in above
            for low, down in below
            if high != low and up + down < DEEPEST
        ]
        insert(connection, "statement_reaches", ("seq", "source", "depth"), new, " ON CONFLICT DO NOTHING")
