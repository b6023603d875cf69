"""What the commands of ktb have in common: the course they are about, and how they end badly."""

import sys
from pathlib import Path
from typing import NoReturn

import click

COURSES = Path("courses")
COURSE = click.argument("course", required=False, type=click.Path(path_type=Path))


def course_folder(given: Path | None) -> Path:
    """The folder named, or the one we stand in, or the only one below ./courses.

    Raises click.UsageError (exit code 2) where there is none.
    """
    if given is not None:
        if not (given / "course.yml").is_file() and not given.is_dir():
            raise click.UsageError(f"There is no folder {given}.")
        return given
    if Path("course.yml").is_file():
        return Path()
    found = sorted(path.parent for path in COURSES.glob("*/course.yml"))
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(f"Which course? There are {', '.join(map(str, found))}.")
    raise click.UsageError("There is no course here or below ./courses. Name its folder, or begin one: ktb new course.")


def fail(words: str) -> NoReturn:
    """Says why and leaves with exit code 1."""
    click.echo(words, err=True)
    sys.exit(1)
