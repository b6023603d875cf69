"""Whatever an author types, the answer is a list of problems with places that exist, or a course that can be built."""

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.checks import problems
from authoring.load import course
from authoring.packages import PACKAGES
from authoring.source import read

WHOLE = Path(__file__).parents[1] / "courses" / "whole"
FILES = sorted(path.name for path in WHOLE.iterdir() if path.is_file())
PIECES = [
    "", ":::", "::: note", "::: question #a", "::: accordion", "::: reflect #r", "- ( ) x", "- [x]", "  > q", "### h",
    "## p {#p}", "{", "]", "<b>", "<!--", "&a *a", "!x", "a: b", "- ", "---", "\t", "![](x)", "[a](b)", "[x](term:)",
    "[x](fact:1.6)", "```", "{lang=cy}", "| a |", "> ", "1:", "null", "''", "{}", "[]", "    ", "[a]: b", "\\", "hint=",
    "\u0301", "ŵ", "\x0b", "\ufeff",
]  # fmt: skip
EDIT = st.tuples(
    st.sampled_from(FILES), st.integers(0, 80), st.integers(0, 40), st.integers(0, 6), st.sampled_from(PIECES)
)


def edited(text, line, column, cut, piece):
    lines = text.split("\n")
    line %= len(lines)
    column %= len(lines[line]) + 1
    lines[line] = lines[line][:column] + piece + lines[line][column + cut :]
    return "\n".join(lines)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_any_edit_gives_problems_or_a_course(edits):
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "whole"
        shutil.copytree(WHOLE, folder)
        for file, *edit in edits:
            path = folder / file
            path.write_text(edited(path.read_text("utf-8"), *edit), "utf-8")
        source = read(folder)
        found = problems(source, date(2026, 11, 21))
        lengths = {file: (folder / file).read_text("utf-8").count("\n") + 1 for file in FILES}
        assert [one for one in found if not 1 <= one.line <= lengths.get(one.file, 1) or one.column < 1] == []
        if not any(one.severity == "error" for one in found):
            assert "index.html" in PACKAGES["web"](course(source)).files()
