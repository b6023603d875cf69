"""Finding statements again: each filter, several at once, pages and their links."""

import json
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest

SIAN = {"mbox": "mailto:sian@cyngor.example"}
LLYR = {"account": {"homePage": "https://lms.example", "name": "llyr"}}
TEAM = {"objectType": "Group", "openid": "https://id.example/team", "member": [LLYR]}


@pytest.fixture
def kept(xapi, statement):
    """``kept(**changes)`` -> the id of a statement just stored."""
    return lambda **changes: xapi.post(statement(**changes)).json[0]


def test_newest_first_unless_asked_otherwise(xapi, kept):
    ids = [kept() for _ in range(3)]
    assert xapi.ids() == ids[::-1]
    assert xapi.ids(ascending="true") == ids


def test_by_agent(xapi, kept):
    as_actor, as_object = kept(actor=SIAN), kept(object={"objectType": "Agent", **SIAN})
    in_group = kept(actor={"objectType": "Group", "member": [SIAN]})
    as_instructor = kept(context={"instructor": SIAN})
    kept()
    agent = json.dumps(SIAN)
    assert xapi.ids(agent=agent) == [in_group, as_object, as_actor]
    assert xapi.ids(agent=agent, related_agents="true") == [as_instructor, in_group, as_object, as_actor]
    assert xapi.ids(agent=agent, related_agents="true", ascending="true", limit=2) == [as_actor, as_object]


def test_by_every_kind_of_identifier(xapi, kept):
    for actor in (SIAN, LLYR, TEAM, {"mbox_sha1sum": "ab" * 20}):
        number = kept(actor=actor)
        assert xapi.ids(agent=json.dumps(actor | {"name": "Somebody"})) == [number]


def test_by_a_member_who_is_another(xapi, kept):
    kept(actor=TEAM)
    assert len(xapi.ids(agent=json.dumps(LLYR))) == 1
    assert xapi.ids(agent=json.dumps(SIAN)) == []


def test_by_verb_activity_and_registration(xapi, kept):
    number = str(uuid.uuid4())
    ids = [
        kept(verb={"id": "x:seen"}, object={"id": "x:a"}),
        kept(verb={"id": "x:seen"}, object={"id": "x:b"}, context={"registration": number.upper()}),
        kept(verb={"id": "x:done"}, object={"id": "x:a"}, context={"contextActivities": {"grouping": {"id": "x:b"}}}),
    ]
    assert xapi.ids(verb="x:seen") == [ids[1], ids[0]]
    assert xapi.ids(activity="x:a") == [ids[2], ids[0]]
    assert xapi.ids(activity="x:b") == [ids[1]]
    assert xapi.ids(activity="x:b", related_activities="true") == [ids[2], ids[1]]
    assert xapi.ids(registration=number) == [ids[1]]
    assert xapi.ids(verb="x:seen", activity="x:a") == [ids[0]]
    assert xapi.ids(verb="x:nothing") == []


def test_by_agent_verb_and_activity_together(xapi, kept):
    wanted = kept(actor=SIAN, verb={"id": "x:v"}, object={"id": "x:a"})
    kept(actor=LLYR, verb={"id": "x:v"}, object={"id": "x:a"})
    kept(actor=SIAN, verb={"id": "x:w"}, object={"id": "x:a"})
    kept(actor=SIAN, verb={"id": "x:v"}, object={"id": "x:b"})
    within = kept(
        actor=SIAN, verb={"id": "x:v"}, object={"id": "x:b"}, context={"contextActivities": {"parent": {"id": "x:a"}}}
    )
    query = {"agent": json.dumps(SIAN), "verb": "x:v", "activity": "x:a"}
    assert xapi.ids(**query) == [wanted]
    assert xapi.ids(**query, related_activities="true") == [within, wanted]
    assert xapi.ids(**query, related_activities="true", related_agents="true") == [within, wanted]


def test_since_is_exclusive_and_until_inclusive(xapi, kept):
    ids = [kept() for _ in range(3)]
    stored = [xapi.get(statementId=number).json["stored"] for number in ids]
    assert xapi.ids(since=stored[0]) == [ids[2], ids[1]]
    assert xapi.ids(until=stored[1]) == [ids[1], ids[0]]
    assert xapi.ids(since=stored[0], until=stored[1]) == [ids[1]]
    with_space = stored[0].replace("T", " ").replace("Z", "+00:00")
    assert xapi.ids(since=with_space) == [ids[2], ids[1]]
    assert xapi.ids(since=stored[0].replace("Z", " 00:00")) == [ids[2], ids[1]]  # a plus sign that was not escaped


def test_a_clock_that_steps_back_hides_nothing(xapi, kept, clock):
    first = kept()
    stored = xapi.get(statementId=first).json["stored"]
    clock.move(hours=-1)
    second = kept()
    assert xapi.get(statementId=second).json["stored"] == stored
    assert xapi.ids(until=stored) == [second, first]
    clock.move(hours=2)
    third = kept()
    assert xapi.ids(since=stored) == [third]


@pytest.mark.parametrize("settings", [{"KTB_PAGE_SIZE": "4"}])
@pytest.mark.parametrize("total", [3, 4, 5, 8, 9])
@pytest.mark.parametrize("order", ["false", "true"])
def test_pages_hold_everything_once_and_never_end_empty(xapi, statement, total, order):
    ids = xapi.post([statement(context={"contextActivities": {"parent": {"id": "x:a"}}}) for _ in range(total)]).json
    found, pages, page = [], 0, xapi.get(activity="x:a", related_activities="true", ascending=order).json
    while True:
        pages += 1
        assert 1 <= len(page["statements"]) <= 4
        found += [one["id"] for one in page["statements"]]
        if not page["more"]:
            break
        xapi.post(statement())  # what arrives meanwhile must not move the pages
        page = xapi.get(page["more"]).json
    assert pages == -(-total // 4)
    assert found == (ids if order == "true" else ids[::-1])


def test_more_is_a_path_from_the_root_and_keeps_the_filters(xapi, kept):
    for _ in range(3):
        kept(verb={"id": "x:ŵ"}, actor=SIAN)
    kept()
    more = xapi.get(verb="x:ŵ", agent=json.dumps(SIAN), limit=2).json["more"]
    assert more.startswith("/xapi/statements?")
    assert parse_qs(urlsplit(more).query)["verb"] == ["x:ŵ"]
    assert len(xapi.get(more).json["statements"]) == 1
    assert xapi.get(more).json["more"] == ""


@pytest.mark.parametrize("settings", [{"KTB_PAGE_SIZE": "2"}])
def test_limit_asks_for_less_but_never_for_more(xapi, kept):
    for _ in range(3):
        kept()
    assert [len(xapi.ids(limit=limit)) for limit in (0, 1, 2, 3)] == [2, 1, 2, 2]


def test_no_statement_is_an_empty_page(xapi):
    assert xapi.get().json == {"statements": [], "more": ""}


def test_head_answers_as_get_without_the_body(xapi, kept):
    number = kept()
    for path in ("/xapi/statements", f"/xapi/statements?statementId={number}", "/xapi/about"):
        get = xapi.get(path)
        head = xapi.client.head(path, headers=xapi.headers)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("unknown=1", "unknown"),
        ("Agent={}", "Agent"),
        ("agent=sian", "agent"),
        ("agent={}", "agent"),
        ('agent={"mbox":"mailto:a@b","mbox":"mailto:c@d"}', "agent"),
        ('agent={"objectType":"Group","member":[]}', "agent"),
        ("agent=" + "[" * 5000, "agent"),
        ("verb=completed", "verb"),
        ("activity=", "activity"),
        ("registration=1", "registration"),
        ("since=yesterday", "since"),
        ("until=2026-13-01T00:00:00Z", "until"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("from=x", "from"),
        ("ascending=1", "ascending"),
        ("related_agents=yes", "related_agents"),
        ("attachments=maybe", "attachments"),
        ("format=pretty", "format"),
        ("limit=1&limit=2", "limit"),
        ("statementId=x", "statementId"),
        (f"statementId={uuid.UUID(int=1)}&limit=1", "limit"),
        (f"statementId={uuid.UUID(int=1)}&voidedStatementId={uuid.UUID(int=1)}", "voidedStatementId"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(xapi, query, where):
    answer = xapi.get(f"/xapi/statements?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["where"] == where


def test_a_trailing_question_mark_is_nothing(xapi, statement):
    assert xapi.client.post("/xapi/statements?", json=statement(), headers=xapi.headers).status_code == 200


def test_an_unknown_id_is_not_found(xapi):
    assert xapi.get(statementId=str(uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("kind", ["sqlite"])  # PostgreSQL plans by how much there is, and there is nothing here
def test_filters_read_their_index_and_sort_nothing(xapi, kept, engine):
    """A sort would read every row that passes; each of these must walk a key in its order instead."""
    from lrs.rules.formats import moment
    from lrs.storage.queries import Filters, _question

    kept(actor=SIAN)
    for filters in (
        Filters(),
        Filters(agent="mbox|x"),
        Filters(agent="mbox|x", verb="x:y"),
        Filters(activity="x:y", verb="x:y"),
        Filters(verb="x:y"),
        Filters(registration="x"),
        Filters(since=moment("2026-11-02T09:00:00Z")),
        Filters(agent="mbox|x", until=moment("2026-11-02T09:00:00Z")),
    ):
        sql = _question(filters, 10).compile(engine, compile_kwargs={"literal_binds": True})
        with engine.connect() as connection:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if "TEMP B-TREE" in step], (filters, plan)
        if filters != Filters():
            assert "SCAN" not in plan[0], (filters, plan)


@pytest.mark.parametrize("kind", ["sqlite"])  # PostgreSQL plans by what the tables hold, which is nothing here
def test_references_are_walked_in_their_key_and_nothing_else_is(xapi, kept, engine):
    """Each reference of the page's stretch is looked at once, and its target found by key."""
    from lrs.rules.formats import moment
    from lrs.storage.queries import Filters, _about

    kept(actor=SIAN)
    for filters in (
        Filters(agent="mbox|x"),
        Filters(agent="mbox|x", verb="x:y", activity="x:z", registration="x", related_agents=True),
        Filters(verb="x:y", ascending=True),
        Filters(registration="x", since=moment("2026-11-02T09:00:00Z")),
        Filters(activity="x:y", related_activities=True, authority="mbox|x"),
    ):
        sql = _about(filters, 5, 9, 10).compile(engine, compile_kwargs={"literal_binds": True})
        with engine.connect() as connection:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
        assert any(step.startswith("SEARCH statement_reaches USING PRIMARY KEY (seq>? AND seq<?)") for step in plan), (
            plan
        )
        steps = [step for step in plan if step != "SCAN few"]  # the rows of the page, once they are found
        assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], (filters, plan)
