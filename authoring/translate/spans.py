"""Where words stand in a file, and how other words are put in their place without touching anything else."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A part of one line: the line counts from 1, the columns from 0, the end is not included."""

    line: int
    start: int
    end: int


class Edit(NamedTuple):
    """New rows for the place of some spans, which lie on lines that follow each other."""

    spans: tuple[Span, ...]
    rows: list[str]


class Unplaced(Exception):
    """Words that the parser found cannot be found in the line they come from; carries the line and the file."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.file = ""
        super().__init__(line)


def edited(lines: list[str], edits: Iterable[Edit]) -> list[str]:
    """The lines with each edit made. Edits do not overlap. A line ends as the one it replaces did (``\\r`` or not)."""
    lines = list(lines)
    for spans, rows in sorted(edits, key=lambda edit: edit.spans[0], reverse=True):
        first, last = spans[0], spans[-1]
        before, after = lines[first.line - 1][: first.start], lines[last.line - 1][last.end :]
        end = "\r" if after.endswith("\r") else ""
        more = _continued(before)
        new = [before + rows[0], *(more + row for row in rows[1:])]
        lines[first.line - 1 : last.line] = [*(row + end for row in new[:-1]), new[-1] + after]
    return lines


def _continued(before: str) -> str:
    """What a further line of the same paragraph begins with: the marks of quotes stay, all others become spaces."""
    return re.sub(r"[^>\s]", " ", before)
