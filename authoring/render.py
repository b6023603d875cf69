"""Draws a course: an HTML document a module with both languages in it, an index that begins it, and one script."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from authoring.course import LANGUAGES, Course, Term, Text
from authoring.joiner import join, small

HERE = Path(__file__).parent
PLAYER = HERE / "player"
STYLES = ("tokens.css", "base.css", "learner.css")
CALLOUTS = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}
TEMPLATES: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?|https?://\[[0-9a-f:]+\](:\d+)?")


def render(course: Course, adapter: str, outline: dict[str, Any]) -> dict[str, bytes]:
    """The documents and the script of one package: path in the package -> bytes, the same for the same course.

    Each module has a document of its own; ``index.html`` is that of the first module with its first page alone, so
    that a course opens fast, and the player brings the other pages.
    ``adapter`` names a file of ``player/lms``; ``outline`` is course.json as ``manifest.outline`` gives it.
    Raises ValueError where the record store's address is not an http(s) origin.
    """
    page = environment().get_template("document.html")
    shared = {
        "course": course,
        "css": Markup(styles()),  # noqa: S704 - our own files
        "policy": policy(outline.get("record-store")),
        "outline": data_block(inlined(outline)),
        "kept_here": adapter == "none",
        "sends": bool(outline.get("record-store")) and adapter != "none",
    }
    pages = {module.document: page.render(module=module, whole=True, **shared) for module in course.modules}
    pages["index.html"] = page.render(module=course.modules[0], whole=False, **shared)
    return {**{name: text.encode() for name, text in pages.items()}, "player.js": script(adapter).encode()}


class Compiled(FileSystemBytecodeCache):
    """Templates kept compiled from one build to the next; what is wrong with their folder costs time and no more."""

    def get_source_checksum(self, source: str) -> str:
        """Of the source and of the options, which are compiled in."""
        return super().get_source_checksum(f"{TEMPLATES}{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Leave the bucket empty where the file cannot be read; one that was cut short fails in many ways."""
        with suppress(Exception):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it where there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled() -> BytecodeCache | None:
    """The compiled templates in a folder that only this user may write to, or None where none can be had."""
    try:
        return Compiled()
    except (OSError, RuntimeError):
        return None


def templates(folder: Path) -> Environment:
    """The templates of a folder, escaping what they are given and strict about what they are not given."""
    return Environment(
        loader=FileSystemLoader(folder), bytecode_cache=compiled(), autoescape=True, auto_reload=False, **TEMPLATES
    )


@cache
def environment() -> Environment:
    """The templates of the documents and the words in them."""
    made = templates(HERE / "templates")
    made.globals.update(say=say, plain=plain, inline=inline, block=block, parted=parted, linked=linked, kinds=CALLOUTS)
    made.tests["kind"] = lambda part, name: type(part).__name__ == name
    return made


# ------------------------------------------------------------------ words, always in both languages


@cache
def words() -> dict[str, Text]:
    """Every word of the interface: its English as written in the code -> its text in each language."""
    catalogues = [_catalogue(language) for language in LANGUAGES]
    return {key: Text(*(one.get(key) or key for one in catalogues)) for key in catalogues[0]}


# Babel reads such a file too, and a test holds that both read the same; but it costs a sixth of a whole build.
PO_ENTRY = re.compile(r'^msgid ((?:"(?:[^"\\]|\\.)*"\n)+)msgstr ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)
PO_LINE = re.compile(r'"(?:[^"\\]|\\.)*"')


def _catalogue(language: str) -> dict[str, str]:
    text = (HERE / "locale" / language / "LC_MESSAGES" / "authoring.po").read_text(encoding="utf-8")
    return {_joined(entry[1]): _joined(entry[2]) for entry in PO_ENTRY.finditer(text) if _joined(entry[1])}


def _joined(quoted: str) -> str:
    return "".join(json.loads(line) for line in PO_LINE.findall(quoted))


def say(key: str, **values: Text | int | str) -> Markup:
    """Words of the interface in both languages, with ``{name}`` filled in; KeyError for words no catalogue has."""
    filled = []
    for index, pattern in enumerate(words()[key]):
        own = {name: value[index] if isinstance(value, Text) else value for name, value in values.items()}
        filled.append(pattern.format(**own))
    return plain(Text(*filled))


def plain(text: Text) -> Markup:
    """Plain text in both languages, escaped."""
    return _both(text, '<span class="t" lang="{}">{}</span>')


def inline(html: Text) -> Markup:
    """HTML in both languages for a place that takes words only: a lone paragraph is taken out of its ``<p>``."""
    return _both(map(Markup, map(_bare, html)), '<span class="t" lang="{}">{}</span>')


def _bare(html: str) -> str:
    text = html.strip()
    lone = text.startswith("<p>") and text.endswith("</p>") and text.count("<p>") == 1
    return text[3:-4] if lone else text


def block(html: Text) -> Markup:
    """HTML in both languages, one box for each."""
    return _both(map(Markup, html), '<div class="t prose" lang="{}">{}</div>')


def parted(html: Text) -> tuple[Text | None, Text]:
    """What is told before a question and what is asked: the last paragraph can stand in a legend, the rest cannot."""
    tellings, asked = zip(*(_split_last(text) for text in html), strict=True)
    return (Text(*tellings) if any(tellings) else None), Text(*asked)


def _split_last(html: str) -> tuple[str, str]:
    start = html.rfind("<p>")
    last = html[start:].strip()
    return (html[:start].strip(), last) if start > 0 and last.endswith("</p>") else ("", html)


def linked(terms: Iterable[Term], html: str) -> list[Term]:
    """Those of the terms that the HTML leads to."""
    return [term for term in terms if f'href="#term-{term.id}"' in html]


def _both(texts: Any, pattern: str) -> Markup:
    pairs = zip(LANGUAGES, map(escape, texts), strict=True)
    return Markup("".join(pattern.format(language, text) for language, text in pairs))  # noqa: S704


# ------------------------------------------------------------------ what goes into each document


@cache
def styles() -> str:
    """The style sheet, made small."""
    return small("css", "".join((PLAYER / name).read_text(encoding="utf-8") for name in STYLES))


def policy(record_store: str | None) -> str:
    """The Content-Security-Policy of a document: nothing from outside, but for statements to ``record_store``."""
    digest = base64.b64encode(hashlib.sha256(styles().encode()).digest()).decode()
    store = f" {_origin(record_store)}" if record_store else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'sha256-{digest}'; img-src 'self' data:; "
        f"media-src 'self'; connect-src 'self'{store}; object-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if not ORIGIN.fullmatch(origin):
        raise ValueError(f"The record store's address is not an http or https address: {address!r}")
    return origin


def inlined(outline: dict[str, Any]) -> dict[str, Any]:
    """The outline without what the player does not read: a document carries it before its first words."""
    spare = {"tags", "languages", "format", "package-format", "summary"}
    asked = set() if outline["interactions"] else {"iri", "title"}
    modules = [
        {
            **{key: value for key, value in module.items() if key not in spare},
            "pages": [{key: value for key, value in page.items() if key != "title"} for page in module["pages"]],
            "questions": [
                {key: value for key, value in question.items() if key not in asked} for question in module["questions"]
            ],
        }
        for module in outline["modules"]
    ]
    return {**{key: value for key, value in outline.items() if key not in spare}, "modules": modules}


@cache
def script(adapter: str) -> str:
    """The player's one script for the adapter, with every word in both languages."""
    return small("javascript", join(PLAYER, adapter, words()))


def data_block(value: Any) -> Markup:
    """JSON that may stand inside a ``<script type="application/json">``: no ``<``, so it cannot end its element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704
