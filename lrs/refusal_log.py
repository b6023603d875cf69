"""What each key was refused, for whoever looks after the store: gathered in memory, written once the answer is sent."""

import re
import threading
from collections import deque
from time import monotonic

from flask import Flask, Response, current_app, g, request

from lrs import transaction
from lrs.rules import actors, objects, statements
from lrs.rules.errors import Refusal
from lrs.rules.versions import XAPI_2
from lrs.storage import refusals
from lrs.storage.database import Engine, Unavailable, writing
from lrs.storage.refusals import Told

SECONDS = 1.0  # between two writes of one process: somebody who sends nothing but nonsense keeps nobody from writing
WAITING = 200
HIDDEN = "…"
# The names that xAPI gives. Any other, and every key of a map, is the sender's own and may name a person.
NAMES = (
    statements.STATEMENT | statements.SUB_STATEMENT | statements.VERB | statements.RESULT | statements.SCORE
    | statements.CONTEXT_ACTIVITIES | statements.CONTEXT_AGENT | statements.CONTEXT_GROUP | statements.ATTACHMENT
    | XAPI_2.context | actors.GROUP | actors.ACCOUNT | objects.ACTIVITY | objects.DEFINITION | objects.COMPONENT
    | {"activityId", "stateId", "profileId", "statementId", "voidedStatementId", "agent", "activity", "limit", "since"}
    | {"until", "related_activities", "related_agents", "ascending", "attachments", "format", "learner"}
)  # fmt: skip
NUMBER = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class Waiting:
    """Refusals that are not written yet; safe for threads."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._told: deque[Told] = deque(maxlen=WAITING)
        self._next = 0.0
        self._lock = threading.Lock()

    def add(self, told: Told) -> None:
        """Remember one, in place of the oldest where too many wait."""
        self._told.append(told)

    def due(self) -> bool:
        """Whether something waits, and the last write is long enough ago."""
        return bool(self._told) and monotonic() >= self._next

    def write_when_due(self) -> None:
        """Write what waits, unless somebody is about to; what cannot be written just now is forgotten."""
        if self.due() and self._lock.acquire(blocking=False):
            try:
                self.write()
            finally:
                self._lock.release()

    def write(self) -> None:
        """Write everything that waits."""
        self._next = monotonic() + SECONDS
        told = [self._told.popleft() for _ in range(len(self._told))]
        if told:
            try:
                with writing(self.engine) as connection:
                    refusals.keep(connection, told)
            except Unavailable:
                pass


def told(refusal: Refusal, key: str, status: int) -> Told:
    """The refusal as it is kept: names that are the sender's own are hidden, and there is no value in it anyway."""
    what, pointer = NUMBER.sub(HIDDEN, refusal.what), refusal.where
    if pointer:
        steps = pointer.split("/")
        hidden = {step for step in steps if step and not step.isdecimal() and step not in NAMES}
        pointer = "/".join(HIDDEN if step in hidden else step for step in steps)
        for step in hidden:  # a sentence about a property begins with its name
            what = re.sub(rf"(^|: ){re.escape(step)}(?= )", rf"\1{HIDDEN}", what)
    route = request.url_rule.rule if request.url_rule else ""
    rest = (refusal.rule, refusal.found, refusal.statement)
    return Told(
        key, transaction.now(), request.method, route, status, what[:300], pointer[:300] if pointer else pointer, *rest
    )


def _remember(response: Response) -> Response:
    waiting: Waiting = current_app.extensions["refusals"]
    refusal = g.get("refusal")
    if refusal is not None and "key" in g and "remembered" not in g:
        g.remembered = True
        waiting.add(told(refusal, g.key, response.status_code))
    if waiting.due():
        response.call_on_close(waiting.write_when_due)  # after the answer: nobody waits for it
    return response


def init_app(app: Flask) -> None:
    """Remember what every key is refused."""
    app.extensions["refusals"] = Waiting(app.extensions["engine"])
    app.after_request(_remember)
