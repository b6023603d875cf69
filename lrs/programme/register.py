"""The register of a residential: who is expected, who is cleared to come, and who was there; as a page and on paper."""

from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme import asat, export, paper
from lrs.programme.authorities import authority_name, fold
from lrs.programme.board import Standing, standings
from lrs.programme.pages import cohort_at
from lrs.programme.paper import both, in_both
from lrs.programme.words import clock, gettext, language, long_date, named, ngettext, short_date, span
from lrs.rules.alphabet import welsh_order
from lrs.rules.attendance import days_of
from lrs.rules.readiness import Readiness, day_in_wales
from lrs.rules.verdict import CONFIRMED_PLACES
from lrs.storage import attendance
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection

CLEARED = {
    "yes": named("Cleared"),
    "decided": named("By decision"),
    "no": named("Not cleared yet"),
}
HEADINGS = (named("No."), named("Name"), named("Council"), named("Cleared to come"), named("Language"))
TONGUES = {"cy": "Cymraeg", "en": "English"}
MARKS = {True: "✓", False: "–", None: ""}


class Row(NamedTuple):
    """One person on the register. ``cleared`` is a key of CLEARED; ``there`` has whatever days are marked."""

    number: int
    person: str
    name: str
    authority: str
    cleared: str
    language: str
    there: dict[date, bool]

    @property
    def council(self) -> str:
        """The council's name in the language being spoken."""
        return authority_name(self.authority, language())

    @property
    def cleared_word(self) -> str:
        """Whether they are cleared, in the language being spoken."""
        return gettext(CLEARED[self.cleared])


class Register(NamedTuple):
    """Everybody expected at a residential, in the order of the Welsh alphabet, as at a moment."""

    cohort: Cohort
    title: str
    days: list[date]
    rows: list[Row]
    as_at: datetime
    today: date

    @property
    def days_so_far(self) -> list[date]:
        """The days that have come, on which somebody can have been there."""
        return [day for day in self.days if day <= self.today]


def name_order(name: str) -> tuple[object, ...]:
    """What names are sorted by on paper: the Welsh alphabet, as they are written, from the first letter on."""
    return welsh_order(fold(name)), name


def cleared(found: Readiness) -> str:
    """Whether somebody is cleared to come, by their own work or by a decision: a key of CLEARED."""
    if found.exemption or (found.status == "ready" and found.by_decision):
        return "decided"
    return "yes" if found.status == "ready" else "no"


def register_of(connection: Connection, cohort: Cohort, as_at: datetime, authority: str | None) -> Register:
    """The register of a residential as at a moment, of one authority where that is asked; marks as they are now."""
    marks = attendance.marks_of(connection, cohort.id)
    expected = [one for one in standings(connection, cohort, as_at, authority) if one.member.place in CONFIRMED_PLACES]
    expected.sort(key=lambda one: (name_order(one.member.name), one.member.person))
    rows = [_row(number, one, marks.get(one.member.person, {})) for number, one in enumerate(expected, 1)]
    days = days_of(cohort.starts, cohort.ends)
    return Register(cohort, cohort.title(language()), days, rows, as_at, day_in_wales(transaction.now()))


def _row(number: int, one: Standing, there: dict[date, bool]) -> Row:
    member = one.member
    return Row(number, member.person, member.name, member.authority, cleared(one.readiness), member.language, there)


def register_asked(cohort: str) -> Register:
    """The register that an address asks for, of the people whom whoever asks may see."""
    user, here = signin.signed_in(), cohort_at(cohort)
    return register_of(transaction.reader(), here, asat.asked().moment, user.sees)


# --- as a page, and as files ---------------------------------------------------------------------------------------


def register_page(cohort: str) -> str:
    """The register, and the form in which a lead ticks who was there on one of its days."""
    page = register_asked(cohort)
    signin.noted("look", f"register {page.cohort.id}", f"{len(page.rows)} people")
    return render_template("register.html", page=page, day=day_asked(page), marks=MARKS)


def day_asked(page: Register) -> date | None:
    """The day that the address asks to tick, else the newest that has come; None before the first."""
    so_far = page.days_so_far
    newest = so_far[-1] if so_far else None
    return next((day for day in so_far if day.isoformat() == request.args.get("day")), newest)


def sheet(page: Register) -> list[list[object]]:
    """The register as rows of a spreadsheet, headings first."""
    header: list[object] = [*map(gettext, HEADINGS[:2]), gettext("GSS code"), *map(gettext, HEADINGS[2:])]
    rows = [
        [row.number, row.name, row.authority, row.council, row.cleared_word, TONGUES[row.language]]
        + [MARKS[row.there.get(day)] for day in page.days]
        for row in page.rows
    ]
    return [[*header, *(day.isoformat() for day in page.days)], *rows]


def register_csv(cohort: str) -> Response:
    """The register as a CSV file."""
    page = register_asked(cohort)
    return export.download(export.csv_file(sheet(page)), "text/csv", f"{_exported(page, 'csv')}.csv")


def register_xlsx(cohort: str) -> Response:
    """The register as a workbook."""
    page = register_asked(cohort)
    return export.download(export.xlsx_file(sheet(page)), export.XLSX, f"{_exported(page, 'xlsx')}.xlsx")


def register_pdf(cohort: str) -> Response:
    """The register as PDF/UA, in both languages, to print and to sign on."""
    page = register_asked(cohort)
    return paper.answer(paper.pdf("register", on_paper(page), page.as_at), _exported(page, "pdf"))


def _exported(page: Register, form: str) -> str:
    signin.noted("export", page.cohort.id, f"register {form}, {len(page.rows)} people")
    return f"{page.cohort.id}-register-{day_in_wales(page.as_at)}"


def on_paper(page: Register) -> dict[str, object]:
    """What the template of the register is given; words in both languages, Welsh first."""
    here = page.cohort
    register = both(named("Register"))
    return {
        "title": {code: f"{register[code]}: {here.title(code)}" for code in register},
        "register": register,
        "residential": {"cy": here.title_cy, "en": here.title_en},
        "dates": in_both(lambda: _where_and_when(here)),
        "people": in_both(lambda: ngettext("%(num)s person", "%(num)s people", len(page.rows))),
        "as-at": in_both(lambda: _as_at(page.as_at)),
        "headings": [both(heading) for heading in HEADINGS],
        "days": [in_both(partial(short_date, day)) for day in page.days],
        "signature": both(named("Signature")),
        "rows": [_row_on_paper(row, page.days) for row in page.rows],
    }


def _where_and_when(here: Cohort) -> str:
    return ". ".join(part for part in (here.venue(language()), span(here.starts, here.ends)) if part)


def _as_at(at: datetime) -> str:
    return gettext("As it was on %(when)s", when=f"{long_date(day_in_wales(at))}, {clock(at)}")


def _row_on_paper(row: Row, days: list[date]) -> dict[str, object]:
    return {
        "number": row.number,
        "name": row.name,
        "council": {code: authority_name(row.authority, code) for code in TONGUES},
        "cleared": both(CLEARED[row.cleared]),
        "language": row.language,
        "tongue": TONGUES[row.language],
        "days": [MARKS[row.there.get(day)] for day in days],
    }


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/register"
    bp.add_url_rule(where, view_func=register_page)
    for form, view in (("csv", register_csv), ("xlsx", register_xlsx), ("pdf", register_pdf)):
        bp.add_url_rule(f"{where}.{form}", view_func=view)
