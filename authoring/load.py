"""Lays the English and the Welsh of a course together into one bilingual Course."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote

from authoring.blocks import Answer, Block, PageSource, Words, words_of
from authoring.checks import problems
from authoring.course import (
    Accordion,
    Callout,
    CompleteWhen,
    Course,
    Fold,
    Module,
    Option,
    Page,
    Part,
    Prose,
    Question,
    Reflect,
    Term,
    Text,
    Verb,
    short_key,
)  # fmt: skip
from authoring.images import size
from authoring.links import Site, document_name, fact_sources, module_ids, site
from authoring.markdown import parse_inline, plain
from authoring.problems import CourseError
from authoring.prose import Setting, draw, draw_inline
from authoring.source import ModuleFile, Source, read

TRUTHS = {frozenset(("true", "false")), frozenset(("gwir", "gau")), frozenset(("cywir", "anghywir"))}


def load(folder: Path) -> Course:
    """The course in ``folder``.

    Raises CourseError with every error in it, and FileNotFoundError where there is no such folder.
    """
    source = read(folder)
    if errors := [one for one in problems(source, date.today()) if one.severity == "error"]:
        raise CourseError(errors)
    return course(source)


def course(source: Source) -> Course:
    """The bilingual course of a source in which the rules found no error."""
    table = source.table("course")
    by_id = {pair["en"].id: (pair["en"], pair["cy"]) for pair in source.modules.values()}
    shared = _Shared(source, site(source), {name: (source.folder / name).read_bytes() for name in source.media})
    modules = tuple(_Pairing(shared, number, *by_id[id]).module() for number, id in enumerate(module_ids(source), 1))
    return Course(
        id=table["id"], iri=table["iri"], version=table["version"],
        title=Text(**table["title"]), summary=Text(**table["summary"]), modules=modules,
        verbs={name: Verb(verb["id"], Text(verb["en"], verb["cy"])) for name, verb in table["verbs"].items()},
        types=table["types"], extensions=table["extensions"], interactions=table.get("interactions", False),
        sco_per=table.get("sco", "course"), record_store=table.get("record-store"), media=shared.used,
        complete_when=completion(table)[0],
    )  # fmt: skip


def completion(table: dict[str, Any], otherwise: str = "answered") -> tuple[CompleteWhen, int | None]:
    """What counts as complete, and the pass mark in per cent where there is one."""
    word, _, mark = str(table.get("complete-when", otherwise)).partition(" ")
    return cast(CompleteWhen, word), int(mark) if mark else None


class _Shared:
    """What the modules of a course have in common; ``used`` gathers the media the text leads to."""

    def __init__(self, source: Source, known: Site, media: dict[str, bytes]) -> None:
        self.source = source
        self.site = known
        self.media = media
        self.used: dict[str, bytes] = {}
        self.sizes = {name: found for name, data in media.items() if (found := size(name, data))}
        self.terms = {id: _term(id, entry) for id, entry in source.table("glossary").items()}

    def setting(self, file: ModuleFile) -> Setting:
        facts = {fact: fact_sources(self.source, fact, file.language) for fact in self.source.table("facts")}
        return Setting(file.file, file.language, self.site, self.sizes, facts)

    def use(self, name: str) -> None:
        if name in self.media:
            self.used[name] = self.media[name]


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
            pages=tuple(map(self.page, self.files.each("pages"))), terms=self.terms(),
        )  # fmt: skip

    def terms(self) -> tuple[Term, ...]:
        """The terms that either language links to, in the order of the English alphabet; media on the way are noted."""
        linked = set()
        for file in (self.files.en, self.files.cy):
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
        if name == "question":
            return self.question(both)
        if name == "reflect":
            return self.reflect(both)
        if name == "accordion":
            return Accordion(tuple(map(self.fold, both.each("folds"))))
        title = both.text(_title) if both.en.title else None
        return Callout(name, title, self.parts(both.each("parts")))

    def fold(self, both: _Both) -> Fold:
        return Fold(both.text(lambda fold: plain(fold.title)), self.parts(both.each("parts")))

    def question(self, both: _Both) -> Question:
        block: Block = both.en
        answers = both.each("answers")
        options = dict(block.options)
        return Question(
            id=str(block.id), key=short_key("question", self.id, str(block.id)), iri=f"{self.iri}/questions/{block.id}",
            kind=_kind(answers), stem_html=self.words(both), stem=both.text(lambda one: words_of(one.parts)),
            options=tuple(self.option(number, answer) for number, answer in enumerate(answers, 1)),
            hint_html=self.html(both, "hint", "<p>{}</p>\n") if block.hint else None,
            points=int(options.get("points", 1)),
        )  # fmt: skip

    def option(self, number: int, both: _Both) -> Option:
        answer: Answer = both.en
        words = Text(*(draw_inline(own.words, setting) for own, setting in self.sides(both)))
        return Option(str(number), words, answer.right, self.html(both, "feedback"))

    def reflect(self, both: _Both) -> Reflect:
        block: Block = both.en
        limits = dict(block.options).get("words")
        low, _, high = limits.partition("..") if limits else ("", "", "")
        return Reflect(
            id=str(block.id), key=short_key("reflect", self.id, str(block.id)), prompt_html=self.words(both),
            prompt=both.text(lambda one: words_of(one.parts)),
            after_html=self.html(both, "after") if block.after else None,
            words=(int(low), int(high)) if limits else None,
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


def _kind(answers: list[_Both]) -> Literal["single", "multiple", "true-false"]:
    """Square brackets allow several; two round ones that say True and False, in either language, are a true-false."""
    if answers[0].en.mark == "square":
        return "multiple"
    said = frozenset(plain(answer.en.words).casefold().rstrip(".") for answer in answers)
    return "true-false" if said in TRUTHS else "single"
