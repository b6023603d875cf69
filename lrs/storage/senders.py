"""Who answers for statements that come by a key, whichever way they come."""

from typing import Any

from sqlalchemy import select

from lrs.storage.database import Connection
from lrs.storage.keys import Key
from lrs.storage.statements import Sender
from lrs.storage.tables import keys

WRITING = frozenset(("statements/write", "all"))
DEFINING = frozenset(("define", "all"))


def authority(home_page: str, name: str, words: str) -> dict[str, Any]:
    """The xAPI agent that a key or a launched package is; ``home_page`` is this store's own address, if it has one."""
    account = {"homePage": home_page or "http://localhost", "name": name}
    return {"objectType": "Agent", "name": words, "account": account}


def sender_of(key: Key, home_page: str) -> Sender:
    """Who answers for what is sent with a key: its label is the source, and being trusted makes it verified."""
    grade = "verified" if key.trusted else "confirmed"
    return Sender(authority(home_page, key.key, key.label), key.label, grade, not DEFINING.isdisjoint(key.scopes))


def who_may_send(connection: Connection) -> list[Key]:
    """The keys in use that may store statements, by label."""
    query = select(keys.c.key, keys.c.label, keys.c.scopes, keys.c.trusted).where(keys.c.revoked_at.is_(None))
    found = connection.execute(query.order_by(keys.c.label, keys.c.id))
    every = [Key(row.key, row.label, frozenset(row.scopes.split()), row.trusted) for row in found]
    return [key for key in every if not WRITING.isdisjoint(key.scopes)]
