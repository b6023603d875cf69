"""The shape of blocks: names, ids, options, answers, headings."""

import re
from collections.abc import Iterator

from authoring.blocks import Block, every_block, words_of
from authoring.checks.modules import is_id
from authoring.markdown import plain
from authoring.problems import Problem
from authoring.rules import did_you_mean, problem
from authoring.source import ModuleFile, Source

CALLOUTS = ("note", "tip", "important", "warning", "caution")
OPTIONS: dict[str, dict[str, re.Pattern[str]]] = {
    "question": {"points": re.compile(r"[1-9][0-9]?"), "hint": re.compile(r".*\S.*")},
    "reflect": {"words": re.compile(r"\d{1,4}\.\.\d{1,4}")},
}
NEEDS_ID = ("question", "reflect")


def _blocks(source: Source, *names: str) -> Iterator[tuple[ModuleFile, Block]]:
    for file in source.files():
        for inside in [file.before, *(page.parts for page in file.pages)]:
            for block in every_block(inside):
                if not names or block.name in names:
                    yield file, block


def ids_are_right(source: Source) -> Iterator[Problem]:
    """missing-id, bad-id: questions and reflections have ids, other blocks have none."""
    for file, block in _blocks(source):
        place = file.place(block.at)
        if block.id is None and block.name in NEEDS_ID:
            yield problem("missing-id", place, f"This {block.word} has no id.")
        elif block.id is not None and not is_id(block.id):
            yield problem("bad-id", place, f"“{block.id}” is no id.")
        elif block.id is not None and block.name and block.name not in NEEDS_ID:
            yield problem("block-option", place, f"The block “{block.word}” takes no id.", "Remove it.")


def options_are_known(source: Source) -> Iterator[Problem]:
    """block-option: each option is one the block has, stands once, and has a value it can take."""
    for file, block in _blocks(source):
        if block.name is None:
            continue
        known = OPTIONS.get(block.name, {})
        names = [key for key, _ in block.options]
        for number, (key, value) in enumerate(block.options):
            place = file.place(block.at)
            if key not in known:
                mend = did_you_mean(key, list(known))
                yield problem("block-option", place, f"The block “{block.word}” has no option “{key}”.", mend)
            elif key in names[:number]:
                yield problem("block-option", place, f"The option “{key}” stands twice.")
            elif not known[key].fullmatch(value):
                yield problem("block-option", place, f"The option “{key}” cannot be “{value}”.")


def titles_belong_to_callouts(source: Source) -> Iterator[Problem]:
    """block-title: words after a block's word are the title of a callout; elsewhere they would be lost."""
    for file, block in _blocks(source, "accordion", "question", "reflect"):
        if block.title:
            yield problem(
                "block-title", file.place(block.at), f"“{block.title}” stands on the line of the {block.word}."
            )


def blocks_hold_something(source: Source) -> Iterator[Problem]:
    """block-empty: nobody opens a callout to find nothing."""
    for file, block in _blocks(source, *CALLOUTS):
        if not block.parts:
            yield problem("block-empty", file.place(block.at), f"The block “{block.word}” is empty.")


def questions_hold_no_blocks(source: Source) -> Iterator[Problem]:
    """block-place: what stands inside a question or a reflection is words."""
    for file, block in _blocks(source, *NEEDS_ID):
        for inner in block.parts:
            if isinstance(inner, Block):
                words = f"The block “{inner.word}” stands inside a {block.word}."
                yield problem("block-place", file.place(inner.at), words)
        if _holds_blocks(block):
            yield problem(
                "block-place", file.place(block.at), f"A block stands inside an answer or a quote of this {block.word}."
            )


def _holds_blocks(block: Block) -> bool:
    quoted = [*block.after, *(token for answer in block.answers for token in answer.feedback)]
    return any(token.type == "block_open" for token in quoted)


def accordions_have_headings(source: Source) -> Iterator[Problem]:
    """accordion-shape: headings with something under each, and nothing before the first."""
    for file, block in _blocks(source, "accordion"):
        if block.stray:
            yield problem(
                "accordion-shape", file.place(block.stray), "This stands before the first heading of the accordion."
            )
        elif not block.folds:
            yield problem("accordion-shape", file.place(block.at), "This accordion has no heading.")
        for fold in block.folds:
            if not fold.parts:
                words = f"Nothing stands under the heading “{fold.title.content}”."
                yield problem("accordion-shape", file.place(fold.at), words)


def questions_have_answers(source: Source) -> Iterator[Problem]:
    """question-options, question-words: a question asks and offers at least two answers."""
    for file, block in _blocks(source, "question"):
        named = f"The question #{block.id}" if block.id else "This question"
        if len(block.answers) < 2:
            yield problem(
                "question-options", file.place(block.at), f"{named} has {len(block.answers) or 'no'} answer to choose."
            )
        if not words_of(block.parts):
            yield problem("question-words", file.place(block.at), f"{named} asks nothing.")


def answers_are_marked_alike(source: Source) -> Iterator[Problem]:
    """question-marks: every answer has brackets, all of one kind."""
    for file, block in _blocks(source, "question"):
        kinds = [answer.mark for answer in block.answers]
        for answer in block.answers:
            if answer.mark is None:
                yield problem("question-marks", file.place(answer.at), "This answer has no brackets.")
            elif answer.mark != next(kind for kind in kinds if kind):
                yield problem(
                    "question-marks", file.place(answer.at), f"This answer has {answer.mark} brackets, others have not."
                )


def questions_have_a_right_answer(source: Source) -> Iterator[Problem]:
    """question-right, question-one-right: something is right, and only one thing where brackets are round."""
    for file, block in _blocks(source, "question"):
        right = [str(number) for number, answer in enumerate(block.answers, 1) if answer.right]
        place = file.place(block.at)
        if block.answers and not right:
            yield problem("question-right", place, f"The question #{block.id} has no right answer.")
        if len(right) > 1 and any(answer.mark == "round" for answer in block.answers):
            words = f"The question #{block.id} has round brackets and marks {' and '.join(right)} right."
            yield problem("question-one-right", place, words)


def questions_keep_their_shape(source: Source) -> Iterator[Problem]:
    """question-shape, answer-shape: words, one list, feedback under its answer."""
    for file, block in _blocks(source, "question"):
        if block.stray:
            yield problem("question-shape", file.place(block.stray), "This stands after the answers of the question.")
        for answer in block.answers:
            if answer.more:
                yield problem(
                    "answer-shape", file.place(answer.at), "This answer holds more than a paragraph and its feedback."
                )
            elif answer.words is None or not plain(answer.words):
                yield problem("answer-shape", file.place(answer.at), "This answer is empty.", "Write the answer.")


def answers_have_feedback(source: Source) -> Iterator[Problem]:
    """answer-feedback: learners are told why."""
    for file, block in _blocks(source, "question"):
        for number, answer in enumerate(block.answers, 1):
            if not answer.feedback:
                yield problem(
                    "answer-feedback",
                    file.place(answer.at),
                    f"Answer {number} of question #{block.id} has no feedback.",
                )


def reflections_ask(source: Source) -> Iterator[Problem]:
    """reflect-words, reflect-shape: a prompt, then at most one quote."""
    for file, block in _blocks(source, "reflect"):
        if not words_of(block.parts):
            yield problem("reflect-words", file.place(block.at), "This reflection asks nothing.")
        if block.stray:
            yield problem("reflect-shape", file.place(block.stray), "This stands after the quote of the reflection.")
        for key, value in block.options:
            if key == "words" and OPTIONS["reflect"]["words"].fullmatch(value) and not _rises(value):
                yield problem("block-option", file.place(block.at), f"The option “words” cannot be “{value}”.")


def _rises(span: str) -> bool:
    low, high = span.split("..")
    return int(low) < int(high)


def headings_are_low(source: Source) -> Iterator[Problem]:
    """heading-level: the page title is the only heading above ###; a fold's own heading is read as its title."""
    for file in source.files():
        titles = {page.at[0] for page in file.pages}
        for token in file.tokens:
            if token.type == "heading_open" and token.map and token.map[0] + 1 not in titles:
                if token.tag not in ("h3", "h4"):
                    yield problem(
                        "heading-level",
                        file.place((token.map[0] + 1, 1)),
                        f"A heading of level {token.tag[1]} stands here.",
                    )
                elif "id" in token.meta:
                    yield problem(
                        "attribute", file.place((token.map[0] + 1, 1)), "Only page titles carry an id.", "Remove it."
                    )


def titles_are_plain(source: Source) -> Iterator[Problem]:
    """fact-place: titles are shown as plain words, so nothing is cited in them, and answers are labels."""
    for file in source.files():
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
    accordions_have_headings, questions_have_answers, answers_are_marked_alike, questions_have_a_right_answer,
    questions_keep_their_shape, answers_have_feedback, reflections_ask, headings_are_low, titles_are_plain,
)  # fmt: skip
