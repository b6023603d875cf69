"""Rosters: read as spreadsheets write them, told row by row, kept only when somebody says so, and never run."""

import csv
import io

import pytest

from lrs.programme import words
from lrs.programme.authorities import AUTHORITIES, authority_named, nearest_authority
from lrs.programme.export import csv_file, safe, unsafe
from lrs.programme.roster import Bad, read_roster, template
from lrs.programme.sheets import MAX_BYTES, SheetTooLarge, UnreadableSheet

HEAD = "Name,E-mail,Council,Language\n"
MARI = "Mari Enghraifft,mari@council.example,Cardiff,Welsh\n"


@pytest.fixture(autouse=True)
def english():
    with words.speaking("en"):
        yield


def entry(text):
    roster = read_roster(text if isinstance(text, bytes) else text.encode())
    assert roster.bad == ()
    return roster.entries[0]


NAMES = "Siân Ŵyn", "Llŷr O'Neill", '=HYPERLINK("x")', "+44 Evans", "@home", "-Dash", "'=quoted", "O’Keefe", "a,b;c"


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back_from_a_spreadsheet_as_they_went(name):
    line = [[safe(name), "a@b.example", "Powys", "English"]]
    file = csv_file([["Name", "E-mail", "Council", "Language"], *[[unsafe(cell) for cell in row] for row in line]])
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(file.decode())) for cell in row
    )
    assert entry(file).name == name


def test_an_apostrophe_of_a_name_stays():
    assert entry(HEAD + "'t Hooft,a@b.example,Powys,cy\n").name == "'t Hooft"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whatever_excel_writes_is_read(encoding, delimiter):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    text = delimiter.join(("Enw", "E-bost", "Cyngor", "Iaith")) + "\r\n"
    text += delimiter.join(("Siân Ddychmygol", "sian@council.example", "Ynys Môn", "Cymraeg")) + "\r\n"
    found = entry(mark + text.encode(encoding))
    assert (found.name, found.authority, found.language) == ("Siân Ddychmygol", "W06000001", "cy")


def test_names_are_composed():
    assert entry(HEAD + "Sia\u0302n,a@b.example,Powys,cy\n").name == "Siân"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("W06000015", "Cardiff"),
        ("caerdydd", "Cardiff"),
        ("Cyngor Caerdydd", "Cardiff"),
        ("Ynys Mon", "Isle of Anglesey"),
        ("Isle of Anglesey County Council", "Isle of Anglesey"),
        ("Cyngor Sir Gâr", "Carmarthenshire"),
        ("Cyngor Bwrdeistref Sirol Pen-y-bont ar Ogwr", "Bridgend"),
        ("The City and County of Swansea", "Swansea"),
        ("Rhondda Cynon Taff", "Rhondda Cynon Taf"),
        ("Vale of Glamorgan Council", "Vale of Glamorgan"),
        ("Cyngor Sir Penfro", "Pembrokeshire"),
        ("Sir y Fflint", "Flintshire"),
        ("Tor-faen", "Torfaen"),
        ("Castell-nedd Port Talbot", "Neath Port Talbot"),
    ],
)
def test_a_council_is_known_however_it_is_written(written, meant):
    assert authority_named(written).en == meant


def test_there_are_22_councils_each_known_by_every_name():
    assert len(AUTHORITIES) == 22
    assert {authority_named(name) for one in AUTHORITIES.values() for name in one} == set(AUTHORITIES.values())


def test_a_council_that_is_none_is_nobody_and_a_slip_is_suggested():
    assert authority_named("Atlantis") is nearest_authority("Atlantis") is None
    assert authority_named("W06000007x") is None
    assert nearest_authority("Torfean").en == "Torfaen"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",a@b.example,Powys,cy", "There is no name."),
        ("A,nobody,Powys,cy", "“nobody” is not an e-mail address."),
        ("A,a@b.example,Atlantis,cy", "“Atlantis” is not one of the 22 councils."),
        ("A,a@b.example,Torfean,cy", "Is this meant: Torfaen?"),
        ("A,a@b.example,,cy", "There is no council."),
        ("A,a@b.example,Powys,Klingon", "not “Klingon”"),
        ("A,a@b.example,Powys", "The language must be Welsh or English"),
        ("A,a@b.example,Powys,cy,throne,,", "“throne” is not a kind of place."),
        ("A,a@b.example,Powys,cy,,https://lms.example,", "LMS and LMS id go together"),
        ("A,a@b.example,Powys,cy,,lms,7", "“lms” is not the address of an LMS"),
        ("A" * 501 + ",a@b.example,Powys,cy", "more than 500 characters"),
    ],
)
def test_each_kind_of_bad_row_is_told_with_its_line_and_the_good_ones_stay(row, words):
    heading = "Name,E-mail,Council,Language,Place,LMS,LMS id\n"
    roster = read_roster((heading + MARI + "\n" + row + "\n" + MARI).encode())
    assert [bad.line for bad in roster.bad] == [4]
    assert words in " ".join(roster.bad[0].problems)
    assert [one.line for one in roster.entries] == [2, 5]


def test_a_cell_of_several_lines_keeps_the_count_of_lines():
    roster = read_roster((HEAD + '"Mari\nEnghraifft",m@council.example,Powys,cy\n,x,y,z\n').encode())
    assert (roster.entries[0].name, roster.entries[0].line, roster.bad[0].line) == ("Mari Enghraifft", 2, 4)


def test_everything_wrong_with_a_row_is_told_at_once():
    (bad,) = read_roster((HEAD + ",nobody,Atlantis,Klingon\n").encode()).bad
    assert isinstance(bad, Bad)
    assert len(bad.problems) == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (HEAD.encode(), "no people"),
        (b"Name,Language\na,cy\n", "E-mail, Council"),
        (b"PK\x03\x04rest", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
        (b"\x00\x01\x02", "not a list in CSV"),
        (b"\xff\xfea", "not a list in CSV"),
        (HEAD.encode() + b'"' + b"x" * 140_000, "line"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_plain_words(data, words):
    with pytest.raises(UnreadableSheet, match=words):
        read_roster(data)


def test_files_and_rows_are_bounded():
    with pytest.raises(SheetTooLarge, match="8 MB"):
        read_roster(b"x" * (MAX_BYTES + 1))
    with pytest.raises(SheetTooLarge, match="50,000"):
        read_roster((HEAD + "A,a@b.example,Powys,cy\n" * 50_001).encode())


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_example_list_is_a_roster(language):
    with words.speaking(language):
        roster = read_roster(template())
    assert [one.language for one in roster.entries] == ["cy", "en"]
    assert roster.bad == roster.unused == ()


# --- over HTTP ----------------------------------------------------------------------------------------------------


def send(client, text, form_token, name="roster.csv"):
    """Send a roster as a browser does, written out by hand so that no temporary file is left open."""
    parts = (
        b'--cut\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n' + form_token.encode(),
        b'--cut\r\nContent-Disposition: form-data; name="roster"; filename="' + name.encode() + b'"\r\n\r\n',
    )
    body = b"\r\n".join(parts) + (text if isinstance(text, bytes) else text.encode()) + b"\r\n--cut--\r\n"
    return client.post("/residentials/coed/roster", data=body, content_type="multipart/form-data; boundary=cut")


def counted(page):
    return [int(one.text) for one in page.findall(".//ul[@class='counts tallies']/li/b")]


def on_roster(client):
    return [
        row["Name"]
        for row in csv.DictReader(io.StringIO(client.get("/residentials/coed/people.csv").text.lstrip("\ufeff")))
    ]


def test_nothing_is_kept_until_confirmed_and_a_second_time_changes_nothing(filled, lead, token, page):
    mine = token(lead)
    text = HEAD + MARI + MARI + "Sam Sample,sam@council.example,Powys,English\n,x,y,z\n"
    preview = send(lead, text, mine).headers["Location"]
    assert counted(page(lead.get(preview))) == [2, 0, 1, 1, 0]
    assert on_roster(lead) == []
    assert lead.post(preview, data={"form_token": mine}).status_code == 302
    assert on_roster(lead) == ["Mari Enghraifft", "Sam Sample"]
    assert lead.post(preview, data={"form_token": mine}).status_code == 302  # pressed twice
    assert on_roster(lead) == ["Mari Enghraifft", "Sam Sample"]
    again = send(lead, text, mine).headers["Location"]
    assert counted(page(lead.get(again))) == [0, 0, 1, 1, 2]


def test_a_changed_row_says_what_would_change_and_changes_it(filled, lead, token, page):
    mine = token(lead)
    lead.post(send(lead, HEAD + MARI, mine).headers["Location"], data={"form_token": mine})
    changed = (
        HEAD.strip()
        + ",Place,LMS,LMS id\nMari Newydd,MARI@council.example,Powys,English,withdrawn,https://lms.example,7\n"
    )
    preview = send(lead, changed, mine).headers["Location"]
    seen = lead.get(preview).text
    for note in (
        "The name was: Mari Enghraifft.",
        "The council changes.",
        "The chosen language changes.",
        "The place changes.",
    ):
        assert note in seen
    lead.post(preview, data={"form_token": mine})
    rows = list(csv.DictReader(io.StringIO(lead.get("/residentials/coed/people.csv").text.lstrip("\ufeff"))))
    assert [(row["Name"], row["GSS code"], row["Language"], row["Place"]) for row in rows] == [
        ("Mari Newydd", "W06000023", "English", "Withdrawn")
    ]
    assert counted(page(lead.get(send(lead, changed, mine).headers["Location"]))) == [0, 0, 0, 0, 1]


def test_two_rows_that_claim_one_account_are_told(filled, lead, token):
    text = "Name,E-mail,Council,Language,LMS,LMS id\nA,a@b.example,Powys,cy,https://l.example,7\nB,b@b.example,Powys,cy,https://l.example,7\n"
    assert "The same person is on line 2." in lead.get(send(lead, text, token(lead)).headers["Location"]).text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_export_comes_in_again_with_nothing_changed_and_nothing_run(filled, lead, token, page, language):
    for name in NAMES:
        filled.add_person(name)
    lead.get(f"/?lang={language}")
    exported = lead.get("/residentials/coed/people.csv").data
    assert exported.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(exported.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    preview = send(lead, exported, token(lead)).headers["Location"]
    assert counted(page(lead.get(preview))) == [0, 0, 0, 0, len(NAMES)]


def test_names_are_text_on_every_page(filled, lead, page):
    person, _ = filled.add_person("<script>alert(1)</script> & =1+1")
    for address in ("/residentials/coed", f"/residentials/coed/people/{person}"):
        tree = page(lead.get(address))
        assert tree.findall(".//script") == []
        assert "<script>alert(1)</script> & =1+1" in "".join(tree.itertext())


def test_a_file_too_large_gets_413_in_words_and_keeps_nothing(filled, lead, token, page):
    mine = token(lead)
    for size in (MAX_BYTES + 1, MAX_BYTES + 200_000):
        answer = send(lead, b"x" * size, mine)
        assert answer.status_code == 413
        assert "larger than 8 MB" in "".join(page(answer).itertext())


def test_a_bad_file_gets_400_with_the_form_again(filled, lead, token, page):
    answer = send(lead, b"PK\x03\x04", token(lead))
    assert answer.status_code == 400
    assert "workbook cannot be read" in "".join(page(answer).itertext())
