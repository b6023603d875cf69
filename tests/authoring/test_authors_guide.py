"""The guide for authors, followed to the letter in an empty folder: its commands, its examples and its files."""

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from authoring.cli import main
from authoring.load import load
from authoring.markdown import WORDS
from authoring.packages import PACKAGES

GUIDE = Path(__file__).parents[2] / "docs" / "authors.md"
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.S | re.M)
FRONT = "---\n"


class Fence(NamedTuple):
    """A fenced example: what kind it is, the file it belongs to if it says so, and its text."""

    kind: str
    name: str
    text: str


FENCES = [Fence(*found) for found in FENCE.findall(GUIDE.read_text("utf-8"))]
EXAMPLES = [
    (one.text, after.text if after.name == "cy" else one.text)
    for one, after in zip(FENCES, [*FENCES[1:], Fence("", "", "")], strict=True)
    if one.kind == "markdown" and not one.name
]


def ktb(*words):
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, f"ktb {shlex.join(words)}\n{result.output}"
    return result.output


@pytest.fixture
def welcome(tmp_path, monkeypatch):
    """An empty folder, and where the guide's course will be."""
    monkeypatch.chdir(tmp_path)
    return Path("courses/welcome")


def append(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def put(folder, number, example):
    """Puts an example into the course: a module of its own, or a page of the module that the guide has begun."""
    for language, text in zip(("en", "cy"), example, strict=True):
        if text.startswith(FRONT):
            (folder / f"{40 + number}-example.{language}.md").write_text(text, "utf-8")
        else:
            (file,) = folder.glob(f"*-first-week.{language}.md")
            append(file, f"\n## {number} {{#example-{number}}}\n\n{text}")
    if example[0].startswith(FRONT):
        (id,) = re.findall(r"^id: (\S+)$", example[0], re.M)
        course = folder / "course.yml"
        course.write_text(course.read_text("utf-8").replace("modules:\n", f"modules:\n  - {id}\n"), "utf-8")


def supply(folder):
    """Everything the guide says to write into other files."""
    for fence in FENCES:
        if fence.kind == "yaml":
            append(folder / fence.name, fence.text)
        elif fence.kind == "markdown" and fence.name not in ("", "cy"):
            (folder / fence.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / fence.name).write_text(fence.text, "utf-8")


CITING = (
    "From 2026 there are [96 Members of the Senedd](fact:1.6).",
    "O 2026 ymlaen mae [96 Aelod o’r Senedd](fact:1.6).",
)


def run(text):
    for line in text.splitlines():
        program, *words = shlex.split(line)
        assert program == "ktb"
        ktb(*words, *(["--help"] if words[0] == "preview" else []))


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda number: EXAMPLES[number][0].split("\n")[0][:30])
def test_each_example_is_clean_and_can_be_laid_out(number, welcome):
    ktb("new", "course", "welcome")
    ktb("new", "module", "first-week")
    put(welcome, number, EXAMPLES[number])
    assert ktb("check", "--strict").endswith(": no errors, no warnings.\n")
    load(welcome)


def test_the_guide_can_be_followed_from_an_empty_folder_to_packages(welcome):
    began = False
    for fence in FENCES:
        if fence.kind == "sh":
            run(fence.text)
            if not began and list(welcome.glob("*-first-week.en.md")):
                began = True
                supply(welcome)
                for number, example in enumerate([*EXAMPLES, CITING]):
                    put(welcome, number, example)
    assert began
    assert ktb("check", "--strict").endswith(": no errors, no warnings.\n")
    ktb("build", *(word for name in PACKAGES for word in ("--format", name)))
    assert len(list(Path("build/welcome").rglob("welcome-0.1.0.zip"))) == len(PACKAGES)


def test_a_release_is_reached_in_the_steps_of_the_guide(welcome):
    ktb("new", "course", "welcome")
    assert CliRunner().invoke(main, ["build", "--release"]).exit_code == 1
    course, facts = welcome / "course.yml", welcome / "facts.yml"
    text = course.read_text("utf-8")
    assert text.count("courses.example") == 3 and "courses.example`, which stands there three times" in GUIDE.read_text(
        "utf-8"
    )
    course.write_text(text.replace("courses.example", "learn.council.test"), "utf-8")
    ktb("translate", "accept", "pages", "questions", "--reviewed-by", "Mari Jones")
    facts.write_text(facts.read_text("utf-8").replace("review: 2027-11-21", "review: 9999-12-31"), "utf-8")
    assert ktb("check").endswith("courses/welcome: no errors, no warnings.\n")
    assert "Before a release" not in ktb("check")
    ktb("build", "--release")


def test_what_came_with_the_course_can_be_thrown_away_as_the_guide_says(welcome):
    ktb("new", "course", "welcome")
    ktb("new", "module", "first-week")
    for path in welcome.glob("0[12]-*.md"):
        path.unlink()
    course = welcome / "course.yml"
    course.write_text(course.read_text("utf-8").replace("  - pages\n  - questions\n", ""), "utf-8")
    lines = ktb("check").splitlines()
    unused = {line.split(":")[0] for line in lines if ": media-unused " in line}
    assert [line.split(":")[0] for line in lines if ": fact-unused " in line] == ["facts.yml"]
    (welcome / "facts.yml").write_text("", "utf-8")
    assert unused == {path.relative_to(welcome).as_posix() for path in (welcome / "media").iterdir()}
    for name in unused:
        os.unlink(welcome / name)
    assert ktb("check", "--strict").endswith(": no errors, no warnings.\n")


def test_the_guide_names_and_shows_every_block():
    text = GUIDE.read_text("utf-8")
    assert {word for word in WORDS if f"`{word}`" not in text} == set()
    shown = {WORDS[word] for one in FENCES for word in re.findall(r"^::: (\w+)", one.text, re.M) if word in WORDS}
    assert set(WORDS.values()) - shown == {"note", "tip", "warning", "caution"}


def test_the_guide_names_every_format():
    text = GUIDE.read_text("utf-8")
    assert [name for name in PACKAGES if f"`{name}`" not in text] == []


def test_headings_that_the_guide_leads_to_are_there():
    text = GUIDE.read_text("utf-8")
    headings = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in re.findall(r"^#+ (.*)$", text, re.M)}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) - headings == {"welcome", "reply", "ring"}
