"""Who may look: one-time links, sessions, forged forms, and link officers kept to their own council."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from lrs import signin
from lrs.storage import users
from lrs.storage.database import reading, writing

OPEN = {
    "/sign-in", "/sign-in/<token>", "/sign-in/organisation", "/sign-in/organisation/back", "/style-<digest>.css",
    "/privacy", "/accessibility", "/certificates", "/certificates/<code>",
}  # fmt: skip


def new_link(store, email="lead@council.example"):
    with writing(store.engine) as connection:
        user = users.user_with_email(connection, email) or users.add_user(
            connection, email, "Mair", "lead", None, store.clock.now
        )
        return "/sign-in/" + signin.new_link(connection, user, store.clock.now)


def rows(store, query):
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_opening_a_link_spends_nothing_and_its_button_works_once(empty, app, page):
    link = new_link(empty)
    for _ in range(3):  # as a mail scanner would
        assert page(app.test_client().get(link)).find(".//main//button") is not None
    client = app.test_client()
    assert client.post(link).status_code == 302
    assert client.get("/").status_code == 200
    second = app.test_client()
    assert second.post(link).status_code == 410
    assert second.get(link).status_code == 410
    assert second.get("/").status_code == 401


def test_a_link_lasts_fifteen_minutes(empty, app, clock):
    link = new_link(empty)
    clock.now += timedelta(minutes=15)
    assert app.test_client().post(link).status_code == 410
    link = new_link(empty)
    clock.now += timedelta(minutes=15) - timedelta(seconds=1)
    assert app.test_client().post(link).status_code == 302


def test_links_that_are_over_are_forgotten_with_the_next(empty, clock):
    for _ in range(3):
        new_link(empty)
        clock.now += timedelta(minutes=15)
    assert rows(empty, "SELECT count(*) FROM signin_links") == [(1,)]


def test_a_session_ends_by_itself_and_by_signing_out(empty, lead, token, clock):
    copied = lead.get_cookie("ktb_session").value
    assert lead.post("/sign-out", data={"form_token": token(lead)}).status_code == 302
    assert lead.get("/").status_code == 401
    lead.set_cookie("ktb_session", copied)
    assert lead.get("/").status_code == 401
    empty.sign_in(lead)
    clock.now += timedelta(hours=10)
    assert lead.get("/").status_code == 401


def test_no_secret_lies_in_the_database_in_clear(empty, lead):
    link = new_link(empty).rsplit("/", 1)[1]
    session = lead.get_cookie("ktb_session").value
    kept = str(rows(empty, "SELECT * FROM signin_links")) + str(rows(empty, "SELECT * FROM sessions"))
    assert link not in kept
    assert session not in kept


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(empty, app):
    answer = app.test_client().post(new_link(empty))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = app.test_client().post(new_link(empty), base_url="https://store.example")
    assert "Secure" in secure.headers["Set-Cookie"]


def addresses(app, person="p", number="n"):
    """Every address of the programme with its methods, its parts filled in."""
    parts = {"cohort": "coed", "person_id": person, "number": number}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("programme."):
            path = re.sub(r"<(int:)?(\w+)>", lambda part: "1" if part[1] else parts.get(part[2], part[0]), rule.rule)
            yield rule.rule, path, rule.methods - {"HEAD", "OPTIONS"}


def test_without_a_session_every_address_answers_with_the_sign_in_page(filled, app, client, page):
    seen = 0
    for rule, path, methods in addresses(app):
        if rule in OPEN:
            continue
        for method in methods:
            answer = client.open(path, method=method)
            assert answer.status_code == 401, (method, path)
            assert page(answer).find(".//h1").text == "Sign in"
            seen += 1
    assert seen >= 12


def test_every_form_is_refused_without_its_token_or_from_another_site(filled, app, lead, token):
    mine = token(lead)
    seen = 0
    for _rule, path, methods in addresses(app):
        if "POST" not in methods:
            continue
        seen += 1
        assert lead.post(path).status_code == 403, path
        assert lead.post(path, data={"form_token": "0" * 64}).status_code == 403, path
        elsewhere = {"Origin": "https://elsewhere.example"}
        assert lead.post(path, data={"form_token": mine}, headers=elsewhere).status_code == 403, path
        cross = {"Sec-Fetch-Site": "cross-site"}
        assert lead.post(path, data={"form_token": mine}, headers=cross).status_code == 403, path
    assert seen >= 6


def test_the_token_of_one_session_is_no_use_in_another(filled, app, lead, token):
    other = app.test_client()
    filled.sign_in(other)
    assert other.post("/sign-out", data={"form_token": token(lead)}).status_code == 403


@pytest.fixture
def two_councils(filled, app):
    """Somebody of Cardiff, somebody of Gwynedd, and the link officer of Gwynedd."""
    cardiff, _ = filled.add_person("Caerdydd Caerdyddes", "W06000015")
    gwynedd, _ = filled.add_person("Gwynedd Gwyneddes", "W06000002")
    client = app.test_client()
    filled.sign_in(client, "link", "W06000002")
    return client, cardiff, gwynedd


def said_in(answer):
    """Whatever an answer says, be it a page or a file; of a workbook, what is packed in it."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        return "".join(pack.read(name).decode(errors="replace") for name in pack.namelist())


def test_a_link_officer_sees_their_own_council_and_no_other_at_every_address(two_councils, app, page):
    client, cardiff, gwynedd = two_councils
    seen = set()
    for person in (cardiff, gwynedd):
        for _rule, path, methods in addresses(app, person):
            if "GET" in methods:
                answer = client.get(path)
                assert "Caerdyddes" not in said_in(answer), path
                seen.add((path, answer.status_code))
    assert (f"/residentials/coed/people/{gwynedd}", 200) in seen
    assert (f"/residentials/coed/people/{cardiff}", 404) in seen
    board = page(client.get("/residentials/coed"))
    assert sum(int(one.text) for one in board.findall(".//ul[@class='counts']/li/a/b")) == 1
    assert "Cardiff" not in "".join(board.find(".//main").itertext())


def test_a_link_officers_filters_and_export_reach_no_other_council(two_councils):
    client, _, _ = two_councils
    exported = client.get("/residentials/coed/people.csv?council=W06000015").text
    assert len(list(csv.reader(io.StringIO(exported)))) == 1
    assert "Caerdyddes" not in client.get("/residentials/coed?council=W06000015&name=caerdydd").text


def test_a_link_officer_changes_nothing_but_may_nominate(two_councils, app, token):
    client, _, gwynedd = two_councils
    mine = token(client)
    for _rule, path, methods in addresses(app, gwynedd):
        if "POST" in methods and not path.startswith("/sign") and "/nominate" not in path:
            assert client.post(path, data={"form_token": mine}).status_code == 403, path
    assert client.get("/residentials/new").status_code == 403
    assert client.get("/residentials/coed/roster").status_code == 403


def test_somebody_who_moves_is_no_longer_seen_by_the_old_council(two_councils, filled, clock):
    from lrs.storage import people

    client, _, gwynedd = two_councils
    with writing(filled.engine) as connection:
        people.appoint(connection, gwynedd, "W06000015", "", clock.now)
    assert client.get(f"/residentials/coed/people/{gwynedd}").status_code == 404


def test_looking_exporting_deciding_and_signing_in_leave_a_trail(filled, app, token):
    person, _ = filled.add_person()
    client = app.test_client()
    email = filled.sign_in(client)
    client.get(f"/residentials/coed/people/{person}")
    client.get("/residentials/coed/people.csv")
    decision = {"form_token": token(client), "kind": "count", "module": "", "reason": "record-seen"}
    assert client.post(f"/residentials/coed/people/{person}/decisions", data=decision).status_code == 302
    trail = rows(filled, 'SELECT "user", action, subject FROM audit ORDER BY id')
    assert trail == [
        (email, "sign-in", email),
        (email, "look", person),
        (email, "export", "coed"),
        (email, "decide", person),
    ]


def test_a_stranger_person_leaves_no_trail(filled, lead):
    assert lead.get("/residentials/coed/people/nobody").status_code == 404
    assert rows(filled, "SELECT count(*) FROM audit WHERE action = 'look'") == [(0,)]


def test_pages_are_kept_by_no_cache_and_the_stylesheet_for_a_year(lead):
    answer = lead.get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = lead.get(re.search(r"/style-\w+\.css", answer.text)[0])
    assert "max-age=31536000" in sheet.headers["Cache-Control"]
    assert "max-age=60" in lead.get("/style-old.css").headers["Cache-Control"]
