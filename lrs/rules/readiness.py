"""Who is ready for a residential: one pure function of a person's place, evidence and decisions at a moment.

Days are calendar days in Wales (Europe/London), so a cut-off lasts until 23:59:59 there, summer or winter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from lrs.rules.instants import microseconds, moment

WALES = ZoneInfo("Europe/London")
GRADES = ("asserted", "confirmed", "verified")  # weakest first; "manual" stands apart
GRACE = timedelta(hours=72)  # how long after the cut-off a record of something done in time may still arrive
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
CLAIMS = frozenset({"completed", "passed", "failed"})
WhyNot = Literal["voided", "late", "arrived-late", "weak", "failed", "not-passed", "disputed"]


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

    @property
    def at(self) -> datetime:
        """When it was done, in UTC."""
        return moment(self.happened)


_order = itemgetter(0, 1)  # by event time, then by arrival


class Decision(NamedTuple):
    """What a programme lead decided. ``module`` None speaks for every required module; ``until`` is its last day."""

    module: str | None
    kind: str  # count or exempt
    reason: str
    recorded_at: datetime
    recorded_by: str = ""
    until: date | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """What a residential asks for, and by when."""

    modules: tuple[Module, ...]
    opens: date
    target: date
    cut_off: date
    least_grade: str = "asserted"

    @cached_property
    def last_moment(self) -> int:
        """The first moment at which it is too late: midnight after the cut-off, in Wales, in microseconds."""
        return microseconds(end_of_day(self.cut_off))

    @cached_property
    def last_arrival(self) -> int:
        """The first moment at which even the record of something done in time comes too late."""
        return self.last_moment + GRACE // timedelta(microseconds=1)

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
        return (self.cut_off - day_in_wales(as_at)).days

    def expected(self, as_at: datetime) -> float:
        """How many modules should be done by now: required x days gone / (opening to target date)."""
        gone = (day_in_wales(as_at) - self.opens).days
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


class Facts(NamedTuple):
    """What the status table asks about one person, and the numbers that its reasons are told with."""

    place: str
    exempt: bool
    finished: bool
    by_decision: bool
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


def happened(timestamp: int, stored: int) -> int:
    """When a thing was done, or when its record arrived where the clock cannot be believed.

    A clock runs ahead where it tells of a moment after the arrival; one that lost its battery begins again in 1970.
    """
    return timestamp if FIRST_BELIEVED <= timestamp < stored else stored


@lru_cache(maxsize=4096)
def day_in_wales(moment: datetime) -> date:
    """The calendar day of an aware moment in Wales."""
    return moment.astimezone(WALES).date()


def end_of_day(day: date) -> datetime:
    """The first moment after a day in Wales, told in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), WALES).astimezone(UTC)


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
    exemption = next((one for one in decided if one.kind == "exempt" and one.module is None), None)
    facts = Facts(
        place=place,
        exempt=exemption is not None,
        finished=not missing,
        by_decision=bool(by_decision),
        over=today > plan.cut_off,
        finished_late=_finished_late(missing, weighed.not_counted),
        days_left=(plan.cut_off - today).days,
        opened=today >= plan.opens,
        seen=last_seen is not None,
        account_found=account_found or last_seen is not None,
        disputed=any(module not in done for module in weighed.disputed),
        idle_days=(today - day_in_wales(last_seen)).days if last_seen else 0,
        expected=plan.expected(as_at),
        counted=len(done),
    )
    status, reason = verdict(facts)
    left = tuple(module.id for module in missing)
    minutes = sum(module.minutes for module in missing)
    return Readiness(status, reason, facts, done, left, minutes, last_seen, weighed, by_decision, exemption)


def _with_decisions(
    plan: Plan, by_record: Mapping[str, Record], decided: Sequence[Decision]
) -> tuple[Mapping[str, Completion], tuple[str, ...]]:
    """What counts by record or by decision, and the modules that count by decision alone."""
    if not decided:
        return by_record, ()
    fitting = {module.id: _counts_for(decided, module.id) for module in plan.modules if module.id not in by_record}
    by_decision = {module: decision for module, decision in fitting.items() if decision}
    return {**by_record, **by_decision}, tuple(by_decision)


def in_force(decision: Decision, as_at: datetime) -> bool:
    """Whether a decision had been recorded, and neither withdrawn nor run out, at ``as_at``."""
    if decision.recorded_at > as_at or (decision.withdrawn_at is not None and decision.withdrawn_at <= as_at):
        return False
    return decision.until is None or decision.until >= day_in_wales(as_at)


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
        elif record.module not in first:
            first[record.module] = record
    done = _completed(plan, first)
    disputed = [module for module in done if not_counted and _contradicted(done[module], module, known, not_counted)]
    for module in disputed:
        not_counted.append(NotCounted(done.pop(module), "disputed"))
    return Weighed(done, not_counted, disputed, None if seen is None else moment(seen))


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
    return None if record.grade in plan.enough else "weak"


def _contradicted(counted: Record, module: str, known: Sequence[Record], not_counted: Sequence[NotCounted]) -> bool:
    """Whether another source, which never says that the module was done, says later that it was failed."""
    failures = [record for record, why in not_counted if why == "failed" and record.module == module]
    agree = {record.source for record in known if record.module == module and record.kind in ("completed", "passed")}
    agree.add(counted.source)
    return any(record.source not in agree and _order(record) > _order(counted) for record in failures)


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


def verdict(facts: Facts) -> tuple[Status, str]:
    """The first row of the status table that holds, and within the row its first reason."""
    if reason := _not_required(facts):
        return "not-required", reason
    if facts.finished:
        return "ready", "by-decision" if facts.by_decision else "complete"
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
