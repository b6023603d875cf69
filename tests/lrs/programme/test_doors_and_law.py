"""The log and its filters, how often doors may be tried, sign-in links by mail, and the pages that the law asks for."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from lrs import create_app, signin
from lrs.programme import limits, words
from lrs.storage import rates, users
from lrs.storage.database import reading, writing


@pytest.fixture(autouse=True)
def english_again():
    """Speak English again after a test whose last page was Welsh."""
    yield
    words.speak("en")


SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def told(page, answer):
    """The rows of the log on a page: who, what, about whom, more."""
    return [
        tuple("".join(cell.itertext()) for cell in row.findall("td")) for row in page(answer).findall(".//tbody/tr")
    ]


@pytest.fixture
def log(filled, lead, clock):
    """A log of two people looked at on two days, and an export."""
    people = {name: filled.add_person(name)[0] for name in ("Mari Enghraifft", "Sam Sample")}
    lead.get(f"/residentials/coed/people/{people['Mari Enghraifft']}")
    clock.now += timedelta(days=1)
    filled.sign_in(lead, email="other@council.example")
    lead.get(f"/residentials/coed/people/{people['Sam Sample']}")
    lead.get("/residentials/coed/people.csv")
    return people


def test_the_log_is_found_by_person_action_and_day_the_newest_first(log, lead, page, clock):
    everything = told(page, lead.get("/log"))
    assert [row[1] for row in everything] == ["export", "look", "sign-in", "look", "sign-in"]
    assert everything[1][2] == "Sam Sample"
    by = {
        "person=mari enghraifft": ["look"],
        f"person={log['Mari Enghraifft']}": ["look"],
        "person=OTHER@council.example": ["export", "look", "sign-in"],
        "action=look": ["look", "look"],
        f"day={clock.now.date()}": ["export", "look", "sign-in"],
        f"day={clock.now.date()}&action=look&person=sam sample": ["look"],
        "person=nobody": [],
    }
    for query, actions in by.items():
        assert [row[1] for row in told(page, lead.get(f"/log?{query}"))] == actions, query


@SQLITE
def test_a_day_that_is_none_and_a_page_that_is_none_spoil_nothing(log, lead, page):
    for query in ("day=soon", "day=0001-01-01", "day=9999-12-31"):
        answer = lead.get(f"/log?{query}")
        assert page(answer).find(".//p[@id='p-day']") is not None
        assert len(told(page, answer)) == 5
    for number in ("0", "-1", "²", "9" * 5000, "7"):
        assert len(told(page, lead.get("/log", query_string={"page": number}))) == 5


@SQLITE
def test_long_logs_have_pages(filled, lead, page, clock):
    with writing(filled.engine) as connection:
        for number in range(150):
            users.note(connection, "x", "look", f"subject{number}", clock.now)
    first, second = page(lead.get("/log")), page(lead.get("/log?page=2"))
    assert (len(first.findall(".//tbody/tr")), len(second.findall(".//tbody/tr"))) == (100, 51)
    assert first.findall(".//nav[@class='pages']//a")[-1].get("href") == "/log?page=2&person=&action=&day="


def test_to_take_the_log_away_is_in_the_log(log, lead):
    exported = list(csv.reader(io.StringIO(lead.get("/log.csv?action=look").text.lstrip("\ufeff"))))
    assert exported[0] == ["When", "Who", "What", "About", "Name", "More"]
    assert [row[4] for row in exported[1:]] == ["Sam Sample", "Mari Enghraifft"]
    newest = list(csv.reader(io.StringIO(lead.get("/log.csv").text)))[1]
    assert newest[2:4] == ["export", "log"] and newest[5] == "look"


def test_a_door_is_tried_so_often_in_ten_minutes_by_one_caller(empty, app, clock, page, monkeypatch):
    monkeypatch.setattr(limits, "OF_A_CALLER", 3)
    client = app.test_client()
    with writing(empty.engine) as connection:
        user = users.add_user(connection, "lead@council.example", "Mair", "lead", None, clock.now)
        link = "/sign-in/" + signin.new_link(connection, user, clock.now)
    assert [client.post("/sign-in/guess").status_code for _ in range(5)] == [410, 410, 410, 429, 429]
    refused = client.post(link)  # even with a good link, which is not spent by that
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(rates.WINDOW))
    assert page(refused).find(".//h1").text == "That was tried too often"
    elsewhere = app.test_client()
    assert elsewhere.post(link, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 302
    clock.now += timedelta(seconds=rates.WINDOW)
    assert client.post("/sign-in/guess").status_code == 410
    with reading(empty.engine) as connection:
        kept = connection.execute(text("SELECT bucket FROM rates")).scalars().all()
    assert len(kept) == 1 and re.fullmatch("[0-9a-f]{64}", kept[0])  # no address, and no older window


@pytest.fixture
def mailing(store_url, clock):
    """The application where mail is sent."""
    given = {"KTB_SMTP_HOST": "mail.example", "KTB_SMTP_FROM": "store@college.example"}
    app = create_app({"KTB_DATABASE_URL": store_url, "KTB_PUBLIC_URL": "https://store.example", **given}, clock)
    yield app
    app.extensions["engine"].dispose()


def mails(store):
    with reading(store.engine) as connection:
        query = "SELECT kind, language, recipient, subject, body FROM outbox ORDER BY id"
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_link_by_mail_signs_in_and_nobody_learns_who_may_look(mailing, empty, clock):
    client, today = mailing.test_client(), clock.now.date()
    with writing(empty.engine) as connection:
        users.add_user(connection, "mair@council.example", "Mair", "lead", None, clock.now)
        users.add_user(connection, "old@council.example", "Hen", "lead", None, clock.now, ends=today)
    client.set_cookie("lang", "cy")
    answers = [
        client.post("/sign-in", data={"email": email})
        for email in (" Mair@council.example", "nobody@council.example", "old@council.example", "", "x" * 5000)
    ]
    assert {(one.status_code, one.text) for one in answers} == {(200, answers[0].text)}
    assert "Os caiff y cyfeiriad hwnnw edrych yma" in answers[0].text
    ((kind, language, recipient, subject, body),) = mails(empty)
    assert (kind, language, recipient, subject) == ("sign-in", "cy", "mair@council.example", "Eich dolen fewngofnodi")
    link = re.search(r"https://store\.example(/sign-in/\S+)", body)[1]
    assert client.post(link).status_code == 302
    assert client.get("/users").status_code == 200


@SQLITE
def test_nobodys_mailbox_is_filled_with_links(mailing, empty, clock):
    client = mailing.test_client()
    with writing(empty.engine) as connection:
        users.add_user(connection, "mair@council.example", "Mair", "lead", None, clock.now)
    for _ in range(limits.OF_AN_ADDRESS + 2):
        assert client.post("/sign-in", data={"email": "mair@council.example"}).status_code == 200
    assert len(mails(empty)) == limits.OF_AN_ADDRESS


@SQLITE
def test_without_mail_no_link_is_promised(client, mailing, page):
    assert page(client.get("/sign-in")).find(".//form") is None
    assert client.post("/sign-in", data={"email": "mair@council.example"}).status_code == 404
    assert page(mailing.test_client().get("/sign-in")).find(".//input[@name='email']") is not None


@SQLITE
@pytest.mark.parametrize(("address", "english", "welsh"), [
    ("/privacy", "Privacy notice", "Hysbysiad preifatrwydd"),
    ("/accessibility", "Accessibility statement", "Datganiad hygyrchedd"),
])  # fmt: skip
def test_what_the_law_asks_for_is_open_to_all_in_both_languages(store_url, clock, page, address, english, welsh):
    given = {"KTB_ORGANISATION": "Coleg <Prawf>", "KTB_CONTACT": "data@college.example", "KTB_KEEP_PEOPLE_MONTHS": "7"}
    app = create_app({"KTB_DATABASE_URL": store_url, **given}, clock)
    client = app.test_client()
    shown = page(client.get(address))
    assert shown.find(".//h1").text == english
    assert "Coleg <Prawf>" in "".join(shown.itertext()) and "data@college.example" in "".join(shown.itertext())
    assert "7 months" in "".join(shown.itertext()) or address == "/accessibility"
    links = [one.get("href") for one in page(client.get("/sign-in")).findall(".//footer//a")]
    assert links == ["/privacy", "/accessibility"]
    assert page(client.get(f"{address}?lang=cy", follow_redirects=True)).find(".//h1").text == welsh
    app.extensions["engine"].dispose()
