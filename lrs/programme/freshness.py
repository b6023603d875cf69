"""Which of the facts that the modules rest on are past the day by which their authors were to look at them again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme import asat, report
from lrs.programme.words import gettext, language, named
from lrs.rules.days import day_in_wales
from lrs.storage import cohorts
from lrs.storage.cohorts import Course

SOON = 60  # days
SHOWN = 200
STATES = {
    "due": named("Past its review"),
    "unchecked": named("Still to be checked"),
    "soon": named("Due within 60 days"),
    "fresh": named("Fresh"),
}
TO_DO = tuple(STATES)[:3]


class Fact(NamedTuple):
    """A fact that a module cites: its state is a key of STATES; ``review`` is None where no day is known."""

    id: str
    course: str
    module: str
    title: str
    words: str
    checked: str
    review: date | None
    state: str
    file: str
    line: int

    @property
    def state_words(self) -> str:
        """Its state in the language being spoken."""
        return gettext(STATES[self.state])


class Counted(NamedTuple):
    """One module of a version of a course, and how many of its facts are in each state; nil is counted too."""

    course: str
    version: str
    module: str
    title: str
    counts: Mapping[str, int]


class FreshnessPage(NamedTuple):
    """Everything the page shows; ``untold`` are the courses whose packages do not say which facts they cite."""

    modules: Sequence[Counted]
    facts: Sequence[Fact]
    through: int
    module: str
    untold: Sequence[str]
    as_at: datetime


def facts_of(course: Course, today: date) -> list[Fact]:
    """Every fact that a course says it cites, module by module; those to look at first come first."""
    found = []
    for number, module in enumerate(course.outline["modules"], 1):
        title = f"{number}. {module['title'][language()]}"
        facts = [_fact(one, course, module["id"], title, today) for one in module.get("facts", ())]
        found += sorted(facts, key=lambda one: (one.review or date.min, one.id))
    return found


def _fact(told: Mapping[str, Any], course: Course, module: str, title: str, today: date) -> Fact:
    review = _day(told.get("review"))
    both, line = told.get("words"), told.get("line")
    words = str(both.get(language(), "")) if isinstance(both, Mapping) else ""
    cited = str(told.get("file", "")), line if isinstance(line, int) else 0
    state = _state(review, str(told.get("confidence", "")), today)
    return Fact(
        str(told.get("id", "")), course.id, module, title, words, str(told.get("checked", "")), review, state, *cited
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _state(review: date | None, confidence: str, today: date) -> str:
    if review is None or review < today:
        return "due"
    if confidence == "check":
        return "unchecked"
    return "soon" if (review - today).days <= SOON else "fresh"


def counted(course: Course, facts: Sequence[Fact]) -> list[Counted]:
    """Each module of a course with how its facts stand."""
    states = {(one.module, one.state): 0 for one in facts}
    for one in facts:
        states[one.module, one.state] += 1
    return [
        Counted(
            course.id,
            course.version,
            module["id"],
            f"{number}. {module['title'][language()]}",
            {state: states.get((module["id"], state), 0) for state in STATES},
        )
        for number, module in enumerate(course.outline["modules"], 1)
    ]


def told(course: Course) -> bool:
    """Whether a course's package says which facts its modules cite; one built long ago does not."""
    return any("facts" in module for module in course.outline["modules"])


def freshness() -> str:
    """The page, for programme leads."""
    signin.lead()
    as_at = asat.asked().moment
    courses = cohorts.which_courses(transaction.reader())
    facts = {one.id: facts_of(one, day_in_wales(as_at)) for one in courses if told(one)}
    module = request.args.get("module", "")
    to_do = [one for group in facts.values() for one in group if one.state in TO_DO and module in ("", one.module)]
    page = FreshnessPage(
        modules=[each for one in courses if one.id in facts for each in counted(one, facts[one.id])],
        facts=to_do[:SHOWN],
        through=len(to_do),
        module=module,
        untold=[one.title_cy if language() == "cy" else one.title_en for one in courses if one.id not in facts],
        as_at=as_at,
    )
    return render_template("freshness.html", page=page, states=STATES)


def freshness_file(form: str) -> Response:
    """Every fact of every module, or of the one asked for, as a file."""
    signin.lead()
    today, module = day_in_wales(asat.asked().moment), request.args.get("module", "")
    courses = cohorts.which_courses(transaction.reader())
    facts = [one for course in courses for one in facts_of(course, today) if module in ("", one.module)]
    versions = {course.id: course.version for course in courses}
    return report.file(form, "freshness", "course", [_headings(), *(_line(one, versions) for one in facts)])


def _headings() -> list[object]:
    return [
        gettext("Course"),
        gettext("Version"),
        gettext("Module"),
        gettext("Fact"),
        gettext("State"),
        gettext("To be reviewed by"),
        gettext("Last checked"),
        gettext("What it says"),
        gettext("Where it is cited"),
    ]


def _line(one: Fact, versions: Mapping[str, str]) -> list[object]:
    review = one.review.isoformat() if one.review else ""
    where = f"{one.file}:{one.line}"
    return [one.course, versions[one.course], one.title, one.id, one.state_words, review, one.checked, one.words, where]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    report.add(bp, "/freshness", freshness, freshness_file)
