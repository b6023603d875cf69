"""A walk over every address of the store, without credentials and with each wrong role: 401, 403 or the sign-in page.

Whoever adds an address says here who may use it, or this walk fails.
"""

import base64
import re
from datetime import timedelta

import pytest

from lrs.storage import keys, users
from lrs.storage.database import writing

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
# Anybody may ask for these; what they answer names nobody.
OPEN = {
    "health.live", "health.ready", "xapi.show", "xapi.description", "xapi.nothing", "launch.nothing",
    "programme.stylesheet", "programme.privacy", "programme.accessibility", "programme.sign_in",
    "programme.open_link", "programme.spend_link", "programme.send_link", "programme.set_out", "programme.come_back",
    "programme.check", "programme.check_certificate", "api.description",
}  # fmt: skip
GUARDED_BY_ORIGIN = {"launch.launch"}
# A link officer may ask for these, about their own council; everything else is for programme leads alone.
OF_LINK_OFFICERS = {
    "programme.residentials", "programme.rules", "programme.residential_board", "programme.people_csv",
    "programme.people_xlsx", "programme.one_person", "programme.roster_template", "programme.sign_out",
    "programme.register_page", "programme.register_csv", "programme.register_xlsx", "programme.register_pdf",
    "programme.calendar_file", "programme.residential_places", "programme.nomination_form",
    "programme.send_nomination", "programme.send_list", "programme.nomination_preview",
    "programme.confirm_nominations", "programme.match_queue", "programme.chase", "programme.chase_file",
    "programme.grid", "programme.grid_file", "programme.one_council", "programme.languages", "programme.languages_file",
}  # fmt: skip


def addresses(app, **parts):
    """Every address with its endpoint and each of its methods, its parts filled in."""
    usual = {"cohort": "coed", "package": "0123456789abcdef", "rest": "nothing", "digest": "x", "token": "x"}
    known = {**usual, **parts}
    for rule in app.url_map.iter_rules():
        path = re.sub(
            r"<(?:(\w+):)?(\w+)>", lambda part: "1" if part[1] == "int" else known.get(part[2], "n"), rule.rule
        )
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, path


def refused(answer, page):
    """Whether the answer is a refusal and, for people, one that shows the way in or says so."""
    if answer.status_code not in (401, 403):
        return False
    if answer.mimetype == "text/html":
        return page(answer).find(".//h1").text in ("Sign in", "This is not yours to see")
    return answer.mimetype == "application/json" and "error" in answer.json


def walk(app, client, page, wanted, headers=(), **more):
    """Ask for everything that ``wanted(endpoint)`` lets through; what was not refused, and how much was asked."""
    let_in, asked = [], 0
    headers = {"X-Experience-API-Version": "1.0.3", "Origin": "http://localhost", **dict(headers)}
    for endpoint, method, path in addresses(app):
        if wanted(endpoint):
            asked += 1
            answer = client.open(path, method=method, headers=headers, **more)
            if not refused(answer, page):
                let_in.append((method, path, answer.status_code))
    return let_in, asked


def test_nobody_is_let_in_without_credentials(filled, app, client, page):
    let_in, asked = walk(app, client, page, lambda one: one not in OPEN | GUARDED_BY_ORIGIN)
    assert (let_in, asked > 60) == ([], True)


@pytest.mark.parametrize("cookie", ["x" * 43, "é"])
def test_nobody_is_let_in_by_an_invented_session(filled, app, client, page, cookie):
    client.set_cookie("ktb_session", cookie)
    let_in, _ = walk(app, client, page, lambda one: one.startswith("programme.") and one not in OPEN)
    assert let_in == []


def test_a_session_of_pages_opens_no_programming_interface(filled, app, lead, page):
    interface = ("xapi.", "launch.")
    let_in, asked = walk(app, lead, page, lambda one: one.startswith(interface) and one not in OPEN | GUARDED_BY_ORIGIN)
    assert (let_in, asked > 15) == ([], True)


@pytest.mark.parametrize("scope", ["all", "statements/write"])
def test_a_key_opens_no_page(filled, app, client, page, scope):
    with writing(filled.engine) as connection:
        made = keys.create(connection, "key", [scope], filled.clock.now)
    pair = base64.b64encode(f"{made.key}:{made.secret}".encode()).decode()
    of_programs = ("health.", "xapi.", "launch.")
    pages = [one for one in app.view_functions if not one.startswith(of_programs) and one not in OPEN]
    let_in, asked = walk(app, client, page, pages.__contains__, {"Authorization": f"Basic {pair}"})
    assert (let_in, asked > 30) == ([], True)


def test_a_link_officer_is_let_in_only_where_link_officers_are(filled, app, page, token):
    client = app.test_client()
    filled.sign_in(client, "link", "W06000002")
    form = {"form_token": token(client)}
    let_in, asked = walk(
        app,
        client,
        page,
        lambda one: one.startswith("programme.") and one not in OPEN | OF_LINK_OFFICERS,
        data=form,
    )
    assert (let_in, asked > 20) == ([], True)


@pytest.mark.parametrize(("role", "days"), [("link", (1, None)), ("link", (-9, 0)), ("lead", (None, -1))])
def test_nobody_is_let_in_before_their_first_day_or_after_their_last(filled, app, page, clock, role, days):
    client = app.test_client()
    email = filled.sign_in(client, role, "W06000002" if role == "link" else None)
    assert client.get("/residentials/coed").status_code == 200
    starts, ends = (None if day is None else clock.now.date() + timedelta(days=day) for day in days)
    with writing(filled.engine) as connection:
        user = users.user_with_email(connection, email)
        users.change_user(connection, user._replace(starts=starts, ends=ends))
    let_in, asked = walk(app, client, page, lambda one: one.startswith("programme.") and one not in OPEN)
    assert (let_in, asked > 20) == ([], True)


def test_what_is_open_to_all_names_nobody(filled, app, client):
    filled.add_person("Nemo Anhysbys")
    for endpoint, method, path in addresses(app):
        if endpoint in OPEN:
            answer = client.open(path, method=method)
            assert answer.status_code < 500, path
            assert "Anhysbys" not in answer.text, path
