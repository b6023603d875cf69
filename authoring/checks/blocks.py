"""The shape of blocks: names, ids, options, answers, headings."""

import re
from collections.abc import Iterator

from authoring.answers import PARTIAL, QUESTIONS
from authoring.blocks import PIECES, PURPOSES, READERS, SHEETS, Block, every_block, words_of
from authoring.checks.modules import is_id
from authoring.problems import Problem
from authoring.rules import did_you_mean, problem
from authoring.source import ModuleFile, Source, maps
from authoring.standard import QUALITIES

CALLOUTS = ("note", "tip", "important", "warning", "caution")
HINT = re.compile(r".*\S.*")
ASSESSES = {"assesses": re.compile(r"[1-9][0-9]?(?:,[1-9][0-9]?)*")}
ASKED = {"points": re.compile(r"[1-9][0-9]?|100"), "attempts": re.compile(r"[1-9]|10"), "hint": HINT, **ASSESSES}
SEVERAL = {**ASKED, "partial": re.compile("|".join(PARTIAL))}
OPTIONS: dict[str, dict[str, re.Pattern[str]]] = {
    "question": SEVERAL, "match": SEVERAL, "order": SEVERAL, "fill": SEVERAL, "number": ASKED, "scale": {"hint": HINT},
    "pool": {"draw": re.compile(r"[1-9][0-9]?")}, "video": {"captions": HINT, "title": HINT},
    "audio": {"captions": HINT, "title": HINT}, "figure": {"alt": HINT},
    "reflect": {
        "words": re.compile(r"\d{1,4}\.\.\d{1,4}"), "kind": re.compile("|".join(PURPOSES)),
        "share": re.compile("|".join(READERS)),
    },
    "standard": {"kind": re.compile("|".join(SHEETS))}, "needs": ASSESSES,
    "plan": {"rows": re.compile(r"[1-6]"), **ASSESSES},
}  # fmt: skip
ASKS = (*QUESTIONS, *PIECES)
NEEDS_ID = (*ASKS, "pool", "scenario", "local")
NOUNS = {"reflect": "reflection", "needs": "needs self-check", "plan": "plan"}
FOLDED = {"accordion": "accordion-shape", "tabs": "tabs-shape", "scenario": "scenario-shape"}


def blocks(source: Source, *names: str) -> Iterator[tuple[ModuleFile, Block]]:
    """Every block of those names, or every block, with its file, in reading order."""
    for file in source.texts():
        for inside in [file.before, *(page.parts for page in file.pages)]:
            for block in every_block(inside):
                if not names or block.name in names:
                    yield file, block


def ids_are_right(source: Source) -> Iterator[Problem]:
    """missing-id, bad-id: what answers are kept under or an authority fills has an id, other blocks have none."""
    for file, block in blocks(source):
        place = file.place(block.at)
        if block.id is None and block.name in NEEDS_ID:
            yield problem("missing-id", place, f"This {block.word} has no id.")
        elif block.id is not None and not is_id(block.id):
            yield problem("bad-id", place, f"“{block.id}” is no id.")
        elif block.id is not None and block.name and block.name not in NEEDS_ID:
            yield problem("block-option", place, f"The block “{block.word}” takes no id.", "Remove it.")


def options_are_known(source: Source) -> Iterator[Problem]:
    """block-option: each option is one the block has, stands once, and has a value it can take."""
    for file, block in blocks(source):
        if block.name is None:
            continue
        known = OPTIONS.get(block.name, {})
        names = [key for key, _ in block.options]
        for number, (key, value) in enumerate(block.options):
            place = file.place(block.at)
            if key not in known:
                mend = "" if key in SEVERAL else did_you_mean(key, list(known))
                yield problem("block-option", place, f"The block “{block.word}” has no option “{key}”.", mend)
            elif key in names[:number]:
                yield problem("block-option", place, f"The option “{key}” stands twice.")
            elif not known[key].fullmatch(value):
                yield problem("block-option", place, f"The option “{key}” cannot be “{value}”.")


def titles_belong_to_callouts(source: Source) -> Iterator[Problem]:
    """block-title: words after a block's word are the title of a callout; elsewhere they would be lost."""
    for file, block in blocks(source, "accordion", "tabs", "video", "audio", "standard", *NEEDS_ID):
        if block.title:
            yield problem(
                "block-title", file.place(block.at), f"“{block.title}” stands on the line of the {block.word}."
            )


def blocks_hold_something(source: Source) -> Iterator[Problem]:
    """block-empty: nobody opens a callout to find nothing, and a slot says something before it is filled."""
    for file, block in blocks(source, *CALLOUTS, "local"):
        if not block.parts:
            yield problem("block-empty", file.place(block.at), f"The block “{block.word}” is empty.")


def questions_hold_no_blocks(source: Source) -> Iterator[Problem]:
    """block-place: what stands inside a question or a reflection is words."""
    for file, block in blocks(source, *ASKS):
        for inner in block.parts:
            if isinstance(inner, Block):
                words = f"The block “{inner.word}” stands inside a {block.word}."
                yield problem("block-place", file.place(inner.at), words)


def folds_have_headings(source: Source) -> Iterator[Problem]:
    """accordion-shape, tabs-shape, scenario-shape: headings, something under each, nothing before the first."""
    for file, block in blocks(source, *FOLDED):
        rule, word = FOLDED[str(block.name)], "row of tabs" if block.name == "tabs" else block.word
        if block.stray:
            yield problem(rule, file.place(block.stray), f"This stands before the first heading of the {word}.")
        elif not block.folds:
            yield problem(rule, file.place(block.at), f"This {word} has no heading.")
        for fold in block.folds:
            if not fold.parts:
                words = f"Nothing stands under the heading “{fold.title.content}”."
                yield problem(rule, file.place(fold.at), words)


def standard_has_elements(source: Source) -> Iterator[Problem]:
    """needs-standard: what is asked about, or shown, are the elements of the Standard."""
    for file, block in blocks(source, "needs", "standard"):
        if not source.table("standard").get("elements") and not source.unread("standard"):
            what = "ask about" if block.name == "needs" else "show"
            yield problem("needs-standard", file.place(block.at), f"standard.yml has no elements to {what}.")


def sheets_say_what_is_seen(source: Source) -> Iterator[Problem]:
    """standard-seen: colleagues tick what they have seen; of qualities they choose the names."""
    lacking = [
        str(one.get("id"))
        for one in maps(source.table("standard").get("elements"))
        if not one.get("seen") and not str(one.get("id")).startswith(QUALITIES)
    ]
    for file, block in blocks(source, "standard"):
        if dict(block.options).get("kind") in SHEETS and lacking:
            words = f"standard.yml does not say what colleagues see of {', '.join(lacking)}."
            yield problem("standard-seen", file.place(block.at), words)


def reflections_ask(source: Source) -> Iterator[Problem]:
    """reflect-words, reflect-shape: a prompt, then at most one quote."""
    for file, block in blocks(source, *PIECES):
        if not words_of(block.parts):
            yield problem("reflect-words", file.place(block.at), f"This {NOUNS[str(block.name)]} asks nothing.")
        if block.stray:
            words = f"This stands after the quote of the {NOUNS[str(block.name)]}."
            yield problem("reflect-shape", file.place(block.stray), words)
        for key, value in block.options:
            if key == "words" and OPTIONS["reflect"]["words"].fullmatch(value) and not _rises(value):
                yield problem("block-option", file.place(block.at), f"The option “words” cannot be “{value}”.")


def goals_are_not_shared(source: Source) -> Iterator[Problem]:
    """block-option: a lead may be sent a reflection; a goal or an achievement stays with the learner."""
    for file, block in blocks(source, "reflect"):
        options = dict(block.options)
        if "share" in options and "kind" in options:
            words = "The options “share” and “kind” stand on one line: goals and achievements are sent to nobody."
            yield problem("block-option", file.place(block.at), words, "Remove one of the two.")


def _rises(span: str) -> bool:
    low, high = span.split("..")
    return int(low) < int(high)


def headings_are_low(source: Source) -> Iterator[Problem]:
    """heading-level: the page title is the only heading above ###; a fold's own heading is read as its title."""
    for file in source.texts():
        titles = {page.at[0] for page in file.pages}
        headings = [token for token in file.tokens if token.type == "heading_open" and token.tag not in ("h3", "h4")]
        for token in headings:
            if token.map and token.map[0] + 1 not in titles:
                words = f"A heading of level {token.tag[1]} stands here."
                yield problem("heading-level", file.place((token.map[0] + 1, 1)), words)


def headings_carry_little(source: Source) -> Iterator[Problem]:
    """attribute: page titles and scenes carry an id, scenes their mood too, other headings nothing."""
    for file in source.texts():
        titles = {page.at[0] for page in file.pages}
        scenes = {
            fold.at[0]
            for page in file.pages
            for block in every_block(page.parts)
            for fold in block.folds
            if block.name == "scenario"
        }
        for token in file.tokens:
            if token.type == "heading_open" and token.map and "id" in token.meta:
                line = token.map[0] + 1
                if line in titles and token.meta["classes"]:
                    words = f"“{' '.join(token.meta['classes'])}” cannot stand in a page title."
                    yield problem("attribute", file.place((line, 1)), words, "Remove it.")
                elif line not in titles and line not in scenes:
                    words = "Only page titles and scenes carry an id."
                    yield problem("attribute", file.place((line, 1)), words, "Remove it.")


def titles_are_plain(source: Source) -> Iterator[Problem]:
    """fact-place: titles are shown as plain words, so nothing is cited in them, and answers are labels."""
    for file in source.texts():
        inlines = [page.title for page in file.pages]
        for block in (block for page in file.pages for block in every_block(page.parts)):
            inlines += [fold.title for fold in block.folds]
            inlines += [answer.words for answer in block.answers if answer.words] + block.hint
        for inline in inlines:
            for token in inline.children or []:
                if "fact" in token.meta:
                    yield problem(
                        "fact-place", file.place(token.meta["at"]), f"The fact “{token.meta['fact']}” is cited here."
                    )


RULES = (
    ids_are_right, options_are_known, titles_belong_to_callouts, blocks_hold_something, questions_hold_no_blocks,
    folds_have_headings, standard_has_elements, sheets_say_what_is_seen, reflections_ask, goals_are_not_shared,
    headings_are_low, headings_carry_little, titles_are_plain,
)  # fmt: skip
