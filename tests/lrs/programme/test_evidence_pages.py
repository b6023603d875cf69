"""What pages say of evidence: any past moment, why something does not count, both sides, pauses, practice, outages."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from lrs.programme.board import standings, standings_on
from lrs.rules.readiness import Decision
from lrs.storage import cohorts, courses, equivalences, outages, people
from lrs.storage.database import reading, writing
from lrs.storage.equivalences import Equivalence

BOARD = "/residentials/coed"
HOUR = timedelta(hours=1)
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"])


def text(tree, path="."):
    return " ".join(" ".join("".join(one.itertext()) for one in tree.findall(path)).split())


def version(outline, number):
    return outline(3) | {"version": number, "package": uuid.uuid5(uuid.NAMESPACE_URL, number).hex}


def send(store, email, module, version=None, **more):
    """A completion that tells its version, as the player does."""
    number = store.send(email, "completed", module, store.clock.now - HOUR, **more)
    if version:
        with writing(store.engine) as connection:
            connection.exec_driver_sql(f"UPDATE evidence SET version = '{version}' WHERE statement = '{number}'")
    return number


def test_e07_version_changed_midway(empty, clock, outline):
    """The whole evidence and the board's, an equivalence from when it was said, the outline of the version pinned."""
    with writing(empty.engine) as connection:
        courses.register(connection, version(outline, "1.2.0"), clock.now - 9 * HOUR)
        courses.register(connection, version(outline, "2.0.0") | {"title": {"en": "Two", "cy": "Dau"}}, clock.now)
    empty.add_cohort(major=1)
    _, email = empty.add_person()
    send(empty, email, "m1", "1.0.3")
    send(empty, email, "m2", "2.0.0")
    send(empty, email, "m3")
    with writing(empty.engine) as connection:
        said = Equivalence("m2", 2, 1, clock.now + HOUR, "An author")
        assert equivalences.add_equivalence(connection, "tiny", said)
        assert not equivalences.add_equivalence(connection, "tiny", said)
    with reading(empty.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        for whole in (False, True):
            (before,) = standings(connection, here, clock.now, whole=whole)
            (after,) = standings(connection, here, clock.now + HOUR, whole=whole)
            assert (before.readiness.missing, after.readiness.missing) == (("m2",), ())
        assert here.outline["version"] == "1.2.0"
        assert all(record.statement for record in after.readiness.done.values())


def test_many_residentials_are_told_of_together_as_each_alone(filled, clock, outline):
    """People on one or several, of two courses that some learn both of, an account that said nothing, a decision."""
    other = outline(3) | {"id": "other", "iri": "https://other.example", "package": "of the other"}
    other["modules"] = [{**one, "iri": one["iri"] + "-other"} for one in other["modules"]]
    with writing(filled.engine) as connection:
        courses.register(connection, other, clock.now - 2 * HOUR)
    for name, more in (("second", {}), ("third", {"course": "other"}), ("empty", {"course": "other", "major": 2})):
        filled.add_cohort(name, **more)
    (one, first), (two, second), (three, third) = (filled.add_person(name) for name in ("Un", "Dau", "Tri"))
    with writing(filled.engine) as connection:
        for person, cohort in ((one, "second"), (one, "third"), (two, "third")):
            people.place(connection, cohort, person, "confirmed", "test", clock.now)
        cohorts.decide(connection, "second", one, Decision(None, "exempt", "agreed", clock.now, "test"))
    send(filled, first, "m1")
    filled.send(second, "initialized", "m1", clock.now)
    send(filled, second, "m2-other")
    send(filled, third, "nowhere")
    with reading(filled.engine) as connection:
        every = cohorts.which_cohorts(connection)
        for whole in (False, True):
            together = standings_on(connection, every, clock.now, whole=whole)
            assert together == {one.id: standings(connection, one, clock.now, whole=whole) for one in every}
    told = {name: {one.member.person: one.readiness for one in some} for name, some in together.items()}
    assert {name: len(some) for name, some in told.items()} == {"coed": 3, "second": 1, "third": 2, "empty": 0}
    assert (set(told["coed"][one].done), set(told["third"][one].done)) == ({"m1"}, set())
    assert (set(told["coed"][two].done), set(told["third"][two].done)) == (set(), {"m2"})
    assert told["coed"][three].facts.account_found and not told["coed"][three].facts.seen
    assert told["second"][one].status == "not-required" != told["third"][one].status


def test_a_course_is_known_since_its_first_registration(filled, clock, outline):
    first = clock.now
    clock.now += timedelta(days=30)
    with writing(filled.engine) as connection:
        courses.register(connection, version(outline, "1.1.0"), clock.now)
    with reading(filled.engine) as connection:
        assert cohorts.cohort_called(connection, "coed").known_since == first


# --- as at --------------------------------------------------------------------------------------------------------


@only_sqlite
def test_every_page_shows_any_past_moment_and_its_links_keep_it(filled, lead, clock, page):
    person, email = filled.add_person("Mari Enghraifft")
    before = clock.now.date()
    clock.now += timedelta(days=2)
    filled.sign_in(lead)
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, clock.now)
    assert "Ready" in text(page(lead.get(BOARD)), ".//section[@id='people']//td")
    past = page(lead.get(f"{BOARD}?as-at={before}"))
    assert "Not ready" in text(past, ".//section[@id='people']//td")
    assert "As it was on Friday 20 November 2026, 23:59" in text(past, ".//p[@class='asof']")
    links = [one.get("href") for one in past.findall(".//main//a") if one.get("href").startswith("/residentials/coed")]
    kept = [one for one in links if f"as-at={before}" in one]
    assert len(links) - len(kept) == 1  # the way back to now
    there = page(lead.get(next(one for one in kept if person in one)))
    assert text(there, ".//h2[@id='v-h']") == "Not ready"
    assert there.find(".//section[@id='decide']") is None
    assert page(lead.get(f"{BOARD}/people/{person}")).find(".//section[@id='decide']") is not None
    assert ",Not ready," in lead.get(f"{BOARD}/people.csv?as-at={before}").text


@only_sqlite
@pytest.mark.parametrize("asked", ["2099-01-01", "2026-11-20T15:00:00%2B00:00", ""])
def test_what_has_not_come_yet_is_now(filled, lead, page, asked):
    filled.add_person()
    assert "Records received up to 14:05 today" in text(page(lead.get(f"{BOARD}?as-at={asked}")))


@only_sqlite
@pytest.mark.parametrize("asked", ["soon", "2026-13-01", "<b>", "2026-11-20T10:00", "0001-01-01T00:00:00%2B23:00"])
def test_what_is_no_moment_is_said_to_be_none(filled, lead, page, asked):
    told = page(lead.get(f"{BOARD}?as-at={asked}"))
    assert "is not a date such as 2026-11-27" in text(told, ".//p[@id='p-as-at']")
    assert "Records received up to 14:05 today" in text(told)


# --- one person ---------------------------------------------------------------------------------------------------


@only_sqlite
def test_r04_the_page_of_a_person_says_why_what_does_not_count_does_not(filled, lead, clock, page):
    with writing(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE cohorts SET major = 2")
    person, email = filled.add_person()
    send(filled, email, "m1", "1.0.0")
    filled.send(email, "completed", "m2", clock.now - timedelta(days=800), grade="confirmed", stored=clock.now)
    filled.send(email, "completed", "m3", datetime(1970, 1, 1, tzinfo=UTC), stored=clock.now)
    told = page(lead.get(f"{BOARD}/people/{person}"))
    why = text(told, ".//section[@id='why']")
    assert "Done with version 1.0.0, while this residential asks for version 2." in why
    assert "Done more than 24 months before the cut-off. It reached us on Friday 20 November, 14:05." in why
    line = text(told, ".//ol[@class='line']/li")
    assert "Its clock said 1 January 1970, which cannot be; we take the moment at which it came." in line
    assert "Place: Confirmed" in line
    assert "1 of 3" in lead.get(BOARD).text


@only_sqlite
def test_e11_e12_both_sides_are_shown(filled, lead, clock, page):
    person, email = filled.add_person()
    ago = [clock.now - number * HOUR for number in range(9)]
    filled.send(email, "initialized", "m1", ago[8])
    filled.send(email, "completed", "m1", ago[5], grade="confirmed", source="The LMS")
    filled.send(email, "completed", "m2", ago[7])
    filled.send(email, "initialized", "m2", ago[4], grade="confirmed", source="The LMS")
    filled.send(email, "completed", "m3", ago[6])
    filled.send(email, "failed", "m3", ago[3], grade="confirmed", source="The LMS")
    told = page(lead.get(f"{BOARD}/people/{person}"))
    first, second, third = (text(one) for one in told.findall(".//section[@id='sides']/ul/li"))
    assert "nobody should tell the learner that it was not done" in first
    assert "From: The LMS" in first
    assert "From: the module" in first
    assert "tell whoever looks after the LMS" in second
    assert "Somebody must decide." in third
    assert text(told, ".//h2[@id='v-h']") == "At risk"
    other, _ = filled.add_person()
    assert page(lead.get(f"{BOARD}/people/{other}")).find(".//section[@id='sides']") is None


def decide(client, person, token, **sent):
    form = {"form_token": token(client), "kind": "count", "module": "", "reason": "agreed", "until": ""}
    return client.post(f"{BOARD}/people/{person}/decisions", data=form | sent)


@only_sqlite
def test_e21_a_pause_is_kept_without_a_reason_and_ends_by_itself(filled, lead, clock, token, page):
    person, _ = filled.add_person()
    answer = decide(lead, person, token, kind="pause", reason="recent-course", until="2026-12-31")
    assert answer.status_code == 302
    with reading(filled.engine) as connection:
        kept = list(connection.exec_driver_sql("SELECT kind, reason, module FROM decisions"))
        noted = list(connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'decide'"))
    assert (kept, noted) == ([("pause", "", None)], [("coed pause",)])
    told = page(lead.get(f"{BOARD}/people/{person}"))
    assert text(told, ".//h2[@id='v-h']") == "Not required"
    assert "Paused. No modules are asked of this person now." in text(told)
    assert "Until 31 December 2026." in text(told, ".//section[@id='decisions']")
    lead.get("/?lang=cy")
    assert "Oedwyd drwy benderfyniad" in text(page(lead.get(f"{BOARD}/people/{person}")))
    clock.now = datetime(2027, 1, 1, 9, tzinfo=UTC)
    filled.sign_in(lead)
    assert "Ddim yn barod" in text(page(lead.get(f"{BOARD}/people/{person}")), ".//h2[@id='v-h']")


@only_sqlite
@pytest.mark.parametrize("until", ["2026-11-19", "2036-01-01", "soon", "31/12/2026"])
def test_a_decision_ends_on_a_day_that_is_to_come_or_never(filled, lead, token, page, until):
    person, _ = filled.add_person()
    answer = decide(lead, person, token, until=until)
    assert answer.status_code == 400
    assert "Give a day that is still to come" in text(page(answer), ".//p[@id='p-until']")


@only_sqlite
def test_e27_a_decision_taken_back_recalculates_and_stays_on_the_record(filled, lead, clock, token, page):
    person, _ = filled.add_person()
    decide(lead, person, token)
    here = f"{BOARD}/people/{person}"
    form = page(lead.get(here)).find(".//section[@id='decisions']//form")
    clock.now += HOUR
    sent = {"form_token": token(lead)}
    assert lead.post(form.get("action"), data=sent).status_code == 302
    assert lead.post(form.get("action"), data=sent).status_code == 409
    told = page(lead.get(here))
    assert text(told, ".//h2[@id='v-h']") == "Not ready"
    assert "Decision withdrawn: Counted by decision: the whole course" in text(told, ".//ol[@class='line']")
    before = page(lead.get(f"{here}?as-at=2026-11-20T14:10:00%2B00:00"))
    assert text(before, ".//h2[@id='v-h']") == "Ready"
    assert lead.post(f"{BOARD}/people/nobody/decisions/1/take-back", data=sent).status_code == 404


@only_sqlite
def test_e24_nobody_asks_how_long_a_module_took(filled, lead, clock, page):
    person, email = filled.add_person()
    filled.send(email, "initialized", "m1", clock.now - timedelta(days=3))
    for module in ("m1", "m2", "m3"):
        statement = {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": f"mailto:{email}"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": f"https://course.example/tiny/modules/{module}"},
            "result": {"completion": True, "duration": "PT2S"},
            "timestamp": clock.now.isoformat(),
        }
        filled.put(statement, clock.now, "verified", "a launch")
    assert "Every module complete" in text(page(lead.get(BOARD)), ".//section[@id='people']//td")
    assert "PT2S" not in lead.get(f"{BOARD}/people/{person}").text


@only_sqlite
def test_e25_what_assistive_technology_could_not_do_is_complete_and_noted_as_a_fault_of_ours(filled, lead, token):
    person, _ = filled.add_person()
    decide(lead, person, token, module="m2", reason="access")
    with reading(filled.engine) as connection:
        noted = list(connection.exec_driver_sql("SELECT subject, detail FROM audit WHERE action = 'access-defect'"))
    assert noted == [("tiny", "m2")]
    assert "1 of 3" in lead.get(BOARD).text


@only_sqlite
def test_e26_whoever_objects_may_be_ready_on_paper(filled, lead, token, page):
    person, _ = filled.add_person()
    decide(lead, person, token, reason="on-paper")
    assert "By decision: Shown on paper; at the person’s wish we keep no record" in text(page(lead.get(BOARD)))


# --- practice and outages -----------------------------------------------------------------------------------------


@only_sqlite
def test_e23_a_residential_for_practice_says_that_it_counts_nowhere(empty, lead, page):
    empty.add_course()
    empty.add_cohort(practice=True)
    assert "For practice: this residential is counted nowhere." in text(page(lead.get(BOARD)))


@only_sqlite
@pytest.mark.parametrize(("mode", "done"), [("Browse", "0 of 3"), ("Review", "0 of 3"), ("Normal", "1 of 3")])
def test_e23_what_is_said_in_a_launch_to_browse_or_to_look_back_is_no_evidence(filled, lead, clock, page, mode, done):
    _, email = filled.add_person()
    statement = {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": f"mailto:{email}"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://course.example/tiny/modules/m1"},
        "context": {"extensions": {"https://w3id.org/xapi/cmi5/context/extensions/launchmode": mode}},
        "timestamp": clock.now.isoformat(),
    }
    filled.put(statement, clock.now, "verified", "a launch")
    assert done in text(page(lead.get(BOARD)), ".//section[@id='people']//td")


def test_e32_a_store_that_was_down_on_the_day_of_the_cut_off_says_so(filled, lead, clock, page):
    _, email = filled.add_person()
    midnight = datetime(2026, 11, 28, tzinfo=UTC)  # after the cut-off on the 27th
    clock.now = midnight + 5 * HOUR
    filled.sign_in(lead)
    for module in ("m1", "m2", "m3"):
        filled.send(email, "completed", module, midnight + HOUR)
    assert "Finished after the cut-off" in text(page(lead.get(BOARD)))
    written = clock.now
    clock.now += HOUR
    with writing(filled.engine) as connection:
        outages.add_outage(connection, midnight - 3 * HOUR, midnight - HOUR, "operator", clock.now)
    told = text(page(lead.get(BOARD)))
    assert "could not be reached on the day of the cut-off" in told
    assert "put off by 2 hours, until Saturday 28 November, 01:59" in told
    assert "Every module complete" in told
    before = text(page(lead.get(f"{BOARD}?as-at={written.isoformat().replace('+', '%2B')}")))
    assert "Finished after the cut-off" in before
