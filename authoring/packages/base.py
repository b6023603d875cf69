"""What every package is: documents, media, course.json, and what its standard adds."""

import json
from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from jinja2 import Template

from authoring.course import Course, Module, Text
from authoring.manifest import facts_outline, outline
from authoring.render import Drawing, render, templates

HERE = Path(__file__).parent
LONGEST_TITLE = 200


class Unit(NamedTuple):
    """What an LMS launches and keeps a status for (SCORM: a SCO; cmi5: an assignable unit), and what it holds."""

    id: str
    iri: str
    title: Text
    summary: Text
    href: str
    modules: tuple[Module, ...]

    @property
    def scored(self) -> bool:
        """Whether any question in it is worth points."""
        return any(map(scored, self.modules))

    @property
    def marked(self) -> bool:
        """Whether any of its modules has a pass mark, so that it is passed or failed."""
        return any(module.pass_mark is not None for module in self.modules)

    @property
    def mark(self) -> int | None:
        """The pass mark that one score of the whole unit can be held against, in per cent.

        None where several modules are scored together: 100 and 60 are 80 on the average, and one of the two failed.
        """
        worth = [module.pass_mark for module in self.modules if scored(module)]
        return worth[0] if len(worth) == 1 else None


class Package(ABC):
    """A course laid out for one standard; a format is a class that fills in the data below."""

    name: ClassVar[str]
    adapter: ClassVar[str]
    # Whether the standard has an LMS launch the modules one by one where course.yml asks for it.
    splits: ClassVar[bool] = True

    def __init__(self, course: Course) -> None:
        self.course = course
        self.outline: dict[str, Any] = outline(course, self.name)

    def files(self) -> dict[str, bytes]:
        """Every file of the package: path in the zip -> bytes."""
        content = {**self.pages(), **self.media(), **self.facts()}
        return {**content, **self.control(sorted(content))}

    @property
    def by_module(self) -> bool:
        """Whether each module is launched by itself."""
        return self.splits and self.course.sco_per == "module"

    def units(self) -> tuple[Unit, ...]:
        """What an LMS launches: the course, or each of its modules."""
        course = self.course
        if not self.by_module:
            return (Unit(course.id, course.iri, course.title, course.summary, "index.html", course.modules),)
        return tuple(Unit(one.id, one.iri, one.title, one.summary, one.document, (one,)) for one in course.modules)

    def pages(self) -> dict[str, bytes]:
        """The documents, and the player with the adapter of this standard, in three scripts."""
        if not self.by_module:
            return render(self.course, self.adapter, self.outline)
        documents = {module.document: self._alone(module) for module in self.course.modules}
        return {**documents, **Drawing(self.course, self.adapter, self.outline).scripts()}

    def _alone(self, module: Module) -> bytes:
        """The document of a module that knows of no other, but which of how many it is."""
        course = replace(self.course, modules=(module,))
        # The id names the browser's own copy of a learner's state, of which each module needs its own.
        told = {**outline(course, self.name), "id": f"{self.course.id}.{module.id}", "alone": len(self.course.modules)}
        return Drawing(course, self.adapter, told).document(module.document)

    def media(self) -> dict[str, bytes]:
        """The images and other files that the text leads to."""
        return self.course.media

    def facts(self) -> dict[str, bytes]:
        """course.json and facts.json."""
        told = {"course.json": self.outline, "facts.json": facts_outline(self.course)}
        # On one line: with indents the encoder is the slow one, which a build of every package would feel.
        return {name: json.dumps(content, ensure_ascii=False).encode() for name, content in told.items()}

    def control(self, content: list[str]) -> dict[str, bytes]:
        """The control documents that the standard asks for, given the paths of everything else; here none."""
        return {}

    @abstractmethod
    def explained(self) -> list[str]:
        """How an LMS will judge a learner by this package, and what its administrator must set; plain sentences."""


def scored(module: Module) -> bool:
    """Whether any question of the module is worth points; those on a scale are not."""
    return any(question.kind != "scale" for question in module.questions())


def bilingual(text: Text) -> str:
    """A title for an LMS, which shows one whatever the learner's language; SCORM lets it have 200 characters."""
    both = text.en if text.en == text.cy else f"{text.en} / {text.cy}"
    return both if len(both) <= LONGEST_TITLE else text.en[:LONGEST_TITLE]


@cache
def template(name: str) -> Template:
    """A template of a control document; what it is given is escaped by Jinja."""
    return templates(HERE / "templates").get_template(name)


@cache
def schemas(*folders: str) -> dict[str, bytes]:
    """The control documents of our own writing in the folders: name -> bytes."""
    return {
        path.name: path.read_bytes() for folder in folders for path in sorted((HERE / "schemas" / folder).iterdir())
    }
