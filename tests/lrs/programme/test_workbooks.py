"""The people of a board as a workbook: what opens in Excel, and that nothing in it runs."""

import csv
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from lrs.programme import export

HOSTILE = ["=1+1", "+441", "-2+3", "@SUM(A1)", "{=1}", "http://x.example", "'quoted", "\tTab", "a\x0bb", "_x0041_"]


def cells(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_whatever_is_written_is_read_back_and_is_no_formula_and_no_link():
    content = export.xlsx_file([["Enw"], *([text] for text in HOSTILE), ["ŵŷâêîôû ŴŶ"], [12], ["12"], ["0012"]])
    assert [row[0] for row in cells(content)] == ["Enw", *HOSTILE, "ŵŷâêîôû ŴŶ", 12.0, "12", "0012"]
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        sheet = pack.read("xl/worksheets/sheet1.xml").decode()
        assert "calcChain" not in " ".join(pack.namelist())
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert re.search(r'<pane ySplit="1"[^>]*state="frozen"', sheet)


def test_a_text_longer_than_a_cell_is_cut_and_the_rest_is_there():
    assert [len(row[0]) for row in cells(export.xlsx_file([["x" * 40_000], ["y"]]))] == [32_767, 1]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_workbook_has_what_the_csv_has_filtered_alike(filled, lead):
    filled.add_person("Siân =Ŵyn", "W06000015")
    filled.add_person("=cmd()", "W06000015", language="en")
    filled.add_person("Gwynedd", "W06000002")
    address = "/residentials/coed/people.{}?council=W06000015&order=name"
    answer = lead.get(address.format("xlsx"))
    assert answer.mimetype == export.XLSX
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coed-2026-11-20.xlsx"'
    book = [[f"{cell:.0f}" if isinstance(cell, float) else cell for cell in row] for row in cells(answer.data)]
    sheet = csv.reader(io.StringIO(lead.get(address.format("csv")).data.decode("utf-8-sig")))
    assert book == [[export.unsafe(cell) for cell in row] for row in sheet]
    assert [row[0] for row in book[1:]] == ["=cmd()", "Siân =Ŵyn"]
    assert (
        'href="/residentials/coed/people.xlsx?council=W06000015'
        in lead.get("/residentials/coed?council=W06000015").text
    )


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_link_officers_workbook_is_of_their_council(filled, app):
    filled.add_person("Caerdydd", "W06000015")
    filled.add_person("Gwynedd", "W06000002")
    client = app.test_client()
    filled.sign_in(client, "link", "W06000002")
    assert [row[0] for row in cells(client.get("/residentials/coed/people.xlsx").data)[1:]] == ["Gwynedd"]
