"""What the law lets people ask: a copy of what is kept, erasure with every count kept, and retention by rule."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from lrs.cli import main
from lrs.rules.erasure import pseudonymised
from lrs.storage import people
from lrs.storage.database import reading, writing
from lrs.storage.statements import Sender, store

NAMES = ("Mari Enghraifft", "mari.enghraifft@council.example", "Mari E. Enghraifft", "learner-7741")
LMS = "https://lms.council.example"
VERB = "http://adlnet.gov/expapi/verbs/completed"


@pytest.fixture
def run(filled, monkeypatch):
    """``run("person", …)`` -> what a command says."""
    url = filled.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("KTB_DATABASE_URL", url)

    def command(*arguments, code=0, **more):
        result = CliRunner().invoke(main, arguments, **more)
        assert result.exit_code == code, result.output
        return result.output

    return command


@pytest.fixture
def mari(filled, clock):
    """Somebody of whom the store knows as much as it can: in every role of a statement, in every table."""
    person, _ = filled.add_person(NAMES[0])
    account = f"account|{LMS}|{NAMES[3]}"
    agents = {
        "mbox": {"mbox": f"mailto:{NAMES[1]}", "name": NAMES[2]},
        "account": {"objectType": "Agent", "account": {"homePage": LMS, "name": NAMES[3]}},
        "name as address": {"account": {"homePage": LMS, "name": NAMES[1].upper()}},
    }
    other = {"mbox": "mailto:other@council.example"}
    thing = {"objectType": "Activity", "id": "https://course.example/tiny/modules/m1"}
    made = [{"actor": agent, "object": thing} for agent in agents.values()]
    made[0]["result"] = {"response": "my own words", "completion": True}
    made += [
        {"actor": other, "object": {"objectType": "Agent", **agents["mbox"]}},
        {"actor": other, "object": thing, "context": {"instructor": agents["mbox"]}},
        {"actor": {"objectType": "Group", "member": [agents["mbox"], other]}, "object": thing},
        {
            "actor": other,
            "object": {"objectType": "SubStatement", "actor": agents["mbox"], "verb": {"id": VERB}, "object": thing},
            "result": {"response": f"Written about {NAMES[0]}"},
        },
    ]
    for one in made:
        one |= {"id": str(uuid.uuid4()), "verb": {"id": VERB}, "timestamp": clock.now.isoformat()}
    with writing(filled.engine) as connection:
        people.identify(connection, person, [("email", NAMES[1]), ("account", account)], clock.now)
        authority = {"account": {"homePage": LMS, "name": "authority"}}
        store(connection, made, Sender(authority, "the module", "asserted", True), clock.now)
        rest = {
            "outbox (kind, language, recipient, subject, body, state, attempts, due_at, created_at, created_by)": (
                f"'invitation', 'cy', '{NAMES[1]}', 'S', 'Annwyl {NAMES[0]}', 'sent', 1, 1, 1, 'x'"
            ),
            "certificates (code, cohort, person, name, language, issued_at, issued_by)": (
                f"'AAAA', 'coed', '{person}', '{NAMES[0]}', 'cy', {int(clock.now.timestamp() * 1e6)}, 'x'"
            ),
            "imports (id, cohort, filename, rows, created_at, created_by, kind)": (
                f"'i', 'coed', 'f', '[\"{NAMES[1]}\"]', 1, 'x', 'roster'"
            ),
        }
        for table, values in rest.items():
            connection.execute(text(f"INSERT INTO {table} VALUES ({values})"))
        today = int(datetime.now(UTC).timestamp() * 1e6)
        connection.execute(text(f"UPDATE outbox SET person = '{person}', created_at = {today}"))
        actor = connection.scalar(text(f"SELECT id FROM actors WHERE ifi = '{account}'"))
        content = base64.b64encode(b"notes of Mari Enghraifft").decode()
        connection.execute(
            text(
                "INSERT INTO documents (actor, activity, registration, name, stored, content_type, etag, content) "
                "VALUES (:actor, 0, '', 'notes', 1, 'text/plain', 'x', :content)"
            ),
            {"actor": actor, "content": base64.b64decode(content)},
        )
    return person


def everything(store):
    """All that the database holds, as one text, but for the log and the accounts of the tests' own users."""
    with reading(store.engine) as connection:
        tables = ["statements", "actors", "actor_names", "people", "identifiers", "outbox", "certificates", "imports"]
        tables += ["documents", "launch_tokens", "evidence", "appointments"]
        return "\n".join(str(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in tables)


def board(lead):
    page = lead.get("/residentials/coed").text
    return page[page.index('<ul class="counts">') : page.index("</ul>", page.index('<ul class="counts">'))]


def test_e26_an_erased_person_is_nowhere_and_every_count_stays(filled, lead, clock, run, mari):
    _, email = filled.add_person("Sam Sample")
    for module in ("m1", "m2", "m3"):
        filled.send(NAMES[3], "completed", module, clock.now)
        filled.send(email, "completed", module, clock.now)
    before, statuses = board(lead), lead.get("/residentials/coed").text.count("tag is-ready")
    with reading(filled.engine) as connection:
        ids = set(connection.scalars(text("SELECT id FROM statements")))
        held = connection.scalar(text("SELECT count(*) FROM evidence"))
    assert statuses == 2
    said = run("person", "erase", NAMES[1], "--yes")
    assert "statements: 10" in said
    kept = everything(filled).casefold()
    for name in (*NAMES, "my own words", "written about", "notes of"):
        assert name.casefold() not in kept, name
    assert "Sam Sample" in everything(filled)
    assert email in kept
    assert board(lead) == before
    assert lead.get("/residentials/coed").text.count("tag is-ready") == 2
    with reading(filled.engine) as connection:
        assert set(connection.scalars(text("SELECT id FROM statements"))) == ids
        assert connection.scalar(text("SELECT count(*) FROM evidence")) == held
        assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'erase'")) == 1
    shown = lead.get(f"/residentials/coed/people/{mari}")
    assert shown.status_code == 200 and "Dilëwyd / Erased" in shown.text
    assert "There is nobody with" in run("person", "erase", NAMES[1], "--yes", code=1)


def test_a_dry_run_tells_the_same_and_changes_nothing(filled, run, mari):
    before = everything(filled)
    dry = run("person", "erase", mari, "--dry-run")
    assert everything(filled) == before
    assert "Nothing is changed." in dry
    run("person", "erase", mari, code=1, input="n\n")
    assert everything(filled) == before
    counts = [line for line in dry.splitlines() if ": " in line]
    assert [line for line in run("person", "erase", mari, "--yes").splitlines() if ": " in line][
        : len(counts)
    ] == counts


def test_statements_of_the_erased_are_still_answered_and_can_be_asked_for(filled, app, run, mari):
    from lrs.storage import keys

    run("person", "erase", mari, "--yes")
    with writing(filled.engine) as connection:
        made = keys.create(connection, "k", ["all"], filled.clock.now)
    pair = base64.b64encode(f"{made.key}:{made.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}
    found = app.test_client().get("/xapi/statements", headers=headers).json["statements"]
    agents = [one["actor"] for one in found if "erased.invalid" in json.dumps(one["actor"])]
    assert len(found) == 7 and len(agents) == 4
    query = {"agent": json.dumps(next(one for one in agents if "account" in one))}
    assert len(app.test_client().get("/xapi/statements", headers=headers, query_string=query).json["statements"]) >= 1


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_copy_has_everything_and_nothing_of_anybody_else(filled, lead, run, mari, tmp_path):
    sam, _ = filled.add_person("Sam Sample")
    lead.get(f"/residentials/coed/people/{mari}")
    lead.get(f"/residentials/coed/people/{sam}")
    run("person", "export", NAMES[1], str(tmp_path / "mari.json"))
    told = json.loads((tmp_path / "mari.json").read_text("utf-8"))
    assert len(told["statements"]) == 7
    assert [one["value"] for one in told["identifiers"]][1:] == [f"account|{LMS}|{NAMES[3]}", NAMES[1]]
    assert [one["body"] for one in told["outbox"]] == [f"Annwyl {NAMES[0]}"]
    assert base64.b64decode(told["documents"][0]["content"]) == b"notes of Mari Enghraifft"
    assert {one["action"] for one in told["log"]} >= {"look", "export"} or {one["action"] for one in told["log"]} == {
        "look"
    }
    assert told["certificates"][0]["code"] == "AAAA" and told["places"] and told["evidence"]
    assert sam not in json.dumps(told) and "Sam" not in json.dumps(told)
    assert "There is nobody" in run("person", "export", "nobody@x.example", code=1)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_an_address_that_is_somebody_elses_now_stays_theirs(filled, run, mari, clock):
    other, _ = filled.add_person("Sam Sample")
    with writing(filled.engine) as connection:
        connection.execute(text(f"UPDATE identifiers SET retired_at = 1 WHERE value = '{NAMES[1]}'"))
        people.identify(connection, other, [("email", NAMES[1])], clock.now)
    run("person", "erase", mari, "--yes")
    assert f"mailto:{NAMES[1]}" in everything(filled)
    assert NAMES[3] not in everything(filled)


def test_what_looks_like_an_agent_and_is_none_is_left_alone():
    odd = {"account": "7", "mbox": 3, "openid": None}
    statement = {"actor": {"mbox": "mailto:a@b.example"}, "object": {"id": "https://x.example", "odd": odd}}
    changed = pseudonymised(statement, {"mbox|mailto:a@b.example": "n"}, ["a@b.example"], author=True, inner=False)
    assert changed["object"]["odd"] == odd
    assert changed["actor"] == {"account": {"homePage": "https://erased.invalid", "name": "n"}}


@pytest.fixture
def long_ago(filled, run, mari):
    """Somebody whose residential ended three years ago, and somebody whose residential is still to come."""
    ago = datetime.now(UTC) - timedelta(days=3 * 365)
    sam, email = filled.add_person("Sam Sample")
    with writing(filled.engine) as connection:
        connection.execute(text(f"UPDATE cohorts SET ends = '{ago.date()}' WHERE id = 'coed'"))
    soon = (datetime.now(UTC) - filled.clock.now).days
    filled.add_cohort("fory", starts=soon + 30)
    with writing(filled.engine) as connection:
        people.place(connection, "fory", sam, "confirmed", "test", filled.clock.now)
    filled.send(NAMES[3], "completed", "m1", ago)
    filled.send(email, "completed", "m1", datetime.now(UTC))
    return sam, email


def test_retention_removes_what_is_due_and_nothing_else(filled, run, mari, long_ago):
    with writing(filled.engine) as connection:
        old = int((datetime.now(UTC) - timedelta(days=900)).timestamp() * 1e6)
        connection.execute(text(f"UPDATE statements SET stored = {old} WHERE seq < 8"))
        connection.execute(
            text("INSERT INTO audit (at, \"user\", action, subject, detail) VALUES (1, 'x', 'look', 'y', '')")
        )
        held = connection.scalar(text("SELECT count(*) FROM evidence"))
    before = everything(filled)
    dry = run("retention", "--dry-run")
    assert everything(filled) == before
    done = run("retention")
    assert dry.replace("Nothing is changed.", "Removed.") == done
    assert "people: 1\n" in done and "statements: 7\n" in done and "rows of the log: 1\n" in done
    kept = everything(filled)
    for name in NAMES:
        assert name not in kept or name == NAMES[0], name
    assert f"'AAAA', 'coed', '{mari}', 'Mari Enghraifft'" in kept  # a certificate lasts longer
    assert "Sam Sample" in kept and long_ago[1] in kept
    with reading(filled.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM statements")) == 2
        assert connection.scalar(text("SELECT count(*) FROM evidence")) == held
    again = run("retention")
    assert "people: 0\n" in again and "statements: 0\n" in again
