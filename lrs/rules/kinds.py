"""What kind of value stands somewhere, in words that tell nothing of the value itself: for refusals."""

from typing import Any

NOTHING = "nothing"


def kind(value: Any) -> str:
    """Such as "number", "text of 12 characters", "array of 3" or "object of 2 properties"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return f"text of {_counted(len(value), 'character')}"
    if isinstance(value, list):
        return f"array of {len(value)}"
    return f"object of {_counted(len(value), 'property')}"


def kind_at(value: Any, pointer: str | None) -> str | None:
    """The kind of what a JSON pointer (RFC 6901) leads to in the value; "nothing" where there is nothing."""
    if pointer is None:
        return None
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return NOTHING
    return kind(value)


def _counted(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y') + 'ies' if noun.endswith('y') else noun + 's'}"
