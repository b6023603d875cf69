"""Keys of record providers: made once, kept as a hash, found again in constant time."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from sqlalchemy import insert

from lrs.storage.database import Connection
from lrs.storage.rows import rows
from lrs.storage.tables import keys

# What a key may be allowed, each with a line of help for whoever gives it.
SCOPES = {
    "statements/write": "store statements; what they say of activities and agents is not taken as known",
    "statements/read/mine": "read the statements that the key itself stored",
    "statements/read": "read every statement, and what is known of activities and agents",
    "state": "read and write State documents",
    "profile": "read and write Activity Profile and Agent Profile documents",
    "define": "with statements/write: what statements say of activities and agents is taken as known",
    "all/read": "read everything of xAPI",
    "all": "read and write everything of xAPI",
    "readiness": "read residentials, people and who is ready, and nothing of xAPI",
}


class Key(NamedTuple):
    """A key that may be used, with what it may do."""

    key: str
    label: str
    scopes: frozenset[str]
    trusted: bool


class NewKey(NamedTuple):
    """A key just made: the only moment at which its secret is known."""

    key: str
    secret: str


def secret_hash(secret: str) -> str:
    """The SHA-256 of a secret of 256 random bits, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def create(connection: Connection, label: str, scopes: list[str], now: datetime, *, trusted: bool = False) -> NewKey:
    """Make a key with these scopes (of SCOPES); ValueError for a scope that does not exist."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise ValueError(f"{unknown[0]} is not a scope; there are {', '.join(SCOPES)}")
    made = NewKey(secrets.token_hex(16), secrets.token_hex(32))  # beginning with "-" it would be taken for an option
    connection.execute(
        insert(keys).values(
            key=made.key,
            secret_hash=secret_hash(made.secret),
            label=label,
            scopes=" ".join(scopes),
            trusted=trusted,
            created_at=now,
        )
    )
    return made


def find(connection: Connection, key: str, secret: str) -> Key | None:
    """The key, if it exists, is not revoked and this is its secret."""
    question = "SELECT label, scopes, trusted, secret_hash FROM keys WHERE key = ? AND revoked_at IS NULL"
    found = rows(connection, question, key)
    label, scopes, trusted, kept_hash = found[0] if found else ("", "", False, "")
    # The comparison is made for an unknown key too, so that the time taken tells nothing.
    good = hmac.compare_digest(secret_hash(secret), kept_hash)
    return Key(key, label, frozenset(scopes.split()), bool(trusted)) if good else None


class Recent:
    """Keys found a moment ago, so that a provider who sends much is looked up once in ``SECONDS``.

    A key that is revoked may be used for that much longer. Secrets are kept as hashes here too.
    """

    SECONDS = 5.0
    MOST = 256

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Key, float]] = {}

    def find(self, reading: Callable[[], Connection], key: str, secret: str) -> Key | None:
        """The key as ``find`` gives it; ``reading`` opens a transaction where the store must be asked."""
        asked = key, secret_hash(secret)
        known, until = self._found.get(asked, (None, 0.0))
        if known is None or until < monotonic():
            known = find(reading(), key, secret)
            if len(self._found) >= self.MOST:
                self._found.clear()
            if known is not None:
                self._found[asked] = known, monotonic() + self.SECONDS
        return known
