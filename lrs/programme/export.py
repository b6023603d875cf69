"""Spreadsheets out: CSV that opens right in Excel, with nothing in it that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

from lrs.programme.board import Standing
from lrs.programme.reasons import PLACE_WORDS, status_word, why
from lrs.programme.words import gettext
from lrs.rules.readiness import day_in_wales
from lrs.storage.cohorts import Cohort

RUNS = re.compile(r"'*[=+\-@\t\r]")
BOM = "\ufeff"
LONGEST_CELL = 32_767  # characters that Excel takes in one
WIDEST = 60  # characters that a column is drawn for
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if RUNS.match(text) else text


def unsafe(text: str) -> str:
    """The text as it was before ``safe``: exactly one apostrophe is taken off, and only where one was put."""
    return text[1:] if text.startswith("'") and RUNS.match(text[1:]) else text


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a CSV file: UTF-8 with the mark that tells Excel so, every cell safe."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([safe(str(cell)) for cell in row])
    return (BOM + text.getvalue()).encode()


def xlsx_file(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows, the first of them the header, as a workbook of one sheet: numbers are numbers, all else is plain text.

    Nothing in it is a formula or a link, whatever it looks like, so no cell needs an apostrophe.
    """
    import xlsxwriter  # here: few requests write a workbook, and it takes a tenth of a second to load

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        widths: dict[int, int] = {}
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                widths[across] = max(widths.get(across, 0), min(len(str(cell)), WIDEST))
                if isinstance(cell, int):
                    sheet.write_number(down, across, cell)
                else:
                    sheet.write_string(down, across, str(cell)[:LONGEST_CELL], None if down else bold)
        for across, width in widths.items():
            sheet.set_column(across, across, width + 2)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def download(content: bytes, mimetype: str, name: str) -> Response:
    """An answer that a browser keeps as a file of that name."""
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def people_header() -> list[str]:
    """The one header row, in the language being spoken; a roster import understands it again."""
    return [
        gettext("Name"),
        gettext("E-mail"),
        gettext("GSS code"),
        gettext("Council"),
        gettext("Language"),
        gettext("Role"),
        gettext("Place"),
        gettext("Status"),
        gettext("Why"),
        gettext("Modules done"),
        gettext("Modules required"),
        gettext("Minutes left"),
        gettext("Last seen"),
    ]


def people_row(one: Standing, cohort: Cohort) -> list[object]:
    """One person's row, under ``people_header``."""
    member, found = one
    return [
        member.name,
        member.email,
        member.authority,
        one.council,
        "Cymraeg" if member.language == "cy" else "English",
        member.role,
        gettext(PLACE_WORDS[member.place]),
        status_word(found.status),
        why(found, cohort),
        len(found.done),
        len(cohort.required),
        found.minutes_left,
        day_in_wales(found.last_seen).isoformat() if found.last_seen else "",
    ]


def people_csv(people: Iterable[Standing], cohort: Cohort) -> bytes:
    """The people of a residential as a CSV file."""
    return csv_file(_people(people, cohort))


def people_xlsx(people: Iterable[Standing], cohort: Cohort) -> bytes:
    """The people of a residential as a workbook."""
    return xlsx_file(_people(people, cohort))


def _people(people: Iterable[Standing], cohort: Cohort) -> list[Sequence[object]]:
    return [people_header(), *(people_row(one, cohort) for one in people)]
