"""The status table: of five statuses the first that holds, with the first reason for it."""

from typing import Literal, NamedTuple

CONFIRMED_PLACES = frozenset({"confirmed", "attended", "absent"})
PLACES = (
    "nominated",
    "offered",
    "accepted",
    "waitlisted",
    "confirmed",
    "attended",
    "absent",
    "substituted",
    "cancelled",
    "deferred",
    "withdrawn",
)
STATUSES: tuple["Status", ...] = ("not-ready", "at-risk", "on-track", "ready", "not-required")  # worst first

SILENT_DAYS = 7  # nothing started with no more than this to go
NO_ACCOUNT_DAYS = 21
IDLE_DAYS = 7
IDLE_WITHIN_DAYS = 14

Status = Literal["ready", "on-track", "at-risk", "not-ready", "not-required"]


class Facts(NamedTuple):
    """What the status table asks about one person, and the numbers that its reasons are told with."""

    place: str
    exempt: bool
    finished: bool
    by_decision: bool
    paused: bool  # away for long: the clock stands still
    over: bool  # the cut-off has passed
    finished_late: bool
    days_left: int  # to the cut-off; 0 on the day itself, negative afterwards
    opened: bool
    seen: bool
    account_found: bool
    disputed: bool
    idle_days: int
    expected: float  # modules that should be done by now
    counted: int  # modules that are


def verdict(facts: Facts) -> tuple[Status, str]:
    """The first row of the status table that holds, and within the row its first reason."""
    if reason := _not_required(facts):
        return "not-required", reason
    if facts.finished:
        return "ready", "by-decision" if facts.by_decision else "complete"
    if facts.paused:
        return "not-required", "paused"
    if reason := _not_ready(facts):
        return "not-ready", reason
    if reason := _at_risk(facts):
        return "at-risk", reason
    return "on-track", "left" if facts.opened or facts.seen else "not-open"


def _not_required(facts: Facts) -> str | None:
    if facts.exempt:
        return "exempt"
    if facts.place in ("withdrawn", "deferred", "substituted", "cancelled"):
        return facts.place
    return None if facts.place in CONFIRMED_PLACES else "not-confirmed"


def _not_ready(facts: Facts) -> str | None:
    if facts.over:
        return "finished-late" if facts.finished_late else "cut-off-passed"
    if not facts.seen and facts.days_left <= SILENT_DAYS:
        return "not-started" if facts.account_found else "no-account-silent"
    return None


def _at_risk(facts: Facts) -> str | None:
    if not facts.account_found and facts.days_left <= NO_ACCOUNT_DAYS:
        return "no-account"
    if facts.disputed:
        return "disputed"
    if facts.seen and facts.idle_days >= IDLE_DAYS and facts.days_left <= IDLE_WITHIN_DAYS:
        return "idle"
    return "behind" if facts.counted < facts.expected else None
