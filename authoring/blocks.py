"""The tokens of one file laid out as pages, blocks and answers, in one language, as the author wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from authoring.answers import QUESTIONS, Answer, body
from authoring.markdown import At, groups, parse_inline, plain, start


@dataclass(slots=True)
class Words:
    """Ordinary Markdown between two blocks."""

    tokens: list[Token]
    at: At


@dataclass(slots=True)
class Fold:
    """A heading of an accordion, of tabs or of a scenario, and what lies under it.

    In a scenario it is a scene: ``id`` and ``classes`` stand in its heading, ``choices`` are its links to other scenes.
    """

    title: Token
    parts: list["Part"]
    at: At
    id: str | None = None
    classes: list[str] = field(default_factory=list)
    choices: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """``::: word``. ``src`` is the file that a video, audio or figure names.

    ``values`` are the texts after the = of a number, ``blanks`` the gaps of a fill (they stand in ``parts`` too).
    ``stray`` says where something stands that has no place in such a block.
    """

    word: str
    name: str | None
    id: str | None
    options: list[tuple[str, str]]
    title: str
    at: At
    parts: list["Part"] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    after: list[Token] = field(default_factory=list)
    hint: list[Token] = field(default_factory=list)
    values: list[tuple[str, At]] = field(default_factory=list)
    blanks: list[Token] = field(default_factory=list)
    stray: At | None = None
    src: str = ""


Part = Words | Block
# What a learner keeps in a portfolio; what a reflection is for, by the word for it in either language.
PIECES = ("reflect", "needs", "plan")
PURPOSES = {"goal": "goal", "nod": "goal", "achievement": "achievement", "cyflawniad": "achievement"}
# To whom a learner may send it, by the word for them in either language.
READERS = {"lead": "lead", "arweinydd": "lead"}
# What the Standard can be drawn as beside a list of its elements.
SHEETS = {"sheet": "sheet", "taflen": "sheet"}


@dataclass(slots=True)
class PageSource:
    """``## Title {#id}`` and what follows, up to the next; ``last`` is the line after its end."""

    id: str | None
    title: Token
    at: At
    last: int
    parts: list[Part]


def pages(tokens: list[Token], lines: int) -> tuple[list[Part], list[PageSource]]:
    """What stands before the first page title, and the pages; ``lines`` is the number of lines of the file."""
    before: list[Token] = []
    found: list[PageSource] = []
    inside: list[list[Token]] = []
    for group in groups(tokens):
        if group[0].type == "heading_open" and group[0].tag == "h2":
            at = start(group)
            if found:
                found[-1].last = at[0]
            found.append(PageSource(group[0].meta.get("id"), group[1], at, lines + 1, []))
            inside.append([])
        else:
            (inside[-1] if inside else before).extend(group)
    for page, content in zip(found, inside, strict=True):
        page.parts = parts(content)
    return parts(before), found


def parts(tokens: list[Token]) -> list[Part]:
    """Runs of words and blocks, in order."""
    found: list[Part] = []
    for group in groups(tokens):
        if group[0].type == "block_open":
            found.append(_block(group))
        elif found and isinstance(found[-1], Words):
            found[-1].tokens.extend(group)
        else:
            found.append(Words(group, start(group)))
    return found


def every_block(inside: list[Part]) -> Iterator[Block]:
    """Each block in reading order, an outer one before those it holds."""
    for part in inside:
        if isinstance(part, Block):
            yield part
            yield from every_block(part.parts)
            for fold in part.folds:
                yield from every_block(fold.parts)


def _block(group: list[Token]) -> Block:
    head = group[0].meta
    block = Block(head["word"], head["name"], head["id"], head["options"], head["title"], head["at"], src=head["src"])
    inside = group[1:-1]
    if block.name in QUESTIONS:
        _fill_question(block, inside)
    elif block.name in PIECES:
        _fill_reflect(block, inside)
    elif block.name in ("accordion", "tabs", "scenario"):
        _fill_folds(block, inside)
    else:
        block.parts = parts(inside)
    return block


def _fill_question(block: Block, inside: list[Token]) -> None:
    found = body(str(block.name), inside)
    block.parts, block.answers, block.after, block.stray = parts(found.stem), found.answers, found.after, found.stray
    block.values, block.blanks = found.values, found.blanks
    block.hint = [token for key, value in block.options if key == "hint" for token in parse_inline(value, block.at)]


def _fill_reflect(block: Block, inside: list[Token]) -> None:
    prompt: list[Token] = []
    for group in groups(inside):
        if block.after:
            block.stray = block.stray or start(group)
        elif group[0].type == "blockquote_open":
            block.after = group[1:-1]
        else:
            prompt.extend(group)
    block.parts = parts(prompt)


def _fill_folds(block: Block, inside: list[Token]) -> None:
    contents: list[list[Token]] = []
    for group in groups(inside):
        if group[0].type == "heading_open" and group[0].tag == "h3":
            block.folds.append(
                Fold(group[1], [], start(group), group[0].meta.get("id"), group[0].meta.get("classes", []))
            )
            contents.append([])
        elif contents:
            contents[-1].extend(group)
        else:
            block.stray = block.stray or start(group)
    for fold, content in zip(block.folds, contents, strict=True):
        fold.parts = parts(content)
        if block.name == "scenario":
            fold.choices = list(_choices(fold.parts, str(block.id)))


def _choices(inside: list[Part], scenario: str) -> Iterator[Token]:
    """The links of a scene that begin with #; each is told that it leads to a scene of this scenario.

    Those of a local slot are ordinary links, so that no authority changes where a story leads.
    """
    for part in inside:
        if isinstance(part, Words):
            for link in (child for token in part.tokens for child in token.children or []):
                if link.type == "link_open" and str(link.attrs.get("href", "")).startswith("#"):
                    link.meta["scenario"] = scenario
                    yield link
        elif part.name not in ("local", "scenario"):
            for run in (part.parts, *(fold.parts for fold in part.folds)):
                yield from _choices(run, scenario)


def words_of(inside: list[Part]) -> str:
    """The plain words of the paragraphs in ``inside``, blocks left out."""
    inlines = [token for part in inside if isinstance(part, Words) for token in part.tokens if token.type == "inline"]
    return " ".join(plain(token) for token in inlines).strip()
