"""Scopes: each lets a key do what its line of help says, at every resource, and nothing else."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lrs.cli import main
from lrs.storage.keys import SCOPES

AGENT = json.dumps({"mbox": "mailto:a@b.example"})
DOCUMENTS = {
    "state": f"/xapi/activities/state?activityId=x:y&agent={AGENT}&stateId=s",
    "activity profile": "/xapi/activities/profile?activityId=x:y&profileId=p",
    "agent profile": f"/xapi/agents/profile?agent={AGENT}&profileId=p",
}
READS, WRITES = ("GET", "HEAD"), ("PUT", "POST", "DELETE")
# What may be done at all, as resource and method.
EVERYTHING = (
    {("statements", method) for method in (*READS, "PUT", "POST")}
    | {(resource, method) for resource in ("activities", "agents") for method in READS}
    | {(resource, method) for resource in DOCUMENTS for method in (*READS, *WRITES)}
)
READING = {one for one in EVERYTHING if one[1] in READS}
MAY = {
    "statements/write": {("statements", "PUT"), ("statements", "POST")},
    "statements/read/mine": {("statements", method) for method in READS},
    "statements/read": {(resource, method) for resource in ("statements", "activities", "agents") for method in READS},
    "state": {one for one in EVERYTHING if one[0] == "state"},
    "profile": {one for one in EVERYTHING if one[0].endswith("profile")},
    "define": set(),
    "readiness": set(),
    "all/read": READING,
    "all": EVERYTHING,
}


@pytest.fixture
def allowed(client, statement):
    """``allowed(headers)`` -> what a key with these headers gets to do, as resource and method."""

    def asked(headers):
        for resource, method in sorted(EVERYTHING):
            one = statement()
            path = {
                "statements": "/xapi/statements" + (f"?statementId={one['id']}" if method == "PUT" else ""),
                "activities": "/xapi/activities?activityId=x:y",
                "agents": f"/xapi/agents?agent={AGENT}",
            }.get(resource) or DOCUMENTS[resource]
            body = one if resource == "statements" else {"a": 1}
            answer = client.open(
                path,
                method=method,
                headers=headers | {"If-None-Match": '"x"'},
                json=body if method in ("PUT", "POST") else None,
            )
            assert answer.status_code in (200, 204, 403, 404), (resource, method, answer.text)
            if answer.status_code != 403:
                yield resource, method

    return asked


def test_the_table_speaks_of_every_scope():
    assert set(MAY) == set(SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_allows_what_it_says_and_nothing_else(allowed, key, scope):
    assert set(allowed(key(scope))) == MAY[scope]


def test_a_refusal_names_the_scopes_that_would_do(client, key):
    answer = client.get(DOCUMENTS["state"], headers=key("profile"))
    assert answer.status_code == 403
    assert answer.json["error"]["what"].endswith("that takes the scope state or all/read or all")


def test_a_launch_token_writes_statements_and_does_nothing_else(allowed, client, course):
    launched = client.post(
        "/launch/packages/0123456789abcdef",
        json={"learner": "1", "registration": "4d1f1e0a-5e1c-4a36-9a3b-0c6f4d8f9a11"},
        headers={"Origin": "https://lms.example"},
    )
    headers = {
        "Authorization": f"Bearer {launched.json['token']}",
        "X-Experience-API-Version": "1.0.3",
        "Origin": "https://lms.example",
    }
    paths = [("GET", path) for path in (*DOCUMENTS.values(), "/xapi/activities?activityId=x:y", "/xapi/statements")]
    paths += [(method, path) for method in WRITES for path in DOCUMENTS.values()]
    for method, path in paths:
        assert client.open(path, method=method, headers=headers, json={}).status_code == 403, (method, path)


def test_the_command_offers_each_scope_with_its_line_of_help():
    words = CliRunner().invoke(main, ["key", "create", "--help"]).output
    for scope, help_ in SCOPES.items():
        assert f"{scope} " in words
        assert help_.split("; ")[0] in " ".join(words.split())


def test_the_document_for_operators_names_each_scope():
    text = (Path(__file__).parents[2] / "docs" / "operators.md").read_text("utf-8")
    for scope in SCOPES:
        assert f"| `{scope}` |" in text
