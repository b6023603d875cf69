"""The agents resource: a Person, with every name that statements called the agent by."""

import json

import pytest

SIAN = {"mbox": "mailto:sian@cyngor.example"}


@pytest.fixture
def person(xapi):
    """``person(agent)`` -> what the agents resource answers."""
    return lambda agent=SIAN: xapi.get("/xapi/agents", agent=json.dumps(agent))


def test_a_person_has_each_name_once_in_order(person, xapi, statement):
    for name in ("Siân Ŵyn", "Siân", "Siân"):
        xapi.post(statement(actor=SIAN | {"name": name}))
    answer = person(SIAN | {"name": "Somebody", "objectType": "Agent"})
    assert answer.json == {"objectType": "Person", "name": ["Siân", "Siân Ŵyn"], "mbox": [SIAN["mbox"]]}


@pytest.mark.parametrize(
    "agent",
    [
        SIAN,
        {"mbox_sha1sum": "0" * 40},
        {"openid": "https://sian.example/"},
        {"account": {"homePage": "https://lms.example", "name": "siân|ŵ"}},
    ],
    ids=lambda agent: next(iter(agent)),
)
def test_somebody_never_heard_of_is_a_person_with_the_identifier_that_was_asked(person, agent):
    assert person(agent).json == {"objectType": "Person"} | {name: [value] for name, value in agent.items()}


def test_only_who_may_define_names_people(person, xapi_as, key, statement):
    xapi_as(key("statements/write")).post(statement(actor=SIAN | {"name": "Nobody"}))
    assert "name" not in person().json


def test_the_parameter_is_read_strictly(xapi, person):
    for query in ({}, {"agent": ""}, {"agent": "{"}, {"agent": "[]"}, {"agent": json.dumps(SIAN), "other": "1"}):
        assert xapi.get("/xapi/agents", **query).status_code == 400
    for agent in ({}, {"mbox": "sian"}, SIAN | {"openid": "x:y"}, {"objectType": "Group", "member": [SIAN]}):
        answer = person(agent)
        assert answer.status_code == 400
        assert answer.json["error"]["where"].split("/")[0] == "agent"


def test_a_head_is_a_get_without_a_body(xapi):
    answer = xapi.client.head("/xapi/agents", query_string={"agent": json.dumps(SIAN)}, headers=xapi.headers)
    assert (answer.status_code, answer.data) == (200, b"")
