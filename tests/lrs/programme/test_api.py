"""The programme's JSON interface: what it tells, to whom, and that it tells it as its description says."""

import base64
from datetime import timedelta

import jsonschema_rs
import pytest

from lrs.storage import keys, merges
from lrs.storage.database import reading, writing

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
API = "/api/v1"
PEOPLE = f"{API}/residentials/coed/people"


@pytest.fixture
def with_key(filled, clock):
    """``with_key(scope)`` -> the headers of a program that has a key with that scope."""

    def made(scope="readiness"):
        with writing(filled.engine) as connection:
            key = keys.create(connection, "Report", [scope], clock.now)
        pair = base64.b64encode(f"{key.key}:{key.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    return made


@pytest.fixture
def described(client):
    return client.get(f"{API}/openapi.json").json


@pytest.fixture
def as_described(described):
    """``as_described(path, answer)`` -> the answer's JSON, checked against the description of that path."""

    def checked(path, answer):
        told = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.validator_for({**told, "components": described["components"]}).validate(answer.json)
        return answer.json

    return checked


@pytest.fixture
def story(filled, clock, lead, token):
    """Somebody ready in part by decision, somebody who failed a module, and somebody silent of another council."""
    yesterday = clock.now - timedelta(days=1)
    ready, email = filled.add_person("Siân Tŷ")
    for module in ("m1", "m2"):
        filled.send(email, "completed", module, yesterday)
    decision = {"form_token": token(lead), "kind": "count", "module": "m3", "reason": "record-seen"}
    assert lead.post(f"/residentials/coed/people/{ready}/decisions", data=decision).status_code == 302
    failed, email = filled.add_person("Owen", language="en")
    filled.send(email, "failed", "m1", yesterday)
    silent, _ = filled.add_person("Ŵyn", "W06000002")
    return ready, failed, silent


def test_every_answer_is_what_the_description_says(story, with_key, client, as_described):
    headers = with_key()
    listed = as_described("/residentials", client.get(f"{API}/residentials", headers=headers))
    (one,) = listed["residentials"]
    assert one["title"] == {"cy": "Coed, Rhagfyr 2026", "en": "Coed, December 2026"}
    assert (one["people"], one["counts"]["ready"], one["cut-off"]) == (3, 1, "2026-11-27")
    alone = as_described("/residentials/{cohort}", client.get(f"{API}/residentials/coed", headers=headers))
    assert alone["residential"] == one
    told = as_described("/residentials/{cohort}/people", client.get(PEOPLE, headers=headers))
    assert [person["name"] for person in told["people"]] == ["Owen", "Siân Tŷ", "Ŵyn"]
    for person in story:
        answer = client.get(f"{PEOPLE}/{person}", headers=headers)
        assert answer.headers["Cache-Control"] == "no-store"
        as_described("/residentials/{cohort}/people/{person}", answer)


def test_a_person_comes_with_reason_and_evidence_in_both_languages(story, with_key, client):
    ready, failed, _ = story
    headers = with_key()
    told = client.get(f"{PEOPLE}/{ready}", headers=headers).json["person"]
    assert (told["status"], told["reason"], told["missing"]) == ("ready", "by-decision", [])
    assert told["why"]["en"] == "By decision: Certificate or record seen"
    assert told["why"]["cy"] != told["why"]["en"]
    assert told["evidence"]["done"]["m1"]["grade"] == "asserted"
    assert told["evidence"]["done"]["m1"]["statement"]
    assert told["evidence"]["done"]["m3"]["reason"] == "record-seen"
    told = client.get(f"{PEOPLE}/{failed}", headers=headers).json["person"]
    assert told["done"] == []
    assert [one["why"] for one in told["evidence"]["not-counted"]] == ["failed"]


def test_as_at_leaves_out_what_came_later(story, with_key, client, clock):
    ready, _, _ = story
    headers = with_key()
    before = (clock.now - timedelta(days=2)).isoformat()
    told = client.get(f"{PEOPLE}/{ready}", query_string={"as-at": before}, headers=headers).json
    assert (told["as-at"], told["person"]["done"]) == (before, [])
    later = client.get(PEOPLE, query_string={"as-at": "2030-01-01"}, headers=headers).json
    assert later["as-at"] == clock.now.isoformat()


@pytest.mark.parametrize("query", ["as-at=yesterday", "as-at=", "status=happy", "page=2", "as-at=2026-11-20T10:00"])
def test_what_is_not_understood_is_refused_by_name(story, with_key, client, query):
    answer = client.get(f"{PEOPLE}?{query}", headers=with_key())
    assert answer.status_code == 400
    assert answer.json["error"]["where"] == query.split("=")[0]


def test_people_are_chosen_by_status_and_authority(story, with_key, client):
    headers = with_key()
    for query, names in (("status=ready", ["Siân Tŷ"]), ("authority=W06000002", ["Ŵyn"]), ("status=on-track", [])):
        told = client.get(f"{PEOPLE}?{query}", headers=headers).json
        assert [person["name"] for person in told["people"]] == names


def test_records_made_one_are_told_as_described(story, filled, with_key, client, as_described, clock):
    one, other, _ = story
    with writing(filled.engine) as connection:
        merges.merge(connection, one, other, "lead", clock.now, clock.now.date())
    told = as_described("/merges", client.get(f"{API}/merges", headers=with_key()))
    assert told["merges"] == [{"from_id": other, "to_id": one, "changed_at": clock.now.isoformat()}]
    assert client.get(f"{API}/merges?as-at=2020-01-01", headers=with_key()).json["merges"] == []


def addresses(person):
    return [f"{API}/merges", f"{API}/residentials", f"{API}/residentials/coed", PEOPLE, f"{PEOPLE}/{person}"]


def test_only_a_key_of_its_own_scope_reads_it_and_reads_nothing_else(story, with_key, client):
    for path in addresses(story[0]):
        assert client.get(path).status_code == 401, path
        assert client.get(path, headers={"Authorization": "Basic eDp5"}).status_code == 401, path
        assert client.get(path, headers={"Authorization": "Basic \xe9"}).status_code == 401, path
        for scope in ("all", "all/read", "statements/read"):
            answer = client.get(path, headers=with_key(scope))
            assert (answer.status_code, answer.mimetype) == (403, "application/json"), (path, scope)
            assert answer.json["error"]["what"].endswith("that takes the scope readiness")
        assert client.post(path, headers=with_key()).status_code == 405, path
    mine = {**with_key(), "X-Experience-API-Version": "1.0.3"}
    assert client.get("/xapi/statements", headers=mine).status_code == 403
    assert client.get("/residentials/coed", headers=mine).status_code == 401


def test_a_link_officer_is_told_of_their_own_council_alone(story, filled, app):
    ready, _, silent = story
    client = app.test_client()
    filled.sign_in(client, "link", "W06000002")
    assert [one["name"] for one in client.get(PEOPLE).json["people"]] == ["Ŵyn"]
    assert client.get(f"{PEOPLE}?authority=W06000015").json["people"] == []
    assert client.get(f"{API}/residentials").json["residentials"][0]["people"] == 1
    assert client.get(f"{PEOPLE}/{silent}").status_code == 200
    answer = client.get(f"{PEOPLE}/{ready}")
    assert (answer.status_code, "Siân" in answer.text) == (404, False)


def test_what_is_not_there_is_said_in_json(story, with_key, client):
    headers = with_key()
    for path in (f"{API}/residentials/x", f"{API}/residentials/x/people", f"{PEOPLE}/x", f"{API}/x"):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (404, "application/json"), path


def test_each_request_about_people_leaves_a_trail(story, filled, with_key, client):
    headers = with_key()
    client.get(PEOPLE, headers=headers)
    client.get(f"{PEOPLE}/{story[0]}", headers=headers)
    with reading(filled.engine) as connection:
        asked = "SELECT \"user\", action, subject, detail FROM audit WHERE action = 'api' ORDER BY id"
        trail = list(map(tuple, connection.exec_driver_sql(asked)))
    assert trail == [("key Report", "api", "coed", "3 people"), ("key Report", "api", story[0], "coed")]


def test_the_description_is_open_to_all_and_of_every_address(app, described):
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    offered = {rule.removeprefix(API).replace("<", "{").replace(">", "}") for rule in rules}
    assert set(described["paths"]) == offered - {"/openapi.json"}
    assert described["servers"] == [{"url": API}]
