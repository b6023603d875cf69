"""YAML 1.2: words stay words, keys know their places, and what could be two things is refused."""

import json
from pathlib import Path

import pytest

from authoring import schema
from authoring.schema import breaches
from authoring.yaml12 import read_yaml

UNDERSTOOD = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "pattern", "minimum", "maximum", "minLength",
    "maxLength", "minItems", "uniqueItems", "items", "required", "properties", "additionalProperties", "propertyNames",
}  # fmt: skip


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "y", "1:30", "2026-11-02", "0o17", "1_000", ".inf", "<<", "=", "1e3"]
)
def test_words_stay_words(word):
    assert read_yaml(f"key: {word}", "file.yml").value == {"key": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("12", 12), ("-3", -3), ("1.5", 1.5)],
)
def test_plain_scalars_of_the_core_schema_have_their_type(word, value):
    read = read_yaml(f"key: {word}", "file.yml").value["key"]
    assert (read, type(read)) == (value, type(value))


def test_quotes_keep_numbers_and_null_as_words():
    assert read_yaml("a: '12'\nb: \"null\"\nc: |\n  true\n", "file.yml").value == {
        "a": "12",
        "b": "null",
        "c": "true\n",
    }


def test_every_key_and_item_knows_its_place():
    yaml = read_yaml("a:\n  - {b: 1}\n  -  c: 2\n", "file.yml", first_line=10)
    assert yaml.place("a") == ("file.yml", 10, 1)
    assert yaml.place("a", 0, "b") == ("file.yml", 11, 6)
    assert yaml.place("a", 1, "c") == ("file.yml", 12, 6)
    assert yaml.place("a", 1, "not", "there") == ("file.yml", 12, 6)


def test_billions_of_laughs_are_refused_at_the_first():
    laughs = "a: &a [ha, ha]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    yaml = read_yaml(laughs, "file.yml")
    assert [(one.rule, one.line) for one in yaml.problems] == [("yaml-plain", 1)] * 2 + [("yaml-plain", 2)] * 2


@pytest.mark.parametrize(
    "text", ["a: !!python/object:os.system x", "a: !!int 3", "!x {}", "a: [1", "a: 'b", "\ta: b", "a\x00b"]
)
def test_what_is_not_plain_yaml_is_a_problem_and_never_an_exception(text):
    assert read_yaml(text, "file.yml").problems


def test_the_first_of_two_keys_is_kept_and_the_second_told():
    yaml = read_yaml("a: 1\nb: 2\na: 3\n", "file.yml")
    assert yaml.value == {"a": 1, "b": 2}
    assert [(one.line, one.rule) for one in yaml.problems] == [(3, "yaml-duplicate")]


# A portfolio is read by the player and by whoever else takes it in, not by our validator.
YAML_SCHEMAS = sorted(path for path in schema.SCHEMAS.glob("*.json") if path.stem != "portfolio")


@pytest.mark.parametrize("path", YAML_SCHEMAS, ids=lambda path: path.stem)
def test_schemas_use_only_what_our_validator_holds(path: Path):
    def keywords(node):
        for key, value in node.items():
            yield key
            if key in ("properties", "$defs"):
                for child in value.values():
                    yield from keywords(child)
            elif isinstance(value, dict):
                yield from keywords(value)

    assert set(keywords(json.loads(path.read_text("utf-8")))) <= UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- en: words", "“1” lacks the key “gss”."),
        ("{}", "This file must be a list."),
        (
            "- {gss: W06, slug: Gwynedd, area: {en: A, cy: ''}, council: {en: A, cy: B, fr: C}}",
            "“1 gss” is “W06”, which is not of the right form.",
        ),
    ],
)
def test_breaches_are_told_in_plain_words(text, says):
    assert next(breaches(read_yaml(text, "authorities.yml"), "authorities")).message == says


def test_every_breach_of_a_file_is_told():
    text = "- {gss: W06, slug: Gwynedd, area: {en: A, cy: ' '}, council: {en: A, cy: B, fr: C}}"
    found = list(breaches(read_yaml(text, "authorities.yml"), "authorities"))
    assert [(problem.rule, problem.column) for problem in found] == [
        ("value-wrong", 4), ("value-wrong", 14), ("value-wrong", 43), ("key-unknown", 77),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: {c: 2\n### h", (2, 4)),  # the comment takes the end along
        ("a: 1\nb: [1\n", (2, 4)),
        ("a: 1\nb: 'words\nc: 2\n", (2, 4)),
        ("{", (1, 1)),
        ("a: 1\n b: 2\n", (2, 3)),
        ("a: [1, 2\nb: 3\n", (2, 2)),
    ],
)
def test_what_does_not_end_is_told_where_it_begins_and_never_after_the_last_line(text, place):
    (found,) = read_yaml(text, "file.yml").problems
    assert (found.rule, found.line, found.column) == ("yaml-syntax", *place)
    (later,) = read_yaml(text, "file.yml", first_line=11).problems
    assert later.line == place[0] + 10
