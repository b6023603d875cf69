"""The reports: whom to chase, everybody by module, one council, languages, the national figures, freshness."""

import csv
import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from lrs.storage import cohorts, courses, outbox, people
from lrs.storage.database import writing
from lrs.storage.outbox import Message

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
GWYNEDD, CARDIFF, POWYS = "W06000002", "W06000015", "W06000023"


def texts(page, path):
    return [" ".join("".join(one.itertext()).split()) for one in page.findall(path)]


def lines(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


@pytest.fixture
def officer(filled, app):
    """A browser in which Gwynedd's link officer is signed in."""
    client = app.test_client()
    filled.sign_in(client, "link", GWYNEDD, "swyddog@gwynedd.example")
    return client


def finish(store, email, at, *modules, language="cy"):
    for module in modules:
        store.send(email, "completed", module, at, language=language)


def write(store, person, kind, days, state="sent"):
    at = store.clock.now - timedelta(days=days)
    with writing(store.engine) as connection:
        message = Message(kind, "coed", person, "cy", "x@council.example", "s", "b")
        number = outbox.write(connection, message, "test", at)
        taken = outbox.claim_next(connection, at, [kind])
        assert taken.id == number
        outbox.settle(connection, number, state, "250 OK", at)


# --- R2: who has not finished ---------------------------------------------------------------------------------------


@pytest.fixture
def late(filled, clock):
    """Three people who have not finished and one who has; the first never began."""
    found = {}
    for name, modules, days in (
        ("Byth", (), 0),
        ("Hir", ("m1",), 6),
        ("Hwyr", ("m1", "m2"), 1),
        ("Wedi", (1, 2, 3), 1),
    ):
        person, email = filled.add_person(f"{name} Enghraifft", GWYNEDD)
        finish(filled, email, clock.now - timedelta(days=days), *(f"m{one}"[-2:] for one in modules))
        found[name] = person
    filled.add_person("Rhywun Arall", CARDIFF, "en")
    filled.add_person("Nid Oes Angen", GWYNEDD, place="withdrawn")
    return found


def test_r02_who_never_began_comes_first_and_who_has_finished_not_at_all(late, officer, page):
    found = page(officer.get("/residentials/coed/chase"))
    assert texts(found, ".//tbody/tr/th") == ["Byth Enghraifft", "Hir Enghraifft", "Hwyr Enghraifft"]
    assert texts(found, ".//p[@class='sub']") == [
        "Coed, December 2026. 3 people have not finished. 1 of them never began."
    ]
    cells = [texts(row, "td") for row in found.findall(".//tbody/tr")]
    assert [row[2] for row in cells] == ["1, 2, 3 (1 hour)", "2, 3 (40 minutes)", "3 (20 minutes)"]
    assert cells[0][3] == "Never"
    assert "@council.example. Cymraeg. Gwynedd: Mair Prawf" in cells[0][4]


def test_r02_says_when_somebody_last_wrote_and_what_came_back(late, filled, lead, page):
    write(filled, late["Byth"], "invitation", 9)
    write(filled, late["Byth"], "reminder", 4)
    write(filled, late["Hir"], "invitation", 9, "refused")
    found = page(lead.get("/residentials/coed/chase?council=W06000002"))
    assert [texts(row, "td")[-1] for row in found.findall(".//tbody/tr")] == [
        "16 Nov (1 reminder)", "It came back", "Never",
    ]  # fmt: skip
    day = (filled.clock.now - timedelta(days=6)).date()
    before = page(lead.get(f"/residentials/coed/chase?council=W06000002&as-at={day}"))
    assert texts(before.find(".//tbody/tr"), "td")[-1] == "11 Nov"


def test_r02_the_address_filters_page_and_files_alike(late, lead, page):
    address = "/residentials/coed/chase{}?language=en"
    assert texts(page(lead.get(address.format(""))), ".//tbody/tr/th") == ["Rhywun Arall"]
    assert [row["Name"] for row in lines(lead.get(address.format(".csv")))] == ["Rhywun Arall"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(lead.get(address.format(".xlsx")).data))
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()] == ["Name", "Rhywun Arall"]


# --- the grid -------------------------------------------------------------------------------------------------------


def test_the_grid_says_in_words_and_days_what_somebody_has_of_each_module(filled, lead, clock, page):
    person, email = filled.add_person()
    day = clock.now - timedelta(days=3)
    finish(filled, email, day, "m1")
    filled.send(email, "completed", "m2", day - timedelta(days=900))
    with writing(filled.engine) as connection:
        decision = cohorts.Decision("m3", "count", "record-seen", day, "a@lead.example")
        cohorts.decide(connection, "coed", person, decision)
    found = page(lead.get("/residentials/coed/grid"))
    assert texts(found, ".//tbody/tr/td") == ["Complete 17 Nov", "Not counted", "By decision"]
    assert texts(found, ".//tfoot/tr/td") == ["1 of 1", "0 of 1", "1 of 1"]
    row = lines(lead.get("/residentials/coed/grid.csv"))[0]
    assert (row["1. Module <1>"], row["2. Module <2>"]) == ("2026-11-17", "Not counted")


def test_the_grid_of_a_link_officer_has_their_own_people(late, officer):
    told = officer.get("/residentials/coed/grid").text + officer.get("/residentials/coed/grid.csv").text
    assert "Byth Enghraifft" in told
    assert "Rhywun Arall" not in told


# --- R3: one council ------------------------------------------------------------------------------------------------


def test_r03_one_council_with_its_officers_counts_and_modules(late, officer, lead, page):
    found = page(lead.get(f"/residentials/coed/councils/{GWYNEDD}"))
    assert texts(found, ".//h1") == ["Gwynedd"]
    assert texts(found, ".//ul[@class='counts']//b") == ["1", "1", "1", "1", "1"]
    assert texts(found, ".//section[@aria-labelledby='o-h']//li") == ["Mair Prawf: swyddog@gwynedd.example"]
    assert texts(found, ".//section[@aria-labelledby='m-h']//td") == ["3 of 4", "2 of 4", "1 of 4"]
    assert "Cardiff" in texts(found, ".//section[@aria-labelledby='c-h']//a")
    assert lead.get("/residentials/coed/councils/W99999999").status_code == 404


def test_r03_a_link_officer_sees_their_own_council_and_no_other(late, officer, page):
    assert officer.get(f"/residentials/coed/councils/{CARDIFF}").status_code == 403
    told = officer.get(f"/residentials/coed/councils/{GWYNEDD}").text
    assert "Cardiff" not in told
    assert "One council" in officer.get("/residentials/coed").text


# --- R9: languages --------------------------------------------------------------------------------------------------


@pytest.fixture
def spoken_in(filled, clock):
    """Two people of Gwynedd and one of Cardiff; one of them took a module twice, and one a module last year."""
    one, two, three = (filled.add_person(f"Person {n}", gss)[1] for n, gss in enumerate((GWYNEDD, GWYNEDD, CARDIFF)))
    day = clock.now - timedelta(days=5)
    finish(filled, one, day, "m1", "m2", language="cy-GB")
    finish(filled, one, day + timedelta(days=1), "m1", language="en-GB")
    finish(filled, two, day, "m1", language="cy")
    finish(filled, two, day, "m2", language="en")
    filled.send(three, "completed", "m1", day, language=None)
    finish(filled, three, clock.now - timedelta(days=400), "m2", language="en")


def test_r09_counts_each_module_once_in_the_language_it_was_first_finished_in(spoken_in, lead, page):
    found = page(lead.get("/languages"))
    tables = [[texts(row, "*") for row in table.findall("tbody/tr")] for table in found.findall(".//table")]
    assert tables[0] == [
        ["Cardiff", "0 of 1 (0%)", "0", "1", "1", "0", "0", "0", "1"],
        ["Gwynedd", "3 of 4 (75%)", "1", "0", "2", "1", "0", "1", "2"],
    ]
    assert [row[:4] for row in tables[1]] == [
        ["1. Module <1>", "2 of 3 (67%)", "0", "1"], ["2. Module <2>", "1 of 2 (50%)", "1", "0"],
    ]  # fmt: skip
    assert texts(found, ".//p[@class='sub2']") == ["3 modules were finished in Welsh, of 5: 60%."]


def test_r09_by_year_and_council_and_as_a_file(spoken_in, lead, officer):
    rows = lines(lead.get("/languages.csv?year=2025"))
    assert [(row["Council"], row["Module"], row["In English"]) for row in rows] == [
        ("Cardiff", "All modules", "1"), ("Cardiff", "2. Module <2>", "1"),
    ]  # fmt: skip
    rows = lines(lead.get("/languages.csv?council=W06000002"))
    assert {(row["Year"], row["GSS code"]) for row in rows} == {("2026–27", GWYNEDD)}
    assert (rows[0]["Modules finished"], rows[0]["Share in Welsh"]) == ("4", "75%")
    assert {row["GSS code"] for row in lines(officer.get("/languages.csv"))} == {GWYNEDD}
    assert "Cardiff" not in officer.get("/languages?council=W06000015").text


def test_r09_counts_for_the_council_of_that_day_and_never_for_practice(filled, lead, clock, page):
    person, email = filled.add_person("Symudodd", GWYNEDD)
    finish(filled, email, clock.now - timedelta(days=5), "m1")
    with writing(filled.engine) as connection:
        people.appoint(connection, person, POWYS, "", clock.now - timedelta(days=3))
    finish(filled, email, clock.now - timedelta(days=1), "m2")
    rows = lines(lead.get("/languages.csv"))
    assert [(row["Council"], row["In Welsh"]) for row in rows if row["Module"] == "All modules"] == [
        ("Gwynedd", "1"), ("Powys", "1"),
    ]  # fmt: skip
    with writing(filled.engine) as connection:
        cohorts.change_cohort(connection, "coed", {"practice": True})
    assert lines(lead.get("/languages.csv")) == []
    assert "Nobody finished a module in this year." in lead.get("/languages").text


# --- R10: the national figures --------------------------------------------------------------------------------------


def test_r10_counts_places_of_a_year_by_outcome_and_leaves_practice_out(filled, lead, clock, page):
    for gss in (GWYNEDD, CARDIFF):
        for number in range(15):
            place = "confirmed" if number < 9 else "deferred"
            _, email = filled.add_person(f"Person {number}", gss, place=place)
            finish(filled, email, clock.now - timedelta(days=2), *(("m1", "m2", "m3") if number < 5 else ()))
    found = page(lead.get("/roll-up"))
    rows = {row[0]: row[1:] for row in (texts(row, "*") for row in found.find(".//table/tbody").findall("tr"))}
    assert rows["Places on residentials"] == ["30", "15", "0", "0", "15"]
    assert rows["Everything complete"] == rows["Within 2 weeks after the opening"]
    assert rows["Deferred to a later residential"][0] == rows["No reason given"][0] == "12"
    # Four are not complete in each region, and with the other two outcomes shown they could be subtracted.
    assert rows["Not complete"][1:] == ["·Not given out", "0", "0", "·Not given out"]
    assert [row[1] for row in rows.values()].count("·Not given out") > 1
    told = lines(lead.get("/roll-up.csv"))
    assert told[0]["Wales"] == "30"
    assert told[0]["Outcome"] == "Places on residentials"
    with writing(filled.engine) as connection:
        cohorts.change_cohort(connection, "coed", {"practice": True})
    assert "No residential began in this year." in lead.get("/roll-up").text


def test_r10_is_for_leads_and_cannot_be_narrowed_down(filled, officer, lead):
    assert officer.get("/roll-up").status_code == officer.get("/roll-up.csv").status_code == 403
    filled.add_person()
    whole = lead.get("/roll-up.csv").text
    assert lead.get("/roll-up.csv?council=W06000002&status=ready&language=cy").text == whole


@pytest.mark.parametrize("year", ["020261", "02026", "9999", "1066", "x", "٢٠٢٦", "9" * 5000])
def test_a_year_that_is_none_is_this_one(lead, filled, year):
    this = {address: lead.get(address).text for address in ("/languages", "/roll-up")}
    for address, text in this.items():
        answer = lead.get(address, query_string={"year": year})
        assert answer.status_code == 200
        assert re.findall(r"20\d\d–\d\d", answer.text) == re.findall(r"20\d\d–\d\d", text) != []


@pytest.mark.parametrize("address", ["/languages", "/roll-up", "/freshness", "/languages.csv", "/roll-up.csv"])
def test_a_day_before_there_was_anything_has_reports_too(lead, filled, address):
    assert lead.get(address, query_string={"as-at": "0001-01-01"}).status_code == 200


# --- R12: freshness -------------------------------------------------------------------------------------------------


@pytest.fixture
def stated(empty, outline):
    """A course whose first module cites a fact of each kind."""
    made = outline()
    reviews = {"1.1": "2026-11-19", "1.2": "2027-01-10", "1.3": "2028-01-01", "1.10": "2028-01-01"}
    made["modules"][0]["facts"] = [
        {
            "id": id, "words": {"en": f"Fact <{id}>", "cy": f"Ffaith <{id}>"}, "checked": "2026-01-01",
            "review": review, "confidence": "check" if id == "1.10" else "sure", "file": "01-first.en.md", "line": 7,
        }
        for id, review in reviews.items()
    ]  # fmt: skip
    with writing(empty.engine) as connection:
        courses.register(connection, made, empty.clock.now)
    return made


def test_r12_counts_the_facts_of_each_module_and_names_those_to_look_at(stated, lead, page):
    found = page(lead.get("/freshness"))
    counted, named = ([texts(row, "*") for row in table.findall("tbody/tr")] for table in found.findall(".//table"))
    assert counted[0] == ["1. Module <1>", "1.0.0", "1", "1", "1", "1"]
    assert counted[1] == ["2. Module <2>", "1.0.0", "0", "0", "0", "0"]
    assert [row[0] for row in named] == ["1.1 Fact <1.1>", "1.2 Fact <1.2>", "1.10 Fact <1.10>"]
    assert [row[1] for row in named] == ["Past its review", "Due within 60 days", "Still to be checked"]
    assert named[0][4] == "01-first.en.md:7"
    assert len(lines(lead.get("/freshness.csv"))) == 4
    assert texts(page(lead.get("/freshness?module=m2")), ".//section/p")[-1] == "Every fact is fresh."


def test_r12_as_at_a_day_and_for_leads_alone(stated, filled, lead, officer, page):
    with writing(filled.engine) as connection:
        courses.register(connection, stated, filled.clock.now)
    before = page(lead.get("/freshness?as-at=2026-11-19"))
    assert texts(before.find(".//table/tbody/tr"), "*")[2] == "0"
    assert officer.get("/freshness").status_code == 403


def test_r12_says_where_a_package_tells_nothing(filled, lead):
    assert "this package does not say which facts it cites" in lead.get("/freshness").text


# --- all of them ----------------------------------------------------------------------------------------------------

PAGES = ("/residentials/coed/chase", "/residentials/coed/grid", "/residentials/coed/councils/W06000015",
         "/languages", "/roll-up", "/freshness")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_report_takes_few_queries_however_many_people_there_are(filled, lead, clock, queries, path):
    for number in range(12):
        _, email = filled.add_person(f"Person {number}")
        finish(filled, email, clock.now - timedelta(days=2), "m1")
    lead.get(path)
    with queries(filled.engine) as said:
        assert lead.get(path).status_code == 200
    assert len([one for one in said if not one.startswith(("INSERT", "UPDATE"))]) <= 12


@pytest.mark.parametrize("path", ["/", "/roll-up", "/api/v1/residentials"])
def test_many_residentials_take_as_few_queries_as_one(filled, lead, outline, queries, path):
    with writing(filled.engine) as connection:
        for version in ("1.0.1", "2.0.0", "3.0.0"):
            package = {"version": version, "package": f"of version {version}"}
            courses.register(connection, outline(3) | package, filled.clock.now)
    for number in range(6):
        filled.add_cohort(f"more-{number}", major=number % 3 + 1)
    filled.add_person()
    lead.get(path)
    with queries(filled.engine) as said:
        assert lead.get(path).status_code == 200
    assert len([one for one in said if not one.startswith(("INSERT", "UPDATE"))]) <= 12


@pytest.mark.parametrize("path", PAGES)
def test_each_report_speaks_welsh_and_says_what_moment_it_is_of(filled, lead, clock, page, path):
    filled.add_person()
    day = (clock.now - timedelta(days=1)).date()
    found = page(lead.get(f"{path}?lang=cy&as-at={day}", follow_redirects=True))
    assert found.get("lang") == "cy"
    assert "Fel yr oedd" in " ".join(texts(found, ".//p[@class='asof']"))
