"""Sign-ins with an organisation's own accounts that have begun and not come back yet; each comes back once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert

from lrs.storage.database import Connection
from lrs.storage.keys import secret_hash
from lrs.storage.programme_tables import signin_attempts

LASTS = timedelta(minutes=10)


class Attempt(NamedTuple):
    """What only the browser (``state``), the ID token (``nonce``) and the exchange (``verifier``) may know."""

    state: str
    nonce: str
    verifier: str


def add_attempt(connection: Connection, attempt: Attempt, now: datetime) -> None:
    """Keep an attempt, its state as a hash, and forget those that took too long."""
    connection.execute(delete(signin_attempts).where(signin_attempts.c.expires_at <= now))
    kept = {"state_hash": secret_hash(attempt.state), "nonce": attempt.nonce, "verifier": attempt.verifier}
    connection.execute(insert(signin_attempts).values(**kept, created_at=now, expires_at=now + LASTS))


def take_attempt(connection: Connection, state: str, now: datetime) -> Attempt | None:
    """The attempt with that state, used up; None where it is unknown, was used or took too long."""
    here = signin_attempts.c.state_hash == secret_hash(state), signin_attempts.c.expires_at > now
    gone = delete(signin_attempts).where(*here).returning(signin_attempts.c.nonce, signin_attempts.c.verifier)
    row = connection.execute(gone).first()
    return Attempt(state, *row) if row else None
