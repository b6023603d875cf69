"""What is to be written now: the rule of reminders asked about every residential, and its answer put in the outbox."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from lrs.programme.board import TO_CHASE, Standing, counts, standings
from lrs.programme.messages import EDITABLE, Reader, digest, to_one
from lrs.rules.days import day_in_wales
from lrs.rules.reminders import (
    Candidate,
    Due,
    Written,
    asked_of,
    digest_due,
    due,
    working_time,
)
from lrs.storage import outbox, users
from lrs.storage.cohorts import Cohort, which_cohorts
from lrs.storage.database import Connection
from lrs.storage.outbox import Message
from lrs.storage.people import Member

LONGEST_WAIT = 2  # days after the cut-off, from which no message about it can be waiting any more
NOT_NEEDED = "Not needed any more."


class Plans(NamedTuple):
    """What is due for one residential: messages, who cannot be reached, and messages that wait and are not needed."""

    messages: list[Message]
    unreached: list[tuple[Member, str]]
    stale: list[int]


def planned(connection: Connection, cohort: Cohort, now: datetime, public_url: str) -> Plans:
    """What is due for one residential at a moment. A residential for practice writes to nobody."""
    if cohort.practice:
        return Plans([], [], [])
    everybody = standings(connection, cohort, now)
    written = outbox.written_for(connection, cohort.id)
    plan = cohort.plan_at(now)
    candidates = [Candidate(one.member.person, one.member.email, one.readiness) for one in everybody]
    answer = due(plan, candidates, written, now)
    members = {one.member.person: one.member for one in everybody}
    messages = _to_people(connection, cohort, members, answer.due, day_in_wales(now))
    messages += _to_officers(connection, cohort, everybody, written, now, public_url)
    unreached = [(members[one.person], one.why) for one in answer.unreached]
    return Plans(messages, unreached, _stale(connection, cohort, everybody, now))


def _to_people(
    connection: Connection, cohort: Cohort, members: dict[str, Member], wanted: Sequence[Due], today: date
) -> list[Message]:
    chosen = {kind: outbox.words_for(connection, cohort.id, kind) for kind in EDITABLE}
    return [
        to_one(one.kind, cohort, reader_of(members[one.person]), one.left, one.minutes, chosen[one.kind], today)
        for one in wanted
    ]


def reader_of(member: Member) -> Reader:
    """Somebody on the roster as the reader of a message."""
    return Reader(member.person, member.name, member.email, member.language)


def _to_officers(
    connection: Connection,
    cohort: Cohort,
    everybody: Sequence[Standing],
    written: Sequence[Written],
    now: datetime,
    public_url: str,
) -> list[Message]:
    """A digest for each link officer in office whose own council has anybody who is not done."""
    plan = cohort.plan_at(now)
    messages = []
    for user in users.every_user(connection):
        theirs = [one for one in everybody if not user.is_lead and one.member.authority == user.sees]
        if not any(asked_of(plan, one.readiness) for one in theirs):
            continue
        if user.may_look(now) and digest_due(plan, user.email, written, now):
            reader = Reader(None, user.name, user.email, "cy")
            page = f"{public_url}/residentials/{cohort.id}?status={TO_CHASE}" if public_url else ""
            messages.append(digest(cohort, reader, user.sees or "", counts(theirs), page, plan.days_left(now)))
    return messages


def _stale(connection: Connection, cohort: Cohort, everybody: Sequence[Standing], now: datetime) -> list[int]:
    """The messages that wait for people who are done meanwhile, or of whom nothing is asked any more."""
    plan = cohort.plan_at(now)
    asked = {one.member.person for one in everybody if asked_of(plan, one.readiness)}
    waiting = outbox.messages_of(connection, cohort.id, "waiting")
    return [one.id for one in waiting if one.kind in EDITABLE and one.person not in asked]


def write_what_is_due(connection: Connection, by: str, now: datetime, public_url: str) -> list[tuple[Cohort, Plans]]:
    """Put what is due for every residential in the outbox, and drop what waits there and is not needed any more."""
    done: list[tuple[Cohort, Plans]] = []
    if not working_time(now):
        return done
    for cohort in which_cohorts(connection):
        if cohort.plan_at(now).days_left(now) < -LONGEST_WAIT:
            continue
        found = planned(connection, cohort, now, public_url)
        for number in found.stale:
            outbox.drop(connection, number, NOT_NEEDED)
        for message in found.messages:
            outbox.write(connection, message, by, now)
        done.append((cohort, found))
    return done
