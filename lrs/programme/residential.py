"""The form for a residential, new or to be changed: suggested dates, and every problem told at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from lrs.programme.words import gettext
from lrs.rules.readiness import GRADES, day_in_wales, major
from lrs.storage.cohorts import Cohort, Course

WORDS = ("id", "title_en", "title_cy", "course", "least_grade", "venue_en", "venue_cy")
NUMBERS = {"capacity": range(1, 10_000), "major": range(1000)}
DATES = ("opens", "target", "cut_off", "starts", "ends")
TITLE_LIMIT = 120
YEARS = range(2000, 2100)  # a slip of the finger beyond them would be a board that cannot be worked out


@dataclass
class ResidentialForm:
    """What was typed, what it means, and what is wrong with each field; kept whole or not at all."""

    courses: Sequence[Course]
    id: str = ""
    title_en: str = ""
    title_cy: str = ""
    course: str = ""
    least_grade: str = "asserted"
    venue_en: str = ""
    venue_cy: str = ""
    practice: bool = False
    kept: bool = False  # whether the residential is there already
    typed: dict[str, str] = field(default_factory=dict)  # the five dates and the numbers as typed
    dates: dict[str, date] = field(default_factory=dict)
    numbers: dict[str, int | None] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def required(self) -> list[str]:
        """Every module of the chosen course."""
        chosen = next((course for course in self.courses if course.id == self.course), None)
        return [module["id"] for module in chosen.outline["modules"]] if chosen else []

    def columns(self) -> dict[str, object]:
        """The values of the residential's row."""
        words = {name: getattr(self, name) or None for name in WORDS}
        return words | dict(self.dates) | self.numbers | {"practice": self.practice}

    def changes(self) -> dict[str, object]:
        """The values that a residential may be given later: all but its id and its course."""
        return {name: value for name, value in self.columns().items() if name not in ("id", "course")}

    def say_taken(self) -> None:
        """Say that another residential has this id."""
        self.problems["id"] = gettext("Another residential already has this short name.")


def suggested(courses: Sequence[Course], now: datetime) -> ResidentialForm:
    """An empty form with the calendar that fits most: fourteen weeks, a target at four weeks and a cut-off at two."""
    first = day_in_wales(now) + timedelta(weeks=14)
    first += timedelta(days=(1 - first.weekday()) % 7)  # a Tuesday
    days = (timedelta(weeks=-14), timedelta(weeks=-4), timedelta(weeks=-2), timedelta(), timedelta(days=2))
    typed = {name: (first + step).isoformat() for name, step in zip(DATES, days, strict=True)}
    version = major(courses[0].version) if courses else None
    typed |= {"capacity": "", "major": "" if version is None else str(version)}
    return ResidentialForm(courses, course=courses[0].id if courses else "", typed=typed)


def as_it_is(cohort: Cohort, courses: Sequence[Course]) -> ResidentialForm:
    """The form filled with what is kept of a residential."""
    typed = {name: getattr(cohort, name).isoformat() for name in DATES}
    typed |= {name: "" if getattr(cohort, name) is None else str(getattr(cohort, name)) for name in NUMBERS}
    form = ResidentialForm(courses, practice=cohort.practice, kept=True, typed=typed)
    for name in WORDS:
        setattr(form, name, getattr(cohort, name) or "")
    return form


def filled(sent: Mapping[str, str], courses: Sequence[Course], kept: Cohort | None = None) -> ResidentialForm:
    """The form as sent, with everything that is wrong with it; one that is kept keeps its id and its course."""
    form = ResidentialForm(courses, typed={name: sent.get(name, "").strip() for name in (*DATES, *NUMBERS)})
    for name in WORDS:
        setattr(form, name, " ".join(sent.get(name, "").split()))
    form.id, form.practice = form.id.lower(), "practice" in sent
    if kept:
        form.id, form.course, form.kept = kept.id, kept.course, True
    _check_words(form)
    _check_numbers(form)
    _check_dates(form)
    return form


def _check_words(form: ResidentialForm) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", form.id) or form.id == "new":
        form.problems["id"] = gettext("Use 2 to 60 small letters, figures and hyphens, such as llandrindod-2026-12.")
    if not _is_title(form.title_en):
        form.problems["title_en"] = gettext("Give the title in English, in at most 120 characters.")
    if not _is_title(form.title_cy):
        form.problems["title_cy"] = gettext("Give the title in Welsh, in at most 120 characters.")
    if form.course not in [course.id for course in form.courses]:
        form.problems["course"] = gettext("Choose a course.")
    if form.least_grade not in GRADES:
        form.problems["least_grade"] = gettext("Choose what counts as evidence.")

    for name in ("venue_en", "venue_cy"):
        if getattr(form, name) and not _is_title(getattr(form, name)):
            form.problems[name] = gettext("Give the place in at most 120 characters, or leave it empty.")


def _check_numbers(form: ResidentialForm) -> None:
    wrong = {
        "capacity": gettext("Give a number from 1 to 9999, or leave it empty."),
        "major": gettext("Give the first figure of a version, such as 1, or leave it empty for any."),
    }
    for name, possible in NUMBERS.items():
        typed = form.typed[name]
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
        form.numbers[name] = number
        if typed and number not in possible:
            form.problems[name] = wrong[name]


def _is_title(text: str) -> bool:
    return 0 < len(text) <= TITLE_LIMIT and text.isprintable()


def _date(typed: str) -> date | None:
    """The date, where it is one of this century."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _check_dates(form: ResidentialForm) -> None:
    for name in DATES:
        day = _date(form.typed[name])
        if day is None:
            form.problems[name] = gettext("Give a date, such as 2026-11-27.")
        else:
            form.dates[name] = day
    wrong = {
        "target": gettext("The target date must come after the opening."),
        "cut_off": gettext("The cut-off cannot come before the target date."),
        "starts": gettext("The residential cannot begin before the cut-off."),
        "ends": gettext("The residential cannot end before it begins."),
    }
    for earlier, later in pairwise(DATES):
        if {earlier, later} <= form.dates.keys():
            first, second = form.dates[earlier], form.dates[later]
            if second < first or (later == "target" and second == first):
                form.problems[later] = wrong[later]
