"""People come in: workbooks as well as CSV, columns that somebody has to explain, councils' codes, joint posts."""

import csv
import io

import pytest
import xlsxwriter

from lrs.programme import words
from lrs.programme.authorities import authority_name, authority_named
from lrs.programme.mapping import digest_of
from lrs.programme.roster import read_roster
from lrs.programme.sheets import MAX_CELL, SheetTooLarge, UnreadableSheet, read_lines
from lrs.storage import people
from lrs.storage.database import reading, writing

HEAD = "Name,E-mail,Council,Language\n"


@pytest.fixture
def kind():
    """One database: what is asked here is about files and pages."""
    return "sqlite"


@pytest.fixture(autouse=True)
def english():
    with words.speaking("en"):
        yield


def workbook(fill, **options):
    """The bytes of a workbook; ``fill(book, sheet)`` writes into it."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet())
    return whole.getvalue()


def send(client, data, form_token, name="roster.xlsx", where="roster"):
    parts = {"form_token": form_token, "roster": (io.BytesIO(data), name)}
    return client.post(f"/residentials/coed/{where}", data=parts)


def exported(client):
    text = client.get("/residentials/coed/people.csv").text.lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


# --- long lists ---------------------------------------------------------------------------------------------------


def test_of_a_long_list_the_page_says_how_far_it_is_before_it_is_whole(filled, lead, token):
    lines = (f"Enw {number},p{number}@council.example,Powys,cy" for number in range(11_000))
    answer = send(lead, (HEAD + "\n".join(lines)).encode(), token(lead), "long.csv")
    parts = [part.decode() for part in lead.get(answer.location, buffered=False).iter_encoded()]
    steps = ["0 of 11,000 rows read …", "5,000 of 11,000 rows read …", "10,000 of 11,000 rows read …"]
    at = [next(index for index, part in enumerate(parts) if step in part) for step in steps]
    assert sorted(set(at)) == at
    assert max(at) < next(index for index, part in enumerate(parts) if "<main" in part)
    assert "Keep 11000 rows" in parts[-1]


# --- workbooks ----------------------------------------------------------------------------------------------------


def merged(book, sheet):
    sheet.merge_range("B1:F1", "Rhestr / Roster, December 2026")
    sheet.write_row("B3", ["Enw", "E-bost", "Cyngor", "Iaith", "LMS", "ID LMS"])
    sheet.merge_range("D4:D6", "Ynys Môn")
    for row, (name, number) in enumerate((("Siân Ŵyn", 7), ("Llŷr O’Neill", 8), ("=1+1", 9)), 4):
        sheet.write_string(f"B{row}", name)
        sheet.write_row(f"C{row}", [f"p{number}@council.example"])
        sheet.write_row(f"E{row}", ["Cymraeg", "https://lms.example", number])


def test_e31_a_workbook_is_read_as_a_csv_file_is_with_its_title_and_merged_cells():
    roster = read_roster(workbook(merged))
    assert roster.bad == roster.unused == ()
    assert [(one.line, one.name, one.authority, one.lms_id) for one in roster.entries] == [
        (4, "Siân Ŵyn", "W06000001", "7"),
        (5, "Llŷr O’Neill", "W06000001", "8"),
        (6, "=1+1", "W06000001", "9"),
    ]


def test_the_first_sheet_that_is_shown_is_read():
    def fill(book, sheet):
        sheet.hide()
        sheet.write_row(0, 0, ["Secret"])
        shown = book.add_worksheet()
        shown.activate()
        shown.set_first_sheet()
        shown.write_row(0, 0, ["Name", "E-mail", "Council", "Language"])
        shown.write_row(1, 0, ["A", "a@b.example", "Powys", "cy"])

    assert [one.name for one in read_roster(workbook(fill)).entries] == ["A"]


def test_a_small_workbook_that_unfolds_beyond_measure_is_refused_in_words():
    def fill(book, sheet):
        sheet.write_string(0, 0, "Name")
        sheet.write_string(1_048_575, 16_383, "far away")

    with pytest.raises(UnreadableSheet):
        read_lines(workbook(fill))


def test_lists_are_bounded_in_every_direction():
    with pytest.raises(SheetTooLarge, match="200 columns"):
        read_lines(b"," * 500 + b"a\nb")
    (_, cells), _ = read_lines(b"a" * 1000 + b",b\nc,d")
    assert len(cells[0]) == MAX_CELL + 1


# --- what letters go through --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_e31_utf_16_is_read_without_its_mark(encoding):
    data = (HEAD + "Siân Ŵyn,a@b.example,Powys,cy\n").encode(encoding)
    assert read_roster(data).entries[0].name == "Siân Ŵyn"


@pytest.mark.parametrize("name", ["Si?n ?yn", "SiÃ¢n", "Si\ufffdn"])
def test_e31_a_name_that_lost_its_letters_is_told_and_not_kept(name):
    (bad,) = read_roster((HEAD + f"{name},a@b.example,Powys,cy\n").encode()).bad
    assert "Letters of the name were lost" in bad.problems[0]


def test_first_name_and_surname_may_stand_apart():
    roster = read_roster(b"Forename,Surname,E-mail,GSS code,Language\nSam,Sample,a@b.example,W06000023,en\n")
    assert roster.entries[0].name == "Sam Sample"


def test_e28_a_list_with_a_code_given_up_means_todays_council():
    roster = read_roster((HEAD + "A,a@b.example,W06000007,cy\nB,b@b.example,W06000017,cy\n").encode())
    assert [one.authority for one in roster.entries] == ["W06000023", "W06000024"]
    assert authority_name("W06000007", "en") == "Powys"
    assert authority_named("W06000007").gss == "W06000023"


def test_e28_somebody_recorded_under_a_code_given_up_is_shown_with_the_councils_name(filled, lead):
    person, _ = filled.add_person(authority="W06000007")
    assert "Powys" in lead.get(f"/residentials/coed/people/{person}").text


# --- which column holds what --------------------------------------------------------------------------------------

ODD = "Cydweithiwr;Post;Lle gwaith;Dewis;Ffôn\nMari Enghraifft;mari@council.example;Powys;Cymraeg;01234\n"
CHOSEN = {"name": "0", "email": "1", "council": "2", "language": "3"}


def test_headings_nobody_knows_are_asked_about_once_and_remembered(filled, lead, token, page):
    mine = token(lead)
    preview = send(lead, ODD.encode(), mine, "odd.csv").headers["Location"]
    asked = lead.get(preview).headers["Location"]
    assert asked == preview + "/columns"
    form = page(lead.get(asked))
    options = [one.text for one in form.findall(".//select[@id='f-name']/option")]
    assert options[1] == "Cydweithiwr (Mari Enghraifft)"
    assert lead.post(asked, data={"form_token": mine, **CHOSEN}).headers["Location"] == preview
    assert "Ffôn" in lead.get(preview).text  # not used
    lead.post(preview, data={"form_token": mine})
    assert [row["Name"] for row in exported(lead)] == ["Mari Enghraifft"]
    again = send(lead, ODD.replace("Cydweithiwr", "CYDWEITHIWR").replace("mari@", "other@").encode(), mine, "odd.csv")
    assert lead.get(again.headers["Location"]).status_code == 200


def test_columns_chosen_twice_or_not_at_all_are_each_told_beside_their_field(filled, lead, token, page):
    mine = token(lead)
    asked = send(lead, ODD.encode(), mine, "odd.csv").headers["Location"] + "/columns"
    answer = lead.post(asked, data={"form_token": mine, **CHOSEN, "language": "", "role": "0", "email": "99"})
    assert answer.status_code == 400
    form = page(answer)
    assert {field for field in CHOSEN if form.find(f".//p[@id='p-{field}']") is not None} == {"email", "language"}
    assert "chosen already" in "".join(form.find(".//p[@id='p-role']").itertext())
    assert lead.get(asked.removesuffix("/columns")).status_code == 302
    assert lead.post(asked.removesuffix("/columns"), data={"form_token": mine}).status_code == 409


def test_headings_are_known_again_however_they_are_written():
    assert digest_of(["Enw Llawn", "E-bost"]) == digest_of(["ENW  LLAWN", "e bost"]) != digest_of(["E-bost", "Enw"])


# --- posts --------------------------------------------------------------------------------------------------------


def test_e30_a_joint_post_is_kept_and_counted_with_the_first_council(filled, lead, token):
    mine, text = token(lead), "Name,E-mail,Council,Language,Service,Second council\nA,a@b.example,{},cy,{},Gwynedd\n"
    preview = send(lead, text.format("Powys", "both").encode(), mine, "a.csv").headers["Location"]
    lead.post(preview, data={"form_token": mine})
    assert [(row["Name"], row["Council"]) for row in exported(lead)] == [("A", "Powys")]
    with reading(filled.engine) as connection:
        (second,) = people.second_posts_of(connection, None, filled.clock.now)
    assert second.authority == "W06000002"
    assert "A joint post, also with: Gwynedd." in lead.get(f"/residentials/coed/people/{second.person}").text
    again = send(lead, text.format("Powys", "addysg").encode(), mine, "a.csv").headers["Location"]
    assert "The service changes." in lead.get(again).text
    same = send(lead, text.format("Powys", "both").encode(), mine, "a.csv").headers["Location"]
    assert "There is nothing to keep" in lead.get(same).text


def test_e30_a_link_officer_of_the_second_council_reports_on_others(filled, app):
    person, _ = filled.add_person("Ar Y Cyd", "W06000023")
    with writing(filled.engine) as connection:
        people.appoint_also(connection, person, "W06000002", filled.clock.now)
    officer = app.test_client()
    filled.sign_in(officer, "link", "W06000002")
    assert officer.get(f"/residentials/coed/people/{person}").status_code == 404


def test_a_service_that_is_none_is_told():
    (bad,) = read_roster(b"Name,E-mail,Council,Language,Service\nA,a@b.example,Powys,cy,throne\n").bad
    assert "not \u201cthrone\u201d" in bad.problems[0]


# --- a long list --------------------------------------------------------------------------------------------------


def test_a_long_list_comes_in_and_a_second_time_changes_nothing(filled, lead, token):
    rows = "".join(f"Person {number},p{number}@council.example,Powys,cy\n" for number in range(3_000))
    mine = token(lead)
    preview = send(lead, (HEAD + rows).encode(), mine, "long.csv").headers["Location"]
    lead.post(preview, data={"form_token": mine})
    again = send(lead, (HEAD + rows + "New,new@council.example,Powys,cy\n").encode(), mine, "long.csv")
    text = lead.get(again.headers["Location"]).text
    assert "<b>1</b>" in text
    assert "<b>3000</b>" in text
