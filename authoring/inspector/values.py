"""The kinds of value that a manifest holds: which values fit, and what to say of those that do not.

A kind is written as in the tables of ``shapes``: the name of a pattern (``boolean``), a range (``0..1``), words
(``sco|asset``), the longest text that a schema takes (``upto200``), or that every LMS must take (``spm4000``).
"""

import re
from functools import cache
from typing import NamedTuple

LONGEST_VALUE = 20_000  # of what is held against a pattern
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})").fullmatch
ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s<>\"{}|\\^`]+").fullmatch

WORDS = {
    "time-limit": ("exit,message", "exit,no message", "continue,message", "continue,no message"),
    "condition": (
        "satisfied", "objectiveStatusKnown", "objectiveMeasureKnown", "objectiveMeasureGreaterThan",
        "objectiveMeasureLessThan", "completed", "activityProgressKnown", "attempted", "attemptLimitExceeded",
        "timeLimitExceeded", "outsideAvailableTimeRange", "always",
    ),
    "rollup-condition": (
        "satisfied", "objectiveStatusKnown", "objectiveMeasureKnown", "completed", "activityProgressKnown",
        "attempted", "attemptLimitExceeded", "timeLimitExceeded", "outsideAvailableTimeRange",
    ),
    "action": (
        "skip", "disabled", "hiddenFromChoice", "stopForwardTraversal", "exit", "exitParent", "exitAll", "retry",
        "retryAll", "continue", "previous",
    ),
    "hidden": ("previous", "continue", "exit", "abandon", "suspendAll", "exitAll", "abandonAll"),
}  # fmt: skip

PATTERNS = {
    "filled": (r"[\s\S]*\S[\s\S]*", "something"),
    "id": (r"[^\W\d][\w.\-·]*", "an identifier: letters, digits, hyphens, dots, underscores; first a letter"),
    "boolean": (r"true|false|0|1", "true or false"),
    "whole": (r"\+?[0-9]{1,18}", "a whole number"),
    "decimal": (r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})", "a number"),
    "four-decimals": (r"(?:0(?:\.[0-9]{1,4})?|1(?:\.0{1,4})?)", "a number from 0 to 1 with at most four decimals"),
    "duration": (
        r"-?P(?=.)(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}D)?(?:T(?=.)(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?S)?)?",
        "a duration such as PT30M",
    ),
    "timespan": (r"[0-9]{2,4}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,2})?", "a time such as 0001:30:00"),
    "language-or-none": (r"|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,10}", "a language tag such as en or cy-GB"),
    "language": (r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,10}", "a language tag such as en or cy-GB"),
}  # fmt: skip


class Misfit(NamedTuple):
    """A value that does not fit: the rule it breaks, and what would have fitted, to end a sentence with."""

    rule: str
    wanted: str


def misfit(kind: str, value: str) -> Misfit | None:
    """Why ``value`` is not of ``kind``, or None where it is. White space around it does not count."""
    value = value.strip()
    if kind == "text":
        return None
    for start, rule in (("upto", "value-long"), ("spm", "value-limit")):
        if kind.startswith(start):
            most = int(kind.removeprefix(start))
            return Misfit(rule, f"at most {most} characters") if len(value) > most else None
    if ".." in kind:
        return _outside(kind, value)
    if kind == "iri":
        return None if ABSOLUTE_IRI(value[:LONGEST_VALUE]) else Misfit("iri", "a whole address with its scheme")
    if kind in PATTERNS:
        return None if _pattern(kind).fullmatch(value[:LONGEST_VALUE]) else Misfit("value-wrong", PATTERNS[kind][1])
    words = WORDS.get(kind) or tuple(kind.split("|"))
    return None if value in words else Misfit("value-wrong", " or ".join(f"“{word}”" for word in words))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(PATTERNS[kind][0])


def _outside(kind: str, value: str) -> Misfit | None:
    low, high = map(float, kind.split(".."))
    inside = NUMBER(value) and low <= float(value) <= high
    return None if inside else Misfit("value-wrong", f"a number from {low:g} to {high:g}")


def number(text: str) -> float | None:
    """The number that ``text`` stands for, or None."""
    return float(text) if NUMBER(text.strip()) else None
