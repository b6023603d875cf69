"""Those who may look: users, their one-time links and their sessions, with every secret kept only as a hash."""

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from lrs.storage.database import Connection
from lrs.storage.programme_tables import audit, sessions, signin_links, users


class User(NamedTuple):
    """Somebody who may look. A ``lead`` sees every council, a ``link`` officer the one in ``authority``."""

    id: str
    email: str
    name: str
    role: str
    authority: str | None

    @property
    def is_lead(self) -> bool:
        """Whether the person leads the programme."""
        return self.role == "lead"

    @property
    def sees(self) -> str | None:
        """The only authority whose people this user may see; None for all of them."""
        return None if self.is_lead else self.authority or ""


class UserExists(Exception):
    """Somebody already has this e-mail address."""


_SHOWN = (users.c.id, users.c.email, users.c.name, users.c.role, users.c.authority)


def add_user(connection: Connection, email: str, name: str, role: str, authority: str | None, now: datetime) -> User:
    """Let somebody look: ``role`` is lead or link, and a link officer has an authority. Raises UserExists."""
    if user_with_email(connection, email):
        raise UserExists(email)
    user = User(str(uuid.uuid4()), email.strip().lower(), name, role, authority)
    connection.execute(insert(users).values(**user._asdict(), created_at=now))
    return user


def user_with_email(connection: Connection, email: str) -> User | None:
    """The user with that e-mail address, in whichever case it is written."""
    row = connection.execute(select(*_SHOWN).where(users.c.email == email.strip().lower())).first()
    return User(*row) if row else None


def add_link(connection: Connection, user: User, token_hash: str, now: datetime, expires: datetime) -> None:
    """Keep a one-time sign-in link by the hash of its token, and forget those that are over."""
    connection.execute(delete(signin_links).where(signin_links.c.expires_at <= now))
    values = {"token_hash": token_hash, "user": user.id, "created_at": now, "expires_at": expires}
    connection.execute(insert(signin_links).values(**values))


def link_is_good(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Whether the link is known, unused and still in time."""
    query = select(signin_links.c.user).where(
        signin_links.c.token_hash == token_hash, signin_links.c.used_at.is_(None), signin_links.c.expires_at > now
    )
    return connection.scalar(query) is not None


def spend_link(connection: Connection, token_hash: str, now: datetime) -> User | None:
    """Use the link up and say whose it is; None where it is unknown, used or too old. One update, so once only."""
    spent = connection.execute(
        update(signin_links)
        .where(
            signin_links.c.token_hash == token_hash,
            signin_links.c.used_at.is_(None),
            signin_links.c.expires_at > now,
        )
        .values(used_at=now)
    )
    if spent.rowcount != 1:
        return None
    query = select(*_SHOWN).join(signin_links, signin_links.c.user == users.c.id)
    return User(*connection.execute(query.where(signin_links.c.token_hash == token_hash)).one())


def add_session(connection: Connection, user: User, token_hash: str, now: datetime, expires: datetime) -> None:
    """Begin a session, and forget those that are over."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    values = {"token_hash": token_hash, "user": user.id, "created_at": now, "expires_at": expires}
    connection.execute(insert(sessions).values(**values))


def whose_session(connection: Connection, token_hash: str, now: datetime) -> User | None:
    """The user of a session that is not over."""
    query = select(*_SHOWN).join(sessions, sessions.c.user == users.c.id)
    row = connection.execute(query.where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)).first()
    return User(*row) if row else None


def end_session(connection: Connection, token_hash: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def note(connection: Connection, user: str, action: str, subject: str, now: datetime, detail: str = "") -> None:
    """Write one row of the audit trail: who did what, to whom or what, when."""
    connection.execute(insert(audit).values(at=now, user=user, action=action, subject=subject, detail=detail))
