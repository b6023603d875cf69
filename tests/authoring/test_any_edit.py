"""Whatever an author types, the answer is a list of problems with places that exist, or a course that can be built."""

import os
import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.checks import problems
from authoring.load import course
from authoring.overlays import authorities
from authoring.packages import PACKAGES
from authoring.source import read

COURSES = Path(__file__).parents[1] / "courses"
# Each course with the files that an author edits, those of overlays too.
FILES = {
    name: sorted(
        path.relative_to(COURSES / name).as_posix()
        for path in (COURSES / name).rglob("*")
        if path.suffix in (".md", ".yml")
    )
    for name in ("whole", "questions", "councils")
}
# `make fuzz` sets it; without it the cases are few, and the same at every run.
CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
PIECES = [
    "", ":::", "::: note", "::: question #a", "::: accordion", "::: reflect #r", "- ( ) x", "- [x]", "  > q", "### h",
    "## p {#p}", "{", "]", "<b>", "<!--", "&a *a", "!x", "a: b", "- ", "---", "\t", "![](x)", "[a](b)", "[x](term:)",
    "[x](fact:1.6)", "```", "{lang=cy}", "| a |", "> ", "1:", "null", "''", "{}", "[]", "    ", "[a]: b", "\\", "hint=",
    "\u0301", "ŵ", "\x0b", "\ufeff", "::: match #m", "::: order", "::: fill #f", "::: number", "::: scale",
    "::: pool draw=1", "::: tabs",
    "::: scenario #s", "::: video media/x.mp4", "::: figure x alt=", "::: local #l", "> [!NOTE]",
    "-> ", " -> x",
    "[[", "]]", "[[a|b]]", "= 1..", "= ", "±", "1. ", "{#s .good}", "(#s)", "draw=", "points=0", "attempts=x",
    "partial=ie", "{{ authority.name }}", "{{", "captions=",
]  # fmt: skip
EDIT = st.tuples(st.integers(0, 50), st.integers(0, 80), st.integers(0, 40), st.integers(0, 6), st.sampled_from(PIECES))


def edited(text, line, column, cut, piece):
    lines = text.split("\n")
    line %= len(lines)
    column %= len(lines[line]) + 1
    lines[line] = lines[line][:column] + piece + lines[line][column + cut :]
    return "\n".join(lines)


@pytest.mark.fuzz
@settings(max_examples=CASES or 150, deadline=None, derandomize=not CASES, database=None)
@given(st.sampled_from(sorted(FILES)), st.lists(EDIT, min_size=1, max_size=4))
def test_any_edit_gives_problems_or_a_course(name, edits):
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / name
        shutil.copytree(COURSES / name, folder)
        files = FILES[name]
        for file, *edit in edits:
            path = folder / files[file % len(files)]
            path.write_text(edited(path.read_text("utf-8"), *edit), "utf-8")
        source = read(folder)
        found = problems(source, date(2026, 11, 21))
        lengths = {file: (folder / file).read_text("utf-8").count("\n") + 1 for file in files}
        assert [one for one in found if not 1 <= one.line <= lengths.get(one.file, 1) or one.column < 1] == []
        if not any(one.severity == "error" for one in found):
            for whose in (None, *authorities(source)[:1]):
                assert "index.html" in PACKAGES["web"](course(source, whose)).files()
