"""A copy, erasure and retention as pages: tried first, said twice, written down; and the timers that do it at night."""

import configparser
import json
from datetime import timedelta
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from lrs import create_app
from lrs.cli import main
from lrs.storage import certificates, imports, outbox, people
from lrs.storage.certificates import Certificate
from lrs.storage.database import reading, writing

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.fixture
def mari(filled, clock):
    """Somebody with a certificate and two messages, one of which still waits."""
    person, email = filled.add_person()
    filled.send(email, "completed", "m1", clock.now)
    with writing(filled.engine) as connection:
        for state in ("sent", "waiting"):
            words = "cy", email, f"{state} to Mari Enghraifft", "Annwyl Mari Enghraifft"
            number = outbox.write(connection, outbox.Message("reminder", "coed", person, *words), "test", clock.now)
            connection.execute(text(f"UPDATE outbox SET state = '{state}', answer = '250 {email}' WHERE id = {number}"))
        made = Certificate("AAAA-BBBB-CCCC", "coed", person, "Mari Enghraifft", "cy", clock.now, "test")
        certificates.issue(connection, [made])
    return person


def where(person):
    return f"/residentials/coed/people/{person}/erase"


def rows(page, answer):
    table = page(answer).findall(".//table")[-1]
    return {row.find("th").text: int(row.find("td").text) for row in table.findall(".//tbody/tr")}


def messages(store):
    with reading(store.engine) as connection:
        query = "SELECT recipient, subject, body, coalesce(answer, ''), state FROM outbox ORDER BY id"
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_lead_sees_what_erasure_comes_to_and_nothing_changes(filled, lead, page, mari):
    before = messages(filled)
    told = rows(page, lead.get(where(mari)))
    assert (told["Messages"], told["Certificates"], told["People"]) == (2, 1, 1)
    assert told == rows(page, lead.get(where(mari)))
    assert messages(filled) == before
    assert where(mari) in lead.get(f"/residentials/coed/people/{mari}").text


def test_erasure_is_said_twice_and_blanks_the_outbox_but_not_its_counts(filled, lead, page, token, mari):
    form = {"form_token": token(lead)}
    again = lead.post(where(mari), data=form)
    assert (again.status_code, "Say that you are sure" in again.text) == (400, True)
    assert messages(filled)[0][0] != ""
    answer = lead.post(where(mari), data={**form, "sure": "yes"}, follow_redirects=True)
    assert "This person is erased." in answer.text and "Erase for good" not in answer.text
    assert messages(filled) == [("", "", "", "", "sent"), ("", "", "", "", "dropped")]
    assert "Mari Enghraifft" not in lead.get(f"/residentials/coed/people/{mari}").text
    counts = page(lead.get("/residentials/coed/reminders"))
    assert "Sent" in "".join(counts.itertext())
    with reading(filled.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit WHERE action = 'erase'")) == 1
    assert lead.post(where(mari), data={**form, "sure": "yes"}).status_code == 302


def test_a_copy_has_everything_and_is_written_down(filled, lead, mari):
    answer = lead.get(f"/residentials/coed/people/{mari}/copy.json")
    told = json.loads(answer.data)
    assert told["people"][0]["name"] == "Mari Enghraifft" and len(told["outbox"]) == 2 and told["statements"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{mari}.json"'
    with reading(filled.engine) as connection:
        assert connection.scalar(text("SELECT detail FROM audit WHERE action = 'export'")) == "subject access"


@pytest.mark.parametrize("path", ["erase", "copy.json"])
def test_nobody_is_erased_who_is_not_on_the_roster(filled, lead, clock, path):
    with writing(filled.engine) as connection:
        stranger = people.add_person(connection, "Nemo", "cy", clock.now)
    assert lead.get(f"/residentials/coed/people/{stranger}/{path}").status_code == 404


def test_retention_is_shown_before_it_is_carried_out(filled, lead, page, token, clock):
    with writing(filled.engine) as connection:
        old = clock.now - timedelta(days=2)
        imports.keep_import(connection, "coed", "list.csv", {"rows": ["Mari Enghraifft"]}, "x@council.example", old)
        words = "cy", "mari@council.example", "S", "B"
        outbox.write(connection, outbox.Message("reminder", "coed", None, *words), "x", clock.now - timedelta(days=800))
        gone = people.add_person(connection, "Mari Enghraifft", "cy", clock.now - timedelta(days=800))
    due = rows(page, lead.get("/retention"))
    wanted = {"People": 1, "Messages": 1, "Lists that nobody confirmed": 1}
    assert {what: number for what, number in due.items() if number} == wanted
    answer = lead.post("/retention", data={"form_token": token(lead)}, follow_redirects=True)
    assert "Nothing is due." in answer.text
    with reading(filled.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM imports")) == 0
        assert connection.scalar(text(f"SELECT name FROM people WHERE id = '{gone}'")) == "Dilëwyd / Erased"
        told = connection.scalar(text("SELECT detail FROM audit WHERE action = 'retention'"))
    assert told == "people=1 messages=1 waiting imports=1"


def test_a_press_that_has_no_time_left_leaves_the_rest_due(filled, lead, page, token, clock, monkeypatch):
    with writing(filled.engine) as connection:
        people.add_person(connection, "Mari Enghraifft", "cy", clock.now - timedelta(days=800))
    monkeypatch.setattr("lrs.programme.law.PATIENCE", -1.0)
    answer = lead.post("/retention", data={"form_token": token(lead)}, follow_redirects=True)
    assert rows(page, answer)["People"] == 1


@pytest.mark.parametrize("given", [{"KTB_SMTP_HOST": "mail.example"}, {"KTB_SMTP_FROM": "store@college.example"}])
def test_no_link_is_promised_by_mail_without_a_server_and_a_sender(store_url, clock, page, given):
    app = create_app({"KTB_DATABASE_URL": store_url, **given}, clock)
    client = app.test_client()
    assert page(client.get("/sign-in")).find(".//input[@name='email']") is None
    assert client.post("/sign-in", data={"email": "mair@council.example"}).status_code == 404
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("name", ["remind", "retention"])
def test_a_timer_starts_a_command_that_there_is(kind, name):
    assert kind == "sqlite"
    unit, timer = (configparser.ConfigParser(strict=False, interpolation=None) for _ in range(2))
    for parser, ending in ((unit, "service"), (timer, "timer")):
        parser.optionxform = str
        parser.read_string((DEPLOY / f"ktb-lrs-{name}.{ending}").read_text("utf-8"))
    program, command = unit["Service"]["ExecStart"].split()
    assert program.endswith("/ktb-lrs") and command == name
    assert command in main.list_commands(click.Context(main))
    assert timer["Timer"]["OnCalendar"] and timer["Install"]["WantedBy"] == "timers.target"
