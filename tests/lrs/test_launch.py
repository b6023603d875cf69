"""Launching a package: the exchange, and every bound of the token it gives."""

import uuid

import pytest

ORIGIN = "https://lms.example"
REGISTRATION = "6f1c1c0e-2f5b-4c3f-9a51-0d5b8f8f3c11"
PACKAGE = "/launch/packages/0123456789abcdef"
VERBS = "http://adlnet.gov/expapi/verbs/"


@pytest.fixture
def launch(client, course):
    """``launch(**changes)`` -> the answer to the exchange."""

    def sent(path=PACKAGE, origin=ORIGIN, **changes):
        body = {"learner": "1234", "registration": REGISTRATION} | changes
        return client.post(path, json=body, headers={"Origin": origin} if origin else {})

    return sent


@pytest.fixture
def headers(launch):
    token = launch().json["token"]
    return {"Authorization": f"Bearer {token}", "X-Experience-API-Version": "1.0.3", "Origin": ORIGIN}


@pytest.fixture
def package(xapi_as, headers):
    """An xAPI client with a launch token."""
    return xapi_as(headers)


@pytest.fixture
def said(statement):
    """``said(**changes)`` -> a statement as the launched package makes it."""
    return lambda **changes: statement(**{"context": {"registration": REGISTRATION, "language": "cy"}} | changes)


def test_the_exchange_gives_an_endpoint_a_token_and_its_end(launch):
    answer = launch()
    assert answer.status_code == 200
    assert answer.json["endpoint"] == "http://localhost/xapi/"
    assert len(answer.json["token"]) >= 43
    assert answer.json["expires"].startswith("2026-11-02T11:00:00")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("settings", [{"KTB_PUBLIC_URL": "https://records.example/ktb/"}])
def test_the_endpoint_is_the_public_address(launch):
    assert launch().json["endpoint"] == "https://records.example/ktb/xapi/"


def test_the_token_is_kept_as_a_hash(launch, rows):
    assert launch().json["token"] not in str(rows("SELECT * FROM launch_tokens"))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"path": "/launch/packages/fedcba9876543210"}, 404),
        ({"origin": None}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://lms.example"}, 403),
        ({"learner": ""}, 400),
        ({"learner": 1234}, 400),
        ({"learner": "x" * 256}, 400),
        ({"learner": "a\nb"}, 400),
        ({"registration": "x"}, 400),
        ({"registration": None}, 400),
        ({"registration": str(uuid.uuid1())}, 400),
        ({"registration": REGISTRATION.replace("-", "")}, 400),
        ({"more": 1}, 400),
        ({"learner": "x" * 5000}, 413),
    ],
)
def test_a_launch_that_is_not_good_is_refused(launch, rows, changes, status):
    answer = launch(**changes)
    assert answer.status_code == status
    assert answer.json["error"]["what"]
    assert rows("SELECT count(*) FROM launch_tokens") == [(0,)]


def test_an_origin_that_another_course_allows_does_not_do(launch, engine, clock):
    from lrs.storage import database

    with database.writing(engine) as connection:
        connection.exec_driver_sql("UPDATE course_origins SET origin = 'https://other.example'")
    assert launch().status_code == 403


def test_statements_arrive_with_the_learner_the_lms_named(package, said, xapi):
    sent = said(actor={"mbox": "mailto:somebody-else@cyngor.example"})
    assert package.post([sent]).json == [sent["id"]]
    kept = xapi.get(statementId=sent["id"]).json
    assert kept["actor"] == {"objectType": "Agent", "account": {"homePage": ORIGIN, "name": "1234"}}
    assert kept["authority"]["account"]["name"] == "launch:0123456789abcdef"


def test_the_evidence_is_asserted_by_the_origin(package, said, rows):
    package.post([said()])
    assert rows("SELECT grade, source, language FROM evidence") == [("asserted", ORIGIN, "cy")]


def test_the_same_learner_id_from_two_origins_is_two_people(client, course, launch, said, engine, clock, xapi_as, rows):
    from lrs.storage import courses, database

    with database.writing(engine) as connection:
        courses.allow(connection, course["id"], "https://lms2.example", clock())
    for origin in (ORIGIN, "https://lms2.example"):
        token = launch(origin=origin).json["token"]
        headers = {"Authorization": f"Bearer {token}", "X-Experience-API-Version": "1.0.3", "Origin": origin}
        assert xapi_as(headers).post(said()).status_code == 200
    assert rows("SELECT count(DISTINCT actor) FROM evidence") == [(2,)]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"context": {"registration": str(uuid.uuid4())}}, "/context/registration"),
        ({"context": {}}, "/context/registration"),
        ({"context": None}, "/context/registration"),
        ({"object": {"id": "https://ktb.vsc.example/another-course"}}, "/object/id"),
        ({"object": {"objectType": "Agent", "mbox": "mailto:a@b.example"}}, "/object/id"),
        ({"verb": {"id": VERBS + "attended"}}, "/verb/id"),
        (
            {"verb": {"id": VERBS + "voided"}, "object": {"objectType": "StatementRef", "id": str(uuid.uuid4())}},
            "/verb/id",
        ),
    ],
)
def test_another_registration_activity_or_verb_is_refused(package, said, rows, changes, where):
    answer = package.post([said(), said(**changes)])
    assert answer.status_code == 400
    assert answer.json["error"]["where"] == where
    assert answer.json["error"]["statement"] == 1
    assert rows("SELECT count(*) FROM statements") == [(0,)]


def test_a_course_that_names_voided_among_its_verbs_still_may_not_void(
    client, engine, clock, outline, launch, said, xapi_as
):
    from lrs.storage import courses, database

    outline["verbs"]["voided"] = {"id": VERBS + "voided"}
    with database.writing(engine) as connection:
        courses.register(connection, outline, clock())
    headers = {
        "Authorization": f"Bearer {launch().json['token']}",
        "X-Experience-API-Version": "1.0.3",
        "Origin": ORIGIN,
    }
    sent = said(verb={"id": VERBS + "voided"}, object={"objectType": "StatementRef", "id": str(uuid.uuid4())})
    assert xapi_as(headers).post([sent]).json["error"]["where"] == "/verb/id"


def test_letter_case_of_the_registration_does_not_matter(launch, xapi_as, said):
    headers = {
        "Authorization": f"Bearer {launch(registration=REGISTRATION.upper()).json['token']}",
        "X-Experience-API-Version": "1.0.3",
        "Origin": ORIGIN,
    }
    assert xapi_as(headers).post(said(context={"registration": REGISTRATION.upper()})).status_code == 200


def test_the_token_cannot_read(package, said):
    number = package.post([said()]).json[0]
    assert package.get().status_code == 403
    assert package.get(statementId=number).status_code == 403


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_the_token_does_not_work_from_another_origin(client, headers, said, origin):
    changed = {name: value for name, value in (headers | {"Origin": origin}).items() if value}
    assert client.post("/xapi/statements", json=[said()], headers=changed).status_code == 403


def test_the_token_is_renewed_by_use_and_ends_without(package, said, clock):
    clock.move(minutes=119)
    assert package.post([said()]).status_code == 200
    clock.move(minutes=119)
    assert package.post([said()]).status_code == 200
    clock.move(minutes=121)
    assert package.post([said()]).status_code == 401


def test_a_refused_statement_does_not_renew(package, said, clock):
    clock.move(minutes=100)
    package.post([said(context=None)])
    clock.move(minutes=30)
    assert package.post([said()]).status_code == 401


def test_a_conflict_does_not_renew_either(package, said, clock):
    sent = said()
    package.post([sent])
    clock.move(minutes=100)
    assert package.post([sent | {"result": {"success": True}}]).status_code == 409
    clock.move(minutes=30)
    assert package.post([said()]).status_code == 401


def test_statements_of_an_earlier_launch_are_accepted_in_the_next(launch, package, said, xapi_as, clock):
    queued = said()
    assert package.post([queued]).status_code == 200
    clock.move(days=3)
    later = xapi_as(
        {"Authorization": f"Bearer {launch().json['token']}", "X-Experience-API-Version": "1.0.3", "Origin": ORIGIN}
    )
    assert later.post([queued, said()]).status_code == 200


def test_a_body_of_more_than_50_kb_is_refused(package, said):
    padding = {"response": "x" * 50_000}
    assert package.post([said(result=padding)]).status_code == 413


@pytest.mark.parametrize("settings", [{"KTB_LAUNCH_REQUESTS_PER_MINUTE": "3"}])
def test_a_token_is_used_so_often_in_a_minute_and_no_more(package, said, clock):
    assert [package.post([said()]).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    clock.move(minutes=1)
    assert package.post([said()]).status_code == 200


@pytest.mark.parametrize("settings", [{"KTB_LEARNER_LAUNCHES_PER_MINUTE": "2"}])
def test_a_learner_is_launched_so_often_in_a_minute_and_no_more(launch, clock):
    assert [launch().status_code for _ in range(3)] == [200, 200, 429]
    assert launch(learner="5678").status_code == 200
    clock.move(minutes=1)
    assert launch().status_code == 200


@pytest.mark.parametrize("settings", [{"KTB_LAUNCHES_PER_MINUTE": "2"}])
def test_a_package_is_launched_so_often_in_a_minute_and_no_more(launch):
    answers = [launch(learner=str(number)) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"


def test_tokens_long_expired_are_forgotten(launch, rows, clock):
    launch()
    clock.move(days=2)
    launch()
    assert rows("SELECT count(*) FROM launch_tokens") == [(1,)]


def test_other_methods_and_addresses_are_refused_as_json(client):
    assert client.get(PACKAGE).status_code == 405
    assert client.get("/launch/elsewhere").json["error"]["what"]
