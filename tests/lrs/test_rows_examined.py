"""How much of the store a page of statements looks at: of the list that its narrowest filter has, and of nothing else.

A registration leads, then an agent, then an activity, then a verb. Counted are the rows that PostgreSQL looked at, and
the steps that SQLite took; neither may grow with what others have stored, whatever the database knows of its tables.
"""

import json
import uuid
from collections.abc import Iterator

import pytest

from lrs.storage import database
from lrs.storage.queries import Filters, _about, _question
from lrs.storage.statements import Sender, store

SENDER = Sender({"account": {"homePage": "x:store", "name": "k"}}, "Test", "confirmed")
MINE, THEIRS = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
HELD = 40  # statements in the list that leads
SIZE = 10
PAGES = {  # each finds a page in the list that leads
    "agent": Filters(agent="mbox|mailto:mine@x.example"),
    "agent and verb": Filters(agent="mbox|mailto:mine@x.example", verb="x:v"),
    "related agent": Filters(agent="mbox|mailto:mine@x.example", related_agents=True),
    "activity": Filters(activity="x:mine"),
    "activity and verb": Filters(activity="x:mine", verb="x:v"),
    "related activity": Filters(activity="x:mine", related_activities=True),
    "related to the course": Filters(activity="x:course", related_activities=True),
    "registration": Filters(registration=MINE),
    "registration and verb": Filters(registration=MINE, verb="x:v"),
    "verb": Filters(verb="x:v"),
    "rare verb": Filters(verb="x:rare"),
    "agent and rare verb": Filters(agent="mbox|mailto:theirs@x.example", verb="x:rare"),
    "registration, oldest first": Filters(registration=MINE, ascending=True),
    "registration, its second page": Filters(registration=MINE, after=HELD - SIZE),
    "rare verb, oldest first": Filters(verb="x:rare", ascending=True),
    "nothing": Filters(),
}
MISSES = {  # each finds nothing, after a look at everything in the list that leads
    "agent and activity": Filters(agent="mbox|mailto:mine@x.example", activity="x:theirs"),
    "agent and related activity": Filters(
        agent="mbox|mailto:mine@x.example", activity="x:theirs", related_activities=True
    ),
    "registration and agent": Filters(registration=MINE, agent="mbox|mailto:theirs@x.example"),
    "registration and activity": Filters(registration=MINE, activity="x:theirs"),
    "registration and rare verb": Filters(registration=MINE, verb="x:rare"),
    "all": Filters(
        registration=MINE,
        agent="mbox|mailto:theirs@x.example",
        activity="x:theirs",
        verb="x:v",
        related_agents=True,
        related_activities=True,
    ),
}


def said(who, number, verb="x:v"):
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": f"mailto:{who}@x.example"},
        "verb": {"id": verb},
        "object": {"id": f"x:{who}"},
        "context": {"registration": number, "contextActivities": {"parent": [{"id": "x:course"}]}},
    }


@pytest.fixture
def keep(engine, clock):
    """``keep(statements)`` stores them."""

    def kept(statements):
        with database.writing(engine) as connection:
            store(connection, statements, SENDER, clock())

    return kept


@pytest.fixture
def examined(engine):
    """``examined(question)`` -> rows that PostgreSQL looks at for its answer, or steps that SQLite takes."""

    def counted(question):
        sql = str(question.compile(engine, compile_kwargs={"literal_binds": True}))
        with database.reading(engine) as connection:
            database.in_order_of_keys(connection)
            if engine.dialect.name == "postgresql":
                plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").scalar()
                return sum(looked_at(plan[0]["Plan"]))
            steps, driver = [], connection.connection.driver_connection
            driver.set_progress_handler(lambda: steps.append(1), 10)
            connection.exec_driver_sql(sql).all()
            driver.set_progress_handler(None, 0)
            return len(steps)

    return counted


def looked_at(node) -> Iterator[float]:
    """The rows of each scan in a plan, whether they passed or not."""
    if "Scan" in node["Node Type"] and "Subquery" not in node["Node Type"]:
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield (node["Actual Rows"] + removed) * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from looked_at(inner)


def learn(engine):
    """Let PostgreSQL know how much there is just now."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def test_what_others_store_is_not_looked_at(keep, examined, engine, kind):
    keep([said("mine", MINE) for _ in range(HELD)] + [said("theirs", THEIRS, "x:rare")])
    learn(engine)
    asked = {**PAGES, **MISSES}
    few = {name: examined(_question(filters, SIZE)) for name, filters in asked.items()}
    keep([said("theirs", THEIRS) for _ in range(15 * HELD)])
    for _ in ("what it knew before is out of date", "it knows"):
        many = {name: examined(_question(filters, SIZE)) for name, filters in asked.items()}
        assert {name: (few[name], many[name]) for name in asked if many[name] > few[name] * 1.2 + 3} == {}
        learn(engine)
    if (
        kind == "postgresql"
    ):  # a row of a list and, by its key, the statement; or the row and one look at the other list
        most = {**dict.fromkeys(PAGES, 3 * SIZE), **dict.fromkeys(MISSES, 4 * HELD)}
        assert {name: many[name] for name in asked if many[name] > most[name]} == {}


def test_references_outside_the_page_are_not_looked_at(keep, examined, engine):
    """However many statements are about others, only those of the stretch that a page covers are followed."""
    targets = [said("mine", MINE) for _ in range(5)]
    keep(targets)
    about = [{**said("theirs", THEIRS), "object": {"objectType": "StatementRef", "id": one["id"]}} for one in targets]
    keep([{**one, "id": str(uuid.uuid4())} for one in about for _ in range(4)])
    learn(engine)
    few = examined(_about(PAGES["agent"], 6, 25, SIZE))
    keep([{**one, "id": str(uuid.uuid4())} for one in about for _ in range(60)])
    for _ in ("what it knew before is out of date", "it knows"):
        assert examined(_about(PAGES["agent"], 6, 25, SIZE)) <= few * 1.2 + 3
        learn(engine)


def test_a_plan_is_json_that_the_count_reads_whole():
    plan = json.loads(
        '{"Node Type": "Limit", "Actual Rows": 1, "Actual Loops": 1, "Plans": [{"Node Type": "Index Scan",'
        '"Actual Rows": 2, "Actual Loops": 3, "Rows Removed by Filter": 5}]}'
    )
    assert sum(looked_at(plan)) == 21
