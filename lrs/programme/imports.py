"""From a roster as read to what would change, and from there, once somebody confirms, to the change itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from lrs.programme.roster import Entry
from lrs.programme.words import gettext
from lrs.storage import people
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.people import Identifier, Known, Post

KINDS = ("new", "changed", "duplicate", "unchanged")
FIRST_PLACE = "confirmed"


class Change(NamedTuple):
    """What one row would do: its kind, who is meant where they are known, and in words what is to be noticed."""

    entry: Entry
    kind: str
    known: Known | None = None
    notes: tuple[str, ...] = ()


def changes(connection: Connection, cohort: Cohort, entries: Sequence[Entry], now: datetime) -> list[Change]:
    """What each row would do to the roster of a residential; nothing is kept."""
    wanted = [identifier for entry in entries for identifier in entry.identifiers]
    known = people.who_is_known_by(connection, cohort.id, wanted, now)
    first: dict[str, int] = {}  # who (by id, or by address where not known yet) -> the line they are on
    holders: dict[Identifier, tuple[str, int]] = {}
    second = set(people.second_posts_of(connection, None, now)) if any(entry.second for entry in entries) else set()
    return [_change(entry, known, first, holders, second) for entry in entries]


def _change(
    entry: Entry,
    known: dict[Identifier, Known],
    first: dict[str, int],
    holders: dict[Identifier, tuple[str, int]],
    second: set[Post],
) -> Change:
    identifiers = entry.identifiers
    meant = {known[identifier].person: known[identifier] for identifier in identifiers if identifier in known}
    if len(meant) > 1:
        note = gettext("The e-mail address and the LMS id are two different people’s. Put one of them right.")
        return Change(entry, "duplicate", None, (note,))
    somebody = next(iter(meant.values()), None)
    who = somebody.person if somebody else entry.email
    line = first.setdefault(who, entry.line)
    taken = [holders.setdefault(identifier, (who, entry.line)) for identifier in identifiers]
    clash = next((at for holder, at in taken if holder != who), None)
    if line != entry.line or clash is not None:
        earlier = gettext(
            "The same person is on line %(line)s. That line is used, this one is not.", line=clash or line
        )
        return Change(entry, "duplicate", somebody, (earlier,))
    if somebody is None:
        return Change(entry, "new")
    notes = tuple(_differences(entry, somebody, second))
    return Change(entry, "changed" if notes else "unchanged", somebody, notes)


def _differences(entry: Entry, known: Known, second: set[Post]) -> Iterable[str]:
    """What the row would change about somebody, in words."""
    if not known.place:
        yield gettext("Comes to this residential; known from before.")
    if entry.name != known.name:
        yield gettext("The name was: %(text)s.", text=known.name)
    if entry.language != known.language:
        yield gettext("The chosen language changes.")
    if entry.authority != known.authority:
        yield gettext("The council changes. What was learnt stays with the person.")
    if entry.role and entry.role != known.role:
        yield gettext("The role changes.")
    if entry.service and entry.service != known.service:
        yield gettext("The service changes.")
    if entry.second and Post(known.person, entry.second) not in second:
        yield gettext("A joint post: another council is added.")
    if entry.place and known.place and entry.place != known.place:
        yield gettext("The place changes.")
    if set(entry.identifiers) - known.identifiers:
        yield gettext("Another address or account is added.")


def carry_out(connection: Connection, cohort: Cohort, found: Iterable[Change], by: str, now: datetime) -> None:
    """Keep what is new and what has changed; rows that repeat or change nothing do nothing."""
    found = list(found)
    newcomers = [_newcomer(change.entry) for change in found if change.kind == "new"]
    people.add_people(connection, cohort.id, newcomers, by, now)
    for change in found:
        if change.kind == "changed" and change.known:
            _alter(connection, cohort, change.entry, change.known, by, now)
            if change.entry.second and not _holds(connection, change.known.person, change.entry.second, now):
                people.appoint_also(connection, change.known.person, change.entry.second, now)


def _holds(connection: Connection, person: str, second: str, now: datetime) -> bool:
    return Post(person, second) in people.second_posts_of(connection, person, now)


def _newcomer(entry: Entry) -> people.Newcomer:
    place = entry.place or FIRST_PLACE
    named = entry.name, entry.language, entry.authority, entry.role
    return people.Newcomer(*named, place, entry.identifiers, entry.service, entry.second)


def _alter(connection: Connection, cohort: Cohort, entry: Entry, known: Known, by: str, now: datetime) -> None:
    people.correct(connection, known.person, entry.name, entry.language)
    people.identify(connection, known.person, set(entry.identifiers) - known.identifiers, now)
    role = entry.role or known.role
    service = entry.service or known.service
    if (entry.authority, role, service) != (known.authority, known.role, known.service):
        people.appoint(connection, known.person, entry.authority, role, now, service)
    place = entry.place or known.place or FIRST_PLACE
    if place != known.place:
        people.place(connection, cohort.id, known.person, place, by, now)
