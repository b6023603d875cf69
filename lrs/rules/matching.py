"""Which people an account that is nobody's yet may belong to, and which records may be one person's: suggestions only.

An account becomes a person's by an exact identifier or because somebody says so, never by what is found here. Names
come here folded: without accents, capitals and marks, the same for two spellings of one name.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

Key = tuple[str, str]  # what two may have in common, and how it reads
WORD = re.compile("[a-z]+")
MOST = 3  # suggestions for one account
BEARERS = 50  # people who are looked at for one thing in common: a name that more have says little
# Why somebody is suggested, the strongest reason first, with its weight.
REASONS = {"coded": 100, "local": 40, "alias": 30, "spelt": 30, "name": 25, "id": 20, "council": 5}
# What a mailbox is called that is nobody's own: any of the first is enough, of the others all words must be such.
SHARED = frozenset(
    re.findall(
        r"\w+",
        "team info office swyddfa admin gweinyddu training hyfforddiant enquiries ymholiadau reception derbynfa "
        "mailbox inbox noreply elearning",
    )
)
ALSO_SHARED = SHARED | frozenset(
    re.findall(
        r"\w+",
        "tim learning dysgu learn hr ad education addysg children plant schools ysgolion mail post contact cyswllt "
        "staff support cymorth help services service gwasanaethau council cyngor no reply people pobl gwybodaeth",
    )
)


class Account(NamedTuple):
    """An account that nobody has claimed: its identifier as the store keeps it, its address, the names it gave.

    ``aliases`` has each person another account of whom gave one of the same names.
    """

    actor: int
    ifi: str
    email: str | None
    names: tuple[str, ...]
    aliases: frozenset[str] = frozenset()


class Somebody(NamedTuple):
    """A person as far as accounts can be told by: names (that of a record merged into theirs too) and identifiers."""

    person: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    accounts: tuple[str, ...]  # identifiers of actors


class Suggestion(NamedTuple):
    """Somebody whose account it may be, and why, the strongest reason first."""

    person: str
    reasons: tuple[str, ...]


def words_of(folded: str) -> str:
    """A name's words in one order, so that Jones, Mari is Mari Jones; empty for a single word, which says nothing."""
    words = sorted(folded.split())
    return " ".join(words) if len(words) > 1 else ""


def looks_shared(address: str) -> bool:
    """Whether an e-mail address looks like a mailbox of several people, such as training@ or schools.office@."""
    words = WORD.findall(address.partition("@")[0].lower())
    return bool(words) and (not SHARED.isdisjoint(words) or ALSO_SHARED.issuperset(words))


def differ(names: Iterable[str]) -> bool:
    """Whether folded names are two people's: one that only leaves some words of another out is the same person's."""
    sets = [set(name.split()) for name in names if name]
    return any(not (one <= other or other <= one) for one in sets for other in sets)


def keys_of(account: Account) -> dict[Key, str]:
    """What an account shows of its owner -> the reason that it is for suggesting whoever shows the same."""
    keys: dict[Key, str] = {("name", words_of(name)): "name" for name in account.names if words_of(name)}
    kind, _, rest = account.ifi.partition("|")
    if account.email and not looks_shared(account.email):
        local = account.email.partition("@")[0]
        keys["local", local] = "local"
        spelt = words_of(" ".join(re.findall(r"[^\W\d_]{2,}", local)))
        keys.setdefault(("name", spelt), "spelt")
    elif kind == "mbox_sha1sum":
        keys["coded", rest.lower()] = "coded"
    elif kind == "account" and _telling(rest.partition("|")[2]):
        keys["id", rest.partition("|")[2]] = "id"
    keys.pop(("name", ""), None)
    return keys


def _telling(number: str) -> bool:
    """Whether an LMS id, met again in another LMS, says anything: two councils' 1234 are two people."""
    return len(number) > 3 and not number.isdigit()


def shown_by(one: Somebody, *, coded: bool = False) -> set[Key]:
    """What a person shows that accounts may show too; addresses in coded form only where that is asked for."""
    keys = {("name", words_of(name)) for name in one.names}
    keys |= {("local", address.partition("@")[0]) for address in one.addresses if not looks_shared(address)}
    keys |= {("id", account.split("|", 2)[-1]) for account in one.accounts}
    if coded:
        keys |= {("coded", _coded(address)) for address in one.addresses}
    return keys


def _coded(address: str) -> str:
    return hashlib.sha1(f"mailto:{address}".encode(), usedforsecurity=False).hexdigest()  # as xAPI has it


def suggestions(
    accounts: Sequence[Account], everybody: Iterable[Somebody], refused: Set[tuple[int, str]]
) -> dict[int, list[Suggestion]]:
    """Actor -> whose it may be, the likeliest first; nobody of whom it was said already that it is not theirs.

    Everybody is looked at once, however many accounts there are.
    """
    wanted = {account.actor: keys_of(account) for account in accounts}
    sought = {key for keys in wanted.values() for key in keys}
    bearers = bearers_of(sought, everybody)
    found = {}
    for account in accounts:
        reasons: dict[str, set[str]] = defaultdict(set)
        for key, reason in wanted[account.actor].items():
            for person in bearers.get(key, ()):
                reasons[person].add(reason)
        for person in account.aliases:
            reasons[person].add("alias")
        found[account.actor] = [
            Suggestion(person, tuple(sorted(why, key=_weight)))
            for person, why in reasons.items()
            if (account.actor, person) not in refused
        ]
    return found


def _weight(reason: str) -> int:
    return -REASONS[reason]


def bearers_of(sought: Set[Key], everybody: Iterable[Somebody]) -> Mapping[Key, Sequence[str]]:
    """Each of the things sought -> the people who show it, at most ``BEARERS`` of them."""
    bearers: dict[Key, list[str]] = defaultdict(list)
    coded = any(kind == "coded" for kind, _ in sought)
    for one in everybody:
        for key in shown_by(one, coded=coded) & sought:
            if len(bearers[key]) < BEARERS:
                bearers[key].append(one.person)
    return bearers


def likeliest(
    found: Sequence[Suggestion], here: Mapping[str, str], authority: str | None, order: Callable[[str], object]
) -> list[Suggestion]:
    """The likeliest of the suggestions, of people who are ``here`` (person -> authority), best first.

    Somebody of the authority whose package it was has one reason more; among equals ``order`` of the person decides.
    """
    told = [
        one._replace(reasons=(*one.reasons, "council")) if authority and here[one.person] == authority else one
        for one in found
        if one.person in here
    ]
    return sorted(told, key=lambda one: (sum(map(_weight, one.reasons)), order(one.person)))[:MOST]


def alike(
    roster: Set[str], everybody: Sequence[Somebody], two: Set[frozenset[str]]
) -> dict[frozenset[str], tuple[str, ...]]:
    """People who may be one, somebody on the roster among them -> why: they share a name, or an address's first part.

    A mailbox that several people share makes nobody alike. Pairs of ``two`` were said to be two people; whoever is that
    with each of the others is not among them.
    """
    sought = {key for one in everybody if one.person in roster for key in shown_by(one) if key[1] and key[0] != "id"}
    groups: dict[frozenset[str], set[str]] = defaultdict(set)
    for (kind, _), persons in bearers_of(sought, everybody).items():
        together = frozenset(
            one for one in persons if any(other != one and frozenset((one, other)) not in two for other in persons)
        )
        if len(together) > 1 and together & roster:
            groups[together].add(kind)
    return {together: tuple(sorted(why, key=_weight)) for together, why in groups.items()}
