"""Other sites' pages: those that a course allows may call /xapi and /launch, all others learn nothing (CORS)."""

import pytest

ALLOWED = {"Origin": "https://lms.example"}
PATHS = [
    "/xapi/statements", "/xapi/activities", "/xapi/activities/state", "/xapi/activities/profile", "/xapi/agents",
    "/xapi/agents/profile", "/xapi/about", "/launch/packages/0123456789abcdef",
]  # fmt: skip
HEADERS = {"Authorization", "Content-Type", "X-Experience-API-Version", "If-Match", "If-None-Match"}
EXPOSED = {"ETag", "Last-Modified", "Retry-After", "X-Experience-API-Version", "X-Experience-API-Consistent-Through"}


def cors(answer):
    return {name: value for name, value in answer.headers.items() if name.startswith("Access-Control")}


def listed(answer, name):
    return set(answer.headers[name].split(", "))


def test_a_preflight_needs_no_credentials(client, course):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for path in PATHS:
        answer = client.options(path, headers=ALLOWED | asked)
        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == "https://lms.example"
        assert listed(answer, "Access-Control-Allow-Headers") == HEADERS
        assert listed(answer, "Access-Control-Allow-Methods") == {"GET", "HEAD", "POST", "PUT", "DELETE"}
        assert answer.headers["Access-Control-Max-Age"] == "600"
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_an_origin_that_is_not_allowed_gets_no_headers(client, course):
    for path in PATHS:
        for origin in ("https://evil.example", "null", "https://lms.example.evil.example", "*", ""):
            for method in (client.options, client.get, client.post):
                answer = method(path, headers={"Origin": origin})
                assert cors(answer) == {}
                assert answer.headers["Vary"] == "Origin"


def test_an_allowed_page_may_read_what_documents_are_guarded_by(client, course, key):
    path = "/xapi/activities/profile?activityId=x:y&profileId=z"
    headers = key("profile") | ALLOWED
    client.post(path, json={}, headers=headers)
    answer = client.get(path, headers=headers)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://lms.example"
    assert listed(answer, "Access-Control-Expose-Headers") == EXPOSED
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_refusals_can_be_read_by_the_page_that_caused_them(client, course):
    answer = client.post("/xapi/statements", json=[], headers=ALLOWED | {"X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://lms.example"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/", "/health/live", "/xapi-not"])
def test_nothing_else_is_open_to_other_sites(client, course, path):
    assert cors(client.options(path, headers=ALLOWED)) == {}
    assert cors(client.get(path, headers=ALLOWED)) == {}
