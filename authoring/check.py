"""Says everything that is wrong with a course, at once."""

from datetime import date
from pathlib import Path

from authoring.checks import problems
from authoring.problems import Problem
from authoring.source import read


def check(folder: Path, today: date | None = None) -> list[Problem]:
    """Errors, warnings and what would stop a release, sorted by file and line.

    Raises FileNotFoundError where there is no such folder.
    """
    return problems(read(folder), today or date.today())
