"""YAML 1.2 as authors write it: words stay words, and every key knows its line and column."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.resolver import BaseResolver

from authoring.problems import Problem
from authoring.rules import Place, problem

Path = tuple[str | int, ...]

PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str")}
# The core schema of YAML 1.2, section 10.3, less octal, hexadecimal, infinity and not-a-number.
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"[-+]?[0-9]+")
DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


class _Nodes(CParser, BaseResolver):
    """The parser alone: without resolvers every plain scalar stays text until we look at it."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        BaseResolver.__init__(self)


class Yaml(NamedTuple):
    """What a YAML text says, where each key stands, and what is wrong with it."""

    file: str
    value: Any
    marks: dict[Path, tuple[int, int]]
    problems: list[Problem]

    def place(self, *path: str | int) -> Place:
        """Where the value at ``path`` is given, or the nearest thing around it."""
        while path and path not in self.marks:
            path = path[:-1]
        return Place(self.file, *self.marks.get(path, (1, 1)))


def read_yaml(text: str, file: str, first_line: int = 1) -> Yaml:
    """Reads one YAML document; ``first_line`` is the line of ``file`` at which ``text`` begins. Never raises."""
    reading = _Reading(file, first_line)
    try:
        node = _Nodes(text).get_single_node()
        value = reading.value(node, ()) if node else None
    except yaml.YAMLError as error:
        value = None
        reading.syntax(error, text)
    return Yaml(file, value, reading.marks, reading.problems)


class _Reading:
    """One pass over the nodes of a document."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.marks: dict[Path, tuple[int, int]] = {(): (first_line, 1)}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def mark(self, node: Any) -> tuple[int, int]:
        return node.start_mark.line + self.first_line, node.start_mark.column + 1

    def report(self, rule: str, mark: tuple[int, int], message: str) -> None:
        self.problems.append(problem(rule, Place(self.file, *mark), message))

    def syntax(self, error: yaml.YAMLError, text: str) -> None:
        # Of what does not end, the parser tells the end of the file, or the line after; its beginning is what to mend.
        mark, context = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
        unended = str(getattr(error, "context", "")).startswith("while scanning")
        if context and mark and (unended or mark.index >= len(text)):
            mark = context
        line = min(mark.line, text.count("\n")) if mark else 0
        where = (line + self.first_line, mark.column + 1 if mark else 1)
        why = getattr(error, "problem", None) or "it holds a character that YAML does not allow"
        self.report("yaml-syntax", where, f"This is not YAML that can be read: {why}.")

    def value(self, node: Any, path: Path) -> Any:
        # An alias gives the node of its anchor a second time; a few lines of them can unfold to gigabytes.
        if id(node) in self.seen or node.tag not in PLAIN_TAGS:
            self.report("yaml-plain", self.mark(node), "This value uses an alias or a tag of YAML.")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self.entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.item(child, (*path, number)) for number, child in enumerate(node.value)]
        return scalar(node.value) if node.style == "" else node.value

    def entries(self, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
        for key, child in node.value:
            name = str(key.value)
            here = (*path, name)
            if here in self.marks:
                line = self.marks[here][0]
                self.report(
                    "yaml-duplicate",
                    self.mark(key),
                    f"The key “{name}” stands here a second time (first on line {line}).",
                )
                continue
            self.marks[here] = self.mark(key)
            yield name, self.value(child, here)

    def item(self, node: Any, path: Path) -> Any:
        self.marks[path] = self.mark(node)
        return self.value(node, path)


def scalar(word: str) -> Any:
    """A plain scalar of YAML 1.2: null, a boolean, a number, or the words as they stand."""
    if word in CONSTANTS:
        return CONSTANTS[word]
    if INTEGER.fullmatch(word):
        return int(word)
    return float(word) if DECIMAL.fullmatch(word) else word
