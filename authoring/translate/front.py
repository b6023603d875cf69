"""The words of a module's front matter, and YAML scalars put in their place."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

from authoring.translate.spans import Span, Unplaced
from authoring.yaml12 import scalar

KEYS = ("title", "summary")


def front_units(lines: list[str]) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    """Path, words and spans of the title, the summary and each outcome; nothing where there is no front matter.

    Raises Unplaced where it cannot be read as YAML.
    """
    text = _front(lines)
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader) if text is not None else None
    except yaml.YAMLError:
        raise Unplaced(1) from None
    for key, value in _entries(node):
        if key in KEYS and isinstance(value, yaml.ScalarNode):
            yield key, _words(value), _spans(value, lines)
        elif key == "outcomes" and isinstance(value, yaml.SequenceNode):
            for number, outcome in enumerate(value.value, 1):
                for name, words in _entries(outcome):
                    if name == "text" and isinstance(words, yaml.ScalarNode):
                        yield f"outcome{number}", _words(words), _spans(words, lines)


def _front(lines: list[str]) -> str | None:
    """The front matter with the first line kept empty, so that its lines keep their numbers."""
    if not lines or lines[0].rstrip() != "---":
        return None
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    return "\n" + "\n".join(lines[1:end]) + "\n" if end else None


def _entries(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _words(node: yaml.ScalarNode) -> str:
    return " ".join(str(node.value).split())


def _spans(node: yaml.ScalarNode, lines: list[str]) -> tuple[Span, ...]:
    first, last = node.start_mark, node.end_mark
    end_line, end = last.line, last.column
    while end_line > first.line and not lines[end_line][:end].strip():
        end_line -= 1
        end = len(lines[end_line].rstrip())
    if end_line == first.line:
        return (Span(first.line + 1, first.column, end),)
    return (Span(first.line + 1, first.column, len(lines[first.line])), Span(end_line + 1, 0, end))


def as_scalar(words: str, before: str) -> str:
    """``words`` as a YAML scalar on one line: in the quotes of the scalar ``before``, plain if that was and may be."""
    if before.startswith("'"):
        return "'" + words.replace("'", "''") + "'"
    if before[:1] in ('"', "|", ">") or not _plain(words):
        return json.dumps(words, ensure_ascii=False)
    return words


def _plain(words: str) -> bool:
    """Whether words mean themselves without quotes, alone on a line and between the brackets of a flow mapping."""
    return scalar(words) == words and all(_reads(around.format(words), words) for around in ("a: {}\n", "{{a: {}}}"))


def _reads(text: str, words: str) -> bool:
    try:
        found = list(_entries(yaml.compose(text, Loader=yaml.CBaseLoader)))
    except yaml.YAMLError:
        return False
    return [value.value for _, value in found] == [words]
