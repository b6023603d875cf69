"""The pages say what is so, in both languages, well formed, in few queries."""

import csv
import io
import re
from datetime import timedelta

import pytest

from lrs.rules.readiness import STATUSES

RESIDENTIAL = {
    "title_en": "Llandrindod Wells, March 2027",
    "title_cy": "Llandrindod, Mawrth 2027",
    "id": "llandrindod-2027-03",
    "course": "tiny",
    "least_grade": "asserted",
    "opens": "2026-12-01",
    "target": "2027-02-01",
    "cut_off": "2027-02-16",
    "starts": "2027-03-02",
    "ends": "2027-03-04",
}


@pytest.fixture
def people(filled, clock):
    """One person of each status, by status."""
    found = {}
    for status, modules in {"not-ready": 0, "at-risk": 1, "on-track": 2, "ready": 3, "not-required": 0}.items():
        place = "withdrawn" if status == "not-required" else "confirmed"
        found[status], email = filled.add_person(f"Person {status}", place=place)
        for number in range(1, modules + 1):
            filled.send(email, "completed", f"m{number}", clock.now - timedelta(days=2))
    return found


def texts(page, path):
    return ["".join(one.itertext()).strip() for one in page.findall(path)]


def test_the_whole_way_from_absence_to_ready_with_nobody_elses_status_changed(filled, lead, clock, page):
    person, email = filled.add_person("Mari Enghraifft")
    filled.add_person("Sam Sample")

    def statuses():
        rows = page(lead.get("/residentials/coed")).findall(".//section[@id='people']//tbody/tr")
        return {"".join(row.find("th").itertext()): "".join(row.findall("td")[0].itertext()) for row in rows}

    assert statuses() == {"Mari Enghraifft": "Not ready", "Sam Sample": "Not ready"}
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, clock.now)
    assert statuses() == {"Mari Enghraifft": "Ready", "Sam Sample": "Not ready"}
    told = "".join(page(lead.get(f"/residentials/coed/people/{person}")).itertext())
    assert "Every module that this residential asks for is complete." in told
    assert "Completed: Module <3>" in told
    assert "From: the module" in told


def test_a_voided_statement_makes_somebody_unready_again_and_says_why(filled, lead, clock, page):
    person, email = filled.add_person()
    sent = [filled.send(email, "completed", module, clock.now) for module in ("m1", "m2", "m3")]
    assert "Ready" in texts(page(lead.get("/residentials/coed")), ".//td/span[@class='tag is-ready']")
    filled.void(sent[0], clock.now)
    told = page(lead.get(f"/residentials/coed/people/{person}"))
    assert texts(told, ".//h2[@id='v-h']") == ["On track"]
    assert "Withdrawn by whoever sent it." in texts(told, ".//section[@id='why']//li")[0]


def test_r01_counts_are_links_to_their_people(people, lead, page):
    board = page(lead.get("/residentials/coed"))
    counts = board.findall(".//ul[@class='counts']/li/a")
    assert len(counts) == len(STATUSES)
    for link in counts:
        number = int(link.find("b").text)
        assert number == 1
        there = page(lead.get(link.get("href").split("#")[0]))
        assert len(there.findall(".//section[@id='people']//tbody/tr")) == number
    assert sum(int(link.find("b").text) for link in counts) == len(people)


def test_r01_councils_come_worst_first(filled, lead, clock, page):
    filled.add_person("A", "W06000001")
    _, email = filled.add_person("B", "W06000002")
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, clock.now)
    for _ in range(2):
        filled.add_person("C", "W06000023")
    board = page(lead.get("/residentials/coed"))
    assert texts(board, ".//table[@class='by']/tbody/tr/th") == ["Powys", "Isle of Anglesey", "Gwynedd"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=sian", ["Siân Ŵyn"]),
        ("name=WYN", ["Siân Ŵyn"]),
        ("name=oneill", ["Llŷr O'Neill"]),
        ("council=W06000002", ["Llŷr O'Neill"]),
        ("language=en", ["Llŷr O'Neill"]),
        ("status=ready", []),
        ("order=name", ["Llŷr O'Neill", "Siân Ŵyn"]),
        ("order=council", ["Siân Ŵyn", "Llŷr O'Neill"]),
        ("status=nonsense&order=nonsense&page=-1&language=xx", ["Llŷr O'Neill", "Siân Ŵyn"]),
        ("page=9999999999999999", ["Llŷr O'Neill", "Siân Ŵyn"]),
        ("page=²", ["Llŷr O'Neill", "Siân Ŵyn"]),
    ],
)
def test_the_address_filters_and_orders(filled, lead, page, query, names):
    filled.add_person("Siân Ŵyn", "W06000015", "cy")
    filled.add_person("Llŷr O'Neill", "W06000002", "en")
    board = page(lead.get(f"/residentials/coed?{query}"))
    assert texts(board, ".//section[@id='people']//tbody/tr/th") == names
    exported = lead.get(f"/residentials/coed/people.csv?{query}").text.lstrip("\ufeff")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(exported))] == names


def test_fifty_people_a_page(filled, lead, page):
    for number in range(51):
        filled.add_person(f"Person {number:02}")
    first, second = (page(lead.get(f"/residentials/coed?order=name&page={number}")) for number in (1, 2))
    assert len(texts(first, ".//section[@id='people']//tbody/tr")) == 50
    assert texts(second, ".//section[@id='people']//tbody/tr/th") == ["Person 50"]
    assert texts(first, ".//nav[@class='pages']//a") == ["Page 1", "Page 2"]


def test_the_board_asks_as_many_questions_of_a_thousand_as_of_one(filled, app, lead, queries):
    filled.add_person()
    with queries(app.extensions["engine"]) as of_one:
        lead.get("/residentials/coed")
    for number in range(30):
        _, email = filled.add_person(f"Person {number}")
        filled.send(email, "completed", "m1", filled.clock.now)
    with queries(app.extensions["engine"]) as of_many:
        lead.get("/residentials/coed")
    assert len(of_many) == len(of_one) <= 12


def test_whom_to_chase_is_grouped_by_what_would_help(filled, lead, clock, page):
    filled.add_person("Dim Cyfrif")
    _, behind = filled.add_person("Ar Ôl")
    filled.send(behind, "completed", "m1", clock.now - timedelta(days=1))
    _, done = filled.add_person("Wedi Gorffen")
    for module in ("m1", "m2", "m3"):
        filled.send(done, "completed", module, clock.now)
    board = page(lead.get("/residentials/coed"))
    groups = texts(board, ".//section[@class='chase']//li")
    assert [("Dim Cyfrif" in one, "Ar Ôl" in one) for one in groups] == [(True, False), (False, True)]
    assert not any("Wedi Gorffen" in one for one in groups)
    assert texts(board, ".//h2[@id='chase-h']") == ["2 people to chase"]


def test_the_chart_tells_how_many_were_ready_by_each_day(filled, lead, clock, page):
    for ago in (3, 3, 1):
        _, email = filled.add_person()
        for module, days in (("m1", 9), ("m2", 9), ("m3", ago)):
            filled.send(email, "completed", module, clock.now - timedelta(days=days))
    filled.add_person()
    filled.add_person(place="withdrawn")
    rows = page(lead.get("/residentials/coed")).findall(".//details//tbody/tr")
    told = [tuple("".join(cell.itertext()) for cell in row) for row in rows]
    assert told == [("10 Nov", "0", "4"), ("17 Nov", "2", "2"), ("19 Nov", "3", "1"), ("20 Nov", "3", "1")]


def test_there_is_no_chart_before_the_opening_or_without_people_to_be_ready(filled, lead, clock, page):
    filled.add_person(place="withdrawn")
    assert page(lead.get("/residentials/coed")).find(".//details") is None
    filled.add_person()
    assert page(lead.get("/residentials/coed")).find(".//details") is not None
    filled.add_cohort("later", opens=1)
    assert page(lead.get("/residentials/later")).find(".//details") is None


def test_a_decision_shows_for_ever_with_its_name_and_reason(filled, lead, token, clock, page):
    person, _ = filled.add_person()
    address = f"/residentials/coed/people/{person}"
    sent = {"form_token": token(lead), "kind": "count", "module": "", "reason": "recent-course"}
    wrong = lead.post(address + "/decisions", data={**sent, "reason": "because"})
    assert wrong.status_code == 400
    assert "Choose a reason." in "".join(page(wrong).itertext())
    assert lead.post(address + "/decisions", data=sent).status_code == 302
    told = "".join(page(lead.get(address)).itertext())
    assert "Every module counts; 3 of them by a programme lead’s decision." in told
    assert "@council.example: Recent equivalent course" in told
    assert "By decision: Recent equivalent course" in lead.get("/residentials/coed").text


# --- the residential's form ---------------------------------------------------------------------------------------


def test_a_residential_is_added_whole(filled, lead, token, page):
    answer = lead.post("/residentials/new", data={**RESIDENTIAL, "form_token": token(lead)})
    assert answer.headers["Location"] == "/residentials/llandrindod-2027-03"
    board = page(lead.get(answer.headers["Location"]))
    assert texts(board, ".//h1") == ["Llandrindod Wells, March 2027"]
    assert "Tuesday 2 to Thursday 4 March 2027" in "".join(board.itertext())


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title_en": "", "title_cy": " ", "id": "A B", "opens": "soon"}, {"title_en", "title_cy", "id", "opens"}),
        ({"id": "coed"}, {"id"}),
        ({"id": "new"}, {"id"}),
        ({"target": "2026-12-01"}, {"target"}),
        ({"cut_off": "2027-01-31"}, {"cut_off"}),
        ({"starts": "2027-02-15"}, {"starts"}),
        ({"ends": "2027-03-01"}, {"ends"}),
        ({"course": "other", "least_grade": "manual"}, {"course", "least_grade"}),
    ],
)
def test_everything_wrong_is_told_at_once_and_nothing_is_kept(filled, lead, token, page, wrong, fields):
    answer = lead.post("/residentials/new", data={**RESIDENTIAL, **wrong, "form_token": token(lead)})
    assert answer.status_code == 400
    told = page(answer).findall(".//section[@class='wrongs is-not']//li/a")
    assert {one.get("href") for one in told} == {f"#f-{field}" for field in fields}
    assert len(page(lead.get("/")).findall(".//tbody/tr")) == 1


def test_the_form_suggests_dates_that_it_would_take(filled, lead, token, page):
    form = page(lead.get("/residentials/new"))
    dates = {one.get("name"): one.get("value") for one in form.findall(".//input[@type='date']")}
    sent = {**RESIDENTIAL, **dates, "form_token": token(lead)}
    assert lead.post("/residentials/new", data=sent).status_code == 302


# --- empty, both languages, and refusals --------------------------------------------------------------------------


def test_an_empty_store_shows_the_three_steps_and_the_example_list(empty, lead, page):
    first = page(lead.get("/"))
    assert texts(first, ".//ol[@class='hour']/li//h2") == [
        "Add the course",
        "Add your residential",
        "Bring in the people",
    ]
    assert lead.get(first.find(".//a[@href='/roster-template.csv']").get("href")).mimetype == "text/csv"
    assert first.find(".//a[@href='/residentials/new']") is None
    empty.add_course()
    assert page(lead.get("/")).find(".//a[@href='/residentials/new']") is not None


def test_a_residential_without_people_says_what_to_do(filled, lead, page):
    board = page(lead.get("/residentials/coed"))
    assert "Nobody is on this residential yet" in "".join(board.itertext())
    assert board.find(".//main//a[@href='/residentials/coed/roster']") is not None


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_page_is_well_formed_and_in_one_language(people, lead, page, language):
    english = ("Not ready", "Records received", "Sign out", "Modules")
    paths = [
        "/",
        "/how-status-is-worked-out",
        "/residentials/new",
        "/residentials/coed",
        "/residentials/coed/roster",
        "/nowhere",
    ]
    paths += [f"/residentials/coed/people/{person}" for person in people.values()]
    lead.get(f"/?lang={language}")
    for path in paths:
        answer = lead.get(path)
        tree = page(answer)
        assert tree.get("lang") == {"en": "en-GB", "cy": "cy"}[language]
        assert answer.text.count("<h1") == 1
        assert not re.search(r'\sstyle="|<style|<script|\son\w+="', answer.text)
        if language == "cy":
            main = "".join(tree.find(".//main").itertext())
            assert not [word for word in english if word in main], path


def test_the_language_is_remembered_and_the_switch_keeps_the_filters(filled, lead, page):
    filled.add_person()
    answer = lead.get("/residentials/coed?status=ready&lang=cy")
    assert answer.headers["Location"] == "/residentials/coed?status=ready"
    board = page(lead.get(answer.headers["Location"]))
    assert board.get("lang") == "cy"
    assert board.find(".//a[@class='tongue']").get("href") == "/residentials/coed?status=ready&lang=en"


def test_a_browser_that_prefers_welsh_gets_welsh(client, page):
    assert page(client.get("/sign-in", headers={"Accept-Language": "cy, en;q=0.5"})).get("lang") == "cy"
    assert page(client.get("/sign-in", headers={"Accept-Language": "fr"})).get("lang") == "en-GB"


def test_what_is_not_there_is_a_page_and_the_programming_interfaces_keep_their_own(lead, page):
    for path in ("/nowhere", "/residentials/none", "/residentials/none/people/x"):
        answer = lead.get(path)
        assert answer.status_code == 404
        assert texts(page(answer), ".//h1") == ["There is nothing here"]
    assert lead.get("/xapi/nowhere").mimetype == "application/json"


def test_pages_are_light(people, lead):
    import gzip

    from lrs.programme.site import styles

    assert len(gzip.compress(styles()[1])) <= 10_000
    assert len(gzip.compress(lead.get("/residentials/coed").data)) <= 60_000


def test_a_clock_that_runs_ahead_is_not_believed(filled, lead, clock, page):
    person, email = filled.add_person()
    ahead = clock.now + timedelta(days=30)  # after the cut-off, by a clock a month fast
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, ahead, stored=clock.now)
    told = page(lead.get(f"/residentials/coed/people/{person}"))
    assert texts(told, ".//h2[@id='v-h']") == ["Ready"]
    assert texts(told, ".//time")[:3] == ["Friday 20 November, 14:05"] * 3


def test_opening_a_module_again_and_again_says_only_when_somebody_was_last_seen(filled, lead, clock, page):
    _, email = filled.add_person()
    for ago in (5, 2, 9):
        filled.send(email, "initialized", "m1", clock.now - timedelta(days=ago))
    void = filled.send(email, "initialized", "m1", clock.now - timedelta(days=1))
    filled.void(void, clock.now)
    board = page(lead.get("/residentials/coed"))
    assert texts(board, ".//td[@class='when']") == ["18 Nov"]
    assert texts(board, ".//section[@id='people']//td/span[@class='tag is-risk']") == ["At risk"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_moments_in_the_markup_are_such_as_html_has_them(filled, lead, page, clock):
    clock.now += timedelta(microseconds=123_456)
    person, email = filled.add_person()
    filled.send(email, "completed", "m1", clock.now)
    for path in (f"/residentials/coed/people/{person}", "/log"):
        told = [one.get("datetime") for one in page(lead.get(path)).iter("time")]
        assert told and not [one for one in told if "." in one], path
