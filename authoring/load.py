"""Lays the English and the Welsh of a course together into one bilingual Course."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from operator import is_
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import unquote

from authoring.answers import PARTIAL, QUESTIONS, SCORED, Answer, lefts, span, targets
from authoring.blocks import PIECES, PURPOSES, Block, PageSource, Words, words_of
from authoring.checks import faults
from authoring.cited import cited
from authoring.course import (
    Accordion,
    Authority,
    Blank,
    Callout,
    CompleteWhen,
    Course,
    Figure,
    Fold,
    Local,
    Module,
    Option,
    Page,
    Part,
    PieceKind,
    Pool,
    Prose,
    Question,
    QuestionKind,
    Recording,
    Reflect,
    Scenario,
    Scene,
    Standard,
    Tabs,
    Target,
    Term,
    Text,
    Verb,
    short_key,
)  # fmt: skip
from authoring.images import is_heavy, picture, size, smaller_name
from authoring.links import document_name, fact_sources, module_ids, site
from authoring.markdown import parse_inline, plain
from authoring.overlays import Fitting
from authoring.problems import CourseError
from authoring.prose import Setting, draw, draw_image, draw_inline
from authoring.source import ModuleFile, Source, read
from authoring.standard import elements

TRUTHS = {frozenset(("true", "false")), frozenset(("gwir", "gau")), frozenset(("cywir", "anghywir"))}


def load(folder: Path) -> Course:
    """The course in ``folder``.

    Raises CourseError with every error in it, and FileNotFoundError where there is no such folder.
    """
    source = read(folder)
    if errors := [one for one in faults(source, date.today()) if one.severity == "error"]:
        raise CourseError(errors)
    return course(source)


def course(source: Source, authority: Authority | None = None) -> Course:
    """The bilingual course of a source in which the rules found no error, as one authority or none has it.

    The source is laid out once, however many authorities are asked for: see ``overlaid``.
    """
    if source.laid is None:
        source.laid = _laid(source)
    return overlaid(source.laid.course, source, authority)


class _Laid(NamedTuple):
    """The course with every slot as it is shared and ``{{ authority.name }}`` as it was written."""

    course: Course
    shared: "_Shared"


def _laid(source: Source) -> _Laid:
    table = source.table("course")
    by_id = {pair["en"].id: (pair["en"], pair["cy"]) for pair in source.modules.values()}
    pairs = [by_id[id] for id in module_ids(source)]
    shared = _Shared(source, pairs, {name: (source.folder / name).read_bytes() for name in source.media})
    modules = tuple(_module(shared, number, *pair) for number, pair in enumerate(pairs, 1))
    made = Course(
        id=table["id"], iri=table["iri"], version=table["version"],
        title=Text(**table["title"]), summary=Text(**table["summary"]), modules=modules,
        verbs={name: Verb(verb["id"], Text(verb["en"], verb["cy"])) for name, verb in table["verbs"].items()},
        types=table["types"], extensions=table["extensions"], interactions=table.get("interactions", False),
        sco_per=table.get("sco", "course"), record_store=table.get("record-store"), media=shared.used,
        complete_when=completion(table)[0],
    )  # fmt: skip
    return _Laid(made, shared)


class _Known(NamedTuple):
    """A module, what it was laid out from, and the media that it uses."""

    files: tuple[ModuleFile, ModuleFile]
    around: tuple[Any, ...]
    module: Module
    used: tuple[str, ...]


_KNOWN: dict[str, _Known] = {}
_MOST_KNOWN = 200


def _module(shared: "_Shared", number: int, english: ModuleFile, welsh: ModuleFile) -> Module:
    """One module; it is laid out once from the same files and the same things around them.

    A preview lays out only what was saved so. Files of which the text is the same are the same objects.
    """
    files = (english, welsh)
    around = (number, shared.site, shared.sizes, shared.smaller, shared.elements, *shared.source.tables.values())
    known = _KNOWN.get(english.file)
    if known is None or not all(map(is_, known.files, files)) or known.around != around:
        own = copy(shared)
        own.used = {}
        module = _Pairing(own, number, english, welsh).module()
        known = _KNOWN[english.file] = _Known(files, around, module, tuple(own.used))
        if len(_KNOWN) > _MOST_KNOWN:
            del _KNOWN[next(iter(_KNOWN))]
    shared.used.update({name: shared.media[name] for name in known.used})
    return known.module


def overlaid(course: Course, source: Source, authority: Authority | None) -> Course:
    """The course of ``source.laid`` with an authority's slots filled, and its names or neutral words put in.

    Modules and pages of which the authority changes nothing are the very objects of ``course``, and its media too.
    """
    slugs = {pair["en"].id: slug for slug, pair in source.modules.items()}
    overlays = source.overlays.get(authority.slug, {}) if authority else {}
    shared: _Shared = copy(source.laid.shared)
    shared.used = {}
    modules = tuple(
        _overlaid(module, shared, authority, source.modules[slugs[module.id]], overlays.get(slugs[module.id], {}))
        for module in course.modules
    )
    words = Fitting(source, authority, {})
    return replace(
        course, title=words.fitted(course.title), summary=words.fitted(course.summary), modules=modules,
        authority=authority, media={**course.media, **shared.used},
    )  # fmt: skip


def _overlaid(
    module: Module,
    shared: "_Shared",
    authority: Authority | None,
    files: dict[str, ModuleFile],
    overlay: dict[str, ModuleFile],
) -> Module:
    """A module as an authority has it; ``overlay`` is what it fills of the module ``files``, by language."""
    fills, terms, facts = {}, module.terms, module.facts
    if overlay:
        pairing = _Pairing(shared, module.number, files["en"], files["cy"])
        fills, terms = pairing.fills(overlay), pairing.terms([*files.values(), *overlay.values()])
        facts = cited(shared.source, [*files.values(), *overlay.values()])
    fitting = Fitting(shared.source, authority, fills)
    changed: dict[str, Any] = {name: fitting.fitted(getattr(module, name)) for name in ("title", "summary", "outcomes")}
    changed |= {"terms": fitting.fitted(terms), "facts": facts}
    if overlay or shared.told_of_authorities or any("{{" in line for file in files.values() for line in file.lines):
        changed["pages"] = fitting.fitted(module.pages)
    same = all(value is getattr(module, name) for name, value in changed.items())
    return module if same else replace(module, **changed)


def completion(table: dict[str, Any], otherwise: str = "answered") -> tuple[CompleteWhen, int | None]:
    """What counts as complete, and the pass mark in per cent where there is one."""
    word, _, mark = str(table.get("complete-when", otherwise)).partition(" ")
    return cast(CompleteWhen, word), int(mark) if mark else None


class _Shared:
    """What the modules of a course have in common; ``used`` gathers the media the text leads to."""

    def __init__(self, source: Source, pairs: list[tuple[ModuleFile, ModuleFile]], media: dict[str, bytes]) -> None:
        self.source = source
        self.site = site(source)
        self.media = media
        self.used: dict[str, bytes] = {}
        self.smaller = self._make_smaller(source)
        self.sizes = {name: found for name, data in media.items() if (found := size(name, data))}
        self.terms = {id: _term(id, entry) for id, entry in source.table("glossary").items()}
        self.elements = elements(source, pairs)
        # What one module says of itself stands in another that shows the Standard.
        self.told_of_authorities = any("{{" in str(element.modules) for element in self.elements)

    def setting(self, file: ModuleFile) -> Setting:
        facts = {fact: fact_sources(self.source, fact, file.language) for fact in self.source.table("facts")}
        return Setting(file.file, file.language, self.site, self.sizes, facts, self.smaller)

    def use(self, name: str) -> None:
        for one in (name, *self.smaller.get(name, {}).values()):
            if one in self.media:
                self.used[one] = self.media[one]

    def _make_smaller(self, source: Source) -> dict[str, dict[int, str]]:
        """Puts pictures made anew in the place of heavy ones, and their smaller files beside them, by width."""
        made = {name: picture(name, data, source.cache) for name, data in self.media.items() if is_heavy(name, data)}
        smaller = {name: {width: smaller_name(name, width) for width, _ in one.smaller} for name, one in made.items()}
        for name, one in made.items():
            self.media[name] = one.data
            self.media.update({smaller[name][width]: data for width, data in one.smaller})
        return smaller


def _term(id: str, entry: dict[str, Any]) -> Term:
    english, welsh = entry["en"], entry["cy"]
    return Term(id, Text(english["term"], welsh["term"]), Text(english["meaning"], welsh["meaning"]))


@dataclass(frozen=True, slots=True)
class _Both:
    """The same thing in both languages."""

    en: Any
    cy: Any

    def text(self, words: Callable[[Any], str]) -> Text:
        return Text(words(self.en), words(self.cy))

    def each(self, name: str) -> list["_Both"]:
        """Member by member, for a list that both hold under ``name``."""
        return [_Both(*pair) for pair in zip(getattr(self.en, name), getattr(self.cy, name), strict=True)]


class _Pairing:
    """One module: the English laid beside the Welsh, part by part."""

    def __init__(self, shared: _Shared, number: int, english: ModuleFile, welsh: ModuleFile) -> None:
        self.shared = shared
        self.number = number
        self.files = _Both(english, welsh)
        self.settings = (shared.setting(english), shared.setting(welsh))
        self.id: str = english.front.value["id"]
        self.iri = f"{shared.source.table('course')['iri']}/modules/{self.id}"

    def module(self) -> Module:
        en, cy = self.files.en.front.value, self.files.cy.front.value
        outcomes = en["outcomes"]
        rule, mark = completion(en, self.shared.source.table("course").get("complete-when", "answered"))
        return Module(
            id=self.id, key=short_key("module", self.id), iri=self.iri, number=self.number,
            document=document_name(self.id), title=Text(en["title"], cy["title"]),
            summary=Text(en["summary"], cy["summary"]), minutes=en["minutes"],
            outcomes=tuple(Text(one["text"], two["text"]) for one, two in zip(outcomes, cy["outcomes"], strict=True)),
            tags=tuple(sorted({tag for outcome in outcomes for tag in outcome.get("tags", [])})),
            complete_when=rule, pass_mark=mark,
            pages=tuple(map(self.page, self.files.each("pages"))), terms=self.terms([self.files.en, self.files.cy]),
            facts=cited(self.shared.source, [self.files.en, self.files.cy]),
        )  # fmt: skip

    def fills(self, overlay: dict[str, ModuleFile]) -> dict[str, tuple[Part, ...]]:
        """What an authority puts into each slot of this module."""
        welsh = {page.id: page for page in overlay["cy"].pages}
        both = {str(page.id): _Both(page.parts[0], welsh[page.id].parts[0]) for page in overlay["en"].pages}
        own = copy(self)
        own.files = _Both(overlay["en"], overlay["cy"])
        return {id: own.parts(one.each("parts")) for id, one in both.items()}

    def terms(self, files: Iterable[ModuleFile]) -> tuple[Term, ...]:
        """The terms that the files link to, in the order of the English alphabet; media on the way are noted."""
        linked = set()
        for file in files:
            for token in (child for outer in file.tokens for child in outer.children or []):
                address = unquote(str(token.attrs.get("href", token.attrs.get("src", ""))))
                self.shared.use(address)
                if address.startswith("term:"):
                    linked.add(address.removeprefix("term:"))
        return tuple(sorted((self.shared.terms[term] for term in linked), key=lambda term: term.term.en.casefold()))

    def page(self, both: _Both) -> Page:
        source: PageSource = both.en
        title = both.text(lambda page: plain(page.title))
        return Page(str(source.id), short_key("page", self.id, str(source.id)), title, self.parts(both.each("parts")))

    def parts(self, pairs: list[_Both]) -> tuple[Part, ...]:
        return tuple(map(self.part, pairs))

    def part(self, both: _Both) -> Part:
        if isinstance(both.en, Words):
            return Prose(self.html(both, "tokens"))
        name = both.en.name
        if name in QUESTIONS:
            return self.question(both)
        if name == "pool":
            return self.pool(both)
        if name in PIECES:
            return self.reflect(both)
        if name in ("accordion", "tabs"):
            return (Accordion if name == "accordion" else Tabs)(tuple(map(self.fold, both.each("folds"))))
        if name == "scenario":
            return self.scenario(both)
        if name in ("video", "audio"):
            return self.recording(both)
        if name == "figure":
            return self.figure(both)
        if name == "standard":
            return Standard(bool(_option(both.en, "kind")), self.shared.elements, self.parts(both.each("parts")))
        if name == "local":
            return Local(str(both.en.id), False, self.parts(both.each("parts")))
        title = both.text(_title) if both.en.title else None
        return Callout(name, title, self.parts(both.each("parts")))

    def fold(self, both: _Both) -> Fold:
        return Fold(both.text(lambda fold: plain(fold.title)), self.parts(both.each("parts")))

    def scenario(self, both: _Both) -> Scenario:
        id = str(both.en.id)
        return Scenario(id, short_key("scenario", self.id, id), tuple(map(self.scene, both.each("folds"))))

    def scene(self, both: _Both) -> Scene:
        scene = both.en
        mood = cast(Literal["good", "poor"], scene.classes[0][1:]) if scene.classes else None
        leads_to = dict.fromkeys(unquote(str(link.attrs["href"]))[1:] for link in scene.choices)
        title = both.text(lambda fold: plain(fold.title))
        return Scene(str(scene.id), title, mood, self.parts(both.each("parts")), tuple(leads_to))

    def recording(self, both: _Both) -> Recording:
        for own in (both.en, both.cy):
            self.shared.use(own.src)
            self.shared.use(_option(own, "captions"))
        return Recording(
            both.en.name, both.text(lambda own: own.src), both.text(lambda own: _option(own, "captions")),
            both.text(lambda own: _option(own, "title")), self.parts(both.each("parts")),
        )  # fmt: skip

    def figure(self, both: _Both) -> Figure:
        for own in (both.en, both.cy):
            self.shared.use(own.src)
        html = Text(*(draw_image(own.src, _option(own, "alt"), setting) for own, setting in self.sides(both)))
        caption = both.text(_title) if both.en.title else None
        return Figure(html, caption, self.parts(both.each("parts")))

    def question(self, both: _Both) -> Question:
        block: Block = both.en
        options = dict(block.options)
        rights = zip(targets(block.answers), targets(both.cy.answers), strict=True)
        return Question(
            id=str(block.id), key=short_key("question", self.id, str(block.id)), iri=f"{self.iri}/questions/{block.id}",
            kind=_kind(block), stem_html=self.words(both), stem=both.text(lambda one: words_of(one.parts)),
            options=self.options(both),
            hint_html=self.html(both, "hint", "<p>{}</p>\n") if block.hint else None,
            points=int(options.get("points", 1)) if block.name in SCORED else 0,
            attempts=int(options["attempts"]) if "attempts" in options else None,
            partial=PARTIAL[options.get("partial", "no")],
            targets=tuple(Target(str(number), Text(*words)) for number, words in enumerate(rights, 1)),
            blanks=tuple(map(_blank, both.each("blanks"))), number=span(block.values[0][0]) if block.values else None,
            after_html=self.html(both, "after") if block.after else None,
            source=Text(f"{self.files.en.file}:{block.at[0]}", f"{self.files.cy.file}:{both.cy.at[0]}"),
        )  # fmt: skip

    def options(self, both: _Both) -> tuple[Option, ...]:
        """The answers on offer, without the decoys of a match."""
        known = targets(both.en.answers)
        answers = [answer for answer in both.each("answers") if both.en.name != "match" or lefts([answer.en])]
        return tuple(self.option(number, answer, known) for number, answer in enumerate(answers, 1))

    def option(self, number: int, both: _Both, known: dict[str, str]) -> Option:
        answer: Answer = both.en
        words = Text(*(draw_inline(own.words, setting) for own, setting in self.sides(both)))
        target = known[plain(answer.target)] if answer.target else None
        return Option(str(number), words, answer.right, self.html(both, "feedback"), target)

    def pool(self, both: _Both) -> Pool:
        id, draw = str(both.en.id), int(_option(both.en, "draw"))
        questions = tuple(map(self.question, both.each("parts")))
        return Pool(id, short_key("pool", self.id, id), draw, questions)

    def reflect(self, both: _Both) -> Reflect:
        block: Block = both.en
        options = dict(block.options)
        limits = options.get("words")
        low, _, high = limits.partition("..") if limits else ("", "", "")
        return Reflect(
            id=str(block.id), key=short_key("reflect", self.id, str(block.id)), prompt_html=self.words(both),
            prompt=both.text(lambda one: words_of(one.parts)),
            after_html=self.html(both, "after") if block.after else None,
            words=(int(low), int(high)) if limits else None, kind=_piece_kind(block),
            elements=self.shared.elements if block.name == "needs" else (), rows=int(options.get("rows", 3)),
            shared_as=f"{self.iri}/reflections/{block.id}" if "share" in options else None,
        )  # fmt: skip

    def words(self, both: _Both) -> Text:
        """The HTML of the words that a question or reflection begins with."""
        return Text(*("".join(draw(part.tokens, setting) for part in own.parts) for own, setting in self.sides(both)))

    def html(self, both: _Both, name: str, around: str = "{}") -> Text:
        """The HTML of the tokens that both sides hold under ``name``."""
        return Text(*(around.format(draw(getattr(own, name), setting)) for own, setting in self.sides(both)))

    def sides(self, both: _Both) -> list[tuple[Any, Setting]]:
        return list(zip((both.en, both.cy), self.settings, strict=True))


def _title(block: Block) -> str:
    return plain(parse_inline(block.title, block.at)[0])


def _option(block: Block, name: str) -> str:
    return dict(block.options).get(name, "")


def _blank(both: _Both) -> Blank:
    return Blank(str(both.en.meta["number"]), both.en.meta["variants"], both.cy.meta["variants"])


def _piece_kind(block: Block) -> PieceKind:
    purpose = PURPOSES.get(_option(block, "kind"), "reflection")
    return cast(PieceKind, purpose if block.name == "reflect" else block.name)


def _kind(block: Block) -> QuestionKind:
    """Square brackets allow several; two round ones that say True and False, in either language, are a true-false."""
    if block.name != "question":
        return cast(QuestionKind, block.name)
    if block.answers[0].mark == "square":
        return "multiple"
    said = frozenset(plain(answer.words).casefold().rstrip(".") for answer in block.answers if answer.words)
    return "true-false" if said in TRUTHS else "single"
