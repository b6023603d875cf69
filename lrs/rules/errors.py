"""Why the store refuses something.

StoreOutdated           the tables are not those of this version; for the operator, never for a client
Refusal                 what a client did, in words for the client; HTTP chooses the number in lrs/refusals.py
├── Malformed           the request or its body cannot be read
├── InvalidStatement    a statement breaks a rule of xAPI
├── InvalidParameter    a query parameter is unknown, missing or wrong
├── StatementConflict   another statement is stored under the same id
├── DocumentConflict    a document would be overwritten by somebody who did not say which one they had seen
├── PreconditionFailed  the document is not the one that If-Match or If-None-Match asks for
├── NotFound            there is nothing here
├── NotOffered          this address does not take this method
├── Unauthenticated     no key or token, or not a good one
├── Forbidden           a good key or token that may not do this
├── TooLarge            more bytes than the store takes at once
└── TooMany             more requests than a package or a token may make in a minute
"""

from typing import Any


class StoreOutdated(Exception):
    """The database needs `ktb-lrs db upgrade` first."""


class Refusal(Exception):
    """What is wrong, the JSON pointer to it, the section of xAPI 1.0.3 that it breaks, and its statement's index.

    ``found`` is the kind of value that is there (lrs.rules.kinds), where it is known; never the value.
    """

    def __init__(self, what: str, where: str | None = None, rule: str | None = None, statement: int | None = None):
        super().__init__(what)
        self.what, self.where, self.rule, self.statement = what, where, rule, statement
        self.found: str | None = None

    def body(self) -> dict[str, Any]:
        """The one form in which every refusal is told."""
        error: dict[str, Any] = {"what": self.what, "where": self.where, "rule": self.rule, "found": self.found}
        if self.statement is not None:
            error["statement"] = self.statement
        return {"error": error}


class Malformed(Refusal):
    """Communication 3.2: the request or its body cannot be read."""


class InvalidStatement(Refusal):
    """Data 2.2: a statement breaks a rule."""


class InvalidParameter(Refusal):
    """Communication 2.1.3: a query parameter is unknown, missing or wrong."""


class StatementConflict(Refusal):
    """Communication 2.1.1: another statement has this id."""


class DocumentConflict(Refusal):
    """Communication 3.1: a document is here already, and the request does not say that it was seen."""


class PreconditionFailed(Refusal):
    """Communication 3.1: If-Match or If-None-Match does not hold."""


class NotFound(Refusal):
    """Communication 3.2: there is nothing here."""


class NotOffered(Refusal):
    """Communication 3.2: this address does not take this method, but those in ``allow``."""

    def __init__(self, what: str, where: str | None = None, rule: str | None = None, allow: tuple[str, ...] = ()):
        super().__init__(what, where, rule)
        self.allow = allow


class Unauthenticated(Refusal):
    """Communication 4.0: no credentials, or not good ones."""


class Forbidden(Refusal):
    """Communication 4.0: the credentials do not reach so far."""


class TooLarge(Refusal):
    """Communication 3.2: more bytes than the store takes at once."""


class TooMany(Refusal):
    """Communication 3.2: more requests than are taken in a minute."""
