"""Lays Welsh words into a Welsh file: in place where the page is there with the units of the English, else anew."""

from collections.abc import Iterator

from authoring.markdown import WORDS
from authoring.source import ModuleFile
from authoring.translate.front import as_scalar
from authoring.translate.marks import addresses_in_welsh
from authoring.translate.pairs import PagePair
from authoring.translate.spans import Edit, Span, edited
from authoring.translate.units import Unit

Range = tuple[int, int]
WELSH_WORDS = {name: word for word, name in reversed(WORDS.items()) if word != name}


class Lacking(Exception):
    """Pages cannot be built because some of their units have no Welsh; carries the ids of those units by page."""

    def __init__(self, units: dict[str, list[str]]) -> None:
        self.units = units
        super().__init__(units)


def laid(raw: str | None, pages: list[PagePair], new: dict[str, str], media: list[str]) -> str:
    """The text of a Welsh file with the ``new`` words, by unit id; ``raw`` is what it holds, None where there is none.

    ``pages`` are all those of the module. Lines without new words stay as they are, to the byte. A page that is
    missing, or has other units than the English, is built from the English: then each of its units must have Welsh.
    Raises Lacking.
    """
    concerned = [
        page for page in pages if any(pair.id in new for pair in page.pairs) or (raw is None and page.page is None)
    ]
    lacking = {page.name: missing for page in concerned if (missing := _lacking(page, new))}
    if lacking:
        raise Lacking(lacking)
    if raw is None:
        blocks = [_built(page, new, media) for page in concerned]
        return "\n".join([line for block in blocks for line in [*block, ""]])
    lines = raw.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    for page in reversed(pages):
        if page in concerned:
            lines = _with_page(lines, page, pages, new, media, end)
    return "\n".join(lines)


def _lacking(page: PagePair, new: dict[str, str]) -> list[str]:
    if page.alike:
        return []
    return [pair.id for pair in page.pairs if pair.id not in new and pair.welsh is None]


def _with_page(
    lines: list[str], page: PagePair, pages: list[PagePair], new: dict[str, str], media: list[str], end: str
) -> list[str]:
    if page.alike:
        edits = [_edit(pair.welsh, new[pair.id], lines) for pair in page.pairs if pair.welsh and pair.id in new]
        return edited(lines, edits)
    first, last = _place(page, pages, len(lines))
    block = [line + end for line in [*_built(page, new, media), ""]]
    if first and lines[first - 1].strip():
        block = [end, *block]
    found = [*lines[:first], *block, *lines[last:]]
    if end and last == len(lines):
        # The line after the last end of line has none itself; what was that line may now stand in the middle.
        return [*(line.removesuffix(end) + end for line in found[:-1]), found[-1].removesuffix(end)]
    return found


def _place(page: PagePair, pages: list[PagePair], count: int) -> Range:
    """The lines that the Welsh page takes; of a missing one, an empty range beside its neighbour."""
    if page.welsh and (page.page is None or page.welsh_page):
        return _range(page.welsh, page)
    place = pages.index(page)
    before = [one.welsh_page.last for one in pages[:place] if one.welsh_page]
    after = [one.welsh_page.at[0] for one in pages[place:] if one.welsh_page]
    first = (before[-1:] or after[:1] or [count + 1])[0] - 1
    return min(first, count), min(first, count)


def _range(file: ModuleFile, page: PagePair) -> Range:
    """The lines of a page in ``file`` (one of the two), from 0; those of the front matter run to its closing dashes."""
    own = page.page if file is page.english else page.welsh_page
    if page.page is not None and own is not None:
        return own.at[0] - 1, own.last - 1
    return 0, next(number for number, line in enumerate(file.lines) if number and line.rstrip() == "---") + 1


def _built(page: PagePair, new: dict[str, str], media: list[str]) -> list[str]:
    """The lines of the English page with the Welsh words, Welsh block words and Welsh addresses."""
    first, last = _range(page.english, page)
    lines = [addresses_in_welsh(line, media) for line in page.english.lines]
    edits = [
        _edit(pair.english, new.get(pair.id) or (pair.welsh.text if pair.welsh else ""), lines) for pair in page.pairs
    ]
    edits += _block_words(page.english, first, last)
    moved = [Edit(tuple(Span(line - first, *rest) for line, *rest in spans), rows) for spans, rows in edits]
    block = edited(lines[first:last], moved)
    while block and not block[-1].strip():
        block.pop()
    return block


def _edit(unit: Unit, text: str, lines: list[str]) -> Edit:
    span = unit.spans[0]
    if unit.kind == "yaml":
        return Edit(unit.spans, [as_scalar(text, lines[span.line - 1][span.start :])])
    return Edit(unit.spans, [f'"{text}"'] if unit.kind == "option" else text.split("\n"))


def _block_words(file: ModuleFile, first: int, last: int) -> Iterator[Edit]:
    for token in file.tokens:
        if token.type == "block_open" and first < token.meta["at"][0] <= last:
            line, column = token.meta["at"]
            start = file.lines[line - 1].find(token.meta["word"], column - 1)
            word = WELSH_WORDS.get(token.meta["name"])
            if word and start >= 0 and file.lines[line - 1].startswith(":::", column - 1):
                yield Edit((Span(line, start, start + len(token.meta["word"])),), [word])
