"""Writes translations.yml: only the entries concerned, with the comments and the order its authors gave it."""

from typing import Any, NamedTuple

import yaml

from authoring.source import mapping
from authoring.translate.front import as_scalar
from authoring.yaml12 import read_yaml

FILE = "translations.yml"
KEYS = ("from", "reviewed_by", "reviewed_on")


class Entry(NamedTuple):
    """What is recorded of one Welsh page: the hash of its English, and who reviewed it on which day (ISO)."""

    english: str | None
    reviewed_by: str | None = None
    reviewed_on: str | None = None

    def values(self) -> dict[str, str | None]:
        """The entry as it stands in YAML."""
        return dict(zip(KEYS, self, strict=True))


def recorded(text: str, module: str, page: str) -> Entry:
    """What the file says of a page, empty where it says nothing."""
    entry = mapping(mapping(mapping(read_yaml(text, FILE).value).get(module)).get(page))
    return Entry(*(str(entry[key]) if entry.get(key) is not None else None for key in KEYS))


def with_entries(text: str, entries: dict[tuple[str, str], Entry]) -> str:
    """The file's text with the entries of (module, page) set.

    Line by line where the file is laid out as maps in blocks; a file laid out otherwise is written anew.
    """
    wanted = dict(mapping(read_yaml(text, FILE).value))
    for (module, page), entry in entries.items():
        wanted[module] = {**mapping(wanted.get(module)), page: entry.values()}
    for (module, page), entry in entries.items():
        text = _with_entry(text, module, page, _flow(entry))
    return text if mapping(read_yaml(text, FILE).value) == wanted else _whole(wanted)


def _flow(entry: Entry) -> str:
    return "{" + ", ".join(f"{key}: {_word(value, key)}" for key, value in entry.values().items()) + "}"


def _word(value: Any, key: str) -> str:
    if value is None:
        return "null"
    # A hash of digits alone, or with one e, would be read as a number: all hashes stand between quotes alike.
    return as_scalar(str(value), '"' if key == "from" else "")


def _whole(table: dict[str, Any]) -> str:
    lines = []
    for module, pages in table.items():
        lines.append(f"{as_scalar(module, '')}:\n" if pages else f"{as_scalar(module, '')}: {{}}\n")
        for page, entry in mapping(pages).items():
            values = ", ".join(f"{key}: {_word(value, key)}" for key, value in mapping(entry).items())
            lines.append(f"  {as_scalar(page, '')}: {{{values}}}\n")
    return "".join(lines)


def _with_entry(text: str, module: str, page: str, flow: str) -> str:
    """One entry set in the text; what comes of a file laid out in another way is for the caller to judge."""
    own = _child(_root(text), module)
    if own is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + f"{module}:\n  {page}: {flow}\n"
    old = _child(own, page)
    lines = text.split("\n")
    if old is not None:
        return _replaced(lines, old, flow)
    if not isinstance(own, yaml.MappingNode) or own.flow_style or not own.value:
        return text
    last, value = own.value[-1]
    lines.insert(_end(value)[0] + 1, " " * last.start_mark.column + f"{page}: {flow}")
    return "\n".join(lines)


def _root(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError:
        return None


def _child(node: Any, name: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _end(node: Any) -> tuple[int, int]:
    """Where a node's last word ends (line, column); of a mapping in a block the parser tells the start of the next."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    return node.end_mark.line, node.end_mark.column


def _replaced(lines: list[str], node: Any, flow: str) -> str:
    first, (last, end) = node.start_mark, _end(node)
    before, after = lines[first.line][: first.column], lines[last][end:]
    lines[first.line : last + 1] = [before + (flow if before.endswith(" ") else f" {flow}") + after]
    return "\n".join(lines)
