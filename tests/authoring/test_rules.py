"""Every rule says, in the words of rules.md, what is wrong and where; all at once, and never more than that."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.check import check
from authoring.cli import main
from authoring.load import load
from authoring.problems import CourseError
from authoring.rules import RULES

TODAY = date(2026, 11, 21)
COURSES = Path(__file__).parents[1] / "courses"


def said(folder):
    return "".join(f"{problem}\n" for problem in check(folder, TODAY))


@pytest.mark.parametrize("name", ["whole", "questions", "councils"])
def test_nothing_is_wrong_with_the_tiny_courses(name):
    assert said(COURSES / name) == ""


def test_each_breach_is_told_with_its_place(rule_case, broken):
    assert said(broken) == rule_case.says
    assert f": {rule_case.rule} " in rule_case.says


def test_every_rule_has_an_example(pytestconfig):
    document = (pytestconfig.rootpath / "tests/authoring/rules.md").read_text("utf-8")
    assert {rule for rule in RULES if f"\n## {rule}: " not in document} == set()


def test_everything_is_told_at_once_in_the_order_of_the_files(make):
    folder = make(
        ("edit", "02-second.en.md", "minutes: 5\n===\nminutes: five\n"),
        ("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"),
        ("edit", "01-first.en.md", "(media/cup.svg)\n===\n(media/cups.svg)\n"),
        ("edit", "01-first.cy.md", "(term:kettle). \n===\n(term:tegell). \n"),
        ("write", "notes.md", "Words.\n"),
    )
    assert [str(problem).split(" ")[:2] for problem in check(folder, TODAY)] == [
        ["01-first.cy.md:12:11:", "unknown-term"],
        ["01-first.en.md:19:1:", "image-nowhere"],
        ["01-first.en.md:28:1:", "unknown-block"],
        ["02-second.en.md:5:1:", "value-wrong"],
        ["notes.md:1:1:", "module-name"],
    ]


@pytest.mark.parametrize("name", ["glossary.yml", "facts.yml", "standard.yml", "elsewhere.yml"])
def test_a_file_that_cannot_be_read_is_told_once_and_nothing_is_said_of_what_it_lacks(whole, name):
    (whole / name).write_text("one: [\n", "utf-8")
    assert [(problem.file, problem.rule) for problem in check(whole, TODAY)] == [(name, "yaml-syntax")]


def test_files_saved_on_windows_read_the_same(whole):
    for path in [*whole.glob("*.md"), *whole.glob("*.yml")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert said(whole) == ""
    assert "\r" not in str(load(whole))


def test_load_raises_with_every_error_and_no_advice(make):
    folder = make(
        ("edit", "02-second.en.md", "minutes: 5\n===\nminutes: five\n"),
        ("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"),
        ("write", "media/spoon.svg", "<svg viewBox='0 0 1 1'/>"),
    )
    with pytest.raises(CourseError) as raised:
        load(folder)
    assert [problem.rule for problem in raised.value.problems] == ["unknown-block", "value-wrong"]


@pytest.mark.parametrize(
    ("edits", "flags", "code"),
    [
        ((), (), 0),
        ((("write", "media/spoon.svg", "<svg viewBox='0 0 1 1'/>"),), (), 0),
        ((("write", "media/spoon.svg", "<svg viewBox='0 0 1 1'/>"),), ("--strict",), 1),
        ((("write", "translations.yml", ""),), ("--strict",), 0),
        ((("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"),), (), 1),
    ],
)
def test_exit_code_says_whether_it_is_clean(make, edits, flags, code):
    assert CliRunner().invoke(main, ["check", str(make(*edits)), *flags]).exit_code == code


@pytest.mark.parametrize("arguments", [["check", "nowhere"], ["check", "--format", "sarif"], ["chekc"], ["check"]])
def test_misuse_is_told_apart_from_problems(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_the_only_course_below_courses_need_not_be_named(whole, tmp_path, monkeypatch):
    (tmp_path / "courses").mkdir()
    whole.rename(tmp_path / "courses" / "whole")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["check"])
    assert result.output == "courses/whole: no errors, no warnings.\n"


def test_text_sums_up_what_would_stop_a_release(make):
    folder = make(("write", "translations.yml", ""))
    lines = CliRunner().invoke(main, ["check", str(folder)]).output.splitlines()
    assert lines[0].startswith("Before a release: welsh-not-reviewed, 3 times.")
    assert lines[1] == f"{folder}: no errors, no warnings."


def test_json_holds_every_field(make):
    folder = make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    found = json.loads(CliRunner().invoke(main, ["check", str(folder), "--format", "json"]).output)
    assert found["problems"] == [
        {
            "file": "01-first.en.md", "line": 28, "column": 1, "rule": "unknown-block", "severity": "error",
            "message": "There is no block “tpi”.", "mend": "Did you mean “tip”?",
        }
    ]  # fmt: skip


def test_github_gets_workflow_commands_that_no_text_can_break_out_of(make):
    folder = make(("edit", "02-second.en.md", "Pour it\n===\nPour 100% of [it](ftp://a,b)\n"))
    output = CliRunner().invoke(main, ["check", str(folder), "--format", "github"]).output
    assert output == (
        f"::error file={folder}/02-second.en.md,line=13,col=14,title=link-scheme::"
        "The link “ftp://a,b” cannot be used. Use one of those.\n"
    )
