"""Questions of every kind: what is asked, the answers, the right ones, and the pools they are drawn from."""

from collections.abc import Callable, Iterator

from authoring.answers import SCORED, THOUSANDS, Answer, lefts, span, targets
from authoring.blocks import Block, words_of
from authoring.checks.blocks import blocks
from authoring.markdown import plain
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import ModuleFile, Source

Problems = Iterator[Problem]
PLAIN = ("text", "text_special", "softbreak")
AFTERWARDS = "Words go above, and what is shown afterwards goes last, as one > quote."
ITEMS = {"match": "line", "order": "step", "scale": "level"}


def questions_are_right(source: Source) -> Problems:
    """Every rule of a kind of question, on each question of that kind."""
    for file, block in blocks(source, *CHECKS):
        for rule in CHECKS[str(block.name)]:
            yield from rule(file, block)


def _named(block: Block) -> str:
    return f"The {block.name} #{block.id}" if block.id else f"This {block.name}"


def it_asks(file: ModuleFile, block: Block) -> Problems:
    """question-words: there are words to answer; a gap alone asks nothing."""
    if not words_of(block.parts).replace("___", "").strip():
        mend = "Write words around its blanks." if block.blanks else ""
        yield problem("question-words", file.place(block.at), f"{_named(block)} asks nothing.", mend)


def it_ends_with_its_answers(file: ModuleFile, block: Block) -> Problems:
    """question-shape: words, answers, and after any kind but a choice one quote."""
    if block.stray:
        if block.name == "question":
            words, mend = "This stands after the answers of the question.", ""
        else:
            words, mend = f"This stands after the end of the {block.word}.", AFTERWARDS
        yield problem("question-shape", file.place(block.stray), words, mend)


def it_has_answers(file: ModuleFile, block: Block) -> Problems:
    """question-options: at least two answers are on offer."""
    if len(block.answers) < 2:
        words = f"{_named(block)} has {len(block.answers) or 'no'} answer to choose."
        yield problem("question-options", file.place(block.at), words)


def answers_are_marked_alike(file: ModuleFile, block: Block) -> Problems:
    """question-marks: every answer has brackets, all of one kind."""
    kinds = [answer.mark for answer in block.answers]
    for answer in block.answers:
        if answer.mark is None:
            yield problem("question-marks", file.place(answer.at), "This answer has no brackets.")
        elif answer.mark != next(kind for kind in kinds if kind):
            words = f"This answer has {answer.mark} brackets, others have not."
            yield problem("question-marks", file.place(answer.at), words)


def it_has_a_right_answer(file: ModuleFile, block: Block) -> Problems:
    """question-right, question-one-right: something is right, and only one thing where brackets are round."""
    right = [str(number) for number, answer in enumerate(block.answers, 1) if answer.right]
    place = file.place(block.at)
    if block.answers and not right:
        yield problem("question-right", place, f"{_named(block)} has no right answer.")
    if len(right) > 1 and _is_round(block):
        words = f"{_named(block)} has round brackets and marks {' and '.join(right)} right."
        yield problem("question-one-right", place, words)


def _is_round(block: Block) -> bool:
    return any(answer.mark == "round" for answer in block.answers)


def part_marks_need_several(file: ModuleFile, block: Block) -> Problems:
    """block-option: of one right answer there is no part."""
    if _is_round(block) and any(key == "partial" for key, _ in block.options):
        mend = "Remove the option, or use square brackets in both languages."
        yield problem("block-option", file.place(block.at), "A question with one right answer has no part marks.", mend)


def answers_are_paragraphs(file: ModuleFile, block: Block) -> Problems:
    """answer-shape: one paragraph, then its feedback."""
    for answer in block.answers:
        if answer.more:
            words = "This answer holds more than a paragraph and its feedback."
            yield problem("answer-shape", file.place(answer.at), words)
        elif _is_empty(answer):
            yield problem("answer-shape", file.place(answer.at), "This answer is empty.", "Write the answer.")


def _is_empty(answer: Answer) -> bool:
    return answer.words is None or not plain(answer.words)


def answers_have_feedback(file: ModuleFile, block: Block) -> Problems:
    """answer-feedback: learners are told why."""
    for number, answer in enumerate(block.answers, 1):
        if not answer.feedback:
            words = f"Answer {number} of question #{block.id} has no feedback."
            yield problem("answer-feedback", file.place(answer.at), words)


def items_are_paragraphs(file: ModuleFile, block: Block) -> Problems:
    """answer-shape: a line, step or level is one paragraph; only a line of a match may lack its words."""
    item = ITEMS[str(block.name)]
    for answer in block.answers:
        place = file.place(answer.at)
        if answer.more or answer.feedback:
            mend = "Make it one paragraph; what is shown afterwards goes below the list, as one > quote."
            yield problem("answer-shape", place, f"This {item} holds more than a paragraph.", mend)
        elif _is_empty(answer) and (block.name != "match" or answer.target is None):
            yield problem("answer-shape", place, f"This {item} is empty.", "Write its words.")


def items_differ(file: ModuleFile, block: Block) -> Problems:
    """answer-twice: nobody can tell two equal lines, steps or levels apart."""
    seen: dict[str, int] = {}
    for answer in lefts(block.answers):
        said = plain(answer.words) if answer.words else ""
        if said in seen:
            words = f"“{said}” stands here a second time (first on line {seen[said]})."
            yield problem("answer-twice", file.place(answer.at), words)
        seen.setdefault(said, answer.at[0])


def lines_have_arrows(file: ModuleFile, block: Block) -> Problems:
    """match-arrow, match-plain: one arrow a line, and plain words after it."""
    for answer in block.answers:
        place = file.place(answer.at)
        if answer.target is None and not _is_empty(answer):
            yield problem("match-arrow", place, "This line has no arrow.")
        elif answer.arrows > 1:
            yield problem("match-arrow", place, f"This line has {answer.arrows} arrows.", "Keep one of them.")
        elif answer.target is not None and not plain(answer.target):
            yield problem("match-arrow", place, "Nothing stands after the arrow.")
        elif answer.target and any(token.type not in PLAIN for token in answer.target.children or []):
            yield problem("match-plain", place, "What stands after the arrow is more than plain words.")


def there_are_pairs(file: ModuleFile, block: Block) -> Problems:
    """match-pairs: two lines to match at least, and two right sides to choose between."""
    lines, rights = len(lefts(block.answers)), len(targets(block.answers))
    if lines < 2:
        yield problem("match-pairs", file.place(block.at), f"{_named(block)} has {lines or 'no'} line to match.")
    elif rights == 1:
        yield problem("match-pairs", file.place(block.at), f"{_named(block)} has one right side, so all is given away.")


def there_are_steps(file: ModuleFile, block: Block) -> Problems:
    """order-steps: two steps at least."""
    if len(block.answers) < 2:
        words = f"{_named(block)} has {len(block.answers) or 'no'} step to put in order."
        yield problem("order-steps", file.place(block.at), words)


def there_are_levels(file: ModuleFile, block: Block) -> Problems:
    """scale-levels: 2 to 11 levels, as many as 0 to 10 has."""
    if not 2 <= len(block.answers) <= 11:
        words = f"{_named(block)} has {len(block.answers) or 'no'} level{'s' if block.answers[1:] else ''}."
        yield problem("scale-levels", file.place(block.at), words)


def there_are_blanks(file: ModuleFile, block: Block) -> Problems:
    """fill-blanks, fill-blank, fill-place: gaps that are closed, hold words, and stand where a learner can type."""
    if not block.blanks:
        yield problem("fill-blanks", file.place(block.at), f"{_named(block)} has no blank.")
    for blank in block.blanks:
        place, variants, number = file.place(blank.meta["at"]), blank.meta["variants"], blank.meta["number"]
        if not variants:
            yield problem("fill-blank", place, "This blank is not closed, or has brackets inside.")
        elif not all(variants):
            yield problem("fill-blank", place, f"Blank {number} of #{block.id} holds an empty wording.")
        elif blank.meta["misplaced"]:
            yield problem("fill-place", place, f"Blank {number} of #{block.id} stands in a link or image.")


def there_is_a_number(file: ModuleFile, block: Block) -> Problems:
    """number-answer, number-value: one line with =, and on it a number, a span or a number with a margin."""
    if not block.values:
        yield problem("number-answer", file.place(block.at), f"{_named(block)} has no answer.")
    for _, at in block.values[1:]:
        mend = "Keep one; several numbers in a row are = 20..24."
        yield problem("number-answer", file.place(at), f"{_named(block)} has a second answer.", mend)
    for value, at in block.values[:1]:
        if span(value) is None:
            mend = "Write thousands without a comma: 1000." if THOUSANDS.search(value) else ""
            yield problem("number-value", file.place(at), f"“{value}” is no number, span or margin.", mend)


def it_draws_fewer(file: ModuleFile, block: Block) -> Problems:
    """pool-draw: how many questions are drawn, and fewer than there are."""
    held = sum(isinstance(part, Block) and part.name in SCORED for part in block.parts)
    draw = dict(block.options).get("draw")
    if draw is None:
        yield problem("pool-draw", file.place(block.at), f"{_named(block)} does not say how many questions it draws.")
    elif draw.isascii() and draw.isdigit() and int(draw[:9]) >= held:
        yield problem("pool-draw", file.place(block.at), f"{_named(block)} draws {draw} of {held} questions.")


def it_holds_questions(file: ModuleFile, block: Block) -> Problems:
    """pool-holds: questions that can be marked, and nothing else."""
    for part in block.parts:
        if not isinstance(part, Block):
            yield problem("pool-holds", file.place(part.at), f"Words stand in the {block.word}.")
        elif part.name is not None and part.name not in SCORED:
            yield problem("pool-holds", file.place(part.at), f"The block “{part.word}” stands in the {block.word}.")


CHECKS: dict[str, tuple[Callable[[ModuleFile, Block], Problems], ...]] = {
    "question": (
        it_has_answers, it_asks, answers_are_marked_alike, it_has_a_right_answer, part_marks_need_several,
        it_ends_with_its_answers, answers_are_paragraphs, answers_have_feedback,
    ),
    "match": (
        it_asks, there_are_pairs, lines_have_arrows, items_are_paragraphs, items_differ, it_ends_with_its_answers,
    ),
    "order": (it_asks, there_are_steps, items_are_paragraphs, items_differ, it_ends_with_its_answers),
    "fill": (it_asks, there_are_blanks, it_ends_with_its_answers),
    "number": (it_asks, there_is_a_number, it_ends_with_its_answers),
    "scale": (it_asks, there_are_levels, items_are_paragraphs, items_differ, it_ends_with_its_answers),
    "pool": (it_draws_fewer, it_holds_questions),
}  # fmt: skip

RULES = (questions_are_right,)
