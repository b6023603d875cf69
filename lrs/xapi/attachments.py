"""Statements with the data of their attachments: out of requests, and into answers (Communication 1.5.2)."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from flask import Response, request

from lrs.bodies import read_bytes, read_json
from lrs.rules.attachments import each, is_hash_of
from lrs.rules.errors import Malformed
from lrs.rules.strict_json import parsed
from lrs.storage import attachments
from lrs.storage.database import Connection
from lrs.storage.queries import Page
from lrs.xapi import multipart

RULE = "Communication 1.5.2"
MOST_BYTES = 16_000_000  # of attachments in one answer: a page that would hold more is cut short, and goes on in `more`


class Body(NamedTuple):
    """What a request holds: the value of its JSON, and the data of attachments by SHA-2 in lower case."""

    value: Any
    contents: dict[str, memoryview]


def read(longest: int) -> Body:
    """The request's body, JSON or multipart. Raises Malformed for any other, TooLarge beyond ``longest`` bytes."""
    if request.mimetype != "multipart/mixed":
        return Body(read_json(longest), {})
    parts = multipart.read(read_bytes(longest), request.mimetype_params.get("boundary"))
    kind = parts[0].headers.get("content-type", "") if parts else ""
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise Malformed("The first part of the body must be the statements, as application/json", None, RULE)
    return Body(parsed(bytes(parts[0].content)), dict(_content(part) for part in parts[1:]))


def _content(part: multipart.Part) -> tuple[str, memoryview]:
    """The hash and the data of one attachment."""
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Malformed("A part with an attachment must have Content-Transfer-Encoding: binary", None, RULE)
    sha2 = part.headers.get("x-experience-api-hash", "").lower()
    if not is_hash_of(sha2, part.content):
        raise Malformed("A part with an attachment must have its SHA-2 as X-Experience-API-Hash", None, RULE)
    return sha2, part.content


def fitting(connection: Connection, page: Page) -> Page:
    """The page, cut short where its attachments are too much for one answer; never to nothing."""
    sizes = attachments.sizes(connection, [one.seq for one in page.found])
    sent: dict[str, int] = {}
    for index, one in enumerate(page.found):
        sent |= sizes.get(one.seq, {})
        if index and sum(sent.values()) > MOST_BYTES:
            return Page(page.found[:index], True)
    return page


def answer(connection: Connection, document: bytes, page: Page) -> Response:
    """The JSON of these statements, and after it each attachment that came with one of them, once."""
    first = {"Content-Type": "application/json"}, document
    kind, pieces = multipart.written([first, *_parts(connection, page)])
    return Response(b"".join(pieces), content_type=kind)


def _parts(connection: Connection, page: Page) -> Iterator[tuple[dict[str, str], bytes]]:
    sizes = attachments.sizes(connection, [one.seq for one in page.found])
    sent: set[str] = set()
    for one in page.found:
        for sha2, kind in _kinds(one.payload) if one.seq in sizes else ():
            if sha2 in sizes[one.seq] and sha2 not in sent:
                sent.add(sha2)
                headers = {"Content-Type": kind, "Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": sha2}
                yield headers, attachments.content(connection, sha2)


def _kinds(payload: str) -> Sequence[tuple[str, str]]:
    """The hash and the media type of each attachment of a stored statement."""
    return [(one["sha2"].lower(), one["contentType"]) for _, one in each(orjson.loads(payload))]
