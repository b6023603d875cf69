"""What the page of one person shows: modules with their evidence, what is not counted, and what happened when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from lrs.programme.board import Standing, standings
from lrs.programme.reasons import DECISION_REASONS, WHY_NOT_WORDS, decision_reason
from lrs.programme.words import gettext, language, named
from lrs.rules.readiness import Decision, Record, in_force
from lrs.storage.cohorts import Cohort, decisions_about
from lrs.storage.database import Connection
from lrs.storage.people import Account, accounts_of, evidence_about

HAPPENED = {
    "started": named("Opened: %(what)s"),
    "left": named("Left: %(what)s"),
    "completed": named("Completed: %(what)s"),
    "passed": named("Passed: %(what)s"),
    "failed": named("Not passed: %(what)s"),
}


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
    """One thing that happened, as the timeline tells it."""

    at: datetime
    what: str
    counted: bool
    grade: str
    more: str = ""
    language: str | None = None


class PersonPage(NamedTuple):
    """Everything the page of one person shows."""

    cohort: Cohort
    title: str
    standing: Standing
    modules: list[ModuleRow]
    not_counted: list[Event]
    timeline: list[Event]
    accounts: list[Account]
    as_at: datetime


@dataclass
class DecisionForm:
    """A lead's decision as sent: to count one module or all, or to exempt; with a reason from the list."""

    kind: str = "count"
    module: str = ""
    reason: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def filled(cls, sent: Mapping[str, str], cohort: Cohort) -> "DecisionForm":
        """The form as sent, with everything that is wrong with it."""
        form = cls(sent.get("kind", ""), sent.get("module", ""), sent.get("reason", ""))
        if form.kind not in ("count", "exempt"):
            form.problems["kind"] = gettext("Choose what you decide.")
        if form.module and form.module not in cohort.required:
            form.problems["module"] = gettext("Choose a module of this residential.")
        if form.reason not in DECISION_REASONS:
            form.problems["reason"] = gettext("Choose a reason. It stays on the record with your name.")
        return form

    def decision(self, by: str, now: datetime) -> Decision:
        """The decision to keep. To exempt is always from everything."""
        module = self.module or None if self.kind == "count" else None
        return Decision(module, self.kind, self.reason, now, by)


def page_about(
    connection: Connection, cohort: Cohort, person: str, as_at: datetime, authority: str | None
) -> PersonPage | None:
    """The page about somebody on the roster; None where they are not on it, or not of that authority."""
    here = standings(connection, cohort, as_at, authority, person)
    if not here:
        return None
    records = evidence_about(connection, cohort.id, cohort.course, as_at, person).records.get(person, [])
    decided = decisions_about(connection, cohort.id, person).get(person, [])
    titles = cohort.module_titles(language())
    return PersonPage(
        cohort=cohort,
        title=cohort.title(language()),
        standing=here[0],
        modules=list(_modules(cohort, here[0], records, titles)),
        not_counted=_not_counted(here[0], titles),
        timeline=_timeline(here[0], records, decided, titles, as_at),
        accounts=accounts_of(connection, person),
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


def _not_counted(one: Standing, titles: Mapping[str, str]) -> list[Event]:
    refused = one.readiness.weighed.not_counted
    return [
        Event(record.at, _told(record, titles), False, record.grade, gettext(WHY_NOT_WORDS[why]), record.language)
        for record, why in sorted(refused, key=lambda each: each.record.at, reverse=True)
    ]


def _timeline(
    one: Standing, records: Sequence[Record], decided: Sequence[Decision], titles: Mapping[str, str], as_at: datetime
) -> list[Event]:
    """Everything that happened, newest first; what has no weight is told, and drawn hollow."""
    refused = {record for record, _ in one.readiness.weighed.not_counted}
    events = [
        Event(
            record.at,
            _told(record, titles),
            record not in refused,
            record.grade,
            gettext("From: %(source)s", source=record.source),
            record.language,
        )
        for record in records
    ]
    events += [_decided(decision, titles, as_at) for decision in decided]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _decided(decision: Decision, titles: Mapping[str, str], as_at: datetime) -> Event:
    if decision.kind == "exempt":
        what = gettext("Exempt by decision")
    else:
        what = gettext("Counted by decision: %(what)s", what=_what(decision.module, titles))
    more = gettext("%(who)s: %(reason)s", who=decision.recorded_by, reason=decision_reason(decision.reason))
    return Event(decision.recorded_at, what, in_force(decision, as_at), "manual", more)
