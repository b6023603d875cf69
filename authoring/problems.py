"""What is wrong with a course: the rule, the place, a plain sentence and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "release"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault an author can mend. ``file`` is relative to the course folder; lines and columns count from 1."""

    file: str
    line: int
    column: int
    rule: str
    message: str
    mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.rule} {self.message} {self.mend}"


class CourseError(Exception):
    """The author's source cannot be built; carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
