"""How the store refuses: one JSON form, nothing open that is not meant to be, nothing personal in the log."""

import io
import json

import pytest


def test_every_refusal_of_xapi_and_launch_has_one_form(client, xapi, xapi_as, key, course, statement):
    """A refusal is `{"error": {"what", "where", "rule", "found"}}`, and `"statement"` beside them for one of a batch.

    `what` is a sentence, never null. `where` is a JSON pointer into the statement, "" for the whole of it, the name of
    a query parameter, or null. `rule` is the section of xAPI 1.0.3 ("Data 2.4.1", "Communication 3.3") or "Launch", or
    null. `found` is the kind of value that is there ("number", "text of 12 characters", "nothing"), never the value, or
    null. `statement` is the index in the batch, from 0. The Content-Type is application/json, and the answer carries
    X-Experience-API-Version below /xapi. The numbers: 400 for whatever breaks a rule, 401 without a good key, 403 for a
    key that may not, 404, 405 with what is offered in Allow, 409 for another statement under the same id or a document
    that would be overwritten blindly, 412 for If-Match and If-None-Match, 413, 429; 500 for a fault of the store; 503
    when the database is away.
    """
    kept = statement()
    xapi.post(kept)
    document = "/xapi/activities/profile?activityId=x:y&profileId=p"
    xapi.client.post(document, json={}, headers=xapi.headers)
    answers = {
        400: [xapi.post(statement(verb=None)), xapi.post([statement(), {}]), xapi.get(limit="x"), xapi.post(b"{")],
        401: [client.get("/xapi/statements", headers={"X-Experience-API-Version": "1.0.3"})],
        403: [xapi_as(key("statements/write")).get(), client.post("/launch/packages/0123456789abcdef", json={})],
        404: [xapi.get("/xapi/nothing"), xapi.get("/xapi/"), client.post("/launch/packages/x", json={})],
        405: [client.delete("/xapi/statements", headers=xapi.headers), client.get("/launch/packages/x")],
        409: [
            xapi.post([statement(), kept | {"verb": {"id": "x:y"}}]),
            client.put(document, json={}, headers=xapi.headers),
        ],
        412: [client.put(document, json={}, headers=xapi.headers | {"If-Match": '"x"'})],
        413: [xapi.post(b" " * 5_000_000)],
    }
    for status, several in answers.items():
        for answer in several:
            assert answer.status_code == status
            assert_one_form(answer)
    assert [one.json["error"].get("statement") for one in answers[400]] == [None, 1, None, None]
    assert [one.json["error"]["found"] for one in answers[400]] == ["nothing", "nothing", "text of 1 character", None]
    assert answers[409][0].json["error"]["statement"] == 1
    assert answers[405][0].headers["Allow"] == "GET, HEAD, OPTIONS, POST, PUT"


def assert_one_form(answer):
    assert answer.mimetype == "application/json"
    error = answer.json["error"]
    assert set(answer.json) == {"error"}
    assert set(error) - {"statement"} == {"what", "where", "rule", "found"}
    assert isinstance(error["what"], str)
    assert error["what"]
    if answer.request.path.startswith("/xapi"):
        assert answer.headers["X-Experience-API-Version"]


@pytest.mark.parametrize(
    ("changes", "where", "found"),
    [
        ({"actor": 4}, "/actor", "number"),
        ({"actor": {"mbox": "sian@cyngor.example"}}, "/actor/mbox", "text of 19 characters"),
        ({"verb": {}}, "/verb/id", "nothing"),
        ({"verb": {"id": ""}}, "/verb/id", "text of 0 characters"),
        ({"result": {"success": "yes"}}, "/result/success", "text of 3 characters"),
        ({"result": {"score": {"raw": True}}}, "/result/score/raw", "true or false"),
        ({"result": [1, 2]}, "/result", "array of 2"),
        ({"context": {"platform": None}}, "/context/platform", "null"),
        ({"object": {"id": "x:y", "definition": {"name": {"a/b~c": {"d": 1}}}}}, None, "object of 1 property"),
    ],
)
def test_a_refusal_says_what_kind_of_value_is_there(xapi, statement, changes, where, found):
    error = xapi.post(statement(**changes)).json["error"]
    assert error["found"] == found
    assert error["where"] == (where or "/object/definition/name/a~1b~0c")


def test_a_method_that_nobody_offers_is_refused_in_the_same_form(client, xapi):
    for path in ("/xapi/statements", "/xapi/activities/state", "/xapi/about", "/xapi/openapi.json"):
        answer = client.open(path, method="PATCH", headers=xapi.headers)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert "PATCH" not in answer.headers["Allow"]
        assert_one_form(answer)


def test_a_busy_database_is_503_with_a_time_to_come_back(app, xapi, statement, monkeypatch):
    from lrs.storage import group_commit
    from lrs.storage.database import Unavailable

    def busy(*_):
        raise Unavailable("secret SQL", None, Exception("database is locked"))

    monkeypatch.setattr(group_commit, "store_all", busy)
    answer = xapi.post(statement())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "secret" not in answer.text


def test_a_commit_that_fails_is_never_acknowledged(app, xapi, statement, rows):
    from sqlalchemy import event

    from lrs.storage.database import Unavailable

    def full(_connection):
        raise Unavailable("COMMIT", None, Exception("database or disk is full"))

    app.testing = False
    event.listen(app.extensions["engine"], "commit", full)
    sent = statement()
    assert xapi.post(sent).status_code == 503
    event.remove(app.extensions["engine"], "commit", full)
    assert rows("SELECT count(*) FROM statements") == [(0,)]
    assert xapi.post(sent).status_code == 200


def test_a_fault_is_500_and_tells_nothing(xapi, statement, monkeypatch, capfd):
    from lrs.storage import group_commit

    def broken(*_):
        raise RuntimeError("sian@cyngor.example")

    monkeypatch.setattr(group_commit, "store_all", broken)
    answer = xapi.post(statement())
    assert answer.status_code == 500
    assert answer.json["error"]["what"] == "Internal Server Error"
    assert_one_form(answer)
    written = capfd.readouterr()
    assert "sian@cyngor.example" not in answer.text + written.out + written.err


def test_each_request_is_one_line_without_anything_personal(app, xapi, statement, capfd):
    agent = {"mbox": "mailto:sian@cyngor.example", "name": "Siân Ŵyn"}
    capfd.readouterr()
    xapi.post(statement(actor=agent | {"extra": "Siân"}))
    xapi.post(statement(actor=agent))
    xapi.get(agent=json.dumps(agent))
    xapi.get("/xapi/sian@cyngor.example")
    text = capfd.readouterr().err
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["status"] for line in lines] == [400, 200, 200, 404]
    assert lines[0]["refusal"] == "InvalidStatement"
    assert lines[0]["rule"] == "Data 2.4.2.1"
    assert {line["key"] for line in lines} <= {"Test", None}
    assert all(len(line["request"]) == 16 for line in lines)
    assert "sian" not in text
    assert "Ŵyn" not in text
    assert "\\u0174" not in text


def test_pages_carry_the_headers_that_keep_browsers_careful(client):
    answer = client.get("/health/live")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers
    assert "Strict-Transport-Security" in client.get("/health/live", base_url="https://x.example").headers
    assert "Content-Security-Policy" not in client.get("/xapi/about").headers


def test_health(client, engine):
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


class BrokenChunks(io.RawIOBase):
    """A body in chunks that are none, as gunicorn tells of it."""

    def readable(self):
        return True

    def readinto(self, _buffer):
        raise RuntimeError("not a chunk")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [(lambda: io.BytesIO(b" " * 4_000_002), 413, "longer than 4000000"), (BrokenChunks, 400, "before it was whole")],
)
def test_a_body_in_chunks_is_bounded_and_may_be_broken(client, key, body, status, words):
    chunked = {
        "wsgi.input": body(),
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
        "CONTENT_TYPE": "application/json",
    }
    answer = client.post("/xapi/statements", headers=key("all"), environ_overrides=chunked)
    assert answer.status_code == status
    assert words in answer.json["error"]["what"]
