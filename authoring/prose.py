"""Draws checked Markdown as HTML: addresses of the package, images with their size, facts with their source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from authoring.blocks import groups
from authoring.links import OUTSIDE, Site

Facts = dict[str, tuple[str, str]]

SOURCE = {"en": "Source", "cy": "Ffynhonnell"}
CHECKED = {"en": "Checked", "cy": "Gwiriwyd"}
MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "cy": (
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
}
CAPTION = re.compile(r"<p>(?:Table|Tabl): (.*)</p>\n?", re.DOTALL)
# A page's title is the h1 of its document, so what an author writes as ### is the next level down.
LEVELS = {"h3": "h2", "h4": "h3"}
# How wide a page draws an image, for a browser to choose among its files: the measure of the text, or the screen.
SHOWN = "(max-width: 36rem) 100vw, 36rem"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where words stand: their file and language, where links lead, the size of images, and the source of each fact.

    ``smaller`` has the WebP files of an image that has some, by the width of each in pixels.
    """

    file: str
    language: str
    site: Site
    sizes: dict[str, tuple[int, int]]
    facts: Facts
    smaller: dict[str, dict[int, str]] = field(default_factory=dict)


def draw(tokens: list[Token], setting: Setting) -> str:
    """The HTML of a run of words; after each paragraph, list or table that cites a fact stands its source.

    A paragraph above a table that begins with “Table:” is its caption.
    """
    pieces, caption, all_groups = [], "", list(groups(tokens))
    for group, after in zip_longest(all_groups, all_groups[1:]):
        drawn = _renderer().render(group, _options(), {"setting": setting})
        if after and after[0].type == "table_open" and (found := CAPTION.match(drawn)):
            caption = f"<table>\n<caption>{found[1]}</caption>"
            drawn = ""
        elif caption:
            drawn, caption = drawn.replace("<table>", caption, 1), ""
        pieces += [drawn, _sources(group, setting)]
    return "".join(pieces)


def draw_inline(token: Token, setting: Setting) -> str:
    """The HTML of the words of one paragraph, without the paragraph."""
    return _renderer().renderInline(token.children or [], _options(), {"setting": setting})


def draw_image(source: str, words: str, setting: Setting, language: str = "") -> str:
    """The HTML of an image that shows what ``words`` say; ``language`` is an attribute, where they have one."""
    width, height = setting.sizes[source]
    image = f'<img src="{escapeHtml(source)}" alt="{escapeHtml(words)}"{language} width="{width}" height="{height}">'
    if source not in setting.smaller:
        return image
    files = ", ".join(f"{escapeHtml(name)} {wide}w" for wide, name in setting.smaller[source].items())
    return f'<picture><source type="image/webp" srcset="{files}" sizes="{SHOWN}">{image}</picture>'


def _sources(group: list[Token], setting: Setting) -> str:
    """One small paragraph that names each source cited in ``group`` once, and each day on which some were checked."""
    cited: dict[str, str] = {}
    for token in group:
        for child in token.children or []:
            if "fact" in child.meta:
                source, checked = setting.facts[child.meta["fact"]]
                cited[source] = max(checked, cited.get(source, ""))
    if not cited:
        return ""
    language = setting.language
    by_day: dict[str, list[str]] = {}
    for source, checked in cited.items():
        by_day.setdefault(checked, []).append(_ended(source))
    words = " ".join(
        f"{' '.join(sources)} {CHECKED[language]} {day(checked, language)}." for checked, sources in by_day.items()
    )
    return f'<p class="source" lang="{language}"><b>{SOURCE[language]}</b> {escapeHtml(words)}</p>\n'


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def day(date: str, language: str) -> str:
    """“2 November 2026” for “2026-11-02”."""
    year, month, number = date.split("-")
    return f"{int(number)} {MONTHS[language][int(month) - 1]} {year}"


@cache
def _renderer() -> RendererHTML:
    return _Drawing()


@cache
def _options() -> Any:
    return MarkdownIt("commonmark").options


def scene_anchor(scenario: str, scene: str) -> str:
    """The id that a scene has in its document."""
    return f"scene-{scenario}-{scene}"


def _language(token: Token) -> str:
    return f' lang="{escapeHtml(str(token.attrs["lang"]))}"' if "lang" in token.attrs else ""


class _Drawing(RendererHTML):
    """markdown-it's renderer with our own links, images and headings."""

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if token.hidden:
            return ""
        href = str(token.attrs["href"])
        setting: Setting = env["setting"]
        if href.startswith("term:"):
            return f'<a class="term" href="#term-{escapeHtml(unquote(href[5:]))}"{_language(token)}>'
        if "scenario" in token.meta:
            return (
                f'<a href="#{escapeHtml(scene_anchor(token.meta["scenario"], unquote(href[1:])))}"{_language(token)}>'
            )
        address = setting.site.address(setting.file, href) or ""
        shown = href if href.startswith(OUTSIDE) else address
        # Anything but another page of ours opens apart: inside an LMS's frame it would put an end to the session.
        apart = (
            ' target="_blank" rel="noopener noreferrer"'
            if href.startswith("http") or address in setting.site.media
            else ""
        )
        title = f' title="{escapeHtml(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
        return f'<a href="{escapeHtml(shown)}"{title}{_language(token)}{apart}>'

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        words = self.renderInlineAsText(token.children, options, env)
        return draw_image(unquote(str(token.attrs["src"])), words, env["setting"], _language(token))

    def blank(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<span class="blank" data-blank="{tokens[index].meta["number"]}"></span>'

    def table_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return '<div class="wide"><table>\n'

    def table_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f'<th scope="col"{self.renderAttrs(tokens[index])}>'

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"<{LEVELS[tokens[index].tag]}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"</{LEVELS[tokens[index].tag]}>\n"
