"""JSON as xAPI wants it: no duplicate keys, no NaN, no lone surrogates, nothing that cannot be written out again."""

import json
from typing import Any, NoReturn

import orjson

from lrs.rules.errors import Malformed


def parsed(data: bytes) -> Any:
    """The value in these bytes. Raises Malformed with the reason, and the line and column where there is one.

    orjson is four times as fast as the standard library but keeps the last of two equal keys. Where it writes the
    same bytes again, there were no two; only other bodies (with spaces, say) are read a second time, slowly.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    try:
        same = orjson.dumps(value) == data
    except TypeError:  # it reads deeper than it writes
        raise Malformed("The body is nested too deeply") from None
    return value if same else _read_slowly(data)


def written(value: Any) -> bytes:
    """The value as compact JSON; whole numbers beyond 64 bits are kept as they are."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read_slowly(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_object, parse_constant=_constant, parse_float=_number)
    except RecursionError:
        raise Malformed("The body is nested too deeply") from None
    except ValueError as error:
        # Python refuses whole numbers of more than 4,300 digits; its words for that speak of Python.
        raise Malformed("The body holds a number that is too long") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("The body has an object with the same key twice", rule="Data 2.2")
    return members


def _constant(word: str) -> NoReturn:
    raise Malformed(f"The body is not JSON: {word} is not a number")


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Malformed("The body holds a number that is too large")
    return value
