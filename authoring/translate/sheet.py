"""The spreadsheet for translators without a tool of their own: id, English, Welsh, state."""

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

from authoring.damage import DAMAGE
from authoring.translate.marks import CONTROL
from authoring.translate.pairs import WORDS
from authoring.translate.rows import Row, Unreadable

HEAD = ("id", "English", "Welsh", "state", "was")
WIDTHS = (44, 70, 70, 14, 10)
# Excel 2007 and later: characters of one cell.
CELL_LIMIT = 32_767
LIMIT = 64 * 1024 * 1024
MEMBERS, ROWS, COLUMNS = 200, 20_000, 26
# Nothing else is handed on: a part of another format could make the reader take the file for that format.
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(_rels/.*\.rels|workbook\.xml|sharedStrings\.xml|styles\.xml|worksheets/.*)"
)
PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]+)\s*["']""")


def write_sheet(rows: list[Row]) -> bytes:
    """The workbook; every cell is written as words, never as a formula. The same rows give the same bytes.

    Raises Unreadable where a text is longer than a cell can hold.
    """
    import xlsxwriter

    for row in rows:
        if max(len(row.english), len(row.welsh)) > CELL_LIMIT:
            raise Unreadable(f"{row.note}: the words of {row.id} are too long for a cell; export XLIFF.")
        if CONTROL.search(row.english + row.welsh):
            raise Unreadable(f"{row.note}: the words of {row.id} hold a control character; take it out first.")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        _fill(book, rows)
    return file.getvalue()


def _fill(book: Any, rows: list[Row]) -> None:
    sheet = book.add_worksheet("Translation")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
        sheet.set_column(column, column, width, wrapped, {"hidden": name == "was"})
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, 1):
        for column, words in enumerate((row.id, row.english, row.welsh, WORDS[row.state], row.was or "")):
            sheet.write_string(number, column, words, wrapped)


def read_sheet(data: bytes) -> list[Row]:
    """The rows of a workbook's first sheet. Raises Unreadable where it is none of ours, is too large or is a bomb."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_unpacked(data))) as book:
            table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise Unreadable(f"It is not a workbook that can be read: {error}.") from None
    names = [str(cell).strip().casefold() for cell in table[0]] if table else []
    if not {"id", "english", "welsh"} <= set(names):
        raise Unreadable("Its first row does not name the columns id, English and Welsh.")
    return [_row(dict(zip(names, cells, strict=False))) for cells in table[1:] if any(cells)]


def _row(cells: dict[str, Any]) -> Row:
    id, english, welsh, was = (str(cells.get(name, "")).strip() for name in ("id", "english", "welsh", "was"))
    return Row(id, english, welsh, was or None)


def _unpacked(data: bytes) -> bytes:
    """The workbook packed anew without compression, after its true sizes have been counted.

    A workbook can be small and unfold without end, or name a cell so far out that the reader lays out billions.
    """
    if len(data) > LIMIT:
        raise Unreadable(f"It is larger than {LIMIT // 1024 // 1024} MB.")
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
            _repack(old, new)
    except DAMAGE as error:
        raise Unreadable(
            f"It is not a workbook that can be read: {getattr(error, 'strerror', None) or error}."
        ) from None
    return packed.getvalue()


def _repack(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
    members, room = old.infolist(), LIMIT
    if "xl/workbook.xml" not in {member.filename for member in members} or len(members) > MEMBERS:
        raise Unreadable("It is not an .xlsx workbook.")
    for member in members:
        with old.open(member) as file:
            content = file.read(room + 1)
        room -= len(content)
        if room < 0:
            raise Unreadable(f"It unfolds to more than {LIMIT // 1024 // 1024} MB.")
        if PARTS.fullmatch(member.filename):
            _bounded(content)
            new.writestr(zipfile.ZipInfo(member.filename), content)


def _bounded(content: bytes) -> None:
    """Refuses what is not plain UTF-8 XML and cells beyond the rows and columns a translation can have."""
    if b"\0" in content or b"<!DOCTYPE" in content:
        raise Unreadable("It is not a workbook that can be read: a part of it is not plain XML in UTF-8.")
    for column, row in PLACE.findall(content):
        number = 0
        for letter in column.upper()[:4]:
            number = number * 26 + letter - 64
        if len(row) > 6 or int(row) > ROWS or number > COLUMNS:
            raise Unreadable(f"It has a cell beyond row {ROWS} or column {COLUMNS}, so it is not a translation.")
