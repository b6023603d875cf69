"""The OpenAPI description: served to anyone, and of the addresses, methods and parameters that there are."""

import pytest

from lrs.xapi import description, documents, parameters


@pytest.fixture
def described(client):
    answer = client.get("/xapi/openapi.json")
    assert answer.mimetype == "application/json"
    return answer.json


def methods(rule):
    return {method.lower() for method in rule.methods} - {"head", "options"}


def test_it_describes_every_address_and_method_and_no_other(app, described):
    offered = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("xapi.") and rule.endpoint not in ("xapi.nothing", "xapi.description"):
            offered.setdefault(rule.rule.removeprefix("/xapi"), set()).update(methods(rule))
    assert {path: set(operations) for path, operations in described["paths"].items()} == offered


def resolved(described, one):
    while "$ref" in one:
        place = described
        for step in one["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        one = place
    return one


def test_every_reference_leads_somewhere(described):
    def walk(value):
        if isinstance(value, dict):
            if "$ref" in value:
                assert resolved(described, value)
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(described)
    assert described["openapi"] == "3.1.0"


def query_of(described, path, method):
    several = described["paths"][path][method]["parameters"]
    return {one["name"] for one in (resolved(described, one) for one in several) if one["in"] == "query"}


def test_it_names_the_parameters_that_are_read(described):
    assert query_of(described, "/statements", "get") == {*parameters.FILTERS, *parameters.IDS, *parameters.SHAPE}
    for resource in documents.RESOURCES:
        known = {*resource.about, *resource.optional, resource.name}
        assert query_of(described, resource.path, "put") == known
        assert query_of(described, resource.path, "get") == known | {"since"}


def test_it_is_read_from_the_disk_once(client, monkeypatch, tmp_path):
    client.get("/xapi/openapi.json")
    monkeypatch.setattr(description, "PLACE", tmp_path / "gone")
    assert client.get("/xapi/openapi.json").status_code == 200
