"""Accounts, people and records: held until they are known, matched by somebody, made one and two again."""

import csv
import io
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from lrs.programme.board import standings
from lrs.programme.findings import findings
from lrs.rules.actors import identifier
from lrs.storage import cohorts, matches, merges, people, users
from lrs.storage.certificates import Certificate, issue
from lrs.storage.database import reading, writing
from lrs.storage.programme_tables import metadata
from lrs.storage.statements import Sender, store

DAY = timedelta(days=1)
COURSE = "https://course.example/tiny"
LMS = "https://lms.council.example"
CARDIFF, GWYNEDD = "W06000015", "W06000002"
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"])
letters = metadata.tables["outbox"]
AT = {"recorded_at": 1, "recorded_by": "test"}
MESSAGE = {
    "kind": "reminder", "language": "cy", "recipient": "a@b.example", "subject": "s", "body": "b", "state": "sent",
    "due_at": 1, "created_at": 1, "created_by": "test",
}  # fmt: skip


def text(tree, path=".//main"):
    return " ".join(" ".join(part for one in tree.findall(path) for part in one.itertext()).split())


@pytest.fixture
def heard(filled):
    """``heard(actor, …)``: a record of an account (an LMS id, or an agent's own property) comes in; its number."""

    def sent(actor, module="m1", name=None, authority=None, verb="completed", ago=DAY):
        of_lms = {"account": {"homePage": LMS, "name": actor}}
        agent = {"objectType": "Agent", **(actor if isinstance(actor, dict) else of_lms)}
        context = {"language": "cy", "extensions": {f"{COURSE}/a": authority} if authority else {}}
        statement = {
            "id": str(uuid.uuid4()),
            "actor": agent | ({"name": name} if name else {}),
            "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
            "object": {"objectType": "Activity", "id": f"{COURSE}/modules/{module}"},
            "context": context,
            "timestamp": (filled.clock.now - ago).isoformat(),
        }
        authority = {"objectType": "Agent", "account": {"homePage": LMS, "name": "authority"}}
        with writing(filled.engine) as connection:
            sender = Sender(authority, "an LMS", "asserted", defines=True)
            store(connection, [statement], sender, filled.clock.now - ago)
        return row(filled, f"SELECT id FROM actors WHERE ifi = '{identifier(agent)}'")

    return sent


def row(filled, question):
    with reading(filled.engine) as connection:
        return connection.exec_driver_sql(question).scalar()


@pytest.fixture
def post(token):
    """``post(client, path, **fields)`` -> the answer to a form."""
    return lambda client, path, **fields: client.post(path, data={"form_token": token(client), **fields})


@pytest.fixture
def officer(filled, app):
    def made(authority):
        client = app.test_client()
        filled.sign_in(client, "link", authority)
        return client

    return made


def done(filled, person):
    """The modules that count for somebody now."""
    with reading(filled.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        found = standings(connection, here, filled.clock.now, person=person)
    return sorted(found[0].readiness.done) if found else None


def everything(filled, *but):
    """Every row of every table of the programme, to compare; but for some tables."""
    with reading(filled.engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
            for table in metadata.sorted_tables
            if table.name not in ("sessions", "signin_links", "audit", *but)
        }


# --- accounts -------------------------------------------------------------------------------------------------------


def test_e16_an_account_on_no_roster_is_held_and_shown_to_leads_and_to_its_own_council(
    filled, lead, heard, officer, page
):
    mine, _ = filled.add_person("Mari Enghraifft")
    national = heard("x-1", name="Nia Neb")
    own = heard("x-2", name="Mari Enghraifft", authority=CARDIFF)
    mixed = heard("x-3", authority=CARDIFF)
    heard("x-3", "m2", authority=GWYNEDD)
    partly = heard("x-4", authority=CARDIFF)
    heard("x-4", "m2")
    told = text(page(lead.get("/accounts")))
    assert "4 accounts are nobody’s" in told
    assert "x-2 https://lms.council.example Mari Enghraifft 1 19 November 2026 Cardiff" in told
    assert "Mari Enghraifft (Cardiff). The same name. The package is this person’s council’s." in told
    for number in (national, own, mixed, partly):
        assert lead.get(f"/accounts/{number}").status_code == 200
    theirs = text(page(officer(CARDIFF).get("/accounts")))
    assert "1 account is nobody’s" in theirs
    assert [name for name in ("x-1", "x-2", "x-3", "x-4") if name in theirs] == ["x-2"]
    others = text(page(officer(GWYNEDD).get("/accounts")))
    assert "Every account that we heard of is somebody’s." in others
    assert done(filled, mine) == []


@only_sqlite
def test_e16_a_link_officer_is_suggested_no_other_councils_people(filled, heard, officer, page):
    filled.add_person("Mari Enghraifft", GWYNEDD)
    heard("x-2", name="Mari Enghraifft", authority=CARDIFF)
    told = text(page(officer(CARDIFF).get("/accounts")), ".//main//tbody")
    assert "x-2" in told
    assert "The same name" not in told


def test_e16_a_roster_matches_what_was_held(filled, lead, heard, token, page):
    """By the LMS id within an LMS, and by nothing that is like it."""
    heard("4711")
    heard({"account": {"homePage": "https://lms.other.example", "name": "4711"}}, "m2")
    roster = f"Name,E-mail,Council,Language,LMS,LMS id\nNia Neb,nia@council.example,Cardiff,cy,{LMS},4711\n"
    sent = {"form_token": token(lead), "roster": (io.BytesIO(roster.encode()), "r.csv")}
    where = lead.post("/residentials/coed/roster", data=sent).headers["Location"]
    assert lead.post(where, data={"form_token": token(lead)}).status_code == 302
    assert done(filled, row(filled, "SELECT id FROM people")) == ["m1"]
    told = text(page(lead.get("/accounts")))
    assert "1 account is nobody’s" in told
    assert "https://lms.other.example" in told


@only_sqlite
def test_e15_who_learnt_before_being_nominated_has_it_counted_from_then_on(filled, heard, officer, post):
    filled.add_cohort("next", opens=5, target=20, cut_off=20, starts=30)
    heard("keen@council.example", ago=20 * DAY)
    form = {"name": "Keen Starter", "email": "Keen@Council.example", "language": "en"}
    assert post(officer(CARDIFF), "/residentials/next/nominate", **form).status_code == 302
    with reading(filled.engine) as connection:
        (found,) = standings(connection, cohorts.cohort_called(connection, "next"), filled.clock.now)
    assert (found.member.place, list(found.readiness.done)) == ("nominated", ["m1"])


def test_e02_a_new_address_is_matched_by_somebody_and_undone(filled, lead, heard, post, page):
    """Both addresses' records count, statements keep the actor that they were sent with, and undoing gives all back."""
    person, email = filled.add_person("Mari Enghraifft")
    filled.send(email, "completed", "m1", filled.clock.now - DAY)
    number = heard({"mbox": "mailto:mari.enghraifft@new.example"}, "m2")
    before = everything(filled)
    told = text(page(lead.get(f"/accounts/{number}")))
    assert "The e-mail address spells this person’s name." in told
    assert post(lead, f"/accounts/{number}/confirm", person=person).headers["Location"] == f"/people/{person}"
    assert done(filled, person) == ["m1", "m2"]
    assert lead.get(f"/accounts/{number}").status_code == 404
    assert post(lead, f"/accounts/{number}/confirm", person=person).status_code == 409
    assert row(filled, f"SELECT ifi FROM actors WHERE id = {number}") == "mbox|mailto:mari.enghraifft@new.example"
    ((identified, state),) = held(filled, "account")
    assert state is None
    assert "mari.enghraifft@new.example" in text(page(lead.get(f"/people/{person}")))
    assert post(lead, f"/people/{person}/accounts/{identified}/take-off").status_code == 302
    assert done(filled, person) == ["m1"]
    assert lead.get(f"/accounts/{number}").status_code == 200
    assert everything(filled, "identifiers") == {name: rows for name, rows in before.items() if name != "identifiers"}
    assert post(lead, f"/people/{person}/accounts/{identified}/take-off").status_code == 409
    assert post(lead, f"/people/{person}/accounts/{identified}/give-back").status_code == 302
    assert done(filled, person) == ["m1", "m2"]
    with reading(filled.engine) as connection:
        trail = [action for (action,) in connection.exec_driver_sql("SELECT action FROM audit ORDER BY id")]
    assert [action for action in trail if "match" in action] == ["match", "match-undone", "match"]


def held(filled, kind):
    with reading(filled.engine) as connection:
        asked = f"SELECT id, retired_at FROM identifiers WHERE kind = '{kind}' ORDER BY id"
        return [tuple(one) for one in connection.exec_driver_sql(asked)]


@only_sqlite
def test_what_was_taken_for_somebodys_by_mistake_is_the_next_ones_whom_a_roster_names(filled, lead, heard, post, token):
    person, _ = filled.add_person("Mari Enghraifft")
    number = heard("4711")
    post(lead, f"/accounts/{number}/confirm", person=person)
    ((identified, _),) = held(filled, "account")
    post(lead, f"/people/{person}/accounts/{identified}/take-off")
    with writing(filled.engine) as connection:
        wanted = [("account", f"account|{LMS}|4711")]
        assert people.who_is_known_by(connection, "coed", wanted, filled.clock.now) == {}
        other = people.add_person(connection, "Nia Neb", "cy", filled.clock.now)
        people.identify(connection, other, wanted, filled.clock.now)
    assert post(lead, f"/people/{person}/accounts/{identified}/give-back").status_code == 409
    assert post(lead, f"/people/{other}/accounts/{identified}/give-back").status_code == 409


def test_e04_whoever_only_has_the_name_is_refused_and_not_suggested_again(filled, lead, heard, post, page):
    person, _ = filled.add_person("Mari Enghraifft")
    number = heard("x-9", name="Enghraifft, Mari")
    assert done(filled, person) == []
    assert "Yes, it is theirs" in text(page(lead.get(f"/accounts/{number}")))
    for _ in range(2):
        assert post(lead, f"/accounts/{number}/refuse", person=person).status_code == 302
    told = text(page(lead.get(f"/accounts/{number}")))
    assert "Nobody on our lists looks like its owner." in told
    assert "Said not to be theirs Name Council E-mail Why Is it theirs? Mari Enghraifft" in told
    assert post(lead, f"/accounts/{number}/suggest-again", person=person).status_code == 302
    assert post(lead, f"/accounts/{number}/suggest-again", person=person).status_code == 409
    assert "The same name." in text(page(lead.get(f"/accounts/{number}")))


@only_sqlite
def test_e04_an_account_of_several_names_is_flagged(filled, lead, heard, page):
    number = heard("x-5", name="Mari Jones")
    heard("x-5", "m2", name="Sam Sample")
    assert "Several people seem to share this account." in text(page(lead.get(f"/accounts/{number}")))
    assert "Shared?" in text(page(lead.get("/accounts")))


@only_sqlite
def test_anybody_is_found_by_part_of_a_name_whatever_its_accents(filled, lead, heard, post, page):
    person, _ = filled.add_person("Siân Tŷ’r Ŵyn")
    filled.add_person("Sam Sample")
    number = heard("x-6")
    told = text(page(lead.get(f"/accounts/{number}?name=TYR+wyn")), ".//main//tbody")
    assert ("Siân" in told, "Sam" in told) == (True, False)
    assert "Nobody of that name or address" in text(page(lead.get(f"/accounts/{number}?name=%3Cscript%3E")))
    assert "Nobody of that name or address" in text(page(lead.get(f"/accounts/{number}?name=s")))
    assert post(lead, f"/accounts/{number}/confirm", person=person).status_code == 302
    assert done(filled, person) == ["m1"]


@only_sqlite
@pytest.mark.parametrize("query", ["?page=0", "?page=99", "?page=x", "?page=²"])
def test_a_page_of_accounts_that_is_not_there_is_the_first_or_the_last(filled, lead, heard, page, query):
    for number in range(26):
        heard(f"many-{number}")
    tree = page(lead.get(f"/accounts{query}"))
    assert len(tree.findall(".//main//tbody/tr")) == (1 if "99" in query else 25)


@only_sqlite
def test_only_a_person_who_is_there_is_matched(filled, lead, heard, post):
    number = heard("x-7")
    assert post(lead, f"/accounts/{number}/confirm", person="nobody").status_code == 404
    assert post(lead, f"/accounts/{number}/confirm").status_code == 404
    person, _ = filled.add_person()
    with writing(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE people SET erased_at = 1")
    assert post(lead, f"/accounts/{number}/confirm", person=person).status_code == 409
    assert lead.get("/accounts/99").status_code == 404
    assert lead.get("/people/nobody").status_code == 404


@only_sqlite
def test_what_is_voided_or_of_nothing_registered_makes_no_account_worth_asking_about(filled, lead, page, clock):
    sent = filled.send("gone@council.example", "completed", "m1", clock.now - DAY)
    filled.void(sent, clock.now)
    assert "Every account that we heard of is somebody’s." in text(page(lead.get("/accounts")))


@only_sqlite
def test_e17_no_account_is_not_the_same_as_not_begun(filled, lead, heard, post):
    """Two different calls: the council's, for an account; and the person's own, once there is one."""
    person, _ = filled.add_person("Mari Enghraifft")
    filled.clock.now += 2 * DAY  # five days before the cut-off

    def reason():
        with reading(filled.engine) as connection:
            here = cohorts.cohort_called(connection, "coed")
            return standings(connection, here, filled.clock.now)[0].readiness.reason

    assert reason() == "no-account-silent"
    with writing(filled.engine) as connection:
        matches.claim(connection, person, f"account|{LMS}|4711", filled.clock.now)
    assert reason() == "not-started"


# --- records of people ----------------------------------------------------------------------------------------------


@pytest.fixture
def twins(filled):
    """Two records of one person, each with a bit of everything: (survivor, retired)."""
    one, email = filled.add_person("Mari Enghraifft")
    other, second = filled.add_person("Mari Enghraifft", GWYNEDD, place="nominated")
    filled.add_cohort("next", starts=40)
    now = filled.clock.now
    filled.send(email, "completed", "m1", now - DAY)
    filled.send(second, "completed", "m2", now - DAY)
    with writing(filled.engine) as connection:
        actor = connection.exec_driver_sql("SELECT max(id) FROM actors").scalar()
        people.place(connection, "next", other, "confirmed", "test", now - DAY)
        people.appoint_also(connection, other, "W06000010", now - DAY)
        made = [
            Certificate(code, cohort, person, "Mari", "cy", now, "test")
            for code, cohort, person in (("A", "coed", one), ("B", "coed", other), ("C", "next", other))
        ]
        issue(connection, made)
        for table, values in (
            ("decisions", {"cohort": "coed", "person": other, "kind": "count", "reason": "fault", **AT}),
            ("attendance", {"cohort": "coed", "person": one, "day": date(2026, 12, 8), "present": True, **AT}),
            ("attendance", {"cohort": "coed", "person": other, "day": date(2026, 12, 8), "present": False, **AT}),
            ("attendance", {"cohort": "coed", "person": other, "day": date(2026, 12, 9), "present": True, **AT}),
            ("outbox", {"person": other, **MESSAGE}),
            ("refused_matches", {"actor": actor, "person": other, "refused_at": 1, "refused_by": "t"}),
        ):
            connection.execute(insert(metadata.tables[table]).values(**values))
    return one, other


def owners(filled, table, person):
    return row(filled, f"SELECT count(*) FROM {table} WHERE person = '{person}'")


def test_e03_two_records_are_made_one_and_two_again_exactly_as_they_were(filled, lead, twins, post, page):
    one, other = twins
    before = everything(filled, "merges")
    told = text(page(lead.get(f"/people/{one}/merge/{other}")))
    assert "Both are on the same residential." in told
    assert "these places hold: Coed, December 2026 (Confirmed)." in told
    assert everything(filled, "merges") == before
    assert post(lead, f"/people/{one}/merge/{other}").headers["Location"] == f"/people/{one}"
    assert done(filled, one) == ["m1", "m2", "m3"]  # by both accounts, and by the other's decision
    moved = {table: owners(filled, table, one) for table in ("identifiers", "decisions", "outbox", "refused_matches")}
    assert moved == {"identifiers": 2, "decisions": 1, "outbox": 1, "refused_matches": 1}
    kept = {table: owners(filled, table, other) for table in ("places", "attendance", "certificates", "appointments")}
    assert kept == {"places": 1, "attendance": 1, "certificates": 1, "appointments": 1}
    with reading(filled.engine) as connection:
        now = filled.clock.now
        (member,) = people.who_is_on(connection, "coed", now)
        assert (member.person, member.place, member.authority) == (one, "confirmed", CARDIFF)
        assert [there.person for there in people.who_is_on(connection, "next", now)] == [one]
        assert [post_.authority for post_ in people.second_posts_of(connection, one, now)] == ["W06000010"]
    number = row(filled, "SELECT max(id) FROM merges")
    assert post(lead, f"/merges/{number}/undo").headers["Location"] == f"/people/{one}"
    assert everything(filled, "merges") == before
    answer = post(lead, f"/merges/{number}/undo")
    assert (answer.status_code, text(page(answer), ".//h1")) == (409, "This was undone already.")
    told = text(page(lead.get(f"/people/{other}")))
    assert "This record was made part of that of Mari Enghraifft." in told
    assert "Undone on" in told


@only_sqlite
def test_e03_the_page_of_a_retired_id_leads_to_the_survivor(filled, app, lead, twins, post, officer):
    one, other = twins
    post(lead, f"/people/{one}/merge/{other}")
    for path in ("/people/{}", "/residentials/coed/people/{}"):
        assert lead.get(path.format(other)).headers["Location"] == path.format(one)
    assert officer(CARDIFF).get(f"/residentials/coed/people/{other}", follow_redirects=True).status_code == 200
    assert officer(GWYNEDD).get(f"/residentials/coed/people/{other}", follow_redirects=True).status_code == 404
    assert lead.get("/residentials/coed/people/nobody").status_code == 404


@only_sqlite
@pytest.mark.parametrize("host", ["", "mail.example"])
def test_e03_the_person_is_told_unless_it_is_undone_before(filled, app, lead, twins, post, host):
    one, other = twins
    app.config.update(KTB_SMTP_HOST=host, KTB_SMTP_FROM="store@college.example")
    post(lead, f"/people/{one}/merge/{other}")
    with reading(filled.engine) as connection:
        told = connection.execute(select(letters).where(letters.c.kind == "merge")).all()
        assert [(message.person, message.state, message.language) for message in told] == [(one, "waiting", "cy")][
            : len(host)
        ]
    if host:
        assert told[0].body.startswith("Mari Enghraifft,\n\nRoedd gennym ddau gofnod")
        post(lead, f"/merges/{row(filled, 'SELECT max(id) FROM merges')}/undo")
        assert row(filled, "SELECT state FROM outbox WHERE kind = 'merge'") == "dropped"


@only_sqlite
def test_e03_what_was_added_since_stays_with_the_survivor(filled, lead, twins, post):
    one, other = twins
    post(lead, f"/people/{one}/merge/{other}")
    with writing(filled.engine) as connection:
        people.identify(connection, one, [("email", "third@council.example")], filled.clock.now)
        connection.exec_driver_sql("DELETE FROM outbox")  # as retention would
    post(lead, f"/merges/{row(filled, 'SELECT max(id) FROM merges')}/undo")
    assert (owners(filled, "identifiers", one), owners(filled, "identifiers", other)) == (2, 1)


@only_sqlite
def test_e03_of_a_chain_of_merges_the_last_is_undone_first(filled, lead, twins, post, page):
    one, other = twins
    third, _ = filled.add_person("Mari E.")
    before = everything(filled, "merges")
    post(lead, f"/people/{one}/merge/{other}")
    between = everything(filled, "merges")
    post(lead, f"/people/{third}/merge/{one}")
    assert lead.get(f"/people/{other}").headers["Location"] == f"/people/{third}"
    first, second = (row(filled, f"SELECT {which}(id) FROM merges") for which in ("min", "max"))
    answer = post(lead, f"/merges/{first}/undo")
    assert (answer.status_code, "part of another record by now" in answer.text) == (409, True)
    post(lead, f"/merges/{second}/undo")
    assert everything(filled, "merges") == between
    post(lead, f"/merges/{first}/undo")
    assert everything(filled, "merges") == before


def test_e04_two_people_stay_two_until_that_is_taken_back(filled, lead, twins, post, page):
    """Nobody takes them for one, whichever was named first; saying it twice is harmless, taking it back works once."""
    one, other = twins
    before = everything(filled)

    def seen():
        """How many records look like this one, how many pairs the exceptions have, and how many may be taken back."""
        tree = page(lead.get(f"/people/{one}"))
        with reading(filled.engine) as connection:
            here = cohorts.cohort_called(connection, "coed")
            twice = findings(connection, here, filled.clock.now)["duplicates"]
        undone = [form for form in tree.findall(".//form") if (form.get("action") or "").endswith("/maybe-one")]
        return len(tree.findall(".//section[@aria-labelledby='l-h']//tbody/tr")), len(twice), len(undone)

    assert seen() == (1, 1, 0)
    preview = page(lead.get(f"/people/{one}/merge/{other}"))
    (button,) = [each for each in preview.findall(".//main//button") if each.get("formaction")]
    assert post(lead, button.get("formaction")).status_code == 302
    assert post(lead, f"/people/{other}/merge/{one}/two-people").status_code == 302
    assert (seen(), row(filled, "SELECT count(*) FROM refused_merges")) == ((0, 0, 1), 1)
    assert post(lead, f"/people/{other}/merge/{one}/maybe-one").status_code == 302
    assert post(lead, f"/people/{other}/merge/{one}/maybe-one").status_code == 409
    assert seen() == (1, 1, 0)
    assert everything(filled) == before
    for path in (f"/people/{one}/merge/{one}/two-people", f"/people/{one}/merge/nobody/two-people"):
        assert post(lead, path).status_code == 409
    with reading(filled.engine) as connection:
        trail = connection.exec_driver_sql("SELECT action, subject FROM audit ORDER BY id").all()
    told = [tuple(each) for each in trail if each[0].startswith("no-merge")]
    assert told == [("no-merge", one), ("no-merge", other), ("no-merge-undone", other)]


@only_sqlite
def test_e03_what_cannot_be_one_is_refused_and_nothing_moves(filled, lead, twins, post):
    one, other = twins
    before = everything(filled)
    for path in (f"/people/{one}/merge/{one}", f"/people/{one}/merge/nobody"):
        assert post(lead, path).status_code == 409
        assert lead.get(path).status_code in (404, 409)
    assert post(lead, "/merges/99/undo").status_code == 404
    assert everything(filled) == before
    post(lead, f"/people/{one}/merge/{other}")
    third, _ = filled.add_person("Mari E.")
    assert post(lead, f"/people/{third}/merge/{other}").status_code == 409
    with writing(filled.engine) as connection:
        connection.exec_driver_sql(f"UPDATE people SET erased_at = 1 WHERE id = '{one}'")
    assert post(lead, f"/people/{third}/merge/{one}").status_code == 409
    assert post(lead, f"/merges/{row(filled, 'SELECT max(id) FROM merges')}/undo").status_code == 409


@only_sqlite
def test_e01_who_comes_back_from_another_council_as_somebody_new_is_proposed_and_made_one(
    filled, lead, twins, post, page, officer
):
    """The evidence is the person's; the old council's officer no longer sees them."""
    one, other = twins
    told = text(page(lead.get(f"/people/{other}")))
    assert "Records that may be the same person’s" in told
    assert "The same name." in told
    assert post(lead, f"/people/{other}/merge/{one}").status_code == 302
    assert done(filled, other) == ["m1", "m2", "m3"]
    for authority, seen in ((CARDIFF, 404), (GWYNEDD, 200)):
        assert officer(authority).get(f"/residentials/coed/people/{other}").status_code == seen
        assert ("Mari" in officer(authority).get("/residentials/coed").text) == (seen == 200)


@only_sqlite
def test_e03_programs_are_told_which_id_became_which(filled, app, lead, twins, post, officer):
    one, other = twins
    post(lead, f"/people/{one}/merge/{other}")
    first = filled.clock.now
    filled.clock.now += DAY / 24
    filled.sign_in(lead)
    post(lead, f"/merges/{row(filled, 'SELECT max(id) FROM merges')}/undo")
    lines = [(other, one, first.isoformat()), (other, other, filled.clock.now.isoformat())]
    sheet = list(csv.reader(io.StringIO(lead.get("/merges.csv").text.lstrip("\ufeff"))))
    assert sheet == [["from_id", "to_id", "changed_at"], *map(list, lines)]

    def told(client, query=""):
        return [tuple(line.values()) for line in client.get(f"/api/v1/merges{query}").json["merges"]]

    assert told(lead) == lines
    assert told(lead, f"?as-at={first.isoformat().replace('+', '%2B')}") == lines[:1]
    assert told(officer(CARDIFF)) == lines[:1]
    assert told(officer(GWYNEDD)) == lines[1:]
    assert told(officer("W06000001")) == []
    assert app.test_client().get("/api/v1/merges").status_code == 401


@only_sqlite
def test_a_copy_of_ones_own_record_has_nothing_that_was_only_taken_for_ones_own(filled, lead, heard, post):
    from lrs.storage.subjects import subject_of

    person, email = filled.add_person()
    number = heard("4711")
    post(lead, f"/accounts/{number}/confirm", person=person)
    with reading(filled.engine) as connection:
        assert number in subject_of(connection, email).actors
    ((identified, _),) = held(filled, "account")
    post(lead, f"/people/{person}/accounts/{identified}/take-off")
    with reading(filled.engine) as connection:
        assert number not in subject_of(connection, email).actors


@only_sqlite
def test_every_look_and_change_is_in_the_log(filled, lead, twins, heard, post):
    one, other = twins
    number = heard("x-8")
    with writing(filled.engine) as connection:
        connection.exec_driver_sql("DELETE FROM audit")
    for path in ("/accounts", f"/accounts/{number}", f"/people/{one}", f"/people/{one}/merge/{other}", "/merges.csv"):
        assert lead.get(path).status_code == 200
    post(lead, f"/accounts/{number}/refuse", person=one)
    post(lead, f"/people/{one}/merge/{other}")
    post(lead, f"/merges/{row(filled, 'SELECT max(id) FROM merges')}/undo")
    with reading(filled.engine) as connection:
        trail = [tuple(one) for one in connection.exec_driver_sql("SELECT action, subject FROM audit ORDER BY id")]
        assert users.leads_left(connection, "", filled.clock.now) == 1
    assert trail == [
        ("look", "accounts"), ("look", f"account {number}"), ("look", one), ("look", one), ("export", "merges"),
        ("no-match", one), ("merge", one), ("merge", other), ("merge-undone", one), ("merge-undone", other),
    ]  # fmt: skip


def test_storage_says_what_would_move_without_moving_it(filled, twins):
    one, other = twins
    with reading(filled.engine) as connection:
        moves = merges.moves(connection, one, other, filled.clock.now.date())
    assert {name: (len(rows), moves.staying[name]) for name, rows in moves.moving.items()} == {
        "identifiers": (1, 0), "places": (1, 1), "decisions": (1, 0), "attendance": (1, 1), "certificates": (1, 1),
        "outbox": (1, 0), "refused_matches": (1, 0), "appointments": (1, 1),
    }  # fmt: skip
