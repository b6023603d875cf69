"""The commands of the store itself, each run on a store of its own."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from lrs.cli import main


@pytest.fixture
def run(store_url):
    """``run(*arguments)`` -> the finished command."""
    return lambda *arguments: CliRunner().invoke(main, arguments, env={"KTB_DATABASE_URL": store_url})


@pytest.fixture
def package(tmp_path, outline):
    place = tmp_path / "package.zip"
    with zipfile.ZipFile(place, "w") as file:
        file.writestr("course.json", json.dumps(outline))
    return str(place)


def test_every_command_has_help():
    def commands(group, path=()):
        for name, command in group.commands.items():
            yield (*path, name), command
            if hasattr(command, "commands"):
                yield from commands(command, (*path, name))

    assert [path for path, command in commands(main) if not command.help] == []


def test_a_key_made_here_works(run, app, statement):
    made = json.loads(run("key", "create", "--label", "Learning Pool", "--scope", "all", "--json").output)
    assert set(made) == {"key", "secret"}
    headers = {"X-Experience-API-Version": "1.0.3"}
    answer = app.test_client().post(
        "/xapi/statements", json=statement(), headers=headers, auth=(made["key"], made["secret"])
    )
    assert answer.status_code == 200


def test_a_key_needs_a_scope_that_exists(run):
    assert run("key", "create", "--label", "x", "--scope", "everything").exit_code == 2
    assert run("key", "create", "--label", "x").exit_code == 2


def test_db_upgrade_can_be_repeated(run):
    assert [run("db", "upgrade").exit_code for _ in range(2)] == [0, 0]


def test_a_course_is_added_and_allowed(run, package, rows):
    for _ in range(2):
        assert run("course", "add", package).exit_code == 0
        assert run("course", "allow", "knowing-the-business", "https://LMS.example/").exit_code == 0
    assert rows("SELECT course, origin FROM course_origins") == [("knowing-the-business", "https://lms.example")]


def test_a_course_that_cannot_be_added_is_explained(run, tmp_path, rows):
    (tmp_path / "not.zip").write_text("x")
    done = run("course", "add", str(tmp_path / "not.zip"))
    assert (done.exit_code, done.output) == (1, "Error: The file is not a zip that can be read\n")
    assert run("course", "allow", "nothing", "https://x.example").exit_code == 1
    assert run("course", "allow", "nothing", "nowhere").exit_code == 1
    assert rows("SELECT count(*) FROM courses") == [(0,)]


def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path):
    url = f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3"
    done = CliRunner().invoke(main, ["key", "create", "--label", "x", "--scope", "all"], env={"KTB_DATABASE_URL": url})
    assert done.exit_code == 1
    assert "KTB_DATABASE_URL" in done.output
    assert "Traceback" not in done.output
