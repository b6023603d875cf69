"""Statements as an answer: joined as they are stored, or in the form that was asked for."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import orjson
from flask import request

from lrs.rules.canonical import canonical, only_ids
from lrs.rules.links import links
from lrs.rules.strict_json import written
from lrs.storage import activities
from lrs.storage.database import Connection


def texts(connection: Connection, payloads: Sequence[str], form: str) -> list[bytes]:
    """The JSON of each stored statement, in the form exact, ids or canonical."""
    if form == "exact":  # as they are: reading and writing them again would cost four times as much
        return [payload.encode() for payload in payloads]
    statements = [orjson.loads(payload) for payload in payloads]
    if form == "ids":
        return [written(only_ids(statement)) for statement in statements]
    iris = {iri for statement in statements for iri in links(statement).activities}
    known = activities.definitions(connection, sorted(iris))
    pick = _picker()
    return [written(canonical(statement, known, pick)) for statement in statements]


def _picker() -> Any:
    """Which language of a map to answer with, by Accept-Language; the first where none of them is wanted."""
    wanted = request.accept_languages

    @lru_cache(maxsize=256)
    def best(tags: tuple[str, ...]) -> str:
        return wanted.best_match(tags) or tags[0]

    def pick(tags: Collection[str]) -> str:
        return best(tuple(tags))

    return pick
