"""Signing in with an organisation's own account: against a real provider, and against one that lies."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import text

from lrs import config, create_app
from lrs.programme import oidc
from lrs.storage import users
from lrs.storage.database import reading, writing

sys.path.insert(0, str(Path(__file__).parent))
from provider import REAL, Liar

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
GROUPS = {
    "KTB_OIDC_LEAD_GROUPS": "leads, bosses",
    "KTB_OIDC_LINK_GROUPS": "link-gwynedd=W06000002,link-powys=W06000023",
}


@pytest.fixture(scope="session")
def provider():
    """The address of a real provider, which anybody may tell of users."""
    with subprocess.Popen(
        [sys.executable, "-c", REAL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield f"http://localhost:{process.stdout.readline().strip()}"
        process.stdin.close()


@pytest.fixture
def liar():
    """A provider that lies once it has a ``flaw``."""
    made = Liar()
    made.released = threading.Event()
    yield made
    made.released.set()
    made.stop()


@pytest.fixture
def store_for(store_url, clock, request):
    """``store_for(issuer, **settings)`` -> the application with that sign-in."""
    made = []

    def store(issuer, **settings):
        given = {"KTB_DATABASE_URL": store_url, "KTB_OIDC_ISSUER": issuer, "KTB_OIDC_CLIENT_ID": "store", **settings}
        given.setdefault("KTB_OIDC_CLIENT_SECRET", "" if "liar" in request.fixturenames else "secret")
        made.append(create_app(given, clock))
        return made[-1]

    yield store
    for app in made:
        app.extensions["engine"].dispose()


def person(provider, sub, **claims):
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=10).raise_for_status()


def set_out(client):
    answer = client.get("/sign-in/organisation")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def signed_in_there(there, sub):
    """Where the provider sends somebody back to once they have said who they are."""
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_in(client, sub):
    back = urlsplit(signed_in_there(set_out(client), sub))
    return client.get(f"{back.path}?{back.query}")


def kept(app, email):
    with reading(app.extensions["engine"]) as connection:
        return users.user_with_email(connection, email)


def test_groups_say_who_leads_and_who_sees_which_council(store_for, provider, empty, page):
    app = store_for(provider, **GROUPS)
    person(provider, "a", email="Lead@college.example", name="Arweinydd", groups=["staff", "bosses"])
    person(provider, "b", email="link@powys.example", groups="link-powys")
    lead, officer = app.test_client(), app.test_client()
    answer = come_in(lead, "a")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert lead.get("/users").status_code == 200
    assert come_in(officer, "b").status_code == 302
    assert officer.get("/users").status_code == 403
    user = kept(app, "link@powys.example")
    assert (user.role, user.authority, user.subject) == ("link", "W06000023", f"{provider} b")
    with reading(app.extensions["engine"]) as connection:
        trail = connection.execute(text("SELECT action, detail FROM audit ORDER BY id")).all()
    assert [tuple(row) for row in trail] == [("sign-in", "by the organisation")] * 2


def test_what_groups_say_today_holds_today(store_for, provider, empty):
    app = store_for(provider, **GROUPS)
    person(provider, "c", email="c@council.example", groups=["leads"])
    first, second = app.test_client(), app.test_client()
    assert come_in(first, "c").status_code == 302
    person(provider, "c", email="c@council.example", groups=["link-gwynedd"])
    assert come_in(second, "c").status_code == 302
    assert first.get("/users").status_code == 403  # the other session is the same user's
    person(provider, "c", email="c@council.example", groups=["staff"])
    answer = come_in(app.test_client(), "c")
    assert answer.status_code == 403
    assert "None of your groups" in answer.text
    assert [one.get("/").status_code for one in (first, second)] == [401, 401]
    person(provider, "c", email="c@council.example", groups=["link-gwynedd", "link-powys"])
    assert "more than one council" in come_in(app.test_client(), "c").text


def test_people_are_known_again_by_their_subject_and_never_by_an_address_alone(store_for, provider, empty):
    app = store_for(provider, **GROUPS)
    with writing(app.extensions["engine"]) as connection:
        users.add_user(connection, "boss@college.example", "Boss", "lead", None, empty.clock.now)
    person(provider, "thief", email="boss@college.example", groups=["link-powys"])
    answer = come_in(app.test_client(), "thief")
    assert answer.status_code == 403
    assert "cannot tell that it is you" in answer.text
    assert kept(app, "boss@college.example").subject is None
    person(provider, "boss", email="boss@college.example", email_verified=True, groups=["leads"])
    assert come_in(app.test_client(), "boss").status_code == 302
    assert kept(app, "boss@college.example").subject == f"{provider} boss"
    person(provider, "thief", email="boss@college.example", email_verified=True, groups=["leads"])
    assert come_in(app.test_client(), "thief").status_code == 403  # an address that was given to somebody else


def test_without_groups_only_those_come_in_whom_a_lead_has_added(store_for, provider, empty, clock):
    app = store_for(provider, KTB_OIDC_TRUST_EMAIL="yes")
    person(provider, "d", email="d@council.example", groups=["leads"])
    assert "Ask a programme lead to add you" in come_in(app.test_client(), "d").text
    with writing(app.extensions["engine"]) as connection:
        made = users.add_user(connection, "d@council.example", "D", "link", "W06000002", clock.now)
    assert come_in(app.test_client(), "d").status_code == 302
    with writing(app.extensions["engine"]) as connection:
        known = users.user_called(connection, made.id)
        users.change_user(connection, known._replace(ends=(clock.now - timedelta(days=1)).date()))
    answer = come_in(app.test_client(), "d")
    assert answer.status_code == 403
    assert "no longer" in answer.text
    with reading(app.extensions["engine"]) as connection:
        assert connection.scalar(text("SELECT action FROM audit ORDER BY id DESC LIMIT 1")) == "sign-in refused"


def test_the_way_there_has_pkce_state_and_nonce_and_the_store_keeps_no_state_in_clear(store_for, provider, empty):
    app = store_for(provider, KTB_PUBLIC_URL="https://store.example")
    client = app.test_client()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(set_out(client)).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43 and len(asked["state"]) == 43 and len(asked["nonce"]) == 43
    assert (asked["response_type"], asked["client_id"]) == ("code", "store")
    assert asked["redirect_uri"] == "https://store.example/sign-in/organisation/back"
    assert "openid" in asked["scope"].split()
    with reading(app.extensions["engine"]) as connection:
        row = str(connection.execute(text("SELECT * FROM signin_attempts")).all())
    assert asked["state"] not in row and asked["nonce"] in row


def test_the_way_back_holds_once_in_one_browser_and_for_ten_minutes(store_for, provider, empty, clock):
    app = store_for(provider, **GROUPS)
    person(provider, "e", email="e@council.example", groups=["leads"])

    def back(client):
        there = urlsplit(signed_in_there(set_out(client), "e"))
        return f"{there.path}?{there.query}"

    mine, other = app.test_client(), app.test_client()
    address = back(mine)
    assert other.get(address).status_code == 403  # a link that somebody else began signs nobody in
    set_out(other)
    assert other.get(address).status_code == 403
    assert mine.get(address).status_code == 302
    again = mine.get(address)
    assert again.status_code == 403 and "Begin again" in again.text
    late = back(mine)
    clock.now += timedelta(minutes=10)
    assert mine.get(late).status_code == 403
    assert mine.get("/sign-in/organisation/back").status_code == 403


def test_a_no_of_the_provider_and_an_answer_in_anothers_name_let_nobody_in(store_for, provider, empty):
    client = store_for(provider, **GROUPS).test_client()
    for more in ("error=access_denied", "code=x&iss=https://elsewhere.example"):
        state = parse_qs(urlsplit(set_out(client)).query)["state"][0]
        answer = client.get(f"/sign-in/organisation/back?state={state}&{more}")
        assert answer.status_code == 403 and "did not let you in" in answer.text


FLAWS = [
    "token of another issuer", "token for another client", "token without an audience", "token of another attempt",
    "old token", "token about nobody", "token about a number", "unsigned token", "no token", "no keys",
    "signed with the public key as a secret", "signed with another key", "userinfo about somebody else",
]  # fmt: skip


def lied_to(app, liar):
    """The answer to somebody who comes back from the provider that lies, once it has told the store who they are."""
    client = app.test_client()
    there = parse_qs(urlsplit(set_out(client)).query)
    liar.nonce, liar.challenge = there["nonce"][0], there["code_challenge"][0]
    return client, client.get(f"/sign-in/organisation/back?state={there['state'][0]}&code=c")


def test_a_provider_without_a_flaw_is_believed_and_gets_the_verifier(store_for, liar, empty):
    client, answer = lied_to(store_for(liar.issuer, **GROUPS), liar)
    assert answer.status_code == 302
    assert client.get("/users").status_code == 200
    assert len(liar.asked[0]["code_verifier"][0]) == 43
    assert liar.asked[0]["redirect_uri"] == ["http://localhost/sign-in/organisation/back"]


def test_no_lie_lets_anybody_in(store_for, liar, empty, page):
    app = store_for(liar.issuer, **GROUPS)
    for flaw in FLAWS:
        liar.flaw = flaw
        client, answer = lied_to(app, liar)
        assert answer.status_code == 502, flaw
        assert "does not answer as it should" in page(answer).find(".//section[@role='alert']/p").text
        assert client.get("/").status_code == 401
    with reading(app.extensions["engine"]) as connection:
        assert connection.scalar(text("SELECT count(*) FROM users")) == 0


@pytest.mark.parametrize(
    "flaw", ["another issuer", "addresses of another kind", "elsewhere", "no JSON", "endless", "stalls"]
)
def test_a_provider_that_cannot_be_used_keeps_nobody_waiting(store_for, liar, empty, monkeypatch, flaw):
    monkeypatch.setattr(oidc, "WAIT", 0.2)
    liar.flaw = flaw
    client = store_for(liar.issuer).test_client()
    answer = client.get("/sign-in/organisation")
    assert answer.status_code == 502
    assert client.get("/sign-in").status_code == 200


def test_nothing_is_offered_where_no_sign_in_is_set_up(empty, client, store_for, provider):
    assert "organisation" not in client.get("/sign-in").text
    assert client.get("/sign-in/organisation").status_code == 404
    offered = store_for(provider).test_client().get("/sign-in").text
    assert 'href="/sign-in/organisation"' in offered


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KTB_OIDC_ISSUER", "http://login.example"),
        ("KTB_OIDC_ISSUER", "login.example"),
        ("KTB_OIDC_LINK_GROUPS", "powys"),
        ("KTB_OIDC_LINK_GROUPS", "powys=23"),
        ("KTB_OIDC_TRUST_EMAIL", "maybe"),
        ("KTB_OIDC_CLIENT_ID", ""),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_start(kind, name, value):
    good = {"KTB_OIDC_ISSUER": "https://login.example/t/v2.0", "KTB_OIDC_CLIENT_ID": "store"}
    assert config.read(good)
    with pytest.raises(config.ConfigError, match=name):
        config.read({**good, name: value})
