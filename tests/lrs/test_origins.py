"""Other sites' pages: those that a course allows may call /xapi and /launch, all others learn nothing (CORS)."""

import pytest

ALLOWED = {"Origin": "https://lms.example"}
PATHS = ["/xapi/statements", "/xapi/about", "/launch/packages/0123456789abcdef"]


def cors(answer):
    return {name: value for name, value in answer.headers.items() if name.startswith("Access-Control")}


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_needs_no_credentials(client, course, path):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    answer = client.options(path, headers=ALLOWED | asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://lms.example"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type, X-Experience-API-Version"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://lms.example.evil.example", "*", ""])
def test_an_origin_that_is_not_allowed_gets_no_headers(client, course, path, origin):
    for method in (client.options, client.get, client.post):
        answer = method(path, headers={"Origin": origin})
        assert cors(answer) == {}
        assert answer.headers["Vary"] == "Origin"


def test_refusals_can_be_read_by_the_page_that_caused_them(client, course):
    answer = client.post("/xapi/statements", json=[], headers=ALLOWED | {"X-Experience-API-Version": "1.0.3"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://lms.example"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/", "/health/live", "/xapi-not"])
def test_nothing_else_is_open_to_other_sites(client, course, path):
    assert cors(client.options(path, headers=ALLOWED)) == {}
    assert cors(client.get(path, headers=ALLOWED)) == {}
