"""Places: nominated, offered, accepted, waited for, confirmed, given up, and every one of these on the record."""

import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from lrs.rules.places import DEFERRALS, MOVES, REASONS, Waiting, free, moves_from, offer_order, reasons_for, too_long
from lrs.storage import cohorts, places
from lrs.storage.database import reading, writing

CARDIFF, GWYNEDD, POWYS = "W06000015", "W06000002", "W06000023"
PEOPLE = "/residentials/coed/people"
PLACES = "/residentials/coed/places"


@pytest.fixture
def kind():
    """One database: what is asked here is about pages."""
    return "sqlite"


@pytest.fixture
def post(token):
    """``post(client, address, **fields)`` -> the answer to a form that carries its token."""
    return lambda client, address, **fields: client.post(address, data={"form_token": token(client), **fields})


def states(store, cohort="coed"):
    with reading(store.engine) as connection:
        return places.states_here(connection, cohort)


def history(store, person, cohort="coed"):
    with reading(store.engine) as connection:
        steps = places.history_of(connection, cohort, person, store.clock.now)
    return [(step.state, step.reason, step.went_to) for step in reversed(steps)]


def ready(store, email):
    for module in ("m1", "m2", "m3"):
        store.send(email, "completed", module, store.clock.now - timedelta(days=1))


def limit(store, places_there):
    with writing(store.engine) as connection:
        cohorts.change_cohort(connection, "coed", {"capacity": places_there})


# --- the rules ----------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def waiting(person, authority, since=0, done=None):
    return Waiting(person, authority, NOON + timedelta(days=since), None if done is None else NOON + timedelta(done))


def test_e22_places_are_offered_fairly_by_council_then_by_readiness_then_by_waiting():
    queue = [
        waiting("c1", CARDIFF, 0, 1), waiting("c2", CARDIFF, 0, 0), waiting("c3", CARDIFF, -9),
        waiting("g1", GWYNEDD, 5), waiting("g2", GWYNEDD, 4), waiting("p1", POWYS, 0, 9),
    ]  # fmt: skip
    order = [one.person for one in offer_order(queue, {CARDIFF: 0, GWYNEDD: 1})]
    assert order == ["c2", "p1", "c1", "g2", "c3", "g1"]
    assert order == [one.person for one in offer_order(queue[::-1], {CARDIFF: 0, GWYNEDD: 1})]


def test_nothing_leads_nowhere_and_each_move_that_needs_a_reason_has_one():
    reached = {state for _, state in MOVES.values()}
    assert {"offered", "accepted", "waitlisted", "confirmed", "withdrawn", "deferred", "substituted"} <= reached
    assert all(moves_from(state) for state in reached)
    assert {move for moves in REASONS.values() for move in moves} == {
        "reject", "withdraw", "cancel", "defer", "substitute"
    }  # fmt: skip
    assert reasons_for("offer") == []


def test_places_are_counted_by_whoever_holds_one():
    assert free(None, ["confirmed"]) is None
    assert free(3, ["confirmed", "offered", "waitlisted", "withdrawn", "accepted", "attended"]) == -1


def test_e19_nobody_is_deferred_beyond_twelve_months():
    first = date(2026, 3, 31)
    assert not too_long(first, date(2027, 3, 31))
    assert too_long(first, date(2027, 4, 1))
    assert not too_long(date(2028, 2, 29), date(2029, 2, 28))


# --- nominations --------------------------------------------------------------------------------------------------

SIAN = {"name": "Siân Ŵyn", "email": "Sian@council.example", "language": "cy", "role": "", "service": "children"}
NOMINATE = "/residentials/coed/nominate"


@pytest.fixture
def officer(filled, app):
    """The link officer of Gwynedd."""
    client = app.test_client()
    filled.sign_in(client, "link", GWYNEDD)
    return client


def test_a_link_officer_nominates_and_a_lead_offers_puts_off_or_turns_down(filled, lead, officer, post, page):
    assert post(officer, NOMINATE, **SIAN).status_code == 302
    (person,) = states(filled)
    assert "Siân Ŵyn" in officer.get(PLACES).text
    assert post(lead, PLACES, person=person, move="waitlist").status_code == 302
    assert post(lead, PLACES, person=person, move="offer").status_code == 302
    assert post(lead, f"{PEOPLE}/{person}/place", move="accept").status_code == 302
    assert post(lead, f"{PEOPLE}/{person}/place", move="confirm").status_code == 302
    told = [step[0] for step in history(filled, person)]
    assert told == ["nominated", "waitlisted", "offered", "accepted", "confirmed"]
    story = [one.text for one in page(lead.get(f"{PEOPLE}/{person}")).findall(".//ol[@class='line']/li/strong")]
    assert story[-5:] == ["Confirmed", "Accepted", "Offered", "On the waiting list", "Nominated"]


def test_a_nomination_is_turned_down_only_with_a_reason(filled, lead, officer, post, page):
    post(officer, NOMINATE, **SIAN)
    (person,) = states(filled)
    answer = post(lead, PLACES, person=person, move="reject", reason="own-wish")
    assert answer.status_code == 400
    assert page(answer).find(".//p[@id='p-reason']") is not None
    assert post(lead, PLACES, person=person, move="reject", reason="not-eligible").status_code == 302
    assert history(filled, person)[-1] == ("cancelled", "not-eligible", None)
    assert post(officer, NOMINATE, **SIAN).status_code == 302  # and may be nominated again
    assert states(filled) == {person: "nominated"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"), ({"name": "a\x07b"}, "name"), ({"email": "nobody"}, "email"),
        ({"language": "de"}, "language"), ({"role": "x" * 121}, "role"), ({"service": "throne"}, "service"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_nomination_stands_beside_its_field(filled, officer, post, page, changes, field):
    answer = post(officer, NOMINATE, **(SIAN | changes))
    assert answer.status_code == 400
    if "\x07" not in answer.text:
        assert page(answer).find(f".//p[@id='p-{field}']") is not None
    assert states(filled) == {}


def test_a_link_officer_nominates_nobody_of_another_council_and_learns_nothing_of_them(filled, officer, post):
    person, email = filled.add_person("Caerdydd Caerdyddes", CARDIFF, place="withdrawn")
    answer = post(officer, NOMINATE, **(SIAN | {"email": email}))
    assert answer.status_code == 400
    assert "Caerdyddes" not in answer.text
    assert states(filled) == {person: "withdrawn"}


def send_list(client, token, text):
    parts = {"form_token": token(client), "roster": (io.BytesIO(text.encode()), "list.csv")}
    return client.post(NOMINATE + "/list", data=parts)


def test_a_list_of_nominations_shows_every_row_and_keeps_nothing_until_then(filled, app, officer, lead, token, page):
    filled.add_person("Eisoes Yma", GWYNEDD)
    _, elsewhere = filled.add_person("Caerdydd Caerdyddes", CARDIFF)
    gone, back = filled.add_person("Yn Ôl", GWYNEDD, place="withdrawn")
    text = f"Name,E-mail,Language\nNewydd,new@council.example,cy\nX,{elsewhere},en\nYn Ôl,{back},cy\nZ,nobody,cy\n"
    preview = send_list(officer, token, text).headers["Location"]
    shown = officer.get(preview).text
    assert "Nominate 2 people" in shown
    assert "Caerdyddes" not in shown
    assert len(page(officer.get(preview)).findall(".//section[@aria-labelledby='bad-h']//tbody/tr")) == 2
    assert len(states(filled)) == 3
    other = app.test_client()
    filled.sign_in(other, "link", GWYNEDD)
    assert other.get(preview).status_code == lead.get(preview).status_code + 1 == 404  # nobody else's to see
    for _ in range(2):
        assert officer.post(preview, data={"form_token": token(officer)}).status_code == 302
    assert len(states(filled)) == 4
    assert states(filled)[gone] == "nominated"
    assert history(filled, gone)[-1] == ("nominated", None, None)


def test_a_list_that_names_another_council_or_cannot_be_read_is_refused(filled, officer, token):
    preview = send_list(officer, token, "Name,E-mail,Council,Language\nA,a@b.example,Powys,cy\n").headers["Location"]
    assert "your own council’s people only" in officer.get(preview).text
    assert send_list(officer, token, "Name,E-mail\nA,a@b.example\n").status_code == 400
    assert send_list(officer, token, "").status_code == 400


def test_nobody_is_nominated_once_the_residential_has_begun(filled, officer, post, clock):
    assert NOMINATE in officer.get(PLACES).text
    clock.now += timedelta(days=18)
    filled.sign_in(officer, "link", GWYNEDD)
    assert officer.get(NOMINATE).status_code == 409
    assert post(officer, NOMINATE, **SIAN).status_code == 409


# --- capacity -----------------------------------------------------------------------------------------------------


def test_e22_more_than_there_are_places_needs_somebody_who_means_it(filled, lead, post, page):
    limit(filled, 2)
    filled.add_person("Holds One")
    (first, _), (second, _) = (filled.add_person(name, place="waitlisted") for name in ("One", "Two"))
    answer = post(lead, PLACES, person=[first, second], move="confirm")
    assert answer.status_code == 400
    assert "1 place is free and 2 are needed." in "".join(page(answer).find(".//p[@id='p-over']").itertext())
    assert {states(filled)[first], states(filled)[second]} == {"waitlisted"}
    assert post(lead, PLACES, person=[first, second], move="confirm", over="yes").status_code == 302
    assert "That is 1 more than there are." in lead.get(PLACES).text


def test_e22_ready_on_the_waiting_list_while_confirmed_are_not_is_said_and_left_to_somebody(filled, lead, page):
    filled.add_person("Confirmed And Not Ready")
    filled.add_person("Waits Not Ready", place="waitlisted")
    _, email = filled.add_person("Waits Ready", place="waitlisted")
    ready(filled, email)
    shown = lead.get(PLACES)
    assert "1 person who waits is ready," in shown.text
    assert "and 1 with a confirmed place is not. You decide." in shown.text
    turns = [row.find("th/a").text for row in page(shown).findall(".//table/tbody/tr")]
    assert turns == ["Waits Ready", "Waits Not Ready"]


def test_a_link_officer_sees_their_own_councils_places_and_no_order_among_councils(filled, officer, page):
    filled.add_person("Caerdydd Caerdyddes", CARDIFF, place="waitlisted")
    filled.add_person("Gwynedd Gwyneddes", GWYNEDD, place="waitlisted")
    for group in ("waiting", "offered", "accepted", "confirmed", "gone", "other"):
        assert "Caerdyddes" not in officer.get(PLACES, query_string={"group": group}).text
    shown = page(officer.get(PLACES))
    assert [one.text for one in shown.findall(".//tbody/tr/th/a")] == ["Gwynedd Gwyneddes"]
    assert shown.find(".//main//form") is None


# --- moves that cannot be -----------------------------------------------------------------------------------------


def test_nothing_is_done_by_halves_where_one_of_those_chosen_cannot_be_moved(filled, lead, post):
    waits, _ = filled.add_person("Waits", place="waitlisted")
    gone, _ = filled.add_person("Is Gone", place="withdrawn")
    answer = post(lead, PLACES, person=[waits, gone], move="offer")
    assert answer.status_code == 400
    assert "cannot be done for: Is Gone (Withdrawn)." in answer.text
    assert states(filled)[waits] == "waitlisted"


@pytest.mark.parametrize("fields", [{}, {"person": "nobody", "move": "offer"}, {"move": "attend"}, {"move": "defer"}])
def test_a_form_that_asks_for_nothing_or_nonsense_changes_nothing(filled, lead, post, fields):
    person, _ = filled.add_person()
    assert post(lead, PLACES, **fields).status_code == 400
    assert post(lead, f"{PEOPLE}/{person}/place", **{"move": "offer", **fields}).status_code == 400
    assert history(filled, person) == [("confirmed", None, None)]


def test_a_place_of_nobody_is_not_there(filled, lead, post):
    assert lead.get(f"{PEOPLE}/nobody/place").status_code == 404
    assert post(lead, f"{PEOPLE}/nobody/place", move="withdraw").status_code == 404


# --- E18 to E21 ---------------------------------------------------------------------------------------------------


def test_e18_a_late_joiner_finishes_some_modules_afterwards_by_a_decision_that_ends(filled, lead, post, page, clock):
    person, email = filled.add_person()
    place = f"{PEOPLE}/{person}/place"
    assert page(lead.get(place)).find(".//h2[@id='late-h']") is not None  # seven days to the cut-off
    wrong = post(lead, place, move="late", until="2020-01-01")
    assert wrong.status_code == 400
    assert {one.get("id") for one in page(wrong).findall(".//p[@class='wrong']")} == {"p-modules", "p-until"}
    until = (clock.now.date() + timedelta(days=48)).isoformat()
    assert post(lead, place, move="late", **{"later-m2": "yes", "later-m3": "yes", "until": until}).status_code == 302
    filled.send(email, "completed", "m1", clock.now - timedelta(minutes=1))
    assert "Joined late; may be finished after the residential" in lead.get(f"{PEOPLE}/{person}").text
    assert "Ready" in page(lead.get(f"{PEOPLE}/{person}")).find(".//h2[@id='v-h']").itertext()
    clock.now += timedelta(days=49)
    filled.sign_in(lead)
    assert "Not ready" in page(lead.get(f"{PEOPLE}/{person}")).find(".//h2[@id='v-h']").itertext()


def test_e18_nobody_is_a_late_joiner_with_two_weeks_to_go(filled, lead, post):
    filled.add_cohort("later", target=14, cut_off=14, starts=20)
    person, _ = filled.add_person()
    with writing(filled.engine) as connection:
        cohorts.change_cohort(connection, "coed", {"cut_off": filled.clock.now.date() + timedelta(days=14)})
    assert "late-h" not in lead.get(f"{PEOPLE}/{person}/place").text
    assert post(lead, f"{PEOPLE}/{person}/place", move="late", **{"later-m1": "yes"}).status_code == 400


def test_e19_a_deferred_persons_evidence_goes_along_and_the_place_is_free(filled, lead, post, page):
    limit(filled, 1)
    filled.add_cohort("later", target=80, cut_off=90, starts=100, capacity=1)
    person, email = filled.add_person()
    ready(filled, email)
    answer = post(lead, f"{PEOPLE}/{person}/place", **{"move": "defer", "to": "later", "defer-reason": "work"})
    assert answer.status_code == 302
    assert history(filled, person)[-1] == ("deferred", "work", "later")
    assert states(filled, "later") == {person: "confirmed"}
    assert "1 is free." in lead.get(PLACES).text
    there = page(lead.get(f"/residentials/later/people/{person}"))
    assert "Ready" in there.find(".//h2[@id='v-h']").itertext()


def test_e19_where_there_is_no_room_the_deferred_wait_and_after_two_times_no_more(filled, lead, post, clock):
    person, _ = filled.add_person()
    names = ["coed", *(f"later{number}" for number in range(DEFERRALS + 1))]
    for number, name in enumerate(names[1:], 1):
        filled.add_cohort(name, target=40 * number, cut_off=40 * number, starts=40 * number + 5, capacity=1)
    other, _ = filled.add_person("Somebody Else")
    post(lead, f"{PEOPLE}/{other}/place", **{"move": "defer", "to": "later0", "defer-reason": "work"})
    for number, (here, there) in enumerate(pairwise(names)):
        fields = {"move": "defer", "to": there, "defer-reason": "no-reason"}
        answer = post(lead, f"/residentials/{here}/people/{person}/place", **fields)
        assert answer.status_code == (302 if number < DEFERRALS else 400), answer.text
    assert states(filled, "later0") == {other: "confirmed", person: "deferred"}
    assert history(filled, person, "later0")[0][0] == "waitlisted"
    assert "deferred twice already" in answer.text


@pytest.mark.parametrize("to", ["", "coed", "nowhere", "practice", "far"])
def test_e19_nobody_is_deferred_to_where_they_cannot_go(filled, lead, post, page, to):
    filled.add_cohort("practice", target=80, cut_off=90, starts=100, practice=True)
    filled.add_cohort("far", target=380, cut_off=390, starts=400)
    person, _ = filled.add_person()
    answer = post(lead, f"{PEOPLE}/{person}/place", **{"move": "defer", "to": to, "defer-reason": "work"})
    assert answer.status_code == 400
    assert page(answer).find(".//p[@id='p-to']") is not None
    assert states(filled) == {person: "confirmed"}


SUB = {"move": "substitute", "name": "Yn Lle", "email": "lle@council.example", "language": "cy", "role": ""}


def test_e20_a_substitute_has_the_place_and_inherits_nothing(filled, lead, post, page):
    person, email = filled.add_person(authority=GWYNEDD)
    ready(filled, email)
    answer = post(lead, f"{PEOPLE}/{person}/place", **SUB, **{"substitute-reason": "left-post"})
    assert answer.status_code == 302
    (other,) = states(filled).keys() - {person}
    assert states(filled) == {person: "substituted", other: "confirmed"}
    assert history(filled, person)[-1] == ("substituted", "left-post", other)
    verdict = page(lead.get(f"{PEOPLE}/{other}")).find(".//h2[@id='v-h']")
    assert "Ready" not in verdict.itertext()
    assert "Gwynedd" in lead.get(f"{PEOPLE}/{other}").text
    assert "Yn Lle" in lead.get(f"{PEOPLE}/{person}").text


def test_e20_somebody_who_waits_may_come_instead_and_somebody_with_a_place_may_not(filled, lead, post, officer):
    person, _ = filled.add_person("Gwynedd Gwyneddes", GWYNEDD)
    waits, email = filled.add_person("Caerdydd Caerdyddes", CARDIFF, place="waitlisted")
    _, taken = filled.add_person("Has A Place")
    place = f"{PEOPLE}/{person}/place"
    refused = post(lead, place, **(SUB | {"email": taken}), **{"substitute-reason": "work"})
    assert refused.status_code == 400
    assert "has a place on this residential already" in refused.text
    assert post(lead, place, **(SUB | {"email": email}), **{"substitute-reason": "work"}).status_code == 302
    assert states(filled)[waits] == "confirmed"
    assert "Caerdyddes" in lead.get(f"{PEOPLE}/{waits}").text  # the name they had stays
    assert "Caerdyddes" not in officer.get(f"{PEOPLE}/{person}").text


def test_e21_somebody_who_is_away_keeps_the_place_and_no_reason_is_kept(filled, lead, post, page):
    person, _ = filled.add_person()
    answer = post(lead, f"{PEOPLE}/{person}/decisions", kind="pause", reason="record-seen", until="")
    assert answer.status_code == 302
    assert states(filled) == {person: "confirmed"}
    assert "Not required" in page(lead.get(f"{PEOPLE}/{person}")).find(".//h2[@id='v-h']").itertext()
    with reading(filled.engine) as connection:
        ((decision,),) = cohorts.decisions_about(connection, "coed").values()
    assert (decision.kind, decision.reason) == ("pause", "")


# --- the residential itself ---------------------------------------------------------------------------------------

NEW = {
    "id": "abc", "title_en": "T", "title_cy": "T", "course": "tiny", "least_grade": "asserted", "opens": "2026-09-01",
    "target": "2026-10-01", "cut_off": "2026-10-02", "starts": "2026-11-01", "ends": "2026-11-02", "capacity": "40",
    "major": "1", "venue_en": "Plas, Newtown", "venue_cy": "Plas, Y Drenewydd", "practice": "yes",
}  # fmt: skip


def kept(store, cohort):
    with reading(store.engine) as connection:
        return cohorts.cohort_called(connection, cohort)


def test_a_residential_has_room_a_venue_a_version_and_may_be_for_practice(filled, lead, post):
    assert post(lead, "/residentials/new", **NEW).status_code == 302
    here = kept(filled, "abc")
    assert (here.capacity, here.major, here.venue_en, here.practice) == (40, 1, "Plas, Newtown", True)
    assert "Plas, Newtown" in lead.get("/residentials/abc/places").text


def test_a_residentials_dates_are_changed_with_a_trail_and_its_name_and_course_are_not(filled, lead, post, page):
    before = kept(filled, "coed")
    form = page(lead.get("/residentials/coed/edit"))
    assert form.find(".//input[@name='cut_off']").get("value") == before.cut_off.isoformat()
    assert form.find(".//input[@name='id']") is None
    same = {one.get("name"): one.get("value") for one in form.findall(".//main//form//input[@class='field']")}
    change = {**same, "least_grade": "asserted", "capacity": "", "starts": "2027-01-10", "ends": "2027-01-12"}
    assert post(lead, "/residentials/coed/edit", **change, id="other", course="none").status_code == 302
    after = kept(filled, "coed")
    assert (after.starts, after.ends) == (date(2027, 1, 10), date(2027, 1, 12))
    assert after._replace(starts=before.starts, ends=before.ends) == before
    with reading(filled.engine) as connection:
        detail = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'residential-changed'").scalar()
    assert detail == f"starts: {before.starts} > 2027-01-10; ends: {before.ends} > 2027-01-12"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", "0"), ("capacity", "99999"), ("capacity", "²"), ("major", "x"), ("venue_en", "x" * 121),
        ("cut_off", "2026-09-01"), ("title_cy", ""),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_not_kept(filled, lead, post, page, field, value):
    before = kept(filled, "coed")
    answer = post(lead, "/residentials/coed/edit", **{**NEW, field: value})
    assert answer.status_code == 400
    assert page(answer).find(f".//p[@id='p-{field}']") is not None
    assert kept(filled, "coed") == before


def test_a_link_officer_changes_no_place_and_no_residential(filled, officer, post):
    person, _ = filled.add_person(authority=GWYNEDD)
    assert post(officer, PLACES, person=person, move="withdraw", reason="own-wish").status_code == 403
    assert post(officer, f"{PEOPLE}/{person}/place", move="withdraw", reason="own-wish").status_code == 403
    assert officer.get(f"{PEOPLE}/{person}/place").status_code == 403
    assert post(officer, "/residentials/coed/edit", **NEW).status_code == 403
    assert states(filled) == {person: "confirmed"}
