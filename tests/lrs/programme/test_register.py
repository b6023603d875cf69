"""The register: who is expected, in which order, who is cleared, and who was there; as a page, sheets and paper."""

import csv
import io
import re
import zlib
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from lrs.programme import paper
from lrs.storage.database import reading

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
ADDRESS = "/residentials/coed/register"


def sheet(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def rows(store, question):
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def tags(pdf):
    """Whatever the objects of a PDF say, in its plain parts and in its compressed ones."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_r06_the_register_is_of_those_with_a_confirmed_place_and_says_who_is_cleared(filled, lead, clock, token):
    _, ready = filled.add_person("Lloyd Barod")
    decided, _ = filled.add_person("Lynne Eithriad", language="en")
    filled.add_person("Chwaer Araf")
    filled.add_person("Cynan Aros", place="waitlisted")
    for module in ("m1", "m2", "m3"):
        filled.send(ready, "completed", module, clock.now - timedelta(days=1))
    decision = {"form_token": token(lead), "kind": "exempt", "reason": "agreed"}
    assert lead.post(f"/residentials/coed/people/{decided}/decisions", data=decision).status_code == 302
    found = sheet(lead.get(ADDRESS + ".csv"))
    assert found[0] == [
        "No.", "Name", "GSS code", "Council", "Cleared to come", "Language", "2026-12-08", "2026-12-09", "2026-12-10",
    ]  # fmt: skip
    assert [(row[0], row[1], row[4], row[5]) for row in found[1:]] == [
        ("1", "Chwaer Araf", "Not cleared yet", "Cymraeg"),
        ("2", "Lynne Eithriad", "By decision", "English"),
        ("3", "Lloyd Barod", "Cleared", "Cymraeg"),
    ]
    book = CalamineWorkbook.from_filelike(io.BytesIO(lead.get(ADDRESS + ".xlsx").data))
    assert [row[1] for row in book.get_sheet_by_index(0).to_python()] == [row[1] for row in found]


def test_r06_the_page_has_the_names_in_order_and_a_place_to_sign(filled, lead, page):
    filled.add_person("Lloyd <b>")
    filled.add_person("Lynne")
    tree = page(lead.get(ADDRESS))
    assert [one.text for one in tree.findall(".//tbody//th/a")] == ["Lynne", "Lloyd <b>"]
    assert tree.find(".//thead//th[@class='sign']").text == "Signature"
    assert len(tree.findall(".//td[@class='sign']")) == 2


def test_r06_the_paper_is_tagged_pdf_in_both_languages_with_every_letter(filled, lead, clock):
    filled.add_person("Siân Tŷ’n-y-Ŵern âêîôûŵŷ ÂÊÎÔÛŴŶ Ẁẃẅỳ")
    clock.now += timedelta(microseconds=123_456)  # as clocks are
    answer = lead.get(ADDRESS + ".pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coed-register-2026-11-20.pdf"'
    said = tags(answer.data)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in said
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked\s+true", said)
    for tag in (b"/Table", b"/TR", b"/TH", b"/TD", b"/H1"):
        assert re.search(rb"/S\s*" + tag + rb"\b", said), tag
    assert re.search(rb"/Lang\s*\(cy\)", said)
    assert re.search(rb"/Lang\s*\(en-GB\)", said)
    assert len(re.findall(rb"/S\s*/TH\b", said)) == 5 + 3 + 1


def test_a_name_in_letters_that_no_font_draws_still_makes_a_register(filled, lead, monkeypatch):
    seen = []
    compiled = paper._compiled
    monkeypatch.setattr(paper, "_compiled", lambda *told: seen.append(told[1]) or compiled(*told))
    filled.add_person("王 ŵ 😀 #panic()")
    assert lead.get(ADDRESS + ".pdf").data.startswith(b"%PDF")
    assert "王" in seen[0]
    assert '"? ŵ ? #panic()"' in seen[1]


def test_markup_in_a_name_is_a_name(filled, lead):
    filled.add_person('#read("register.typ") $x$ *a* \\ "q" <l> @r')
    assert lead.get(ADDRESS + ".pdf").data.startswith(b"%PDF")


# --- attendance ----------------------------------------------------------------------------------------------------


@pytest.fixture
def later(filled, lead, clock):
    """``later(days)``: so many days pass, and the lead signs in again."""

    def move(days):
        clock.now += timedelta(days=days)
        filled.sign_in(lead)

    return move


@pytest.fixture
def tick(lead, token):
    """``tick(day, there, shown)`` -> the answer to the form of a day, with these people shown and ticked."""

    def sent(day, there, shown):
        data = {"form_token": token(lead), "day": day, "there": there, "shown": shown}
        return lead.post(ADDRESS, data=data)

    return sent


def test_r06_ticks_are_kept_by_day_and_make_places(filled, lead, later, tick, page):
    (mari, _), (owen, _) = filled.add_person("Mari"), filled.add_person("Owen")
    later(20)  # the last day
    for day in ("2026-12-08", "2026-12-09"):
        assert tick(day, [mari], [mari, owen]).status_code == 302
    places = "SELECT person, state FROM places WHERE recorded_by <> 'test' ORDER BY id"
    assert rows(filled, places) == [(mari, "attended")]
    assert tick("2026-12-10", [], [mari, owen]).status_code == 302
    assert rows(filled, places) == [(mari, "attended"), (owen, "absent")]
    found = sheet(lead.get(ADDRESS + ".csv"))
    assert [row[6:] for row in found[1:]] == [["✓", "✓", "–"], ["–", "–", "–"]]
    tree = page(lead.get(ADDRESS + "?day=2026-12-09"))
    boxes = {box.get("value"): box.get("checked") is not None for box in tree.findall(".//input[@type='checkbox']")}
    assert boxes == {mari: True, owen: False}


def test_r06_a_tick_put_right_is_added_and_the_place_follows(filled, later, tick):
    mari, _ = filled.add_person("Mari")
    later(18)
    tick("2026-12-08", [mari], [mari])
    tick("2026-12-08", [mari], [mari])
    tick("2026-12-08", [], [mari])
    assert [bool(row[0]) for row in rows(filled, "SELECT present FROM attendance ORDER BY id")] == [True, False]
    states = rows(filled, "SELECT state FROM places WHERE recorded_by <> 'test' ORDER BY id")
    assert states == [("attended",), ("confirmed",)]


def test_r06_only_days_that_have_come_and_people_who_were_shown_are_ticked(filled, lead, later, tick):
    mari, _ = filled.add_person("Mari")
    waiting, _ = filled.add_person("Waiting", place="waitlisted")
    assert tick("2026-12-08", [mari], [mari]).status_code == 400
    assert "checkbox" not in lead.get(ADDRESS).text
    later(18)
    for day in ("2026-12-09", "2026-12-07", "x", ""):
        assert tick(day, [mari], [mari]).status_code == 400
    assert tick("2026-12-08", [waiting, "nobody", mari], [waiting, "nobody"]).status_code == 302
    assert rows(filled, "SELECT * FROM attendance") == []


def test_r06_a_link_officer_reads_the_register_of_their_council_and_ticks_nothing(filled, app, clock, token):
    filled.add_person("Caerdydd", "W06000015")
    own, _ = filled.add_person("Gwynedd", "W06000002")
    clock.now += timedelta(days=18)
    client = app.test_client()
    filled.sign_in(client, "link", "W06000002")
    assert [row[1] for row in sheet(client.get(ADDRESS + ".csv"))[1:]] == ["Gwynedd"]
    answer = client.get(ADDRESS)
    assert "Caerdydd" not in answer.text
    assert "checkbox" not in answer.text
    data = {"form_token": token(client), "day": "2026-12-08", "there": own, "shown": own}
    assert client.post(ADDRESS, data=data).status_code == 403


def test_taking_the_register_away_and_ticking_it_leave_a_trail(filled, lead, later, tick):
    mari, _ = filled.add_person("Mari")
    later(18)
    lead.get(ADDRESS)
    lead.get(ADDRESS + ".pdf")
    tick("2026-12-08", [mari], [mari])
    trail = rows(filled, "SELECT action, subject, detail FROM audit WHERE action <> 'sign-in' ORDER BY id")
    assert trail == [
        ("look", "register coed", "1 people"),
        ("export", "coed", "register pdf, 1 people"),
        ("attendance", "coed", "2026-12-08: 1 of 1 there, 1 changed"),
    ]
