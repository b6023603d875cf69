"""About: open to anyone, and careful with clients that know only of 1.0."""

import pytest

FIRST = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]


@pytest.mark.parametrize(
    ("headers", "versions"),
    [
        ({}, ["2.0.0", *FIRST]),
        ({"X-Experience-API-Version": "2.0.0"}, ["2.0.0", *FIRST]),
        ({"X-Experience-API-Version": "3.1"}, ["2.0.0", *FIRST]),
        ({"X-Experience-API-Version": "1.0.3"}, FIRST),
        ({"X-Experience-API-Version": "1.0"}, FIRST),
        ({"Authorization": "Basic bm9ib2R5Om5vdGhpbmc="}, ["2.0.0", *FIRST]),
    ],
)
def test_it_names_the_versions_to_whoever_asks(client, headers, versions):
    answer = client.get("/xapi/about", headers=headers)
    assert answer.json == {"version": versions}
    assert "3.1" in headers.values() or answer.headers["X-Experience-API-Version"] == versions[0]
    assert client.head("/xapi/about", headers=headers).status_code == 200
