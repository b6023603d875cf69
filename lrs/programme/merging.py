"""Who somebody is: their accounts and addresses, the records that are part of theirs, and two records made one."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import export
from lrs.programme.authorities import authority_name
from lrs.programme.mailing import mail_server
from lrs.programme.matching import Suggested, account_words, alike_words, people_told, search, somebodies
from lrs.programme.pages import Page
from lrs.programme.reasons import PLACE_WORDS
from lrs.programme.site import found
from lrs.programme.words import gettext, language, named, speaking
from lrs.rules import matching
from lrs.rules.days import day_in_wales
from lrs.storage import cohorts, matches, merges, outbox, people, places
from lrs.storage.database import Connection
from lrs.storage.matches import Identified
from lrs.storage.merges import CannotMerge, Merge, Moves
from lrs.storage.people import Face

REFUSALS = {
    "unknown": named("Choose two records of people who are known here."),
    "erased": named("One of them was erased. Nothing can be moved any more."),
    "merged": named("One of them is part of another record by now. Undo that first, or take the record that survived."),
    "undone": named("This was undone already."),
}
MOVED = {
    "identifiers": named("Addresses and accounts, with every record that came from them"),
    "appointments": named("Posts at councils"),
    "places": named("Steps of places on residentials"),
    "decisions": named("Decisions"),
    "attendance": named("Marks on registers"),
    "certificates": named("Certificates"),
    "outbox": named("Messages"),
    "refused_matches": named("Accounts said not to be theirs"),
}


class Held(NamedTuple):
    """One address or account of a person; ``state`` is theirs, former or mistaken."""

    known: Identified
    where: str
    called: str
    shared: bool

    @property
    def state(self) -> str:
        """Whether it is theirs, was theirs, or was taken for theirs by mistake."""
        if self.known.retired_at is None:
            return "theirs"
        return "former" if self.known.retired_at > self.known.added_at else "mistaken"


class On(NamedTuple):
    """A residential that a record has a place on, and the place in words."""

    cohort: str
    title: str
    place: str


class IdentityPage(NamedTuple):
    """Everything that says who somebody is."""

    face: Face
    council: str
    held: list[Held]
    on: list[On]
    merges: list[Merge]
    alike: list[Suggested]
    two: list[Suggested]
    typed: str
    found: list[Suggested]


class MergePage(NamedTuple):
    """What making two records one would do. ``both_on`` has the residentials on which both have a place."""

    survivor: Face
    retired: Face
    councils: tuple[str, str]
    moves: Moves
    on: tuple[list[On], list[On]]
    both_on: list[On]


def _face(person: str) -> Face:
    return found(people.faces(transaction.reader(), [person], transaction.now()).get(person))


def identity(person_id: str) -> Page:
    """Who somebody is; the page of a retired record leads to that of the one it is part of."""
    signin.lead()
    face = _face(person_id)
    if face.merged_into:
        return redirect(url_for("programme.identity", person_id=face.merged_into))  # type: ignore[return-value]
    signin.noted("look", person_id, "identity")
    return _identity(face)


def _identity(face: Face) -> str:
    connection, typed = transaction.reader(), request.args.get("name", "").strip()[:100]
    others = [person for person in search(connection, typed) if person != face.person]
    page = IdentityPage(
        face=face,
        council=authority_name(face.authority, language()),
        held=[_held(one) for one in matches.identifiers_of(connection, face.person)],
        on=_on(connection, face.person),
        merges=merges.merges_of(connection, face.person),
        alike=_alike(connection, face.person),
        two=people_told(connection, sorted(_said_two(connection, face.person)), transaction.now()),
        typed=typed,
        found=people_told(connection, others, transaction.now()),
    )
    return render_template("identity.html", page=page, moved=MOVED)


def _alike(connection: Connection, person: str) -> list[Suggested]:
    """Other records that may be the same person's, and why."""
    two = merges.refused_pairs(connection, person)
    groups = matching.alike({person}, somebodies(matches.bare_people(connection)), two)
    why = {
        other: reasons
        for together, reasons in groups.items()
        for other in together - {person}
        if frozenset((person, other)) not in two
    }
    faces = people.faces(connection, sorted(why), transaction.now())
    return [Suggested(face, alike_words(why[other])) for other, face in faces.items()]


def _said_two(connection: Connection, person: str) -> frozenset[str]:
    return frozenset[str]().union(*merges.refused_pairs(connection, person)) - {person}


def _held(one: Identified) -> Held:
    where, called = (gettext("E-mail"), one.value) if one.kind == "email" else account_words(one.value)
    return Held(one, where, called, "@" in called and matching.looks_shared(called))


def _on(connection: Connection, person: str) -> list[On]:
    titles = {one.id: one.title(language()) for one in cohorts.which_cohorts(connection)}
    return [
        On(one.cohort, titles[one.cohort], gettext(PLACE_WORDS[one.state]))
        for one in places.residentials_of(connection, person)
    ]


def take_off(person_id: str, number: int) -> Page:
    """Say that an account or address never was this person's; what it told is nobody's until somebody matches it."""
    signin.lead()
    if not matches.take_off(transaction.connection(), person_id, number):
        abort(409)
    signin.noted("match-undone", person_id, f"identifier {number}")
    return _to(person_id)


def give_back(person_id: str, number: int) -> Page:
    """Say that an account taken off is theirs after all; 409 where it is another's by now."""
    signin.lead()
    if not matches.give_back(transaction.connection(), person_id, number):
        abort(409)
    signin.noted("match", person_id, f"identifier {number}")
    return _to(person_id)


def _to(person: str) -> Page:
    return redirect(url_for("programme.identity", person_id=person))  # type: ignore[return-value]


# --- two records made one -------------------------------------------------------------------------------------------


def merge_preview(person_id: str, other: str) -> Page:
    """What would move and what would stay, were the other record made part of this one; nothing is done yet."""
    signin.lead()
    connection, now = transaction.reader(), transaction.now()
    faces = _face(person_id), _face(other)
    moves = merges.moves(connection, person_id, other, day_in_wales(now))
    mine, theirs = _on(connection, person_id), _on(connection, other)
    councils = authority_name(faces[0].authority, language()), authority_name(faces[1].authority, language())
    there = {one.cohort for one in theirs}
    page = MergePage(*faces, councils, moves, (mine, theirs), [one for one in mine if one.cohort in there])
    signin.noted("look", person_id, f"merge {other}")
    return render_template("merge.html", page=page, moved=MOVED)


def merge_people(person_id: str, other: str) -> Page:
    """Make the other record part of this one."""
    user, connection, now = signin.lead(), transaction.connection(), transaction.now()
    number = merges.merge(connection, person_id, other, user.email, now, day_in_wales(now))
    _tell(connection, people.faces(connection, [person_id], now)[person_id])
    for person in (person_id, other):
        signin.noted("merge", person, f"{number} {other} into {person_id}")
    return _to(person_id)


def two_people(person_id: str, other: str) -> Page:
    """Say that two records are two people's, so that they are not taken for one again."""
    user = signin.lead()
    merges.refuse_merge(transaction.connection(), person_id, other, user.email, transaction.now())
    signin.noted("no-merge", person_id, f"{other} is somebody else")
    return _to(person_id)


def maybe_one(person_id: str, other: str) -> Page:
    """Take back that two records are two people's; 409 where nobody said so."""
    signin.lead()
    if not merges.take_back_refusal(transaction.connection(), person_id, other):
        abort(409)
    signin.noted("no-merge-undone", person_id, f"{other} may be the same")
    return _to(person_id)


def _tell(connection: Connection, face: Face) -> None:
    """Put a note into the outbox by which the person learns of it; not to a mailbox that others may read."""
    if mail_server(current_app.config) is None or not face.email or matching.looks_shared(face.email):
        return
    with speaking(face.language):
        subject = gettext("Knowing the Business: your two records are one now")
        body = gettext(
            "%(name)s,\n\nWe had two records of you, and have made them one. Whatever you did under either of them "
            "counts together now. There is nothing that you need do.\n\nIf one of them was somebody else’s, answer "
            "this message or tell your council’s link officer: it can be undone.",
            name=face.name,
        )
    message = outbox.Message("merge", None, face.person, face.language, face.email, subject, body + "\n")
    outbox.write(connection, message, signin.signed_in().email, transaction.now())


def undo_merge(number: int) -> Page:
    """Make one record two again, with exactly what each had."""
    user, connection = signin.lead(), transaction.connection()
    try:
        undone = merges.undo(connection, number, user.email, transaction.now())
    except CannotMerge as error:
        return cannot_merge(error, 404 if error.why == "unknown" else 409)
    outbox.drop_to(connection, undone.survivor, "merge", "The merge was undone.")
    for person in (undone.survivor, undone.retired):
        signin.noted("merge-undone", person, f"{number} {undone.retired} out of {undone.survivor}")
    return _to(undone.survivor)


def merges_csv() -> Response:
    """Which id became part of which, and when, for systems that keep ours: the newest line of an id holds."""
    signin.lead()
    changed = merges.changes(transaction.reader(), transaction.now())
    signin.noted("export", "merges", f"{len(changed)} changes")
    rows: list[Sequence[object]] = [(one.from_id, one.to_id, one.changed_at.isoformat()) for one in changed]
    return export.download(export.csv_file([merges.Changed._fields, *rows]), "text/csv", "merges.csv")


def cannot_merge(error: CannotMerge, code: int = 409) -> Page:
    """Why two records cannot be made one, or two again."""
    return render_template("refused.html", title=gettext(REFUSALS[error.why]), code=code), code


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.errorhandler(CannotMerge)(cannot_merge)
    bp.add_url_rule("/people/<person_id>", view_func=identity)
    bp.add_url_rule("/people/<person_id>/accounts/<int:number>/take-off", view_func=take_off, methods=["POST"])
    bp.add_url_rule("/people/<person_id>/accounts/<int:number>/give-back", view_func=give_back, methods=["POST"])
    bp.add_url_rule("/people/<person_id>/merge/<other>", view_func=merge_preview)
    bp.add_url_rule("/people/<person_id>/merge/<other>", view_func=merge_people, methods=["POST"])
    bp.add_url_rule("/people/<person_id>/merge/<other>/two-people", view_func=two_people, methods=["POST"])
    bp.add_url_rule("/people/<person_id>/merge/<other>/maybe-one", view_func=maybe_one, methods=["POST"])
    bp.add_url_rule("/merges/<int:number>/undo", view_func=undo_merge, methods=["POST"])
    bp.add_url_rule("/merges.csv", view_func=merges_csv)
