"""How far the modules are taken in Welsh, by council, module and financial year: what the Standards' reports ask."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme import asat, report
from lrs.programme.authorities import authority_name, fold
from lrs.programme.words import gettext, language
from lrs.rules.days import day_in_wales, start_of_day
from lrs.rules.instants import microseconds
from lrs.rules.years import days_of_year
from lrs.storage import cohorts, reports
from lrs.storage.cohorts import Course
from lrs.storage.database import Connection
from lrs.storage.reports import Finished, Held

Module = tuple[str, str]  # course and module


class Taken(NamedTuple):
    """A module that somebody finished, once: the council they worked for on that day, and the language of it.

    ``language`` is cy, en, or empty where the record does not say.
    """

    person: str
    chosen: str
    authority: str
    module: Module
    language: str


class Tally(NamedTuple):
    """How many modules were finished in each language, and how many people took them in one of them or in both.

    ``chose`` of the people had chosen Welsh for what is sent to them.
    """

    name: str
    welsh: int
    english: int
    unsaid: int
    people: int
    only_welsh: int
    only_english: int
    both: int
    chose: int

    @property
    def modules(self) -> int:
        """How many modules were finished."""
        return self.welsh + self.english + self.unsaid

    @property
    def share(self) -> str:
        """How many of a hundred were finished in Welsh."""
        return report.share(self.welsh, self.modules)


class LanguagesPage(NamedTuple):
    """Everything the page shows; ``council`` is the only one shown where one is asked for."""

    year: int
    council: str
    names: Mapping[str, str]
    whole: Tally
    councils: Sequence[Tally]
    modules: Sequence[Tally]
    as_at: datetime


def taken_in(connection: Connection, year: int, as_at: datetime) -> list[Taken]:
    """Everything finished for the first time in a financial year, as had been recorded at a moment."""
    courses = {one.id: one for one in cohorts.which_courses(connection)}
    posts = reports.posts(connection)
    first, after = (microseconds(start_of_day(day)) for day in days_of_year(year))
    return [
        Taken(one.person, one.chosen, _council(posts.get(one.person, ()), one), module, _tongue(one.record.language))
        for one, module in _first_times(reports.finished_by_all(connection, as_at), courses)
        if first <= one.record.happened < after
    ]


def _first_times(finished: Iterable[Finished], courses: Mapping[str, Course]) -> list[tuple[Finished, Module]]:
    """Each module of each person with the record that finished it first; later ones, in any language, add nothing."""
    seen: set[tuple[str, Module]] = set()
    found = []
    modules = {id: [module["id"] for module in course.outline["modules"]] for id, course in courses.items()}
    for one in finished:
        for module in modules[one.course] if one.record.module is None else (one.record.module,):
            key = one.person, (one.course, module)
            if key not in seen:
                seen.add(key)
                found.append((one, key[1]))
    return found


def _council(held: Sequence[Held], one: Finished) -> str:
    """The council that somebody worked for when they finished it, else the first that is known of them."""
    if len(held) < 2:
        return held[0].authority if held else ""
    day = day_in_wales(one.record.at)
    return next((post.authority for post in held if post.on(day)), held[-1].authority)


def _tongue(language: str | None) -> str:
    return language[:2] if language and language[:2] in ("cy", "en") else ""


def tally(name: str, taken: Sequence[Taken]) -> Tally:
    """The numbers of some modules taken."""
    number = Counter(one.language for one in taken)
    people = {one.person for one in taken}
    welsh = {one.person for one in taken if one.language == "cy"}
    english = {one.person for one in taken if one.language == "en"}
    chose = {one.person for one in taken if one.chosen == "cy"}
    alone = len(welsh - english), len(english - welsh), len(welsh & english)
    return Tally(name, number["cy"], number["en"], number[""], len(people), *alone, len(chose))


def by_council(taken: Iterable[Taken]) -> dict[str, list[Taken]]:
    """Council -> what was taken there, in order of the councils' names."""
    groups: dict[str, list[Taken]] = {}
    for one in taken:
        groups.setdefault(one.authority, []).append(one)
    return dict(sorted(groups.items(), key=lambda group: fold(council_name(group[0]))))


def council_name(gss: str) -> str:
    """A council's name in the language being spoken; words where nobody knows which it was."""
    return authority_name(gss, language()) if gss else gettext("Council not known")


def by_module(taken: Iterable[Taken], titles: Mapping[Module, str]) -> list[Tally]:
    """The numbers of each module that anybody took, in the order of the courses."""
    groups: dict[Module, list[Taken]] = {module: [] for module in titles}
    for one in taken:
        groups.setdefault(one.module, []).append(one)
    return [tally(titles.get(module, module[1]), group) for module, group in groups.items() if group]


def _titles(connection: Connection) -> dict[Module, str]:
    return {
        (course.id, module["id"]): f"{number}. {module['title'][language()]}"
        for course in cohorts.which_courses(connection)
        for number, module in enumerate(course.outline["modules"], 1)
    }


def languages() -> str:
    """The page; a link officer's has their own council alone."""
    user, as_at, year = signin.signed_in(), asat.asked().moment, report.year_asked()
    connection = transaction.reader()
    groups = _seen(by_council(taken_in(connection, year, as_at)), user.sees)
    council = request.args.get("council", "")
    shown = {gss: group for gss, group in groups.items() if council in ("", gss)}
    everything = [one for group in shown.values() for one in group]
    page = LanguagesPage(
        year=year,
        council=council if council in groups else "",
        names={gss: council_name(gss) for gss in groups},
        whole=tally("", everything),
        councils=[tally(council_name(gss), group) for gss, group in shown.items()],
        modules=by_module(everything, _titles(connection)),
        as_at=as_at,
    )
    return render_template("languages.html", page=page, years=report.years(), year_name=report.year_name)


def _seen(groups: Mapping[str, list[Taken]], sees: str | None) -> dict[str, list[Taken]]:
    return {gss: group for gss, group in groups.items() if sees in (None, gss)}


def languages_file(form: str) -> Response:
    """The numbers of each council, all modules together and then each of them, as a file."""
    user, as_at, year = signin.signed_in(), asat.asked().moment, report.year_asked()
    connection = transaction.reader()
    titles, council = _titles(connection), request.args.get("council", "")
    groups = _seen(by_council(taken_in(connection, year, as_at)), user.sees)
    rows: list[list[object]] = [_headings()]
    for gss, group in groups.items():
        if council in ("", gss):
            told = [tally(gettext("All modules"), group), *by_module(group, titles)]
            rows += [[report.year_name(year), gss, council_name(gss), *_line(one)] for one in told]
    return report.file(form, f"languages-{year}", "programme", rows)


def _headings() -> list[object]:
    return [
        gettext("Year"),
        gettext("GSS code"),
        gettext("Council"),
        gettext("Module"),
        gettext("Modules finished"),
        gettext("In Welsh"),
        gettext("In English"),
        gettext("Language not known"),
        gettext("Share in Welsh"),
        gettext("People"),
        gettext("In Welsh only"),
        gettext("In English only"),
        gettext("In both"),
        gettext("Chose Welsh"),
    ]


def _line(one: Tally) -> list[object]:
    return [one.name, one.modules, one.welsh, one.english, one.unsaid, one.share, *one[4:]]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    report.add(bp, "/languages", languages, languages_file)
