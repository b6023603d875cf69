"""An LMS's completion report: from the rows of a file to what each says, with everything that cannot be understood."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from lrs.programme.authorities import fold
from lrs.programme.export import unsafe
from lrs.programme.roster import EMAIL, HEADERS, Bad, Table, clean
from lrs.programme.sheets import MAX_CELL, SheetTooLarge
from lrs.programme.words import gettext, language, named
from lrs.rules.exports import Told, kind_of, state_told, when_told
from lrs.rules.formats import is_mailbox

# What a column may be called, folded; beside these, a column headed with a module's name holds its state.
EXPORT_HEADERS: dict[str, tuple[str, ...]] = {
    "name": (*HEADERS["name"], "learner", "learner name", "student", "student name", "user full name", "dysgwr"),
    "email": (*HEADERS["email"], "user email", "learner email", "e bost y dysgwr"),
    "lms_id": ("username", "user name", "enw defnyddiwr", "lms id", "id lms", "learner id", "student id", "id dysgwr"),
    "module": ("module", "modiwl", "activity", "activity name", "gweithgaredd", "sco", "sco name", "lesson", "unit",
               "course", "course name", "cwrs", "course title", "enwr cwrs"),
    "state": ("status", "statws", "state", "cyflwr", "completion", "completion status", "completion state",
              "statws cwblhau", "lesson status", "cmi core lesson status", "cmi completion status", "scorm status"),
    "success": ("success", "success status", "cmi success status", "pass fail", "satisfaction", "llwyddiant"),
    "date": ("completion date", "date completed", "completed on", "completed date", "date of completion",
             "dyddiad cwblhau", "cwblhawyd ar", "wedi cwblhau ar", "date", "dyddiad", "last accessed on",
             "last accessed", "last access", "mynediad diwethaf", "defnyddiwyd ddiwethaf ar"),
}  # fmt: skip
EXPORT_COLUMNS = {
    "email": named("E-mail"),
    "lms_id": named("LMS id"),
    "name": named("Name"),
    "module": named("Which module"),
    "state": named("Whether it is finished"),
    "success": named("Whether it was passed"),
    "date": named("When"),
}
MEANT = {spelling: key for key, spellings in EXPORT_HEADERS.items() for spelling in spellings}
OF_DATES = ("completion date", "date completed", "dyddiad cwblhau", "date", "dyddiad")
STATE, DATE = "state-", "date-"  # and the id of a module, or nothing for the whole course
MOST_TOLD = 20_000
AHEAD = timedelta(minutes=5)
FIRST_YEAR = 2000


class Reading(NamedTuple):
    """What a report says: rows understood and not, names of other courses with their rows, cells of nothing begun."""

    told: list[Told]
    bad: list[Bad]
    elsewhere: Counter[str]
    untouched: int


class Subjects(NamedTuple):
    """The course and its modules by their folded names; the course is the empty id."""

    exact: Mapping[str, str]
    titles: Sequence[tuple[str, str]]  # the longest first

    def called(self, text: str) -> str | None:
        """What a text names: exactly, or with more words around a title; None where it names nothing of this course."""
        folded = fold(text)
        if folded in self.exact:
            return self.exact[folded]
        around = f" {folded} "
        return next((module for title, module in self.titles if f" {title} " in around), None)


def subjects_of(outline: Mapping[str, Any]) -> Subjects:
    """The names that a course.json gives to the course and its modules."""
    titles = {fold(outline["title"][code]): "" for code in ("en", "cy")}
    exact = {fold(outline["id"]): ""}
    for module in outline["modules"]:
        titles.update({fold(module["title"][code]): module["id"] for code in ("en", "cy")})
        exact[fold(module["id"])] = module["id"]
    by_length = sorted(titles.items(), key=lambda one: -len(one[0]))
    return Subjects(exact | titles, [one for one in by_length if one[0]])


def iris_of(outline: Mapping[str, Any]) -> dict[str, str]:
    """The address of each module and, under the empty id, of the course."""
    return {"": outline["iri"], **{module["id"]: module["iri"] for module in outline["modules"]}}


def subject_titles(outline: Mapping[str, Any]) -> dict[str, str]:
    """The title of the course, under the empty id, and of each module, in the language being spoken."""
    modules = {module["id"]: module["title"][language()] for module in outline["modules"]}
    return {"": outline["title"][language()], **modules}


def export_columns(headings: Sequence[str], subjects: Subjects) -> dict[str, int]:
    """Which column holds what, by headings that are known or name a module; of two that say the same the first.

    A column after a module's, without a heading or with a date for one, has the dates of its states.
    """
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        folded = fold(unsafe(heading))
        if folded in MEANT:
            columns.setdefault(MEANT[folded], index)
            continue
        subject = subjects.called(unsafe(heading)) if folded else None
        if subject is None:
            continue
        if folded.endswith(OF_DATES):
            columns.setdefault(DATE + subject, index)
        elif columns.setdefault(STATE + subject, index) == index and _is_of_dates(headings, index + 1):
            columns.setdefault(DATE + subject, index + 1)
    if headings and not headings[0]:
        columns.setdefault("name", 0)
    return columns


def _is_of_dates(headings: Sequence[str], index: int) -> bool:
    """Whether a column goes with the one before it: Moodle puts the expected date over it, or nothing."""
    if index >= len(headings):
        return False
    try:
        when_told(headings[index])
    except ValueError:
        return False
    return True


def fitting(columns: Mapping[str, int], outline: Mapping[str, Any]) -> dict[str, int]:
    """What somebody said of such a list's columns, but for modules that this course has not."""
    names = {f"{prefix}{module}" for prefix in (STATE, DATE) for module in iris_of(outline)}
    return {key: at for key, at in columns.items() if key in EXPORT_COLUMNS or key in names}


def still_missing(columns: Mapping[str, int], about: str | None) -> list[str]:
    """What such a list needs and no column holds; ``about`` is what the whole list is about, if anybody said so."""
    missing = [] if "email" in columns or "lms_id" in columns else ["email"]
    if any(key.startswith(STATE) for key in columns):
        return missing
    if "state" not in columns and "success" not in columns:
        missing.append("state")
    if "module" not in columns and about is None:
        missing.append("module")
    return missing


def reading_of(table: Table, about: str | None, home_page: str, outline: Mapping[str, Any], now: datetime) -> Reading:
    """What each row says. Raises SheetTooLarge where all of them together say too much for once."""
    reader = _Reader(table.columns, about, home_page, outline, now)
    for line, cells in table.lines:
        reader.read(line, cells)
        if len(reader.told) > MOST_TOLD:
            raise SheetTooLarge(
                gettext("The list tells of more than 20,000 states of modules. Send it in parts, such as by council.")
            )
    return Reading(reader.told, reader.bad, reader.elsewhere, reader.untouched)


class _Reader:
    """Reads row after row of one list."""

    def __init__(
        self, columns: Mapping[str, int], about: str | None, home_page: str, outline: Mapping[str, Any], now: datetime
    ) -> None:
        self.about, self.home_page, self.latest = about, home_page, now + AHEAD
        self.called = lru_cache(maxsize=1024)(subjects_of(outline).called)
        self.titles = subject_titles(outline)
        self.columns = fitting(columns, outline)
        self.must_pass = {one["id"] for one in outline["modules"] if one.get("complete-when") == "passed"}
        self.wide = [key.removeprefix(STATE) for key in self.columns if key.startswith(STATE)]
        self.told: list[Told] = []
        self.bad: list[Bad] = []
        self.elsewhere: Counter[str] = Counter()
        self.untouched = 0

    def read(self, line: int, cells: Sequence[str]) -> None:
        """Take in one row: what it tells, or everything that is wrong with it."""
        if max(map(len, cells)) > MAX_CELL:
            self.bad.append(Bad(line, "", (gettext("A cell has more than 500 characters."),)))
            return
        said = {key: clean(cells[at]) for key, at in self.columns.items() if at < len(cells)}
        problems: list[str] = []
        actor, name = self._actor(said, problems), said.get("name", "")[:80]
        claims = [self._told(line, actor, *claim, problems) for claim in self._claims(said)]
        if problems:
            self.bad.append(Bad(line, name or said.get("email", "")[:80], tuple(problems)))
            return
        self.told += [one._replace(name=name) for one in claims if one]
        self.untouched += claims.count(None)

    def _claims(self, said: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
        """Each thing that a row speaks of: a module (or the course), its state, what is said of success, and when."""
        for subject in self.wide:
            when = said.get(DATE + subject, said.get("date", ""))
            yield subject, said.get(STATE + subject, ""), "", when
        if "state" not in self.columns and "success" not in self.columns:
            return
        subject_meant = self.called(said["module"]) if said.get("module") else self.about
        if subject_meant is not None:
            both = said.get("state", ""), said.get("success", "")
            state, success = both if "state" in self.columns else (both[1], "")
            yield subject_meant, state, success, said.get("date", "")
        elif not self.wide:
            self.elsewhere[said.get("module", "")[:80]] += 1

    def _actor(self, said: Mapping[str, str], problems: list[str]) -> str:
        """Who a row is about, as the store keeps actors: by e-mail address, or else by account in the LMS."""
        email, number = said.get("email", "").lower(), said.get("lms_id", "")
        if email and not (EMAIL.fullmatch(email) and is_mailbox(f"mailto:{email}")):
            problems.append(gettext("“%(text)s” is not an e-mail address.", text=email[:80]))
        elif not email and not number:
            problems.append(gettext("The row does not say whose it is."))
        elif not email and not self.home_page:
            problems.append(gettext("The person has an LMS id only, and the address of the LMS was not given."))
        return f"mbox|mailto:{email}" if email else f"account|{self.home_page}|{number}"

    def _told(
        self, line: int, actor: str, subject: str, words: str, of_success: str, when: str, problems: list[str]
    ) -> Told | None:
        """What is told of one module; None where it was never begun, or where something is wrong."""
        state, success = _state(words), _state(of_success)
        title = self.titles.get(subject, subject)
        if not state or not success:
            text = words if not state else of_success
            wrong = gettext(
                "%(module)s: “%(text)s” says neither finished nor unfinished.", module=title, text=text[:80]
            )
            problems.append(wrong)
            return None
        if state == "untouched" and success not in ("passed", "failed"):
            return None
        at = self._moment(when, title, problems)
        kind = kind_of(state, success, at is not None, subject in self.must_pass)
        return Told(line, actor, subject, kind, at) if kind else None

    def _moment(self, text: str, title: str, problems: list[str]) -> datetime | None:
        try:
            found = when_told(text)
        except ValueError:
            wrong = gettext(
                "%(module)s: “%(text)s” is not a date. Day, month, year are understood, in that order.",
                module=title,
                text=text[:80],
            )
            problems.append(wrong)
            return None
        if found and found.year < FIRST_YEAR:
            problems.append(gettext("%(module)s: the date lies too long ago.", module=title))
        elif found and found > self.latest:
            problems.append(gettext("%(module)s: the date has not come yet.", module=title))
        return found


@lru_cache(maxsize=1024)
def _state(text: str) -> str:
    """What a cell says of a state, with or without brackets after it such as “(achieved pass grade)”."""
    words, _, more = text.partition("(")
    return state_told(fold(words), fold(more)) or state_told(fold(text))
