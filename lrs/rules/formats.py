"""The small formats inside a statement: IRIs, UUIDs, times, durations, language tags."""

import re
from datetime import UTC, datetime
from functools import lru_cache

LONGEST_IRI = 2000  # bytes of UTF-8: an index on PostgreSQL holds no longer text than about 2,700

_iri = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+").fullmatch
_mailbox = re.compile(r"mailto:[^@\s<>\x00-\x20]+@[^@\s<>\x00-\x20]+", re.IGNORECASE).fullmatch
is_uuid = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}").fullmatch
is_sha1 = re.compile(r"[0-9a-fA-F]{40}").fullmatch
is_sha2 = re.compile(r"[0-9a-fA-F]{56,128}").fullmatch
is_media_type = re.compile(r"[\w!#$&^.+\-]+/[\w!#$&^.+\-]+(?:[ \t]*;[^\x00-\x1f\x7f]*)?", re.ASCII).fullmatch
is_version = re.compile(r"[12]\.0(?:\.\d{1,5})?", re.ASCII).fullmatch
is_rfc3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|\+\d\d:\d\d|-(?!00:00$)\d\d:\d\d)", re.ASCII
).fullmatch
is_timestamp = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,12})?)?"
    r"(?:[Zz]|\+\d\d(?::?\d\d)?|-(?!00(?::?00)?$)\d\d(?::?\d\d)?)?",
    re.ASCII,
).fullmatch
# The smallest unit given may have a fraction; weeks stand alone.
is_duration = re.compile(
    r"P(?:\d+(?:[.,]\d+)?W"
    r"|(?=[\dT])(?:\d+(?:[.,]\d+(?=Y$))?Y)?(?:\d+(?:[.,]\d+(?=M$))?M)?(?:\d+(?:[.,]\d+(?=D$))?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+(?=H$))?H)?(?:\d+(?:[.,]\d+(?=M$))?M)?(?:\d+(?:[.,]\d+)?S)?)?)",
    re.ASCII,
).fullmatch
_language = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{2,8}|(?:en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)|art-lojban|cel-gaulish|zh-min(?:-nan)?)",
    re.IGNORECASE | re.ASCII,
).fullmatch


@lru_cache(maxsize=4096)
def _is_short_iri(text: str) -> bool:
    return _iri(text) is not None


def size(text: str) -> int:
    """How many bytes the text has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode(errors="replace"))


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI of at most 2,000 bytes (RFC 3987, without its tables of characters)."""
    if len(text) > 200:  # long ones would let a sender fill the cache
        return size(text) <= LONGEST_IRI and _iri(text) is not None
    return _is_short_iri(text)


def is_mailbox(text: str) -> bool:
    """Whether the text is `mailto:` and an address, of at most 2,000 bytes."""
    return size(text) <= LONGEST_IRI and _mailbox(text) is not None


@lru_cache(maxsize=1024)
def _is_short_language(text: str) -> bool:
    return _language(text) is not None


def is_language(text: str) -> bool:
    """Whether the text has the form of an RFC 5646 language tag; longer than 100 characters it has not."""
    return len(text) <= 100 and _is_short_language(text)


def moment(text: str) -> datetime:
    """The aware moment that an ISO 8601 timestamp names; without a zone it is UTC. Raises ValueError.

    A leap second is the last one before it.
    """
    if not is_timestamp(text):
        raise ValueError("not a date and time of ISO 8601")
    if text[16:19] == ":60":
        text = text[:16] + ":59" + text[19:]
    value = datetime.fromisoformat(text.upper().replace(",", "."))
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def written_moment(at: datetime) -> str:
    """An aware moment in ISO 8601, in UTC, as the store writes all of its own."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
