"""What a module asks: whether its outcomes are assessed, its answers can be guessed, and its minutes are enough."""

import re
from collections import Counter
from collections.abc import Iterator

from authoring.answers import QUESTIONS, SCORED
from authoring.blocks import Block, Part, every_block
from authoring.checks.blocks import blocks
from authoring.checks.modules import assessed
from authoring.checks.passages import ENOUGH_WORDS, prose_words
from authoring.markdown import plain
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import ModuleFile, Source, mapping

# Of fewer questions nothing can be told: a module may be in the making, and three of four may be chance.
ENOUGH_TO_ASSESS, ENOUGH_FOR_LENGTH, ENOUGH_FOR_PLACE = 3, 4, 5
OF_THE_ABOVE = {
    "en": re.compile(r"\b(?:of|all) the above\b|\b(?:all|none|both|neither) of (?:these\b|those\b|them$)", re.I),
    "cy": re.compile(r"\bo['’]r (?:uchod|rhain)\b|\buchod i gyd\b|\by rhain i gyd\b", re.I),
}
WORDS_A_MINUTE = 180
MINUTES = {**dict.fromkeys(QUESTIONS, 1), "scenario": 3, "reflect": 2, "needs": 3, "plan": 3}
# How far from the estimate the minutes stated may be, whichever is more.
SHARE, AT_LEAST = 0.2, 4


def outcomes_are_assessed(source: Source) -> Iterator[Problem]:
    """outcome-assessed: a module that asks its learners anything asks about all that it promises them."""
    for file in _english(source):
        asking = [block for page in file.pages for block in every_block(page.parts)]
        if sum(block.name in SCORED for block in asking) < ENOUGH_TO_ASSESS:
            continue
        done = {number for block in asking for number in assessed(block)}
        outcomes = mapping(file.front.value).get("outcomes")
        for number, _ in enumerate(outcomes if isinstance(outcomes, list) else [], 1):
            if number not in done:
                place = file.front.place("outcomes", number - 1)
                yield problem("outcome-assessed", place, f"No question assesses outcome {number}.")


def _english(source: Source) -> Iterator[ModuleFile]:
    yield from (file for file in source.files() if file.language == "en")


def right_answers_hide(source: Source) -> Iterator[Problem]:
    """answer-longest, answer-position: nobody can tell the right answer from its length or its place."""
    for file in source.files():
        choices = [block for page in file.pages for block in every_block(page.parts) if _is_choice(block)]
        longest = [block for block in choices if _is_longest(block)]
        place = file.place((1, 1))
        if len(choices) >= ENOUGH_FOR_LENGTH and 2 * len(longest) > len(choices):
            named = ", ".join(f"#{block.id}" for block in longest)
            words = f"The right answer is the longest in {len(longest)} of {len(choices)} questions: {named}."
            yield problem("answer-longest", place, words)
        [(position, count)] = Counter(map(_position, choices)).most_common(1) or [(0, 0)]
        if len(choices) >= ENOUGH_FOR_PLACE and 2 * count > len(choices):
            words = f"The right answer is number {position} in {count} of {len(choices)} questions."
            yield problem("answer-position", place, words)


def _is_choice(block: Block) -> bool:
    """Whether a block asks for one answer of three or more."""
    return block.name == "question" and len(block.answers) > 2 and sum(one.right for one in block.answers) == 1


def _is_longest(block: Block) -> bool:
    lengths = {True: 0, False: 0}
    for answer in block.answers:
        lengths[answer.right] = max(lengths[answer.right], len(plain(answer.words)) if answer.words else 0)
    return lengths[True] > lengths[False]


def _position(block: Block) -> int:
    return next(number for number, answer in enumerate(block.answers, 1) if answer.right)


def answers_stand_alone(source: Source) -> Iterator[Problem]:
    """answer-above: no answer speaks of the others, which a learner who knows one of them sees through."""
    for file, block in blocks(source, "question"):
        for answer in block.answers:
            if answer.words and (found := OF_THE_ABOVE[file.language].search(plain(answer.words))):
                yield problem("answer-above", file.place(answer.at), f"This answer says “{found[0]}”.")


def minutes_are_enough(source: Source) -> Iterator[Problem]:
    """minutes-estimate: what a module says it takes is near what its words and questions take."""
    for file in _english(source):
        stated, found = mapping(file.front.value).get("minutes"), estimate(file)
        if isinstance(stated, int) and found and abs(found - stated) > max(SHARE * stated, AT_LEAST):
            words = f"The module says {stated} minutes; its words and questions come to about {found:.0f}."
            yield problem("minutes-estimate", file.front.place("minutes"), words)


def estimate(file: ModuleFile) -> float:
    """The minutes that a module takes, by its words and by what is to be done in it; 0 where too little is written."""
    words = sum(map(prose_words, file.pages))
    if words < ENOUGH_WORDS:
        return 0
    return words / WORDS_A_MINUTE + sum(_minutes(page.parts) for page in file.pages)


def _minutes(inside: list[Part]) -> int:
    """What is to be done in these parts; of a pool each learner does what is drawn."""
    found = 0
    for block in (part for part in inside if isinstance(part, Block)):
        if block.name == "pool":
            found += int(dict(block.options).get("draw", 0))
        elif block.name in MINUTES:
            found += MINUTES[block.name]
        else:
            found += sum(map(_minutes, (block.parts, *(fold.parts for fold in block.folds))))
    return found


RULES = (outcomes_are_assessed, right_answers_hide, answers_stand_alone, minutes_are_enough)
