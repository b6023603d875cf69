"""Exceptions (R7): each kind is found, listed and explained, and until then nothing is signed off."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from lrs.cli import main
from lrs.programme.findings import KINDS, findings, unsettled
from lrs.programme.snapshots import take
from lrs.storage import cohorts, matches
from lrs.storage.database import reading, writing

PAGE = "/residentials/coed/exceptions"
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)  # after the cut-off on the 27th
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"])
LMS = "https://lms.council.example"


def text(tree, path=".//main"):
    return " ".join(" ".join(part for one in tree.findall(path) for part in one.itertext()).split())


def found(filled, as_at=None):
    with reading(filled.engine) as connection:
        return findings(connection, cohorts.cohort_called(connection, "coed"), as_at or filled.clock.now)


def change(filled, command):
    with writing(filled.engine) as connection:
        connection.exec_driver_sql(command)


@pytest.fixture
def everything_wrong(filled, clock):
    """A residential of major version 1, five hours after its cut-off, with one exception of each kind; its people."""
    clock.now = MIDNIGHT + 5 * HOUR
    change(filled, "UPDATE cohorts SET major = 1")
    other, _ = filled.add_person("Mari Enghraifft", "W06000002")
    twin, _ = filled.add_person("Enghraifft, Mari")
    team, _ = filled.add_person("Team Person")
    change(filled, f"UPDATE identifiers SET value = 'schools.team@council.example' WHERE person = '{team}'")
    filled.send("stranger@council.example", "completed", "m1", MIDNIGHT - 9 * HOUR)
    clocked, email = filled.add_person("Clock Cloc")
    filled.send(email, "completed", "m1", datetime(1970, 1, 3, tzinfo=UTC), stored=MIDNIGHT - HOUR)
    late, email = filled.add_person("Late Hwyr")
    filled.send(email, "completed", "m1", MIDNIGHT - HOUR, stored=MIDNIGHT + HOUR)
    torn, email = filled.add_person("Torn Rhwyg")
    filled.send(email, "completed", "m1", MIDNIGHT - 9 * HOUR)
    filled.send(email, "failed", "m1", MIDNIGHT - 8 * HOUR, grade="confirmed", source="the LMS")
    older, email = filled.add_person("Older Hŷn")
    sent = filled.send(email, "completed", "m1", MIDNIGHT - 9 * HOUR)
    change(filled, f"UPDATE evidence SET version = '2.0.0' WHERE statement = '{sent}'")
    people = {
        "duplicates": twin,
        "shared": team,
        "clock": clocked,
        "late": late,
        "disagreement": torn,
        "versions": older,
    }
    return people | {"other": other}


def test_r07_each_kind_is_found_once_and_with_whom(filled, everything_wrong):
    told = found(filled)
    assert {kind: len(some) for kind, some in told.items()} == dict.fromkeys(KINDS, 1)
    for kind, (one,) in told.items():
        assert kind == "unknown" or one.person == everything_wrong[kind], kind
    assert told["duplicates"][0].who.startswith("Enghraifft, Mari, Cardiff, person")
    assert "Mari Enghraifft, Gwynedd" in told["duplicates"][0].who
    assert told["clock"][0].what == (
        "Module <1>. Its clock said 3 January 1970, which cannot be; we take the moment at which it came."
    )
    assert told["late"][0].what == (
        "Module <1>. Done Friday 27 November, 23:00, came Saturday 28 November, 01:00. It counts."
    )
    assert "Somebody must decide." in told["disagreement"][0].what
    assert "Done with version 2.0.0, while this residential asks for version 1." in told["versions"][0].what
    assert told["unknown"][0].who == "stranger@council.example"
    assert not any(name in one.key for some in told.values() for one in some for name in ("Mari", "@", "stranger"))
    before = found(filled, MIDNIGHT - 2 * HOUR)
    assert (before["late"], before["clock"]) == ([], [])


@only_sqlite
@pytest.mark.parametrize("language", ["en", "cy"])
def test_r07_each_kind_has_its_count_its_list_and_what_to_do(filled, lead, everything_wrong, page, language):
    filled.sign_in(lead)
    lead.get(f"/?lang={language}")
    tree = page(lead.get(PAGE))
    assert len(tree.findall(".//main//form[@method='post']")) == len(KINDS)
    links = {link.get("href") for link in tree.findall(".//main//tbody//a")}
    assert {f"/people/{everything_wrong[kind]}" for kind in ("duplicates", "shared")} < links
    assert {f"/residentials/coed/people/{everything_wrong[kind]}" for kind in ("clock", "late", "versions")} < links
    assert any(link.startswith("/accounts/") for link in links)
    if language == "cy":
        assert not [word for word in ("kind", "Open", "Clocks", "counts", "record") if word in text(tree).split()]
    else:
        assert "7 kinds are open" in text(tree)


@only_sqlite
def test_r07_what_is_explained_is_settled_until_there_is_more_of_it(filled, lead, everything_wrong, page, explain):
    filled.sign_in(lead)
    assert explain(lead) == list(KINDS)
    told = text(page(lead.get(PAGE)))
    assert "Nothing stands in the way of a sign-off" in told
    assert told.count("Looked at with the councils") == len(KINDS)
    filled.send("second@council.example", "completed", "m1", MIDNIGHT - 9 * HOUR)
    with reading(filled.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        assert unsettled(connection, here, filled.clock.now) == {"unknown": 1}
    told = text(page(lead.get(PAGE)))
    assert "1 kind is open" in told
    assert "Of 1 that was there then." in told
    with reading(filled.engine) as connection:
        trail = list(connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'explain' ORDER BY id"))
    assert [detail for (detail,) in trail] == [f"{kind} 1" for kind in KINDS]


@only_sqlite
def test_r07_what_is_settled_is_empty_again(filled, lead, everything_wrong, token):
    """By a match, a merge, an address taken off: the list is worked out afresh each time."""
    filled.sign_in(lead)
    form = {"form_token": token(lead)}
    (unknown,) = found(filled)["unknown"]
    lead.post(f"/accounts/{unknown.actor}/confirm", data={**form, "person": everything_wrong["shared"]})
    lead.post(f"/people/{everything_wrong['duplicates']}/merge/{everything_wrong['other']}", data=form)
    with reading(filled.engine) as connection:
        address = matches.identifiers_of(connection, everything_wrong["shared"])[0]
    lead.post(f"/people/{everything_wrong['shared']}/accounts/{address.id}/take-off", data=form)
    told = found(filled)
    assert [kind for kind in KINDS if not told[kind]] == ["duplicates", "shared", "unknown"]


WRONG = (
    ({"reason": ""}, "Say in a few words why these stand"),
    ({"reason": "x" * 501}, "Say in a few words why these stand"),
    ({"reason": "a\x00bcd"}, "Say in a few words why these stand"),
    ({"seen": "another list"}, "The list has changed since you opened the page."),
    ({"kind": "nothing"}, "There is nothing of this kind"),
)


@only_sqlite
def test_r07_nothing_is_kept_of_what_says_nothing_or_speaks_of_another_list(filled, lead, everything_wrong, page):
    filled.sign_in(lead)
    form = page(lead.get(PAGE)).findall(".//main//form[@method='post']")[2]
    fields = {field.get("name"): field.get("value") for field in form.findall(".//input[@type='hidden']")}
    for sent, said in WRONG:
        answer = lead.post(PAGE, data={**fields, "reason": "It is so", **sent})
        assert answer.status_code == 400, sent
        assert said in text(page(answer), ".//main//section[@role='alert']")
    with reading(filled.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM explanations").scalar() == 0


@pytest.fixture
def taken(filled, everything_wrong):
    with writing(filled.engine) as connection:
        return take(connection, cohorts.cohort_called(connection, "coed"), filled.clock.now, "l", filled.clock.now)


@only_sqlite
def test_r07_nothing_is_signed_off_before_every_exception_is_settled_or_explained(
    filled, lead, taken, page, token, explain
):
    filled.sign_in(lead)
    where = f"/residentials/coed/snapshots/{taken.id}"
    shown = page(lead.get(where))
    assert shown.find(".//section[@id='sign']//form") is None
    assert "It cannot be signed off yet." in text(shown)
    answer = lead.post(where + "/sign", data={"form_token": token(lead)})
    assert answer.status_code == 409
    assert "Clocks that cannot be believed: 1" in text(page(answer), ".//*[@role='alert']")
    link = shown.find(".//section[@id='sign']//a").get("href")
    filled.clock.now += HOUR
    filled.sign_in(lead)
    filled.send("later@council.example", "completed", "m1", MIDNIGHT - 9 * HOUR, stored=filled.clock.now)
    assert explain(lead, link) == list(KINDS)  # as it was when the snapshot was taken, without what came later
    assert lead.post(where + "/sign", data={"form_token": token(lead)}).status_code == 302


@only_sqlite
def test_r07_from_the_command_line(filled, lead, taken, monkeypatch):
    monkeypatch.setenv("KTB_DATABASE_URL", filled.engine.url.render_as_string(hide_password=False))
    email = filled.sign_in(lead)

    def sign(*more):
        reasons = [part for kind in more for part in ("--explain", kind, "Looked at")]
        return CliRunner().invoke(main, ["snapshot", "sign", str(taken.id), "--by", email, *reasons])

    refused = sign("late", "clock")
    assert refused.exit_code == 1
    assert "neither settled nor explained: duplicates (1), shared (1), unknown (1), disag" in refused.output
    with reading(filled.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM explanations").scalar() == 0
    assert sign("nonsense").exit_code == 2
    assert sign(*KINDS).output == f"Snapshot {taken.id} is signed by {email}.\n"
    with reading(filled.engine) as connection:
        kept = connection.exec_driver_sql("SELECT kind, items, recorded_by FROM explanations ORDER BY id").all()
    assert [kind for kind, _, _ in kept] == list(KINDS)
    assert all(len(json.loads(items)) == 1 and by == email for _, items, by in kept)


@only_sqlite
def test_r07_whoever_need_not_be_ready_and_strangers_to_the_course_are_no_exceptions(filled, lead, clock):
    clock.now = MIDNIGHT + HOUR
    _, email = filled.add_person("Gone Wedi Mynd", place="withdrawn")
    filled.send(email, "completed", "m1", MIDNIGHT - HOUR, stored=MIDNIGHT + HOUR)
    filled.send("old@council.example", "completed", "m1", MIDNIGHT - timedelta(days=800))
    voided = filled.send("gone@council.example", "completed", "m1", MIDNIGHT - HOUR)
    filled.void(voided, MIDNIGHT)
    assert not any(found(filled).values())


@only_sqlite
def test_r07_one_account_of_two_people_counts_for_both_and_is_told(filled, clock):
    _, email = filled.add_person("Nia Neb")
    two, _ = filled.add_person("Sam Sample")
    filled.send(email, "completed", "m1", clock.now - HOUR)
    with writing(filled.engine) as connection:
        matches.claim(connection, two, f"account|{LMS}|{email}", clock.now)
    (told,) = found(filled)["shared"]
    assert told.what == "One account is two people’s here, and its records count for both."
    assert {part.split(",")[0] for part in told.who.split(" / ")} == {"Nia Neb", "Sam Sample"}


@only_sqlite
def test_r07_is_a_leads_alone_and_asks_the_same_few_questions_for_many(filled, app, lead):
    officer = app.test_client()
    filled.sign_in(officer, "link", "W06000015")
    assert officer.get(PAGE).status_code == 403
    assert "exceptions" not in officer.get("/residentials/coed").text
    counted = []
    event.listen(filled.engine, "before_cursor_execute", lambda *call: counted.append(call[2]))

    def asked():
        counted.clear()
        found(filled)
        return len(counted)

    filled.add_person("Mari Enghraifft")
    few = asked()
    for number in range(20):
        _, email = filled.add_person("Mari Enghraifft" if number % 3 else f"Person {number}")
        filled.send(email, "completed", "m1", filled.clock.now - HOUR)
        filled.send(f"stranger{number}@council.example", "completed", "m1", filled.clock.now - HOUR)
    assert asked() <= few + 3
