"""What the page of one person shows: modules with their evidence, what is not counted, and what happened when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lrs.programme.board import Standing, standings
from lrs.programme.reasons import DECISION_REASONS, PLACE_WORDS, decision_reason, why_not
from lrs.programme.words import gettext, language, middle_date, moment, named
from lrs.rules import instants
from lrs.rules.disagreement import Disagreement, disagreements
from lrs.rules.readiness import Decision, Record, day_in_wales, in_force
from lrs.storage.cohorts import Cohort, decisions_about
from lrs.storage.database import Connection
from lrs.storage.people import Account, accounts_of
from lrs.storage.places import Step, history_of
from lrs.storage.records import evidence_about
from lrs.storage.writing import Sent, sent_by

HAPPENED = {
    "started": named("Opened: %(what)s"),
    "left": named("Left: %(what)s"),
    "completed": named("Completed: %(what)s"),
    "passed": named("Passed: %(what)s"),
    "failed": named("Not passed: %(what)s"),
}
DISAGREEMENTS = {
    "failed": named("One says that it was done; the other says later that it was not passed. Somebody must decide."),
    "only-lms": named(
        "The LMS says that it was done; the module’s own record of it has not reached us. The LMS is believed: "
        "nobody should tell the learner that it was not done."
    ),
    "only-module": named(
        "The module says that it was done; the LMS still had it as unfinished afterwards. The module is believed: "
        "tell whoever looks after the LMS."
    ),
}
DECIDED = {
    "count": named("Counted by decision: %(what)s"),
    "exempt": named("Exempt by decision"),
    "pause": named("Paused by decision"),
}
LONGEST = timedelta(days=5 * 365)  # for which a decision may hold that does not hold for ever
SOON = timedelta(hours=1)  # a record that takes no longer is not worth a word about its way


class ModuleRow(NamedTuple):
    """One required module. ``state`` is complete, disputed, started or to-come."""

    number: int
    title: str
    state: str
    at: datetime | None = None
    language: str | None = None
    grade: str = ""
    minutes: int = 0


class Event(NamedTuple):
    """One thing that happened, as the timeline tells it; a ``grade`` where it is evidence."""

    at: datetime
    what: str
    counted: bool
    grade: str
    more: str = ""
    language: str | None = None


class Sides(NamedTuple):
    """Two sources that tell different things: of what, what each says, and what it means."""

    what: str
    done: Event
    other: Event
    meaning: str


class Decided(NamedTuple):
    """A decision that is in force, in words."""

    id: int
    what: str
    more: str


class PersonPage(NamedTuple):
    """Everything the page of one person shows; ``sent`` is what they wrote and sent, which leads alone may read."""

    cohort: Cohort
    title: str
    standing: Standing
    modules: list[ModuleRow]
    not_counted: list[Event]
    sides: list[Sides]
    in_force: list[Decided]
    timeline: list[Event]
    accounts: list[Account]
    sent: list[Sent]
    as_at: datetime


@dataclass
class DecisionForm:
    """A lead's decision as sent: to count one module or all, to exempt, or to pause; perhaps until a day.

    To count or exempt takes a reason from the list. To pause takes none: why somebody is away is nobody's business.
    """

    kind: str = "count"
    module: str = ""
    reason: str = ""
    until: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def filled(cls, sent: Mapping[str, str], cohort: Cohort, now: datetime) -> "DecisionForm":
        """The form as sent, with everything that is wrong with it."""
        kind, module, reason, until = (sent.get(name, "").strip() for name in ("kind", "module", "reason", "until"))
        form = cls(kind, module, reason, until)
        if form.kind == "pause":
            form.module = form.reason = ""
        if form.kind not in DECIDED:
            form.problems["kind"] = gettext("Choose what you decide.")
        if form.module and form.module not in cohort.required:
            form.problems["module"] = gettext("Choose a module of this residential.")
        if form.kind != "pause" and form.reason not in DECISION_REASONS:
            form.problems["reason"] = gettext("Choose a reason. It stays on the record with your name.")
        if form.until and not form.last_day(now):
            form.problems["until"] = gettext("Give a day that is still to come, such as 2027-01-31, or none.")
        return form

    def last_day(self, now: datetime) -> date | None:
        """The last day on which the decision holds; None for ever, and where what was typed is no such day."""
        try:
            until = date.fromisoformat(self.until)
        except ValueError:
            return None
        today = day_in_wales(now)
        return until if today <= until <= today + LONGEST else None

    def decision(self, by: str, now: datetime) -> Decision:
        """The decision to keep. To exempt or to pause is always from everything."""
        module = self.module or None if self.kind == "count" else None
        return Decision(module, self.kind, self.reason, now, by, self.last_day(now))


def page_about(
    connection: Connection, cohort: Cohort, person: str, as_at: datetime, authority: str | None
) -> PersonPage | None:
    """The page about somebody on the roster; None where they are not on it, or not of that authority."""
    here = standings(connection, cohort, as_at, authority, person)
    if not here:
        return None
    records = evidence_about(connection, [cohort], as_at, person).of(cohort.course).get(person, [])
    decided = decisions_about(connection, cohort.id, person).get(person, [])
    known = [decision for decision in decided if decision.recorded_at <= as_at]
    titles = cohort.module_titles(language())
    events = _told_of(here[0], records, titles) + _decided(known, titles, as_at)
    events += [_placed(step) for step in history_of(connection, cohort.id, person, as_at)]
    return PersonPage(
        cohort=cohort,
        title=cohort.title(language()),
        standing=here[0],
        modules=list(_modules(cohort, here[0], records, titles)),
        not_counted=_not_counted(here[0], cohort, titles),
        sides=_sides(here[0], cohort, records, as_at, titles),
        in_force=[_in_words(decision, titles) for decision in known if in_force(decision, as_at)],
        timeline=sorted(events, key=lambda event: event.at, reverse=True),
        accounts=accounts_of(connection, person),
        sent=sent_by(connection, cohort, person, as_at) if authority is None else [],
        as_at=as_at,
    )


def _modules(
    cohort: Cohort, one: Standing, records: Sequence[Record], titles: Mapping[str, str]
) -> Iterator[ModuleRow]:
    order = list(titles)
    minutes = {module.id: module.minutes for module in cohort.plan.modules}
    touched = {record.module for record in records}
    for module in cohort.required:
        number = order.index(module) + 1 if module in order else 0
        title = titles.get(module, module)
        done = one.readiness.done.get(module)
        if isinstance(done, Record):
            yield ModuleRow(number, title, "complete", done.at, done.language, done.grade)
        elif done:
            yield ModuleRow(number, title, "complete", done.recorded_at, None, "manual")
        else:
            state = "disputed" if module in one.readiness.weighed.disputed else "to-come"
            state = "started" if state == "to-come" and module in touched else state
            yield ModuleRow(number, title, state, minutes=minutes[module])


def _what(module: str | None, titles: Mapping[str, str]) -> str:
    return gettext("the whole course") if module is None else titles.get(module, module)


def _told(record: Record, titles: Mapping[str, str]) -> str:
    return gettext(HAPPENED[record.kind], what=_what(record.module, titles))


def _event(record: Record, counted: bool, more: str, titles: Mapping[str, str]) -> Event:
    return Event(record.at, _told(record, titles), counted, record.grade, more, record.language)


def _not_counted(one: Standing, cohort: Cohort, titles: Mapping[str, str]) -> list[Event]:
    refused = sorted(one.readiness.weighed.not_counted, key=lambda each: each.record.happened, reverse=True)
    return [
        _event(record, False, " ".join([why_not(record, why, cohort), *_way(record)]), titles)
        for record, why in refused
    ]


def _way(record: Record) -> list[str]:
    """What there is to say of how a record came to us: late, or by a clock that cannot be believed."""
    if record.told is not None:
        said = middle_date(instants.moment(record.told).date())
        return [gettext("Its clock said %(date)s, which cannot be; we take the moment at which it came.", date=said)]
    if record.arrived - record.at > SOON:
        return [gettext("It reached us on %(when)s.", when=moment(record.arrived))]
    return []


def _sides(
    one: Standing, cohort: Cohort, records: Sequence[Record], as_at: datetime, titles: Mapping[str, str]
) -> list[Sides]:
    found = disagreements(one.readiness, records, cohort.required, instants.microseconds(as_at))
    return [_both(each, titles) for each in found]


def _both(disagreement: Disagreement, titles: Mapping[str, str]) -> Sides:
    done, other = (
        _event(record, counted, _source(record), titles)
        for record, counted in ((disagreement.done, disagreement.kind != "failed"), (disagreement.other, False))
    )
    return Sides(_what(disagreement.module, titles), done, other, gettext(DISAGREEMENTS[disagreement.kind]))


def _source(record: Record) -> str:
    return gettext("From: %(source)s", source=record.source)


def _told_of(one: Standing, records: Sequence[Record], titles: Mapping[str, str]) -> list[Event]:
    """Every record; what has no weight is told, and drawn hollow."""
    refused = {record for record, _ in one.readiness.weighed.not_counted} - set(one.readiness.done.values())
    return [
        _event(record, record not in refused, ". ".join([_source(record), *_way(record)]), titles) for record in records
    ]


def _decided(decided: Sequence[Decision], titles: Mapping[str, str], as_at: datetime) -> list[Event]:
    """Every decision, and its withdrawal; what is in force no longer is drawn hollow."""
    events = []
    for decision in decided:
        told = _in_words(decision, titles)
        events.append(Event(decision.recorded_at, told.what, in_force(decision, as_at), "manual", told.more))
        if decision.withdrawn_at and decision.withdrawn_at <= as_at:
            what = gettext("Decision withdrawn: %(what)s", what=told.what)
            events.append(Event(decision.withdrawn_at, what, True, "manual"))
    return events


def _placed(step: Step) -> Event:
    what = gettext("Place: %(state)s", state=gettext(PLACE_WORDS[step.state]))
    return Event(step.recorded_at, what, True, "", step.recorded_by)


def _in_words(decision: Decision, titles: Mapping[str, str]) -> Decided:
    what = gettext(DECIDED[decision.kind], what=_what(decision.module, titles))
    if decision.kind == "pause":
        more = decision.recorded_by
    else:
        reason = decision_reason(decision.reason)
        more = gettext("%(who)s: %(reason)s", who=decision.recorded_by, reason=reason)
    if decision.until:
        more += ". " + gettext("Until %(date)s.", date=middle_date(decision.until))
    return Decided(decision.id, what, more)
