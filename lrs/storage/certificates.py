"""Certificates: who was given one, under which code, what stands on the paper, and whether it still holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from lrs.storage.database import Connection
from lrs.storage.programme_tables import certificates


class Certificate(NamedTuple):
    """One certificate, with the name as it stands on the paper; it holds until it is revoked."""

    code: str
    cohort: str
    person: str
    name: str
    language: str
    issued_at: datetime
    issued_by: str
    revoked_at: datetime | None = None


_SHOWN = tuple(certificates.c[name] for name in Certificate._fields)


def issue(connection: Connection, made: Sequence[Certificate]) -> None:
    """Keep new certificates; one that replaces a revoked one takes its place, and the code of that is no more."""
    for one in made:
        here = certificates.c.cohort == one.cohort, certificates.c.person == one.person
        connection.execute(delete(certificates).where(*here, certificates.c.revoked_at.is_not(None)))
    if made:
        connection.execute(insert(certificates), [one._asdict() for one in made])


def certificates_of(connection: Connection, cohort: str) -> dict[str, Certificate]:
    """Person -> their certificate of a residential, revoked ones too."""
    query = select(*_SHOWN).where(certificates.c.cohort == cohort)
    return {row.person: Certificate._make(row) for row in connection.execute(query)}


def certificate_called(connection: Connection, code: str) -> Certificate | None:
    """The certificate with that code, if there is or was one."""
    row = connection.execute(select(*_SHOWN).where(certificates.c.code == code)).first()
    return Certificate._make(row) if row else None


def revoke(connection: Connection, cohort: str, code: str, now: datetime) -> bool:
    """Say that a certificate of a residential holds no longer; False where none with that code did."""
    holding = certificates.c.code == code, certificates.c.cohort == cohort, certificates.c.revoked_at.is_(None)
    return connection.execute(update(certificates).where(*holding).values(revoked_at=now)).rowcount == 1
