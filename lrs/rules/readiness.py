"""Who is ready for a residential: one pure function of a person's place, evidence and decisions at a moment.

Days are calendar days in Wales (Europe/London), so a cut-off lasts until 23:59:59 there, summer or winter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from lrs.rules.days import WALES, day_in_wales, end_of_day, months_before, start_of_day
from lrs.rules.decisions import Decision, in_force, paused_days, pauses
from lrs.rules.instants import microseconds, moment
from lrs.rules.outages import Outage, as_much_again
from lrs.rules.verdict import PLACES, STATUSES, Facts, Status, verdict

__all__ = [
    "CLAIMS", "GRADES", "PLACES", "STATUSES", "WALES", "Decision", "Facts", "Module", "NotCounted", "Plan", "Readiness",
    "Record", "Status", "Weighed", "arrived_after", "believed", "day_in_wales", "end_of_day", "in_force", "major",
    "readiness", "weigh",
]  # fmt: skip

GRADES = ("asserted", "confirmed", "verified")  # weakest first; "manual" stands apart
GRACE = timedelta(hours=72)  # how long after the cut-off a record of something done in time may still arrive
LASTS = 24  # months before the cut-off, in which a module must have been done

CLAIMS = frozenset({"completed", "passed", "failed"})
WhyNot = Literal["voided", "late", "arrived-late", "old", "version", "weak", "failed", "not-passed", "disputed"]


class Module(NamedTuple):
    """A required module: ``passed`` where only passing it completes it."""

    id: str
    minutes: int
    passed: bool = False


class Record(NamedTuple):
    """One piece of evidence about one person. ``module`` None speaks for the whole course.

    Its moments are whole microseconds since 1970, as they are stored: one board compares ten thousand of them, and
    making dates of them would cost more than all the rules.
    """

    happened: int  # see ``happened``
    stored: int
    module: str | None
    kind: str  # started, left, completed, passed or failed
    grade: str = ""
    source: str = ""
    voided_at: int | None = None
    language: str | None = None
    version: str | None = None  # of the content, as the module told it
    statement: str | None = None  # the one it comes from; not where a board is read
    told: int | None = None  # what a clock said that cannot be believed; ``happened`` is then the arrival

    @property
    def at(self) -> datetime:
        """When it was done, in UTC."""
        return moment(self.happened)

    @property
    def arrived(self) -> datetime:
        """When it reached the store, in UTC."""
        return moment(self.stored)


_order = itemgetter(0, 1)  # by event time, then by arrival


@dataclass(frozen=True)
class Plan:
    """What a residential asks for, and by when.

    ``major`` is the only version of the content that counts, but for what ``equivalent`` says of a module and the
    version that it was done in; None is for any. What has no version counts: an LMS's own records seldom know it.
    """

    modules: tuple[Module, ...]
    opens: date
    target: date
    cut_off: date
    least_grade: str = "asserted"
    major: int | None = None
    equivalent: frozenset[tuple[str, int]] = frozenset()
    outages: tuple[Outage, ...] = ()

    @cached_property
    def last_moment(self) -> int:
        """The first moment at which it is too late, in microseconds: midnight after the cut-off, in Wales.

        It is put off by as long as the store could not be reached on the day of the cut-off.
        """
        first, last = start_of_day(self.cut_off), end_of_day(self.cut_off)
        return as_much_again(microseconds(first), microseconds(last), self.outages)

    @cached_property
    def last_arrival(self) -> int:
        """The first moment at which even the record of something done in time comes too late; outages add to it."""
        last = self.last_moment + GRACE // timedelta(microseconds=1)
        return as_much_again(self.last_moment, last, self.outages)

    @cached_property
    def last_day(self) -> date:
        """The day on which the last moment falls: that of the cut-off, unless it was put off."""
        return day_in_wales(moment(self.last_moment - 1))

    @property
    def ends(self) -> datetime:
        """The last moment as clocks show it, such as 23:59."""
        return moment(self.last_moment - 1)

    @property
    def put_off(self) -> timedelta:
        """By how much outages put the cut-off off."""
        return moment(self.last_moment) - end_of_day(self.cut_off)

    @cached_property
    def oldest(self) -> int:
        """The first moment that is not too long ago, in microseconds: a day in Wales, 24 months before the cut-off."""
        return microseconds(start_of_day(months_before(self.cut_off, LASTS)))

    @cached_property
    def must_pass(self) -> frozenset[str]:
        """The modules that only passing completes."""
        return frozenset(module.id for module in self.modules if module.passed)

    @cached_property
    def enough(self) -> frozenset[str]:
        """The grades of evidence that count here."""
        return frozenset(GRADES[GRADES.index(self.least_grade) :])

    def days_left(self, as_at: datetime) -> int:
        """Calendar days from ``as_at`` to the cut-off; 0 on the day itself, negative afterwards."""
        return (self.last_day - day_in_wales(as_at)).days

    def expected(self, as_at: datetime, paused: int = 0) -> float:
        """How many modules should be done by now: required x days gone, but for those paused / (opening to target)."""
        gone = (day_in_wales(as_at) - self.opens).days - paused
        whole = max((self.target - self.opens).days, 1)
        return len(self.modules) * min(max(gone / whole, 0.0), 1.0)


Completion = Record | Decision  # how a module came to count: by a record, or by a decision where no record does


class NotCounted(NamedTuple):
    """A record that does not count, and why."""

    record: Record
    why: WhyNot


class Weighed(NamedTuple):
    """The modules that records complete, the records that do not count, and the modules that sources disagree about."""

    done: Mapping[str, Record]
    not_counted: Sequence[NotCounted]
    disputed: Sequence[str]
    last_seen: datetime | None  # of any record that is not voided


class Readiness(NamedTuple):
    """One status, one reason and everything they rest on, as at one moment."""

    status: Status
    reason: str
    facts: Facts
    done: Mapping[str, Completion]
    missing: tuple[str, ...]
    minutes_left: int
    last_seen: datetime | None
    weighed: Weighed
    by_decision: tuple[str, ...]
    exemption: Decision | None


FIRST_BELIEVED = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
FAST = timedelta(minutes=5) // timedelta(microseconds=1)  # a clock this much ahead is not worth a word
UNSENT = timedelta(days=365) // timedelta(microseconds=1)  # for which a browser may keep what it cannot send


def believed(record: Record, known_since: int) -> Record:
    """The record with its time as the rules take it: that of its arrival where its clock cannot be believed.

    A clock runs ahead where it tells of a moment after the arrival; one that lost its battery begins again years ago.
    A module that speaks for itself cannot have been opened long before the store knew the course (``known_since``,
    microseconds); of what another store or an LMS tells, only the beginning of the century is sure.
    """
    when, stored = record.happened, record.stored
    if known_since - UNSENT <= when <= stored:
        return record
    if FIRST_BELIEVED <= when <= stored and record.grade != "asserted":
        return record
    return record._replace(happened=stored, told=None if stored < when <= stored + FAST else when)


@lru_cache(maxsize=256)
def major(version: str | None) -> int | None:
    """The first figure of a version such as 2.1.0; None where there is none."""
    found = re.match(r"[0-9]{1,9}(?![0-9])", version or "")
    return int(found[0]) if found else None


def readiness(
    plan: Plan,
    place: str,
    records: Sequence[Record],
    decisions: Sequence[Decision],
    account_found: bool,
    as_at: datetime,
) -> Readiness:
    """Where one person stands at ``as_at``: the first rule of the status table that holds.

    What was recorded, voided or withdrawn later than ``as_at`` is not looked at.
    """
    decided = [decision for decision in decisions if in_force(decision, as_at)]
    weighed = weigh(plan, records, microseconds(as_at))
    done, by_decision = _with_decisions(plan, weighed.done, decided)
    missing = [module for module in plan.modules if module.id not in done]
    last_seen, today = weighed.last_seen, day_in_wales(as_at)
    paused = pauses(decisions, as_at) if decisions else []
    exemption = next((one for one in decided if one.kind == "exempt" and one.module is None), None)
    facts = Facts(
        place=place,
        exempt=exemption is not None,
        finished=not missing,
        by_decision=bool(by_decision),
        paused=any(one.kind == "pause" for one in decided),
        over=microseconds(as_at) >= plan.last_moment,
        finished_late=_finished_late(missing, weighed.not_counted),
        days_left=(plan.last_day - today).days,
        opened=today >= plan.opens,
        seen=last_seen is not None,
        account_found=account_found or last_seen is not None,
        disputed=any(module not in done for module in weighed.disputed),
        idle_days=_idle_days(last_seen, paused, today),
        expected=plan.expected(as_at, paused_days(paused, plan.opens, plan.target)),
        counted=len(done),
    )
    status, reason = verdict(facts)
    left = tuple(module.id for module in missing)
    minutes = sum(module.minutes for module in missing)
    return Readiness(status, reason, facts, done, left, minutes, last_seen, weighed, by_decision, exemption)


def _idle_days(last_seen: datetime | None, paused: Sequence[tuple[date, date]], today: date) -> int:
    """Days since somebody was seen, or since they came back, whichever is later; 0 for whoever never was."""
    if last_seen is None:
        return 0
    return (today - max([day_in_wales(last_seen), *(end for _, end in paused)])).days


def _with_decisions(
    plan: Plan, by_record: Mapping[str, Record], decided: Sequence[Decision]
) -> tuple[Mapping[str, Completion], tuple[str, ...]]:
    """What counts by record or by decision, and the modules that count by decision alone."""
    if not decided:
        return by_record, ()
    fitting = {module.id: _counts_for(decided, module.id) for module in plan.modules if module.id not in by_record}
    by_decision = {module: decision for module, decision in fitting.items() if decision}
    return {**by_record, **by_decision}, tuple(by_decision)


def weigh(plan: Plan, records: Sequence[Record], now: int) -> Weighed:
    """Which modules the records complete at a moment (in microseconds), and which records do not count and why.

    The earliest valid record of a module counts, in whichever language; later ones are repetition and say nothing.
    """
    not_counted: list[NotCounted] = []
    first: dict[str | None, Record] = {}
    seen: int | None = None
    known = [record for record in records if record.stored <= now]
    known.sort(key=_order)
    for record in known:
        if record.voided_at is None or record.voided_at > now:
            seen = record.happened
        if record.kind not in CLAIMS:
            continue
        why = _why_not(plan, record, now)
        if why is not None:
            not_counted.append(NotCounted(record, why))
        elif plan.major is not None and major(record.version) not in (None, plan.major):
            if not _stands_in(plan, record, first):
                not_counted.append(NotCounted(record, "version"))
        elif record.module not in first:
            first[record.module] = record
    done = _completed(plan, first)
    disputed = [module for module in done if not_counted and _contradicted(done[module], module, known, not_counted)]
    for module in disputed:
        not_counted.append(NotCounted(done.pop(module), "disputed"))
    return Weighed(done, not_counted, disputed, None if seen is None else moment(seen))


def _stands_in(plan: Plan, record: Record, first: dict[str | None, Record]) -> bool:
    """Whether a record made with another version stands for everything it speaks of; enters what it stands for."""
    spoken_of = [record.module] if record.module else [module.id for module in plan.modules]
    standing = [module for module in spoken_of if (module, major(record.version)) in plan.equivalent]
    for module in standing:
        first.setdefault(module, record)
    return len(standing) == len(spoken_of)


def _completed(plan: Plan, first: Mapping[str | None, Record]) -> dict[str, Record]:
    """Each module with the earlier of its own first record and the whole course's."""
    whole = first.get(None)
    if whole is None:
        return {module.id: first[module.id] for module in plan.modules if module.id in first}
    return {module.id: min(first.get(module.id, whole), whole, key=_order) for module in plan.modules}


def _why_not(plan: Plan, record: Record, now: int) -> WhyNot | None:
    """Why a claim of completion does not count, or None when it does."""
    if record.voided_at is not None and record.voided_at <= now:
        return "voided"
    if record.kind == "failed":
        return "failed"
    if record.kind == "completed" and record.module in plan.must_pass:
        return "not-passed"
    if record.happened >= plan.last_moment:
        return "late"
    if record.stored >= plan.last_arrival:
        return "arrived-late"
    if record.happened < plan.oldest:
        return "old"
    return None if record.grade in plan.enough else "weak"


def _contradicted(counted: Record, module: str, known: Sequence[Record], not_counted: Sequence[NotCounted]) -> bool:
    """Whether another source, which never says that the module was done, says later that it was failed; and last."""
    said = [record for record in known if record.module == module and record.kind in ("completed", "passed")]
    agree = {counted.source, *(record.source for record in said)}
    failures = [record for record, why in not_counted if why == "failed" and record.module == module]
    against = [record for record in failures if record.source not in agree and _order(record) > _order(counted)]
    if not against:
        return False
    refused, last = {record for record, _ in not_counted}, max(against, key=_order)
    return not any(_order(record) > _order(last) and record not in refused for record in said)


def _finished_late(missing: Sequence[Module], not_counted: Sequence[NotCounted]) -> bool:
    """Whether every missing module was finished, but after the cut-off."""
    if not missing or not not_counted:
        return False
    late = {record.module for record, why in not_counted if why == "late"}
    return bool(late) and (None in late or all(module.id in late for module in missing))


def _counts_for(decided: Iterable[Decision], module: str) -> Decision | None:
    """The decision in force by which a module counts: made for it alone, or for all."""
    fitting = (one for one in decided if one.module == module or (one.module is None and one.kind == "count"))
    return next(fitting, None)


def arrived_after(plan: Plan, found: Readiness) -> list[Record]:
    """The records that count, of something done before the cut-off, that came after it."""
    late = {done for done in found.done.values() if isinstance(done, Record) and done.stored >= plan.last_moment}
    return sorted(late, key=_order)
