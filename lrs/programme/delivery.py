"""Sending what waits in the outbox: each message is claimed before it is sent, so that it is never sent twice."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from lrs.programme.mailing import MailServer, Outcome, Post, ServerTrouble
from lrs.rules.reminders import working_time
from lrs.storage import outbox
from lrs.storage.database import Engine, reading, writing
from lrs.storage.outbox import Kept

ANY_TIME = ("sign-in",)  # somebody waits for it
IN_WORKING_HOURS = ("invitation", "reminder", "digest", "certificate")
HOWEVER_LATE = ("merge",)  # in working hours too; it is written once, and as true after a weekend
FIRST_PAUSE = timedelta(minutes=10)  # before another try; four times as long after each
TRIES = 5  # over fourteen hours; after them a message is written afresh, if it is still due
KEPT_FOR = timedelta(hours=24)  # for which a message waits while nobody sends anything; then it is as stale
LINK_KEPT_FOR = timedelta(minutes=15)  # a sign-in link is over by then
CLAIM_LASTS = timedelta(minutes=15)  # longer than any message takes: whoever claimed it is gone
RUN_LASTS = 600.0  # seconds; whatever waits still is looked at afresh by the next run
ENOUGH = 3  # failures of the connection in one run
NOBODY_KNOWS = "Sending began and was not heard of again."


class Delivery(NamedTuple):
    """What a run came to: how many messages met each outcome, and what stopped it, if anything did."""

    outcomes: Mapping[str, int]  # sent, refused, later and unknown
    trouble: str


def tidy(engine: Engine, now: datetime) -> None:
    """Drop what has waited too long, and say of claims that nobody came back from that nothing is known."""
    with writing(engine) as connection:
        outbox.give_up_claims(connection, now - CLAIM_LASTS, NOBODY_KNOWS)
        outbox.drop_older(connection, IN_WORKING_HOURS, now - KEPT_FOR, "Nothing was sent for a day.")
        outbox.drop_older(connection, ANY_TIME, now - LINK_KEPT_FOR, "Not sent while the link was good.")


def deliver(
    engine: Engine, server: MailServer, clock: Callable[[], datetime], only: tuple[str, ...] | None = None
) -> Delivery:
    """Send what waits; of some kinds ``only``, or of all that may be sent at this time of day.

    Nothing is claimed before the server takes mail, and a claim is committed before its message is handed over: a
    process that dies in between leaves a message of which nobody knows, never one that is sent again.
    """
    tidy(engine, clock())
    outcomes: Counter[str] = Counter()
    trouble, failures, last = "", 0, time.monotonic() + RUN_LASTS
    while failures < ENOUGH and time.monotonic() < last and _anything(engine, clock(), only):
        before = outcomes.total()
        try:
            with Post(server) as post:
                trouble = ""
                while time.monotonic() < last and (message := _claimed(engine, post, clock(), only)):
                    outcomes[_sent(engine, post, message, clock)] += 1
        except ServerTrouble as found:
            trouble, failures = str(found), failures + 1 if outcomes.total() == before else 0
    return Delivery(outcomes, trouble)


def _kinds(now: datetime, only: tuple[str, ...] | None) -> tuple[str, ...]:
    allowed = (*ANY_TIME, *IN_WORKING_HOURS, *HOWEVER_LATE) if working_time(now) else ANY_TIME
    return tuple(kind for kind in allowed if only is None or kind in only)


def _anything(engine: Engine, now: datetime, only: tuple[str, ...] | None) -> bool:
    with reading(engine) as connection:
        return outbox.is_next(connection, now, _kinds(now, only))


def _claimed(engine: Engine, post: Post, now: datetime, only: tuple[str, ...] | None) -> Kept | None:
    post.ready()
    with writing(engine) as connection:
        return outbox.claim_next(connection, now, _kinds(now, only))


def _sent(engine: Engine, post: Post, message: Kept, clock: Callable[[], datetime]) -> str:
    """Hand a claimed message over and keep what became of it; the outcome in a word."""
    try:
        outcome = post.hand_over(message)
    except ServerTrouble as trouble:
        _keep(engine, message, Outcome("later", str(trouble)), clock())
        raise
    _keep(engine, message, outcome, clock())
    return outcome.state


def _keep(engine: Engine, message: Kept, outcome: Outcome, now: datetime) -> None:
    with writing(engine) as connection:
        if outcome.state == "later" and message.attempts >= TRIES:
            outbox.settle(connection, message.id, "dropped", outcome.answer, now)
        elif outcome.state == "later":
            pause = FIRST_PAUSE * 4 ** (message.attempts - 1)
            outbox.put_off(connection, message.id, now + pause, outcome.answer)
        else:
            outbox.settle(connection, message.id, outcome.state, outcome.answer, now)
