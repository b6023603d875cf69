"""Cuts a module file into units: the words a translator writes, each with the spans of the file that hold them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token

from authoring.markdown import ARROW
from authoring.source import ModuleFile
from authoring.translate.front import front_units
from authoring.translate.spans import Span, Unplaced

Kind = Literal["paragraph", "heading", "cell", "title", "option", "alt", "yaml"]

FRONT = "-"
WORDED = ("hint", "title", "alt")
ATX = re.compile(r"(?:[ \t>]|[-*+][ \t]|\d+[.)][ \t])*#{1,6}[ \t]+")
CELL_BORDER = re.compile(r"(?<!\\)\|")
PICTURE = re.compile(r"!\[(.*)\]\([^()]*\)")
ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """``path`` is unique in its page and made from ids and numbers, so that it is the same in both languages.

    ``text`` is what a translator sees: Markdown's marks inside the words, soft line breaks as spaces, a hard one as a
    backslash before a line's end.
    """

    path: str
    kind: Kind
    text: str
    spans: tuple[Span, ...]

    @property
    def line(self) -> int:
        """The line of the file on which it begins."""
        return self.spans[0].line

    @property
    def signature(self) -> str:
        """The path without its numbers: two units can only be the same words in two languages if these are equal."""
        return "/".join(one if one.startswith("#") else one.rstrip("0123456789") for one in self.path.split("/"))


def cut(file: ModuleFile) -> dict[str, list[Unit]]:
    """The units of each page by page id, those of the front matter under FRONT, in the order of the file.

    Of an overlay the pages are the slots that it fills, and it has no front matter.

    Raises Unplaced where a file without problems of its own holds words that cannot be found again in its lines.
    """
    walk = _Walk(file.lines, file.fills)
    try:
        if not file.fills:
            walk.pages[FRONT] = [Unit(path, "yaml", text, spans) for path, text, spans in front_units(file.lines)]
        walk.tokens(file.tokens)
    except Unplaced as unplaced:
        unplaced.file = file.file
        raise
    return walk.pages


class _Walk:
    """One pass over the tokens of a file, with the path of ids and numbers down to where it stands."""

    def __init__(self, lines: list[str], by_slot: bool) -> None:
        self.lines = lines
        self.by_slot = by_slot
        self.pages: dict[str, list[Unit]] = {}
        self.page: list[Unit] = []
        self.path: list[str] = []
        self.counts: list[Counter[str]] = [Counter()]
        self.names: list[str | None] = []
        self.cells: list[Span] = []
        self.paired = False

    def tokens(self, tokens: Sequence[Token]) -> None:
        for index, token in enumerate(tokens):
            match token.type:
                case "block_open":
                    self.block(token)
                case "list_item_open":
                    self.enter(self.numbered("answer" if "mark" in token.meta else "item"))
                    self.paired = "target" in token.meta
                case "blockquote_open":
                    self.enter(self.numbered("quote"))
                case "block_close" | "list_item_close" | "blockquote_close":
                    self.leave(token.type)
                case "tr_open":
                    self.cells = _cells(self.lines, token)
                case "inline" if index:
                    self.words(token, tokens[index - 1])

    def begin(self, page: str) -> None:
        self.page = self.pages.setdefault(page, [])
        self.counts = [Counter()]

    def enter(self, segment: str) -> None:
        self.path.append(segment)
        self.counts.append(Counter())

    def leave(self, what: str) -> None:
        self.path.pop()
        self.counts.pop()
        if what == "block_close":
            self.names.pop()

    def numbered(self, kind: str) -> str:
        self.counts[-1][kind] += 1
        return f"{kind}{self.counts[-1][kind]}"

    def add(self, kind: Kind, name: str, spans: Sequence[Span]) -> None:
        text = _shown(self.lines, spans)
        if text:
            self.page.append(Unit("/".join([*self.path, name]), kind, text, tuple(spans)))

    def block(self, token: Token) -> None:
        head = token.meta
        if self.by_slot and token.level == 0:
            self.begin(str(head["id"]))
        self.names.append(head["name"])
        self.enter(f"#{head['id']}" if head["id"] else self.numbered(str(head["name"] or head["word"])))
        number = head["at"][0]
        line = self.lines[number - 1].rstrip()
        for key in WORDED:
            found = re.search(rf'[ \t]{key}=("[^"]*"|\S+)', line)
            if found and any(name == key for name, _ in head["options"]):
                quoted = found[1].startswith('"')
                text = found[1][1:-1] if quoted else found[1]
                path = "/".join([*self.path, key])
                self.page.append(Unit(path, "option", text, (Span(number, found.start(1), found.end(1)),)))
        if head["title"] and line.endswith(head["title"]):
            self.add("title", "title", [Span(number, len(line) - len(head["title"]), len(line))])

    def words(self, token: Token, opener: Token) -> None:
        match opener.type:
            case "heading_open" if opener.tag == "h2" and opener.level == 0:
                self.begin(str(opener.meta.get("id")))
                self.add("heading", "title", [self.heading(token, opener)])
            case "heading_open":
                self.add("heading", self.numbered("h"), [self.heading(token, opener)])
            case "th_open" | "td_open":
                self.cell(token, self.numbered("cell"))
            case "paragraph_open":
                self.paragraph(token, self.numbered("p"))

    def cell(self, token: Token, name: str) -> None:
        span = self.cells.pop(0) if self.cells else None
        if token.content and span:
            if self.lines[span.line - 1][span.start : span.end].replace("\\|", "|") != token.content:
                raise Unplaced(span.line)
            self.add("cell", name, [span])

    def heading(self, token: Token, opener: Token) -> Span:
        number = (opener.map or [0])[0]
        words, line = token.content.strip(), self.lines[number]
        found = ATX.match(line) if opener.markup.startswith("#") else None
        start = line.find(words, found.end() if found else 0)
        if start < 0 or "\n" in words:
            raise Unplaced(number + 1)
        return Span(number + 1, start, start + len(words))

    def paragraph(self, token: Token, name: str) -> None:
        first, last = token.map or [0, 0]
        if self.paired:
            self.paired = False
            self.sides([_stripped(self.lines[number], number, 0, None) for number in range(first, last)])
        elif token.content:
            spans = [self.row(row, first + number) for number, row in enumerate(token.content.split("\n"))]
            picture = PICTURE.fullmatch(token.content)
            if picture and [child.type for child in token.children or []] == ["image"]:
                at = spans[0].start
                self.add("alt", name, [Span(spans[0].line, at + picture.start(1), at + picture.end(1))])
            else:
                self.add("paragraph", name, spans)

    def sides(self, rows: list[Span]) -> None:
        """What stands on the two sides of the arrow of a match, on one line or several; a decoy has one."""
        mark = ITEM.match(self.lines[rows[0].line - 1])
        rows[0] = rows[0]._replace(start=mark.end() if mark else rows[0].start)
        for number, span in enumerate(rows):
            line = self.lines[span.line - 1]
            if found := ARROW.search(line, span.start, span.end):
                left = _stripped(line, span.line - 1, span.start, found.start())
                right = _stripped(line, span.line - 1, found.end(), span.end)
                sides = [[*rows[:number], left], [right, *rows[number + 1 :]]]
                for name, spans in zip(("left", "right"), sides, strict=True):
                    self.add("paragraph", name, [one for one in spans if one.start < one.end] or spans[:1])
                return
        raise Unplaced(rows[0].line)

    def row(self, row: str, number: int) -> Span:
        words, line = row.strip(), self.lines[number].rstrip()
        if not words or not line.endswith(words):
            raise Unplaced(number + 1)
        return Span(number + 1, len(line) - len(words), len(line))


def _shown(lines: list[str], spans: Sequence[Span]) -> str:
    """The rows of a paragraph as one: a soft break is a space, a hard one (a backslash or two spaces) stays a break."""
    text = ""
    for span in spans:
        line = lines[span.line - 1]
        text += ("\n" if text.endswith("\\") else " " if text else "") + line[span.start : span.end]
        if span is not spans[-1] and line[span.end :].startswith("  "):
            text += "\\"
    return text


def _cells(lines: list[str], row: Token) -> list[Span]:
    """The cells of one row of a table, cut as GitHub Flavored Markdown 4.10 does: at each bar without a backslash."""
    number = (row.map or [0])[0]
    line = lines[number]
    borders = [-1, *(found.start() for found in CELL_BORDER.finditer(line)), len(line)]
    spans = [_stripped(line, number, left + 1, right) for left, right in pairwise(borders)]
    # What stands before the first bar is no cell where it is nothing but the marks of quotes.
    return spans[1:] if not re.sub(r"[>\s]", "", line[: borders[1]]) else spans


def _stripped(line: str, number: int, start: int, end: int | None) -> Span:
    words = line[start:end]
    return Span(number + 1, start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
