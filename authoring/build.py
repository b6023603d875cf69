"""Builds a course: load, check, render, package, write. Nothing is written before everything has been gathered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from authoring.checks import faults
from authoring.course import Authority, Course
from authoring.load import course as course_of
from authoring.output import Output
from authoring.overlays import authorities as authorities_of
from authoring.overlays import authority
from authoring.packages import PACKAGES
from authoring.problems import CourseError
from authoring.secrecy import store_address
from authoring.source import Source, read

Progress = Callable[[str], None]


class Built(NamedTuple):
    """A package as written: its file, its size in bytes, and the digest of its content.

    ``authority`` is the slug of whose it is, if anybody's; ``explained`` says when an LMS will show completed.
    """

    format: str
    authority: str | None
    path: Path
    size: int
    digest: str
    explained: tuple[str, ...]


def build(
    folder: Path,
    out: Path,
    formats: Sequence[str],
    lrs: str | None = None,
    *,
    authorities: Sequence[str] | None = (),
    release: bool = False,
    today: date | None = None,
    progress: Progress = lambda step: None,
) -> list[Built]:
    """Builds the course in ``folder`` below ``out``, for each of ``authorities`` in each of ``formats``.

    Authorities are slugs or GSS codes; None stands for every one of authorities.yml, nothing for the shared course.
    ``lrs`` is the record store's address. Raises CourseError with every problem that stops it (with ``release`` those
    that stop a release too), UnknownAuthority, AddressRefused, SecretFound, FileNotFoundError and OSError; what was
    built before stays as it was.
    """
    progress("read")
    source = read(folder, out / ".images")
    progress("check")
    refuse(source, today or date.today(), {"error", "release"} if release else {"error"})
    ordered = []
    with Output() as output:
        for course in [with_store(course_of(source, one), lrs) for one in chosen(source, authorities)]:
            for name in formats:
                package = PACKAGES[name](course)
                path = out / course.id / name / file_name(course)
                progress(path.name)
                output.add(path, package.files())
                ordered.append((name, course.authority and course.authority.slug, tuple(package.explained())))
        progress("write")
    return [
        Built(name, slug, *written, explained)
        for (name, slug, explained), written in zip(ordered, output.written, strict=True)
    ]


def chosen(source: Source, words: Sequence[str] | None) -> Sequence[Authority | None]:
    """Whom to build for; see ``build``. Raises UnknownAuthority."""
    if words is None:
        return authorities_of(source)
    return list(dict.fromkeys(authority(source, word) for word in words)) or [None]


def file_name(course: Course) -> str:
    """The name of a package's file."""
    own = f"-{course.authority.slug}" if course.authority else ""
    return f"{course.id}-{course.version}{own}.zip"


def refuse(source: Source, today: date, stopping: set[str]) -> None:
    """Raises CourseError where something of a severity in ``stopping`` is wrong."""
    if found := [one for one in faults(source, today) if one.severity in stopping]:
        raise CourseError(found)


def with_store(course: Course, lrs: str | None) -> Course:
    """The course with the record store named on the command line, or else that of course.yml."""
    address = lrs or course.record_store
    return replace(course, record_store=store_address(address) if address else None)
