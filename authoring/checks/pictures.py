"""Pictures: words that say as a sentence what is shown, and drawings that are read small, printed and in the dark."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from authoring.checks.blocks import blocks
from authoring.checks.links import inline_tokens
from authoring.checks.media import fits
from authoring.problems import Problem
from authoring.rules import Place, problem
from authoring.source import ModuleFile, Source

FEWEST_WORDS = 4
SENTENCE = re.compile(r"[“‘(]*[^\Wa-z_].*[.!?][”’)]*", re.S)
# The width in pixels of a small telephone, and the smallest letters that can be read on it.
NARROW, SMALLEST = 320, 12
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
FONT_SIZE = re.compile(r"font-size\s*:\s*(\d+(?:\.\d+)?)(?:px)?\s*(?:[;}!]|$)")
# The size of letters that nothing in a drawing gives a size.
UNSAID = 16.0


def _pictures(source: Source) -> Iterator[tuple[ModuleFile, tuple[int, int], str, str]]:
    """Each picture that is shown: the file of the text and where it stands there, the picture's name, and its words."""
    for file in source.texts():
        for token in inline_tokens(file):
            if token.type == "image":
                yield file, token.meta.get("at", (1, 1)), unquote(str(token.attrs.get("src", ""))), token.content
    for file, block in blocks(source, "figure"):
        yield file, block.at, block.src, dict(block.options).get("alt", "")


def words_are_sentences(source: Source) -> Iterator[Problem]:
    """alt-sentence: who cannot see a picture is told what it says, and not merely what it is called."""
    for file, at, _, words in _pictures(source):
        if words.strip() and (len(words.split()) < FEWEST_WORDS or not SENTENCE.fullmatch(words.strip())):
            yield problem("alt-sentence", file.place(at), f"“{words.strip()}” is no sentence.")


def drawings_can_be_read(source: Source) -> Iterator[Problem]:
    """figure-small, figure-ground: of each SVG that is shown and has words in it."""
    shown = {name for _, _, name, _ in _pictures(source)}
    for name in source.media:
        if name in shown and name.endswith(".svg") and fits(source, name):
            smallest, grounded = drawing((source.folder / name).read_bytes())
            if smallest < SMALLEST:
                words = f"Its smallest letters are {smallest:.1f} pixels high where it is drawn {NARROW} wide."
                yield problem("figure-small", Place(name), words)
            if not grounded:
                yield problem("figure-ground", Place(name), "Words stand in this drawing, and no ground behind them.")


@lru_cache(maxsize=256)
def drawing(data: bytes) -> tuple[float, bool]:
    """The size of the smallest letters of an SVG drawn 320 pixels wide, and whether a ground covers it.

    Infinite and True where it has no words or cannot be read, of which another rule tells. A size is looked for in
    the attributes and the style of the text and of what is around it, and in style sheets; scaling is not looked at.
    """
    root = _root(data)
    box = [float(one) for one in NUMBER.findall(root.get("viewBox", ""))] if root is not None else []
    texts = [one for one in root.iter(_svg("text"), _svg("tspan")) if (one.text or "").strip()] if box else []
    if len(box) != 4 or box[2] <= 0 or not texts:
        return float("inf"), True
    sheets = " ".join(one.text or "" for one in root.iter(_svg("style")))
    sizes = [_font(text) for text in texts] + [float(found) for found in FONT_SIZE.findall(sheets)]
    return min(sizes) * NARROW / box[2], _covers(root, box)


def _svg(name: str) -> str:
    return f"{{http://www.w3.org/2000/svg}}{name}"


# What a drawing holds and does not draw.
UNDRAWN = tuple(map(_svg, ("title", "desc", "defs", "style", "metadata")))


def _root(data: bytes) -> Any:
    """The root of an SVG, or None; nothing is fetched and no entity is filled in."""
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _font(text: Any) -> float:
    """The size of the letters of an element, from the nearest thing around it that gives one."""
    for one in (text, *text.iterancestors()):
        found = FONT_SIZE.search(one.get("style", "")) or FONT_SIZE.search(f"font-size:{one.get('font-size', '')}")
        if found:
            return float(found[1])
    return UNSAID


def _covers(root: Any, box: list[float]) -> bool:
    """Whether the first thing drawn is a filled rectangle as large as the drawing."""
    first = next(_drawn(root), None)
    if first is None or first.tag != _svg("rect") or first.get("fill") == "none":
        return False
    return all(_length(first.get(name, ""), full) >= full for name, full in (("width", box[2]), ("height", box[3])))


def _drawn(inside: Any) -> Iterator[Any]:
    for one in inside:
        if one.tag == _svg("g"):
            yield from _drawn(one)
        elif isinstance(one.tag, str) and one.tag not in UNDRAWN:
            yield one


def _length(words: str, full: float) -> float:
    number = NUMBER.match(words)
    return float(number[0]) * (full / 100 if words.endswith("%") else 1) if number else 0.0


RULES = (words_are_sentences, drawings_can_be_read)
