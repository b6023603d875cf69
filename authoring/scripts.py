"""The scripts of a package: the first, that of the blocks, and what a course can be taken without."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from authoring.carried import SENDERS, sends_statements, shares
from authoring.compiled import made_small
from authoring.course import Course, Page, Question, Reflect, Standard, walk
from authoring.joiner import join
from authoring.phrases import all_words

PLAYER = Path(__file__).parent / "player"
# What a page may have in it -> the module of blocks.js that has to be there before the page is shown.
BLOCKS = {
    "match": "components/match.js", "order": "components/order.js", "fill": "components/fill.js",
    "number": "components/number.js", "Pool": "components/pool.js", "Tabs": "components/tabs.js",
    "Scenario": "components/scenario.js", "Recording": "components/media.js", "Reflect": "components/reflect.js",
    "words": "components/count.js",
}  # fmt: skip
# Modules of the player that not every course needs -> what a course has in it that does.
OPTIONAL = {
    **{path: kind for kind, path in BLOCKS.items()}, "drawn.js": "Pool", "components/wide.js": "table",
    "components/glossary.js": "term",
    "live.js": "record-store", "interactions.js": "statements of answers", "components/share.js": "sent writing",
    "lms/noted12.js": "answers in SCORM 1.2", "lms/noted2004.js": "answers in SCORM 2004",
}  # fmt: skip
# Formats whose LMS can be told of each answer.
ANSWERS = {
    "scorm12": "answers in SCORM 1.2", "scorm2004-3": "answers in SCORM 2004", "scorm2004-4": "answers in SCORM 2004",
}  # fmt: skip
SCRIPTS = ("player.js", "blocks.js", "more.js")
TABLE = '<div class="wide">'


def spared(course: Course, outline: dict[str, Any]) -> frozenset[str]:
    """The modules of the player that the course does without, by their paths in its folder."""
    used = set().union(*(_kinds(page) for module in course.modules for page in module.pages))
    if any(module.terms for module in course.modules):
        used |= {"term"}
    sends = sends_statements(outline)
    if sends:
        used |= {"record-store"} | ({"sent writing"} if shares(course, outline) else set())
    if outline["interactions"]:
        used |= {ANSWERS.get(outline["package-format"], ""), "statements of answers" if sends else ""}
    return frozenset(path for path, name in OPTIONAL.items() if name not in used)


def needs_blocks(page: Page, activity: str | None) -> bool:
    """Whether a page cannot be taken without blocks.js; ``activity`` as a frame has it."""
    return not _kinds(page).isdisjoint(BLOCKS) or bool(activity and page.questions())


@lru_cache(maxsize=1024)
def _kinds(page: Page) -> frozenset[str]:
    """The kinds of question and of other parts on a page, and what else in them needs something of the player."""
    parts = list(walk(page.parts))
    kinds = {part.kind if isinstance(part, Question) else type(part).__name__ for part in parts}
    if any(TABLE in getattr(part, name).en for part in parts for name in ("html", "stem_html") if hasattr(part, name)):
        kinds.add("table")
    if any(isinstance(part, Standard) and part.sheet for part in parts):
        kinds.add("table")
    if any(isinstance(part, Reflect) and part.words for part in parts):
        kinds.add("words")
    return frozenset(kinds)


@cache
def more_script() -> str:
    """What a course can be taken without, the same for every adapter and course, in both languages."""
    return made_small("javascript", join(PLAYER, "none", all_words(), begin="more/main.js", lent="lent.js"))


@cache
def blocks_script(without: frozenset[str] = frozenset()) -> str:
    """The rarer kinds of block, and what is told of answers, less some of its modules."""
    return made_small("javascript", join(PLAYER, "none", all_words(), without, begin="blocks.js", lent="lent.js"))


@cache
def script(adapter: str, without: frozenset[str] = frozenset()) -> str:
    """The player's first script for the adapter, with every word in both languages, less some of its modules."""
    # Those that are launched by a record store bring a way of their own to speak with it.
    own = {"live.js"} if adapter in SENDERS else set()
    return made_small("javascript", join(PLAYER, adapter, all_words(), without | own))
