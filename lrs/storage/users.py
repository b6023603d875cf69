"""Those who may look: users, from when to when, with which role, and how an organisation's own sign-in knows them."""

import uuid
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update

from lrs.rules.days import day_in_wales
from lrs.storage.database import Connection
from lrs.storage.programme_tables import audit, sessions, signin_links, users


class User(NamedTuple):
    """Somebody who may look. A ``lead`` sees every council, a ``link`` officer the one in ``authority``.

    They may look from the day ``starts`` until before the day ``ends``; None is no bound. ``subject`` is how the
    organisation's own sign-in knows them.
    """

    id: str
    email: str
    name: str
    role: str
    authority: str | None
    starts: date | None = None
    ends: date | None = None
    subject: str | None = None

    @property
    def is_lead(self) -> bool:
        """Whether the person leads the programme."""
        return self.role == "lead"

    @property
    def sees(self) -> str | None:
        """The only authority whose people this user may see; None for all of them."""
        return None if self.is_lead else self.authority or ""

    def may_look(self, now: datetime) -> bool:
        """Whether the moment lies in the days, by the calendar in Wales, on which this user may look."""
        today = day_in_wales(now)
        return (self.starts is None or self.starts <= today) and (self.ends is None or today < self.ends)


class UserExists(Exception):
    """Somebody already has this e-mail address."""


_SHOWN = tuple(users.c[name] for name in User._fields)


def _may_look(now: datetime) -> ColumnElement[bool]:
    today = day_in_wales(now)
    begun = or_(users.c.starts.is_(None), users.c.starts <= today)
    return and_(begun, or_(users.c.ends.is_(None), users.c.ends > today))


def add_user(
    connection: Connection,
    email: str,
    name: str,
    role: str,
    authority: str | None,
    now: datetime,
    starts: date | None = None,
    ends: date | None = None,
    subject: str | None = None,
) -> User:
    """Let somebody look: ``role`` is lead or link, and a link officer has an authority. Raises UserExists."""
    if user_with_email(connection, email):
        raise UserExists(email)
    user = User(str(uuid.uuid4()), email.strip().lower(), name, role, authority, starts, ends, subject)
    connection.execute(insert(users).values(**user._asdict(), created_at=now))
    return user


def change_user(connection: Connection, user: User) -> None:
    """Keep a user as given, by their id. Raises UserExists."""
    other = user_with_email(connection, user.email)
    if other and other.id != user.id:
        raise UserExists(user.email)
    values = user._asdict() | {"email": user.email.strip().lower()}
    connection.execute(update(users).where(users.c.id == user.id).values(**values))


def sign_out_everywhere(connection: Connection, user: str) -> None:
    """End every session of a user, and take back every sign-in link that is not used yet."""
    connection.execute(delete(sessions).where(sessions.c.user == user))
    connection.execute(delete(signin_links).where(signin_links.c.user == user))


def every_user(connection: Connection) -> list[User]:
    """Everybody who may look, or might, by name."""
    return [User(*row) for row in connection.execute(select(*_SHOWN).order_by(users.c.name, users.c.email))]


def user_called(connection: Connection, user: str) -> User | None:
    """The user of that id, if there is one."""
    return _one(connection, select(*_SHOWN).where(users.c.id == user))


def user_with_email(connection: Connection, email: str) -> User | None:
    """The user with that e-mail address, in whichever case it is written."""
    return _one(connection, select(*_SHOWN).where(users.c.email == email.strip().lower()))


def user_with_subject(connection: Connection, subject: str) -> User | None:
    """The user whom the organisation's own sign-in knows so."""
    return _one(connection, select(*_SHOWN).where(users.c.subject == subject))


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> User | None:
    row = connection.execute(query).first()
    return User._make(row) if row else None


def leads_left(connection: Connection, but: str, now: datetime) -> int:
    """How many leads may look now without the user ``but``."""
    others = users.c.role == "lead", users.c.id != but, _may_look(now)
    return connection.scalar(select(func.count()).select_from(users).where(*others)) or 0


def add_link(connection: Connection, user: User, token_hash: str, now: datetime, expires: datetime) -> None:
    """Keep a one-time sign-in link by the hash of its token, and forget those that are over."""
    connection.execute(delete(signin_links).where(signin_links.c.expires_at <= now))
    values = {"token_hash": token_hash, "user": user.id, "created_at": now, "expires_at": expires}
    connection.execute(insert(signin_links).values(**values))


def _good_link(token_hash: str, now: datetime) -> ColumnElement[bool]:
    theirs = select(users.c.id).where(_may_look(now))
    return and_(
        signin_links.c.token_hash == token_hash,
        signin_links.c.used_at.is_(None),
        signin_links.c.expires_at > now,
        signin_links.c.user.in_(theirs),
    )


def link_is_good(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Whether the link is known, unused and still in time, and its user may look."""
    return connection.scalar(select(signin_links.c.user).where(_good_link(token_hash, now))) is not None


def spend_link(connection: Connection, token_hash: str, now: datetime) -> User | None:
    """Use the link up and say whose it is; None where it is unknown, used or too old. One update, so once only."""
    spent = connection.execute(update(signin_links).where(_good_link(token_hash, now)).values(used_at=now))
    if spent.rowcount != 1:
        return None
    query = select(*_SHOWN).join(signin_links, signin_links.c.user == users.c.id)
    return User(*connection.execute(query.where(signin_links.c.token_hash == token_hash)).one())


def add_session(connection: Connection, user: User, token_hash: str, now: datetime, expires: datetime) -> None:
    """Begin a session, and forget those that are over."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    values = {"token_hash": token_hash, "user": user.id, "created_at": now, "expires_at": expires}
    connection.execute(insert(sessions).values(**values))


class Session(NamedTuple):
    """A session that is not over: whose, since when, and when it ends unless it is used."""

    user: User
    began: datetime
    expires: datetime


def session_of(connection: Connection, token_hash: str, now: datetime) -> Session | None:
    """The session with a token of that hash, if it is not over and its user may look."""
    query = select(*_SHOWN, sessions.c.created_at, sessions.c.expires_at).join(sessions, sessions.c.user == users.c.id)
    here = sessions.c.token_hash == token_hash, sessions.c.expires_at > now, _may_look(now)
    row = connection.execute(query.where(*here)).first()
    return Session(User(*row[:-2]), row[-2], row[-1]) if row else None


def renew_session(connection: Connection, token_hash: str, expires: datetime) -> None:
    """Let a session end at a later moment."""
    connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(expires_at=expires))


def end_session(connection: Connection, token_hash: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def note(connection: Connection, user: str, action: str, subject: str, now: datetime, detail: str = "") -> None:
    """Write one row of the audit trail: who did what, to whom or what, when."""
    connection.execute(insert(audit).values(at=now, user=user, action=action, subject=subject, detail=detail))
