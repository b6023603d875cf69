"""The tokens of one file laid out as pages, blocks and answers, in one language, as the author wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from authoring.markdown import parse_inline, plain

At = tuple[int, int]


@dataclass(slots=True)
class Words:
    """Ordinary Markdown between two blocks."""

    tokens: list[Token]
    at: At


@dataclass(slots=True)
class Answer:
    """One item of a question's list; ``mark`` is None where the author forgot the brackets."""

    mark: str | None
    right: bool
    words: Token | None
    feedback: list[Token]
    at: At
    more: bool = False


@dataclass(slots=True)
class Fold:
    """A heading of an accordion and what lies under it."""

    title: Token
    parts: list["Part"]
    at: At


@dataclass(slots=True)
class Block:
    """``::: word``. ``stray`` says where something stands that has no place in such a block."""

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
    stray: At | None = None


Part = Words | Block


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
            at = _at(group)
            if found:
                found[-1].last = at[0]
            found.append(PageSource(group[0].meta.get("id"), group[1], at, lines + 1, []))
            inside.append([])
        else:
            (inside[-1] if inside else before).extend(group)
    for page, content in zip(found, inside, strict=True):
        page.parts = parts(content)
    return parts(before), found


def groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens cut wherever nothing is open."""
    depth, group = 0, []
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


def parts(tokens: list[Token]) -> list[Part]:
    """Runs of words and blocks, in order."""
    found: list[Part] = []
    for group in groups(tokens):
        if group[0].type == "block_open":
            found.append(_block(group))
        elif found and isinstance(found[-1], Words):
            found[-1].tokens.extend(group)
        else:
            found.append(Words(group, _at(group)))
    return found


def every_block(inside: list[Part]) -> Iterator[Block]:
    """Each block in reading order, an outer one before those it holds."""
    for part in inside:
        if isinstance(part, Block):
            yield part
            yield from every_block(part.parts)
            for fold in part.folds:
                yield from every_block(fold.parts)


def _at(group: list[Token]) -> At:
    if "at" in group[0].meta:
        line, column = group[0].meta["at"]
        return line, column
    return ((group[0].map or [0])[0] + 1, 1)


def _block(group: list[Token]) -> Block:
    head = group[0].meta
    block = Block(head["word"], head["name"], head["id"], head["options"], head["title"], head["at"])
    inside = group[1:-1]
    if block.name == "question":
        _fill_question(block, inside)
    elif block.name == "reflect":
        _fill_reflect(block, inside)
    elif block.name == "accordion":
        _fill_accordion(block, inside)
    else:
        block.parts = parts(inside)
    return block


def _fill_question(block: Block, inside: list[Token]) -> None:
    stem: list[Token] = []
    for group in groups(inside):
        if not block.answers and _holds_answers(group):
            block.answers = [_answer(item) for item in groups(group[1:-1])]
        elif block.answers:
            block.stray = block.stray or _at(group)
        else:
            stem.extend(group)
    block.parts = parts(stem)
    block.hint = [token for key, value in block.options if key == "hint" for token in parse_inline(value, block.at)]


def _holds_answers(group: list[Token]) -> bool:
    return group[0].type == "bullet_list_open" and any("mark" in item[0].meta for item in groups(group[1:-1]))


def _answer(item: list[Token]) -> Answer:
    answer = Answer(item[0].meta.get("mark"), bool(item[0].meta.get("right")), None, [], _at(item))
    for number, group in enumerate(groups(item[1:-1])):
        if number == 0 and group[0].type == "paragraph_open":
            answer.words = group[1]
        elif number == 1 and group[0].type == "blockquote_open":
            answer.feedback = group[1:-1]
        else:
            answer.more = True
    return answer


def _fill_reflect(block: Block, inside: list[Token]) -> None:
    prompt: list[Token] = []
    for group in groups(inside):
        if block.after:
            block.stray = block.stray or _at(group)
        elif group[0].type == "blockquote_open":
            block.after = group[1:-1]
        else:
            prompt.extend(group)
    block.parts = parts(prompt)


def _fill_accordion(block: Block, inside: list[Token]) -> None:
    contents: list[list[Token]] = []
    for group in groups(inside):
        if group[0].type == "heading_open" and group[0].tag == "h3":
            block.folds.append(Fold(group[1], [], _at(group)))
            contents.append([])
        elif contents:
            contents[-1].extend(group)
        else:
            block.stray = block.stray or _at(group)
    for fold, content in zip(block.folds, contents, strict=True):
        fold.parts = parts(content)


def words_of(inside: list[Part]) -> str:
    """The plain words of the paragraphs in ``inside``, blocks left out."""
    inlines = [token for part in inside if isinstance(part, Words) for token in part.tokens if token.type == "inline"]
    return " ".join(plain(token) for token in inlines).strip()
