"""An author's word that a module of one major version of a course stands for the same module of another."""

from collections.abc import Set
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from lrs.storage.database import Connection
from lrs.storage.programme_tables import equivalences


class Equivalence(NamedTuple):
    """That ``module`` done in major version ``done`` counts where version ``wanted`` is asked for."""

    module: str
    done: int
    wanted: int
    recorded_at: datetime
    recorded_by: str


def equivalences_of(connection: Connection, course: str) -> tuple[Equivalence, ...]:
    """Every equivalence of a course, by version and module."""
    return every_equivalence(connection, {course}).get(course, ())


def every_equivalence(connection: Connection, courses: Set[str]) -> dict[str, tuple[Equivalence, ...]]:
    """Each of these courses of which there are any -> its equivalences, by version and module."""
    if not courses:
        return {}
    table = equivalences.c
    query = select(table.course, table.module, table.done, table.wanted, table.recorded_at, table.recorded_by)
    ordered = query.where(table.course.in_(courses)).order_by(table.wanted, table.done, table.module)
    found: dict[str, tuple[Equivalence, ...]] = {}
    for row in connection.execute(ordered):
        found[row.course] = (*found.get(row.course, ()), Equivalence._make(row[1:]))
    return found


def add_equivalence(connection: Connection, course: str, said: Equivalence) -> bool:
    """Keep an equivalence; False where it is kept already."""
    if any(known[:3] == said[:3] for known in equivalences_of(connection, course)):
        return False
    connection.execute(insert(equivalences).values(course=course, **said._asdict()))
    return True


def take_back_equivalence(connection: Connection, course: str, module: str, done: int, wanted: int) -> bool:
    """Take an equivalence away; False where there is none."""
    table = equivalences.c
    which = table.course == course, table.module == module, table.done == done, table.wanted == wanted
    return connection.execute(delete(equivalences).where(*which)).rowcount == 1
