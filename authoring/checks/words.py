"""The agreed words: where the English uses a term of the glossary, the Welsh uses the Welsh term."""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from authoring.blocks import PageSource
from authoring.checks.mutations import WORD, akin, mutations, shape, stems
from authoring.problems import Problem
from authoring.rules import Place, problem
from authoring.source import ModuleFile, Source, mapping

# What is read as words: not the addresses of links, ids, the lines that open blocks, or the signs of Markdown.
AROUND = re.compile(r"\]\([^)\s]*\)|\{[^{}\n]*\}|^[ \t>]*:::.*", re.M)
SIGNS = "*_`[]"
LINK = re.compile(r"\[([^\[\]]*)\]\(term:([^)\s]*)\)")
SHORT = re.compile(r"(.*?)\s*\(([^()]+)\)")
ARTICLE = re.compile(r"\A(?:the|yr?)\s+")
EMPTY = {"the", "and", "for", "with", "dros", "gan", "sy", "sydd", "yn"}
# How many words may stand between two words of a Welsh term: “anghenion plentyn am ofal a chymorth”.
BETWEEN = 4


class Agreed(NamedTuple):
    """A term of the glossary: what the English text may call it, and what the Welsh text then may."""

    id: str
    english: tuple[str, ...]
    welsh: tuple[str, ...]
    term: str


class _Text:
    """A page in one language, as words."""

    def __init__(self, file: ModuleFile, page: PageSource) -> None:
        self.file = file
        self.page = page
        self.source = "\n".join(file.lines[page.at[0] - 1 : page.last - 1])
        self.key = (file.file, page.at, self.source)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Text) and self.key == other.key

    @cached_property
    def plain(self) -> str:
        """In small letters, white space and apostrophes made alike."""
        return _plain(_words(self.source))

    @cached_property
    def shapes(self) -> list[str]:
        """Word by word, with every vowel the same."""
        return WORD.findall(shape(self.plain))

    def links(self, term: str) -> list[tuple[str, Place]]:
        """The words of each link to a term, with its place."""
        return [(_plain(link[1]), self._place(link.start())) for link in self._links if link[2] == term]

    @cached_property
    def _links(self) -> list[re.Match[str]]:
        return list(LINK.finditer(self.source))

    def _place(self, offset: int) -> Place:
        line = self.source.count("\n", 0, offset)
        column = offset - self.source.rfind("\n", 0, offset)
        return self.file.place((self.page.at[0] + line, column))

    def line_of(self, phrase: str) -> int:
        """The line of the file on which a phrase begins, or that of the page."""
        for number, line in enumerate(self.source.split("\n")):
            if phrase.split(" ")[0] in line.casefold() and phrase in _plain(_words(line)):
                return self.page.at[0] + number
        return self.page.at[0]


def _words(text: str) -> str:
    text = AROUND.sub("", text)
    for sign in SIGNS:
        text = text.replace(sign, "")
    return text


def _plain(text: str) -> str:
    return " ".join(text.replace("'", "’").casefold().split())


def welsh_terms_are_used(source: Source) -> Iterator[Problem]:
    """welsh-term: page by page, each term that the English links, or names in two words or more.

    Mutated and inflected forms count, and a shortened one where the English link is shortened too.
    """
    known = source.table("glossary").items()
    terms = tuple(found for id, entry in known if (found := _agreed(id, mapping(entry))))
    for _, pair in sorted(source.modules.items()):
        if len(pair) == 2:
            twins = {page.id: page for page in reversed(pair["cy"].pages)}
            for page in pair["en"].pages:
                if page.id in twins:
                    yield from _of_page(_Text(pair["en"], page), _Text(pair["cy"], twins[page.id]), terms)


def _agreed(id: str, entry: dict[str, object]) -> Agreed | None:
    english, welsh = (mapping(entry.get(language)).get("term") for language in ("en", "cy"))
    if not isinstance(english, str) or not isinstance(welsh, str):
        return None
    names = _names(english)
    # A short form that is English is often the name in Welsh too, such as that of a body.
    return Agreed(id, names, tuple(dict.fromkeys((*_names(welsh), *names[1:]))), welsh)


def _names(term: str) -> tuple[str, ...]:
    """“Long name (LN)” as its two names, articles left out."""
    found = SHORT.fullmatch(term)
    return tuple(ARTICLE.sub("", _plain(name), count=1) for name in (found.groups() if found else (term,)))


@lru_cache(maxsize=1024)
def _of_page(english: _Text, welsh: _Text, terms: tuple[Agreed, ...]) -> tuple[Problem, ...]:
    """What one page lacks; looked for once, so that a preview looks only at the pages that were saved."""
    return tuple(_lacking(english, welsh, terms))


def _lacking(english: _Text, welsh: _Text, terms: tuple[Agreed, ...]) -> Iterator[Problem]:
    for term in terms:
        linked = f"](term:{term.id})" in english.source and _linked_by_name(english, term)
        named = next((name for name in term.english if name in english.plain and _names_it(name, english.plain)), None)
        if (linked or named) and not any(_says(welsh, name) for name in term.welsh):
            links = welsh.links(term.id)
            if linked and links:
                yield from _links(english, links, term)
            else:
                yield _lacks(english, welsh, term, named)


def _linked_by_name(english: _Text, term: Agreed) -> bool:
    """Whether a link has a word of the term in it: other words can be said of a thing in either language."""
    parts = {part for name in term.english for part in _content(name) or [name]}
    return any(words in term.english or parts & set(WORD.findall(words)) for words, _ in english.links(term.id))


def _names_it(name: str, text: str) -> bool:
    """Whether the English text uses a term of two words or more; a single word has senses of its own."""
    return len(_content(name)) > 1 and (_stands(name, text) or _stands(f"{name}s", text))


def _stands(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text with no letter at either side."""
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not text[max(at - 1, 0) : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(phrase, at + 1)
    return False


@lru_cache(maxsize=1024)
def _content(name: str) -> list[str]:
    return [word for word in WORD.findall(name) if len(word) > 2 and word not in EMPTY]


def _says(welsh: _Text, name: str) -> bool:
    """Whether a page has a Welsh term, each of its words as it is, mutated or inflected."""
    first, gap, rest = name.partition(" ")
    if any(_stands(form + gap + rest, welsh.plain) for form in mutations(first)):
        return True
    wanted = [stems(word) for word in _content(name) or WORD.findall(name)]
    starts = (number for number, word in enumerate(welsh.shapes) if wanted and akin(word, wanted[0]))
    return any(_follow(wanted[1:], welsh.shapes, start) for start in starts)


def _follow(wanted: list[tuple[str, ...]], words: list[str], at: int) -> bool:
    """Whether the other words of a term follow, each soon after the one before."""
    for one in wanted:
        near = range(at + 1, min(at + 2 + BETWEEN, len(words)))
        at = next((number for number in near if akin(words[number], one)), len(words))
    return at < len(words)


def _links(english: _Text, links: list[tuple[str, Place]], term: Agreed) -> Iterator[Problem]:
    """The first Welsh link whose words are not the term; a part of it will do where an English link is but a part."""
    shortened = any(words not in term.english for words, _ in english.links(term.id))
    for words, place in links:
        parts = [part for name in term.welsh for part in _content(name) or [name]]
        if not (shortened and any(akin(word, stems(part)) for part in parts for word in WORD.findall(shape(words)))):
            yield problem("welsh-term", place, f"“{words}” is linked here; the agreed term is “{term.term}”.")
            return


def _lacks(english: _Text, welsh: _Text, term: Agreed, named: str | None) -> Problem:
    links = english.links(term.id)
    said, line = (named, english.line_of(named)) if named else (links[0][0], links[0][1].line)
    words = f"English has “{said}” ({english.file.file}:{line}); this page has no “{term.term}”."
    return problem("welsh-term", welsh.file.place(welsh.page.at), words)


RULES = (welsh_terms_are_used,)
