"""Reads the folder of a course as its authors wrote it, with the line of everything, and stops at nothing."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from authoring.blocks import Block, PageSource, Part, every_block, pages, parts
from authoring.markdown import groups, parse
from authoring.problems import Problem
from authoring.rules import Place, problem
from authoring.schema import breaches
from authoring.yaml12 import Yaml, read_yaml

MODULE_FILE = re.compile(r"(\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*)\.(en|cy)\.md")
OVERLAYS = "overlays/"
FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\n?", re.S | re.M)
TABLES = ("course", "glossary", "standard", "authorities", "facts", "translations", "elsewhere")


@dataclass(slots=True)
class ModuleFile:
    """One module in one language; or an authority's overlay to one, whose ``pages`` are the slots that it fills."""

    file: str
    language: str
    lines: list[str]
    front: Yaml
    tokens: list[Token]
    before: list[Part]
    pages: list[PageSource]
    problems: list[Problem]

    @property
    def fills(self) -> bool:
        """Whether it is an overlay."""
        return self.file.startswith(OVERLAYS)

    @property
    def id(self) -> str | None:
        """The module's id, where the front matter gives one."""
        found = mapping(self.front.value).get("id")
        return found if isinstance(found, str) else None

    def place(self, at: tuple[int, int]) -> Place:
        """A line and column of this file."""
        return Place(self.file, *at)

    def page_hash(self, page: PageSource) -> str:
        """Twelve hex digits that change when the source of the page does (white space at the ends of lines aside)."""
        text = "\n".join(line.rstrip() for line in self.lines[page.at[0] - 1 : page.last - 1]).strip()
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(slots=True)
class Source:
    """A course's folder as read: seven YAML files (empty where missing), modules and overlays.

    ``modules`` are by slug and language, ``overlays`` by authority, slug and language. ``cache`` is where pictures made
    smaller are kept, if anywhere. ``laid`` is what has been laid out from it, which is not done twice.
    """

    folder: Path
    tables: dict[str, Yaml]
    modules: dict[str, dict[str, ModuleFile]]
    media: list[str]
    names: list[str]
    problems: list[Problem] = field(default_factory=list)
    overlays: dict[str, dict[str, dict[str, ModuleFile]]] = field(default_factory=dict)
    cache: Path | None = None
    laid: Any = None

    def table(self, name: str) -> dict[str, Any]:
        """The content of one YAML file as a mapping, empty where it is none."""
        return mapping(self.tables[name].value)

    def unread(self, name: str) -> bool:
        """Whether one YAML file is there and cannot be read: then nobody knows what it lacks."""
        return self.tables[name].value is None and bool(self.tables[name].problems)

    def files(self) -> list[ModuleFile]:
        """Every module file, in order of slug, English first."""
        return [
            pair[language] for _, pair in sorted(self.modules.items()) for language in ("en", "cy") if language in pair
        ]

    def overlay_files(self) -> list[ModuleFile]:
        """Every overlay file, in order of authority and slug, English first."""
        return [
            pair[language]
            for _, by_slug in sorted(self.overlays.items())
            for _, pair in sorted(by_slug.items())
            for language in ("en", "cy")
            if language in pair
        ]

    def translated(self) -> Iterator[tuple[str, dict[str, ModuleFile]]]:
        """Every module by slug, then every overlay by authority, in the languages there are, by the name for readers.

        The name of a module is its id, that of an overlay MODULE@AUTHORITY; translations.yml goes by them.
        """
        for slug, pair in sorted(self.modules.items()):
            yield self._module_id(slug), pair
        for authority, by_slug in sorted(self.overlays.items()):
            for slug, pair in sorted(by_slug.items()):
                yield f"{self._module_id(slug)}@{authority}", pair

    def _module_id(self, slug: str) -> str:
        return next((file.id for file in self.modules.get(slug, {}).values() if file.id), slug)

    def texts(self) -> list[ModuleFile]:
        """Everything in which words stand: the module files, then the overlay files."""
        return self.files() + self.overlay_files()


def mapping(value: Any) -> dict[str, Any]:
    """``value`` if it is a mapping, else an empty one: for rules that look into what may be broken."""
    return value if isinstance(value, dict) else {}


def maps(value: Any) -> list[dict[str, Any]]:
    """The mappings of a list; what is no mapping, or no list, is told of elsewhere."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read(folder: Path, cache: Path | None = None) -> Source:
    """Everything in the folder; ``cache`` is a folder in which pictures made smaller may be kept.

    Raises FileNotFoundError when there is no such folder; all else becomes a problem.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}.")
    problems: list[Problem] = []
    tables = {name: _table(folder, name, problems) for name in TABLES}
    modules: dict[str, dict[str, ModuleFile]] = {}
    paths = sorted(folder.glob("*.md"))
    for path in paths:
        found = MODULE_FILE.fullmatch(path.name)
        if found is None:
            problems.append(problem("module-name", Place(path.name), f"“{path.name}” is no name for a module file."))
        elif (text := _text(path, path.name, problems)) is not None:
            module = module_file(path.name, found[2], text)
            modules.setdefault(found[1], {})[found[2]] = module
            problems.extend(module.problems)
    media = sorted(path.relative_to(folder).as_posix() for path in folder.glob("media/**/*") if path.is_file())
    overlays = _overlays(folder, problems)
    return Source(folder, tables, modules, media, [path.name for path in paths], problems, overlays, cache)


def _overlays(folder: Path, problems: list[Problem]) -> dict[str, dict[str, dict[str, ModuleFile]]]:
    """The overlay files by authority, slug and language; what has another name or place is a problem."""
    found: dict[str, dict[str, dict[str, ModuleFile]]] = {}
    for path in sorted((folder / OVERLAYS).glob("**/*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        known = MODULE_FILE.fullmatch(path.name) if name.count("/") == 2 else None
        if known is None:
            problems.append(problem("overlay-name", Place(name), f"“{name}” is no name for an overlay."))
        elif (text := _text(path, name, problems)) is not None:
            file = overlay_file(name, known[2], text)
            found.setdefault(path.parent.name, {}).setdefault(known[1], {})[known[2]] = file
            problems.extend(file.problems)
    return found


def _text(path: Path, name: str, problems: list[Problem]) -> str | None:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problems.append(
            problem("not-utf8", Place(name, line, column), "This file holds a character that is not UTF-8.")
        )
        return None


def _table(folder: Path, name: str, problems: list[Problem]) -> Yaml:
    file = f"{name}.yml"
    path = folder / file
    if not path.exists():
        if name == "course":
            problems.append(problem("file-missing", Place(file), "The course has no course.yml."))
        return Yaml(file, None, {}, [])
    text = _text(path, file, problems)
    if text is None:
        return Yaml(file, None, {}, [])
    found, wrong = _taken_apart(text, name)
    problems.extend(wrong)
    return found


@lru_cache(maxsize=64)
def _taken_apart(text: str, name: str) -> tuple[Yaml, tuple[Problem, ...]]:
    """A YAML file and what is wrong with it; the same text is taken apart once, as that of a module is."""
    found = read_yaml(text, f"{name}.yml")
    return found, tuple(found.problems or breaches(found, name))


@lru_cache(maxsize=128)
def module_file(file: str, language: str, text: str) -> ModuleFile:
    """One module file taken apart; the same text is taken apart once, so that a preview reads only what was saved."""
    front, body = _front(text, file)
    tokens, problems = parse(body, file)
    before, found = pages(tokens, body.count("\n") + 1)
    hints = [token for page in found for block in every_block(page.parts) for token in block.hint]
    return ModuleFile(
        file, language, text.split("\n"), front, tokens + hints, before, found, [*front.problems, *problems]
    )


@lru_cache(maxsize=1024)
def overlay_file(file: str, language: str, text: str) -> ModuleFile:
    """One overlay file taken apart: each slot that it fills as a page of its own, and ``before`` whatever else."""
    tokens, problems = parse(text, file)
    slots: list[PageSource] = []
    strays: list[Part] = []
    for group in groups(tokens):
        (part,) = parts(group)
        if isinstance(part, Block) and part.name == "local":
            end = (group[0].map or (0, 0))[1] + 2
            slots.append(PageSource(part.id, Token("inline", "", 0), part.at, end, [part]))
        else:
            strays.append(part)
    hints = [token for slot in slots for block in every_block(slot.parts) for token in block.hint]
    nothing = Yaml(file, {}, {}, [])
    return ModuleFile(file, language, text.split("\n"), nothing, tokens + hints, strays, slots, problems)


def taken_apart(file: str, language: str, text: str) -> ModuleFile:
    """A module file, or an overlay, by where it lies in the course."""
    return (overlay_file if file.startswith(OVERLAYS) else module_file)(file, language, text)


def _front(text: str, file: str) -> tuple[Yaml, str]:
    """The front matter, and the text with empty lines in its stead, so that every line keeps its number."""
    found = FRONT.match(text)
    if found is None:
        missing = problem("front-matter", Place(file), "This module has no front matter.")
        return Yaml(file, None, {}, [missing]), text
    front = read_yaml(found[1], file, 2)
    problems = front.problems or list(breaches(front, "module"))
    return front._replace(problems=problems), "\n" * found[0].count("\n") + text[found.end() :]
