"""What a learner sends to the programme lead: read by leads alone, copied out to its writer, and gone when erased."""

import json
import uuid
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from lrs.cli import main
from lrs.storage import courses
from lrs.storage.database import reading, writing
from lrs.storage.writing import LONGEST

LMS = "https://lms.council.example"
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
WORDS = "I will ask for <b>advice</b> & write it down"


@pytest.fixture
def course(filled, outline, clock):
    """The outline of a course in whose second module two reflections may be sent, and a third may not."""
    told = outline()
    told["verbs"] = {**told["verbs"], "answered": {"id": ANSWERED, "display": {"en-GB": "answered"}}}
    module = told["modules"][1]
    titles = {"next": ("What <next>?", "Beth <nesaf>?"), "own": ("Kept", "Cadw"), "last": ("And last?", "Ac yn olaf?")}
    module["reflections"] = [
        {"id": id, "title": {"en": en, "cy": cy}, "iri": f"{module['iri']}/reflections/{id}", "share": "lead"}
        for id, (en, cy) in titles.items()
    ]
    for name in ("iri", "share"):
        del module["reflections"][1][name]
    with writing(filled.engine) as connection:
        courses.register(connection, told, clock.now)
    return told


@pytest.fixture
def mari(filled, course, clock):
    return filled.add_person()


def send(filled, email, words, at, piece="next", **changes):
    """A piece of writing as the player sends it."""
    statement = {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "account": {"homePage": LMS, "name": email}},
        "verb": {"id": ANSWERED},
        "object": {"id": f"https://course.example/tiny/modules/m2/reflections/{piece}"},
        "result": {"response": words},
        "timestamp": at.isoformat(),
        **changes,
    }
    filled.put(statement, at, "asserted", "the module")
    return statement["id"]


def where(person):
    return f"/residentials/coed/people/{person}"


def quoted(tree):
    return ["".join(one.itertext()) for one in tree.iter("blockquote")]


def test_a_lead_reads_what_was_sent_last_and_a_link_officer_does_not(filled, mari, lead, client, page, clock):
    person, email = mari
    hour = timedelta(hours=1)
    send(filled, email, "the last piece", clock.now - 3 * hour, "last")
    send(filled, email, "a first try", clock.now - 2 * hour)
    send(filled, email, WORDS, clock.now - hour)
    send(filled, email, "not one of the pieces", clock.now, "own")
    filled.void(send(filled, email, "taken back by the store", clock.now), clock.now)
    _, another = filled.add_person("Siân Arall")
    send(filled, another, "somebody else’s", clock.now)
    shown = lead.get(where(person))
    assert quoted(page(shown)) == [WORDS, "the last piece"]
    assert "<b>advice" not in shown.text and "What &lt;next&gt;?" in shown.text
    assert "Beth &lt;nesaf&gt;?" in lead.get(f"{where(person)}?lang=cy", follow_redirects=True).text
    with reading(filled.engine) as connection:
        details = connection.execute(text("SELECT detail FROM audit WHERE action = 'look'")).scalars().all()
    assert details[0] == "coed, 2 pieces of writing" and "advice" not in str(details)
    filled.sign_in(client, "officer", "W06000015")
    told = client.get(where(person))
    assert told.status_code == 200 and quoted(page(told)) == [] and "advice" not in told.text
    assert quoted(page(lead.get(f"{where(person)}?as-at=2026-11-01"))) == []


def test_a_hostile_statement_breaks_no_page(filled, mari, lead, page, clock):
    person, email = mari
    before = clock.now - timedelta(minutes=1)
    send(filled, email, "short", before, "last")
    for result in ({"response": ""}, {"completion": True}):
        send(filled, email, "", before, result=result)
    group = {"objectType": "Group", "member": [{"account": {"homePage": LMS, "name": email}}]}
    send(filled, email, "in the name of many", before, actor=group)
    send(filled, email, "y" * (LONGEST + 5), before)
    long, short = quoted(page(lead.get(where(person))))
    assert (len(long), short) == (LONGEST + 2, "short")


def test_a_person_gets_a_copy_and_erasure_takes_the_words_out(filled, mari, lead, clock, monkeypatch, tmp_path, page):
    person, email = mari
    send(filled, email, WORDS, clock.now - timedelta(hours=1))
    monkeypatch.setenv("KTB_DATABASE_URL", filled.engine.url.render_as_string(hide_password=False))
    run = CliRunner().invoke
    assert run(main, ["person", "export", person, str(tmp_path / "all.json")]).exit_code == 0
    told = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert [one["result"]["response"] for one in told["statements"]] == [WORDS]
    erased = run(main, ["person", "erase", person, "--yes"])
    assert erased.exit_code == 0, erased.output
    with reading(filled.engine) as connection:
        (payload,) = connection.execute(text("SELECT payload FROM statements")).scalars().all()
    assert "advice" not in payload and json.loads(payload)["result"] == {}
    assert quoted(page(lead.get(where(person)))) == []


def test_a_package_may_say_it_and_is_never_counted_as_an_answer(filled, mari, client, course, clock):
    with writing(filled.engine) as connection:
        courses.allow(connection, "tiny", LMS, clock.now)
    registration = str(uuid.uuid4())
    asked = {"learner": "l-1", "registration": registration}
    token = client.post(f"/launch/packages/{course['package']}", json=asked, headers={"Origin": LMS}).json["token"]
    headers = {"Authorization": f"Bearer {token}", "X-Experience-API-Version": "1.0.3", "Origin": LMS}

    def told(piece):
        one = {
            "id": str(uuid.uuid4()), "verb": {"id": ANSWERED}, "result": {"response": WORDS},
            "actor": {"account": {"homePage": LMS, "name": "l-1"}}, "context": {"registration": registration},
            "object": {"id": f"https://course.example/tiny/modules/m2/reflections/{piece}"},
        }  # fmt: skip
        return client.post("/xapi/statements", json=[one], headers=headers).status_code

    assert (told("next"), told("own")) == (200, 400)
    with reading(filled.engine) as connection:
        kept = [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("answers", "evidence")]
    assert kept == [0, 0]
