"""Our Markdown: CommonMark with tables and one rule more, ``::: word #id key=value Title`` … ``:::``."""

import re
from collections.abc import Iterator
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
HEADING_ID = re.compile(r"[ \t]*\{#([^\s{}]*)((?:[ \t]+\.[^\s{}]*)*)\}[ \t]*$")
ALERT = re.compile(r"\[!([^\W\d_]+)\][ \t]*([^\n]*)(?:\n|$)")
SOURCED = ("video", "audio", "figure")
SOURCE = re.compile(r"""[ \t]+(?P<src>[^\s="#]*/[^\s="]*)(?=\s|$)""")
PAGE_TITLE = re.compile(r"##[ \t]")
CODE_FENCE = re.compile(r"`{3,}|~{3,}")
ARROW = re.compile(r"(?:^|(?<=\s))(?:->|→)(?=\s|$)")
BLANK = re.compile(r"\[\[([^\[\]]*)\]\]")

At = tuple[int, int]

WORDS = {
    "note": "note", "nodyn": "note", "tip": "tip", "awgrym": "tip", "important": "important", "pwysig": "important",
    "warning": "warning", "rhybudd": "warning", "caution": "caution", "gofal": "caution",
    "accordion": "accordion", "acordion": "accordion", "question": "question", "cwestiwn": "question",
    "reflect": "reflect", "myfyrio": "reflect", "needs": "needs", "anghenion": "needs", "plan": "plan",
    "cynllun": "plan", "tabs": "tabs", "tabiau": "tabs",
    "scenario": "scenario", "senario": "scenario", "video": "video", "fideo": "video", "audio": "audio",
    "sain": "audio", "figure": "figure", "ffigur": "figure", "local": "local", "lleol": "local",
    "match": "match", "paru": "match", "order": "order", "trefnu": "order", "fill": "fill", "llenwi": "fill",
    "number": "number", "rhif": "number", "scale": "scale", "graddfa": "scale", "pool": "pool", "cronfa": "pool",
    "standard": "standard", "safon": "standard",
}  # fmt: skip
ALERTS = {word: name for word, name in WORDS.items() if name in ("note", "tip", "important", "warning", "caution")}


def parse(text: str, file: str) -> tuple[list[Token], list[Problem]]:
    """The tokens of a text and what is wrong with its blocks and brackets. Lines of tokens count from 0.

    A block gives ``block_open`` and ``block_close``; the opener's ``meta`` holds word (as written), name, id, options
    (a list of key and value), title, src, at (line and column from 1). A list item that is an answer holds ``mark`` and
    ``right``, one of a match ``target``, a heading ``id`` and ``classes``. The paragraph that answers a number holds
    ``values``, each with its place. A gap of a fill is a ``blank`` with its ``variants``, none where it is not closed.
    Links, images, HTML, spans and blanks hold ``at``. A cited fact's link is hidden, so that its words remain plain
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


class _Parser(MarkdownIt):
    """CommonMark that lets every address through: they are judged by a rule that names the line."""

    def validateLink(self, url: str) -> bool:
        return True


@cache
def _markdown() -> MarkdownIt:
    md = _Parser("commonmark").enable("table")
    md.use(attrs_plugin, spans=True, allowed=("lang",))
    md.block.ruler.before(
        "fence", "named_block", _named_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.core.ruler.after("block", "alerts", _alerts)
    md.core.ruler.after("alerts", "marks", _marks)
    md.core.ruler.after("inline", "blanks", _blanks)
    md.core.ruler.push("places", _places)
    md.inline.ruler.before("link", "blank", _blank)
    for rule in ("link", "image", "autolink", "html_inline", "span", "blank"):
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
    name = _name(word, WORDS, place, problems)
    ident, source, options, position = None, "", [], 0
    while found := OPTION.match(rest, position) or (name in SOURCED and not source and SOURCE.match(rest, position)):
        if found.re is SOURCE:
            source = found["src"]
        elif found["id"]:
            ident = found["id"]
        else:
            options.append((found["key"], found["value"].strip('"')))
        position = found.end()
    at = (place.line, place.column)
    return {
        "word": word, "name": name, "id": ident, "options": options, "title": rest[position:].strip(),
        "src": source, "at": at,
    }  # fmt: skip


def _name(word: str, known: dict[str, str], place: Place, problems: list[Problem]) -> str | None:
    """The English name of a block, where there is such a block."""
    if word not in known:
        mend = did_you_mean(word, list(known)) or f"Known words: {', '.join(dict.fromkeys(known.values()))}."
        problems.append(problem("unknown-block", place, f"There is no block “{word}”.", mend))
    return known.get(word)


def _alerts(state: StateCore) -> None:
    """Makes blocks of quotes that begin with [!NOTE] and the like, as GitHub writes callouts."""
    if "[!" not in state.src:
        return
    quotes: list[tuple[Token, bool]] = []
    for index, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            first = state.tokens[index + 1 : index + 3]
            found = ALERT.match(first[1].content) if first[0].type == "paragraph_open" else None
            quotes.append((token, found is not None))
            if found:
                _take_alert(state, token, first[1], found)
                first[0].map = first[1].map
        elif token.type == "blockquote_close" and quotes.pop()[1]:
            token.type, token.tag = "block_close", ""
    # What is left of a paragraph that held nothing but the mark goes with it.
    for index in reversed([number for number, token in enumerate(state.tokens) if token.meta.get("taken")]):
        del state.tokens[index - 1 : index + 2]


def _take_alert(state: StateCore, quote: Token, inline: Token, found: re.Match[str]) -> None:
    line = inline.map[0] if inline.map else 0
    place = Place(state.env["file"], line + 1, max(state.src.split("\n")[line].find("[!"), 0) + 1)
    problems, word = state.env["problems"], found[1].lower()
    name = _name(word, ALERTS, place, problems)
    quote.type, quote.tag = "block_open", ""
    quote.meta = {"word": word, "name": name, "id": None, "options": [], "title": "", "src": "", "at": tuple(place[1:])}
    if found[2]:
        mend = f"Write ::: {word} {found[2]}, or begin the words on a line of their own."
        problems.append(problem("block-title", place, f"“{found[2]}” stands on the line of [!{found[1]}].", mend))
    inline.content = inline.content[found.end() :]
    inline.map = [line + 1, inline.map[1]] if inline.map else None
    if not inline.content.strip():
        inline.meta["taken"] = True


def _marks(state: StateCore) -> None:
    """Takes the marks of answers and the ids of headings out of the words, before the words are read."""
    tokens = state.tokens
    blocks: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "block_open":
            if token.level > len(blocks):
                place = Place(state.env["file"], *token.meta["at"])
                words = f"The block “{token.meta['word']}” stands inside a list or a quote."
                state.env["problems"].append(problem("block-place", place, words))
            blocks.append(token)
        elif token.type == "block_close":
            blocks.pop()
        elif blocks and (take := TAKES.get((token.type, blocks[-1].meta["name"]))):
            take(state, blocks[-1], tokens[index : index + 3])
        elif token.type == "heading_open" and (found := HEADING_ID.search(tokens[index + 1].content)):
            token.meta["id"], token.meta["classes"] = found[1], found[2].split()
            tokens[index + 1].content = tokens[index + 1].content[: found.start()]
        elif token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
            token.attrs["class"] = f"align-{str(style).rpartition(':')[2]}"


def _take_mark(state: StateCore, block: Token, item: list[Token]) -> None:
    """Takes the brackets off an answer."""
    if item[1].type == "paragraph_open" and (found := MARK.match(item[2].content)):
        item[0].meta["mark"] = "round" if found[1][0] == "(" else "square"
        item[0].meta["right"] = "x" in found[1].lower()
        item[2].content = item[2].content[found.end() :]


def _take_target(state: StateCore, block: Token, item: list[Token]) -> None:
    """Takes the arrow and the right side off a line of a match; where two arrows stand, nobody knows which is meant."""
    if item[1].type == "paragraph_open" and len(sides := ARROW.split(item[2].content)) > 1:
        item[0].meta["target"] = sides[1].strip()
        item[0].meta["arrows"] = len(sides) - 1
        item[2].content = sides[0].rstrip()


def _take_values(state: StateCore, block: Token, inline: list[Token]) -> None:
    """Takes the lines that begin with = off the end of a paragraph of a number."""
    lines = inline[0].content.split("\n")
    words = len(lines)
    while words and lines[words - 1].lstrip().startswith("="):
        words -= 1
    if words < len(lines) and inline[0].level == block.level + 2:
        first = (inline[0].map or [0])[0] + 1
        values = [(lines[row].strip()[1:].strip(), (first + row, 1)) for row in range(words, len(lines))]
        inline[0].meta["values"], inline[0].content = values, "\n".join(lines[:words])


def _note_blanks(state: StateCore, block: Token, inline: list[Token]) -> None:
    if "[[" in inline[0].content:
        state.env.setdefault("blanks", []).append(inline[0])


TAKES = {
    ("list_item_open", "question"): _take_mark, ("list_item_open", "match"): _take_target,
    ("inline", "number"): _take_values, ("inline", "fill"): _note_blanks,
}  # fmt: skip


def _blanks(state: StateCore) -> None:
    """Reads the paragraphs of fills again, where double square brackets are gaps; elsewhere they are only brackets."""
    for inline in state.env.get("blanks", []):
        inline.children = []
        state.md.inline.parse(inline.content, state.md, {**state.env, "gaps": True}, inline.children)


def _blank(state: StateInline, silent: bool) -> bool:
    if "gaps" not in state.env or not state.src.startswith("[[", state.pos):
        return False
    found = BLANK.match(state.src, state.pos, state.posMax)
    if not silent:
        variants = found[1].split("|") if found else []
        state.push("blank", "", 0).meta["variants"] = tuple(" ".join(one.split()) for one in variants)
    state.pos = found.end() if found else state.pos + 2
    return True


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
    shifts: dict[int, int] = {}
    for child in inline.children or []:
        if "pos" in child.meta:
            position = child.meta["pos"]
            row = inline.content.count("\n", 0, position)
            if row not in shifts:
                words = rows[row]
                indent = max(lines[first + row].find(words.strip()), 0) if first + row < len(lines) else 0
                begins = inline.content.rfind("\n", 0, position) + 1 + len(words) - len(words.lstrip())
                shifts[row] = indent - begins
            child.meta["at"] = (first + row + 1, position + shifts[row] + 1)


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
        elif token.type == "blank":
            pieces.append("___")
    return " ".join("".join(pieces).split())


def groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens cut wherever nothing is open."""
    depth, group = 0, []
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def start(group: list[Token]) -> At:
    """The line and column from 1 at which a group begins."""
    if "at" in group[0].meta:
        line, column = group[0].meta["at"]
        return line, column
    return ((group[0].map or [0])[0] + 1, 1)
