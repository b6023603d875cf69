"""Plain SQL with tuples, straight to the driver, for what every stored statement needs.

A question costs 4 µs this way and 50 to 220 µs through SQLAlchemy; a statement sent alone asks eleven.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from lrs.storage.database import Connection, Unavailable

Row = tuple[Any, ...]
CHUNK = 512  # values in one IN (...)


def rows(connection: Connection, question: str, *values: Any) -> list[Row]:
    """The rows that answer a question in which ``?`` stands for each value; instants are whole microseconds here."""
    with _Cursor(connection) as run:
        return list(run.execute(_spelt(connection.dialect.paramstyle, question), values).fetchall())


def insert(connection: Connection, table: str, columns: tuple[str, ...], new: list[Row], suffix: str = "") -> None:
    """Insert the rows, each in the order of the columns; instants are whole microseconds here."""
    if new:
        command = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(len(columns))}){suffix}"  # noqa: S608
        with _Cursor(connection) as run:
            run.executemany(_spelt(connection.dialect.paramstyle, command), new)


def rows_where_in(connection: Connection, question: str, values: Sequence[Any]) -> list[Row]:
    """The rows of a question that ends in ``IN``, for these values, in no order."""
    found: list[Row] = []
    for start in range(0, len(values), CHUNK):
        some = tuple(values[start : start + CHUNK])
        # A few lengths only, so that the driver's cache of prepared statements has a use: the last value is repeated.
        some += (some[-1],) * (_rounded(len(some)) - len(some))
        found += rows(connection, f"{question} ({_marks(len(some))})", *some)
    return found


class _Cursor:
    """The driver's own cursor, its failures raised as Unavailable like those of SQLAlchemy."""

    def __init__(self, connection: Connection):
        self.dbapi = connection.dialect.loaded_dbapi
        self.cursor = connection.connection.cursor()

    def __enter__(self) -> Any:
        return self.cursor

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.cursor.close()
        if isinstance(error, self.dbapi.OperationalError):
            raise Unavailable(None, None, error) from None


@lru_cache(maxsize=256)
def _spelt(style: str, command: str) -> str:
    return command if style == "qmark" else command.replace("?", "%s")


@lru_cache(maxsize=64)
def _marks(count: int) -> str:
    return ", ".join(["?"] * count)


def _rounded(count: int) -> int:
    size = 1
    while size < count:
        size *= 2
    return size


def iri_numbers(connection: Connection, iris: Iterable[str]) -> dict[str, int]:
    """The number of each IRI; new ones are given one."""
    return _numbers(connection, "iris", "iri", ("iri",), {iri: (iri,) for iri in iris})


def actor_numbers(connection: Connection, actors: dict[str, str | None]) -> dict[str, int]:
    """The number of each actor, given its identifier and e-mail address; new ones are given one."""
    return _numbers(connection, "actors", "ifi", ("ifi", "email"), {ifi: (ifi, email) for ifi, email in actors.items()})


def _numbers(
    connection: Connection, table: str, key: str, columns: tuple[str, ...], wanted: dict[str, Row]
) -> dict[str, int]:
    question = f"SELECT {key}, id FROM {table} WHERE {key} IN"  # noqa: S608 - names of ours
    numbers = {row[0]: row[1] for row in rows_where_in(connection, question, list(wanted))}
    missing = sorted(wanted.keys() - numbers.keys())  # in one order everywhere, so that writers never wait in a circle
    if missing:
        insert(connection, table, columns, [wanted[name] for name in missing], " ON CONFLICT DO NOTHING")
        numbers.update({row[0]: row[1] for row in rows_where_in(connection, question, missing)})
    return numbers
