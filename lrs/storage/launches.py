"""Launch tokens: made for one learner and one registration, counted in each minute of their use, and forgotten."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, delete, func, insert, select, update

from lrs.storage.database import Connection
from lrs.storage.keys import secret_hash
from lrs.storage.tables import course_activities, launch_tokens, packages

KEPT = timedelta(days=1)  # after it expired: long enough to say "expired" rather than "unknown", and to count launches


class Launch(NamedTuple):
    """What a token is bound to."""

    token_hash: str
    package: str
    course: str
    outline: str
    home_page: str
    name: str
    registration: str
    expires_at: datetime


def package_course(connection: Connection, package: str) -> str | None:
    """The course of a registered package."""
    return connection.execute(select(packages.c.course).where(packages.c.id == package)).scalar()


def create(
    connection: Connection,
    package: str,
    home_page: str,
    name: str,
    registration: str,
    now: datetime,
    lifetime: timedelta,
) -> tuple[str, datetime]:
    """A new token for this learner and registration, and when it expires; tokens long expired are removed."""
    connection.execute(delete(launch_tokens).where(launch_tokens.c.expires_at < now - KEPT))
    token, expires = secrets.token_urlsafe(32), now + lifetime
    connection.execute(
        insert(launch_tokens).values(
            token_hash=secret_hash(token),
            package=package,
            home_page=home_page,
            name=name,
            registration=registration,
            created_at=now,
            expires_at=expires,
            minute=0,
            uses=0,
        )
    )
    return token, expires


def recent(connection: Connection, package: str, home_page: str, name: str, now: datetime) -> tuple[int, int]:
    """How many launches the package, and this learner in it, had in the last minute."""
    learner = (launch_tokens.c.home_page == home_page) & (launch_tokens.c.name == name)
    question = select(func.count(), func.coalesce(func.sum(case((learner, 1), else_=0)), 0)).where(
        launch_tokens.c.package == package, launch_tokens.c.created_at > now - timedelta(minutes=1)
    )
    both = connection.execute(question).one()
    return both[0], both[1]


def find(connection: Connection, token: str) -> Launch | None:
    """What the token is bound to, expired or not."""
    question = (
        select(
            launch_tokens.c.token_hash,
            launch_tokens.c.package,
            packages.c.course,
            packages.c.outline,
            launch_tokens.c.home_page,
            launch_tokens.c.name,
            launch_tokens.c.registration,
            launch_tokens.c.expires_at,
        )
        .join_from(launch_tokens, packages)
        .where(launch_tokens.c.token_hash == secret_hash(token))
    )
    row = connection.execute(question).one_or_none()
    return Launch(*row) if row else None


def use(connection: Connection, launch: Launch, now: datetime, lifetime: timedelta) -> int | None:
    """Renew the token and count this use; how often it was used in this minute, or None where it is there no more."""
    minute = int(now.timestamp() // 60)
    here = launch_tokens.c.token_hash == launch.token_hash
    uses = case((launch_tokens.c.minute == minute, launch_tokens.c.uses + 1), else_=1)
    connection.execute(update(launch_tokens).where(here).values(minute=minute, uses=uses, expires_at=now + lifetime))
    return connection.execute(select(launch_tokens.c.uses).where(here)).scalar_one_or_none()


def course_iris(connection: Connection, course: str) -> set[str]:
    """The IRIs of every activity registered for the course, of all its versions."""
    return set(
        connection.execute(select(course_activities.c.iri).where(course_activities.c.course == course)).scalars()
    )
