"""What a package launched by an LMS may say: about its learner, its registration and its course, and nothing else."""

from collections.abc import Collection, Sequence
from typing import Any

from lrs.rules.errors import InvalidStatement
from lrs.rules.kinds import kind_at
from lrs.rules.statements import VOIDED
from lrs.rules.values import invalid

RULE = "Launch"


def bound(
    statements: Sequence[dict[str, Any]],
    *,
    actor: dict[str, Any],
    registration: str,
    verbs: Collection[str],
    activities: Collection[str],
) -> list[dict[str, Any]]:
    """These valid statements with the actor that the token is bound to.

    Raises InvalidStatement, with the statement's index, for another registration, another verb than the course's
    (voiding never), and another activity than the course's.
    """
    for index, statement in enumerate(statements):
        try:
            _check(statement, registration, verbs, activities)
        except InvalidStatement as error:
            error.statement, error.found = index, kind_at(statement, error.where)
            raise
    return [statement | {"actor": actor} for statement in statements]


def _check(statement: dict[str, Any], registration: str, verbs: Collection[str], activities: Collection[str]) -> None:
    verb = statement["verb"]["id"]
    if verb == VOIDED or verb not in verbs:
        raise invalid("is not one of the course's verbs", "/verb/id", RULE)
    thing = statement["object"]
    if thing.get("objectType", "Activity") != "Activity" or thing["id"] not in activities:
        raise invalid("is not one of the course's activities", "/object/id", RULE)
    if statement.get("context", {}).get("registration", "").lower() != registration:
        raise invalid("is not the registration of this launch", "/context/registration", RULE)
