"""Reminders of a residential: whose words they are, the outbox, the command, and the page that tells of them (R8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lrs.cli import main
from lrs.programme import commands_mail
from lrs.programme.reminding import planned, write_what_is_due
from lrs.storage import cohorts, outbox, people, users
from lrs.storage.database import reading, writing
from lrs.storage.programme_tables import outbox as table

only_sqlite = pytest.mark.parametrize("kind", ["sqlite"])
DAY = timedelta(days=1)
URL = "https://store.example"


def at(day, hour=9, minute=0):
    """A moment of 2026, such as at("11-10"), in UTC."""
    return datetime.fromisoformat(f"2026-{day}T{hour:02}:{minute:02}+00:00")


# --- what is written ----------------------------------------------------------------------------------------------


@pytest.fixture
def autumn(empty, clock):
    """A residential on its target date, a Tuesday; the outbox is empty."""
    clock.now = at("11-10")
    empty.add_course()
    empty.add_cohort(opens=-70, target=0, cut_off=14, starts=28)
    return empty


def the_plans(store):
    with reading(store.engine) as connection:
        return planned(connection, cohorts.cohort_called(connection, "coed"), store.clock.now, URL)


def write(store):
    with writing(store.engine) as connection:
        write_what_is_due(connection, "test", store.clock.now, URL)


def states(store):
    with reading(store.engine) as connection:
        kept = outbox.messages_of(connection, "coed")
    return [(one.kind, one.recipient, one.state) for one in reversed(kept)]


def settle_all(store, state="sent"):
    with writing(store.engine) as connection:
        while one := outbox.claim_next(connection, store.clock.now, ("invitation", "reminder", "digest")):
            outbox.settle(connection, one.id, state, "250 OK", store.clock.now)


def test_each_is_written_to_in_their_own_language_about_what_is_left(autumn):
    _, mari = autumn.add_person("Mari Enghraifft", language="cy")
    _, sam = autumn.add_person("Sam Sample", language="en")
    autumn.send(sam, "completed", "m1", autumn.clock.now - 5 * DAY)
    first, second = the_plans(autumn).messages
    assert (first.recipient, first.language, first.subject) == (
        mari, "cy", "Adnabod y Busnes: eich modiwlau cyn Coed, Rhagfyr 2026",
    )  # fmt: skip
    assert "3 modiwl ar ôl" in first.body
    assert "Annwyl Mari Enghraifft," in first.body
    assert (second.recipient, second.language) == (sam, "en")
    assert "2 modules left, about 40 minutes:\n- Module <2> (20 minutes)\n- Module <3> (20 minutes)" in second.body
    assert "Module <1>" not in second.body
    assert "Tuesday 24 November 2026, 23:59" in second.body


def test_a_reminder_after_the_target_does_not_ask_for_what_is_past(autumn, clock):
    autumn.add_person("Sam Sample", language="en")
    write(autumn)
    settle_all(autumn)
    assert "Please finish by 10 November 2026." in message(autumn, 1).body
    clock.now = at("11-17")
    write(autumn)
    body = message(autumn, 2).body
    assert "10 November" not in body
    assert "What is finished by Tuesday 24 November 2026, 23:59, counts." in body
    assert "You get 4 notes like this at most" in body


def message(store, number):
    """The message that was written as so manieth; a database does not begin to count at 1 in every test."""
    with reading(store.engine) as connection:
        numbers = list(connection.scalars(select(table.c.id).order_by(table.c.id)))
        return outbox.message_called(connection, numbers[number - 1])


def test_to_write_twice_writes_once(autumn):
    autumn.add_person()
    write(autumn)
    write(autumn)
    assert len(states(autumn)) == 1


def test_what_waits_for_somebody_who_finishes_meanwhile_is_dropped(autumn, clock):
    _, mari = autumn.add_person("Mari Enghraifft")
    person, sam = autumn.add_person("Sam Sample")
    write(autumn)
    for module in ("m1", "m2", "m3"):
        autumn.send(mari, "completed", module, clock.now)
    write(autumn)
    assert states(autumn) == [("invitation", mari, "dropped"), ("invitation", sam, "waiting")]
    with writing(autumn.engine) as connection:
        people.place(connection, "coed", person, "withdrawn", "test", clock.now)
    write(autumn)
    assert states(autumn) == [("invitation", mari, "dropped"), ("invitation", sam, "dropped")]


@only_sqlite
def test_a_residential_for_practice_writes_to_nobody(empty, clock):
    clock.now = at("11-10")
    empty.add_course()
    empty.add_cohort(opens=-70, target=0, cut_off=14, starts=28, practice=True)
    empty.add_person()
    assert the_plans(empty).messages == []


@pytest.fixture
def officers(autumn, clock):
    """Link officers of Cardiff, of Gwynedd, and of Cardiff until last week; and a lead."""
    with writing(autumn.engine) as connection:
        for email, authority, ends in (
            ("cardiff@x.example", "W06000015", None),
            ("gwynedd@x.example", "W06000002", None),
            ("gone@x.example", "W06000015", date(2026, 11, 3)),
        ):
            users.add_user(connection, email, "Swyddog Officer", "link", authority, clock.now, ends=ends)
        users.add_user(connection, "lead@x.example", "Arweinydd Lead", "lead", None, clock.now)


def test_a_digest_tells_each_link_officer_of_their_own_council_alone(autumn, officers):
    autumn.add_person("Caerdydd Un", "W06000015")
    _, done = autumn.add_person("Caerdydd Dau", "W06000015")
    autumn.send(done, "completed", None, autumn.clock.now - DAY)
    _, ready = autumn.add_person("Gwynedd Tri", "W06000002")
    autumn.send(ready, "completed", None, autumn.clock.now - DAY)
    digests = [one for one in the_plans(autumn).messages if one.kind == "digest"]
    assert [one.recipient for one in digests] == ["cardiff@x.example"]  # in Gwynedd everybody is done
    (one,) = digests
    welsh, english = one.body.split("* * *")
    assert one.subject == "Caerdydd cyn Coed, Rhagfyr 2026 / Cardiff before Coed, December 2026"
    assert "Annwyl Swyddog Officer," in welsh
    assert "Dear Swyddog Officer," in english
    assert "- Ready: 1\n" in english
    assert "- At risk: 1\n" in english
    assert "The cut-off is in 14 days." in english
    assert f"{URL}/residentials/coed?status=to-chase" in english
    assert "Caerdydd Un" not in one.body  # names stay in the store
    assert "Caerdydd Dau" not in one.body


# --- the outbox ---------------------------------------------------------------------------------------------------


def test_a_message_is_claimed_once(autumn):
    autumn.add_person()
    write(autumn)
    with writing(autumn.engine) as connection:
        first = outbox.claim_next(connection, autumn.clock.now, ("invitation",))
        assert (first.state, first.attempts) == ("sending", 1)
        assert outbox.claim_next(connection, autumn.clock.now, ("invitation",)) is None
        assert not outbox.send_again(connection, first.id, autumn.clock.now)
        assert not outbox.drop(connection, first.id, "no")


def test_a_sign_in_message_is_forgotten_when_it_is_sent(autumn):
    with writing(autumn.engine) as connection:
        link = outbox.Message("sign-in", None, None, "en", "lead@x.example", "Sign in", "https://store/secret")
        number = outbox.write(connection, link, "test", autumn.clock.now)
        assert outbox.claim_next(connection, autumn.clock.now, ("sign-in",)).body == "https://store/secret"
        outbox.settle(connection, number, "sent", "250 OK", autumn.clock.now)
        assert outbox.message_called(connection, number).body == ""


# --- the page -----------------------------------------------------------------------------------------------------

PAGE = "/residentials/coed/reminders"


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def tallied(tree):
    table = tree.find(".//section[@aria-labelledby='t-h']/table")
    heads = [text_of(one) for one in table.findall(".//thead//th")][1:]
    return {
        text_of(row.find("th")): {
            head: int(text_of(cell))
            for head, cell in zip(heads, row.findall("td"), strict=True)
            if text_of(cell) != "0"
        }
        for row in table.findall(".//tbody/tr")
    }


@only_sqlite
def test_r08_what_was_sent_refused_and_came_back_is_told_by_language(autumn, officers, lead, token, page):
    for name, language in (("A", "cy"), ("B", "cy"), ("C", "cy"), ("D", "en")):
        autumn.add_person(name, language=language)
    write(autumn)
    with writing(autumn.engine) as connection:
        for state, said in (("sent", "250 OK"), ("refused", "550 no such person"), ("unknown", "silence")):
            one = outbox.claim_next(connection, autumn.clock.now, ("invitation",))
            outbox.settle(connection, one.id, state, said, autumn.clock.now)
    back = {"form_token": token(lead), "said": "  550 mailbox\r\nunknown "}
    assert lead.post(f"{PAGE}/1/bounced", data=back).status_code == 302
    tree = page(lead.get(PAGE))
    assert tallied(tree) == {
        "Cymraeg": {"Came back": 1, "Refused": 1, "Not known": 1},
        "English": {"Waiting": 1},
        "Both, to link officers": {"Waiting": 1},
    }
    assert len(page(lead.get(f"{PAGE}?state=bounced")).findall(".//section[@aria-labelledby='m-h']//tbody/tr")) == 1
    unreached = next(one for one in tree.findall(".//section") if one.get("aria-labelledby") == "u-h")
    assert len(unreached.findall(".//li")) == 2
    shown = text_of(page(lead.get(f"{PAGE}/1")).find(".//main"))
    assert "550 mailbox unknown" in shown
    lead.get("/?lang=cy")
    assert tallied(page(lead.get(PAGE)))["Cymraeg"] == {"Daeth yn ôl": 1, "Wedi’i wrthod": 1, "Ddim yn hysbys": 1}


@only_sqlite
def test_what_came_back_needs_words_and_a_message_that_was_sent(autumn, lead, token, page):
    autumn.add_person()
    write(autumn)
    form = {"form_token": token(lead), "said": "it came back"}
    assert lead.post(f"{PAGE}/1/bounced", data=form).status_code == 409
    settle_all(autumn)
    answer = lead.post(f"{PAGE}/1/bounced", data={**form, "said": " "})
    assert answer.status_code == 400
    assert page(answer).find(".//input[@aria-invalid='true']").get("id") == "f-said"
    assert [state for _, _, state in states(autumn)] == ["sent"]
    assert lead.post(f"{PAGE}/1/again", data=form).status_code == 409
    assert lead.post(f"{PAGE}/1/drop", data=form).status_code == 409
    assert lead.post(f"{PAGE}/2/bounced", data=form).status_code == 404


@only_sqlite
def test_a_lead_sends_again_what_nobody_knows_of_and_drops_what_waits(autumn, lead, token):
    autumn.add_person()
    write(autumn)
    settle_all(autumn, "unknown")
    form = {"form_token": token(lead)}
    assert lead.post(f"{PAGE}/1/again", data=form).status_code == 302
    assert [state for _, _, state in states(autumn)] == ["waiting"]
    assert lead.post(f"{PAGE}/1/drop", data=form).status_code == 302
    assert [state for _, _, state in states(autumn)] == ["dropped"]
    with reading(autumn.engine) as connection:
        trail = connection.exec_driver_sql("SELECT action FROM audit WHERE action LIKE 'message%' ORDER BY id")
        assert [row[0] for row in trail] == ["message-send-again", "message-drop"]


@only_sqlite
def test_a_message_belongs_to_its_residential(autumn, lead):
    autumn.add_person()
    write(autumn)
    autumn.add_cohort("arall")
    assert lead.get(f"{PAGE}/1").status_code == 200
    assert lead.get("/residentials/arall/reminders/1").status_code == 404


@only_sqlite
def test_a_lead_chooses_words_in_both_languages_and_takes_them_back(autumn, lead, token, page):
    autumn.add_person("Sam <b>Sample</b>", language="en")
    where = f"{PAGE}/words/invitation"
    words = {
        "subject_cy": "Dewch",
        "opening_cy": "Helô.",
        "subject_en": "Come along",
        "opening_en": "<i>Hello</i> 100%",
    }
    half = lead.post(where, data={"form_token": token(lead), **words, "opening_cy": ""})
    assert half.status_code == 400
    assert [one.get("id") for one in page(half).findall(".//textarea[@aria-invalid='true']")] == ["f-opening_cy"]
    assert "Come along" not in the_plans(autumn).messages[0].subject
    assert lead.post(where, data={"form_token": token(lead), **words}).status_code == 302
    (one,) = the_plans(autumn).messages
    assert one.subject == "Come along"
    assert one.body.startswith("Dear Sam <b>Sample</b>,\n\n<i>Hello</i> 100%\n\n3 modules left")
    shown = text_of(page(lead.get(where)).find(".//main"))
    assert "<i>Hello</i> 100%" in shown
    assert lead.post(where, data={"form_token": token(lead)}).status_code == 302
    assert the_plans(autumn).messages[0].subject.startswith("Knowing the Business:")
    assert lead.get(f"{PAGE}/words/digest").status_code == 404
    assert lead.get(PAGE).status_code == 200  # words are no message


@only_sqlite
def test_the_page_says_when_the_next_message_goes_and_that_no_server_is_set(autumn, lead, page, clock):
    clock.now = at("11-13", 20)
    autumn.add_person()
    autumn.sign_in(lead)
    told = text_of(page(lead.get(PAGE)).find(".//main"))
    assert "1 message goes out next" in told
    assert "not before Monday 16 November, 08:00" in told
    assert "No mail server is set" in told


@only_sqlite
def test_a_link_officer_does_not_see_reminders(autumn, app):
    client = app.test_client()
    autumn.sign_in(client, "link", "W06000015")
    for path in (PAGE, f"{PAGE}/1", f"{PAGE}/words/reminder"):
        assert client.get(path).status_code == 403


# --- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def run(autumn, monkeypatch):
    monkeypatch.setenv("KTB_DATABASE_URL", autumn.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(commands_mail, "_now", autumn.clock)
    return lambda *arguments: CliRunner().invoke(main, ["remind", *arguments])


@only_sqlite
def test_a_dry_run_says_who_would_be_written_to_and_keeps_nothing(autumn, run, clock):
    _, email = autumn.add_person(language="en")
    told = run("--dry-run")
    assert told.exit_code == 0, told.output
    assert f"coed  invitation  en  {email}  Knowing the Business: your modules" in told.output
    clock.now = datetime(2026, 11, 14, 12, tzinfo=UTC)
    assert "Mail rests until 2026-11-16T08:00+0000" in run("--dry-run").output
    assert states(autumn) == []


@only_sqlite
def test_without_a_server_nothing_is_written(autumn, run):
    autumn.add_person()
    told = run()
    assert told.exit_code == 1
    assert "KTB_SMTP_HOST and KTB_SMTP_FROM" in told.output
    assert states(autumn) == []
