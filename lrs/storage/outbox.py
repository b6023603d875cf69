"""The outbox: every message from the moment it is to be sent, what became of it, and the words that leads chose.

A message is ``waiting``; whoever sends it claims it first (``sending``), in a transaction of its own, so that no two
send it. Then it is ``sent`` or ``refused``, or ``waiting`` again for later. Where nobody can say whether the mail
server took it, it is ``unknown`` and nothing sends it again by itself. A sent one may turn out to have ``bounced``; one
that is needed no more is ``dropped``. A ``draft`` has no recipient: it is a lead's own words for a residential.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update

from lrs.rules.reminders import Written
from lrs.storage.database import Connection
from lrs.storage.programme_tables import outbox

LONGEST_ANSWER = 500


class Message(NamedTuple):
    """A message to one recipient. ``kind`` is invitation, reminder, digest, sign-in, certificate or merge."""

    kind: str
    cohort: str | None
    person: str | None
    language: str
    recipient: str
    subject: str
    body: str


class Kept(NamedTuple):
    """A message in the outbox, and what has become of it so far."""

    id: int
    kind: str
    cohort: str | None
    person: str | None
    language: str
    recipient: str
    subject: str
    body: str
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    created_by: str
    sent_at: datetime | None
    answer: str | None


class Words(NamedTuple):
    """The words of a kind of message that a lead may choose: its subject and how it opens."""

    subject: str
    opening: str


_SHOWN = tuple(outbox.c[name] for name in Kept._fields)
_IS_MESSAGE = outbox.c.state != "draft"


def write(connection: Connection, message: Message, by: str, now: datetime) -> int:
    """Put a message in the outbox, to be sent from now on; its number."""
    values = {**message._asdict(), "state": "waiting", "due_at": now, "created_at": now, "created_by": by}
    return connection.execute(insert(outbox).values(**values).returning(outbox.c.id)).scalar_one()


def written_for(connection: Connection, cohort: str) -> list[Written]:
    """Everything that was ever written for a residential, oldest first; what was dropped reached nobody."""
    columns = outbox.c.kind, outbox.c.person, outbox.c.recipient, outbox.c.state, outbox.c.created_at
    query = select(*columns).where(outbox.c.cohort == cohort, _IS_MESSAGE, outbox.c.state != "dropped")
    return [Written._make(row) for row in connection.execute(query.order_by(outbox.c.id))]


def messages_of(
    connection: Connection, cohort: str, state: str | None = None, page: int = 1, size: int | None = None
) -> list[Kept]:
    """The messages of a residential, the newest first; in one state where that is asked, ``size`` of them to a page."""
    query = select(*_SHOWN).where(outbox.c.cohort == cohort, _IS_MESSAGE).order_by(outbox.c.id.desc())
    if state is not None:
        query = query.where(outbox.c.state == state)
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return [Kept._make(row) for row in connection.execute(query)]


def message_called(connection: Connection, number: int) -> Kept | None:
    """The message of that number, if there is one."""
    return _one(connection, select(*_SHOWN).where(outbox.c.id == number, _IS_MESSAGE))


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> Kept | None:
    row = connection.execute(query).first()
    return Kept._make(row) if row else None


def tally(connection: Connection, cohort: str) -> dict[tuple[str, str, str], int]:
    """Kind, language and state -> how many messages of a residential there are."""
    by = outbox.c.kind, outbox.c.language, outbox.c.state
    query = select(*by, func.count()).where(outbox.c.cohort == cohort, _IS_MESSAGE).group_by(*by)
    return {(kind, language, state): number for kind, language, state, number in connection.execute(query)}


# --- sending ------------------------------------------------------------------------------------------------------


def _next(now: datetime, kinds: Collection[str]) -> Select[Any]:
    ready = outbox.c.state == "waiting", outbox.c.due_at <= now, outbox.c.kind.in_(kinds)
    return select(outbox.c.id).where(*ready).order_by(outbox.c.due_at, outbox.c.id).limit(1)


def is_next(connection: Connection, now: datetime, kinds: Collection[str]) -> bool:
    """Whether a message of these kinds waits for this moment or an earlier one."""
    return connection.scalar(_next(now, kinds)) is not None


def claim_next(connection: Connection, now: datetime, kinds: Collection[str]) -> Kept | None:
    """Claim the message of these kinds that has waited longest; None where none waits for this moment."""
    number = connection.scalar(_next(now, kinds))
    if number is None:
        return None
    taken = update(outbox).where(outbox.c.id == number, outbox.c.state == "waiting")
    values = {"state": "sending", "attempts": outbox.c.attempts + 1, "due_at": now}
    if connection.execute(taken.values(**values)).rowcount != 1:
        return None
    return message_called(connection, number)


def settle(connection: Connection, number: int, state: str, answer: str, now: datetime) -> None:
    """Say what became of a claimed message. The words of a sign-in message are forgotten: they let somebody in."""
    values = {"state": state, "answer": answer[:LONGEST_ANSWER], "sent_at": now if state == "sent" else None}
    connection.execute(update(outbox).where(outbox.c.id == number, outbox.c.state == "sending").values(**values))
    connection.execute(update(outbox).where(outbox.c.id == number, outbox.c.kind == "sign-in").values(body=""))


def put_off(connection: Connection, number: int, until: datetime, answer: str) -> None:
    """Let a claimed message wait again, until a moment."""
    mine = update(outbox).where(outbox.c.id == number, outbox.c.state == "sending")
    connection.execute(mine.values(state="waiting", due_at=until, answer=answer[:LONGEST_ANSWER]))


def give_up_claims(connection: Connection, before: datetime, answer: str) -> int:
    """Say of messages claimed before a moment that nobody knows what became of them; how many there are."""
    lost = update(outbox).where(outbox.c.state == "sending", outbox.c.due_at < before)
    return connection.execute(lost.values(state="unknown", answer=answer)).rowcount


# --- by hand, and before sending ----------------------------------------------------------------------------------


def _turned(connection: Connection, number: int, states: Collection[str], values: Mapping[str, object]) -> bool:
    here: tuple[ColumnElement[bool], ...] = outbox.c.id == number, outbox.c.state.in_(states)
    return connection.execute(update(outbox).where(*here).values(**values)).rowcount == 1


def drop(connection: Connection, number: int, answer: str) -> bool:
    """Do not send a message that still waits; False where it does not."""
    return _turned(connection, number, ("waiting",), {"state": "dropped", "answer": answer[:LONGEST_ANSWER]})


def drop_to(connection: Connection, person: str, kind: str, answer: str) -> int:
    """Do not send the messages of a kind to one person that still wait; how many there were."""
    theirs = outbox.c.state == "waiting", outbox.c.person == person, outbox.c.kind == kind
    return connection.execute(update(outbox).where(*theirs).values(state="dropped", answer=answer)).rowcount


def drop_older(connection: Connection, kinds: Collection[str], before: datetime, answer: str) -> int:
    """Do not send messages of these kinds that should have gone before a moment; how many there were.

    A sign-in message counts from when it was written, however often it was put off.
    """
    late = or_(outbox.c.due_at < before, and_(outbox.c.kind == "sign-in", outbox.c.created_at < before))
    old = outbox.c.state == "waiting", outbox.c.kind.in_(kinds), late
    forgotten = {"body": ""} if set(kinds) == {"sign-in"} else {}
    return connection.execute(update(outbox).where(*old).values(state="dropped", answer=answer, **forgotten)).rowcount


def bounced(connection: Connection, number: int, answer: str) -> bool:
    """Say that a message came back, in the words it came back with; False where it was not sent."""
    values = {"state": "bounced", "answer": answer[:LONGEST_ANSWER]}
    return _turned(connection, number, ("sent", "unknown"), values)


def send_again(connection: Connection, number: int, now: datetime) -> bool:
    """Let a message wait once more that was refused or of which nobody knows; False where it is neither."""
    return _turned(connection, number, ("refused", "unknown"), {"state": "waiting", "due_at": now, "attempts": 0})


# --- the words of a residential -----------------------------------------------------------------------------------


def words_for(connection: Connection, cohort: str, kind: str) -> dict[str, Words]:
    """Language -> the words that a lead chose last for a kind of message; empty where they chose the usual ones."""
    here = outbox.c.cohort == cohort, outbox.c.kind == kind, outbox.c.state == "draft"
    query = select(outbox.c.language, outbox.c.subject, outbox.c.body).where(*here).order_by(outbox.c.id)
    chosen = {language: Words(subject, opening) for language, subject, opening in connection.execute(query)}
    return {language: one for language, one in chosen.items() if one.subject}


def choose_words(
    connection: Connection, cohort: str, kind: str, chosen: Mapping[str, Words], by: str, now: datetime
) -> None:
    """Keep a lead's words in each language; empty ones bring back the usual. Older ones stay as history."""
    stamp = {"cohort": cohort, "kind": kind, "state": "draft", "recipient": "", "created_by": by}
    for language, one in chosen.items():
        values = {**stamp, "language": language, "subject": one.subject, "body": one.opening}
        connection.execute(insert(outbox).values(**values, due_at=now, created_at=now))
