"""Requests made up from our description, and good ones cut and spliced: none of them is answered with a fault."""

import json
import os
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

import lrs.xapi
from tests.lrs.wire import head, raw

CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
TESTS = 4  # that share the cases: two, on two databases
DESCRIPTION = Path(lrs.xapi.__file__).with_name("openapi.json")
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def cases(few):
    return settings(max_examples=CASES // TESTS or few, deadline=None, suppress_health_check=CHECKS, database=None)


def described():
    """Requests of every operation, as the description has them and as it does not."""
    schema = schemathesis.openapi.from_dict(json.loads(DESCRIPTION.read_text("utf-8")))
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of([one.as_strategy(generation_mode=mode) for one in operations for mode in modes])


@pytest.mark.fuzz
def test_requests_made_up_from_the_description(server, key):
    server.start()
    headers = key("all")
    with requests.Session() as session:

        @cases(20)
        @given(described())
        def ask(case):
            try:
                own = {"Authorization": headers["Authorization"]}
                answer = case.call(base_url=f"{server.url}/xapi", session=session, headers=own, timeout=60)
            except (requests.exceptions.InvalidHeader, UnicodeError):
                return  # not to be sent at all
            assert answer.status_code < 500, (answer.status_code, answer.text)
            if answer.status_code >= 400 and answer.request.method != "HEAD":
                assert answer.json()["error"]["what"]

        ask()


def good(headers):
    """Requests that are answered well, as bytes, for a client with these headers."""
    agent = "%7B%22mbox%22%3A%22mailto%3Aa%40b.example%22%7D"
    statement = {
        "actor": {"mbox": "mailto:a@b.example"},
        "verb": {"id": "x:y", "display": {"cy": "gwnaeth"}},
        "object": {"objectType": "Activity", "id": "x:y", "definition": {"extensions": {"x:y": [1, 2.5, None]}}},
        "result": {"score": {"scaled": 0.5}, "duration": "PT1H"},
        "context": {
            "registration": "4d1f1e0a-5e1c-4a36-9a3b-0c6f4d8f9a11",
            "contextActivities": {"parent": {"id": "x:z"}},
        },
        "timestamp": "2026-11-02T08:59:00Z",
    }
    body = json.dumps(statement).encode()
    part = b"--b\r\nContent-Type: application/json\r\n\r\n" + body + b"\r\n--b--\r\n"
    form = b"statementId=4d1f1e0a-5e1c-4a36-9a3b-0c6f4d8f9a11&X-Experience-API-Version=1.0.3&content=" + body
    state = f"/xapi/activities/state?activityId=x:y&agent={agent}&stateId=s"
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    mixed, urlencoded = (
        {"Content-Type": "multipart/mixed; boundary=b"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    return [
        head(headers, f"Content-Length: {len(body)}") + body,
        head(headers, "Transfer-Encoding: chunked") + chunks,
        head(headers | mixed, f"Content-Length: {len(part)}") + part,
        head(headers | urlencoded, f"Content-Length: {len(form)}", path="/xapi/statements?method=PUT") + form,
        head(
            headers, method="GET", path=f"/xapi/statements?agent={agent}&related_agents=true&since=2026-01-01T00:00:00Z"
        ),
        head(headers, method="GET", path="/xapi/statements?format=canonical&attachments=true&limit=2"),
        head(headers, "If-Match: *", "Content-Length: 2", method="PUT", path=state) + b"{}",
        head(headers, "Content-Length: 7", path=state) + b'{"a":1}',
        head(headers, 'If-None-Match: "x"', method="DELETE", path=state.partition("&stateId")[0]),
        head(headers, method="GET", path=f"/xapi/agents?agent={agent}"),
        head(headers, method="OPTIONS", path="/xapi/activities?activityId=x:y"),
    ]


PIECES = st.binary(max_size=6) | st.sampled_from(
    [b"\r\n", b"\x00", b"\xff", b"\xed\xa0\x80", b'"', b"{", b"[" * 200, b"}", b"%00", b"%ff", b"&", b"=", b"-",
     b"9" * 40, b"e999", b"NaN", b'"id":', b"--b", b"\\ud800", b": ", b",", b"2.0.0", b"null", b"\xc5\xb5"]
)  # fmt: skip
CUT = st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES)


def spliced(data, cuts):
    for place, length, piece in cuts:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


@pytest.mark.fuzz
def test_good_requests_cut_and_spliced(server, key):
    server.start()
    requests_ = good(key("all"))
    for request in requests_:
        assert raw(server, request)[0] in (200, 204, 404, 412), request

    @cases(60)
    @given(st.sampled_from(requests_), st.lists(CUT, min_size=1, max_size=4))
    def ask(request, cuts):
        answer = raw(server, spliced(request, cuts))
        assert answer is None or answer[0] < 500, answer

    ask()
