"""Statements about statements: a filter that finds one finds whatever is about it too (Communication 2.1.3)."""

import json
import uuid

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from lrs.storage import database, references

SIAN = {"mbox": "mailto:sian@cyngor.example"}
LLYR = {"mbox": "mailto:llyr@cyngor.example"}
MENTOR = {"mbox": "mailto:mentor@cyngor.example"}
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
def about(statement):
    """``about(id)`` -> a statement by a mentor whose object is the statement with this id."""
    reference = {"objectType": "StatementRef"}
    return lambda number, **changes: statement(
        **{"actor": MENTOR, "verb": {"id": "x:read"}, "object": {**reference, "id": number}} | changes
    )


def agent(actor):
    return json.dumps(actor)


def test_what_finds_a_statement_finds_the_ones_about_it(xapi, statement, about):
    number = str(uuid.uuid4())
    first = statement(actor=SIAN, verb={"id": "x:done"}, object={"id": "x:a"}, context={"registration": number})
    second = about(first["id"])
    xapi.post([first, second, statement(actor=LLYR, verb={"id": "x:other"})])
    both = [second["id"], first["id"]]
    for query in (
        {"agent": agent(SIAN)},
        {"verb": "x:done"},
        {"activity": "x:a"},
        {"registration": number},
        {"agent": agent(SIAN), "verb": "x:done", "activity": "x:a", "registration": number},
    ):
        assert xapi.ids(**query) == both, query
        assert xapi.ids(**query, ascending="true") == both[::-1], query
    assert xapi.ids(agent=agent(MENTOR)) == [second["id"]]


def test_one_statement_must_pass_all_filters_not_two_between_them(xapi, statement, about):
    first = statement(actor=SIAN, verb={"id": "x:done"}, object={"id": "x:a"})
    xapi.post([first, about(first["id"])])
    assert xapi.ids(agent=agent(MENTOR), verb="x:done") == []
    assert xapi.ids(agent=agent(SIAN), verb="x:read") == []
    assert xapi.ids(agent=agent(MENTOR), activity="x:a") == []


@pytest.mark.parametrize("order", ["first to last", "last to first", "one batch", "one batch backwards"])
def test_references_are_followed_from_one_to_the_next_whichever_came_first(xapi, statement, about, order):
    chain = [statement(actor=SIAN)]
    for _ in range(4):
        chain.append(about(chain[-1]["id"]))
    sent = chain if order in ("first to last", "one batch") else chain[::-1]
    if order.startswith("one batch"):
        xapi.post(sent)
    else:
        for one in sent:
            xapi.post(one)
    assert set(xapi.ids(agent=agent(SIAN))) == {one["id"] for one in chain}
    assert xapi.ids(agent=agent(SIAN), ascending="true") == [one["id"] for one in sent]


def test_a_chain_is_followed_up_to_its_bound_and_no_further(xapi, statement, about, rows, monkeypatch):
    monkeypatch.setattr(references, "DEEPEST", 3)
    for backwards in (False, True):
        chain = [statement(actor={"mbox": f"mailto:{backwards}@x.example"})]
        for _ in range(6):
            chain.append(about(chain[-1]["id"]))
        xapi.post(chain[::-1] if backwards else chain)
        found = set(xapi.ids(agent=agent(chain[0]["actor"])))
        assert found == {one["id"] for one in chain[:4]}
    assert rows("SELECT max(depth) FROM statement_reaches") == [(3,)]


def test_statements_that_refer_to_each_other_are_no_endless_chain(xapi, about, rows):
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    xapi.post([about(other, id=one, actor=SIAN), about(one, id=other, actor=LLYR), about(s := str(uuid.uuid4()), id=s)])
    assert xapi.ids(agent=agent(SIAN)) == [other, one]
    assert rows("SELECT count(*) FROM statement_reaches") == [(2,)]


def test_times_and_the_limit_are_of_the_statement_that_is_answered(xapi, statement, about):
    first = statement(actor=SIAN)
    xapi.post(first)
    since = xapi.get(statementId=first["id"]).json["stored"]
    second = about(first["id"])
    xapi.post(second)
    assert xapi.ids(agent=agent(SIAN), since=since) == [second["id"]]
    assert xapi.ids(agent=agent(SIAN), until=since) == [first["id"]]
    assert xapi.ids(agent=agent(SIAN), limit=1) == [second["id"]]


def test_a_voided_statement_is_hidden_but_what_voids_it_is_found(xapi, statement, about):
    first = statement(actor=SIAN)
    void = about(first["id"], verb={"id": VOIDED})
    note = about(first["id"])
    gone = about(void["id"])
    xapi.post([first, note, void, gone, about(gone["id"], verb={"id": VOIDED})])
    found = xapi.ids(agent=agent(SIAN))
    assert first["id"] not in found and gone["id"] not in found
    assert {note["id"], void["id"]} < set(found)


def test_related_filters_reach_as_far(xapi, statement, about):
    first = statement(
        context={"instructor": SIAN, "contextActivities": {"parent": {"id": "x:p"}}},
    )
    second = about(first["id"])
    xapi.post([first, second])
    both = [second["id"], first["id"]]
    assert xapi.ids(agent=agent(SIAN)) == xapi.ids(activity="x:p") == []
    assert xapi.ids(agent=agent(SIAN), related_agents="true") == both
    assert xapi.ids(activity="x:p", related_activities="true") == both


def test_a_reference_in_the_context_or_in_a_substatement_reaches_nothing(xapi, statement):
    first = statement(actor=SIAN)
    reference = {"objectType": "StatementRef", "id": first["id"]}
    sub = {"objectType": "SubStatement", "actor": LLYR, "verb": {"id": "x:v"}, "object": reference}
    xapi.post([first, statement(actor=LLYR, context={"statement": reference}), statement(actor=LLYR, object=sub)])
    assert xapi.ids(agent=agent(SIAN)) == [first["id"]]


@pytest.mark.parametrize("settings", [{"KTB_PAGE_SIZE": "3"}])
@pytest.mark.parametrize("ascending", ["false", "true"])
def test_pages_hold_both_kinds_once_each_and_in_order(xapi, statement, about, ascending):
    ids = []
    for turn in range(4):
        first = statement(actor=SIAN)
        second = about(first["id"])
        third = about(second["id"], actor=SIAN)  # found twice over: by its own actor and by reference
        batch = [first, second, third] if turn % 2 else [third, second, first]
        ids += xapi.post([*batch, statement(actor=LLYR)]).json[:3]
    found, page = [], xapi.get(agent=agent(SIAN), ascending=ascending).json
    while True:
        assert 1 <= len(page["statements"]) <= 3
        found += [one["id"] for one in page["statements"]]
        if not page["more"]:
            break
        page = xapi.get(page["more"]).json
    assert found == (ids if ascending == "true" else ids[::-1])


def test_whoever_reads_their_own_finds_none_through_what_others_said(xapi, xapi_as, key, statement, about):
    mine = xapi_as(key("statements/write", "statements/read/mine"))
    first, own = statement(actor=SIAN), statement(actor=SIAN)
    xapi.post(first)
    note, other = about(first["id"]), about(own["id"])
    mine.post([own, note, other])
    assert mine.ids(agent=agent(SIAN)) == [other["id"], own["id"]]
    assert mine.ids() == [other["id"], note["id"], own["id"]]


def test_references_of_an_older_store_are_followed_after_an_upgrade(new_engine):
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    with database.writing(new_engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.text("INSERT INTO iris VALUES (1, 'x:v')"))
        for seq in range(1, 5):  # 1 <- 2 <- 3, and 4 refers to itself
            row = f"({seq}, 'id{seq}', 1, NULL, 0, 0, false, '{{}}')"
            connection.execute(sa.text(f"INSERT INTO statements VALUES {row}"))
        for target, seq, usage in (("id1", 2, 2), ("id2", 3, 2), ("id4", 4, 2), ("id1", 4, 128)):
            connection.execute(sa.text(f"INSERT INTO statement_references VALUES ('{target}', {seq}, {usage})"))
    database.upgrade(new_engine)
    with database.reading(new_engine) as connection:
        found = connection.execute(sa.text("SELECT seq, source, depth FROM statement_reaches ORDER BY seq, source"))
        assert [tuple(row) for row in found] == [(2, 1, 1), (3, 1, 2), (3, 2, 1)]
