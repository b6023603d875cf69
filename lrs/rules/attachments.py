"""Attachments of statements: the bytes that came with a request against the statements that speak of them."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from lrs.rules.errors import InvalidStatement, Malformed
from lrs.rules.values import invalid

RULE = "Data 2.4.11"
ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}  # by the length of the hash in hexadecimal


def hashes(statement: dict[str, Any]) -> Iterator[str]:
    """The SHA-2 of each attachment of a valid statement and of its SubStatement, in lower case."""
    for _, attachment in each(statement):
        yield attachment["sha2"].lower()


def each(statement: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each attachment of a valid statement and of its SubStatement, with its JSON pointer."""
    for index, attachment in enumerate(statement.get("attachments", ())):
        yield f"/attachments/{index}", attachment
    if statement["object"].get("objectType") == "SubStatement":
        for index, attachment in enumerate(statement["object"].get("attachments", ())):
            yield f"/object/attachments/{index}", attachment


def is_hash_of(sha2: str, content: bytes | memoryview) -> bool:
    """Whether this is the SHA-224, 256, 384 or 512 of the content, by its length."""
    algorithm = ALGORITHMS.get(len(sha2))
    return algorithm is not None and hashlib.new(algorithm, content).hexdigest() == sha2.lower()


def check_all_there(statements: Sequence[dict[str, Any]], contents: Collection[str]) -> None:
    """Refuse valid statements unless each attachment has a fileUrl or came along, and nothing else came.

    ``contents`` are the hashes of what came, in lower case. Raises InvalidStatement, with the statement's index where
    there are several, or Malformed for bytes that no statement speaks of.
    """
    wanted: set[str] = set()
    for index, statement in enumerate(statements):
        for where, attachment in each(statement):
            wanted.add(attachment["sha2"].lower())
            if "fileUrl" not in attachment and attachment["sha2"].lower() not in contents:
                refusal: InvalidStatement = invalid("has no fileUrl, and its data did not come along", where, RULE)
                refusal.statement = index if len(statements) > 1 else None
                raise refusal
    if set(contents) - wanted:
        raise Malformed("A part of the body belongs to no attachment of the statements", None, "Communication 1.5.2")
