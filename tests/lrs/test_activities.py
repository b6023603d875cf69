"""The activities resource: everything that is known of an activity, from those who may say it."""

import pytest

ACTIVITY = "https://ktb.vsc.example/knowing-the-business/modules/safeguarding"


@pytest.fixture
def known(xapi):
    """``known(iri)`` -> what the activities resource answers."""
    return lambda iri=ACTIVITY: xapi.get("/xapi/activities", activityId=iri)


def about(**definition):
    return {"id": ACTIVITY, "definition": definition}


def test_what_several_statements_say_is_gathered(known, xapi, statement):
    question = {"interactionType": "choice", "choices": [{"id": "a", "description": {"en": "A"}}]}
    xapi.post(statement(object=about(name={"cy": "Diogelu"}, type="https://w3id.org/xapi/a", **question)))
    xapi.post(statement(object=about(name={"en-GB": "Safeguarding"}, extensions={"x:y": [1]})))
    answer = known()
    assert answer.json == {
        "objectType": "Activity",
        "id": ACTIVITY,
        "definition": {
            "name": {"cy": "Diogelu", "en-GB": "Safeguarding"},
            "type": "https://w3id.org/xapi/a",
            "extensions": {"x:y": [1]},
        }
        | question,
    }
    assert xapi.client.head("/xapi/activities", query_string={"activityId": ACTIVITY}, headers=xapi.headers).data == b""


def test_a_name_said_later_takes_the_place_of_an_earlier_one(known, xapi, statement):
    for name in ("Diogelu plant", "Diogelu"):
        xapi.post(statement(object=about(name={"cy": name})))
    assert known().json["definition"] == {"name": {"cy": "Diogelu"}}


def test_an_activity_of_which_nothing_is_known_is_an_activity_all_the_same(known):
    assert known("x:never-seen").json == {"objectType": "Activity", "id": "x:never-seen"}


def test_only_who_may_define_changes_what_is_known(known, xapi, xapi_as, key, statement):
    xapi_as(key("statements/write")).post(statement(object=about(name={"cy": "Drwg"})))
    assert "definition" not in known().json
    xapi_as(key("statements/write", "define")).post(statement(object=about(name={"cy": "Da"})))
    xapi_as(key("statements/write")).post(statement(object=about(name={"cy": "Drwg"})))
    assert known().json["definition"] == {"name": {"cy": "Da"}}


def test_the_parameter_is_read_strictly(xapi):
    for query in ({}, {"activityId": ""}, {"activityId": "no iri"}, {"activityId": "x:y", "other": "1"}):
        assert xapi.get("/xapi/activities", **query).status_code == 400


def test_other_methods_are_not_offered(xapi):
    for method in ("POST", "PUT", "DELETE"):
        answer = xapi.client.open("/xapi/activities?activityId=x:y", method=method, headers=xapi.headers)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
