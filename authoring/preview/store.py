"""A pretend record store for packages that speak xAPI: in memory, bounded, forgotten when the preview ends."""

import base64
import hashlib
import json
import secrets
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any, NamedTuple

MOST_STATEMENTS = 2_000
MOST_DOCUMENTS = 500
MOST_CALLS = 500
MOST_TOKENS = 200
# What tells one document from another (xAPI 1.0.3, part 3, sections 2.3, 2.6 and 2.7).
DOCUMENTS = {
    "activities/state": ("activityId", "agent", "registration", "stateId"),
    "activities/profile": ("activityId", "profileId"),
    "agents/profile": ("agent", "profileId"),
}
JSON = "application/json"


class Answer(NamedTuple):
    """What the store answers to one call."""

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


class Ask(NamedTuple):
    """One call: ``path`` is that below the endpoint; names of ``headers`` are in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Document(NamedTuple):
    """One document of the state or a profile."""

    body: bytes
    kind: str

    @property
    def etag(self) -> str:
        """Its version, as HTTP writes it."""
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()}"'


class Refused(Exception):
    """A call that the standard refuses, with its status and why."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


@dataclass(slots=True)
class Store:
    """Statements, documents and the last calls of every session of this preview."""

    documents: dict[tuple[str, ...], Document] = field(default_factory=dict)
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST_CALLS))
    tokens: dict[str, str] = field(default_factory=dict)
    fetches: dict[str, str] = field(default_factory=dict)
    number: int = 0
    lock: Lock = field(default_factory=Lock)

    def admit(self) -> tuple[str, str]:
        """A new session: the id by which its token can be fetched, once, and the token."""
        session, token = secrets.token_urlsafe(12), base64.b64encode(secrets.token_bytes(18)).decode()
        with self.lock:
            self.tokens[token] = self.fetches[session] = token
            shorten(self.tokens, MOST_TOKENS)
            shorten(self.fetches, MOST_TOKENS)
        return session, token

    def fetch(self, session: str) -> Answer:
        """The token of a session, once (cmi5, section 8.2.2); afterwards the error that the standard gives."""
        with self.lock:
            token = self.fetches.pop(session, None)
        if token is None:
            return written({"error-code": "1", "error-text": "This address has been used already."})
        return written({"auth-token": token})

    def answer(self, ask: Ask) -> Answer:
        """Does what a call asks and keeps a note of it."""
        with self.lock:
            try:
                answer = self._answer(ask)
            except Refused as error:
                answer = written({"error": str(error)}, error.status)
            self.number += 1
            self.calls.append(noted(ask, answer, self.number))
        return answer

    def since(self, number: int) -> list[dict[str, Any]]:
        """The calls after that number."""
        with self.lock:
            return [call for call in self.calls if call["number"] > number]

    def put(self, key: tuple[str, ...], value: Any) -> None:
        """Lays a JSON document down as the LMS itself."""
        with self.lock:
            self.documents[key] = Document(json.dumps(value).encode(), JSON)
            shorten(self.documents, MOST_DOCUMENTS)

    def _answer(self, ask: Ask) -> Answer:
        if ask.path == "about":
            return written({"version": ["1.0.3"]})
        if ask.headers.get("authorization", "").removeprefix("Basic ") not in self.tokens:
            raise Refused(401, "This session has no such token.")
        if not ask.headers.get("x-experience-api-version", "").startswith("1.0"):
            raise Refused(400, "The header X-Experience-API-Version is missing or is none we know.")
        if ask.path == "statements":
            return self._statements(ask)
        if ask.path in DOCUMENTS:
            return self._document(ask)
        raise Refused(404, "There is no such resource.")

    def _statements(self, ask: Ask) -> Answer:
        if ask.method == "GET":
            return self._found(ask.query)
        if ask.method not in ("POST", "PUT"):
            raise Refused(405, "Statements take GET, POST and PUT.")
        given = read_json(ask.body)
        many = given if isinstance(given, list) else [given]
        if ask.method == "PUT" and not isinstance(given, list):
            given["id"] = ask.query.get("statementId", "")
        ids = [self._take(one) for one in checked(many)]
        shorten(self.statements, MOST_STATEMENTS)
        return Answer(204) if ask.method == "PUT" else written(ids)

    def _take(self, statement: dict[str, Any]) -> str:
        id = str(statement.setdefault("id", str(uuid.uuid4())))
        known = self.statements.get(id)
        if known is not None and any(known.get(name) != value for name, value in statement.items()):
            raise Refused(409, "Another statement has this id.")
        now = datetime.now(UTC).isoformat()
        self.statements.setdefault(id, {**statement, "stored": now, "timestamp": statement.get("timestamp", now)})
        return id

    def _found(self, query: Mapping[str, str]) -> Answer:
        if id := query.get("statementId"):
            if id not in self.statements:
                raise Refused(404, "There is no such statement.")
            return written(self.statements[id])
        found = [one for one in reversed(self.statements.values()) if matches(one, query)]
        asked = query.get("limit", "")
        limit = int(asked) if asked.isdigit() else 0
        return written({"statements": found[: limit or 100], "more": ""})

    def _document(self, ask: Ask) -> Answer:
        *names, own = DOCUMENTS[ask.path]
        scope = (ask.path, *(same(ask.query.get(name, "")) for name in names))
        if own not in ask.query and ask.method == "GET":
            return written([key[-1] for key in self.documents if key[:-1] == scope])
        if not ask.query.get(own):
            raise Refused(400, f"The parameter {own} is missing.")
        key = (*scope, ask.query[own])
        if ask.method == "GET":
            return self._read(key)
        self._change(key, ask)
        shorten(self.documents, MOST_DOCUMENTS)
        return Answer(204)

    def _read(self, key: tuple[str, ...]) -> Answer:
        if key not in self.documents:
            raise Refused(404, "There is no such document.")
        document = self.documents[key]
        return Answer(200, document.body, document.kind, (("ETag", document.etag),))

    def _change(self, key: tuple[str, ...], ask: Ask) -> None:
        before = self.documents.get(key)
        wanted = ask.headers.get("if-match")
        if (wanted and (before is None or wanted != before.etag)) or (ask.headers.get("if-none-match") and before):
            raise Refused(412, "The document has changed since it was read.")
        kind = ask.headers.get("content-type", "application/octet-stream")
        if ask.method == "DELETE":
            self.documents.pop(key, None)
        elif ask.method == "PUT" or before is None:
            self.documents[key] = Document(ask.body, kind)
        elif ask.method == "POST":
            merged = {**as_object(read_json(before.body)), **as_object(read_json(ask.body))}
            self.documents[key] = Document(json.dumps(merged).encode(), JSON)
        else:
            raise Refused(405, "Documents take GET, PUT, POST and DELETE.")


def written(value: Any, status: int = 200) -> Answer:
    """JSON as an answer."""
    return Answer(status, json.dumps(value).encode())


def read_json(body: bytes) -> Any:
    """What a body says. Raises Refused where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"This is no JSON: {error}") from error


def as_object(value: Any) -> dict[str, Any]:
    """``value``, which has to be an object. Raises Refused for any other."""
    if not isinstance(value, dict):
        raise Refused(400, "This has to be a JSON object.")
    return value


def checked(statements: list[Any]) -> Iterator[dict[str, Any]]:
    """The statements, each of which has the three parts it cannot do without. Raises Refused before any is kept."""
    for one in statements:
        if lacking := [part for part in ("actor", "verb", "object") if not isinstance(as_object(one).get(part), dict)]:
            raise Refused(400, f"A statement lacks {', '.join(lacking)}.")
    yield from statements


def matches(statement: dict[str, Any], query: Mapping[str, str]) -> bool:
    """Whether a statement is one of those that the query of a GET asks for."""
    facts = {
        "verb": statement["verb"].get("id"),
        "activity": statement["object"].get("id"),
        "registration": statement.get("context", {}).get("registration"),
    }
    return all(query.get(name) in (None, value) for name, value in facts.items())


def same(value: str) -> str:
    """A parameter such that two spellings of the same JSON are the same."""
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def shorten(kept: dict[Any, Any], most: int) -> None:
    """Forgets the oldest where there are more than ``most``."""
    while len(kept) > most:
        del kept[next(iter(kept))]


def noted(ask: Ask, answer: Answer, number: int) -> dict[str, Any]:
    """One row of the list of calls; long bodies are cut."""
    about = ask.query.get("stateId") or ask.query.get("profileId") or ask.query.get("statementId") or ""
    return {
        "number": number,
        "registration": ask.query.get("registration", ""),
        "call": f"{ask.method} {ask.path}",
        "about": about,
        "body": ask.body[:4000].decode("utf-8", "replace"),
        "answer": str(answer.status),
        "error": answer.body[:500].decode("utf-8", "replace") if answer.status >= 400 else "",
    }
