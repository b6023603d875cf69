"""Refuses what must never lie in a package, which anybody can open: keys, passwords, and addresses that hold them."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

BASIC = re.compile(r"\bBasic\s+([A-Za-z0-9+/]{6,}={0,2})")
# For each kind: plain words to look for first, which is many times faster than a pattern that begins with a choice; and
# the pattern that holds from such a word on.
KINDS = (
    (
        "an Authorization header with its credentials",
        ("authorization",),
        re.compile(r"[\"']?\s*[:=]\s*[\"']?(?:bearer|basic)\s+[a-z0-9+/._=-]{8,}"),
    ),
    # In quotes, in an element, in an address or a line of settings; without any of these, a value has a digit in it.
    (
        "a key or password with its value",
        ("apikey", "api_key", "api-key", "secret", "token", "password", "passwd", "private_key", "private-key"),
        re.compile(
            r"[\"']?\s*[:=]\s*[\"'][^\"'\s]{8,}[\"']|>[^<>{}\s]{8,}</|"
            r"[\w-]*(?:=|\s*:\s*(?=\S*\s*(?:\n|\Z)))(?=\S*\d)[\w~+/%-]{8,}"
        ),
    ),
    ("a private key", ("-----begin",), re.compile(r"[a-z ]* private key-----")),
    ("an address with a password in it", ("http://", "https://"), re.compile(r"(?=[^\s/\"'<>@?#]*@)[^\s/\"'<>@?#:]+:")),
    ("a web token", ("eyj",), re.compile(r"[\w-]{10,}\.eyj[\w-]{5,}\.[\w-]{10,}")),
    ("a key of a cloud", ("akia",), re.compile(r"(?<=\bakia)[0-9a-z]{16}\b")),
    ("a key of a code or chat service", ("ghp_", "github_pat_", "glpat-", "xoxb-"), re.compile(r"[\w-]{20,}")),
)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SecretFound(Exception):
    """Something that looks like a secret would have gone into a package."""


class AddressRefused(ValueError):
    """The address of a record store is none, is not encrypted, or holds a secret."""


def refuse_secrets(files: dict[str, bytes]) -> None:
    """Raises SecretFound, naming the file, where a file of a package holds what looks like a secret."""
    for name, data in files.items():
        if kind := secret_in(_text(data)):
            raise SecretFound(
                f"{name} holds {kind}. A package is open to everybody who can take the course, so nothing was written."
            )


def _text(data: bytes) -> str:
    """A file as text; what is none, such as a picture, may still say something of itself."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def secret_in(text: str) -> str | None:
    """What kind of secret the text seems to hold, in words, or None."""
    lower = text.lower()
    for kind, words, pattern in KINDS:
        if any(pattern.match(lower, end) for word in words for end in _ends(lower, word)):
            return kind
    if "basic" in lower and any(map(_is_pair, BASIC.findall(text))):
        return "a user name and password for Basic authentication"
    return None


def _ends(text: str, word: str) -> Iterator[int]:
    """Where each occurrence of the word ends."""
    at = text.find(word)
    while at >= 0:
        yield at + len(word)
        at = text.find(word, at + 1)


def _is_pair(word: str) -> bool:
    """Whether base64 stands for ``name:password`` (RFC 7617, section 2); “Basic understanding” does not."""
    try:
        return b":" in base64.b64decode(word, validate=True)
    except binascii.Error:
        return False


def store_address(address: str) -> str:
    """The address of a record store without a slash at its end.

    Raises AddressRefused, with a sentence for the author, unless it is https, or http on this machine, and bare of
    user, query and fragment.
    """
    try:
        parts = urlsplit(address)
        well_formed = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well_formed = False
    if not well_formed:
        raise AddressRefused(f"“{address}” is no address of a record store. Write it as https://store.example.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(
            "The address of the record store holds a user name or password. A package must hold no secret."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise AddressRefused(f"“{address}” is not encrypted. Use https; http is for this machine alone.")
    if parts.query or parts.fragment:
        raise AddressRefused(f"“{address}” holds more than a path.")
    return address.rstrip("/")
