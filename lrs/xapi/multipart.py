"""multipart/mixed as xAPI uses it (Communication 1.5.2, RFC 2046): read within bounds, and written.

Readers of forms ask for names that the parts here do not have, and readers of e-mail look into attachments that are
multipart themselves; neither hands out a part without copying it.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lrs.rules.errors import Malformed

RULE = "Communication 1.5.2"
MOST_PARTS = 1000
LONGEST_HEADER = 8000  # bytes of all headers of one part
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]").fullmatch
HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*").fullmatch


class Part(NamedTuple):
    """One part: its headers, by names in lower case, and its bytes as a view into the body."""

    headers: dict[str, str]
    content: memoryview


def read(body: bytes, boundary: str | None) -> list[Part]:
    """The parts of a body. Raises Malformed for a boundary or a body that does not keep to RFC 2046."""
    if boundary is None or not BOUNDARY(boundary):
        raise Malformed("The Content-Type must name a boundary of 1 to 70 characters", None, RULE)
    return list(_parts(body, b"--" + boundary.encode("ascii")))


def _parts(body: bytes, delimiter: bytes) -> Iterator[Part]:
    at = 0 if body.startswith(delimiter) else _found(body, b"\r\n" + delimiter, 0) + 2
    view, between = memoryview(body), b"\r\n" + delimiter
    for _ in range(MOST_PARTS + 1):
        begins = _line_after(body, at + len(delimiter))
        if begins is None:
            return
        headers, begins = _headers(body, begins)
        ends = _found(body, between, begins - 2)  # a part without bytes ends where its headers do
        yield Part(headers, view[begins : max(begins, ends)])
        at = ends + 2
    raise Malformed(f"The body has more than {MOST_PARTS} parts", None, RULE)


def _found(body: bytes, what: bytes, start: int) -> int:
    at = body.find(what, start)
    if at < 0:
        raise Malformed("The body ends before its last boundary", None, RULE)
    return at


def _line_after(body: bytes, at: int) -> int | None:
    """Where the line after a boundary begins; None after the last boundary."""
    if body.startswith(b"--", at):
        return None
    while body[at : at + 1] in (b" ", b"\t"):
        at += 1
    if not body.startswith(b"\r\n", at):
        raise Malformed("A line that begins with the boundary goes on after it", None, RULE)
    return at + 2


def _headers(body: bytes, begins: int) -> tuple[dict[str, str], int]:
    """A part's headers, and where its bytes begin."""
    if body.startswith(b"\r\n", begins):
        return {}, begins + 2
    ends = body.find(b"\r\n\r\n", begins, begins + LONGEST_HEADER)
    if ends < 0:
        raise Malformed("A part of the body has no end of its headers", None, RULE)
    headers: dict[str, str] = {}
    for line in body[begins:ends].split(b"\r\n"):
        match = HEADER(line)
        name = match[1].decode("ascii").lower() if match else ""
        if match is None or name in headers:
            raise Malformed("A part of the body has a header that is none, or twice the same", None, RULE)
        headers[name] = match[2].decode("latin-1")
    return headers, ends + 4


def written(parts: Iterable[tuple[dict[str, str], bytes]]) -> tuple[str, list[bytes]]:
    """The Content-Type and the pieces of a body of these parts, each with its headers."""
    boundary = secrets.token_hex(24)  # nobody can have put it into an attachment
    pieces: list[bytes] = []
    for headers, content in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        pieces += (f"--{boundary}\r\n{lines}\r\n".encode(), content, b"\r\n")
    return f"multipart/mixed; boundary={boundary}", [*pieces, f"--{boundary}--\r\n".encode()]
