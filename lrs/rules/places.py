"""What may become of a place on a residential, and in which order those who wait are offered one."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from lrs.rules.days import months_before

HELD = frozenset({"offered", "accepted", "confirmed", "attended", "absent"})  # they take one of the places there are
WAITING = ("nominated", "waitlisted")
GONE = ("substituted", "cancelled", "deferred", "withdrawn")
_PRESENT = ("nominated", "offered", "accepted", "waitlisted", "confirmed")

# What may be done -> the states it may be done from, and the state it leads to.
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "offer": (("nominated", "waitlisted"), "offered"),
    "waitlist": (("nominated", "offered", "accepted", "confirmed"), "waitlisted"),
    "reject": (("nominated",), "cancelled"),
    "accept": (("offered",), "accepted"),
    "confirm": (("nominated", "waitlisted", "offered", "accepted"), "confirmed"),
    "withdraw": (_PRESENT, "withdrawn"),
    "cancel": (("offered", "accepted", "waitlisted", "confirmed"), "cancelled"),
    "defer": (_PRESENT, "deferred"),
    "substitute": (("offered", "accepted", "confirmed"), "substituted"),
    "reopen": (GONE, "nominated"),
}
# Why -> what it may be the reason of. None of them tells of health or family.
REASONS: dict[str, tuple[str, ...]] = {
    "not-eligible": ("reject",),
    "no-room": ("reject", "cancel"),
    "twice": ("reject", "cancel"),
    "own-wish": ("withdraw", "defer", "substitute"),
    "council-wish": ("reject", "withdraw", "cancel", "defer", "substitute"),
    "work": ("withdraw", "defer", "substitute"),
    "left-post": ("withdraw", "cancel", "substitute"),
    "not-ready": ("cancel", "defer", "substitute"),
    "no-answer": ("cancel",),
    "called-off": ("cancel", "defer"),
    "no-reason": ("withdraw", "defer", "substitute"),
}
DEFERRALS = 2  # how often somebody may be deferred,
DEFERRED_FOR = 12  # and by how many months from the first residential that they had a place on
LATE = 14  # days before the cut-off, from which on whoever joins joins late


class Waiting(NamedTuple):
    """Somebody who waits for a place: since when, and since when they are ready, where they are."""

    person: str
    authority: str
    since: datetime
    ready: datetime | None


def moves_from(state: str) -> list[str]:
    """What may be done with a place in that state."""
    return [move for move, (states, _) in MOVES.items() if state in states]


def reasons_for(move: str) -> list[str]:
    """The reasons of which one must be given; none where a move needs no reason."""
    return [reason for reason, moves in REASONS.items() if move in moves]


def offer_order(waiting: Sequence[Waiting], held: Mapping[str, int]) -> list[Waiting]:
    """Those who wait in the order in which places are offered: a fair share for each authority, then readiness.

    The next place goes to the authority that has fewest (``held``, and those offered before in this order); within
    that to whoever has been ready longest, then to whoever has waited longest. The order says what the rule is;
    somebody decides.
    """
    queues: dict[str, deque[Waiting]] = {}
    for one in sorted(waiting, key=_readiest):
        queues.setdefault(one.authority, deque()).append(one)
    places = {authority: held.get(authority, 0) for authority in queues}
    order = []
    while queues:
        next_one = min(queues, key=lambda authority: (places[authority], _readiest(queues[authority][0])))
        order.append(queues[next_one].popleft())
        places[next_one] += 1
        if not queues[next_one]:
            del queues[next_one]
    return order


def _readiest(one: Waiting) -> tuple[bool, float, datetime, str]:
    return one.ready is None, one.ready.timestamp() if one.ready else 0, one.since, one.person


def free(capacity: int | None, states: Iterable[str]) -> int | None:
    """How many places are left; fewer than none where more were given than there are, None where nobody counts."""
    return None if capacity is None else capacity - sum(state in HELD for state in states)


def too_often(deferrals: int) -> bool:
    """Whether somebody has been deferred as often as anybody may be."""
    return deferrals >= DEFERRALS


def too_long(first: date, until: date) -> bool:
    """Whether a residential begins more than twelve months after the first that somebody had a place on."""
    return months_before(until, DEFERRED_FOR) > first


def joins_late(days_left: int) -> bool:
    """Whether whoever is given a place so many days before the cut-off has too little time for everything."""
    return days_left < LATE
