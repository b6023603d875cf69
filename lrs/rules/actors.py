"""Agents and groups: Data 2.4.2."""

from typing import Any

from lrs.rules.formats import is_mailbox, is_sha1, size
from lrs.rules.values import invalid, members, require, the_iri, the_object, the_string

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
IDENTIFIER_NAMES = frozenset(IDENTIFIERS)
AGENT = frozenset((*IDENTIFIERS, "objectType", "name"))
GROUP = AGENT | {"member"}
ACCOUNT = frozenset(("homePage", "name"))
LONGEST_NAME = 1000  # characters of an account
LONGEST_ACCOUNT = 2500  # bytes of its home page and name together: what an index on PostgreSQL can hold


def check_actor(actor: Any, where: str) -> None:
    """Raise InvalidStatement unless this is an agent or a group."""
    the_object(actor, where, "Data 2.4.2")
    kind = actor.get("objectType", "Agent")
    if kind == "Agent":
        _agent(actor, where)
    elif kind == "Group":
        _group(actor, where)
    else:
        raise invalid("must be Agent or Group", where + "/objectType", "Data 2.4.2")


def check_agent_only(actor: Any, where: str) -> None:
    """Raise InvalidStatement unless this is an agent."""
    the_object(actor, where, "Data 2.4.2.1")
    if actor.get("objectType", "Agent") != "Agent":
        raise invalid("must be Agent", where + "/objectType", "Data 2.4.2.1")
    _agent(actor, where)


def check_group_only(actor: Any, where: str) -> None:
    """Raise InvalidStatement unless this is a group."""
    the_object(actor, where, "Data 2.4.2.2")
    if actor.get("objectType") != "Group":
        raise invalid("must be Group", where + "/objectType", "Data 2.4.6")
    _group(actor, where)


def check_authority(actor: Any, where: str) -> None:
    """Raise InvalidStatement unless this is an agent, or the anonymous pair of agents that OAuth speaks of."""
    check_actor(actor, where)
    if actor.get("objectType") != "Group":
        return
    if not IDENTIFIER_NAMES.isdisjoint(actor) or len(actor["member"]) != 2:
        raise invalid("must be an agent, or an anonymous group of two", where, "Data 2.4.9")


def _agent(agent: dict[str, Any], where: str) -> None:
    rule = "Data 2.4.2.1"
    members(agent, AGENT, where, rule)
    if "name" in agent:
        the_string(agent["name"], where + "/name", rule)
    if _identifiers(agent, where) != 1:
        raise invalid("must have one of mbox, mbox_sha1sum, openid and account", where, "Data 2.4.2.3")


def _group(group: dict[str, Any], where: str) -> None:
    rule = "Data 2.4.2.2"
    members(group, GROUP, where, rule)
    if "name" in group:
        the_string(group["name"], where + "/name", rule)
    found = _identifiers(group, where)
    if found > 1:
        raise invalid("must have at most one of mbox, mbox_sha1sum, openid and account", where, "Data 2.4.2.3")
    if not found:
        require(group, ("member",), where, rule)
    agents = group.get("member", [])
    if not isinstance(agents, list):
        raise invalid("must be an array of agents", where + "/member", rule)
    for index, agent in enumerate(agents):
        check_agent_only(agent, f"{where}/member/{index}")


def _identifiers(actor: dict[str, Any], where: str) -> int:
    """Check each identifier; how many there are."""
    rule, found = "Data 2.4.2.3", 0
    if "account" in actor:
        _account(actor["account"], where + "/account")
        found += 1
    if "mbox" in actor:
        if not is_mailbox(the_string(actor["mbox"], where + "/mbox", rule)):
            raise invalid("must be mailto: and an e-mail address", where + "/mbox", rule)
        found += 1
    if "mbox_sha1sum" in actor:
        if not is_sha1(the_string(actor["mbox_sha1sum"], where + "/mbox_sha1sum", rule)):
            raise invalid("must be 40 hexadecimal digits", where + "/mbox_sha1sum", rule)
        found += 1
    if "openid" in actor:
        the_iri(actor["openid"], where + "/openid", rule)
        found += 1
    return found


def _account(account: Any, where: str) -> None:
    rule = "Data 2.4.2.4"
    members(account, ACCOUNT, where, rule)
    require(account, ("homePage", "name"), where, rule)
    the_iri(account["homePage"], where + "/homePage", rule)
    name = the_string(account["name"], where + "/name", rule)
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        raise invalid("must have 1 to 1,000 characters, none of them U+0000", where + "/name", rule)
    if size(account["homePage"]) + size(name) > LONGEST_ACCOUNT:
        raise invalid("must have at most 2,500 bytes together with homePage", where + "/name", rule)


def identifier(actor: dict[str, Any]) -> str | None:
    """The one text that identifies a valid actor, as the store keeps it; None for an anonymous group."""
    account = actor.get("account")
    if account is not None:
        return f"account|{account['homePage']}|{account['name']}"
    for kind in ("mbox", "openid", "mbox_sha1sum"):
        value = actor.get(kind)
        if value is not None:
            return f"{kind}|{value}"
    return None


def email(identified: str) -> str | None:
    """The lower-case address that an actor's identifier shows: an mbox, or an account whose name is an address."""
    kind, _, rest = identified.partition("|")
    address = ""
    if kind == "mbox":
        address = rest[len("mailto:") :]
    elif kind == "account":
        address = rest.partition("|")[2]
    lower = address.lower()  # which may be longer
    return lower if is_mailbox("mailto:" + lower) else None
