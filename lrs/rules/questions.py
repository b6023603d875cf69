"""How well questions do, by how often each answer was given: never by whom."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from lrs.rules.evidence import LAUNCH_MODE

FEWEST = 5  # answers, under which a question says nothing of itself
ENOUGH = 20  # answers, from which on it tells something that nobody chose one of the options
HARD = 0.5  # share of right answers, under which most get a question wrong
CHOSEN = frozenset(("single", "multiple", "true-false", "scale"))  # kinds of which the options given are kept
OTHER = ""  # what stands for words and numbers that somebody typed, for pairs and orders, and for options not known


class Asked(NamedTuple):
    """A question as course.json has it. ``options`` and ``right`` are ids as answers give them.

    ``source`` has by language the file and line that it stands at, where the course says so.
    """

    iri: str
    id: str
    module: str
    kind: str
    title: Mapping[str, str]
    options: tuple[str, ...]
    right: frozenset[str]
    source: Mapping[str, str]

    @property
    def judged(self) -> bool:
        """Whether an answer to it is right or wrong."""
        return self.kind != "scale"


class Questions(NamedTuple):
    """The questions of a course.json by their addresses, the verb of their answers, and where a version is told."""

    asked: Mapping[str, Asked]
    verb: str
    version: str


class Answer(NamedTuple):
    """What is kept of an answer."""

    question: str
    version: str
    response: str
    right: bool


class Share(NamedTuple):
    """One option: whether it is right, and how much of the answers had it."""

    option: str
    right: bool
    share: float


class Quality(NamedTuple):
    """How a question does. Under FEWEST answers ``right`` is None and ``shares`` is empty; of a scale too ``right`` is.

    ``unchosen`` are the options that nobody chooses; ``hard`` says that most get it wrong.
    """

    asked: Asked
    times: int
    right: float | None
    shares: tuple[Share, ...]
    unchosen: tuple[str, ...]
    hard: bool

    @property
    def told(self) -> bool:
        """Whether there were answers enough to tell anything."""
        return self.times >= FEWEST


@lru_cache(maxsize=16)
def questions_in(text: str) -> Questions:
    """The questions of a course.json, read once for as long as the course stays the same."""
    return questions_of(orjson.loads(text))


def questions_of(course: Mapping[str, Any]) -> Questions:
    """The questions of a course."""
    asked = {
        question["iri"]: _asked(question, module["id"])
        for module in course["modules"]
        for question in module.get("questions", ())
    }
    verb = course["verbs"].get("answered", {}).get("id", "")
    return Questions(asked, verb, (course.get("extensions") or {}).get("version", ""))


def _asked(question: Mapping[str, Any], module: str) -> Asked:
    kind, options = question.get("type", ""), tuple(question.get("options", ()))
    right = frozenset(question.get("right", ()))
    if kind == "true-false":
        right = frozenset(str(question.get("true") == one).lower() for one in right)
        options = ("true", "false")
    title, source = question.get("title", {}), question.get("source", {})
    return Asked(question["iri"], question["id"], module, kind, title, options, right, source)


def answer_in(statement: Mapping[str, Any], questions: Questions) -> Answer | None:
    """What is kept of a statement that somebody answered a question of the course; None where it says no such thing.

    Looking round and looking back are not answering. Nothing that was typed is kept, nor an option that is none.
    """
    asked = questions.asked.get(statement["object"].get("id", ""))
    result, context = statement.get("result", {}), statement.get("context", {})
    extensions = context.get("extensions", {})
    if asked is None or statement["verb"]["id"] != questions.verb or "response" not in result:
        return None
    if extensions.get(LAUNCH_MODE, "Normal") != "Normal" or (asked.judged and "success" not in result):
        return None
    version = extensions.get(questions.version)
    known = isinstance(version, str) and len(version) <= 40 and version.isprintable()
    return Answer(
        asked.iri, version if known else "", _response(result["response"], asked), result.get("success") is True
    )


def _response(response: str, asked: Asked) -> str:
    if asked.kind not in CHOSEN:
        return OTHER
    chosen = response.split("[,]") if len(response) <= 200 else []
    return "[,]".join(sorted(set(chosen))) if chosen and set(chosen) <= set(asked.options) else OTHER


def quality(asked: Asked, given: Iterable[tuple[str, bool, int]]) -> Quality:
    """How a question does by its answers: what was given, whether it was right, and how often."""
    rows = list(given)
    times = sum(number for _, _, number in rows)
    if times < FEWEST:
        return Quality(asked, times, None, (), (), False)
    right = sum(number for _, good, number in rows if good) / times if asked.judged else None
    options = asked.options if asked.kind in CHOSEN else ()
    shares = tuple(_share(option, asked, rows, times) for option in options)
    unchosen = tuple(one.option for one in shares if not one.share and times >= ENOUGH)
    return Quality(asked, times, right, shares, unchosen, right is not None and right < HARD)


def _share(option: str, asked: Asked, rows: list[tuple[str, bool, int]], times: int) -> Share:
    had = sum(number for response, _, number in rows if option in response.split("[,]"))
    return Share(option, option in asked.right, had / times)
