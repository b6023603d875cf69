"""Who is written to, about what and when: one pure function of readiness, what was written before and the moment.

Mail goes out in working hours by the clock in Wales. Nobody gets more than one invitation and four reminders for a
residential, and nobody gets any who has finished, or of whom nothing is asked.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from lrs.rules.days import WALES, day_in_wales, start_of_day
from lrs.rules.readiness import Plan, Readiness

MOST = 4  # reminders to one person for one residential
FIRST_HOUR, LAST_HOUR = 8, 18  # from 08:00 to before 18:00
SETTLING_DAYS = 7  # after the opening, in which nobody is reminded
APART = timedelta(days=3)  # between two messages to one person
LAPSES_DAYS = 5  # after which a reminder that was not written for its day is not written at all
REACHED = frozenset({"waiting", "sending", "sent", "unknown"})  # or may have, or soon will
FAILED = frozenset({"refused", "bounced"})


class Written(NamedTuple):
    """A message that was written before. ``kind`` and ``state`` are those of the outbox."""

    kind: str
    person: str | None
    recipient: str
    state: str
    at: datetime


class Candidate(NamedTuple):
    """Somebody on the roster: their e-mail address, empty where none is known, and where they stand."""

    person: str
    address: str
    readiness: Readiness


class Due(NamedTuple):
    """A message to write to somebody, an invitation or a reminder: what is left, and how many minutes that takes."""

    kind: str
    person: str
    left: tuple[str, ...]
    minutes: int


class Unreached(NamedTuple):
    """Somebody who would be written to, and why that cannot be: ``no-address``, ``refused`` or ``bounced``."""

    person: str
    why: str


class Answer(NamedTuple):
    """What is due to whom, and who cannot be reached."""

    due: list[Due]
    unreached: list[Unreached]


class Occasion(NamedTuple):
    """A day from which reminders go out; to everybody who is not done, or only to those who have not begun."""

    day: date
    only_unstarted: bool = False


def working_time(now: datetime) -> bool:
    """Whether mail may be sent: Monday to Friday, from 08:00 to before 18:00 in Wales. Bank holidays are not known."""
    there = now.astimezone(WALES)
    return there.weekday() < 5 and FIRST_HOUR <= there.hour < LAST_HOUR


def next_working_time(now: datetime) -> datetime:
    """The moment itself where mail may be sent then; else the next one at which it may."""
    if working_time(now):
        return now
    there = now.astimezone(WALES)
    day = there.date() if there.hour < FIRST_HOUR else there.date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(FIRST_HOUR), WALES).astimezone(UTC)


def occasions(plan: Plan) -> list[Occasion]:
    """The days of a residential's reminders, in order. None lies in the first week after the opening.

    They are two weeks before the target, for those who have not begun; the target; a week before the cut-off, and two
    days before it.
    """
    last, target = plan.last_day, plan.target
    wanted = {target - timedelta(days=14): True}
    wanted |= dict.fromkeys((target, last - timedelta(days=7), last - timedelta(days=2)), False)
    first = plan.opens + timedelta(days=SETTLING_DAYS)
    return [Occasion(day, only) for day, only in sorted(wanted.items()) if first <= day <= last]


def occasion_at(plan: Plan, now: datetime) -> Occasion | None:
    """The newest occasion that has come and not lapsed."""
    today = day_in_wales(now)
    come = [one for one in occasions(plan) if one.day <= today < one.day + timedelta(days=LAPSES_DAYS)]
    return come[-1] if come else None


def asked_of(plan: Plan, found: Readiness) -> tuple[str, ...]:
    """The modules that somebody may be written to about; none for whoever is done, not asked, too early or too late.

    A module that sources disagree about is none of them: a person who did it is not told that they did not.
    """
    if found.status in ("ready", "not-required") or found.facts.over or not found.facts.opened:
        return ()
    return tuple(module for module in found.missing if module not in found.weighed.disputed)


def due(plan: Plan, people: Sequence[Candidate], written: Sequence[Written], now: datetime) -> Answer:
    """What is to be written to whom at a moment; nothing outside working hours.

    An invitation comes first, once; reminders follow on their occasions, one on each. To an address that refused a
    message, or from which one came back, nothing more is written until the person has another.
    """
    answer = Answer([], [])
    if not working_time(now):
        return answer
    before: dict[str, list[Written]] = {}
    for one in written:
        if one.person is not None:
            before.setdefault(one.person, []).append(one)
    occasion = occasion_at(plan, now)
    for candidate in people:
        history = before.get(candidate.person, [])
        left = asked_of(plan, candidate.readiness)
        kind = _kind(candidate, history, occasion, now) if left else None
        if kind is None:
            continue
        why = _unreached(candidate.address, history)
        if why is not None:
            answer.unreached.append(Unreached(candidate.person, why))
        else:
            minutes = sum(module.minutes for module in plan.modules if module.id in left)
            answer.due.append(Due(kind, candidate.person, left, minutes))
    return answer


def _kind(candidate: Candidate, history: Sequence[Written], occasion: Occasion | None, now: datetime) -> str | None:
    reached = [one for one in history if one.state in REACHED]
    if not any(one.kind == "invitation" for one in reached):
        return "invitation"
    reminders = [one for one in reached if one.kind == "reminder"]
    if occasion is None or len(reminders) >= MOST or any(now - one.at < APART for one in reached):
        return None
    if occasion.only_unstarted and candidate.readiness.facts.seen:
        return None
    return None if _written_since(reminders, occasion) else "reminder"


def _written_since(messages: Sequence[Written], occasion: Occasion) -> bool:
    return any(one.at >= start_of_day(occasion.day) for one in messages)


def _unreached(address: str, history: Sequence[Written]) -> str | None:
    if not address:
        return "no-address"
    failed = [one.state for one in history if one.recipient == address and one.state in FAILED]
    return failed[-1] if failed else None


def digest_due(plan: Plan, address: str, written: Sequence[Written], now: datetime) -> bool:
    """Whether a link officer is to hear how their council's people stand: once on each occasion, in working hours."""
    occasion = occasion_at(plan, now)
    if occasion is None or not working_time(now):
        return False
    mine = [one for one in written if one.kind == "digest" and one.recipient == address]
    return _unreached(address, mine) is None and not _written_since(
        [one for one in mine if one.state in REACHED], occasion
    )
