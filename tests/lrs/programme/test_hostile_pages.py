"""What people and programs send to the pages by mistake or on purpose, and the pages that answer them."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from lrs.programme import board, site
from lrs.programme.roster import read_roster
from lrs.programme.sheets import UnreadableSheet
from lrs.storage import people as stored_people
from lrs.storage.database import reading, writing

HEADINGS = "Name,E-mail,Council,Language"
RESIDENTIAL = {
    "id": "abc", "title_en": "T", "title_cy": "T", "course": "tiny", "least_grade": "asserted", "opens": "2026-09-01",
    "target": "2026-10-01", "cut_off": "2026-10-02", "starts": "2026-11-01", "ends": "2026-11-02",
}  # fmt: skip
TOO_LONG = {
    "data": b"x" * (site.LONGEST_FORM + 1),
    "content_type": "application/x-www-form-urlencoded",
}


@pytest.mark.parametrize("wrong", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_clock_before_our_time_is_not_believed_and_spoils_no_page(filled, lead, page, wrong):
    person, email = filled.add_person()
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, wrong, stored=filled.clock.now - timedelta(days=1))
    for address in ("/", "/residentials/coed", "/residentials/coed/people.csv", f"/residentials/coed/people/{person}"):
        answer = lead.get(address)
        assert answer.status_code == 200, address
    assert "19 Nov" in answer.text
    assert "Every module that this residential asks for is complete." in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "²", "9" * 5000, "999999", "x", ""])
def test_a_page_that_is_not_there_is_the_first_or_the_last(filled, lead, page, number):
    for count in range(board.PAGE + 1):
        filled.add_person(f"Person {count:02}")
    tree = page(lead.get("/residentials/coed", query_string={"page": number}))
    current = tree.find(".//nav[@class='pages']//a[@aria-current='page']")
    assert current[-1].tail == ("2" if number == "999999" else "1")


@pytest.mark.parametrize("sent", ["é", "\ud800", "x" * 300_000])
def test_a_form_token_of_any_letters_is_refused(filled, lead, sent):
    body = b"form_token=" + sent.encode(errors="surrogatepass")
    answer = lead.post("/sign-out", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 403


@pytest.mark.parametrize("cookie", [None, "anything"])
def test_nobody_sends_more_than_a_roster(filled, client, cookie):
    if cookie:
        client.set_cookie("ktb_session", cookie)
    answer = client.post("/residentials/coed/roster", **TOO_LONG)
    assert answer.status_code == 401
    assert "Coed" not in answer.text
    assert answer.request.environ["wsgi.input"].tell() < site.LONGEST_FORM


def test_a_link_takes_no_long_form(empty, client):
    client.set_cookie("ktb_session", "anything")
    assert client.post("/sign-in/unknown", **TOO_LONG).status_code == 413


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cut_off": "9999-12-31", "starts": "9999-12-31", "ends": "9999-12-31"}, "cut_off"),
        ({"opens": "0001-01-01"}, "opens"),
        ({"cut_off": "2027-02-31"}, "cut_off"),
        ({"title_en": "a\x00b"}, "title_en"),
        ({"title_cy": "a\x1b[31m"}, "title_cy"),
        ({"title_cy": "x" * 10_000}, "title_cy"),
    ],
)
def test_a_residential_that_no_board_could_show_is_not_kept(filled, lead, token, page, changes, field):
    filled.add_person()
    answer = lead.post("/residentials/new", data={**RESIDENTIAL, **changes, "form_token": token(lead)})
    assert answer.status_code == 400
    if "\x00" not in answer.text and "\x1b" not in answer.text:
        assert page(answer).find(f".//p[@id='p-{field}']") is not None
    assert lead.get("/residentials/abc").status_code == 404
    assert lead.get("/").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "Something went wrong"), ("cy", "Aeth rhywbeth o’i le")])
def test_a_fault_is_a_page_in_the_readers_language_and_tells_nothing(filled, lead, page, monkeypatch, language, words):
    def broken(*_arguments):
        raise ZeroDivisionError("Siân Ŵyn")

    monkeypatch.setattr("lrs.programme.board.standings", broken)
    lead.set_cookie("lang", language)
    answer = lead.get("/residentials/coed")
    assert answer.status_code == 500
    assert page(answer).find(".//h1").text == words
    assert "Ŵyn" not in answer.text


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_database_that_cannot_be_reached_is_a_page_that_says_so(app, filled, lead, page, monkeypatch, signed_in):
    def gone(*_arguments, **_named):
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr("lrs.transaction.opened", gone)
    client = lead if signed_in else app.test_client()
    client.set_cookie("ktb_session", "x" if not signed_in else lead.get_cookie("ktb_session").value)
    for language, words in (("en", "cannot be reached"), ("cy", "Ni ellir cyrraedd")):
        client.set_cookie("lang", language)
        answer = client.get("/residentials/coed")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"
        assert words in page(answer).find(".//h1").text


@pytest.mark.parametrize("address", ["/nothing", "/favicon.ico/x", "/residentials/nothing"])
def test_a_page_that_is_not_there_switches_its_language_and_is_kept_by_no_cache(lead, page, address):
    answer = lead.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    switch = page(answer).find(".//a[@class='tongue']").get("href")
    assert switch == address + "?lang=cy"
    assert page(lead.get(switch, follow_redirects=True)).get("lang") == "cy"


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/x", "///elsewhere.example", "/\t/elsewhere.example/x", "/\\elsewhere.example"]
)
def test_no_address_leads_to_another_site(lead, page, path):
    environ = {"PATH_INFO": path, "QUERY_STRING": ""}
    switch = page(lead.get("/", environ_overrides=environ)).find(".//a[@class='tongue']").get("href")
    assert re.match(r"/[^/\\\s]", switch), switch
    answer = lead.get("/", environ_overrides={**environ, "QUERY_STRING": "lang=cy"})
    assert re.match(r"/[^/\\\s]", answer.headers["Location"])


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", ["/xapi/statements", "/launch/packages/x", "/health/live", "/launch"])
def test_programs_are_refused_in_json_at_every_address_and_never_sent_elsewhere(client, method, address):
    answer = client.open(address + "?lang=cy", method=method)
    assert answer.status_code in (404, 405)
    assert answer.mimetype == "application/json"
    assert answer.json["error"]["what"]


def test_the_pages_bring_their_own_icon(client, page):
    icon = page(client.get("/sign-in")).find(".//link[@rel='icon']")
    assert icon.get("href").startswith("data:image/svg+xml,")


def roster(rows, headings=HEADINGS):
    return read_roster(f"{headings}\n{rows}\n".encode())


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_roster_with_nuls_is_no_list(mark):
    with pytest.raises(UnreadableSheet, match="not a list in CSV"):
        read_roster(mark + f"{HEADINGS}\nA\x00,a@x.example,Powys,cy\n".encode())
    with pytest.raises(UnreadableSheet, match="not a list in CSV"):
        read_roster(f"{HEADINGS}\nA\x00,a@x.example,Powys,cy\n".encode("utf-16"))


def test_what_cannot_be_seen_is_not_kept():
    row = "\u202aSi\x1bân\u200b \u00adŴyn\x07,\u202aa@x.example\u202c,\u200ePowys,cy"
    entry = roster(row).entries[0]
    assert (entry.name, entry.email) == ("Siân Ŵyn", "a@x.example")


def test_the_address_of_an_lms_is_an_origin_as_browsers_write_it():
    headings = HEADINGS + ",LMS,LMS id"
    good = roster("A,a@x.example,Powys,cy,HTTPS://LMS.Council.example:443/,a|7", headings).entries[0]
    assert good.identifiers[1] == ("account", "account|https://lms.council.example|a|7")
    for wrong in ("https://lms.council.example/moodle", "https://lms|x", "lms.council.example"):
        assert "address of an LMS" in roster(f"A,a@x.example,Powys,cy,{wrong},7", headings).bad[0].problems[0]


def test_a_council_and_a_code_that_differ_are_told():
    headings = HEADINGS + ",GSS code"
    assert roster("A,a@x.example,Powys,cy,W06000023", headings).entries
    assert "two different councils" in roster("A,a@x.example,Powys,cy,W06000015", headings).bad[0].problems[0]


def test_an_account_is_shown_whole(filled, lead):
    person, _ = filled.add_person()
    with writing(filled.engine) as connection:
        stored_people.identify(connection, person, [("account", "account|https://lms.example|a|b")], filled.clock.now)
    assert "a|b." in lead.get(f"/residentials/coed/people/{person}").text


def test_a_long_roster_comes_in_with_a_few_commands(filled, lead, token):
    rows = "".join(f"P {number},p{number}@y.example,Powys,cy\n" for number in range(300))
    data = {"form_token": token(lead), "roster": (io.BytesIO(f"{HEADINGS}\n{rows}".encode()), "list.csv")}
    where = lead.post("/residentials/coed/roster", data=data).headers["Location"]
    asked = []
    event.listen(filled.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    assert lead.post(where, data={"form_token": token(lead)}).status_code == 302
    assert len(asked) < 30
    with reading(filled.engine) as connection:
        assert len(stored_people.who_is_on(connection, "coed", filled.clock.now)) == 300
