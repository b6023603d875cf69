"""A file from outside is read within bounds, and refused in a sentence where it is none of ours."""

import io
import resource
import subprocess
import sys
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.translate.rows import Row, Unreadable
from authoring.translate.sheet import read_sheet, write_sheet
from authoring.translate.xliff import read_xliff, write_xliff

ROWS = [Row("a/b/title", "Title", "Teitl", "0a"), Row("a/b/p1", "One & <two>", "Un\\\ndau", "0b")]
XLIFF = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">{}</xliff>'
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "lol">{LAUGHS}]>'


def test_what_is_written_is_read_back():
    back = [(row.id, row.english, row.welsh, row.was) for row in ROWS]
    for found in (read_xliff(write_xliff(ROWS)), read_sheet(write_sheet(ROWS))):
        assert [(row.id, row.english, row.welsh, row.was) for row in found] == back


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "It is not XML that can be read"),
        (b"Dear translator", "It is not XML that can be read"),
        (XLIFF.format("<file>").encode(), "It is not XML that can be read"),
        (b"<html/>", "It is not an XLIFF 1.2 file"),
        (b'<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "It is not an XLIFF 1.2 file"),
        ((BOMB + XLIFF.format("<note>&e11;</note>")).encode(), "It"),
        ((BOMB + XLIFF.format('<file original="&e11;"/>')).encode(), "It"),
        (("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + XLIFF.format("")).encode(), "It declares a document type"),
        (
            ("<!DOCTYPE x [<!ENTITY p SYSTEM 'file:///etc/passwd'>]>" + XLIFF.format("<note>&p;</note>")).encode(),
            "It declares a document type",
        ),
        (("<!DOCTYPE x [<!ENTITY p 'a'>]>" + XLIFF.format("")).encode("utf-16"), "It declares a document type"),
        (XLIFF.format("<g>" * 5000 + "</g>" * 5000).encode(), "It is not XML that can be read"),
        (lambda: b" " * (33 * 1024 * 1024), "It is larger than 32 MB."),
    ],
)
def test_an_xliff_file_that_is_none_or_is_a_bomb_is_refused(data, said):
    with pytest.raises(Unreadable) as raised:
        read_xliff(data() if callable(data) else data)
    assert str(raised.value).startswith(said)


def packed(**changes):
    """The workbook of ROWS with some parts changed, by name; None leaves one out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_sheet(ROWS))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, True, 1) as new,
    ):
        parts = {name: old.read(name) for name in old.namelist()}
        for name, content in (parts | changes).items():
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def sheet(rows):
    return {SHEET: f"{HEAD}{rows}</sheetData></worksheet>"}


def inline(place, words):
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def lying(size):
    """A workbook whose directory says that a part of 70 MB is small."""
    data = bytearray(packed(**{"xl/styles.xml": b" " * 70_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(mark)
        while at >= 0:
            name = at + (46 if mark == b"PK\x01\x02" else 30)
            if data[name : name + 13] == b"xl/styles.xml":
                data[at + offset : at + offset + 4] = size.to_bytes(4, "little")
            at = data.find(mark, at + 1)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "It is not a workbook that can be read"),
        (b"PK\x03\x04" + b"\0" * 60, "It is not a workbook that can be read"),
        (write_sheet(ROWS)[:-40], "It is not a workbook that can be read"),
        (packed(**{"xl/workbook.xml": None}), "It is not an .xlsx workbook."),
        (packed(**{SHEET: None}), "It is not a workbook that can be read"),
        (packed(**{SHEET: "<worksheet"}), "It"),
        (packed(**{SHEET: BOMB + HEAD + "&e11;</sheetData></worksheet>"}), "It is not a workbook that can be read"),
        (packed(**{SHEET: "<a/>".encode("utf-16")}), "It is not a workbook that can be read"),
        (packed(**sheet(f"<row>{inline('A1', 'id')}{inline('XFD1048576', 'x')}</row>")), "It has a cell beyond row"),
        (packed(**sheet(f"<row r = '1048576'>{inline('', 'id')}</row>")), "It has a cell beyond row"),
        (packed(**sheet(f"<row>{inline('A1', 'id')}{inline('AA1', 'x')}</row>")), "It has a cell beyond row"),
        (packed(**sheet(f"<row>{inline('A1', 'id')}{inline('A99999999999999999999', 'x')}</row>")), "It has a cell"),
        (packed(**sheet(f"<row>{inline('A1', 'unit')}</row>")), "Its first row does not name the columns"),
        (packed(**sheet("")), "Its first row does not name the columns"),
        (lambda: packed(**{"xl/styles.xml": b" " * 70_000_000}), "It unfolds to more than 64 MB."),
        (lambda: lying(1000), "It is not a workbook that can be read"),
        (packed(**{f"xl/{n}": b"" for n in range(300)}), "It is not an .xlsx workbook."),
        (lambda: b" " * (65 * 1024 * 1024), "It is larger than 64 MB."),
    ],
)  # fmt: skip
def test_a_workbook_that_is_none_or_is_a_bomb_is_refused(data, said):
    with pytest.raises(Unreadable) as raised:
        read_sheet(data() if callable(data) else data)
    assert str(raised.value).startswith(said)


def test_parts_of_other_formats_are_not_handed_on():
    found = read_sheet(packed(**{"content.xml": "<office:document-content/>", "xl/workbook.bin": b"\x83\x01"}))
    assert [row.id for row in found] == ["a/b/title", "a/b/p1"]


def test_a_sheet_saved_by_another_program_is_read_by_the_names_of_its_columns():
    cells = [("id", "Welsh", "English"), ("a/b/p1", "Un", "One"), ("", "", "")]
    rows = "".join(
        f'<row r="{number}">' + "".join(inline(f"{'ABC'[column]}{number}", words) for column, words in enumerate(row))
        + "</row>" for number, row in enumerate(cells, 1)
    )  # fmt: skip
    assert read_sheet(packed(**sheet(rows))) == [Row("a/b/p1", "One", "Un", None)]


def test_a_bomb_costs_little_memory():
    code = (
        "import sys; from authoring.translate.rows import Unreadable\n"
        "from authoring.translate.sheet import read_sheet\n"
        "try:\n    read_sheet(sys.stdin.buffer.read())\nexcept Unreadable as error:\n    print(error)\n"
    )
    room = 320 * 1024 * 1024
    result = subprocess.run(
        [sys.executable, "-c", code], input=packed(**{"xl/styles.xml": b" " * 350_000_000}), capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (room, room)), check=True,
    )  # fmt: skip
    assert result.stdout == b"It unfolds to more than 64 MB.\n"


PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]
DAMAGE = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 30), st.binary(max_size=8)), min_size=1, max_size=3)


def damaged(data, damage):
    for at, cut, bytes_ in damage:
        at %= len(data)
        data = data[:at] + bytes_ + data[at + cut :]
    return data


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.sampled_from(PARTS), DAMAGE)
def test_any_damage_inside_a_workbook_is_a_sentence_or_rows(name, damage):
    with zipfile.ZipFile(io.BytesIO(write_sheet(ROWS))) as book:
        part = damaged(book.read(name), damage)
    with suppress(Unreadable):
        assert all(isinstance(row, Row) for row in read_sheet(packed(**{name: part})))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(DAMAGE)
def test_any_damage_to_an_xliff_file_is_a_sentence_or_rows(damage):
    with suppress(Unreadable):
        assert all(isinstance(row, Row) for row in read_xliff(damaged(write_xliff(ROWS), damage)))


@pytest.mark.parametrize("library", ["xlsxwriter", "python_calamine"])
def test_a_missing_library_is_told_with_the_way_to_install_it(whole, ktb, monkeypatch, library):
    file = whole.parent / "out.xlsx"
    if library == "python_calamine":
        ktb("translate", "export", whole, "--to", file)
    monkeypatch.setitem(sys.modules, library, None)
    words = ["import", file, "--course", whole] if library == "python_calamine" else ["export", whole, "--to", file]
    result = ktb("translate", *words)
    assert (result.exit_code, result.stderr) == (
        1,
        f'This needs {library}: pip install "knowing-the-business[translate]".\n',
    )


def test_files_that_are_not_there_or_of_no_kind_are_told(whole, ktb):
    assert ktb("translate", "import", whole / "no.xlf", "--course", whole).exit_code == 1
    assert ktb("translate", "import", whole / "no.docx", "--course", whole).exit_code == 2
    assert ktb("translate", "export", whole, "--to", whole / "no" / "out.xlf").exit_code == 1
