"""An LMS's completion report becomes evidence: whichever LMS it is from, whole, and never twice."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter

from lrs.programme import words
from lrs.programme.export_tables import MOST_TOLD, export_columns, reading_of, subjects_of
from lrs.programme.roster import read_table
from lrs.programme.sheets import SheetTooLarge
from lrs.rules.exports import kind_of, state_told, when_told
from lrs.storage import keys, people
from lrs.storage.database import reading, writing

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
WHERE = "/residentials/coed/exports"
# As Moodle writes it: nothing over the names, the expected date or nothing over the dates, a space of time in its own
# form, and in brackets whether the mark was reached or who set the state by hand.
MOODLE = ""","Email address","ID number","Module <1>","2026-11-27 00:00:00","Module <2>","","Module <3>",""
"Siân Ŵyn","person1@council.example","7","Completed","2026-11-10 09:15:00","Completed (achieved pass grade)","2026-11-11 10:00:00","Not completed",""
"Llŷr Ffug","person2@council.example","8","Completed (set by Mair)","2026-11-12 09:15:00","Not completed","2026-11-12 10:00:00","Not completed",""
"Neb Yma","neb@elsewhere.example","9","Completed","2026-11-13 09:15:00","Not completed","","Not completed",""
"Dim Cyfeiriad","","","Completed","2026-11-13 09:15:00","Not completed","","Not completed",""
"""  # noqa: E501
CYMRAEG = ""","Cyfeiriad e-bost","Modiwl <1>","","Modiwl <2>","","Modiwl <3>",""
"Siân Ŵyn","person1@council.example","Wedi cwblhau","2026-11-10 09:15:00","Wedi cwblhau (wedi cyrraedd y radd basio)","2026-11-11 10:00:00","Heb gwblhau",""
"""  # noqa: E501
SCORM = """Learner ID,Learner Name,Lesson,Completion status,Success status,Last accessed on
sian,Siân,Module <1>,completed,passed,"Friday, 20 November 2026, 2:05 PM"
sian,Siân,Module <2>,incomplete,unknown,20/11/2026 09:00
sian,Siân,Fire safety,completed,passed,20/11/2026 09:00
llyr,Llŷr,Module <1>,unknown,unknown,-
"""


@pytest.fixture
def kind():
    """One database: what differs between them is asked in test_the_same_twice."""
    return "sqlite"


@pytest.fixture(autouse=True)
def english():
    with words.speaking("en"):
        yield


def new_key(store, label="LMS Powys", **more):
    with writing(store.engine) as connection:
        return keys.create(connection, label, ["statements/write"], store.clock.now, **more).key


def send(client, data, token, key, home_page="", name="progress.csv"):
    body = data if isinstance(data, bytes) else data.encode()
    parts = {"form_token": token, "key": key, "home_page": home_page, "roster": (io.BytesIO(body), name)}
    return client.post(WHERE, data=parts)


def kept(store):
    question = "SELECT module, kind, grade, source FROM evidence ORDER BY module, kind"
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


def tallies(page):
    return [int(one.text) for one in page.findall(".//ul[@class='counts tallies']/li/b")]


def brought_in(client, data, token, key, **more):
    """Send a report and confirm it; the preview's counts."""
    sent = send(client, data, token, key, **more)
    assert sent.status_code == 302, sent.text
    shown = client.get(sent.location)
    assert shown.status_code == 200, (shown.status_code, shown.location)
    assert client.post(sent.location, data={"form_token": token}).status_code == 302
    return shown


@pytest.fixture
def two(filled):
    filled.add_person("Siân Ŵyn", "W06000023")
    filled.add_person("Llŷr Ffug", "W06000023")
    return filled


# --- what it looks like on the way ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "excel"])
def test_e11_moodles_activity_completion_counts_as_confirmed_by_the_lms(two, lead, page, token, encoding):
    data = MOODLE.encode(encoding) if encoding != "excel" else MOODLE.replace(",", "\t").encode("utf-16")
    shown = page(brought_in(lead, data, token(lead), new_key(two)))
    assert tallies(shown) == [5, 0, 1, 1, 4]
    assert [one.text for one in shown.findall(".//caption/h2")] == [
        "What it tells of each module", "Lines not understood", "People not known",
    ]  # fmt: skip
    assert kept(two) == [
        ("m1", "completed", "confirmed", "LMS Powys"),
        ("m1", "completed", "confirmed", "LMS Powys"),
        ("m1", "completed", "confirmed", "LMS Powys"),
        ("m2", "passed", "confirmed", "LMS Powys"),
        ("m2", "started", "confirmed", "LMS Powys"),
    ]


def test_the_same_report_in_welsh_is_the_same(two, lead, page, token):
    key = new_key(two)
    brought_in(lead, MOODLE, token(lead), key)
    before = kept(two)
    assert tallies(page(brought_in(lead, CYMRAEG, token(lead), key))) == [0, 2, 0, 0, 1]
    assert kept(two) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=False)
def test_the_same_twice_changes_nothing_and_a_newer_one_adds_what_is_new(two, lead, page, token, kind):
    key = new_key(two)
    brought_in(lead, MOODLE, token(lead), key)
    assert tallies(page(brought_in(lead, MOODLE, token(lead), key)))[:2] == [0, 5]
    assert len(kept(two)) == 5
    newer = MOODLE.replace('"Not completed",""\n"Llŷr', '"Completed","2026-11-19 10:00:00"\n"Llŷr')
    assert tallies(page(brought_in(lead, newer, token(lead), key)))[:2] == [1, 5]


def test_the_board_counts_what_the_lms_confirms_and_nobody_elses(two, lead, token):
    whole = MOODLE.replace('"Not completed",""\n"Llŷr', '"Completed","2026-11-19 10:00:00"\n"Llŷr')
    brought_in(lead, whole, token(lead), new_key(two, trusted=True))
    text = lead.get("/residentials/coed/people.csv").text.lstrip("\ufeff")
    people = {row["Name"]: (row["Status"], row["Modules done"]) for row in csv.DictReader(io.StringIO(text))}
    assert people == {"Siân Ŵyn": ("Ready", "3"), "Llŷr Ffug": ("At risk", "1")}
    assert {grade for _, _, grade, _ in kept(two)} == {"confirmed"}


def test_e16_what_is_told_of_somebody_unknown_counts_once_they_are_known(filled, lead, token):
    row = (
        ",Email address,Module <1>,,Module <2>,,Module <3>,\nNeb,person9@council.example" + ",Completed,10/11/2026" * 3
    )
    assert "Neb, person9@council.example" in brought_in(lead, row, token(lead), new_key(filled)).text
    assert "Neb" not in lead.get("/residentials/coed").text
    while filled.add_person("Neb Yma")[1] != "person9@council.example":
        pass
    text = lead.get("/residentials/coed/people.csv").text.lstrip("\ufeff")
    ready = [row["E-mail"] for row in csv.DictReader(io.StringIO(text)) if row["Status"] == "Ready"]
    assert ready == ["person9@council.example"]


def test_a_scorm_report_has_two_statuses_and_speaks_of_other_courses_too(filled, lead, page, token):
    shown = brought_in(lead, SCORM, token(lead), new_key(filled), home_page="https://lms.example")
    assert tallies(page(shown)) == [2, 0, 1, 0, 1]
    assert "Fire safety" in shown.text
    assert [row[:2] for row in kept(filled)] == [("m1", "passed"), ("m2", "started")]


def test_people_may_be_known_by_their_lms_id_alone(filled, lead, page, token):
    person, _ = filled.add_person()
    with writing(filled.engine) as connection:
        people.identify(connection, person, [("account", "account|https://lms.example|sian")], filled.clock.now)
    shown = brought_in(lead, SCORM, token(lead), new_key(filled), home_page="https://LMS.example/")
    assert tallies(page(shown))[2] == 0
    without = send(lead, SCORM, token(lead), new_key(filled, "Other"))
    assert "the address of the LMS was not given" in lead.get(without.location).text


def test_a_workbook_with_dates_in_its_cells(two, lead, page, token):
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["E-mail", "Module", "Status", "Date"])
        sheet.write_row(1, 0, ["person1@council.example", "m1", "Completed"])
        sheet.write_datetime(1, 3, datetime(2026, 11, 5), day)
    assert tallies(page(brought_in(lead, whole.getvalue(), token(lead), new_key(two), name="r.xlsx")))[0] == 1
    with reading(two.engine) as connection:
        assert connection.exec_driver_sql("SELECT timestamp FROM evidence").scalar() == 1793836800000000


# --- next year's format ---------------------------------------------------------------------------------------------


NEXT_YEAR = """Who,Mail,Unit one,Unit one stamp
Siân,person1@council.example,Completed,2026-11-10
"""


def test_next_years_format_is_told_with_what_was_looked_for_and_what_was_found(two, lead, page, token):
    sent = send(lead, NEXT_YEAR, token(lead), new_key(two))
    told = lead.get(sent.location, follow_redirects=True)
    page(told)
    assert "The form of this report is not known" in told.text
    assert "completion status" in told.text
    assert "Who, Mail, Unit one, Unit one stamp" in told.text
    assert lead.post(sent.location, data={"form_token": token(lead)}).status_code == 302
    assert kept(two) == []


def test_what_somebody_said_of_its_columns_is_remembered(two, lead, page, token):
    key, form = new_key(two), token(lead)
    first = send(lead, NEXT_YEAR, form, key)
    columns = {"email": "1", "state-m2": "2", "date-m2": "3"}
    chosen = lead.post(first.location + "/columns", data={"form_token": form, **columns})
    assert (chosen.status_code, chosen.location) == (302, first.location)
    assert lead.post(first.location, data={"form_token": form}).status_code == 302
    assert [row[:2] for row in kept(two)] == [("m2", "completed")]
    again = send(lead, NEXT_YEAR, form, key)
    assert tallies(page(lead.get(again.location))) == [0, 1, 0, 0, 0]


def test_what_was_said_of_a_module_that_is_no_more_is_asked_again(two, lead, token):
    key, form = new_key(two), token(lead)
    first = send(lead, NEXT_YEAR, form, key)
    lead.post(first.location + "/columns", data={"form_token": form, "email": "1", "state-m3": "2"})
    two.add_course(2)
    assert lead.post(first.location, data={"form_token": form}).status_code == 302
    assert kept(two) == []
    again = lead.get(send(lead, NEXT_YEAR, form, key).location)
    assert again.location.endswith("/columns")
    assert lead.get(again.location).status_code == 200


def test_a_report_of_one_module_is_about_nothing_until_somebody_says_what(two, lead, token):
    key, form = new_key(two), token(lead)
    report = "E-mail,Status\nperson1@council.example,Completed\n"
    sent = send(lead, report, form, key)
    columns = {"email": "0", "state": "1"}
    refused = lead.post(sent.location + "/columns", data={"form_token": form, **columns})
    assert refused.status_code == 400
    assert "say below what the whole list is about" in refused.text
    lead.post(sent.location + "/columns", data={"form_token": form, **columns, "about": "-m3"})
    assert "1 state has no date" in lead.get(sent.location).text
    lead.post(sent.location, data={"form_token": form})
    assert [row[:2] for row in kept(two)] == [("m3", "completed")]
    # What the columns are is remembered; what the list is about never is: the next may be of another module.
    assert lead.get(send(lead, report, form, key).location).status_code == 302


def test_a_report_of_the_whole_course_speaks_for_every_module(two, lead, token):
    report = "E-mail,Course,Status,Date\nperson1@council.example,A tiny course,Completed,10/11/2026\n"
    brought_in(lead, report, token(lead), new_key(two))
    assert [row[:2] for row in kept(two)] == [(None, "completed")]


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"key": "nobody"}, "Choose the LMS that the report is from."),
        ({"home_page": "lms"}, "is not the address of an LMS"),
        ({"roster": (io.BytesIO(b""), "")}, "Choose a file first."),
        ({"roster": (io.BytesIO(b"PK\x03\x04 no"), "a.xlsx")}, "This workbook cannot be read."),
        ({"roster": (io.BytesIO(b"E-mail,Status\n"), "a.csv")}, "The file has headings and no people under them."),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_kept(two, lead, page, token, parts, told):
    usual = {"key": new_key(two), "form_token": token(lead), "roster": (io.BytesIO(MOODLE.encode()), "a.csv")}
    answer = lead.post(WHERE, data=usual | parts)
    assert answer.status_code == 400
    assert told in answer.text
    page(answer)
    with reading(two.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM imports").scalar() == 0


def test_a_file_beyond_all_bounds_is_answered_with_the_form_it_came_from(two, lead, page):
    new_key(two)
    head = b'--cut\r\nContent-Disposition: form-data; name="roster"; filename="a.csv"\r\n\r\n'
    body = head + b"x" * 8_200_000 + b"\r\n--cut--\r\n"  # by hand, so that no temporary file is left open
    answer = lead.post(WHERE, data=body, content_type="multipart/form-data; boundary=cut")
    assert answer.status_code == 413
    assert "larger than 8 MB" in answer.text
    assert page(answer).find(".//select[@id='f-key']") is not None


def test_without_a_key_the_page_says_who_makes_one(filled, lead, page):
    answer = lead.get(WHERE)
    page(answer)
    assert "ktb-lrs key create" in answer.text


def test_nothing_is_kept_by_halves(two, lead, token, monkeypatch):
    sent = send(lead, MOODLE, token(lead), new_key(two))

    def broken(*_):
        raise RuntimeError("the machine lost its power")

    with monkeypatch.context() as patched:
        patched.setattr("lrs.programme.exports_in.imports.confirm_import", broken)
        assert lead.post(sent.location, data={"form_token": token(lead)}).status_code == 500
    assert kept(two) == []
    assert lead.post(sent.location, data={"form_token": token(lead)}).status_code == 302
    assert len(kept(two)) == 5


def test_a_report_that_says_too_much_is_refused(outline):
    lines = [
        (number, [f"p{number}@b.example", *("Completed" for _ in range(3))]) for number in range(MOST_TOLD // 3 + 1)
    ]
    table = read_table(b"E-mail,Module <1>,Module <2>,Module <3>\na@b.example,Completed,,", columns_of(outline(3)))
    with pytest.raises(SheetTooLarge, match="20,000"):
        reading_of(table._replace(lines=lines), None, "", outline(3), NOW)


def columns_of(course):
    subjects = subjects_of(course)
    return lambda headings: export_columns(headings, subjects)


def read(text, course, about=None, home_page=""):
    table = read_table(text.encode(), columns_of(course))
    return reading_of(table, about, home_page, course, NOW)


def test_every_thing_wrong_with_a_line_is_told_at_once(outline):
    told = read(
        "E-mail,Module <1>,Completion date,Module <2>\nx,80/100,11/25/2026,Completed\n"
        "a@b.example,Completed,2027-01-01,\na@b.example,Completed,1970-01-01,\n",
        outline(3),
    )
    assert [one.problems for one in told.bad] == [
        (
            "“x” is not an e-mail address.",
            "Module <1>: “80/100” says neither finished nor unfinished.",
            "Module <2>: “11/25/2026” is not a date. Day, month, year are understood, in that order.",
        ),
        ("Module <1>: the date has not come yet.",),
        ("Module <1>: the date lies too long ago.",),
    ]
    assert told.told == []


def test_a_title_inside_another_is_not_taken_for_it(outline):
    course = outline(12)
    found = export_columns(["E-mail", "Module <12> (SCORM)", "", "Modiwl <1> – Completion date"], subjects_of(course))
    assert found == {"email": 0, "state-m12": 1, "date-m12": 2, "date-m1": 3}


def test_failing_an_lmss_own_mark_is_no_failure_where_the_module_needs_none(outline):
    course = outline(2)
    course["modules"][1]["complete-when"] = "passed"
    row = "Completed (did not achieve pass grade)"
    told = read(f"E-mail,Module <1>,,Module <2>,\na@b.example,{row},10/11/2026,{row},10/11/2026\n", course).told
    assert [(one.module, one.kind) for one in told] == [("m1", "completed"), ("m2", "failed")]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-20 14:05:33", "2026-11-20T14:05:33"),
        ("2026-07-01T14:05+01:00", "2026-07-01T13:05:00"),
        ("1/7/26, 14:05", "2026-07-01T13:05:00"),
        ("01.07.2026", "2026-06-30T23:00:00"),
        ("Friday, 20 November 2026, 12:05 AM", "2026-11-20T00:05:00"),
        ("Dydd Gwener, 20 Tachwedd 2026, 14:05", "2026-11-20T14:05:00"),
        ("3rd Mehefin 2026", "2026-06-02T23:00:00"),
    ],
)
def test_dates_are_read_as_lmss_write_them_by_the_clock_in_wales(text, meant):
    assert when_told(text) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["31/2/2026", "11/25/2026", "20 Smarch 2026", "soon", "2026", "1/1/1/1", "0 May 2026", "13:00"]
)
def test_what_is_no_date_is_not_guessed(text):
    with pytest.raises(ValueError, match=r"."):
        when_told(text)


def test_states_in_both_languages():
    said = {"passed": "passed", "heb ei gwblhau": "not-done", "ar y gweill": "initialized", "": "untouched", "80": ""}
    assert {text: state_told(text) for text in said} == said
    assert state_told("wedi cwblhau", "heb gyrraedd y radd basio") == "failed"
    assert state_told("completed", "set by pat passmore") == "completed"
    assert kind_of("not-done", "", False, False) is None
    assert kind_of("completed", "failed", True, True) == "failed"


def test_what_is_stored_names_nobody_more_than_it_must(two, lead, token):
    brought_in(lead, MOODLE, token(lead), new_key(two))
    with reading(two.engine) as connection:
        payloads = list(connection.exec_driver_sql("SELECT payload FROM statements").scalars())
    statement = next(one for one in map(json.loads, payloads) if "person1" in str(one) and "m1" in str(one))
    assert statement["actor"] == {"objectType": "Agent", "mbox": "mailto:person1@council.example"}
    assert statement["timestamp"] == "2026-11-10T09:15:00+00:00"
    assert statement["authority"]["name"] == "LMS Powys"
    assert not [one for one in payloads if "Siân" in one]


def test_e12_a_later_report_that_says_unfinished_stands_beside_what_the_module_said(filled, lead, clock, token):
    person, email = filled.add_person()
    filled.send(email, "completed", "m2", clock.now - timedelta(days=12))
    brought_in(lead, MOODLE.replace("person2@council.example", email), token(lead), new_key(filled))
    told = lead.get(f"/residentials/coed/people/{person}").text
    assert "the LMS still had it as unfinished afterwards" in told
