"""What the operator does from the command line, against a real store file."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from lrs.cli import main
from lrs.storage import cohorts
from lrs.storage.database import reading

DATES = ["--opens", "2026-11-01", "--target", "2026-11-28", "--cut-off", "2026-11-28", "--starts", "2026-12-08"]


@pytest.fixture
def run(tmp_path, empty, monkeypatch):
    monkeypatch.setenv("KTB_DATABASE_URL", str(empty.engine.url))

    def command(*arguments, code=0, **more):
        result = CliRunner().invoke(main, [str(one) for one in arguments], **more)
        assert result.exit_code == code, result.output
        return result

    return command


def test_from_a_residential_to_who_is_ready(run, filled, tmp_path, clock):
    run("cohort", "add", "llan", "--title-en", "Llan", "--title-cy", "Llan", *DATES)
    assert "llan  2026-12-08" in run("cohort", "list").output
    more = ["--capacity", "24", "--major", "1", "--venue-en", "Hall", "--venue-cy", "Neuadd", "--practice"]
    run("cohort", "add", "ymarfer", "--title-en", "Practice", "--title-cy", "Ymarfer", *DATES, *more)
    with reading(filled.engine) as connection:
        kept = cohorts.cohort_called(connection, "ymarfer")
        assert not cohorts.cohort_called(connection, "llan").practice
    assert (kept.capacity, kept.major, kept.venue_en, kept.venue_cy, kept.practice) == (24, 1, "Hall", "Neuadd", True)
    wrong = run("cohort", "add", "x", "--title-en", "X", "--title-cy", "X", *DATES, "--capacity", "many", code=1).output
    assert "--capacity: Give a number" in wrong
    roster = tmp_path / "roster.csv"
    roster.write_text("Enw;E-bost;Cyngor;Iaith\nSiân Ŵyn;sian@council.example;Powys;Cymraeg\n;x;y;z\n", "utf-8")
    run("roster", "import", "llan", roster, code=1, input="n\n")
    assert json.loads(run("readiness", "llan").output)["people"] == []
    result = run("roster", "import", "llan", roster, "--yes")
    assert "new: 1" in result.output
    assert f"{roster}:3: -: There is no name." in result.output
    filled.send("sian@council.example", "completed", None, clock.now)
    (person,) = json.loads(run("readiness", "llan").output)["people"]
    assert (person["name"], person["status"], person["reason"], person["missing"]) == (
        "Siân Ŵyn",
        "ready",
        "complete",
        [],
    )
    welsh = run("readiness", "llan", "--format", "csv", "--lang", "cy").output.lstrip("\ufeff")
    assert next(csv.DictReader(io.StringIO(welsh)))["Statws"] == "Yn barod"
    assert json.loads(run("readiness", "llan", "--as-at", "2026-11-01").output)["people"] == []


def test_a_link_signs_in_whoever_may_look(run, app):
    run("user", "create", "--email", "Mair@council.example", "--name", "Mair", "--role", "lead")
    link = run("user", "link", "mair@council.example").output.strip()
    client = app.test_client()
    # the application's clock stands still in the past of this link, so it is good there
    assert client.post(link.removeprefix("http://127.0.0.1:8080")).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cohort", "add", "X!", "--title-en", "", "--title-cy", "L", *DATES], "--title-en:"),
        (["cohort", "add", "coed", "--title-en", "C", "--title-cy", "C", *DATES], "There already is"),
        (["roster", "import", "nowhere", __file__, "--yes"], "no column for"),
        (["readiness", "nowhere"], "There is no residential called nowhere"),
        (["readiness", "coed", "--as-at", "soon"], "soon is not a date"),
        (["user", "link", "nobody@council.example"], "Nobody with nobody@council.example"),
        (["user", "create", "--email", "a@b.example", "--name", "A", "--role", "link"], "needs --authority"),
        (
            ["user", "create", "--email", "a@b.example", "--name", "A", "--role", "link", "--authority", "Atlantis"],
            "22 councils",
        ),
    ],
)
def test_misuse_is_answered_with_a_sentence(run, filled, arguments, said):
    result = run(*arguments, code=1)
    assert said in result.output
    assert "Traceback" not in result.output
