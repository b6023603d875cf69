"""Builds a course: load, check, render, package, write. Nothing is written before everything has been gathered."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from authoring.checks import problems
from authoring.course import Course
from authoring.load import course as course_of
from authoring.packages import PACKAGES
from authoring.packages.base import digest, zipped
from authoring.problems import CourseError
from authoring.secrecy import refuse_secrets, store_address
from authoring.source import Source, read

Progress = Callable[[str], None]


class Built(NamedTuple):
    """A package as written: its file, its size in bytes, and the digest of its content."""

    format: str
    path: Path
    size: int
    digest: str
    course: Course


def build(
    folder: Path,
    out: Path,
    formats: Sequence[str],
    lrs: str | None = None,
    *,
    release: bool = False,
    today: date | None = None,
    progress: Progress = lambda step: None,
) -> list[Built]:
    """Builds the course in ``folder`` below ``out`` in each of ``formats``; ``lrs`` is the record store's address.

    Raises CourseError with every problem that stops it (with ``release`` those that stop a release too),
    AddressRefused, SecretFound, FileNotFoundError and OSError; what was built before stays as it was.
    """
    progress("read")
    source = read(folder)
    progress("check")
    refuse(source, today or date.today(), {"error", "release"} if release else {"error"})
    course = with_store(course_of(source), lrs)
    made = {}
    contents = {}
    for name in formats:
        progress(f"package {name}")
        files = PACKAGES[name](course).files()
        refuse_secrets(files)
        contents[name] = digest(files)
        made[out / course.id / name / f"{course.id}-{course.version}.zip"] = zipped(files)
    progress("write")
    write(made)
    sizes = map(len, made.values())
    return [
        Built(name, path, size, contents[name], course) for name, path, size in zip(contents, made, sizes, strict=True)
    ]


def gather(folder: Path, name: str) -> dict[str, bytes]:
    """The files of one package of the course in ``folder``, unwritten. Raises CourseError with every error."""
    source = read(folder)
    refuse(source, date.today(), {"error"})
    return PACKAGES[name](course_of(source)).files()


def refuse(source: Source, today: date, stopping: set[str]) -> None:
    """Raises CourseError where something of a severity in ``stopping`` is wrong."""
    if found := [one for one in problems(source, today) if one.severity in stopping]:
        raise CourseError(found)


def with_store(course: Course, lrs: str | None) -> Course:
    """The course with the record store named on the command line, or else that of course.yml."""
    address = lrs or course.record_store
    return replace(course, record_store=store_address(address) if address else None)


def write(made: dict[Path, bytes]) -> None:
    """Writes each zip to its final name, whole or not at all, and none before all of them are safe on the disk."""
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in made}
    try:
        for path, part in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path)
            with part.open("wb") as file:
                file.write(made[path])
                file.flush()
                os.fsync(file.fileno())
        for path, part in parts.items():
            os.replace(part, path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Removes what builds that were killed have left beside ``path``; those of builds still running stay."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        if not _runs(part.suffixes[-2].lstrip(".")):
            part.unlink(missing_ok=True)


def _runs(process: str) -> bool:
    if os.name == "nt":  # there signal 0 is not a question but Ctrl+C
        return False
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        return True
    return int(process) != os.getpid()
