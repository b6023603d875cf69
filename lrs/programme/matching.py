"""Accounts that records come from and that are nobody's yet: whose they may be, and a lead's word on whose they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.authorities import authority_name, fold
from lrs.programme.pages import Page
from lrs.programme.site import found
from lrs.programme.words import gettext, language, named
from lrs.rules import matching
from lrs.rules.days import day_in_wales
from lrs.rules.matching import Account, Somebody
from lrs.storage import matches, merges, people
from lrs.storage.cohorts import which_courses
from lrs.storage.database import Connection
from lrs.storage.matches import MOST, Bare, Heard, Sought
from lrs.storage.merges import Merge
from lrs.storage.people import Face

PAGE = 25
FOUND = 20  # people whom a search shows
SHORTEST = 2  # characters that a search needs
REASON_WORDS = {
    "coded": named("The account is this person’s e-mail address in coded form."),
    "local": named("The same words before the @ of the e-mail address."),
    "alias": named("Another account of this person gave the same name."),
    "spelt": named("The e-mail address spells this person’s name."),
    "name": named("The same name."),
    "id": named("The same id in another LMS."),
    "council": named("The package is this person’s council’s."),
}
KINDS = {
    "mbox": named("An e-mail address"),
    "mbox_sha1sum": named("An e-mail address in coded form"),
    "openid": named("An OpenID"),
}


class Suggested(NamedTuple):
    """Somebody whose account it may be, and why, in words."""

    face: Face
    why: str

    @property
    def council(self) -> str:
        """The council's name in the language being spoken."""
        return authority_name(self.face.authority, language())


class Unknown(NamedTuple):
    """One account that is nobody's: where it is, what it is called there, what we heard of it, whose it may be."""

    heard: Heard
    where: str
    called: str
    shared: bool
    suggested: list[Suggested]

    @property
    def councils(self) -> list[str]:
        """The councils whose packages the records came through."""
        return [authority_name(gss, language()) for gss in self.heard.authorities if gss]


class QueuePage(NamedTuple):
    """The accounts that are nobody's, those somebody is suggested for first; and of late made one, for leads."""

    accounts: list[Unknown]
    whole: int
    more: bool  # there are more than are looked at
    page: int
    pages: int
    merges: list[Merge]


class AccountPage(NamedTuple):
    """Everything about one account that is nobody's, and the people found for it."""

    account: Unknown
    courses: list[str]
    refused: list[Suggested]
    typed: str
    found: list[Suggested]


def account_words(ifi: str) -> tuple[str, str]:
    """Where an account is and what it is called there: the LMS's address and the id, or a kind of address and it."""
    kind, _, rest = ifi.partition("|")
    if kind == "account":
        home, _, name = rest.partition("|")
        return home, name
    return gettext(KINDS[kind]), rest.removeprefix("mailto:")


def somebodies(bare: Sequence[Bare]) -> list[Somebody]:
    """People as rules of matching take them: names folded, and a retired record's name with the survivor."""
    names: dict[str, list[str]] = {}
    for one in bare:
        names.setdefault(one.merged_into or one.person, []).append(fold(one.name))
    return [
        Somebody(
            one.person,
            tuple(names[one.person]),
            tuple(value for kind, value in one.identifiers if kind == "email"),
            tuple(value for kind, value in one.identifiers if kind == "account"),
        )
        for one in bare
        if one.merged_into is None
    ]


def suggested_for(
    connection: Connection, numbers: Sequence[int], now: datetime, sees: str | None
) -> dict[int, list[Suggested]]:
    """Actor -> whose it may be, best first, with reasons in words; of one authority's people where that is all seen."""
    names = matches.names_of(connection, numbers)
    told = matches.people_named_by_accounts(connection, [name for some in names.values() for name in some])
    accounts = [
        _account(actor, ifi, email, names.get(actor, ()), told)
        for actor, ifi, email in matches.identifiers_of_actors(connection, numbers)
    ]
    everybody = somebodies(matches.bare_people(connection, sees, day_in_wales(now)))
    refused = {(actor, one) for actor, some in matches.refused_for(connection, numbers).items() for one in some}
    may_be = matching.suggestions(accounts, everybody, refused)
    known = people.faces(connection, sorted({one.person for some in may_be.values() for one in some}), now)
    heard = matches.heard_of(connection, numbers)
    here = {one.person: known[one.person].authority for one in everybody if one.person in known}
    return {
        actor: [
            Suggested(known[one.person], " ".join(gettext(REASON_WORDS[reason]) for reason in one.reasons))
            for one in matching.likeliest(some, here, _one_authority(heard.get(actor)), lambda who: known[who].name)
        ]
        for actor, some in may_be.items()
    }


def _account(actor: int, ifi: str, email: str | None, names: Sequence[str], told: Mapping[str, set[str]]) -> Account:
    aliases = frozenset(person for name in names for person in told.get(name, ()))
    return Account(actor, ifi, email, tuple(fold(name) for name in names), aliases)


def _one_authority(heard: Heard | None) -> str | None:
    return heard.authorities[0] if heard and len(heard.authorities) == 1 else None


def unknown_accounts(
    connection: Connection, numbers: Sequence[int], suggested: Mapping[int, list[Suggested]]
) -> list[Unknown]:
    """These accounts with what we heard of them, in the order of the numbers."""
    heard = matches.heard_of(connection, numbers)
    return [_unknown(heard[number], suggested.get(number, [])) for number in numbers if number in heard]


def _unknown(heard: Heard, suggested: list[Suggested]) -> Unknown:
    where, called = account_words(heard.ifi)
    shared = matching.differ(fold(name) for name in heard.names) or bool(
        heard.email and matching.looks_shared(heard.email)
    )
    return Unknown(heard, where, called, shared, suggested)


def alike_words(reasons: Sequence[str]) -> str:
    """Why two records may be one person's, in words."""
    return " ".join(gettext(REASON_WORDS[reason]) for reason in reasons)


# --- pages ----------------------------------------------------------------------------------------------------------


def match_queue() -> str:
    """The accounts that are nobody's; to a link officer only those that learnt through their own council's package."""
    user, connection, now = signin.signed_in(), transaction.reader(), transaction.now()
    numbers = matches.unknown_actors(connection, Sought(now, authority=user.sees))
    more, numbers = len(numbers) > MOST, numbers[:MOST]
    suggested = suggested_for(connection, numbers, now, user.sees)
    numbers.sort(key=lambda number: not suggested.get(number))
    pages = max(1, -(-len(numbers) // PAGE))
    asked = request.args.get("page", "1")
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    shown = unknown_accounts(connection, numbers[(page - 1) * PAGE : page * PAGE], suggested)
    merged = merges.merges_of(connection, most=PAGE) if user.is_lead else []
    signin.noted("look", "accounts", f"{len(shown)} of {len(numbers)}")
    whole = QueuePage(shown, len(numbers), more, page, pages, merged)
    return render_template("matching.html", page=whole)


def unknown_account(actor: int) -> str:
    """One account that is nobody's: what we heard of it, whose it may be, and a search for somebody else."""
    signin.lead()
    connection, now = transaction.reader(), transaction.now()
    if not matches.is_unknown(connection, actor, Sought(now)):
        abort(404)
    suggested = suggested_for(connection, [actor], now, None)
    (account,) = unknown_accounts(connection, [actor], suggested)
    titles = {
        course.id: course.title_cy if language() == "cy" else course.title_en for course in which_courses(connection)
    }
    refused = sorted(matches.refused_for(connection, [actor]).get(actor, ()))
    typed = request.args.get("name", "").strip()[:100]
    page = AccountPage(
        account=account,
        courses=[titles[course] for course in account.heard.courses],
        refused=people_told(connection, refused, now),
        typed=typed,
        found=people_told(connection, search(connection, typed), now),
    )
    signin.noted("look", f"account {actor}")
    return render_template("account.html", page=page)


def search(connection: Connection, typed: str) -> list[str]:
    """The first people, by name, with this in a name or an address, whatever its accents; none for too short a word."""
    name, address = fold(typed), typed.lower()
    if len(name) < SHORTEST:
        return []
    fits = [
        (min(one.names), one.person)
        for one in somebodies(matches.bare_people(connection))
        if any(name in each for each in one.names) or any(address in each for each in one.addresses)
    ]
    return [person for _, person in sorted(fits)[:FOUND]]


def people_told(connection: Connection, persons: Sequence[str], now: datetime) -> list[Suggested]:
    """These people for a list to choose from, in the order given."""
    faces = people.faces(connection, persons, now)
    return [Suggested(faces[person], "") for person in persons if person in faces]


def _asked_about(actor: int) -> tuple[Heard, Face]:
    """The account, which must be nobody's still (409 else), and the person who was chosen; 404 where there is none."""
    connection, now = transaction.connection(), transaction.now()
    person = request.form.get("person", "")
    face = found(people.faces(connection, [person], now).get(person))
    if face.merged_into or face.erased_at or not matches.is_unknown(connection, actor, Sought(now)):
        abort(409)
    return matches.heard_of(connection, [actor])[actor], face


def confirm_match(actor: int) -> Page:
    """Say whose account it is; everything it ever told is that person's from now on."""
    signin.lead()
    heard, face = _asked_about(actor)
    matches.claim(transaction.connection(), face.person, heard.ifi, transaction.now())
    signin.noted("match", face.person, f"account {actor}")
    return redirect(url_for("programme.identity", person_id=face.person))  # type: ignore[return-value]


def refuse_match(actor: int) -> Page:
    """Say that an account is not somebody's, so that they are not suggested again."""
    user = signin.lead()
    _, face = _asked_about(actor)
    matches.refuse(transaction.connection(), actor, face.person, user.email, transaction.now())
    signin.noted("no-match", face.person, f"account {actor}")
    return _back_to(actor)


def suggest_again(actor: int) -> Page:
    """Take back that an account is not somebody's; 409 where nobody said so."""
    signin.lead()
    person = request.form.get("person", "")
    if not matches.suggest_again(transaction.connection(), actor, person):
        abort(409)
    signin.noted("no-match-undone", person, f"account {actor}")
    return _back_to(actor)


def _back_to(actor: int) -> Page:
    return redirect(url_for("programme.unknown_account", actor=actor))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/accounts", view_func=match_queue)
    bp.add_url_rule("/accounts/<int:actor>", view_func=unknown_account)
    bp.add_url_rule("/accounts/<int:actor>/confirm", view_func=confirm_match, methods=["POST"])
    bp.add_url_rule("/accounts/<int:actor>/refuse", view_func=refuse_match, methods=["POST"])
    bp.add_url_rule("/accounts/<int:actor>/suggest-again", view_func=suggest_again, methods=["POST"])
