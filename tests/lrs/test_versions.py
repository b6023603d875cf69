"""One server for xAPI 1.0.3 and 2.0.0: the request's header decides what is taken, and what the answer says."""

import uuid

import pytest

from lrs.rules.errors import InvalidStatement
from lrs.rules.statements import checked
from lrs.rules.versions import XAPI_1, XAPI_2

HEADER = "X-Experience-API-Version"
SIAN = {"mbox": "mailto:sian@cyngor.example"}
BASE = {"actor": SIAN, "verb": {"id": "x:v"}, "object": {"id": "x:a"}}
AGENT = {"objectType": "contextAgent", "agent": SIAN}
GROUP = {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [SIAN]}}


@pytest.fixture
def xapi_2(xapi_as, xapi):
    """A client that speaks xAPI 2.0.0 with a key that may do everything."""
    return xapi_as({**xapi.headers, HEADER: "2.0.0"})


@pytest.mark.parametrize(
    ("version", "status", "answered"),
    [
        ("1.0", 200, "1.0.3"),
        ("1.0.0", 200, "1.0.3"),
        ("1.0.2", 200, "1.0.3"),
        ("1.0.9", 200, "1.0.3"),
        ("2.0", 200, "2.0.0"),
        ("2.0.0", 200, "2.0.0"),
        ("2.0.7", 200, "2.0.0"),
        ("1.1.0", 400, "1.0.3"),
        ("0.95", 400, "1.0.3"),
        ("2.1.0", 400, "2.0.0"),
        ("3.0.0", 400, "1.0.3"),
        ("1.0.x", 400, "1.0.3"),
        ("", 400, "1.0.3"),
    ],
)
def test_the_header_decides_and_the_answer_has_its_own(xapi, statement, version, status, answered):
    answer = xapi.post(statement(), **{HEADER: version})
    assert answer.status_code == status
    assert answer.headers[HEADER] == answered


def test_without_the_header_a_request_is_of_a_version_that_had_none(xapi, client):
    headers = {"Authorization": xapi.headers["Authorization"]}
    answer = client.get("/xapi/statements", headers=headers)
    assert (answer.status_code, answer.headers[HEADER]) == (400, "0.95")
    assert client.get("/xapi/about").headers[HEADER] == "2.0.0"
    assert client.get("/xapi/about", headers={HEADER: "1.0.2"}).headers[HEADER] == "1.0.3"


@pytest.mark.parametrize(("speaks", "default"), [("1.0.3", "1.0.0"), ("2.0.0", "2.0.0")])
def test_a_statement_without_version_gets_that_of_the_request(xapi_as, xapi, statement, speaks, default):
    speaking = xapi_as({**xapi.headers, HEADER: speaks})
    sent = statement()
    speaking.post(sent)
    assert speaking.get(statementId=sent["id"]).json["version"] == default


@pytest.mark.parametrize(
    ("version", "first", "second"),
    [
        ("1.0", True, True),
        ("1.0.0", True, True),
        ("1.0.2", True, True),
        ("1.0.9", True, True),
        ("2.0", False, True),
        ("2.0.0", False, True),
        ("1.1.0", False, False),
        ("0.9.9", False, False),
        ("2.1.0", False, False),
        ("3.0.0", False, False),
        ("1.0.0 ", False, False),
    ],
)
def test_which_versions_a_statement_may_say(version, first, second):
    assert accepted(BASE | {"version": version}, XAPI_1) is first
    assert accepted(BASE | {"version": version}, XAPI_2) is second


def test_a_statement_keeps_the_version_it_came_with(xapi, xapi_2, statement):
    old = statement(version="1.0.1")
    xapi_2.post(old)
    assert xapi.get(statementId=old["id"]).json["version"] == "1.0.1"


@pytest.mark.parametrize("name", ["contextAgents", "contextGroups"])
def test_context_agents_and_groups_are_of_2_0_alone(name):
    statement = BASE | {"context": {name: [AGENT if name == "contextAgents" else GROUP]}}
    assert refused(statement, XAPI_1) == f"/context/{name}"
    assert accepted(statement, XAPI_2)
    sub = BASE | {"object": {"objectType": "SubStatement", **statement}}
    assert refused(sub, XAPI_1) == f"/object/context/{name}"
    assert accepted(sub, XAPI_2)


@pytest.mark.parametrize(
    ("context", "where"),
    [
        ({"contextAgents": AGENT}, "contextAgents"),
        ({"contextAgents": ["x"]}, "contextAgents/0"),
        ({"contextAgents": [AGENT, AGENT | {"objectType": "Agent"}]}, "contextAgents/1/objectType"),
        ({"contextAgents": [{"agent": SIAN}]}, "contextAgents/0/objectType"),
        ({"contextAgents": [{"objectType": "contextAgent"}]}, "contextAgents/0/agent"),
        ({"contextAgents": [AGENT | {"agent": {}}]}, "contextAgents/0/agent"),
        ({"contextAgents": [AGENT | {"agent": GROUP["group"]}]}, "contextAgents/0/agent/objectType"),
        ({"contextAgents": [AGENT | {"group": GROUP["group"]}]}, "contextAgents/0/group"),
        ({"contextAgents": [AGENT | {"relevantTypes": []}]}, "contextAgents/0/relevantTypes"),
        ({"contextAgents": [AGENT | {"relevantTypes": "x:t"}]}, "contextAgents/0/relevantTypes"),
        ({"contextAgents": [AGENT | {"relevantTypes": ["x:t", "t"]}]}, "contextAgents/0/relevantTypes/1"),
        ({"contextGroups": [GROUP | {"objectType": "contextAgent"}]}, "contextGroups/0/objectType"),
        ({"contextGroups": [{"objectType": "contextGroup"}]}, "contextGroups/0/group"),
        ({"contextGroups": [GROUP | {"group": SIAN}]}, "contextGroups/0/group/objectType"),
        ({"contextGroups": [GROUP | {"group": {"objectType": "Group"}}]}, "contextGroups/0/group/member"),
    ],
)
def test_context_agents_and_groups_are_checked(context, where):
    assert refused(BASE | {"context": context}, XAPI_2) == f"/context/{where}"


def test_context_agents_and_groups_are_found_as_related(xapi_2, statement):
    import json

    other = {"mbox": "mailto:llyr@cyngor.example"}
    number = xapi_2.post(
        statement(
            context={
                "contextAgents": [AGENT | {"relevantTypes": ["x:t"]}],
                "contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [other]}}],
            }
        )
    ).json[0]
    for actor in (SIAN, other):
        assert xapi_2.ids(agent=json.dumps(actor)) == []
        assert xapi_2.ids(agent=json.dumps(actor), related_agents="true") == [number]


@pytest.mark.parametrize(
    ("timestamp", "first", "second"),
    [
        ("2026-11-02T09:00:00Z", True, True),
        ("2026-11-02t09:00:00.123456z", True, True),
        ("2026-11-02 09:00:00+01:00", True, True),
        ("2026-11-02T09:00:00-05:00", True, True),
        ("2026-11-02T09:00:00", True, False),
        ("2026-11-02T09:00Z", True, False),
        ("2026-11-02T09:00:00,5Z", True, False),
        ("2026-11-02T09:00:00+01", True, False),
        ("2026-11-02T09:00:00+0100", True, False),
        ("2026-11-02T09:00:00-00:00", False, False),
        ("2026-02-30T09:00:00Z", False, False),
    ],
)
def test_1_0_3_takes_times_of_iso_8601_and_2_0_those_of_rfc_3339(timestamp, first, second):
    for where in ("timestamp", "stored"):
        assert accepted(BASE | {where: timestamp}, XAPI_1) is first
        assert accepted(BASE | {where: timestamp}, XAPI_2) is second


@pytest.mark.parametrize("name", ["extra", "Actor", "voided"])
def test_no_version_takes_what_it_does_not_name(name):
    for version in (XAPI_1, XAPI_2):
        assert refused(BASE | {name: 1}, version) == f"/{name}"


def test_a_batch_with_an_id_twice_is_refused_in_both(xapi, xapi_2, statement):
    twice = statement()
    for speaking in (xapi, xapi_2):
        answer = speaking.post([twice, twice | {"id": twice["id"].upper()}])
        assert (answer.status_code, answer.json["error"]["statement"]) == (400, 1)


@pytest.mark.parametrize(("short", "other"), [("PT1.12S", "PT1.13S"), ("PT1S", "PT1.01S"), ("PT1M", "PT2M")])
def test_durations_are_compared_to_hundredths_of_a_second(xapi_2, statement, short, other):
    sent = statement(result={"duration": short})
    xapi_2.post(sent)
    head, tail = short[:-1], short[-1]
    longer = f"{head}{'' if '.' in head else '.00'}9S" if tail == "S" else short
    assert xapi_2.post(sent | {"result": {"duration": longer}}).status_code == 200
    assert xapi_2.post(sent | {"result": {"duration": other}}).status_code == 409
    assert xapi_2.get(statementId=sent["id"]).json["result"]["duration"] == short


def test_what_either_version_stored_the_other_reads(xapi, xapi_2, statement):
    first, second = statement(), statement(context={"contextAgents": [AGENT]})
    xapi.post(first)
    xapi_2.post(second)
    assert xapi.ids() == xapi_2.ids() == [second["id"], first["id"]]
    assert xapi.get(statementId=second["id"]).json["context"] == second["context"]


def test_an_id_is_any_uuid(xapi_2, statement):
    assert xapi_2.post(statement(id=str(uuid.uuid1()))).status_code == 200


def accepted(statement, version):
    try:
        checked(statement, version)
    except InvalidStatement:
        return False
    return True


def refused(statement, version):
    with pytest.raises(InvalidStatement) as error:
        checked(statement, version)
    return error.value.where
