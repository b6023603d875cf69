"""What a course is: bilingual from top to bottom, with the IRI and the short key of each part."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

LANGUAGES = ("en", "cy")
CompleteWhen = Literal["viewed", "answered", "passed"]
QuestionKind = Literal["single", "multiple", "true-false", "match", "order", "fill", "number", "scale"]
PieceKind = Literal["reflection", "goal", "achievement", "needs", "plan"]


class Text(NamedTuple):
    """The same words in both languages. A field called ``html`` holds safe HTML, any other plain text."""

    en: str
    cy: str


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """Ordinary Markdown between two blocks, drawn as HTML."""

    html: Text


@dataclass(frozen=True, slots=True, eq=False)
class Callout:
    """A note, tip, important, warning or caution; ``title`` is None where the kind's own name is enough."""

    kind: Literal["note", "tip", "important", "warning", "caution"]
    title: Text | None
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """One heading of an accordion with what lies under it."""

    title: Text
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Accordion:
    """Headings that open; everything is printed open."""

    folds: tuple[Fold, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tabs:
    """Headings side by side, one open at a time; printed, and read without script, as headings."""

    folds: tuple[Fold, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One answer on offer. ``id`` is its number in the source, from "1"; feedback is empty HTML where there is none.

    In a ``match`` it is a left side, and ``target`` is the id of the right side that belongs to it.
    """

    id: str
    html: Text
    right: bool
    feedback_html: Text
    target: str | None = None


class Target(NamedTuple):
    """A right side of a ``match``; one that no option leads to is a decoy. Plain text: it stands in a select."""

    id: str
    words: Text


class Blank(NamedTuple):
    """A gap of a ``fill``: the wordings accepted in each language, the first of them the one to show."""

    id: str
    en: tuple[str, ...]
    cy: tuple[str, ...]


class Span(NamedTuple):
    """The numbers that a ``number`` accepts, both ends included, as decimals written with a point."""

    low: str
    high: str


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question: ``single`` and ``true-false`` have one right option, ``multiple`` has one or more.

    ``options`` of an ``order`` are its steps in their right order, those of a ``scale`` its levels, none of them right.
    The stem of a ``fill`` holds ``<span class="blank" data-blank="1"></span>`` for each of its ``blanks``.
    ``source`` has the file and the line that it begins at, such as 01-tea.en.md:12, in each language.
    ``after_html`` is shown once the question is answered. ``attempts`` None sets no limit.
    """

    id: str
    key: str
    iri: str
    kind: QuestionKind
    stem_html: Text
    stem: Text
    options: tuple[Option, ...]
    hint_html: Text | None = None
    points: int = 1
    attempts: int | None = None
    partial: bool = False
    targets: tuple[Target, ...] = ()
    blanks: tuple[Blank, ...] = ()
    number: Span | None = None
    after_html: Text | None = None
    source: Text | None = None

    @property
    def right(self) -> tuple[str, ...]:
        """The ids of the right options in the order of the source; of a ``match`` pairs such as "1.3"."""
        if self.kind == "match":
            return tuple(f"{option.id}.{option.target}" for option in self.options)
        return tuple(option.id for option in self.options if option.right)


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Questions of which each learner is given ``draw``, drawn once by a seed that their saved state keeps."""

    id: str
    key: str
    draw: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A place in a scenario. Its choices are links ``#scene-SCENARIO-SCENE`` in its parts; one without is an end."""

    id: str
    title: Text
    mood: Literal["good", "poor"] | None
    parts: tuple["Part", ...]
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A story that branches, from its first scene; nothing in it is marked."""

    id: str
    key: str
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A video or a sound, with its captions and its transcript; ``src`` and ``captions`` are paths in the package."""

    kind: Literal["video", "audio"]
    src: Text
    captions: Text
    title: Text
    transcript: tuple["Part", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A picture with a caption and, where the words beside it do not tell all, a long description."""

    html: Text
    caption: Text | None
    description: tuple["Part", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """What an authority may put in place of the shared words; by now either of the two. ``filled`` tells which."""

    id: str
    filled: bool
    parts: tuple["Part", ...]


class Serving(NamedTuple):
    """A module that serves an element of the Standard: its document, and those of its outcomes that name it."""

    document: str
    title: Text
    outcomes: tuple[Text, ...]


class Element(NamedTuple):
    """One element of the Standard; ``group`` is the part of it that the id begins with.

    ``seen`` says what others see of it, as the end of a sentence about somebody.
    """

    id: str
    key: str
    group: str
    title: Text
    seen: Text | None = None
    modules: tuple[Serving, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Reflect:
    """A prompt for a piece of the learner's portfolio; ``after_html`` is shown once something has been written.

    ``needs`` asks of each of ``elements`` how far the learner is, ``plan`` has ``rows`` goals to plan for.
    ``shared_as`` is the activity as which a learner may send it to the programme lead; None where nobody may.
    """

    id: str
    key: str
    prompt_html: Text
    prompt: Text
    after_html: Text | None = None
    words: tuple[int, int] | None = None
    kind: PieceKind = "reflection"
    elements: tuple[Element, ...] = ()
    rows: int = 1
    shared_as: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """The Standard itself, element by element with the modules that serve it; or as a sheet for colleagues to tick.

    ``parts`` stand above it.
    """

    sheet: bool
    elements: tuple[Element, ...]
    parts: tuple["Part", ...]


Part = Prose | Callout | Accordion | Tabs | Question | Pool | Scenario | Recording | Figure | Local | Reflect | Standard


@dataclass(frozen=True, slots=True, eq=False)
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

    def pools(self) -> tuple[Pool, ...]:
        """Every pool of questions of the page, in reading order."""
        return tuple(part for part in walk(self.parts) if isinstance(part, Pool))

    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario of the page, in reading order."""
        return tuple(part for part in walk(self.parts) if isinstance(part, Scenario))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A glossary entry; ``meaning`` is plain text."""

    id: str
    term: Text
    meaning: Text


class Cited(NamedTuple):
    """A fact that a module cites, as facts.yml has it, with where it is cited first; the days are ISO dates."""

    id: str
    words: Text
    confidence: str
    checked: str
    review: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
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
    facts: tuple[Cited, ...] = ()

    def questions(self) -> tuple[Question, ...]:
        """Every question of the module, in reading order, nested ones too."""
        return tuple(question for page in self.pages for question in page.questions())

    def reflections(self) -> tuple[Reflect, ...]:
        """Every reflection of the module, in reading order."""
        return tuple(reflection for page in self.pages for reflection in page.reflections())


class Authority(NamedTuple):
    """One of the 22: its GSS code, its slug, and the names of the area and of its council."""

    gss: str
    slug: str
    area: Text
    council: Text


class Verb(NamedTuple):
    """An xAPI verb the course uses, with its display in both languages."""

    id: str
    display: Text


@dataclass(frozen=True, slots=True, eq=False)
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
    authority: Authority | None = None
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
        for inside in nested(part):
            found.extend(walk(inside))
    return tuple(found)


def nested(part: Part) -> tuple[tuple[Part, ...], ...]:
    """The runs of parts that stand directly inside a part."""
    match part:
        case Callout() | Local() | Standard():
            return (part.parts,)
        case Accordion() | Tabs():
            return tuple(fold.parts for fold in part.folds)
        case Pool():
            return (part.questions,)
        case Scenario():
            return tuple(scene.parts for scene in part.scenes)
        case Recording():
            return (part.transcript,)
        case Figure():
            return (part.description,)
    return ()


def short_key(kind: str, *ids: str) -> str:
    """Four characters of base 36 that stand for an id in a learner's saved state.

    They depend on the ids alone, so that a learner's place survives edits; a collision inside a course fails the build.
    """
    digest = hashlib.sha256("\n".join((kind, *ids)).encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[number // 36**place % 36] for place in range(4))
