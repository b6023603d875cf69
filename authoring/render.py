"""Draws a course: an HTML document a module with both languages in it, an index that begins it, and the scripts."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from authoring.carried import SENDERS, data_block, inlined, portfolio, sends_statements, shares, whose
from authoring.checks.mutations import mutations
from authoring.compiled import TEMPLATES, compiled, made_small
from authoring.course import (
    LANGUAGES,
    Blank,
    Course,
    Element,
    Module,
    Page,
    Question,
    Target,
    Term,
    Text,
)
from authoring.manifest import question_outline
from authoring.phrases import counted, form, words
from authoring.scripts import PLAYER, SCRIPTS, blocks_script, more_script, needs_blocks, script, spared
from authoring.standard import QUALITIES

HERE = Path(__file__).parent
STYLES = ("tokens.css", "base.css", "learner.css")
CALLOUTS = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}
# The parts of the Standard, by what the ids of their elements begin with.
GROUPS = {
    "KS": "Knowledge and skills", "PC": "Professional characteristics", QUALITIES: "Personal qualities and values",
}  # fmt: skip
# With the signs before it that must not end a line, and those after it that must not begin one.
BLANK = re.compile(r'([“‘(]*)<span class="blank" data-blank="(\d+)"></span>((?:[’\']\w+)?[.,;:!?)”’]*)')
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?|https?://\[[0-9a-f:]+\](:\d+)?")


def render(course: Course, adapter: str, outline: dict[str, Any]) -> dict[str, bytes]:
    """The documents and the scripts of one package: path in the package -> bytes, the same for the same course.

    Each module has a document of its own; ``index.html`` is that of the first module with its first page alone, so
    that a course opens fast, and the player brings the other pages.
    ``adapter`` names a file of ``player/lms``; ``outline`` is course.json as ``manifest.outline`` gives it.
    Raises ValueError where the record store's address is not an http(s) origin.
    """
    drawing = Drawing(course, adapter, outline)
    return {**{name: drawing.document(name) for name in drawing.names()}, **drawing.scripts()}


class Drawing:
    """The documents of one package, each drawn when it is asked for, and its scripts."""

    def __init__(self, course: Course, adapter: str, outline: dict[str, Any]) -> None:
        """As ``render``; raises ValueError where that does."""
        self.course = course
        self.modules = {module.document: module for module in course.modules}
        self.adapter = adapter
        self.spared = spared(course, outline)
        self.outline = data_block(inlined(outline))
        self.told = whose(outline)
        self.frame = Frame(
            title=course.title,
            version=course.version,
            modules=tuple(Entry(one.key, one.document, one.number, one.title, one.minutes) for one in course.modules),
            activity=course.types.get("question") if course.interactions else None,
            policy=policy(outline.get("record-store"), anywhere=adapter in SENDERS),
            kept_here=adapter == "none",
            launched=adapter == "xapi",
            alone=outline.get("alone", 0),
            sends=bool(outline.get("record-store")) and adapter != "none",
            shared=course.types.get("question") if sends_statements(outline) else None,
            shares=shares(course, outline),
        )

    def names(self) -> list[str]:
        """The name of every document, ``index.html`` last."""
        return [*self.modules, "index.html"]

    def document(self, name: str) -> bytes:
        """One document. Raises KeyError where there is none of that name."""
        whole = name != "index.html"
        module = self.modules[name] if whole else next(iter(self.modules.values()))
        return _document(self.frame, module, whole, self.outline)

    def scripts(self) -> dict[str, bytes]:
        """player.js: what is only of this package, and what every one with its adapter has; more.js likewise.

        blocks.js is fetched before a page is shown that cannot be taken without it, more.js when a learner first asks
        for something that the course can be taken without.
        """
        more = f"document.currentScript.told={portfolio(self.course)};\n{more_script()}"
        texts = (self.told + script(self.adapter, self.spared), blocks_script(self.spared), more)
        return {name: text.encode() for name, text in zip(SCRIPTS, texts, strict=True)}


class Entry(NamedTuple):
    """What every document says of a module."""

    key: str
    document: str
    number: int
    title: Text
    minutes: int


class Frame(NamedTuple):
    """What a document is drawn from beside its module: the same for many packages, which then share the document.

    ``activity`` is the IRI of the type of questions where statements of answers are sent, ``shared`` the same where
    learners may send what they write, ``shares`` says whether they may. A module that is ``alone`` is one of so many.
    """

    title: Text
    version: str
    modules: tuple[Entry, ...]
    activity: str | None
    policy: str
    kept_here: bool
    launched: bool
    alone: int
    sends: bool
    shared: str | None
    shares: bool


# Enough for the documents of a course of twenty modules in each of the ways that the formats want them.
@lru_cache(maxsize=96)
def _document(frame: Frame, module: Module, whole: bool, outline: Markup) -> bytes:
    page = environment().get_template("document.html")
    css = Markup(styles())  # noqa: S704 - our own files
    bodies = _bodies(module, frame)
    return page.render(course=frame, module=module, whole=whole, bodies=bodies, css=css, outline=outline).encode()


def _bodies(module: Module, frame: Frame) -> list[Markup]:
    """What stands on each page of a module."""
    first, media, total, made = 1, 0, len(module.questions()), []
    for page in module.pages:
        # Only a page with something that may be sent differs by whether it can be.
        shared = frame.shared if any(one.shared_as for one in page.reflections()) else None
        body, media = _body(page, first, total, media, frame.activity, shared)
        first += len(page.questions())
        made.append(body)
    return made


# A council that fills a slot changes one page, and the rest of the module is not drawn again.
@lru_cache(maxsize=512)
def _body(
    page: Page, first: int, total: int, media: int, activity: str | None, shared: str | None
) -> tuple[Markup, int]:
    """A page whose first question and first recording have these numbers (recordings from 0), and the next of these."""
    numbers = {question.key: number for number, question in enumerate(page.questions(), first)}
    doc: dict[str, Any] = {"numbers": numbers, "total": total, "activity": activity, "shared": shared, "n": media}
    parts: Any = environment().get_template("parts.html").module
    return parts.draw(page.parts, doc), doc["n"]


def templates(folder: Path) -> Environment:
    """The templates of a folder, escaping what they are given and strict about what they are not given."""
    return Environment(
        loader=FileSystemLoader(folder), bytecode_cache=compiled(), autoescape=True, auto_reload=False, **TEMPLATES
    )


@cache
def environment() -> Environment:
    """The templates of the documents and the words in them."""
    made = templates(HERE / "templates")
    made.globals.update(
        say=say, plain=plain, inline=inline, block=block, bare=bare, parted=parted, linked=linked, kinds=CALLOUTS,
        words=words, first_wording=first_wording, gaps=gaps, shuffled=shuffled, sorted_targets=sorted_targets,
        facts_of=facts_of, languages=LANGUAGES, grouped=grouped, qualities=QUALITIES,
        needs_blocks=needs_blocks,
    )  # fmt: skip
    made.tests["kind"] = lambda part, name: type(part).__name__ == name
    return made


# ------------------------------------------------------------------ words, always in both languages


def say(key: str, **values: Text | int | str) -> Markup:
    """Words of the interface in both languages, with ``{name}`` filled in; KeyError for words no catalogue has.

    Words that go by a number have the form that ``n`` asks for.
    """
    if not values:
        return _unfilled(key)
    number = values.get("n")
    patterns = _forms(key, number) if isinstance(number, int) and key in counted() else words()[key]
    filled = []
    for index, pattern in enumerate(patterns):
        own = {name: value[index] if isinstance(value, Text) else value for name, value in values.items()}
        filled.append(pattern.format(**own))
    return plain(Text(*filled))


def _forms(key: str, number: int) -> Text:
    return Text(*(form(forms, number, language) for forms, language in zip(counted()[key], LANGUAGES, strict=True)))


@cache
def _unfilled(key: str) -> Markup:
    return plain(words()[key])


def plain(text: Text) -> Markup:
    """Plain text in both languages, escaped."""
    return _both(text, '<span class="t" lang="{}">{}</span>')


def inline(html: Text) -> Markup:
    """HTML in both languages for a place that takes words only."""
    return _both(map(bare, html), '<span class="t" lang="{}">{}</span>')


def bare(html: str) -> Markup:
    """HTML for a place that takes words only: a lone paragraph is taken out of its ``<p>``."""
    text = html.strip()
    lone = text.startswith("<p>") and text.endswith("</p>") and text.count("<p>") == 1
    return Markup(text[3:-4] if lone else text)  # noqa: S704 - made by us from Markdown


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


def gaps(part: Question) -> Text:
    """The sentences of a ``fill`` with a field to type into for each of its blanks."""
    return Text(*(_gaps(part, language) for language in LANGUAGES))


def first_wording(blank: Blank) -> Text:
    """The wording of a blank that is shown."""
    return Text(blank.en[0], blank.cy[0])


def _gaps(part: Question, language: str) -> str:
    def field(found: re.Match[str]) -> str:
        number = int(found[2])
        wordings = getattr(part.blanks[number - 1], language)
        name = getattr(words()["Blank {n}"], language).format(n=number)
        return (
            f'<span class="gap">{found[1]}<input type="text" lang="{language}" id="q-{part.key}-{number}-{language}" '
            f'data-part="{number}" size="{min(max(map(len, wordings)) + 2, 24)}" maxlength="60" autocomplete="off" '
            f'autocapitalize="none" spellcheck="false" aria-label="{escape(name)}">{found[3]}</span>'
        )

    return BLANK.sub(field, getattr(part.stem_html, language))


def shuffled(part: Question) -> list[Any]:
    """The steps of an ``order`` in another order than the right one, the same at every build."""
    steps = sorted(part.options, key=lambda step: hashlib.sha256(f"{part.key} {step.id}".encode()).digest())
    return steps if tuple(steps) != part.options else [*steps[1:], steps[0]]


def sorted_targets(part: Question, language: str) -> list[Target]:
    """The right sides of a ``match`` by the alphabet, so that their order tells nothing."""
    return sorted(part.targets, key=lambda target: str(getattr(target.words, language)).casefold())


def facts_of(part: Question, activity: str | None) -> Markup:
    """What the player goes by to judge a question, and to tell of it where ``activity`` is its type in statements."""
    facts = question_outline(part)
    own = {key: value for key, value in facts.items() if key not in ("id", "iri", "title", "points", "edition")}
    if part.blanks:
        own["blanks"] = [{"en": blank.en, "cy": _mutated(blank.cy)} for blank in part.blanks]
    if activity:
        told = {key: facts[key] for key in ("iri", "title")}
        said = {option.id: Text(*map(_said, option.html))._asdict() for option in part.options}
        said |= {f"t{target.id}": target.words._asdict() for target in part.targets}
        own |= {**told, "activity": activity, "words": said}
    return data_block(own)


def _mutated(wordings: Iterable[str]) -> list[str]:
    """The wordings, and each with its first word in every form that what stands before it may call for."""
    found = []
    for wording in wordings:
        first, space, rest = wording.partition(" ")
        found += [wording, *(f"{form}{space}{rest}" for form in mutations(first.casefold())[1:])]
    return list(dict.fromkeys(found))


def _said(html: str) -> str:
    return " ".join(Markup(html).striptags().split())  # noqa: S704 - only its plain words are taken


def linked(terms: Iterable[Term], html: str) -> list[Term]:
    """Those of the terms that the HTML leads to."""
    return [term for term in terms if f'href="#term-{term.id}"' in html]


def _both(texts: Any, pattern: str) -> Markup:
    pairs = zip(LANGUAGES, map(escape, texts), strict=True)
    return Markup("".join(pattern.format(language, text) for language, text in pairs))  # noqa: S704 - escaped above


# ------------------------------------------------------------------ what goes into each document


@cache
def styles() -> str:
    """The style sheet, made small."""
    return made_small("css", "".join((PLAYER / name).read_text(encoding="utf-8") for name in STYLES))


def policy(record_store: str | None, *, anywhere: bool = False) -> str:
    """The Content-Security-Policy of a document: nothing from outside, but for statements to ``record_store``.

    ``anywhere`` is for packages to which only a launch names the record store.
    """
    digest = base64.b64encode(hashlib.sha256(styles().encode()).digest()).decode()
    store = " https: http:" if anywhere else f" {_origin(record_store)}" if record_store else ""
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


def grouped(elements: Iterable[Element]) -> list[tuple[str, list[Element]]]:
    """The elements of the Standard under the names of its parts, in their order."""
    found = {name: [one for one in elements if one.group == group] for group, name in GROUPS.items()}
    return [(name, own) for name, own in found.items() if own]
