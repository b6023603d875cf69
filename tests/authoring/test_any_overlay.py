"""Whatever stands in an overlay or in the blocks of a page, the answer is problems, or a course for every authority."""

import os
import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.checks import problems
from authoring.course import Local, walk
from authoring.load import course
from authoring.overlays import authorities
from authoring.packages import PACKAGES
from authoring.source import read

COUNCILS = Path(__file__).parents[1] / "courses" / "councils"
CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
LINES = [
    "Words.", "", "- one", "  > two", "> [!NOTE]", "> [!tip]", "> said", "{{ authority.name }} pays", "{{ x }}",
    "[a](#start)", "[b](#ring)", "[c](#paper)", "[d](term:officer)", "### One {#one}", "### Two {#two .good}", "### No",
    "::: local #contacts", "::: lleol #food", "::: local #telephone", "::: local", "::: tabs", "::: accordion",
    "::: scenario #story", "::: note", "::: video media/welcome.mp4 title=x", "::: audio media/bell.mp3 title=x",
    '::: figure media/hall.svg alt="x" Hall', "::: figure media/plate.png", "![x](media/plate.png)", "::: question #q",
    "- (x) yes", "- ( ) no", "::: scale #s", "1. one", "::: reflect #r", "[e](#one)", "[f](#two)", "## Page {#page}",
    "---", "| a | b |", "```", "    code", ":::", ":::", ":::",
]  # fmt: skip
# Blocks that are whole, so that many cases come as far as a course; between them anything.
WHOLE = [
    ("::: local #contacts", ":::"), ("::: local #food", ":::"), ("::: tabs\n### One", ":::"), ("::: note", ":::"),
    ("::: scenario #story\n### One {#one}", ":::"), ("::: figure media/hall.svg alt=x", ":::"), ("> [!NOTE]", ""),
    ("::: audio media/bell.mp3 title=x", ":::"), ("::: accordion\n### {{ authority.area }}", ":::"),
]  # fmt: skip
TEXT = st.recursive(
    st.sampled_from(LINES) | st.text(max_size=8),
    lambda inner: st.builds(
        lambda around, inside: "\n".join([around[0], *inside, around[1]]),
        st.sampled_from(WHOLE),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
OVERLAY = TEXT | TEXT.map(lambda text: f"::: local #contacts\n{text}\n:::")


def write(folder, overlay, page, twin):
    """The overlay and the page in both languages; in Welsh another text instead, where there is one."""
    for language, texts in (("en", (overlay, page)), ("cy", twin or (overlay, page))):
        text, words = (one.encode("utf-8", "replace") for one in texts)
        (folder / "overlays" / "gwynedd" / f"01-start.{language}.md").write_bytes(text)
        away = folder / f"02-away.{language}.md"
        away.write_bytes(away.read_bytes() + b"\n" + words)


@pytest.mark.fuzz
@settings(max_examples=CASES or 100, deadline=None, derandomize=not CASES, database=None)
@given(OVERLAY, TEXT, st.none() | st.tuples(OVERLAY, TEXT))
def test_any_text_in_overlays_and_blocks_gives_problems_or_courses(overlay, page, twin):
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "councils"
        shutil.copytree(COUNCILS, folder)
        write(folder, overlay, page, twin)
        source = read(folder)
        found = problems(source, date(2026, 11, 21))
        assert [one for one in found if one.line < 1 or one.column < 1] == []
        if any(one.severity == "error" for one in found):
            return
        for whose in (None, *authorities(source)):
            made = course(source, whose)
            filled = {one.id for one in walk(made.modules[0].pages[0].parts) if isinstance(one, Local) and one.filled}
            assert not filled or whose
            assert b"authority.name" not in PACKAGES["web"](made).files()["start.html"]
