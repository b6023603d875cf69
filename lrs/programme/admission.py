"""From what an organisation's sign-in says of somebody to the user that they are here, by groups or by invitation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from lrs.programme.words import named
from lrs.rules.formats import is_mailbox
from lrs.storage import users
from lrs.storage.database import Connection
from lrs.storage.users import User

NOT_HERE = named("You are not among those who may look here. Ask a programme lead to add you.")
NO_GROUP = named("None of your groups may look here. Ask whoever looks after accounts in your organisation.")
TWO_COUNCILS = named("Your groups name more than one council, and a link officer has one.")
NO_ADDRESS = named("Your organisation’s sign-in does not tell us your e-mail address.")
TAKEN = named("Somebody with your e-mail address may look here already, and we cannot tell that it is you.")
NOT_NOW = named("You may not look here yet, or no longer. Ask a programme lead.")


class Refused(Exception):
    """Why somebody is not let in: one of the sentences above. ``who`` is the user they are, where that is known."""

    def __init__(self, why: str, who: User | None = None):
        super().__init__(why)
        self.why, self.who = why, who


class Rules(NamedTuple):
    """What the settings say: which groups lead, which group sees which council, and whether addresses are vouched for.

    Where no group is named, groups decide nothing: then only those whom a lead has added are let in.
    """

    claim: str
    lead: tuple[str, ...]
    link: Mapping[str, str]
    trust_email: bool

    @property
    def by_group(self) -> bool:
        """Whether groups decide who may look."""
        return bool(self.lead or self.link)


class Told(NamedTuple):
    """What the sign-in says of somebody, as far as it can be used."""

    subject: str
    email: str
    vouched: bool
    name: str
    groups: frozenset[str]


def told(claims: Mapping[str, Any], rules: Rules) -> Told:
    """What the claims say. Only an ``email`` that the provider has verified, or is trusted with, names a user here."""
    email = next((text for key in ("email", "preferred_username") if (text := _address(claims.get(key)))), "")
    verified = rules.trust_email or (claims.get("email_verified") is True and email == _address(claims.get("email")))
    groups = claims.get(rules.claim)
    groups = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    name = " ".join(str(claims.get("name") or email).split())[:200]
    shown = name if name.isprintable() else email
    subject = f"{claims['iss']} {claims['sub']}"
    return Told(subject, email, verified, shown, frozenset(one for one in groups if isinstance(one, str)))


def _address(value: Any) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if len(text) <= 200 and is_mailbox("mailto:" + text) else ""


def admit(connection: Connection, who: Told, rules: Rules, now: datetime) -> User:
    """The user that somebody is, made or changed as their groups say. Raises Refused.

    People are known again by issuer and subject, never by an address alone. Whoever has lost their groups is signed
    out everywhere.
    """
    known = users.user_with_subject(connection, who.subject)
    invited = users.user_with_email(connection, who.email) if who.email and not known else None
    if invited and (invited.subject or not who.vouched):
        raise Refused(TAKEN)
    user = known or invited
    if rules.by_group:
        user = _by_group(connection, who, rules, user, now)
    elif user is None:
        raise Refused(NOT_HERE)
    elif user.subject is None:
        user = user._replace(subject=who.subject)
        users.change_user(connection, user)
    if not user.may_look(now):
        raise Refused(NOT_NOW, user)
    return user


def _by_group(connection: Connection, who: Told, rules: Rules, user: User | None, now: datetime) -> User:
    councils = {rules.link[group] for group in who.groups & rules.link.keys()}
    lead = not who.groups.isdisjoint(rules.lead)
    if not lead and len(councils) != 1:
        if user and user.subject == who.subject:
            users.sign_out_everywhere(connection, user.id)
        raise Refused(TWO_COUNCILS if councils else NO_GROUP, user)
    role, authority = ("lead", None) if lead else ("link", councils.pop())
    if user is None:
        if not who.email:
            raise Refused(NO_ADDRESS)
        return users.add_user(connection, who.email, who.name, role, authority, now, subject=who.subject)
    changed = user._replace(role=role, authority=authority, subject=who.subject, name=who.name or user.name)
    if changed != user:
        users.change_user(connection, changed)
    return changed
