"""Reading rows out of a file as spreadsheets write it: CSV in whichever encoding and with any mark, or a workbook."""

import codecs
import csv
import io
import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

from lrs.programme.words import gettext

MAX_BYTES = 8_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL = 500  # characters; what is longer is cut one beyond, so that it is seen to be too long
TOP = 10  # rows that may stand above a list: its title, its date
WORKBOOK = Path(__file__).with_name("workbook.py")
PATIENCE = 60  # seconds by the clock, for a machine that has much else to do

Line = tuple[int, list[str]]  # the number of the line or row in the file, and its cells


class UnreadableSheet(Exception):
    """The file as a whole cannot be taken; the message says why and how to mend it, in the language being spoken."""


class SheetTooLarge(UnreadableSheet):
    """The file has more bytes, rows or columns than are taken at once."""


def read_lines(data: bytes) -> list[Line]:
    """Every row of a file that is not blank, a workbook's as a CSV file's. Raises UnreadableSheet."""
    if len(data) > MAX_BYTES:
        raise SheetTooLarge(too_many_bytes())
    lines = _workbook(data) if data.startswith(b"PK\x03\x04") else _csv(decoded(data))
    if not lines:
        raise UnreadableSheet(gettext("The file is empty. Begin with the example list."))
    if len(lines) > MAX_ROWS + TOP:
        raise SheetTooLarge(too_many_rows())
    if max(len(cells) for _, cells in lines) > MAX_COLUMNS:
        raise SheetTooLarge(gettext("The list has more than 200 columns. Keep those that are needed."))
    return lines


def too_many_bytes() -> str:
    """What is said of a file that is too large."""
    return gettext("The file is larger than 8 MB. Send the list in parts.")


def too_many_rows() -> str:
    """What is said of a list that is too long."""
    return gettext("The list has more than 50,000 rows. Send it in parts.")


def decoded(data: bytes) -> str:
    """The text of a file as Excel, LibreOffice or Notepad writes it: UTF-8, UTF-16 or Windows-1252."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableSheet(
            gettext(
                "This is an Excel workbook of the old kind, or one with a password. "
                "In Excel choose Save as, then Excel Workbook (.xlsx) without a password, and send that file."
            )
        )
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableSheet(gettext("This is not a list in CSV. Save it as CSV UTF-8 and send that file."))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if data[1:2] == b"\x00":  # some programs leave the mark out; headings begin with a letter of one byte
        return ("utf-16-le",)
    return ("utf-16-be",) if data[:1] == b"\x00" else ("utf-8", "cp1252")


def _csv(text: str) -> list[Line]:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line, lines = 1, []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                lines.append((line, [cell[: MAX_CELL + 1] for cell in row]))
            line = reader.line_num + 1
            if len(lines) > MAX_ROWS + TOP:
                break
    except csv.Error:
        raise UnreadableSheet(
            gettext("The file cannot be read from line %(line)s on. Look for a quotation mark too many.", line=line)
        ) from None
    return lines


def _delimiter(text: str) -> str:
    """What parts the cells: the mark that one of the first lines, the headings, has most of."""
    first = text.lstrip("\r\n").split("\n", TOP)[:TOP]
    return max(",;\t", key=lambda mark: max(line.count(mark) for line in first))


def _workbook(data: bytes) -> list[Line]:
    try:
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(WORKBOOK), str(MAX_ROWS + TOP + 1)],
            input=data,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.SubprocessError:
        raise UnreadableSheet(
            gettext(
                "This workbook cannot be read. Open it in Excel, choose Save as, then CSV UTF-8, and send that file."
            )
        ) from None
    rows: list[list[str]] = json.loads(run.stdout)
    while rows and not any(chain.from_iterable(rows[-1:])):
        rows.pop()
    return [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
