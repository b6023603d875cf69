"""Holds YAML against the JSON Schemas in ``schemas/``, which editors read too, and says what is amiss."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from authoring.problems import Problem
from authoring.rules import did_you_mean, problem
from authoring.yaml12 import Path, Yaml

SCHEMAS = FilePath(__file__).parent / "schemas"
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KIND_WORDS = {
    "object": "a set of keys",
    "array": "a list",
    "string": "words",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``name`` of this package."""
    text = SCHEMAS.joinpath(f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def breaches(yaml: Yaml, name: str) -> Iterator[Problem]:
    """Everything in ``yaml`` that the schema ``name`` does not allow, in the order of the text.

    Understands the keywords our schemas use: type, enum, pattern, minimum, maximum, minLength, maxLength, minItems,
    uniqueItems, items, required, properties, additionalProperties, propertyNames (pattern) and local ``$ref``.
    """
    yield from _Held(yaml, schema(name)).value(yaml.value, schema(name), ())


class _Held:
    """One document held against one schema."""

    def __init__(self, yaml: Yaml, root: dict[str, Any]) -> None:
        self.yaml = yaml
        self.root = root

    def wrong(self, path: Path, message: str, rule: str = "value-wrong", mend: str = "") -> Problem:
        return problem(rule, self.yaml.place(*path), message, mend)

    def value(self, value: Any, rules: dict[str, Any], path: Path) -> Iterator[Problem]:
        if "$ref" in rules:
            rules = {**self.root["$defs"][rules["$ref"].rpartition("/")[2]], **rules}
        if not _is(value, rules.get("type", [])):
            yield self.wrong(path, f"{_named(path)} must be {_kinds(rules)}.", mend=rules.get("description", ""))
        elif isinstance(value, dict):
            yield from self.keys(value, rules, path)
        elif isinstance(value, list):
            yield from self.items(value, rules, path)
        else:
            yield from self.single(value, rules, path)

    def keys(self, value: dict[str, Any], rules: dict[str, Any], path: Path) -> Iterator[Problem]:
        known = rules.get("properties", {})
        rest = rules.get("additionalProperties", True)
        for key in rules.get("required", []):
            if key not in value:
                yield self.wrong(path, f"{_named(path)} lacks the key “{key}”.", "key-missing")
        for key, child in value.items():
            if key in known or isinstance(rest, dict):
                yield from self.name(key, rules.get("propertyNames", {}), (*path, key))
                yield from self.value(child, known.get(key, rest), (*path, key))
            elif not rest:
                mend = did_you_mean(key, list(known)) or f"Known here: {', '.join(known)}."
                yield self.wrong((*path, key), f"The key “{key}” is not known here.", "key-unknown", mend)

    def name(self, key: str, rules: dict[str, Any], path: Path) -> Iterator[Problem]:
        if "pattern" in rules and not re.search(rules["pattern"], key):
            yield self.wrong(path, f"The key “{key}” is not of the right form.", mend=rules.get("description", ""))

    def items(self, value: list[Any], rules: dict[str, Any], path: Path) -> Iterator[Problem]:
        if len(value) < rules.get("minItems", 0):
            yield self.wrong(path, f"{_named(path)} needs {rules['minItems']} or more.")
        for number, child in enumerate(value):
            if rules.get("uniqueItems") and child in value[:number]:
                yield self.wrong((*path, number), f"{_named(path)} names {_shown(child)} twice.")
            yield from self.value(child, rules.get("items", {}), (*path, number))

    def single(self, value: Any, rules: dict[str, Any], path: Path) -> Iterator[Problem]:
        if "enum" in rules and value not in rules["enum"]:
            allowed = [str(one) for one in rules["enum"]]
            mend = did_you_mean(str(value), allowed) or f"It can be: {', '.join(allowed)}."
            yield self.wrong(path, f"{_named(path)} cannot be {_shown(value)}.", mend=mend)
        for broken in _limits(value, rules):
            yield self.wrong(path, f"{_named(path)} {broken}.", mend=rules.get("description", ""))


def _limits(value: Any, rules: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the size or the form of a single value, as the end of a sentence."""
    if isinstance(value, str):
        if "pattern" in rules and not re.search(rules["pattern"], value):
            yield f"is {_shown(value)}, which is not of the right form"
        if not value.strip() and rules.get("minLength"):
            yield "is empty"
        if len(value) > rules.get("maxLength", len(value)):
            yield f"is longer than {rules['maxLength']} characters"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if value < rules.get("minimum", value):
            yield f"is less than {rules['minimum']}"
        if value > rules.get("maximum", value):
            yield f"is more than {rules['maximum']}"


def _is(value: Any, kinds: str | list[str]) -> bool:
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in kinds or not kinds
    return not kinds or any(isinstance(value, KINDS[kind]) for kind in kinds)


def _kinds(rules: dict[str, Any]) -> str:
    kinds = rules["type"]
    return " or ".join(KIND_WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _named(path: Path) -> str:
    keys = [str(step + 1) if isinstance(step, int) else step for step in path]
    return f"“{' '.join(keys)}”" if keys else "This file"


def _shown(value: Any) -> str:
    return f"“{value}”" if len(str(value)) <= 60 else f"“{str(value)[:60]}…”"
