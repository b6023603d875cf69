"""The demonstration's calendar: a residential in every state, with its people, messages, snapshots and certificates."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any, NamedTuple

from lrs.programme import demo_elsewhere, demo_oddities, demo_people
from lrs.programme.board import standings
from lrs.programme.certificates import ALPHABET, CODE_LENGTH, GROUP, earned
from lrs.programme.demo_people import LEAD, Days, Demonstration, Learner, open_residential, send, tell
from lrs.programme.findings import findings
from lrs.programme.reminding import planned
from lrs.programme.snapshots import take as take_snapshot
from lrs.rules.attendance import days_of, place_after
from lrs.rules.days import day_in_wales, start_of_day
from lrs.rules.reminders import next_working_time, occasions
from lrs.storage import attendance, certificates, cohorts, explanations, outbox, people, snapshots, users
from lrs.storage.certificates import Certificate
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection

EXPLAINED = "Edrychwyd arnynt gyda’r cynghorau. / Looked at with the councils."
KNOWN = timedelta(days=300)  # since when the demonstration's store says that it knows the course
# Link officers: address, name, council.
OFFICERS = (
    ("swyddog.caerdydd@council.example", "Osian Swyddog", "W06000015"),
    ("swyddog.gwynedd@council.example", "Gwenno Gyswllt", "W06000002"),
)
FIRST_NAMES = (
    "Aneirin", "Bronwen", "Cadi", "Deiniol", "Eleri", "Fflur", "Gruffudd", "Hafwen", "Ifan", "Luned",
    "Macsen", "Nerys", "Olwen", "Peredur", "Rhiannon", "Seren", "Taliesin", "Urien", "Wyn",
)  # fmt: skip
SURNAMES = ("Sampl", "Ffugiol", "Specimen", "Dychmygol", "Pretend", "Enghreifftiol", "Placeholder", "Smalio")


class Planned(NamedTuple):
    """One residential: its id and titles, days from today, how many places, and how many people of each story."""

    id: str
    title_en: str
    title_cy: str
    days: Days
    capacity: int | None
    stories: Mapping[str, int]
    practice: bool = False


RESIDENTIALS = (
    Planned(
        "demo-planned", "Llandrindod Wells, planned", "Llandrindod, wedi’i gynllunio", Days(28, 98, 112, 126, 128), 24,
        {"nominated": 5, "offered": 3, "accepted": 2, "waitlisted": 1},
    ),
    Planned(
        "demo-open", "Bangor, open", "Bangor, ar agor", Days(-28, 42, 56, 70, 72), 9,
        {"finished": 2, "half": 3, "begun": 1, "account and nothing else": 1, "away for long": 1,
         "nominated": 3, "waitlisted": 2, "ready and waiting": 1},
    ),
    Planned(
        "demo-signed", "Carmarthen, cut off and signed", "Caerfyrddin, wedi cau a’i gymeradwyo",
        Days(-80, -19, -5, 9, 11), 12,
        {"finished": 6, "arrived late": 1, "counted by decision": 1, "after the cut-off": 1, "begun": 1, "exempt": 1,
         "withdrawn": 1},
    ),
    Planned(
        "demo-under-way", "Newtown, under way", "Y Drenewydd, ar y gweill", Days(-99, -29, -15, -1, 1), 10,
        {"finished": 8, "counted by decision": 1, "begun": 1},
    ),
    Planned(
        "demo-over", "Conwy, over", "Conwy, wedi bod", Days(-138, -68, -54, -40, -38), 10,
        {"finished": 9, "counted by decision": 1, "withdrawn": 1},
    ),
    Planned(
        "demo-practice", "For practice", "Ar gyfer ymarfer", Days(-28, 42, 56, 70, 72), None,
        {"finished": 1, "half": 2, "begun": 1}, True,
    ),
)  # fmt: skip


def load(connection: Connection, outline: Mapping[str, Any], now: datetime, public_url: str = "") -> str:
    """Fill an empty store, which knows the course since before ``KNOWN``; returns the visitor's person id.

    Everything but the ids of users comes out the same from the same course, moment and address.
    """
    users.add_user(connection, LEAD, "Mair Arweinydd", "lead", None, now - KNOWN)
    for email, name, council in OFFICERS:
        users.add_user(connection, email, name, "link", council, now - KNOWN)
    names = invented_names()
    for one in RESIDENTIALS:
        here = Demonstration(connection, outline, now, one.id, one.days)
        open_residential(here, one.title_en, one.title_cy, capacity=one.capacity, practice=one.practice)
        learners = tell(here, [(story, next(names)) for story in _each(one.stories)])
        if one.id == "demo-over":
            _attend(here, learners, absent=1)
            _go_on(here, learners)
        elif one.id == "demo-under-way":
            _attend(here, learners, absent=2)
    visitor = demo_people.load(connection, outline, now)
    demo_oddities.load(Demonstration(connection, outline, now))
    demo_elsewhere.load(Demonstration(connection, outline, now))
    for cohort in cohorts.which_cohorts(connection):
        _write_to_people(connection, cohort, now, public_url)
    _freeze_all(connection, now)
    return visitor


def invented_names() -> Iterator[str]:
    """Names that nobody has, each once."""
    for number in range(len(FIRST_NAMES) * len(SURNAMES)):
        turn, first = divmod(number, len(FIRST_NAMES))
        yield f"{FIRST_NAMES[first]} {SURNAMES[(first + turn) % len(SURNAMES)]}"


def _each(stories: Mapping[str, int]) -> Iterator[str]:
    return chain.from_iterable(repeat(story, number) for story, number in stories.items())


def _called(here: Demonstration) -> Cohort:
    return next(one for one in cohorts.which_cohorts(here.connection) if one.id == here.cohort)


# --- after the cut-off --------------------------------------------------------------------------------------------


def _attend(here: Demonstration, learners: Sequence[Learner], absent: int) -> None:
    """Mark the register of each day so far; the last few of those expected were not there."""
    cohort = _called(here)
    days = days_of(cohort.starts, cohort.ends)
    so_far = [day for day in days if day < here.day(0)]
    placed = {one.member.person: one.member.place for one in standings(here.connection, cohort, here.now)}
    expected = [one.person for one in learners if placed[one.person] == "confirmed"]
    there = {person: number < len(expected) - absent for number, person in enumerate(expected)}
    for day in so_far:
        taken = here.moment((day - here.day(0)).days, 9, 40)
        attendance.mark(here.connection, here.cohort, day, there, LEAD, taken)
    for person, present in there.items():
        state = place_after(dict.fromkeys(so_far, present), days)
        if state != "confirmed":
            people.place(here.connection, here.cohort, person, state, LEAD, here.moment(here.days.starts, 9, 41))


def _go_on(here: Demonstration, learners: Sequence[Learner]) -> None:
    """What follows: certificates, one of them taken back, and a source that disagrees after the sign-off."""
    cohort, given = _called(here), here.moment(here.days.ends + 7)
    due = [one.member for one in standings(here.connection, cohort, given) if earned(one)]
    made = [Certificate(_code(one.person), here.cohort, one.person, one.name, one.language, given, LEAD) for one in due]
    certificates.issue(here.connection, made)
    certificates.revoke(here.connection, here.cohort, made[-1].code, given + timedelta(days=2))
    person = next(one for one in learners if one.person == made[0].person)
    send(here, person, "failed", here.modules[-1], given + timedelta(days=1), source="LMS", grade="confirmed")


def _code(person: str) -> str:
    letters = random.Random(person).choices(ALPHABET, k=CODE_LENGTH)  # noqa: S311 - the same each time, and invented
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, CODE_LENGTH, GROUP))


def _sign(connection: Connection, cohort: Cohort, as_at: datetime, signed: bool) -> None:
    kept = take_snapshot(connection, cohort, as_at, LEAD, as_at + timedelta(minutes=10))
    if signed:
        for kind, found in findings(connection, cohort, as_at).items():
            if found:
                keys, when = [one.key for one in found], as_at + timedelta(minutes=20)
                explanations.explain(connection, cohort.id, kind, keys, EXPLAINED, LEAD, when)
        snapshots.sign_snapshot(connection, kept.id, LEAD, as_at + timedelta(minutes=25))


def _freeze_all(connection: Connection, now: datetime) -> None:
    """Take the snapshots: one signed three days after each cut-off that has passed, and one of today that is not."""
    for cohort in cohorts.which_cohorts(connection):
        after = cohort.plan.ends + timedelta(days=3, hours=9)
        if after < now and not cohort.practice:
            _sign(connection, cohort, cohort.plan.ends, signed=False)
            _sign(connection, cohort, after, signed=True)
        elif cohort.id == demo_people.COHORT:
            _sign(connection, cohort, now - timedelta(hours=1), signed=False)


# --- messages -----------------------------------------------------------------------------------------------------


def _write_to_people(connection: Connection, cohort: Cohort, now: datetime, public_url: str) -> None:
    """Send, as of then, what the rule of reminders had due on each of its days; of the last weeks all outcomes."""
    plan, today = cohort.plan, start_of_day(day_in_wales(now))
    for day in [plan.opens, *(one.day for one in occasions(plan))]:
        then = next_working_time(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        if then < today:
            for message in planned(connection, cohort, then, public_url).messages:
                outbox.write(connection, message, "operator", then)
            _settle_all(connection, then)
    if cohort.id == demo_people.COHORT:
        _outcomes(connection, cohort, now, public_url)


def _settle_all(connection: Connection, then: datetime) -> None:
    while claimed := outbox.claim_next(connection, then, ("invitation", "reminder", "digest")):
        outbox.settle(connection, claimed.id, "sent", "250 2.0.0 Ok: queued", then + timedelta(seconds=claimed.id % 50))


def _outcomes(connection: Connection, cohort: Cohort, now: datetime, public_url: str) -> None:
    """What else may become of a message, once each; two that wait are written last, and one is on its way."""
    sent = [one for one in outbox.messages_of(connection, cohort.id, "sent") if one.kind == "invitation"]
    outbox.bounced(connection, sent[0].id, "550 5.1.1 The address is not known here")
    due = [one for one in planned(connection, cohort, next_working_time(now), public_url).messages if one.person]
    for state, answer in (("refused", "554 5.7.1 Refused"), ("unknown", "The mail server fell silent."), ("", "")):
        outbox.write(connection, due.pop(), "operator", now)
        claimed = outbox.claim_next(connection, now, ("reminder", "invitation"))
        if claimed and state:
            outbox.settle(connection, claimed.id, state, answer, now)
    for wanted in (True, True, False):
        number = outbox.write(connection, due.pop(), "operator", now)
        if not wanted:
            outbox.drop(connection, number, "Not needed any more.")
