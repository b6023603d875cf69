"""The query parameters of the statements resource, each read strictly; none is taken that xAPI does not name."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request, url_for

from lrs.rules.actors import check_actor, identifier
from lrs.rules.errors import InvalidParameter, InvalidStatement, Refusal
from lrs.rules.formats import is_iri, is_uuid, moment
from lrs.rules.strict_json import parsed
from lrs.storage.queries import Filters

RULE = "Communication 2.1.3"
IDS = ("statementId", "voidedStatementId")
SHAPE = ("attachments", "format")
FORMS = ("exact", "ids", "canonical")
FILTERS = (
    "agent", "verb", "activity", "registration", "related_activities", "related_agents",
    "since", "until", "limit", "ascending",
)  # fmt: skip
FROM = "from"  # ours: the row after which the next page begins; only `more` links carry it
LARGEST = 2**63 - 1


class Asked(NamedTuple):
    """One statement by its id: as it is, or one that was voided."""

    number: str
    voided: bool


class Shape(NamedTuple):
    """In which form statements are asked for, and whether with the data of their attachments."""

    form: str  # exact, ids or canonical
    attachments: bool


def only(names: Collection[str]) -> None:
    """Refuse every other parameter, and one that comes twice."""
    for name, values in request.args.lists():
        if name not in names:
            raise InvalidParameter("The query has a parameter that is not offered here", name[:40], "Communication 3.2")
        if len(values) > 1:
            raise InvalidParameter(f"The parameter {name} is there twice", name, "Communication 3.2")


def required(name: str, value: str | None, rule: str) -> str:
    """The parameter's value, which must be there."""
    if not value:
        raise InvalidParameter(f"The parameter {name} is required", name, rule)
    return value


def uuid(name: str) -> str | None:
    """The parameter as a UUID in lower case, or None where it is not there."""
    value = request.args.get(name)
    if value is not None and not is_uuid(value):
        raise InvalidParameter(f"{name} must be a UUID", name, RULE)
    return value and value.lower()


def by_id() -> bool:
    """Whether one statement is asked for."""
    return any(name in request.args for name in IDS)


def statement_asked_for() -> Asked:
    """Which statement is asked for by its id."""
    only((*IDS, *SHAPE))
    plain, voided = uuid("statementId"), uuid("voidedStatementId")
    if plain and voided:
        raise InvalidParameter("statementId and voidedStatementId exclude each other", "voidedStatementId", RULE)
    return Asked(plain or voided or "", voided is not None)


def filters() -> Filters:
    """What is asked for by filters."""
    only((*FILTERS, *SHAPE, FROM))
    return Filters(
        agent=agent("agent"),
        verb=iri("verb"),
        activity=iri("activity"),
        registration=uuid("registration"),
        since=instant("since"),
        until=instant("until"),
        related_agents=_flag("related_agents"),
        related_activities=_flag("related_activities"),
        ascending=_flag("ascending"),
        after=_whole(FROM),
    )


def limit(most: int) -> int:
    """How many statements a page holds: as many as asked for, but never more than ``most``; 0 asks for that."""
    asked = _whole("limit") or 0
    return min(asked, most) or most


def next_page(after: int) -> str:
    """The path and query, from the root, of the page that follows."""
    query = {name: value for name, value in request.args.items() if name != FROM}
    return f"{url_for('xapi.get')}?{urlencode(query | {FROM: str(after)})}"


def shape() -> Shape:
    """In which form statements are asked for."""
    form = request.args.get("format", "exact")
    if form not in FORMS:
        raise InvalidParameter("format must be exact, ids or canonical", "format", RULE)
    return Shape(form, _flag("attachments"))


def agent(name: str) -> str | None:
    """The parameter as the identifier of the agent, or identified group, whose JSON it is."""
    value = request.args.get(name)
    if value is None:
        return None
    try:
        actor = parsed(value.encode())
        check_actor(actor, "")
    except (Refusal, UnicodeError) as error:
        if isinstance(error, InvalidStatement):
            raise InvalidParameter(f"{name}: {error.what}", name + (error.where or ""), RULE) from None
        raise InvalidParameter(f"{name} must be JSON", name, RULE) from None
    identified = identifier(actor)
    if identified is None:
        raise InvalidParameter(f"{name} must be an agent or an identified group", name, RULE)
    return identified


def iri(name: str) -> str | None:
    """The parameter as an absolute IRI."""
    value = request.args.get(name)
    if value is not None and not is_iri(value):
        raise InvalidParameter(f"{name} must be an absolute IRI", name, RULE)
    return value


def instant(name: str) -> datetime | None:
    """The parameter as a moment in UTC."""
    value = request.args.get(name)
    if value is None:
        return None
    try:
        # A plus sign that was not escaped arrives as a space; in a zone it can have been nothing else.
        head, tail = value[:19], value[19:].replace(" ", "+")
        return moment(head + tail)
    except (ValueError, OverflowError):
        raise InvalidParameter(f"{name} must be a date and time of ISO 8601", name, RULE) from None


def _flag(name: str) -> bool:
    value = request.args.get(name, "false")
    if value not in ("true", "false"):
        raise InvalidParameter(f"{name} must be true or false", name, RULE)
    return value == "true"


def _whole(name: str) -> int | None:
    value = request.args.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST):
        raise InvalidParameter(f"{name} must be a whole number from 0", name, RULE)
    return int(value)
