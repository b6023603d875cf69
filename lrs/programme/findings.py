"""What somebody should look at before a residential is signed off: seven kinds of it, found afresh each time.

Each finding has a key that stays the same for as long as it is the same thing, and says nothing of anybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from lrs.programme.authorities import authority_name, fold
from lrs.programme.matching import account_words, alike_words, somebodies
from lrs.programme.person import DISAGREEMENTS
from lrs.programme.reasons import why_not
from lrs.programme.words import gettext, language, middle_date, moment, named
from lrs.rules import instants, matching
from lrs.rules.disagreement import Disagreement, disagreements
from lrs.rules.readiness import CLAIMS, Plan, Readiness, Record, arrived_after, major, readiness
from lrs.storage import explanations, matches, merges, people
from lrs.storage.cohorts import Cohort, decisions_about
from lrs.storage.database import Connection
from lrs.storage.matches import MOST, Sought
from lrs.storage.people import Face, Member
from lrs.storage.records import evidence_about

KINDS = ("duplicates", "shared", "unknown", "clock", "late", "disagreement", "versions")
TITLES = {
    "duplicates": named("Records that may be one person’s"),
    "shared": named("Addresses and accounts that several people seem to share"),
    "unknown": named("Records of people who are on no list"),
    "clock": named("Clocks that cannot be believed"),
    "late": named("Records that came after the cut-off"),
    "disagreement": named("Sources that disagree"),
    "versions": named("Modules done in another version"),
}
TO_DO = {
    "duplicates": named(
        "Look at both records. If they are one person’s, make them one; you can undo that. If they are two people’s, "
        "say so below."
    ),
    "shared": named(
        "Ask the council who uses it. If the records may be somebody else’s, take the address or account off the "
        "person, and bring them in under one of their own."
    ),
    "unknown": named(
        "Open each and say whose it is, or bring in the list that they should be on. What nobody here can know of, "
        "such as somebody of a later residential, say below."
    ),
    "clock": named(
        "We take the moment at which the record came. If that is after the cut-off and the module was done in time, "
        "decide about the person."
    ),
    "late": named("Each was done before the cut-off. Look whether that can be, and who stands elsewhere for it."),
    "disagreement": named(
        "Open the person, look at both sides, and decide where you must. Tell whoever looks after the LMS."
    ),
    "versions": named(
        "Ask the author whether the one version stands for the other; then it counts for everybody. Else ask the "
        "person to do the module again, or decide."
    ),
}


class Finding(NamedTuple):
    """One thing to look at, in words; with the person, or the two people, or the account that it is about."""

    key: str
    who: str
    what: str
    person: str = ""
    other: str = ""
    actor: int = 0


class Stood(NamedTuple):
    """One person on the list with where they stand and everything that it was worked out from."""

    member: Member
    found: Readiness
    records: Sequence[Record]


class Looked(NamedTuple):
    """A residential as it was at a moment, with all evidence, for findings to be made of."""

    cohort: Cohort
    plan: Plan
    as_at: datetime
    stood: Sequence[Stood]
    titles: Mapping[str, str]

    def what(self, module: str | None) -> str:
        """What a record is about, in words."""
        return gettext("the whole course") if module is None else self.titles.get(module, module)


def findings(connection: Connection, cohort: Cohort, as_at: datetime) -> dict[str, list[Finding]]:
    """Kind -> everything of it that is to be looked at, as at a moment; in the order of ``KINDS``."""
    looked = _look(connection, cohort, as_at)
    return {
        "duplicates": _duplicates(connection, looked),
        "shared": _shared(connection, looked),
        "unknown": _unknown(connection, cohort, as_at),
        "clock": [one for stood in looked.stood for one in _clocks(looked, stood)],
        "late": [one for stood in looked.stood for one in _late(looked, stood)],
        "disagreement": [one for stood in looked.stood for one in _disagreements(looked, stood)],
        "versions": [one for stood in looked.stood for one in _versions(looked, stood)],
    }


def unsettled(connection: Connection, cohort: Cohort, as_at: datetime) -> dict[str, int]:
    """Kind -> how many findings nobody has said anything of; kinds of which there are none are left out."""
    said = explanations.explanations_of(connection, cohort.id)
    open_ = {kind: left(kind, found, said) for kind, found in findings(connection, cohort, as_at).items()}
    return {kind: len(some) for kind, some in open_.items() if some}


def left(kind: str, found: Sequence[Finding], said: Sequence[explanations.Explanation]) -> list[Finding]:
    """The findings of a kind that no explanation speaks of."""
    explained = frozenset[str]().union(*(one.items for one in said if one.kind == kind))
    return [one for one in found if one.key not in explained]


def _look(connection: Connection, cohort: Cohort, as_at: datetime) -> Looked:
    evidence = evidence_about(connection, [cohort], as_at, whole=True)
    told = evidence.of(cohort.course)
    decided, plan = decisions_about(connection, cohort.id), cohort.plan_at(as_at)
    stood = []
    for member in people.who_is_on(connection, cohort.id, as_at):
        records, known = told.get(member.person, ()), member.person in evidence.known
        found = readiness(plan, member.place, records, decided.get(member.person, ()), known, as_at)
        if found.status != "not-required":
            stood.append(Stood(member, found, records))
    stood.sort(key=lambda one: (fold(one.member.name), one.member.person))
    return Looked(cohort, plan, as_at, stood, cohort.module_titles(language()))


def _key(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _face_words(face: Face) -> str:
    parts = [face.name, authority_name(face.authority, language()), face.email]
    return ", ".join(part for part in parts if part)


# --- who is who -----------------------------------------------------------------------------------------------------


def _duplicates(connection: Connection, looked: Looked) -> list[Finding]:
    roster = {one.member.person for one in looked.stood}
    two = merges.refused_pairs(connection)
    groups = matching.alike(roster, somebodies(matches.bare_people(connection)), two)
    faces = people.faces(connection, sorted(frozenset[str]().union(*groups)), looked.as_at)
    told = []
    for together, reasons in groups.items():
        here = sorted(together, key=lambda one: (one not in roster, faces[one].created_at, fold(faces[one].name), one))
        who = " / ".join(_face_words(faces[one]) for one in here)
        told.append(Finding(_key(*sorted(together)), who, alike_words(reasons), here[0], here[1]))
    return sorted(told, key=lambda one: (fold(one.who), one.key))


def _shared(connection: Connection, looked: Looked) -> list[Finding]:
    members = {one.member.person: one.member for one in looked.stood}
    told = [
        Finding(
            _key(member.person, "address"),
            member.name,
            gettext("The address is not one person’s by its name: %(address)s.", address=member.email),
            member.person,
        )
        for member in members.values()
        if member.email and matching.looks_shared(member.email)
    ]
    for (person, actor), names in matches.names_told_of(connection, looked.cohort.id).items():
        if person in members and matching.differ(fold(name) for name in names):
            said = gettext("One account gave several names: %(names)s.", names=", ".join(names[:5]))
            told.append(Finding(_key(person, actor, len(names)), members[person].name, said, person))
    return told + _claimed_twice(connection, looked, members)


def _claimed_twice(connection: Connection, looked: Looked, members: Mapping[str, Member]) -> list[Finding]:
    twice = [
        (actor, who) for actor, who in matches.claimed_twice(connection, looked.cohort.id) if members.keys() & set(who)
    ]
    faces = people.faces(connection, sorted({one for _, who in twice for one in who}), looked.as_at)
    said = gettext("One account is two people’s here, and its records count for both.")
    return [
        Finding(_key(actor, *who), " / ".join(_face_words(faces[one]) for one in who), said, who[0], who[1])
        for actor, who in twice
    ]


def _unknown(connection: Connection, cohort: Cohort, as_at: datetime) -> list[Finding]:
    since = instants.moment(cohort.plan_at(as_at).oldest)
    numbers = matches.unknown_actors(connection, Sought(as_at, cohort.course, since))[:MOST]
    heard = matches.heard_of(connection, numbers)
    return [
        Finding(
            _key("account", number),
            ", ".join(heard[number].names) or account_words(heard[number].ifi)[1],
            gettext(
                "%(where)s: the last of its records is of %(date)s.",
                where=" ".join(account_words(heard[number].ifi)),
                date=middle_date(heard[number].last.date()),
            ),
            actor=number,
        )
        for number in numbers
    ]


# --- evidence -------------------------------------------------------------------------------------------------------


def _of(looked: Looked, stood: Stood, record: Record, why: str) -> Finding:
    what = gettext("%(module)s. %(why)s", module=looked.what(record.module), why=why)
    key = _key(stood.member.person, record.statement, record.module)
    return Finding(key, stood.member.name, what, stood.member.person)


def _clocks(looked: Looked, stood: Stood) -> Iterator[Finding]:
    now = instants.microseconds(looked.as_at)
    for record in stood.records:
        standing = record.voided_at is None or record.voided_at > now
        if record.told is not None and record.kind in CLAIMS and standing:
            said = middle_date(instants.moment(record.told).date())
            why = gettext("Its clock said %(date)s, which cannot be; we take the moment at which it came.", date=said)
            yield _of(looked, stood, record, why)


def _late(looked: Looked, stood: Stood) -> Iterator[Finding]:
    for record in arrived_after(looked.plan, stood.found):
        why = gettext("Done %(done)s, came %(came)s. It counts.", done=moment(record.at), came=moment(record.arrived))
        yield _of(looked, stood, record, why)
    for record, refused in stood.found.weighed.not_counted:
        if refused == "arrived-late":
            yield _of(looked, stood, record, why_not(record, refused, looked.cohort))


def _disagreements(looked: Looked, stood: Stood) -> Iterator[Finding]:
    now = instants.microseconds(looked.as_at)
    for one in disagreements(stood.found, stood.records, looked.cohort.required, now):
        yield _disagreement(looked, stood, one)


def _disagreement(looked: Looked, stood: Stood, one: Disagreement) -> Finding:
    what = gettext("%(module)s. %(why)s", module=looked.what(one.module), why=gettext(DISAGREEMENTS[one.kind]))
    key = _key(stood.member.person, one.module, one.kind, one.done.statement, one.other.statement)
    return Finding(key, stood.member.name, what, stood.member.person)


def _versions(looked: Looked, stood: Stood) -> Iterator[Finding]:
    for record, refused in stood.found.weighed.not_counted:
        if refused == "version":
            yield _of(looked, stood, record, why_not(record, refused, looked.cohort))
    counted = {one for one in stood.found.done.values() if isinstance(one, Record)}
    majors = {major(one.version) for one in counted} - {None}
    if len(majors) > 1 or (looked.plan.major is not None and majors - {looked.plan.major}):
        versions = ", ".join(sorted({one.version for one in counted if one.version}))
        what = gettext("What counts was done in several versions: %(versions)s.", versions=versions)
        yield Finding(
            _key(stood.member.person, *sorted(map(str, majors))), stood.member.name, what, stood.member.person
        )
