"""When two statements with one id are the same statement (Data 2.3.1)."""

from typing import Any

from lrs.rules.formats import moment

SET_BY_THE_STORE = ("id", "stored", "authority", "version")


def same(sent: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Whether a statement sent again says what the one kept says.

    What the store sets does not count, nor the display of verbs, the definitions of activities, the order of group
    members, letter case of UUIDs, how one moment is written, or what a duration says beyond hundredths of a second; a
    sender that left the timestamp out may do so again.
    """
    ours, theirs = _essence(sent), _essence(kept)
    if "timestamp" not in sent:
        theirs.pop("timestamp", None)
    return ours == theirs


def _essence(statement: dict[str, Any]) -> dict[str, Any]:
    essence = {name: _part(name, value) for name, value in statement.items() if name not in SET_BY_THE_STORE}
    if "timestamp" in essence:
        essence["timestamp"] = moment(statement["timestamp"])
    return essence


def _part(name: str, value: Any) -> Any:
    if name == "verb":
        return value["id"]
    if name == "object" and value.get("objectType") == "SubStatement":
        return _essence(value)
    if name == "result" and "duration" in value:
        return value | {"duration": _duration(value["duration"])}
    if name in ("actor", "object", "context"):
        return _plain(value)
    return value


def _duration(text: str) -> str:
    """The duration with no more than hundredths of a second, to compare it only."""
    if not text.endswith("S"):
        return text
    whole, _, fraction = text[:-1].replace(",", ".").partition(".")
    return f"{whole}.{fraction[:2].rstrip('0')}S"


def _plain(value: Any) -> Any:
    """The value without activity definitions, UUIDs in lower case, defaults filled in, members in one order."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: one if name == "extensions" else _plain(one) for name, one in value.items() if name != "definition"}
    if "member" in plain:
        plain["member"] = sorted(plain["member"], key=repr)
    if "registration" in plain:
        plain["registration"] = plain["registration"].lower()
    if plain.get("objectType") == "StatementRef":
        plain["id"] = plain["id"].lower()
    if plain.get("objectType") in ("Agent", "Activity"):  # the defaults, which a sender may leave out
        del plain["objectType"]
    return plain
