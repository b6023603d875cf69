"""What a file says, passage by passage and sentence by sentence, for the rules about writing."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from markdown_it.token import Token

from authoring.answers import QUESTIONS, Answer
from authoring.blocks import PIECES, Block, PageSource, Part, Words
from authoring.rules import Place
from authoring.source import ModuleFile

Kind = Literal["prose", "scene", "title", "cell", "asked", "label", "told"]
# What is read as whole sentences: not titles, the cells of tables, or the labels of answers.
RUNNING = ("prose", "scene", "asked", "told")
READ = ("prose", "cell")
# A module of fewer is in the making: of so little an average says nothing, nor do its minutes.
ENOUGH_WORDS = 300
# Stands before the words that cite a fact. No author can write it: Unicode keeps it for use inside a program.
CITED = "\ufdd0"
END = re.compile(r"[.!?…][”’)\"]*\s+(?=[“‘(\"\ufdd0]*[^\W_a-zà-öø-ÿŵŷẁẃẅỳ])")
WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")


class Passage(NamedTuple):
    """A paragraph, a heading, a cell or an answer; ``line`` is its first, and line breaks stand in ``text``.

    Words that cite a fact follow CITED. ``beside`` is what goes with the words: of an answer its feedback.
    """

    kind: Kind
    text: str
    line: int
    beside: str = ""


class Sentence(NamedTuple):
    """One sentence on one line of text, still with CITED where a fact is cited, and the line it begins on."""

    text: str
    line: int

    @property
    def words(self) -> list[str]:
        """Its words; a number is one, and so is what hyphens and apostrophes join."""
        return WORD.findall(self.text)


class Kept:
    """A page as the key of what has been found out about it: pages that nobody has changed are the same objects."""

    def __init__(self, page: PageSource) -> None:
        self.page = page

    def __hash__(self) -> int:
        return id(self.page)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.page is other.page


def passages(page: PageSource) -> tuple[Passage, ...]:
    """Everything that a page says after its title, in reading order; words in pictures and hints are left out."""
    return _passages(Kept(page))


@lru_cache(maxsize=1024)
def _passages(kept: Kept) -> tuple[Passage, ...]:
    return tuple(_parts(kept.page.parts, "prose"))


def prose_words(page: PageSource) -> int:
    """How many words of a page are there to be read: without its title, what is asked, and the scenes of a story."""
    return sum(len(WORD.findall(one.text)) for one in passages(page) if one.kind in READ)


def sentences(passage: Passage) -> Iterator[Sentence]:
    """The sentences of a passage; one ends with its mark before a capital or a figure, or with the passage."""
    start = 0
    for end in [found.end() for found in END.finditer(passage.text)] + [len(passage.text)]:
        text = " ".join(passage.text[start:end].split())
        if text:
            yield Sentence(text, passage.line + passage.text.count("\n", 0, start))
        start = end


def place_of(file: ModuleFile, sentence: Sentence, words: str) -> Place:
    """Where words of a sentence begin on its line, or where the line does if marks stand between them."""
    line = file.lines[sentence.line - 1]
    begins = max(line.find(sentence.text.replace(CITED, "")[:9]), 0)
    return file.place((sentence.line, max(line.find(words, begins), 0) + 1))


def _parts(inside: list[Part], kind: Kind) -> Iterator[Passage]:
    for part in inside:
        if isinstance(part, Words):
            yield from _runs(part.tokens, kind)
        elif part.name in (*QUESTIONS, *PIECES):
            yield from _asking(part)
        else:
            if part.title:
                yield Passage("title", part.title, part.at[0])
            yield from _parts(part.parts, kind)
            for fold in part.folds:
                yield Passage("title", said(fold.title), fold.at[0])
                yield from _parts(fold.parts, "scene" if part.name == "scenario" else kind)


def _asking(block: Block) -> Iterator[Passage]:
    yield from _parts(block.parts, "asked")
    for answer in block.answers:
        yield Passage("label", _label(answer), answer.at[0], _joined(answer.feedback))
        yield from _runs(answer.feedback, "told")
    yield from _runs(block.after, "told")


def _label(answer: Answer) -> str:
    return " ".join(said(one) for one in (answer.words, answer.target) if one)


def _joined(tokens: list[Token]) -> str:
    return " ".join(said(token) for token in tokens if token.type == "inline")


def _runs(tokens: list[Token], kind: Kind) -> Iterator[Passage]:
    kinds: dict[str, Kind] = {"heading_open": "title", "td_open": "cell", "th_open": "cell"}
    for before, token in pairwise(tokens):
        if token.type == "inline" and token.map:
            yield Passage(kinds.get(before.type, kind), said(token), token.map[0] + 1)


def said(inline: Token) -> str:
    """The words of a paragraph without their marks, CITED before those that cite a fact, lines as in the source."""
    pieces = []
    for token in inline.children or []:
        if token.type in ("text", "code_inline", "text_special"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif token.type == "blank":
            pieces.append("___")
        elif "fact" in token.meta:
            pieces.append(CITED)
    return "".join(pieces)
