"""English and Welsh side by side: the same pages, blocks, right answers and facts of the module."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from authoring.answers import QUESTIONS, lefts, span, targets
from authoring.blocks import PIECES, PURPOSES, READERS, SHEETS, At, Block, Fold, PageSource, Part, Words, every_block
from authoring.markdown import plain
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import ModuleFile, Source, mapping

Pair = tuple[ModuleFile, ModuleFile]
Lines = set[tuple[str, int]]
COUNTED = {"match": "lines", "order": "steps", "fill": "blanks", "scale": "levels"}
SAME = {"ie": "yes", "na": "no", **PURPOSES, **READERS, **SHEETS}
IN_ORDER = "Write the same blanks in the same order; where Welsh would turn them round, put the sentence another way."
RIGHT_MENDS = {"match": "Make the two the same; right sides count from the top, one that stands twice counts once."}
OWN_WORDS = ("hint", "title", "alt", "captions")
SHARED = ("id", "minutes", "complete-when")


def _pairs(source: Source) -> Iterator[Pair]:
    for _, pair in sorted(source.modules.items()):
        if len(pair) == 2:
            yield pair["en"], pair["cy"]


def every_pair(source: Source) -> Iterator[Pair]:
    """The pairs of modules, then those of overlays, whose pages are the slots that they fill."""
    yield from _pairs(source)
    for _, by_slug in sorted(source.overlays.items()):
        for _, pair in sorted(by_slug.items()):
            if len(pair) == 2:
                yield pair["en"], pair["cy"]


def page_pairs(english: ModuleFile, welsh: ModuleFile) -> Iterator[tuple[PageSource, PageSource]]:
    """The pages that both files have, English first, in the order of the Welsh."""
    known = {page.id: page for page in reversed(english.pages) if page.id}
    for page in welsh.pages:
        if page.id in known:
            yield known[page.id], page


def pages_are_in_both(source: Source, broken: Lines) -> Iterator[Problem]:
    """welsh-missing, english-missing: a page in one language is there in the other; never a silent fallback."""
    for english, welsh in _pairs(source):
        for rule, name, here, there in (
            ("welsh-missing", "Welsh", english, welsh), ("english-missing", "English", welsh, english),
        ):  # fmt: skip
            known = {page.id for page in there.pages}
            for page in here.pages:
                if page.id and page.id not in known:
                    words = f"The page “{page.id}” has no {name}: it is not in {there.file}."
                    yield problem(rule, here.place(page.at), words)


def pages_are_in_order(source: Source, broken: Lines) -> Iterator[Problem]:
    """page-order: both languages tell it in the same order."""
    for english, welsh in _pairs(source):
        pairs = list(page_pairs(english, welsh))
        wanted = [page.id for page in english.pages if page.id in {own.id for _, own in pairs}]
        for expected, (other, page) in zip(wanted, pairs, strict=False):
            if page.id != expected:
                words = f"The page “{page.id}” stands here; English has “{expected}” ({english.file}:{other.at[0]})."
                yield problem("page-order", welsh.place(page.at), words)
                break


def structure_is_the_same(source: Source, broken: Lines) -> Iterator[Problem]:
    """language-structure: the first difference of each page, with both places."""
    for english, welsh in every_pair(source):
        for page, own in page_pairs(english, welsh):
            shapes = zip_longest(_shape(page.parts), _shape(own.parts))
            for there, here in shapes:
                if there is None or here is None or there[0] != here[0]:
                    lines = {(english.file, there[1][0] if there else 0), (welsh.file, here[1][0] if here else 0)}
                    if not lines & broken:
                        yield _differs(english, welsh, (page, there), (own, here))
                    break


def _differs(english: ModuleFile, welsh: ModuleFile, there: Any, here: Any) -> Problem:
    """``there`` and ``here`` are each a page and what stands in it, or None where it has ended."""
    at = here[1][1] if here[1] else here[0].at
    words = f"Here stands {here[1][0]}" if here[1] else "The page ends"
    other = (
        f"English has {there[1][0]} ({english.file}:{there[1][1][0]})"
        if there[1]
        else f"English ends ({english.file}:{there[0].last - 1})"
    )
    mend = IN_ORDER if here[1] and there[1] and "blank" in here[1][0] and "blank" in there[1][0] else ""
    return problem("language-structure", welsh.place(at), f"{words}; {other}.", mend)


def _shape(parts: list[Part]) -> Iterator[tuple[str, At]]:
    """What stands in order, in words that are equal exactly when the structure is."""
    for part in parts:
        if isinstance(part, Words):
            yield "text", part.at
        else:
            yield _described(part), part.at
            yield from _shape_inside(part)


def _shape_inside(block: Block) -> Iterator[tuple[str, At]]:
    for fold in block.folds:
        yield _described_fold(block, fold), fold.at
        yield from _shape(fold.parts)
    if block.name not in (*QUESTIONS, *PIECES):
        yield from _shape(block.parts)
        yield f"the end of the {block.name}", block.at


def _described_fold(block: Block, fold: Fold) -> str:
    if block.name != "scenario":
        return f"a heading of the {block.name}"
    choices = sorted({str(link.attrs["href"]) for link in fold.choices})
    leads = f"leading to {' and '.join(choices)}" if choices else "without choices"
    return " ".join(["a scene", f"#{fold.id}", *fold.classes, leads])


def _described(block: Block) -> str:
    name = "row of tabs" if block.name == "tabs" else block.name or block.word
    words = [f"{'an' if name[0] in 'aeiou' else 'a'} {name}"]
    if block.id:
        words.append(f"#{block.id}")
    words += [key if key in OWN_WORDS else f"{key}={SAME.get(value, value)}" for key, value in sorted(block.options)]
    if block.title:
        words.append("with a title")
    if block.name == "question":
        marks = " and ".join(sorted({one.mark or "no" for one in block.answers}))
        words.append(f"with {len(block.answers)} answers in {marks} brackets" if marks else "without answers")
    elif block.name in COUNTED:
        words.append(f"with {len(block.answers) or len(block.blanks) or 'no'} {COUNTED[block.name]}")
    if block.after:
        words.append("with a quote")
    return " ".join(words)


def right_answers_are_the_same(source: Source, broken: Lines) -> Iterator[Problem]:
    """language-answers: option by option, with both lines."""
    for english, welsh in every_pair(source):
        known = {block.id: block for block in _questions(english)}
        for block in _questions(welsh):
            other = known.get(block.id)
            if other is None or other.name != block.name or len(other.answers) != len(block.answers):
                continue
            pairs = zip(_right(other), _right(block), strict=False)
            for (theirs, there), (ours, here) in [pair for pair in pairs if pair[0][0] != pair[1][0]][:1]:
                lines = {(english.file, line) for line, _ in (other.at, there)}
                lines |= {(welsh.file, line) for line, _ in (block.at, here)}
                if not lines & broken:
                    end = " right" if block.name == "question" else ""
                    words = f"Question #{block.id} {ours}{end}; English {theirs} ({english.file}:{there[0]})."
                    yield problem("language-answers", welsh.place(here), words, RIGHT_MENDS.get(str(block.name), ""))


def _questions(file: ModuleFile) -> list[Block]:
    return [block for page in file.pages for block in every_block(page.parts) if block.name in QUESTIONS and block.id]


def _right(block: Block) -> list[tuple[str, At]]:
    """What is right, in words that are equal exactly when it is, each with its place."""
    if block.name == "match":
        ids = targets(block.answers)
        found = [
            (f"leads line {number} to right side {ids[plain(answer.target)]}", answer.at)
            for number, answer in enumerate(lefts(block.answers), 1)
            if answer.target
        ]
        return [*found, (f"has {len(ids)} right sides", block.at)]
    if block.name == "number":
        accepted = [(span(value), at) for value, at in block.values if len(block.values) == 1]
        return [(f"accepts {' to '.join(dict.fromkeys(one))}", at) for one, at in accepted if one]
    right = " and ".join(str(number) for number, answer in enumerate(block.answers, 1) if answer.right)
    return [(f"marks option {right}", block.at)]


def feedback_is_in_both(source: Source, broken: Lines) -> Iterator[Problem]:
    """language-structure: an answer with feedback in one language has it in the other."""
    for english, welsh in every_pair(source):
        known = {block.id: block for block in _questions(english)}
        for block in _questions(welsh):
            other = known.get(block.id)
            if other is None or block.name != "question":
                continue
            answers = zip(block.answers, other.answers, strict=False)
            for number, (here, there) in enumerate(answers, 1):
                if bool(here.feedback) != bool(there.feedback):
                    which = "has feedback only here" if here.feedback else "has no feedback here; English has"
                    words = f"Answer {number} of #{block.id} {which} ({english.file}:{there.at[0]})."
                    yield problem("language-structure", welsh.place(here.at), words)


def front_matter_agrees(source: Source, broken: Lines) -> Iterator[Problem]:
    """language-module: what is no matter of words is the same in both files."""
    for english, welsh in _pairs(source):
        there, here = mapping(english.front.value), mapping(welsh.front.value)
        if english.front.problems or welsh.front.problems:
            continue
        for key in SHARED:
            if there.get(key) != here.get(key):
                line = f"{english.file}:{english.front.place(key).line}"
                words = f"“{key}” is {here.get(key)} here; English has {there.get(key)} ({line})."
                yield problem("language-module", welsh.front.place(key), words)
        if _tags(there) != _tags(here):
            words = (
                f"The outcomes differ in number or in tags from {english.file}:{english.front.place('outcomes').line}."
            )
            yield problem("language-module", welsh.front.place("outcomes"), words)


def _tags(front: dict[str, Any]) -> list[Any]:
    outcomes = front.get("outcomes")
    return [mapping(outcome).get("tags", []) for outcome in outcomes] if isinstance(outcomes, list) else []


RULES = (
    pages_are_in_both, pages_are_in_order, structure_is_the_same, right_answers_are_the_same, feedback_is_in_both,
    front_matter_agrees,
)  # fmt: skip
