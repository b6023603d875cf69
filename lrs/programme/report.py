"""What the reports share: the year and the file that an address asks for, and how a share is told."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from lrs import signin
from lrs.programme import asat, export
from lrs.rules.days import day_in_wales
from lrs.rules.years import financial_year

FORMS = {"csv": "text/csv", "xlsx": export.XLSX}
FIRST_YEAR = 2020  # no residential is older


def year_asked() -> int:
    """The financial year (that in which it began) of an address; the one of the moment asked about otherwise."""
    asked, there_are = request.args.get("year", ""), years()
    return int(asked) if asked in map(str, there_are) else there_are[0]


def years() -> list[int]:
    """The financial years that may be asked for, the newest first."""
    last = max(financial_year(day_in_wales(asat.asked().moment)), FIRST_YEAR)
    return list(range(last, FIRST_YEAR - 1, -1))


def year_name(year: int) -> str:
    """A financial year as it is written: 2026–27."""
    return f"{year}–{(year + 1) % 100:02}"


def share(part: int, whole: int) -> str:
    """A part of a whole in per cent, to the nearest whole one; empty where there is no whole."""
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else ""


def file(form: str, name: str, subject: str, rows: Sequence[Sequence[object]]) -> Response:
    """Rows, headings first, as a file in that form; the log is told of it."""
    told = f"{name} {form}, {len(rows) - 1} rows"
    signin.noted("export", subject, told)
    content = export.csv_file(rows) if form == "csv" else export.xlsx_file(rows)
    day = day_in_wales(asat.asked().moment)
    return export.download(content, FORMS[form], f"{subject}-{name}-{day}.{form}")


def add(bp: Blueprint, where: str, page: Callable[..., str], taken_away: Callable[..., Response]) -> None:
    """Add the address of a report, and those of its files."""
    bp.add_url_rule(where, view_func=page)
    for form in FORMS:
        bp.add_url_rule(f"{where}.{form}", view_func=taken_away, defaults={"form": form})
