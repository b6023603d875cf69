"""What a residential's board shows: where everybody stands, counted, grouped, filtered and put in order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from lrs.programme.authorities import authority_name, fold
from lrs.programme.words import language
from lrs.rules.readiness import STATUSES, Decision, Readiness, readiness
from lrs.storage.cohorts import Cohort, decisions_on
from lrs.storage.database import Connection
from lrs.storage.people import Member, rosters
from lrs.storage.records import Evidence, evidence_about

PAGE = 50
ORDERS = ("worst", "name", "council", "seen")
TO_CHASE = "to-chase"  # a filter that stands for every status somebody should act on
# What would help -> the reasons that ask for it, most urgent first.
ACTIONS: dict[str, tuple[str, ...]] = {
    "ask-council": ("no-account-silent", "no-account"),
    "ring": ("not-started",),
    "decide-late": ("cut-off-passed", "finished-late"),
    "decide-record": ("disputed",),
    "remind": ("idle", "behind"),
}


class Standing(NamedTuple):
    """One person on the roster and how ready they are."""

    member: Member
    readiness: Readiness

    @property
    def council(self) -> str:
        """The council's name in the language being spoken."""
        return authority_name(self.member.authority, language())


class Council(NamedTuple):
    """One council and how many of its people have each status."""

    gss: str
    name: str
    counts: Mapping[str, int]


class Filter(NamedTuple):
    """What the address asks the board for; empty means everybody."""

    name: str = ""
    council: str = ""
    status: str = ""
    language: str = ""
    order: str = "worst"
    page: int = 1

    @classmethod
    def asked(cls, arguments: Mapping[str, str]) -> "Filter":
        """The filter of an address; what it does not understand it leaves out."""
        status, order = arguments.get("status", ""), arguments.get("order", "")
        page = arguments.get("page", "1")
        return cls(
            name=arguments.get("name", "").strip()[:100],
            council=arguments.get("council", "")[:9],
            status=status if status in (*STATUSES, TO_CHASE) else "",
            language=arguments.get("language", "") if arguments.get("language") in ("en", "cy") else "",
            order=order if order in ORDERS else "worst",
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    def address(self, **changes: str) -> dict[str, str]:
        """The arguments that ask for this again, but for what changes and what is as usual; back to the first page."""
        usual = Filter()._asdict()
        wanted = {**self._asdict(), "page": 1, **changes}
        return {key: str(value) for key, value in wanted.items() if value != usual[key]}


def standings(
    connection: Connection,
    cohort: Cohort,
    as_at: datetime,
    authority: str | None = None,
    person: str | None = None,
    *,
    whole: bool = False,
) -> list[Standing]:
    """Where everybody on a residential's roster stands; of one authority, or one person, where that is asked.

    With the ``whole`` of the evidence, records say which statements they come from.
    """
    return standings_on(connection, [cohort], as_at, authority, person, whole=whole)[cohort.id]


def standings_on(
    connection: Connection,
    every: Sequence[Cohort],
    as_at: datetime,
    authority: str | None = None,
    person: str | None = None,
    *,
    whole: bool = False,
) -> dict[str, list[Standing]]:
    """Each of these residentials -> what `standings` tells of it, with as few questions as of one alone."""
    names = [cohort.id for cohort in every]
    on = rosters(connection, names, as_at, authority, person)
    evidence = evidence_about(connection, every, as_at, person, whole=whole)
    decided = decisions_on(connection, names, person)
    return {one.id: _stand(one, on[one.id], evidence, decided[one.id], as_at) for one in every}


def _stand(
    cohort: Cohort,
    members: Sequence[Member],
    evidence: Evidence,
    decided: Mapping[str, Sequence[Decision]],
    as_at: datetime,
) -> list[Standing]:
    plan, records = cohort.plan_at(as_at), evidence.of(cohort.course)
    return [
        Standing(
            member,
            readiness(
                plan,
                member.place,
                records.get(member.person, ()),
                decided.get(member.person, ()),
                member.person in evidence.known,
                as_at,
            ),
        )
        for member in members
    ]


def counts(everybody: Sequence[Standing]) -> dict[str, int]:
    """How many people have each status, worst first; nil is counted too."""
    counted = Counter(one.readiness.status for one in everybody)
    return {status: counted[status] for status in STATUSES}


def councils(everybody: Sequence[Standing]) -> list[Council]:
    """Each council on the roster with its counts, worst first."""
    groups: dict[str, list[Standing]] = {}
    for one in everybody:
        groups.setdefault(one.member.authority, []).append(one)
    found = [Council(gss, authority_name(gss, language()), counts(group)) for gss, group in groups.items()]
    return sorted(found, key=lambda one: (*(-one.counts[status] for status in STATUSES[:3]), fold(one.name)))


def to_chase(everybody: Sequence[Standing]) -> dict[str, list[Standing]]:
    """What would help -> the people it would help; never anybody who has finished."""
    groups = {action: [one for one in everybody if one.readiness.reason in why] for action, why in ACTIONS.items()}
    return {action: group for action, group in groups.items() if group}


def chosen(everybody: Sequence[Standing], wanted: Filter) -> list[Standing]:
    """Those whom the filter lets through, in its order. Names are found whatever their accents."""
    name = fold(wanted.name)
    through = [
        one
        for one in everybody
        if (not wanted.status or _has_status(one, wanted.status))
        and (not wanted.council or one.member.authority == wanted.council)
        and (not wanted.language or one.member.language == wanted.language)
        and (not name or name in fold(one.member.name))
    ]
    return sorted(through, key=lambda one: _place_in(one, wanted.order))


def _has_status(one: Standing, status: str) -> bool:
    if status == TO_CHASE:
        return any(one.readiness.reason in reasons for reasons in ACTIONS.values())
    return one.readiness.status == status


def _place_in(one: Standing, order: str) -> tuple[object, ...]:
    name = fold(one.member.name), one.member.person
    if order == "council":
        return fold(one.council), *name
    if order == "seen":
        seen = one.readiness.last_seen
        return seen is not None, seen.timestamp() if seen else 0.0, *name
    if order == "name":
        return name
    return STATUSES.index(one.readiness.status), *name


def page_of(people: Sequence[Standing], number: int) -> tuple[list[Standing], int]:
    """One page of the people, and how many pages there are."""
    pages = max(1, -(-len(people) // PAGE))
    start = (min(number, pages) - 1) * PAGE
    return list(people[start : start + PAGE]), pages
