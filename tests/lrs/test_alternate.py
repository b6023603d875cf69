"""The alternate request syntax of 1.0.3: a form sent by POST stands for any other request (Communication 1.3)."""

import json
import uuid
from urllib.parse import urlencode

import pytest

VERSION = "X-Experience-API-Version"


@pytest.fixture
def form(xapi):
    """``form(method, fields, **headers)`` -> the answer to a form; a header that is None is left out."""

    def sent(method, fields, path="/xapi/statements", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        whole = {name: value for name, value in (xapi.headers | kind | named).items() if value is not None}
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        return xapi.client.post(f"{path}?method={method}", data=body, headers=whole)

    return sent


def test_put_post_and_get(xapi, form, statement):
    first, second = statement(), statement()
    answer = form("PUT", {"statementId": first["id"], "content": json.dumps(first)})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers[VERSION] == "1.0.3"
    assert form("POST", {"content": json.dumps([second])}).json == [second["id"]]
    assert form("GET", {"statementId": first["id"]}).json == xapi.get(statementId=first["id"]).json
    page = form("GET", {"limit": "1"}).json
    assert [one["id"] for one in page["statements"]] == [second["id"]]
    assert xapi.get(page["more"]).json["statements"][0]["id"] == first["id"]
    assert "X-Experience-API-Consistent-Through" in form("GET", {}).headers


def test_headers_may_be_fields_and_win(xapi, form, statement):
    sent = statement()
    fields = {
        "statementId": sent["id"],
        "content": json.dumps(sent),
        VERSION: "1.0.3",
        "Authorization": xapi.headers["Authorization"],
        "Content-Type": "application/json",
        "Content-Length": "5",
    }
    bare = {"Authorization": None, VERSION.replace("-", "_"): None}
    assert form("PUT", fields, **bare).status_code == 204
    assert form("PUT", fields | {VERSION: "0.8"}).status_code == 400
    assert form("PUT", fields | {"Authorization": "Basic eDp5"}).status_code == 401
    assert form("PUT", fields | {"Content-Type": "text/plain"}).status_code == 400
    del fields["Authorization"]
    assert form("PUT", fields, **bare).status_code == 401


def test_conditions_of_a_document_are_fields_too(form):
    place = {"activityId": "x:a", "agent": '{"mbox":"mailto:a@b.example"}', "stateId": "s"}
    where = "/xapi/activities/state"
    kept = {**place, "content": "ŵ & = +%", "Content-Type": "text/plain; charset=utf-8"}
    assert form("PUT", kept, where).status_code == 204
    answer = form("GET", place, where)
    assert (answer.text, answer.headers["Content-Type"]) == ("ŵ & = +%", "text/plain; charset=utf-8")
    assert form("PUT", {**kept, "If-Match": '"another"'}, where).status_code == 412
    assert form("PUT", {**kept, "If-None-Match": "*"}, where).status_code == 412
    assert form("DELETE", place, where).status_code == 204
    assert form("GET", place, where).status_code == 404


def test_head_has_no_body(form, statement, xapi):
    xapi.post(statement())
    answer = form("HEAD", {})
    assert (answer.status_code, answer.data) == (200, b"")


def test_scopes_are_those_of_the_key(form, key):
    assert form("GET", {"Authorization": key("statements/write")["Authorization"]}).status_code == 403


@pytest.mark.parametrize(
    ("method", "fields", "status"),
    [
        ("PUT", {}, 400),
        ("PUT", {"statementId": str(uuid.UUID(int=1))}, 400),
        ("PUT", b"", 400),
        ("PUT", b'{"content":"x"}', 400),
        ("GET", b"a=%ff", 400),
        ("GET", "ŵ=1".encode(), 400),
        ("GET", b"a", 400),
        ("GET", b"limit=1&limit=2", 400),
        ("GET", b"&".join(b"a%d=1" % number for number in range(51)), 400),
        ("GET", {"content": "x"}, 400),
        ("GET", {"method": "GET"}, 400),
        ("GET", {"unknown": "1"}, 400),
        ("DELETE", {}, 405),
        ("PATCH", {}, 405),
        ("TRACE", {}, 405),
        ("", {}, 405),
        ("POST", {"content": "{"}, 400),
        ("POST", {"content": json.dumps({"actor": {}})}, 400),
    ],
)
def test_a_form_that_says_less_or_more_is_refused(form, rows, method, fields, status):
    answer = form(method, fields)
    assert answer.status_code == status
    assert set(answer.json["error"]) >= {"what", "where", "rule"}
    assert rows("SELECT count(*) FROM statements") == [(0,)]


def test_a_form_within_a_form_is_refused(form, statement):
    inner = {"Content-Type": "application/x-www-form-urlencoded", "content": "content=x"}
    assert form("POST", inner | {"method": "POST"}).status_code == 400
    assert form("POST", inner).status_code == 400


def test_everything_but_the_method_is_in_the_form(xapi, statement):
    sent = statement()
    body = urlencode({"content": json.dumps(sent)})
    headers = xapi.headers | {"Content-Type": "application/x-www-form-urlencoded"}
    for query in (f"method=PUT&statementId={sent['id']}", "method=PUT&method=POST", "method=GET&x=1"):
        assert xapi.client.post(f"/xapi/statements?{query}", data=body, headers=headers).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", None, "multipart/form-data; boundary=x"])
def test_it_must_be_a_form(form, kind):
    assert form("GET", {"limit": "1"}, Content_Type=kind).status_code == 400


@pytest.mark.parametrize("method", ["put", "get", "delete"])
def test_it_must_be_a_post(xapi, method):
    answer = getattr(xapi.client, method)("/xapi/statements?method=GET", headers=xapi.headers)
    assert answer.status_code in (400, 405)


def test_there_is_none_in_2_0(xapi, form, statement):
    fields = {"statementId": str(uuid.uuid4()), "content": json.dumps(statement(id=None))}
    for given in ({VERSION.replace("-", "_"): "2.0.0"}, {}):
        answer = form("PUT", fields | ({} if given else {VERSION: "2.0.0"}), **given)
        assert answer.status_code == 400
        assert "no alternate request syntax" in answer.json["error"]["what"]
    headers = xapi.headers | {VERSION: "2.0.0"}
    assert xapi.client.post("/xapi/statements?method=GET", json={}, headers=headers).status_code == 400


@pytest.mark.parametrize("settings", [{"KTB_MAX_BODY": "2000"}])
def test_a_form_beyond_the_limit_is_refused(form):
    assert form("POST", {"content": "x" * 3000}).status_code == 413
