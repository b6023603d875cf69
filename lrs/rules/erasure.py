"""A statement without somebody: who they were becomes a name that says nothing, and what they wrote is gone."""

from collections.abc import Collection, Mapping
from typing import Any

from lrs.rules.actors import IDENTIFIERS, identifier

HOME_PAGE = "https://erased.invalid"  # of the accounts that stand for whoever was erased
GAP = "…"


def stand_in(name: str) -> str:
    """The identifier, as the store keeps identifiers, of the account that stands for somebody."""
    return f"account|{HOME_PAGE}|{name}"


def pseudonymised(
    statement: Mapping[str, Any], names: Mapping[str, str], words: Collection[str], *, author: bool, inner: bool
) -> dict[str, Any]:
    """The statement with every agent that ``names`` has an account name for as that account, wherever it stands.

    ``words`` (names and addresses) are taken out of all other texts, in whichever case they are written. Where the
    person is the ``author``, or one of the ``inner`` statement, what was answered in it is taken out as well, and so
    are the attachments.
    """
    folded = [word.casefold() for word in words]
    whole = {key: _without(value, names, folded) for key, value in statement.items()}
    for part in [whole] * author + [whole["object"]] * inner:
        part.pop("attachments", None)
        if isinstance(part.get("result"), dict):
            part["result"].pop("response", None)
    return whole


def _without(value: Any, names: Mapping[str, str], words: Collection[str]) -> Any:
    if isinstance(value, dict):
        name = names.get(_identifier(value) or "")
        if name is not None:
            kind = {key: value[key] for key in ("objectType",) if key in value}
            return {**kind, "account": {"homePage": HOME_PAGE, "name": name}}
        return {key: _without(one, names, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, names, words) for one in value]
    if isinstance(value, str):
        return GAP if any(word in value.casefold() for word in words) else value
    return value


def _identifier(value: Mapping[str, Any]) -> str | None:
    """The identifier of what may be an agent; extensions may hold anything by the same names."""
    account = value.get("account")
    if account is not None and not (isinstance(account, dict) and {"homePage", "name"} <= account.keys()):
        return None
    return identifier(dict(value)) if any(key in value for key in IDENTIFIERS) else None
