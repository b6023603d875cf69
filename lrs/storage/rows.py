"""Plain SQL with tuples, straight to the driver, for what every stored statement needs.

A question costs 4 µs this way on SQLite and 50 to 220 µs through SQLAlchemy; a statement sent alone asks eight. On
PostgreSQL each is a journey to another process, 110 µs of both, so there they are asked, and rows written, together.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import orjson

from lrs.storage.database import ASKED, Connection, Unavailable

Row = tuple[Any, ...]
Question = tuple[str, Sequence[Any]]  # one that ends in IN, and the values for it
CHUNK = 512  # values in one IN (...)
IN = " IN"
IRIS = "SELECT iri, id FROM iris WHERE iri IN"
ACTORS = "SELECT ifi, id FROM actors WHERE ifi IN"


def rows(connection: Connection, question: str, *values: Any) -> list[Row]:
    """The rows that answer a question in which ``?`` stands for each value; instants are whole microseconds here."""
    known = None if values else _answered(connection, question, values)
    return _fetched(connection, _spelt(connection.dialect.paramstyle, question), values) if known is None else known


def insert(connection: Connection, table: str, columns: tuple[str, ...], new: list[Row], suffix: str = "") -> None:
    """Insert the rows, each in the order of the columns; instants are whole microseconds here."""
    if new:
        command = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(len(columns))}){suffix}"  # noqa: S608
        cursor = _cursor(connection)
        if connection.dialect.name != "sqlite":
            new = [tuple(_storable(value) for value in row) for row in new]
        try:
            _run(cursor, _spelt(connection.dialect.paramstyle, command), new)
        except connection.dialect.loaded_dbapi.OperationalError as error:
            raise Unavailable(None, None, error) from None


def _run(cursor: Any, command: str, new: list[Row]) -> None:
    """Run a command for each row; for one alone without the driver’s preparation for many, a quarter of its cost."""
    if len(new) == 1:
        cursor.execute(command, new[0])
    else:
        cursor.executemany(command, new)


def insert_together(connection: Connection, tables: Sequence[tuple[str, tuple[str, ...], list[Row]]]) -> None:
    """Insert the rows, without bytes among them, of several tables; none may need another's to be there first."""
    filled = [one for one in tables if one[2]]
    if connection.dialect.name == "sqlite":
        for table, columns, new in filled:
            insert(connection, table, columns, new)
    elif filled:
        # As JSON, because the driver takes 2 µs for every value in a list of its own.
        values = [_json([dict(zip(columns, row, strict=True)) for row in new]) for _, columns, new in filled]
        _fetched(connection, _writes(tuple((table, columns) for table, columns, _ in filled)), values)


def rows_where_in(connection: Connection, question: str, values: Sequence[Any]) -> list[Row]:
    """The rows of a question that ends in ``IN``, for these values, in no order."""
    if connection.dialect.name != "sqlite":
        return _rows_among(connection, question, values)
    found: list[Row] = []
    for start in range(0, len(values), CHUNK):
        some = tuple(values[start : start + CHUNK])
        # A few lengths only, so that the driver's cache of prepared statements has a use: the last value is repeated.
        some += (some[-1],) * (_rounded(len(some)) - len(some))
        found += rows(connection, f"{question} ({_marks(len(some))})", *some)
    return found


def asks_together(connection: Connection) -> bool:
    """Whether questions cost less when they are asked together."""
    return connection.dialect.name != "sqlite"


def ask_ahead(connection: Connection, questions: Iterable[Question]) -> None:
    """Ask these questions at once on PostgreSQL; rows_where_in() and rows() then have the answers.

    Their values are texts; one that does not end in IN has none.
    Each is given once. Whoever writes what would change an answer asks before.
    """
    asked = {(one, frozenset(values)): (one, values) for one, values in questions if values or not one.endswith(IN)}
    answers: list[list[Row]] = [[] for _ in asked]
    command = _union(tuple(question for question, _ in asked.values()))
    for number, row in _fetched(connection, command, [_json(values) for _, values in asked.values() if values]):
        answers[number].append(tuple(orjson.loads(row).values()))
    connection.info[ASKED] = dict(zip(asked, answers, strict=True))


def _rows_among(connection: Connection, question: str, values: Sequence[Any]) -> list[Row]:
    if not values:
        return []
    known = _answered(connection, question, values)
    if known is not None:
        return known
    if isinstance(values[0], str):
        return _fetched(connection, _among(question), [_json(values)])
    return _fetched(connection, f"{_stem(question)} = ANY(%s)", [list(values)])


def _answered(connection: Connection, question: str, values: Sequence[Any]) -> list[Row] | None:
    asked = connection.info.get(ASKED)
    known: list[Row] | None = asked.pop((question, frozenset(values)), None) if asked else None
    return known


def _fetched(connection: Connection, command: str, values: Sequence[Any]) -> list[Row]:
    cursor = _cursor(connection)
    if connection.dialect.name != "sqlite":
        values = [_storable(value) for value in values]
    try:
        return list(cursor.execute(command, values).fetchall())
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise Unavailable(None, None, error) from None


def _cursor(connection: Connection) -> Any:
    """The one cursor of the driver's connection: everything is fetched before it is used again."""
    cursor = connection.info.get("cursor")
    if cursor is None:
        cursor = connection.info["cursor"] = connection.connection.cursor()
    return cursor


def _storable(value: Any) -> Any:
    """The value as PostgreSQL can hold or look for it: no text of its has the character NUL, so that is made visible.

    What is kept by such a name is refused before it comes here; what is merely looked for is not there then.
    """
    return value.replace("\x00", "\u2400") if isinstance(value, str) and "\x00" in value else value


def _json(values: Sequence[Any]) -> str:
    return orjson.dumps([_storable(value) for value in values]).decode()


@lru_cache(maxsize=256)
def _spelt(style: str, command: str) -> str:
    return command if style == "qmark" else command.replace("?", "%s")


@lru_cache(maxsize=64)
def _marks(count: int) -> str:
    return ", ".join(["?"] * count)


def _stem(question: str) -> str:
    return question.removesuffix(IN)


@lru_cache(maxsize=64)
def _among(question: str) -> str:
    # One text for any number of values, which PostgreSQL need not plan again, and no list for the driver to spell.
    if not question.endswith(IN):
        return question
    return f"{_stem(question)} = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))"


@lru_cache(maxsize=64)
def _union(questions: tuple[str, ...]) -> str:
    parts = (f"SELECT {n}, to_json(q)::text FROM ({_among(one)}) q" for n, one in enumerate(questions))  # noqa: S608
    return " UNION ALL ".join(parts)


@lru_cache(maxsize=64)
def _writes(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    written = (
        f"w{n} AS (INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of ours
        f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{table}, %s::json))"
        for n, (table, columns) in enumerate(tables)
    )
    return f"WITH {', '.join(written)} SELECT 1"


def _rounded(count: int) -> int:
    size = 1
    while size < count:
        size *= 2
    return size


def iri_numbers(connection: Connection, iris: Iterable[str]) -> dict[str, int]:
    """The number of each IRI; new ones are given one."""
    return _numbers(connection, IRIS, "iris", ("iri",), {iri: (iri,) for iri in iris})


def actor_numbers(connection: Connection, actors: dict[str, str | None]) -> dict[str, int]:
    """The number of each actor, given its identifier and e-mail address; new ones are given one."""
    return _numbers(
        connection, ACTORS, "actors", ("ifi", "email"), {ifi: (ifi, email) for ifi, email in actors.items()}
    )


def _numbers(
    connection: Connection, question: str, table: str, columns: tuple[str, ...], wanted: dict[str, Row]
) -> dict[str, int]:
    numbers = {row[0]: row[1] for row in rows_where_in(connection, question, list(wanted))}
    missing = sorted(wanted.keys() - numbers.keys())  # in one order everywhere, so that writers never wait in a circle
    if missing:
        insert(connection, table, columns, [wanted[name] for name in missing], " ON CONFLICT DO NOTHING")
        numbers.update({row[0]: row[1] for row in rows_where_in(connection, question, missing)})
    return numbers
