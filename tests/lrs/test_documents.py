"""State, Activity Profile and Agent Profile: stored, read, merged and guarded as each version of xAPI wants it."""

import hashlib
import json
import threading
import uuid
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

ACTIVITY = "https://ktb.vsc.example/a"
AGENT = {"account": {"homePage": "https://lms.example", "name": "siân|ŵ"}}
STATE, ACTIVITY_PROFILE, AGENT_PROFILE = "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents/profile"
PATHS = (STATE, ACTIVITY_PROFILE, AGENT_PROFILE)
VERSIONS = ("1.0.3", "2.0.0")
REGISTRATION = "4d1f1e0a-5e1c-4a36-9a3b-0c6f4d8f9a11"
ANY = {"If-None-Match": "*"}


class Documents:
    """One document resource, asked by a client that may do everything."""

    def __init__(self, client, headers, path, version, about):
        self.client, self.path, self.version, self.about = client, path, version, about
        self.headers = headers | {"X-Experience-API-Version": version}
        self.name = "stateId" if path == STATE else "profileId"

    def ask(self, method, name="bookmark", data=None, headers=(), content_type="application/json", **query):
        agent = {"account": AGENT["account"] | {"name": AGENT["account"]["name"] + self.about}}
        about = {"activityId": ACTIVITY + self.about, "agent": json.dumps(agent)}
        if self.path == ACTIVITY_PROFILE:
            del about["agent"]
        if self.path == AGENT_PROFILE:
            del about["activityId"]
        query = about | ({self.name: name} if name is not None else {}) | query
        data = json.dumps(data).encode() if isinstance(data, dict | list) else data
        return self.client.open(
            self.path,
            method=method,
            query_string={key: value for key, value in query.items() if value is not None},
            data=data,
            headers=self.headers | dict(headers),
            content_type=content_type if data is not None else None,
        )

    def get(self, name="bookmark", **more):
        return self.ask("GET", name, **more)

    def put(self, data, name="bookmark", **more):
        return self.ask("PUT", name, data, **more)

    def post(self, data, name="bookmark", **more):
        return self.ask("POST", name, data, **more)

    def delete(self, name="bookmark", **more):
        return self.ask("DELETE", name, **more)

    def tag(self, **more):
        return self.get(**more).headers["ETag"]


@pytest.fixture
def documents_at(client, key):
    """``documents_at(path, version)`` -> that resource, for a client that may do everything."""
    headers = key("all")
    return lambda path, version="1.0.3", about="": Documents(client, headers, path, version, about)


@pytest.fixture
def everywhere(documents_at):
    """Every resource in both versions, each about something of its own."""
    return [documents_at(path, version, f"/{version}") for version in VERSIONS for path in PATHS]


@pytest.fixture(params=VERSIONS)
def state(documents_at, request):
    return documents_at(STATE, request.param)


KINDS = [
    (b'{"page": 3,\n "w": "\xc5\xb5"}', "application/json"),
    (b"[1, 2]", "application/json; charset=utf-8"),
    (bytes(range(256)) * 3 + b"\r\n\r\n", "application/octet-stream"),
    (b"", "text/plain"),
    ("Diogelu â gofal".encode("latin-1"), "text/plain; charset=iso-8859-1"),
]


def test_a_document_comes_back_byte_for_byte_with_its_type(everywhere, clock):
    for documents in everywhere:
        for data, content_type in KINDS:
            assert documents.put(data, content_type, content_type=content_type, headers=ANY).status_code == 204
            moment = clock.moment
            for method in ("GET", "HEAD"):
                answer = documents.ask(method, content_type)
                assert answer.status_code == 200
                assert answer.headers["Content-Type"] == content_type
                assert answer.headers["ETag"] == f'"{hashlib.sha1(data).hexdigest()}"'
                assert parsedate_to_datetime(answer.headers["Last-Modified"]) == moment.replace(microsecond=0)
                assert answer.headers["X-Experience-API-Version"] == documents.version
                assert int(answer.headers["Content-Length"]) == len(data)
                assert answer.data == (data if method == "GET" else b"")


def test_a_document_that_is_a_page_can_do_nothing_as_one(everywhere):
    for documents in everywhere:
        documents.put(b"<script>alert(1)</script>", content_type="text/html", headers=ANY)
        answer = documents.get()
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_content_type_it_is_octets(everywhere):
    for documents in everywhere:
        assert documents.put(b"x", content_type=None, headers=ANY).status_code == 204
        assert documents.get().headers["Content-Type"] == "application/octet-stream"


def test_what_is_no_media_type_is_refused(everywhere, rows):
    for documents in everywhere:
        for content_type in ("nonsense", "text/html, x", "x" * 300 + "/y"):
            assert documents.put(b"x", content_type=content_type, headers=ANY).status_code == 400
    assert rows("SELECT count(*) FROM documents") == [(0,)]


NO_JSON = [
    '{"name": "Siân"}'.encode("latin-1"), b"{", b"", b'{"a": 1, "a": 2}', b'{"a": NaN}', b'{"a": "\\ud800"}',
    b"[" * 5000,
]  # fmt: skip


def test_what_says_that_it_is_json_must_be(everywhere, rows):
    for documents in everywhere:
        for method in ("PUT", "POST"):
            for data in NO_JSON:
                answer = documents.ask(method, data=data, headers=ANY)
                assert answer.status_code == 400, data
                assert "body" in answer.json["error"]["what"]
    assert rows("SELECT count(*) FROM documents") == [(0,)]


def test_a_document_is_no_longer_than_a_body_may_be(everywhere, app):
    for documents in everywhere:
        longest = app.config["KTB_MAX_BODY"]
        assert documents.put(b"x" * longest, content_type="text/plain", headers=ANY).status_code == 204
        assert documents.put(b"x" * (longest + 1), "longer", content_type="text/plain", headers=ANY).status_code == 413
        assert documents.get("longer").status_code == 404


@pytest.mark.parametrize("settings", [{"KTB_MAX_BODY": "1000"}])
def test_nor_does_a_merge_make_it_longer(everywhere):
    for documents in everywhere:
        for letter in "ab":
            status = documents.post({letter: "x" * 600}).status_code
        assert status == 413
        assert list(documents.get().json) == ["a"]


def test_what_is_not_there_is_404_and_may_be_deleted_all_the_same(everywhere):
    for documents in everywhere:
        assert documents.get().status_code == 404
        assert documents.ask("HEAD").status_code == 404
        assert documents.delete().status_code == 204


def test_a_deleted_document_is_gone(everywhere):
    for documents in everywhere:
        documents.post({"page": 1})
        documents.post({"page": 1}, "other")
        assert documents.delete().status_code == 204
        assert documents.get().status_code == 404
        assert documents.get("other").status_code == 200


def test_posting_merges_at_one_level(everywhere):
    for documents in everywhere:
        assert documents.post({"a": 1, "car": {"make": "Ford", "model": "Escape"}}).status_code == 204
        assert documents.post({"b": "ŵ", "car": {"model": "Focus"}}).status_code == 204
        answer = documents.get()
        assert answer.json == {"a": 1, "b": "ŵ", "car": {"model": "Focus"}}
        assert answer.headers["ETag"] == f'"{hashlib.sha1(answer.data).hexdigest()}"'
        assert answer.headers["Content-Type"] == "application/json"


UNMERGED = [
    (b'{"a":1}', "application/json", b"b", "application/octet-stream"),
    (b'{"a":1}', "application/json", b'{"b":1}', "text/plain"),
    (b"a", "text/plain", b'{"b":1}', "application/json"),
    (b'{"a":1}', "text/plain", b'{"b":1}', "application/json"),
    (b'{"a":1}', "application/json", b"[1]", "application/json"),
    (b"[1]", "application/json", b'{"b":1}', "application/json"),
    (b'{"a":1}', "application/json", b'{"b":1}{', "application/json"),
]


def test_nothing_but_json_objects_is_merged(everywhere):
    for documents in everywhere:
        for number, (before, its_type, after, type_after) in enumerate(UNMERGED):
            name = str(number)
            documents.put(before, name, content_type=its_type, headers=ANY)
            assert documents.post(after, name, content_type=type_after).status_code == 400, (before, after)
            kept = documents.get(name)
            assert (kept.data, kept.headers["Content-Type"]) == (before, its_type)


def test_names_are_listed_in_order_and_since_a_moment(everywhere, clock):
    for documents in everywhere:
        for name in ("b", "a"):
            documents.post({}, name)
        moment = clock.moment
        clock.move(minutes=1)
        documents.post({}, "ŵ/&?")
        assert documents.get(None).json == ["a", "b", "ŵ/&?"]
        assert documents.get(None, since=moment.isoformat()).json == ["ŵ/&?"]
        assert documents.get(None, since=(moment - timedelta(seconds=1)).isoformat()).json == ["a", "b", "ŵ/&?"]
        assert documents.get(None, since="2027-01-01T00:00:00Z").json == []
        assert documents.get(None, since="yesterday").status_code == 400
        assert documents.ask("HEAD", None).status_code == 200
        assert documents.get("ŵ/&?").status_code == 200


def test_more_names_than_an_answer_holds_are_refused_and_not_cut_short(everywhere, clock, monkeypatch):
    monkeypatch.setattr("lrs.xapi.documents.MOST_NAMES", 2)
    for documents in everywhere:
        for name in ("a", "b"):
            assert documents.put({}, name, headers=ANY).status_code == 204
        assert documents.get(None).json == ["a", "b"]
        moment = clock.moment
        assert documents.put({}, "c", headers=ANY).status_code == 204
        refused = documents.get(None)
        assert (refused.status_code, refused.json["error"]["where"]) == (400, "since")
        assert "more than 2 documents" in refused.json["error"]["what"]
        assert documents.get(None, since=moment.isoformat()).json == ["c"]


def test_a_document_changed_since_is_listed_again(everywhere, clock):
    for documents in everywhere:
        documents.post({"a": 1})
        moment = clock.moment
        clock.move(minutes=1)
        documents.post({"a": 2})
        assert documents.get(None, since=moment.isoformat()).json == ["bookmark"]


def test_the_right_etag_lets_a_document_be_changed_and_a_wrong_one_does_not(everywhere):
    for documents in everywhere:
        documents.post({"page": 1})
        wrong = {"If-Match": '"1111111111111111111111111111111111111111"'}
        for method, data in (("PUT", {"page": 2}), ("POST", {"page": 2}), ("DELETE", None)):
            answer = documents.ask(method, data=data, headers=wrong)
            assert (answer.status_code, answer.json["error"]["rule"]) == (412, "Communication 3.1")
            assert documents.get().json == {"page": 1}
        assert documents.put({"page": 2}, headers={"If-Match": documents.tag()}).status_code == 204
        assert documents.post({"more": 1}, headers={"If-Match": documents.tag()}).status_code == 204
        assert documents.get().json == {"page": 2, "more": 1}
        assert documents.delete(headers={"If-Match": documents.tag()}).status_code == 204


def test_tags_come_in_lists_without_quotes_and_made_weak_by_proxies(everywhere):
    for documents in everywhere:
        documents.post({"page": 0})
        for form in ('"x", {}', "W/{}", "*", "bare"):
            tag = documents.tag()
            sent = tag.strip('"') if form == "bare" else form.format(tag)
            assert documents.put({"page": form}, headers={"If-Match": sent}).status_code == 204
        assert documents.get().json == {"page": "bare"}


def test_if_match_wants_something_to_be_there(everywhere):
    for documents in everywhere:
        for tag in ("*", '"x"'):
            assert documents.put({}, headers={"If-Match": tag}).status_code == 412
        assert documents.get().status_code == 404


def test_if_none_match_wants_nothing_to_be_there(everywhere):
    for documents in everywhere:
        assert documents.put({"page": 1}, headers=ANY).status_code == 204
        assert documents.put({"page": 2}, headers=ANY).status_code == 412
        assert documents.post({"page": 2}, headers=ANY).status_code == 412
        assert documents.put({"page": 2}, headers={"If-None-Match": documents.tag()}).status_code == 412
        assert documents.get().json == {"page": 1}


def test_whoever_has_the_document_already_is_told_so(everywhere):
    for documents in everywhere:
        documents.post({"page": 1})
        answer = documents.get(headers={"If-None-Match": documents.tag()})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", documents.tag())
        assert documents.get(headers={"If-None-Match": '"x"'}).status_code == 200


def test_overwriting_blindly_is_refused_by_the_rule_of_the_version(documents_at):
    """To store what is new, and what is there, without saying what was seen: State of 1.0.3 is free of all care."""
    rules = [(STATE, "1.0.3", 204, 204), (STATE, "1.0", 204, 204), (STATE, "2.0.0", 204, 409)]
    for path in (ACTIVITY_PROFILE, AGENT_PROFILE):
        rules += [(path, "1.0.3", 400, 409), (path, "2.0.0", 204, 409)]
    for path, version, new, again in rules:
        documents = documents_at(path, version, f"/{version}")
        assert documents.put({"page": 1}).status_code == new
        documents.post({"page": 1})
        answer = documents.put({"page": 2})
        assert answer.status_code == again
        assert documents.get().json == {"page": 2 if again == 204 else 1}
        assert again == 204 or "If-Match" in answer.json["error"]["what"]


def test_activity_agent_and_profile_of_each_are_kept_apart(documents_at):
    for number, path in enumerate(PATHS):
        documents_at(path).post({"number": number}, "same")
    for number, path in enumerate(PATHS):
        documents = documents_at(path)
        assert documents.get("same").json == {"number": number}
        assert documents.get(None).json == ["same"]
    state = documents_at(STATE)
    assert state.get("same", activityId=ACTIVITY + "/b").status_code == 404
    assert state.get("same", agent=json.dumps({"mbox": "mailto:a@b.example"})).status_code == 404


def test_an_agent_is_the_same_whatever_else_is_said_of_it(state):
    state.post({"page": 1})
    named = AGENT | {"objectType": "Agent", "name": "Siân"}
    assert state.get(agent=json.dumps(named)).json == {"page": 1}


def test_registrations_are_kept_apart_and_a_list_without_one_has_all(state):
    state.post({"page": 0})
    state.post({"page": 1}, registration=REGISTRATION.upper())
    state.post({"page": 2}, "other", registration=str(uuid.uuid4()))
    assert state.get().json == {"page": 0}
    assert state.get(registration=REGISTRATION).json == {"page": 1}
    assert state.get("other").status_code == 404
    assert state.get(None, registration=REGISTRATION).json == ["bookmark"]
    assert state.get(None).json == ["bookmark", "other"]


def test_state_is_deleted_for_a_registration_or_altogether(state):
    for registration in (None, REGISTRATION):
        for name in ("a", "b"):
            state.post({}, name, registration=registration)
    state.post({}, activityId=ACTIVITY + "/b")
    assert state.delete(None, registration=REGISTRATION).status_code == 204
    assert state.get("a").status_code == 200
    assert state.get("a", registration=REGISTRATION).status_code == 404
    assert state.delete(None).status_code == 204
    assert state.get(None).json == []
    assert state.get(activityId=ACTIVITY + "/b").status_code == 200


def test_profiles_are_deleted_one_by_one(documents_at):
    for path in (ACTIVITY_PROFILE, AGENT_PROFILE):
        documents = documents_at(path)
        documents.post({})
        assert documents.delete(None).status_code == 400
        assert documents.get().status_code == 200


WRONG = [
    (STATE, {"activityId": None}, "activityId"),
    (STATE, {"activityId": ""}, "activityId"),
    (STATE, {"activityId": "no iri"}, "activityId"),
    (STATE, {"agent": None}, "agent"),
    (STATE, {"agent": "not JSON"}, "agent"),
    (STATE, {"agent": '{"name": "Siân"}'}, "agent"),
    (STATE, {"agent": '{"mbox": "mailto:a@b", "openid": "x:y"}'}, "agent"),
    (STATE, {"registration": "not a UUID"}, "registration"),
    (STATE, {"stateId": ""}, "stateId"),
    (STATE, {"stateId": "x" * 501}, "stateId"),
    (STATE, {"stateId": "\x00"}, "stateId"),
    (STATE, {"other": "x"}, "other"),
    (ACTIVITY_PROFILE, {"activityId": None}, "activityId"),
    (ACTIVITY_PROFILE, {"registration": REGISTRATION}, "registration"),
    (AGENT_PROFILE, {"agent": None}, "agent"),
    (AGENT_PROFILE, {"activityId": ACTIVITY}, "activityId"),
]


def test_parameters_are_read_strictly(documents_at, rows):
    for path, changes, where in WRONG:
        documents = documents_at(path)
        for method in ("GET", "PUT", "POST", "DELETE"):
            data = None if method in ("GET", "DELETE") else {}
            answer = documents.ask(method, data=data, headers=ANY, **changes)
            assert answer.status_code == 400, (path, changes, method)
            assert answer.json["error"]["where"].split("/")[0] == where, (path, changes, method)
    assert rows("SELECT count(*) FROM documents") == [(0,)]


def test_a_document_that_is_written_has_a_name(everywhere):
    for documents in everywhere:
        for method in ("PUT", "POST"):
            answer = documents.ask(method, None, data={}, headers=ANY)
            assert (answer.status_code, answer.json["error"]["where"]) == (400, documents.name)


def test_since_is_not_for_one_document(everywhere):
    for documents in everywhere:
        assert documents.get(since="2026-01-01T00:00:00Z").status_code == 400


def together(server, headers, work):
    """What 16 connections to the server got: ``work(ask, number)`` each, all let go at once."""
    import http.client

    answers, barrier = [], threading.Barrier(16)

    def send(number):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

        def ask(method, address, body=None, **more):
            connection.request(method, address, body, headers | {"Content-Type": "application/json"} | more)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("ETag"), answer.read()

        barrier.wait()
        answers.extend(work(ask, number))
        connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def address(name="race"):
    from urllib.parse import urlencode

    return f"{STATE}?{urlencode({'activityId': ACTIVITY, 'agent': json.dumps(AGENT), 'stateId': name})}"


def test_sixteen_who_count_in_one_document_lose_no_count(server, key):
    """Each adds one to the number in the document three times, trying again whenever somebody was quicker."""
    server.start()
    headers = key("all")

    def count(ask, _number):
        done = 0
        while done < 3:
            status, tag, body = ask("GET", address())
            before = json.loads(body)["count"] if status == 200 else 0
            condition = {"If-Match": tag} if tag else {"If-None-Match": "*"}
            status, _, _ = ask("PUT", address(), json.dumps({"count": before + 1}), **condition)
            yield status
            done += status == 204

    statuses = together(server, headers, count)
    assert set(statuses) <= {204, 412}
    assert statuses.count(204) == 48

    def read(ask, _number):
        return [json.loads(ask("GET", address())[2])["count"]]

    assert together(server, headers, read) == [48] * 16


def test_sixteen_who_merge_into_one_new_document_all_find_their_part_in_it(server, key, client):
    server.start()
    headers = key("all")
    statuses = together(server, headers, lambda ask, number: [ask("POST", address(), json.dumps({str(number): 1}))[0]])
    assert statuses == [204] * 16
    kept = client.get(address(), headers=headers).json
    assert kept == {str(number): 1 for number in range(16)}


def test_only_one_of_sixteen_stores_what_none_may_have_stored_before(server, key):
    server.start()
    statuses = together(
        server, key("all"), lambda ask, number: [ask("PUT", address(), json.dumps({"by": number}), **ANY)[0]]
    )
    assert sorted(statuses) == [204] + [412] * 15
