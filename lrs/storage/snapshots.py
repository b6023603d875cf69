"""Snapshots: a residential's readiness as it was at a moment, frozen; added and signed, never changed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, insert, select, update

from lrs.storage.database import Connection
from lrs.storage.programme_tables import snapshots


class Snapshot(NamedTuple):
    """A snapshot without what is in it. ``digest`` is the SHA-256 of its content."""

    id: int
    cohort: str
    as_at: datetime
    digest: str
    taken_at: datetime
    taken_by: str
    signed_at: datetime | None
    signed_by: str | None


_SHOWN = tuple(snapshots.c[name] for name in Snapshot._fields)


def add_snapshot(
    connection: Connection, cohort: str, as_at: datetime, content: str, digest: str, by: str, now: datetime
) -> int:
    """Keep a snapshot; its number."""
    values = {"cohort": cohort, "as_at": as_at, "content": content, "digest": digest, "taken_at": now, "taken_by": by}
    return connection.execute(insert(snapshots).values(**values).returning(snapshots.c.id)).scalar_one()


def sign_snapshot(connection: Connection, number: int, by: str, now: datetime) -> bool:
    """Sign a snapshot off; False where it is signed already, or there is none."""
    unsigned = snapshots.c.id == number, snapshots.c.signed_at.is_(None)
    return connection.execute(update(snapshots).where(*unsigned).values(signed_at=now, signed_by=by)).rowcount == 1


def snapshot_called(connection: Connection, number: int) -> Snapshot | None:
    """The snapshot of that number, if there is one."""
    return _first(connection, select(*_SHOWN).where(snapshots.c.id == number))


def last_signed(connection: Connection, cohort: str) -> Snapshot | None:
    """The snapshot of a residential that was signed last, if any was."""
    signed = select(*_SHOWN).where(snapshots.c.cohort == cohort, snapshots.c.signed_at.is_not(None))
    return _first(connection, signed.order_by(snapshots.c.signed_at.desc(), snapshots.c.id.desc()).limit(1))


def snapshot_with(connection: Connection, digest: str) -> Snapshot | None:
    """The oldest snapshot whose content had that digest when it was taken, if there is one."""
    return _first(connection, select(*_SHOWN).where(snapshots.c.digest == digest).order_by(snapshots.c.id).limit(1))


def _first(connection: Connection, query: Select[tuple[object, ...]]) -> Snapshot | None:
    row = connection.execute(query).first()
    return Snapshot._make(row) if row else None


def snapshots_of(connection: Connection, cohort: str | None = None) -> list[Snapshot]:
    """The snapshots of a residential, or all of them, the newest first."""
    query = select(*_SHOWN).order_by(snapshots.c.id.desc())
    if cohort is not None:
        query = query.where(snapshots.c.cohort == cohort)
    return [Snapshot._make(row) for row in connection.execute(query)]


def content_of(connection: Connection, number: int) -> bytes:
    """What a snapshot holds, to the byte. LookupError where there is none."""
    found = connection.scalar(select(snapshots.c.content).where(snapshots.c.id == number))
    if found is None:
        raise LookupError(number)
    return str(found).encode()
