"""The body of a question taken apart: what is asked, the answers, and what is shown once it is answered."""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from authoring.course import Span
from authoring.markdown import At, groups, parse_inline, plain, start

SCORED = ("question", "match", "order", "fill", "number")
QUESTIONS = (*SCORED, "scale")
PARTIAL = {"yes": True, "no": False, "ie": True, "na": False}
DECIMAL = r"[+−-]?[0-9]{1,12}(?:[.,][0-9]{1,6})?"
VALUE = re.compile(rf"({DECIMAL})(?:\s*(\.\.|±|\+-|\+/-)\s*({DECIMAL}))?")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])")


@dataclass(slots=True)
class Answer:
    """One item of a question's list. ``mark`` is None where the author forgot the brackets.

    In a match ``words`` is the left side, empty in a decoy, and ``target`` what stands after the first of ``arrows``.
    """

    mark: str | None
    right: bool
    words: Token | None
    feedback: list[Token]
    at: At
    more: bool = False
    target: Token | None = None
    arrows: int = 0


@dataclass(slots=True)
class Body:
    """``values`` are the texts after the = of a number, ``blanks`` the gaps of a fill, which stand in ``stem`` too."""

    stem: list[Token] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    values: list[tuple[str, At]] = field(default_factory=list)
    blanks: list[Token] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    stray: At | None = None


def body(name: str, inside: list[Token]) -> Body:
    """The body of the question block ``name``. Where the author left something out, its field stays empty."""
    found = Body()
    for group in groups(inside):
        if found.after:
            found.stray = found.stray or start(group)
        elif not found.answers and _holds_answers(name, group):
            found.answers = [_answer(name, item) for item in groups(group[1:-1])]
        elif name == "number" and not found.values and _holds_values(group):
            _take_values(found, group)
        elif _is_quote_at_end(name, found, group):
            found.after = group[1:-1]
        elif found.answers or found.values:
            found.stray = found.stray or start(group)
        else:
            found.stem.extend(group)
    if name == "fill":
        found.blanks = _blanks(found.stem)
    return found


def _holds_answers(name: str, group: list[Token]) -> bool:
    if name in ("order", "scale"):
        return group[0].type == "ordered_list_open"
    key = {"question": "mark", "match": "target"}.get(name)
    return group[0].type == "bullet_list_open" and any(key in item[0].meta for item in groups(group[1:-1]))


def _holds_values(group: list[Token]) -> bool:
    return group[0].type == "paragraph_open" and "values" in group[1].meta


def _is_quote_at_end(name: str, found: Body, group: list[Token]) -> bool:
    """A quote with a blank in it is part of what is asked; a question's own quotes stand under its answers."""
    if group[0].type != "blockquote_open" or name == "question":
        return False
    return not _blanks(group) if name == "fill" else bool(found.answers or found.values)


def _answer(name: str, item: list[Token]) -> Answer:
    meta = item[0].meta
    # What stands in an order stands where it belongs, so every step of it is right.
    answer = Answer(meta.get("mark"), bool(meta.get("right", name == "order")), None, [], start(item))
    if "target" in meta:
        answer.target, answer.arrows = parse_inline(meta["target"], answer.at)[0], meta["arrows"]
    for number, group in enumerate(groups(item[1:-1])):
        if number == 0 and group[0].type == "paragraph_open":
            answer.words = group[1]
        elif number == 1 and group[0].type == "blockquote_open":
            answer.feedback = group[1:-1]
        else:
            answer.more = True
    return answer


def _take_values(found: Body, paragraph: list[Token]) -> None:
    """Words may stand above the answer without an empty line between them."""
    found.values = paragraph[1].meta["values"]
    if paragraph[1].content:
        found.stem.extend(paragraph)


def _blanks(tokens: list[Token]) -> list[Token]:
    """Every blank, numbered from 1; ``meta["misplaced"]`` marks one in a link or in the words of an image."""
    found: list[Token] = []
    for token in tokens:
        children = token.children or []
        # With a blank in its words a link is no link any more, and its address stands there as text.
        in_link = any(child.type == "text" and "](" in child.content for child in children)
        for child in children:
            hidden = [one for one in child.children or [] if one.type == "blank"]
            for blank in [child] if child.type == "blank" else hidden:
                blank.meta |= {"number": len(found) + 1, "misplaced": bool(in_link or hidden), "at": child.meta["at"]}
                found.append(blank)
    return found


def targets(answers: list[Answer]) -> dict[str, str]:
    """The right sides of a match, each once in the order of the source, with their ids from "1"."""
    found: dict[str, str] = {}
    for answer in answers:
        if answer.target is not None:
            found.setdefault(plain(answer.target), str(len(found) + 1))
    return found


def lefts(answers: list[Answer]) -> list[Answer]:
    """The lines of a match that have a left side: all but the decoys."""
    return [answer for answer in answers if answer.words is not None and plain(answer.words)]


def span(text: str) -> Span | None:
    """The numbers that ``22``, ``20..24`` or ``3,5 ± 0,1`` stands for; None where it is no such thing, or ambiguous."""
    from decimal import Decimal

    found = VALUE.fullmatch(text)
    if found is None or THOUSANDS.search(text):
        return None
    first, second = (Decimal(one.replace("−", "-").replace(",", ".")) for one in (found[1], found[3] or "0"))
    if found[2] is None:
        return Span(_decimal(first), _decimal(first))
    low, high = (first, second) if found[2] == ".." else (first - second, first + second)
    return Span(_decimal(low), _decimal(high)) if low < high else None


def _decimal(number: object) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
