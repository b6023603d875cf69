"""What is on show: a course as it is being written, drawn no further than somebody looks, or a package as built."""

import json
import sys
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Condition, Lock
from typing import Any, NamedTuple
from weakref import finalize

from authoring.checks import problems as problems_of
from authoring.course import Authority, Course, Text
from authoring.load import course as course_of
from authoring.packages import PACKAGES, Package
from authoring.preview.archive import Unit, outline_of, standard_of, units
from authoring.preview.places import spot_of
from authoring.problems import Problem
from authoring.render import SCRIPTS, Drawing
from authoring.rules import RULES
from authoring.source import Source, read

MOST_VIEWS = 12
# Seconds in which the page is fetched before anything is said of what is wrong.
FIRST_THE_PAGE = 0.04
MOST_TOLD = 300
NOBODY = Text("", "")


class View(NamedTuple):
    """Which package is looked at: its standard, and the GSS code of its authority or "" for none."""

    standard: str
    authority: str


class Drawn:
    """One package of one version of the course; each document is drawn when it is first asked for."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.drawing = Drawing(package.course, package.adapter, package.outline)
        self.done: dict[str, bytes] = {}
        self.lock = Lock()

    def file(self, name: str) -> bytes | None:
        """One file of the package."""
        with self.lock:
            if name not in self.done:
                if self.package.by_module and name.endswith(".html"):
                    self.done |= self.package.pages()
                elif name in self.drawing.names():
                    self.done[name] = self.drawing.document(name)
                elif name in SCRIPTS:
                    self.done |= self.drawing.scripts()
                else:
                    self.done |= self.rest()
            return self.done.get(name)

    def rest(self) -> dict[str, bytes]:
        """What is no document: media, course.json and the control documents."""
        content = {**self.package.media(), **self.package.facts()}
        pages = self.drawing.modules if self.package.by_module else self.drawing.names()
        names = sorted({*content, *pages, *SCRIPTS})
        return {**content, **self.package.control(names)}


@dataclass(slots=True)
class State:
    """What the pages are told when something changes.

    ``version`` counts the versions of the course, ``anew`` those for which a page has to be opened again.
    """

    version: int = 0
    anew: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    release: list[dict[str, Any]] = field(default_factory=list)
    good: bool = True

    def news(self) -> str:
        """Which version there is, as JSON."""
        return json.dumps({"version": self.version, "anew": self.anew})

    def wrong(self) -> str:
        """What is wrong, as JSON."""
        return json.dumps({"problems": self.problems, "release": self.release})


class Live:
    """A course folder: the last good version, drawn lazily, and what is wrong with it since."""

    formats = tuple(PACKAGES)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changed = Condition()
        self.state = State(good=False)
        self.problems: list[Problem] = []
        self.source: Source | None = None
        self.drawn: dict[View, Drawn] = {}
        self._seen: tuple[Any, Any] = (None, None)
        # Pictures made smaller, which take long, from one save to the next.
        self._pictures = Path(mkdtemp(prefix="ktb-preview-"))
        finalize(self, rmtree, self._pictures, ignore_errors=True)

    def update(self) -> None:
        """Reads the folder again; where it is broken the last good version stays, with the problems beside it."""
        try:
            source = read(self.folder, self._pictures)
            problems = problems_of(source, date.today())
            course = None if any(one.severity == "error" for one in problems) else course_of(source)
        except OSError as error:  # a file that an editor is just replacing
            print(f"The course could not be read: {error}", file=sys.stderr, flush=True)
            return
        except Exception:  # a fault of ours: say so, and keep what can be shown
            traceback.print_exc()
            return
        with self.changed:
            self.problems = problems
            if course is not None and self._take(source, course):
                self.changed.notify_all()
                self.changed.wait(FIRST_THE_PAGE)
            self._tell(source)
            self.changed.notify_all()

    def _take(self, source: Source, course: Course) -> bool:
        """Puts a version on show; whether it is another than before."""
        first = self._draw(self.formats[0], course)
        # The player in a page has no more parts than the course that it was opened with needed.
        seen = words_of(source), (stamps_of(source), first.drawing.spared)
        if seen == self._seen:
            return False
        self.state.version += 1
        self.state.anew += seen[1] != self._seen[1]
        self._seen = seen
        self.source = source
        self.drawn = {View(self.formats[0], ""): first}
        return True

    def _tell(self, source: Source) -> None:
        release = Counter(one.rule for one in self.problems if one.severity == "release")
        told = [one for one in self.problems if one.severity != "release"]
        self.state.problems = [{**asdict(one), **spot_of(one, source)._asdict()} for one in told[:MOST_TOLD]]
        self.state.release = [
            {"rule": rule, "count": count, "asks": RULES[rule].asks} for rule, count in release.items()
        ]
        self.state.good = self.source is not None and not any(one.severity == "error" for one in told)

    def file(self, view: View, name: str) -> bytes | None:
        """One file of the last good version, or None."""
        drawn = self._drawn(view)
        return drawn.file(name) if drawn else None

    def _drawn(self, view: View) -> Drawn | None:
        with self.changed:
            source, drawn = self.source, self.drawn
        if source is None or view.standard not in self.formats:
            return None
        if view not in drawn:
            authority = self._authority(view.authority)
            if view.authority and authority is None:
                return None
            drawn[view] = self._draw(view.standard, course_of(source, authority))
            while len(drawn) > MOST_VIEWS:
                drawn.pop(next(iter(drawn)))
        return drawn[view]

    def _draw(self, standard: str, course: Course) -> Drawn:
        """A package that tells no record store: what an author tries out is nobody's record."""
        return Drawn(PACKAGES[standard](replace(course, record_store=None)))

    def authorities(self) -> list[Authority]:
        """The authorities that overlays can be written for."""
        entries = self.source.tables["authorities"].value if self.source else None
        return [
            Authority(one["gss"], one["slug"], Text(**one["area"]), Text(**one["council"])) for one in entries or []
        ]

    def _authority(self, gss: str) -> Authority | None:
        return next((one for one in self.authorities() if one.gss == gss), None)

    def units(self, view: View) -> list[Unit]:
        """What can be launched."""
        names = ("cmi5.xml", "tincan.xml", "imsmanifest.xml")
        return units({name: data for name in names if (data := self.file(view, name))})

    def titles(self) -> tuple[str, Text]:
        """The course's IRI, and its title."""
        table = self.source.table("course") if self.source else {}
        return str(table.get("iri", "")), Text(**table["title"]) if table else NOBODY


def words_of(source: Source) -> list[Any]:
    """What two versions of a course differ in where a page can be changed in place."""
    return [*(id(file) for file in source.texts()), *(table.value for table in source.tables.values())]


def stamps_of(source: Source) -> list[Any]:
    """What two versions differ in where pages have to be opened again: pictures and recordings."""
    stats = ((name, (source.folder / name).stat()) for name in source.media)
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]


class Packed:
    """A package as it was built; nothing of it changes."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.formats = (standard_of(files),)
        self.changed = Condition()
        self.state = State(version=1)
        self.problems: list[Problem] = []

    def file(self, view: View, name: str) -> bytes | None:
        """One file of the package, or None."""
        return self.files.get(name) if view == View(self.formats[0], "") else None

    def authorities(self) -> list[Authority]:
        """None: a package is that of one authority already."""
        return []

    def units(self, view: View) -> list[Unit]:
        """What can be launched."""
        return units(self.files)

    def titles(self) -> tuple[str, Text]:
        """The course's IRI and its title, from the course.json of our own packages."""
        outline = outline_of(self.files)
        title = outline.get("title")
        words = title if isinstance(title, dict) else {}
        return str(outline.get("iri", "")), Text(str(words.get("en", "")), str(words.get("cy", "")))


Show = Live | Packed
