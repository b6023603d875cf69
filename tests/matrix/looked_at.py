"""The courses that are looked at: one of every kind of part, and the real one; and their documents in every format."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "player")]

import gallery_course  # noqa: E402
import tiny_course  # noqa: E402

from authoring.course import Callout, Course  # noqa: E402
from authoring.load import load  # noqa: E402
from authoring.packages import PACKAGES  # noqa: E402
from authoring.render import CALLOUTS  # noqa: E402

REAL = ROOT / "courses" / "knowing-the-business"


class Looked(NamedTuple):
    """A course, and the files of its package for a web server and for SCORM 1.2."""

    course: Course
    web: dict[str, bytes]
    scorm12: dict[str, bytes]


def gallery() -> Course:
    """The small course of the tests with the gallery as its third module, and a page of every callout."""
    callouts = [Callout(kind, None, (tiny_course.prose(f"A {kind}."),)) for kind in CALLOUTS]  # type: ignore[arg-type]
    pages = (*gallery_course.pages(), tiny_course.page("all", "callouts", *callouts))
    modules = (tiny_course.sharing(), tiny_course.second(), tiny_course.module("all", 3, *pages))
    return replace(gallery_course.course(), modules=modules)


def courses() -> dict[str, Course]:
    """What is looked at, by name."""
    return {"gallery": gallery(), "course": load(REAL)}


def looked_at(name: str) -> Looked:
    """One of the courses, built."""
    course = courses()[name]
    return Looked(course, PACKAGES["web"](course).files(), PACKAGES["scorm12"](course).files())


def documents() -> dict[str, bytes]:
    """Every HTML document of the courses in every format, and in packages that open each module by itself, once."""
    found: dict[bytes, str] = {}
    for name, course in courses().items():
        for shape in (course, replace(course, sco_per="module")):
            for kind, package in PACKAGES.items():
                for path, body in package(shape).files().items():
                    if path.endswith(".html"):
                        found.setdefault(body, f"{name}-{shape.sco_per}-{kind}-{path}")
    return {name: body for body, name in found.items()}
