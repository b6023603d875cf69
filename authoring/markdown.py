"""Our Markdown: CommonMark with tables and one rule more, ``::: word #id key=value Title`` … ``:::``."""

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from authoring.problems import Problem
from authoring.rules import Place, did_you_mean, problem

OPEN = re.compile(r":{3,}[ \t]*([^\W\d_][\w-]*)(.*)")
CLOSE = re.compile(r":{3,}[ \t]*")
OPTION = re.compile(r"""[ \t]+(?:\#(?P<id>[^\s"]+)|(?P<key>[\w-]+)=(?P<value>"[^"]*"|\S+))(?=\s|$)""")
MARK = re.compile(r"(\([ xX]?\)|\[[ xX]?\])(?:[ \t]+|$)")
HEADING_ID = re.compile(r"[ \t]*\{#([^\s{}]*)\}[ \t]*$")
PAGE_TITLE = re.compile(r"##[ \t]")
CODE_FENCE = re.compile(r"`{3,}|~{3,}")

WORDS = {
    "note": "note", "nodyn": "note", "tip": "tip", "awgrym": "tip", "important": "important", "pwysig": "important",
    "warning": "warning", "rhybudd": "warning", "caution": "caution", "gofal": "caution",
    "accordion": "accordion", "acordion": "accordion", "question": "question", "cwestiwn": "question",
    "reflect": "reflect", "myfyrio": "reflect",
}  # fmt: skip


def parse(text: str, file: str) -> tuple[list[Token], list[Problem]]:
    """The tokens of a text and what is wrong with its blocks and brackets. Lines of tokens count from 0.

    A block gives ``block_open`` and ``block_close``; the opener's ``meta`` holds word (as written), name, id, options
    (a list of key and value), title, at (line and column from 1). A list item that is an answer holds ``mark`` and
    ``right``. Links, images, HTML and spans hold ``at``. A cited fact's link is hidden, so that its words remain plain
    text, and holds ``fact``.
    """
    env: dict[str, Any] = {"file": file, "problems": []}
    return _markdown().parse(text, env), env["problems"]


def parse_inline(text: str, at: tuple[int, int]) -> list[Token]:
    """The tokens of words that stand outside the text, such as a hint; everything in them stands at ``at``."""
    tokens = _markdown().parseInline(text, {"file": "", "problems": []})
    for token in tokens[0].children or []:
        if "pos" in token.meta:
            token.meta["at"] = at
    return tokens


@cache
def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark").enable("table")
    md.use(attrs_plugin, spans=True, allowed=("lang",))
    md.block.ruler.before(
        "fence", "named_block", _named_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.core.ruler.after("block", "marks", _marks)
    md.core.ruler.push("places", _places)
    # Addresses are judged by a rule that names the line, so the parser lets every one of them through.
    md.validateLink = lambda url: True  # type: ignore[method-assign]
    for rule in ("link", "image", "autolink", "html_inline", "span"):
        _remember_position(md, rule)
    return md


def _remember_position(md: MarkdownIt, name: str) -> None:
    """Wraps an inline rule so that the token it makes knows where in the text of its paragraph it began."""
    rules = md.inline.ruler
    original = rules.__rules__[rules.__find__(name)].fn

    def positioned(state: StateInline, silent: bool) -> bool:
        before, start = len(state.tokens), state.pos
        found = bool(original(state, silent))
        if found and not silent:
            made = next((token for token in state.tokens[before:] if token.type != "text"), None)
            if made is not None:
                made.meta["pos"] = start
        return found

    rules.at(name, positioned)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _column(state: StateBlock, number: int) -> int:
    start = state.bMarks[number] + state.tShift[number]
    return start - state.src.rfind("\n", 0, start)


def _named_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """The one rule: a fence with a word opens, a bare one closes the innermost block, however many colons it has."""
    line = _line(state, first)
    if not line.startswith(":::") or state.is_code_block(first):
        return False
    opened = OPEN.fullmatch(line)
    if silent or (opened is None and CLOSE.fullmatch(line) is None):
        return silent and (opened is not None or CLOSE.fullmatch(line) is not None)
    place = Place(state.env["file"], first + 1, _column(state, first))
    if opened is None:
        state.env["problems"].append(problem("stray-close", place, "This ::: closes nothing."))
        state.line = first + 1
        return True
    head = _head(opened, place, state.env["problems"])
    end, closed = _end(state, first, last)
    if not closed:
        message = f"The block “{opened[1]}” is never closed."
        state.env["problems"].append(problem("unclosed-block", place, message))
    _push_block(state, head, first, end)
    state.line = end + closed
    return True


def _push_block(state: StateBlock, head: dict[str, Any], first: int, end: int) -> None:
    token = state.push("block_open", "", 1)
    token.map, token.meta, token.block = [first, end], head, True
    around, state.lineMax = state.lineMax, end
    kind, state.parentType = state.parentType, "fence"
    state.md.block.tokenize(state, first + 1, end)
    state.lineMax, state.parentType = around, kind
    state.push("block_close", "", -1)


def _end(state: StateBlock, first: int, last: int) -> tuple[int, bool]:
    """The line that closes the block opened at ``first``; where none does, the next page title or the end."""
    depth, code, page = 1, "", last
    for number in range(first + 1, last):
        line = "" if state.is_code_block(number) else _line(state, number)
        fence = CODE_FENCE.match(line)
        if code:
            code = "" if fence and fence[0].startswith(code) and line == fence[0] else code
        elif fence:
            code = fence[0]
        elif CLOSE.fullmatch(line):
            depth -= 1
            if depth == 0:
                return number, True
        elif OPEN.fullmatch(line):
            depth += 1
        elif page == last and PAGE_TITLE.match(line):
            page = number
    return page, False


def _head(opened: re.Match[str], place: Place, problems: list[Problem]) -> dict[str, Any]:
    """What stands on the opening line after the colons."""
    word, rest = opened[1], opened[2]
    name = WORDS.get(word)
    if name is None:
        mend = did_you_mean(word, list(WORDS)) or f"Known words: {', '.join(dict.fromkeys(WORDS.values()))}."
        problems.append(problem("unknown-block", place, f"There is no block “{word}”.", mend))
    ident, options, position = None, [], 0
    while found := OPTION.match(rest, position):
        if found["id"]:
            ident = found["id"]
        else:
            options.append((found["key"], found["value"].strip('"')))
        position = found.end()
    at = (place.line, place.column)
    return {"word": word, "name": name, "id": ident, "options": options, "title": rest[position:].strip(), "at": at}


def _marks(state: StateCore) -> None:
    """Takes the marks of answers and the ids of headings out of the words, before the words are read."""
    tokens = state.tokens
    blocks: list[str | None] = []
    for index, token in enumerate(tokens):
        if token.type == "block_open":
            blocks.append(token.meta["name"])
        elif token.type == "block_close":
            blocks.pop()
        elif token.type == "list_item_open" and blocks and blocks[-1] == "question":
            _take_mark(token, tokens[index + 1 : index + 3])
        elif token.type == "heading_open" and (found := HEADING_ID.search(tokens[index + 1].content)):
            token.meta["id"] = found[1]
            tokens[index + 1].content = tokens[index + 1].content[: found.start()]
        elif token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
            token.attrs["class"] = f"align-{str(style).rpartition(':')[2]}"


def _take_mark(item: Token, inside: list[Token]) -> None:
    if len(inside) == 2 and inside[0].type == "paragraph_open" and (found := MARK.match(inside[1].content)):
        item.meta["mark"] = "round" if found[1][0] == "(" else "square"
        item.meta["right"] = "x" in found[1].lower()
        inside[1].content = inside[1].content[found.end() :]


def _places(state: StateCore) -> None:
    """Gives everything an author may have to mend its line and column, and hides the links of facts."""
    lines = state.src.split("\n")
    for token in state.tokens:
        if token.type == "html_block":
            token.meta["at"] = (token.map[0] + 1, 1) if token.map else (1, 1)
        if token.type == "inline" and token.children:
            _places_of(token, lines)
            _hide_facts(token.children)


def _places_of(inline: Token, lines: list[str]) -> None:
    rows = inline.content.split("\n")
    first = inline.map[0] if inline.map else 0
    for child in inline.children or []:
        if "pos" in child.meta:
            before = inline.content[: child.meta["pos"]]
            row = before.count("\n")
            words = rows[row]
            indent = max(lines[first + row].find(words.strip()), 0) if first + row < len(lines) else 0
            offset = len(before) - before.rfind("\n") - 1 - (len(words) - len(words.lstrip()))
            child.meta["at"] = (first + row + 1, indent + offset + 1)


def _hide_facts(children: list[Token]) -> None:
    closes: list[Token] = []
    for token in reversed(children):
        if token.type == "link_close":
            closes.append(token)
        elif token.type == "link_open":
            close = closes.pop()
            href = str(token.attrs.get("href", ""))
            if href.startswith("fact:"):
                token.meta["fact"] = href.removeprefix("fact:")
                token.hidden = close.hidden = True


def plain(inline: Token) -> str:
    """The words of an inline token without their marks."""
    pieces = []
    for token in inline.children or []:
        if token.type in ("text", "code_inline", "image", "text_special"):
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())
