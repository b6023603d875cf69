"""What a course is: bilingual from top to bottom, with the IRI and the short key of each part."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

LANGUAGES = ("en", "cy")
CompleteWhen = Literal["viewed", "answered", "passed"]


class Text(NamedTuple):
    """The same words in both languages. A field called ``html`` holds safe HTML, any other plain text."""

    en: str
    cy: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Ordinary Markdown between two blocks, drawn as HTML."""

    html: Text


@dataclass(frozen=True, slots=True)
class Callout:
    """A note, tip, important, warning or caution; ``title`` is None where the kind's own name is enough."""

    kind: Literal["note", "tip", "important", "warning", "caution"]
    title: Text | None
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """One heading of an accordion with what lies under it."""

    title: Text
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Accordion:
    """Headings that open; everything is printed open."""

    folds: tuple[Fold, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer. ``id`` is its number in the source, from "1"; feedback is empty HTML where there is none."""

    id: str
    html: Text
    right: bool
    feedback_html: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``single`` and ``true-false`` have one right option, ``multiple`` has one or more."""

    id: str
    key: str
    iri: str
    kind: Literal["single", "multiple", "true-false"]
    stem_html: Text
    stem: Text
    options: tuple[Option, ...]
    hint_html: Text | None = None
    points: int = 1

    @property
    def right(self) -> tuple[str, ...]:
        """The ids of the right options, in the order of the source."""
        return tuple(option.id for option in self.options if option.right)


@dataclass(frozen=True, slots=True)
class Reflect:
    """A prompt to write to; ``after_html`` is shown once something has been written."""

    id: str
    key: str
    prompt_html: Text
    prompt: Text
    after_html: Text | None = None
    words: tuple[int, int] | None = None


Part = Prose | Callout | Accordion | Question | Reflect


@dataclass(frozen=True, slots=True)
class Page:
    """One ``## Title {#id}`` of a module."""

    id: str
    key: str
    title: Text
    parts: tuple[Part, ...]

    def questions(self) -> tuple[Question, ...]:
        """Every question of the page, in reading order, nested ones too."""
        return tuple(part for part in walk(self.parts) if isinstance(part, Question))

    def reflections(self) -> tuple[Reflect, ...]:
        """Every reflection of the page, in reading order."""
        return tuple(part for part in walk(self.parts) if isinstance(part, Reflect))


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry; ``meaning`` is plain text."""

    id: str
    term: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Module:
    """A pair of files. ``document`` is its HTML file in a package; ``terms`` are those its pages link to."""

    id: str
    key: str
    iri: str
    number: int
    document: str
    title: Text
    summary: Text
    minutes: int
    outcomes: tuple[Text, ...]
    tags: tuple[str, ...]
    complete_when: CompleteWhen
    pass_mark: int | None
    pages: tuple[Page, ...]
    terms: tuple[Term, ...] = ()

    def questions(self) -> tuple[Question, ...]:
        """Every question of the module, in reading order, nested ones too."""
        return tuple(question for page in self.pages for question in page.questions())

    def reflections(self) -> tuple[Reflect, ...]:
        """Every reflection of the module, in reading order."""
        return tuple(reflection for page in self.pages for reflection in page.reflections())


class Verb(NamedTuple):
    """An xAPI verb the course uses, with its display in both languages."""

    id: str
    display: Text


@dataclass(frozen=True, slots=True)
class Course:
    """One bilingual course, complete and checked for structure; ``media`` maps a path in the package to its bytes."""

    id: str
    iri: str
    version: str
    title: Text
    summary: Text
    modules: tuple[Module, ...]
    verbs: dict[str, Verb]
    types: dict[str, str]
    extensions: dict[str, str]
    interactions: bool = False
    sco_per: Literal["course", "module"] = "course"
    record_store: str | None = None
    authority: str | None = None
    complete_when: CompleteWhen = "answered"
    media: dict[str, bytes] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """How long the whole course takes, by its authors' estimate."""
        return sum(module.minutes for module in self.modules)


def walk(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts and everything nested in them, in reading order."""
    found: list[Part] = []
    for part in parts:
        found.append(part)
        if isinstance(part, Callout):
            found.extend(walk(part.parts))
        elif isinstance(part, Accordion):
            for fold in part.folds:
                found.extend(walk(fold.parts))
    return tuple(found)


def short_key(kind: str, *ids: str) -> str:
    """Four characters of base 36 that stand for an id in a learner's saved state.

    They depend on the ids alone, so that a learner's place survives edits; a collision inside a course fails the build.
    """
    digest = hashlib.sha256("\n".join((kind, *ids)).encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[number // 36**place % 36] for place in range(4))
