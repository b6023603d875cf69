"""The page of what keys were refused: for leads, in both languages, and harmless whatever a label says."""

import base64

import pytest

from lrs.storage import keys
from lrs.storage.database import writing


@pytest.fixture
def provider(empty, app):
    """``provider(label)`` -> a function that has a key with that label refused something."""

    def made(label):
        with writing(empty.engine) as connection:
            new = keys.create(connection, label, ["statements/write"], empty.clock.now)
        pair = base64.b64encode(f"{new.key}:{new.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}
        client = app.test_client()
        client.post("/xapi/statements", json={"actor": {"mbox": "mailto:sian@cyngor.example"}}, headers=headers)
        return new.key

    return made


def test_a_lead_sees_each_key_and_why_it_was_refused(lead, provider, page):
    provider("Learning <Pool>")
    second = provider("Canolfan")
    answer = lead.get("/refusals")
    assert answer.status_code == 200
    text = "".join(page(answer).find(".//main").itertext())
    for words in ("Learning <Pool>", "Canolfan", "verb is required", "/verb", "nothing", "Data 2.4"):
        assert words in text
    assert "sian" not in text
    chosen = page(lead.get(f"/refusals?key={second}")).find(".//h2[@id='told-h']")
    assert "Canolfan" in "".join(chosen.itertext())
    lead.get("/?lang=cy")
    assert "Beth a wrthodwyd" in lead.get("/refusals").get_data(as_text=True)


def test_there_may_be_nothing_to_see(lead, page):
    assert "No key was refused anything of late." in "".join(page(lead.get("/refusals")).find(".//main").itertext())
    assert page(lead.get("/refusals?key=unknown")).find(".//table") is None


def test_a_link_officer_does_not_see_it(app, empty):
    client = app.test_client()
    empty.sign_in(client, role="link", authority="W06000015")
    assert client.get("/refusals").status_code == 403
    assert "/refusals" not in client.get("/").get_data(as_text=True)
    assert app.test_client().get("/refusals").status_code == 401
