"""What an LMS's own report says of a learner and a module, and the xAPI statement that says the same.

The words and forms of dates are those that LMSs write in English and in Welsh; a day comes before its month.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from tincan import (
    Activity,
    Agent,
    AgentAccount,
    LanguageMap,
    Result,
    Statement,
    Verb,
)

from lrs.rules.days import WALES

IDS = uuid.UUID("5d0c1d2e-6a0b-5c55-9b7e-0d8a2f0f3c11")  # in which the ids of these statements are named
VERSION = "1.0.3"
# What an LMS calls a state, folded (no accents, capitals or marks) -> what it means. "not-done" is the word that some
# use both for what was begun and for what was not: a date beside it tells which.
STATES = {
    "completed": "completed|complete|finished|done|yes|true|100|wedi cwblhau|wedii gwblhau|wedi ei gwblhau|"
    "wedii chwblhau|wedi ei chwblhau|cwblhawyd|cyflawn|gorffenedig|wedi gorffen|do|ydy|ie|gwir",
    "passed": "passed|pass|satisfied|completed passed|wedi pasio|pasiwyd|pasio|llwyddwyd|llwyddo",
    "failed": "failed|fail|not satisfied|not passed|completed failed|wedi methu|methwyd|methu|heb basio|heb lwyddo",
    "initialized": "incomplete|in progress|started|browsed|viewed|partially completed|anghyflawn|ar y gweill|"
    "yn mynd rhagddo|ar waith|wedi dechrau|wedii ddechrau|heb orffen|heb ei orffen",
    "not-done": "not completed|not complete|not finished|no|false|0|heb gwblhau|heb ei gwblhau|heb ei chwblhau|"
    "nid ywn gyflawn|na|nac ydy|naddo|gau",
    "untouched": "|not attempted|notattempted|not started|not yet started|never|unknown|enrolled|registered|assigned|"
    "heb ddechrau|heb ei ddechrau|heb roi cynnig arni|heb geisio|anhysbys|wedi cofrestru",
}
MEANT = {word: state for state, words in STATES.items() for word in words.split("|")}
PASSES = re.compile(r"\b(?:pass|passed|passing|pasio|basio|phasio|llwyddo|lwyddo)\b")
DENIES = re.compile(r"\b(?:not|did not|heb|ni|nid|dim|methu|fail|failed)\b")
MONTHS = (
    "january jan ionawr ion|february feb chwefror chwe|march mar mawrth maw|april apr ebrill ebr|may mai|"
    "june jun mehefin meh|july jul gorffennaf gor gorff|august aug awst|september sept sep medi|"
    "october oct hydref hyd|november nov tachwedd tach|december dec rhagfyr rhag"
)
MONTH = {name: number for number, names in enumerate(MONTHS.split("|"), 1) for name in names.split()}
CLOCK = (
    r"(?:,?\s+(?:(?:am|at)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?"
    r"\s*(?P<half>[ap]m|yb|yh)?)?"  # yb and yh: y bore, yr hwyr
)
BY_FIGURES = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d\d)" + CLOCK, re.IGNORECASE)
BY_NAME = re.compile(
    r"(?:[^\W\d]+,?\s+){0,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[^\W\d]+)\.?,?\s+(?P<year>\d{4})" + CLOCK,
    re.IGNORECASE,
)
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
NO_DATE = frozenset(("", "-", "–", "n/a", "never", "byth", "not yet", "ddim eto"))


class Told(NamedTuple):
    """One thing that a report says: of an actor (as the store keeps one) and a module (empty: the whole course).

    ``kind`` is completed, passed, failed or initialized; ``at`` None where the report has no date.
    """

    line: int
    actor: str
    module: str
    kind: str
    at: datetime | None
    name: str = ""


@lru_cache(maxsize=4096)
def when_told(text: str) -> datetime | None:
    """The moment that a cell names, in UTC, or None where it says that there is none. Raises ValueError.

    A clock without a zone is that of Wales; a day without a clock is its first moment, so that it is never later than
    what it tells of.
    """
    text = " ".join(text.split())
    if text.casefold() in NO_DATE:
        return None
    if ISO.fullmatch(text):
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=WALES)).astimezone(UTC)
    found_parts = BY_FIGURES.fullmatch(text) or BY_NAME.fullmatch(text)
    if found_parts is None:
        raise ValueError(f"{text} is not a date")
    return _moment(found_parts.groupdict())


def _moment(parts: Mapping[str, str | None]) -> datetime:
    month, year = str(parts["month"]).casefold(), int(str(parts["year"]))
    number = int(month) if month.isdigit() else MONTH.get(month, 0)
    day = date(year + 2000 if year < 100 else year, number, int(str(parts["day"])))
    hour, half = int(parts["hour"] or 0), (parts["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("a clock of twelve hours has no such hour")
        hour = hour % 12 + (12 if half in ("pm", "yh") else 0)
    clock = time(hour, int(parts["minute"] or 0), int(parts["second"] or 0))
    return datetime.combine(day, clock, WALES).astimezone(UTC)


@lru_cache(maxsize=4096)
def state_told(folded: str, more: str = "") -> str:
    """What a state's folded words mean: a key of STATES, or "" where nobody knows.

    ``more`` is what stood in brackets after them: whether a mark was reached, or who set the state.
    """
    meant = MEANT.get(folded, "")
    if meant == "completed" and PASSES.search(more):
        return "failed" if DENIES.search(more) else "passed"
    return meant


def kind_of(state: str, success: str, dated: bool, must_pass: bool) -> str | None:
    """The kind of statement for a state and what is said of success ("" for nothing); None where nothing was begun.

    An LMS calls failed what missed its own mark; where the module need not be passed, to have finished is enough.
    """
    if success == "passed" or (success == "failed" and must_pass):
        state = success
    if state == "failed" and not must_pass:
        return "completed"
    if state == "not-done":
        return "initialized" if dated else None
    return None if state == "untouched" else state


def id_of(told: Told, key: str, iri: str) -> str:
    """The id of the statement: always the same for the same thing told of the activity ``iri`` under the same key."""
    when = told.at.isoformat() if told.at else ""
    return str(uuid.uuid5(IDS, "\n".join((key, told.actor, iri, told.kind, when))))


def statements_of(
    told: Iterable[Told], key: str, iris: Mapping[str, str], verbs: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The statements that say what a report told, in its order.

    ``iris`` has the address of each module and, under the empty id, of the course; ``verbs`` are those of course.json.
    """
    said = {kind: Verb(id=verb["id"], display=LanguageMap(verb.get("display", {}))) for kind, verb in verbs.items()}
    about = {module: Activity(id=iri) for module, iri in iris.items()}
    for one in told:
        made = Statement(
            id=id_of(one, key, iris[one.module]),
            actor=_agent(one.actor),
            verb=said[one.kind],
            object=about[one.module],
            result=RESULTS.get(one.kind),
            timestamp=one.at,
            version=VERSION,
        )
        yield made.as_version(VERSION)


RESULTS = {
    "completed": Result(completion=True),
    "passed": Result(completion=True, success=True),
    "failed": Result(success=False),
}


@lru_cache(maxsize=1024)
def _agent(actor: str) -> Agent:
    kind, _, rest = actor.partition("|")
    if kind == "mbox":
        return Agent(mbox=rest)
    home_page, _, name = rest.partition("|")
    return Agent(account=AgentAccount(home_page=home_page, name=name))
