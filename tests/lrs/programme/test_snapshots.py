"""Snapshots: frozen to the byte, signed once, verifiable, without names; what comes later is shown beside them."""

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from lrs.cli import main
from lrs.programme.snapshots import changed_since, freeze, take
from lrs.rules.instants import microseconds
from lrs.storage import cohorts, snapshots
from lrs.storage.database import reading, writing

PAGES = "/residentials/coed/snapshots"
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)  # after the cut-off on the 27th
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
def people(filled, clock):
    """Somebody who is ready, with a record that came after the cut-off, and somebody who is not; the statements."""
    clock.now = MIDNIGHT + 9 * HOUR
    person, email = filled.add_person("Mari Enghraifft")
    sent = [filled.send(email, "completed", module, MIDNIGHT - 9 * HOUR) for module in ("m1", "m2")]
    sent.append(filled.send(email, "completed", "m3", MIDNIGHT - HOUR, stored=MIDNIGHT + HOUR))
    filled.add_person("Sam Sample", language="en")
    return person, sent


@pytest.fixture
def run(filled, monkeypatch):
    monkeypatch.setenv("KTB_DATABASE_URL", filled.engine.url.render_as_string(hide_password=False))

    def command(*arguments, code=0):
        result = CliRunner().invoke(main, [str(one) for one in arguments])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    return command


@pytest.fixture
def taken(filled, people):
    """The snapshot of them, as at now."""
    with writing(filled.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        return take(connection, here, filled.clock.now, "lead@council.example", filled.clock.now)


def rows(store, query):
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def text(tree, path="."):
    return " ".join(" ".join(word for one in tree.findall(path) for word in one.itertext()).split())


def test_r05_says_who_was_cleared_and_on_what_basis(filled, people, taken):
    """On both databases the same bytes."""
    person, sent = people
    with reading(filled.engine) as connection:
        content = snapshots.content_of(connection, taken.id)
        assert freeze(connection, cohorts.cohort_called(connection, "coed"), taken.as_at) == content
    assert hashlib.sha256(content).hexdigest() == taken.digest
    told = json.loads(content)
    assert json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == content
    assert told["counts"] == {"not-ready": 1, "at-risk": 0, "on-track": 0, "ready": 1, "not-required": 0}
    assert told["residential"]["last-arrival"] == (MIDNIGHT + 72 * HOUR).isoformat()
    (mine,) = (one for one in told["people"] if one["person"] == person)
    assert (mine["status"], mine["reason"], mine["authority"]) == ("ready", "complete", "W06000015")
    assert [one["statement"] for one in mine["done"].values()] == sent
    assert [one["statement"] for one in mine["arrived-after-cut-off"]] == sent[2:]


def test_e26_a_snapshot_names_nobody_so_that_erasure_leaves_it_whole(filled, taken, people):
    (content,) = rows(filled, "SELECT content FROM snapshots")[0]
    assert "Mari" not in content
    assert "person1@" not in content
    with writing(filled.engine) as connection:
        connection.exec_driver_sql(f"DELETE FROM places WHERE person = '{people[0]}'")
    with reading(filled.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        (gone,) = changed_since(connection, here, taken, filled.clock.now)
        assert (gone.name, gone.before, gone.after) == ("", "ready", "")
        assert hashlib.sha256(snapshots.content_of(connection, taken.id)).hexdigest() == taken.digest


def form(client, token, **more):
    return {"form_token": token(client), **more}


@only_sqlite
@pytest.mark.parametrize("language", ["en", "cy"])
def test_r05_is_taken_signed_and_exported_by_a_lead(filled, lead, people, token, page, language, explain):
    filled.sign_in(lead)
    lead.get(f"/?lang={language}")
    answer = lead.post(PAGES, data=form(lead, token))
    assert answer.status_code == 302
    where = answer.headers["Location"]
    told = page(lead.get(where))
    assert told.get("lang") == {"en": "en-GB", "cy": "cy"}[language]
    (digest,) = rows(filled, "SELECT digest FROM snapshots")[0]
    assert digest in text(told)
    assert len(told.findall(".//section[@class='block page-break']//tbody/tr")) == 2
    if language == "cy":
        assert not [
            word for word in ("Snapshot", "Signed", "Ready", "record", "Taken") if word in text(told, ".//main")
        ]
    assert hashlib.sha256(lead.get(where + ".json").data).hexdigest() == digest
    sheet = list(csv.reader(io.StringIO(lead.get(where + ".csv").text.lstrip("\ufeff"))))
    assert [row[0] for row in sheet[1:]] == ["Mari Enghraifft", "Sam Sample"]
    answer = lead.post(where + "/sign", data=form(lead, token))
    assert (answer.status_code, page(answer).find(".//section[@id='sign']//form")) == (409, None)
    assert explain(lead) == ["late"]
    assert lead.post(where + "/sign", data=form(lead, token)).status_code == 302
    assert page(lead.get(where)).find(".//section[@id='sign']") is None
    assert lead.post(where + "/sign", data=form(lead, token)).status_code == 409
    assert digest in rows(filled, "SELECT detail FROM audit WHERE action = 'sign-off'")[0][0]
    assert lead.get(PAGES).text.count("@council.example") == 2


@only_sqlite
def test_e08_what_came_after_the_cut_off_and_was_done_before_is_listed(filled, lead, taken, page):
    filled.sign_in(lead)
    told = text(page(lead.get(f"{PAGES}/{taken.id}")))
    assert "Done before the cut-off, heard of after it" in told
    assert "Mari Enghraifft Module <3> Friday 27 November, 23:00 Saturday 28 November, 01:00" in told


@only_sqlite
def test_e14_what_is_voided_after_sign_off_is_shown_beside_it_and_the_snapshot_stays(filled, lead, people, taken, page):
    person, sent = people
    filled.sign_in(lead)
    where = f"{PAGES}/{taken.id}"
    assert "Everybody still stands where the snapshot has them." in text(page(lead.get(where)))
    filled.void(sent[0], filled.clock.now)
    told = page(lead.get(where))
    assert "1 person stands elsewhere now" in text(told)
    assert "Mari Enghraifft Ready Not ready 1 module left at the cut-off" in text(told)
    assert "Ready Every module complete" in text(told, ".//section[@class='block page-break']")
    with reading(filled.engine) as connection:
        here = cohorts.cohort_called(connection, "coed")
        (changed,) = changed_since(connection, here, taken, filled.clock.now)
    assert (changed.person, changed.before, changed.after) == (person, "ready", "not-ready")


@only_sqlite
def test_r05_what_somebody_changed_in_the_database_is_told_and_cannot_be_signed(filled, lead, taken, token, page, run):
    filled.sign_in(lead)
    with writing(filled.engine) as connection:
        connection.exec_driver_sql("UPDATE snapshots SET content = replace(content, '\"not-ready\"', '\"ready\"')")
    where = f"{PAGES}/{taken.id}"
    told = page(lead.get(where))
    assert "somebody changed it in the database" in text(told)
    assert told.find(".//main//table") is None
    assert lead.get(where + ".csv").status_code == 409
    assert lead.post(where + "/sign", data=form(lead, token)).status_code == 409
    assert f"Not what was taken: {taken.id}." in run("snapshot", "verify", code=1)
    assert "cannot be signed" in run("snapshot", "sign", taken.id, "--by", filled.sign_in(lead), code=1)


@only_sqlite
def test_r05_from_the_command_line(filled, people, lead, run, tmp_path):
    assert "sha256" in run("snapshot", "take", "coed", "--as-at", "2024-02-01")
    ((number, digest, as_at),) = rows(filled, "SELECT id, digest, as_at FROM snapshots")
    assert as_at == microseconds(datetime(2024, 2, 2, tzinfo=UTC)) - 1
    file = tmp_path / "snapshot.json"
    run("snapshot", "export", number, file)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    assert run("snapshot", "verify", file).startswith(f"{number}  coed  as at 2024-02-01 23:59:59Z  not signed")
    assert f"{number}  as taken  {digest}" in run("snapshot", "verify", number)
    assert "is no programme lead here" in run("snapshot", "sign", number, "--by", "x@council.example", code=1)
    email = filled.sign_in(lead)
    assert email in run("snapshot", "sign", number, "--by", email)
    assert "is signed already" in run("snapshot", "sign", number, "--by", email, code=1)
    assert f"by {email}" in run("snapshot", "list", "coed")
    file.write_bytes(file.read_bytes() + b"\n")
    assert "is no snapshot of this store" in run("snapshot", "verify", file, code=1)
    assert "No such file" in run("snapshot", "verify", tmp_path / "none.json", code=1)
    assert "There is no snapshot 99" in run("snapshot", "verify", "99", code=1)
    assert "There is no residential called" in run("snapshot", "list", "nowhere", code=1)


@only_sqlite
def test_e07_e32_equivalences_and_outages_from_the_command_line(filled, run):
    which = ("tiny", "m1", "--done", "1", "--wanted", "2")
    assert "counts where version 2 is asked for" in run("equivalence", "add", *which, "--by", "An author")
    assert "m1  done in 1 for 2  An author" in run("equivalence", "list", "tiny")
    assert "Taken away." in run("equivalence", "remove", *which)
    assert "Nobody said so" in run("equivalence", "remove", *which, code=1)
    assert "has no module m9" in run("equivalence", "add", "tiny", "m9", *which[2:], "--by", "A", code=1)
    assert "There is no course x" in run("equivalence", "add", "x", "m1", *which[2:], "--by", "A", code=1)
    same = ("tiny", "m1", "--done", "1", "--wanted", "1")
    assert "A version stands for itself" in run("equivalence", "add", *same, "--by", "A", code=1)
    with writing(filled.engine) as connection:  # a cut-off in the past: the command's clock is the machine's
        dates = "opens = '2024-01-01', target = '2024-02-01', cut_off = '2024-02-01'"
        connection.exec_driver_sql(f"UPDATE cohorts SET {dates}")
    told = run("outage", "add", "2024-02-01T20:00+00:00", "2024-02-02T02:00+00:00")
    assert "coed: the cut-off is put off by 6:00:00, until 2024-02-02 05:59Z" in told
    assert "1  2024-02-01 20:00:00Z" in run("outage", "list")
    assert "An outage ends after it began" in run("outage", "add", "2024-02-02", "2024-02-01", code=1)
    assert "Give two moments" in run("outage", "add", "soon", "later", code=1)
    assert "Taken away." in run("outage", "remove", "1")
    assert "There is no outage 1" in run("outage", "remove", "1", code=1)


@only_sqlite
def test_r05_is_a_leads_alone(filled, app, taken, token):
    officer = app.test_client()
    filled.sign_in(officer, "link", "W06000015")
    for path in (PAGES, f"{PAGES}/{taken.id}", f"{PAGES}/{taken.id}.json", f"{PAGES}/{taken.id}.csv"):
        assert officer.get(path).status_code == 403
    for path in (PAGES, f"{PAGES}/{taken.id}/sign"):
        assert officer.post(path, data=form(officer, token)).status_code == 403
    assert "snapshots" not in officer.get("/residentials/coed").text


@only_sqlite
def test_a_snapshot_of_another_residential_is_not_here_and_a_day_that_is_none_is_told(filled, lead, taken, token, page):
    filled.sign_in(lead)
    filled.add_cohort("other")
    for end in ("", ".json", ".csv"):
        assert lead.get(f"/residentials/other/snapshots/{taken.id}{end}").status_code == 404
    assert lead.get(f"{PAGES}/99").status_code == 404
    answer = lead.post(PAGES, data=form(lead, token, **{"as-at": "soon"}))
    assert answer.status_code == 400
    assert "Give a day, such as 2026-11-27" in text(page(answer), ".//p[@id='p-as-at']")
    assert rows(filled, "SELECT count(*) FROM snapshots") == [(1,)]


@only_sqlite
def test_the_page_of_three_hundred_people_is_light(filled, lead, clock):
    for number in range(300):
        filled.add_person(f"Person Number{number * 7919 % 1000} {number}")
    with writing(filled.engine) as connection:
        take(connection, cohorts.cohort_called(connection, "coed"), clock.now, "l", clock.now)
    assert len(gzip.compress(lead.get(f"{PAGES}/1").data)) <= 25_000
