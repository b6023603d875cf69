"""The versions of xAPI that are spoken here, and what differs between them."""

import re
from typing import NamedTuple

from lrs.rules.errors import Malformed
from lrs.rules.formats import is_rfc3339, is_timestamp, is_version

RULE = "Communication 3.3"
CONTEXT = frozenset(
    (
        "registration", "instructor", "team", "contextActivities", "revision",
        "platform", "language", "statement", "extensions",
    )
)  # fmt: skip


class Version(NamedTuple):
    """What one version of xAPI asks of a request and of the statements in it."""

    name: str  # what X-Experience-API-Version says in answers
    default: str  # the version of a statement that does not say its own
    statements: re.Pattern[str]  # the versions that a statement may say
    context: frozenset[str]  # the properties of a context
    strict_times: bool  # RFC 3339, where 1.0.3 takes ISO 8601
    alternate: bool  # whether there is the alternate request syntax

    def takes_time(self, text: str) -> bool:
        """Whether a timestamp may be written so; whether there is such a day is for formats.moment to say."""
        return (is_rfc3339 if self.strict_times else is_timestamp)(text) is not None


XAPI_1 = Version("1.0.3", "1.0.0", re.compile(r"1\.0(?:\.\d{1,5})?", re.ASCII), CONTEXT, False, True)
XAPI_2 = Version(
    "2.0.0",
    "2.0.0",
    re.compile(r"[12]\.0(?:\.\d{1,5})?", re.ASCII),  # what an older provider stored is still sent on
    CONTEXT | {"contextAgents", "contextGroups"},
    True,
    False,
)


def spoken(header: str | None) -> Version:
    """The version that a request's X-Experience-API-Version asks for. Raises Malformed for none and for any other."""
    if header is None:
        raise Malformed("The header X-Experience-API-Version is required", None, RULE)
    if not is_version(header):
        raise Malformed("The header X-Experience-API-Version must be 1.0, 1.0.x, 2.0 or 2.0.x", None, RULE)
    return XAPI_2 if header.startswith("2") else XAPI_1
