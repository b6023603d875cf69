"""Reads the first sheet of a workbook on standard input and writes its rows as JSON: a process of its own, bounded.

A workbook of a few kilobytes can unfold into more than a machine holds, so whatever reads one has little to lose.
Run by path, so that it asks for nothing but what it needs.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1 << 30  # bytes of address space
SECONDS = 20  # of CPU
LONGEST = 501  # characters of a cell: one more than a roster takes, so that it is seen to be too long


def text_of(cell: object) -> str:
    """A cell as somebody reads it on the screen: whole numbers without a point, dates as 2026-11-27."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool | timedelta):
        return str(cell)
    return str(cell)


def rows_of(sheet: CalamineSheet, most: int) -> list[list[str]]:
    """The rows of a sheet from its first one on; a cell merged over several rows is each of them's."""
    read = sheet.to_python(skip_empty_area=False, nrows=most)
    rows = [[cell[:LONGEST] if isinstance(cell, str) else text_of(cell) for cell in row] for row in read]
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        for row in rows[first + 1 : last + 1]:
            row[column] = rows[first][column]
    return rows


def first_sheet(data: bytes) -> CalamineSheet:
    """The first sheet that is shown. Raises CalamineError or LookupError where there is none."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    shown = [
        index
        for index, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    return book.get_sheet_by_index(shown[0])


def main(most: int) -> None:
    """Read, and write at most so many rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(rows_of(first_sheet(sys.stdin.buffer.read()), most), sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
