"""What a programme lead decided about somebody, from when until when it holds, and when their clock stood still."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lrs.rules.days import day_in_wales


class Decision(NamedTuple):
    """What a programme lead decided. ``module`` None speaks for every required module; ``until`` is its last day."""

    module: str | None
    kind: str  # count, exempt or pause
    reason: str  # a code; none for a pause
    recorded_at: datetime
    recorded_by: str = ""
    until: date | None = None
    withdrawn_at: datetime | None = None
    id: int = 0


def in_force(decision: Decision, as_at: datetime) -> bool:
    """Whether a decision had been recorded, and neither withdrawn nor run out, at ``as_at``."""
    if decision.recorded_at > as_at or (decision.withdrawn_at is not None and decision.withdrawn_at <= as_at):
        return False
    return decision.until is None or decision.until >= day_in_wales(as_at)


def pauses(decisions: Iterable[Decision], as_at: datetime) -> list[tuple[date, date]]:
    """Each pause recorded by a moment as its first day and the day on which it was over, or the moment's own."""
    today = day_in_wales(as_at)
    found = []
    for one in decisions:
        if one.kind == "pause" and one.recorded_at <= as_at:
            ends = [today]
            if one.until:
                ends.append(one.until + timedelta(days=1))
            if one.withdrawn_at and one.withdrawn_at <= as_at:
                ends.append(day_in_wales(one.withdrawn_at))
            found.append((day_in_wales(one.recorded_at), min(ends)))
    return sorted(found)


def paused_days(paused: Sequence[tuple[date, date]], first: date, last: date) -> int:
    """How many days of the pauses lie from ``first`` to before ``last``, each day once."""
    days, told = 0, first
    for begins, ends in paused:
        begins, ends = max(begins, told), min(ends, last)
        if ends > begins:
            days += (ends - begins).days
            told = ends
    return days
