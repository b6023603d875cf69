"""An author's word that a module of one major version of a course stands for the same module of another."""

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
    table = equivalences.c
    query = select(table.module, table.done, table.wanted, table.recorded_at, table.recorded_by)
    ordered = query.where(table.course == course).order_by(table.wanted, table.done, table.module)
    return tuple(Equivalence._make(row) for row in connection.execute(ordered))


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
