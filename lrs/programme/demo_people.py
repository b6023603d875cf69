"""The people of the demonstration: plainly invented, each with a story that the rules of readiness then judge."""

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple

from lrs.programme.authorities import AUTHORITIES, fold
from lrs.rules.readiness import WALES, Decision, day_in_wales
from lrs.rules.statements import checked
from lrs.storage import cohorts, people
from lrs.storage.database import Connection
from lrs.storage.statements import Sender, store

COHORT = "demo"
LEAD = "mair.arweinydd@council.example"
VISITOR = "ymwelydd@council.example"  # whoever tries the demonstration learns as this person
COUNCILS = ("W06000015", "W06000003", "W06000002", "W06000008", "W06000011", "W06000022")
WORLD = uuid.UUID("5b1d6f3e-6a0b-5c0e-9a55-9d7a7c1d0e11")  # ids are made of what they name, so that they stay the same
# Story -> the names it is told of. Stories say what happened; nobody's status is written down anywhere.
STORIES: Mapping[str, tuple[str, ...]] = {
    "visitor": ("Ymwelydd Visitor",),
    "finished": (
        "Mari Enghraifft",
        "Siân Ŵyn Ddychmygol",
        "Llŷr O'Neill Ffug",
        "Sam Sample",
        "Gwen Brawf",
        "Tomos Testun",
        "Priya Placeholder",
        "Alun Esiampl",
        "Beth Pretend",
        "Iolo Ffuglen",
    ),
    "whole course by the LMS": ("Carys Dalfan", "Omar Specimen"),
    "half": (
        "Nia Ffugenw",
        "Elin Enwdros",
        "Dewi Dyfais",
        "Joan Mockup",
        "Rhys Rhith",
        "Megan Makebelieve",
        "Huw Smalio",
    ),
    "withdrawn record": ("Ffion Ddychmygus",),
    "begun": ("Owain Model", "Kate Figment", "Lleucu Llenwad", "Ravi Standin"),
    "long unseen": ("Angharad Amlinell", "Peter Pretence", "Catrin Cymeriad"),
    "in dispute": ("Gwilym Gwag",),
    "account and nothing else": ("Heledd Heb", "Dylan Dummy", "Sioned Siampl"),
    "never heard of": ("Aled Anhysbys", "Ceri Cipher"),
    "counted by decision": ("Non Nodyn", "Simon Surrogate"),
    "exempt": ("Bethan Ailenw",),
    "withdrawn": ("Morgan Mannequin",),
    "deferred": ("Lowri Lun",),
    "waitlisted": ("Idris Inventio",),
}
# Story -> the place it leaves somebody with; a confirmed one where it is not named here.
PLACES = {
    **{state: state for state in ("withdrawn", "deferred", "waitlisted", "nominated", "offered", "accepted")},
    "ready and waiting": "waitlisted",
}


class Days(NamedTuple):
    """A residential's dates, in days from today."""

    opens: int
    target: int
    cut_off: int
    starts: int
    ends: int


LAST_WEEKS = Days(-21, 7, 7, 21, 23)


class Demonstration(NamedTuple):
    """The course, a residential that asks for it, and the moment that the stories are told back from."""

    connection: Connection
    outline: Mapping[str, Any]
    now: datetime
    cohort: str = COHORT
    days: Days = LAST_WEEKS

    @property
    def modules(self) -> list[str]:
        """The ids of the modules, in order."""
        return [module["id"] for module in self.outline["modules"]]

    @property
    def enough(self) -> int:
        """How many modules somebody who keeps pace has done today, short of all of them."""
        opens, target = self.days.opens, self.days.target
        return max(min(math.ceil(len(self.modules) * -opens / (target - opens)), len(self.modules) - 1), 0)

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """So many days before today, or before the cut-off where that has passed, at an hour of the day in Wales."""
        return self.moment(min(0, self.days.cut_off) - days, hour, minute)

    def moment(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """So many days from today, at an hour of the day in Wales."""
        return datetime.combine(self.day(days), time(hour, minute), WALES)

    def day(self, days: int) -> date:
        """So many days from today."""
        return day_in_wales(self.now) + timedelta(days=days)

    @property
    def began(self) -> datetime:
        """When the people came to the residential's list: before its modules opened."""
        return self.moment(min(self.days.opens, 0) - 14)


class Learner(NamedTuple):
    """One person of a story, and who they are to an LMS: an address, or a number in their council's."""

    person: str
    authority: str
    language: str
    lms: str
    name: str


def load(connection: Connection, outline: Mapping[str, Any], now: datetime) -> str:
    """Make the residential in its last weeks and tell every story; returns the visitor's person id."""
    here = Demonstration(connection, outline, now)
    open_residential(
        here, "A demonstration residential, Aberystwyth", "Cwrs preswyl enghreifftiol, Aberystwyth", capacity=36
    )
    told = [(story, name) for story, names in STORIES.items() for name in names]
    return tell(here, told)[0].person


def open_residential(here: Demonstration, title_en: str, title_cy: str, **more: object) -> None:
    """Keep the residential with its dates; ``more`` are other columns of its row."""
    values = {"id": here.cohort, "title_en": title_en, "title_cy": title_cy, "course": here.outline["id"]}
    dates = {name: here.day(days) for name, days in here.days._asdict().items()}
    cohorts.add_cohort(
        here.connection, {**values, "least_grade": "asserted", **dates, **more}, here.modules, here.began
    )


def tell(here: Demonstration, stories: Iterable[tuple[str, str]]) -> list[Learner]:
    """Put somebody on the residential for each story and name, and store what happened; who they are, in order."""
    numbers, told = count(), []
    for story, name in stories:
        learner = _enrol(here, story, name, next(numbers))
        _tell(here, story, learner, next(numbers))
        told.append(learner)
    return told


def _enrol(here: Demonstration, story: str, name: str, number: int) -> Learner:
    authority = COUNCILS[number // 2 % len(COUNCILS)]
    language = "cy" if number % 3 else "en"
    person = people.add_person(here.connection, name, language, here.began, person_id(here, name))
    email = VISITOR if story == "visitor" else f"{people_address(name)}@council.example"
    lms = f"https://lms.{fold(AUTHORITIES[authority].en).replace(' ', '-')}.example"
    people.identify(here.connection, person, [("email", email)], here.began)
    if story == "account and nothing else":
        account = f"account|{lms}|{here.cohort}-{20_000 + number}"
        people.identify(here.connection, person, [("account", account)], here.began)
    people.appoint(here.connection, person, authority, "", here.began, ("education", "children", "both")[number % 3])
    place = PLACES.get(story, "confirmed")
    reason = {"withdrawn": "work", "deferred": "own-wish"}.get(story)
    people.place(here.connection, here.cohort, person, "nominated", LEAD, here.began)
    if place != "nominated":
        people.place(here.connection, here.cohort, person, place, LEAD, here.began + timedelta(hours=5), reason)
    return Learner(person, authority, language, lms, email)


def person_id(here: Demonstration, name: str) -> str:
    """The id of whoever a story of this residential is told of."""
    return str(uuid.uuid5(WORLD, f"{here.cohort} {name}"))


def people_address(name: str) -> str:
    """A name as the first part of an e-mail address."""
    return fold(name).replace(" ", ".").replace("'", "")


def _tell(here: Demonstration, story: str, learner: Learner, number: int) -> None:
    """Store what happened, as statements of that time; the decisions of a story are a lead's."""
    days = 1 + number % 4
    if story in ("finished", "deferred", "ready and waiting"):
        take(here, learner, here.modules, 1 + number * 5 % 13)
    elif story == "half":
        take(here, learner, here.modules[: here.enough], days)
    elif story == "withdrawn record":
        take(here, learner, here.modules, 3, void_last=True)
    elif story == "begun":
        send(here, learner, "initialized", here.modules[0], here.at(days))
    elif story == "long unseen":
        take(here, learner, here.modules[: here.enough], 8 + number % 3)
    elif story == "in dispute":
        take(here, learner, here.modules, 4)
        send(here, learner, "failed", here.modules[-1], here.at(2), source="LMS", grade="confirmed")
    elif story == "whole course by the LMS":
        send(here, learner, "completed", None, here.at(days), source="LMS", grade="confirmed")
    elif story == "after the cut-off":
        take(here, learner, here.modules[:-1], days)
        send(here, learner, "completed", here.modules[-1], here.at(-2))
    elif story == "arrived late":
        take(here, learner, here.modules[:-1], days)
        send(here, learner, "completed", here.modules[-1], here.at(1), came=here.at(-2))
    elif story == "counted by decision":
        take(here, learner, here.modules[:-1], days)
        _decide(here, learner, "count", "recent-course" if number % 4 else "record-seen")
    elif story == "exempt":
        _decide(here, learner, "exempt", "agreed")
    elif story == "away for long":
        _decide(here, learner, "pause", "")


def take(here: Demonstration, learner: Learner, modules: Sequence[str], days: int, void_last: bool = False) -> None:
    """Begin and complete these modules on one day; perhaps the LMS takes the last completion back."""
    statement = ""
    for index, module in enumerate(modules):
        send(here, learner, "initialized", module, here.at(days, 9 + index // 2, 30 * (index % 2)))
        statement = send(here, learner, "completed", module, here.at(days, 9 + index // 2, 30 * (index % 2) + 25))
    if void_last:
        void(here, learner, statement, here.at(days, 16))


def _decide(here: Demonstration, learner: Learner, kind: str, reason: str) -> None:
    cohorts.decide(here.connection, here.cohort, learner.person, Decision(None, kind, reason, here.at(1), LEAD))


def _actor(learner: Learner, name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": learner.lms, "name": name}}


def send(
    here: Demonstration,
    learner: Learner,
    verb: str,
    module: str | None,
    at: datetime,
    source: str = "",
    grade: str = "asserted",
    came: datetime | None = None,
) -> str:
    """Store one statement as if it had come two seconds after what it tells of, or when it ``came``; its id."""
    iri = next((one["iri"] for one in here.outline["modules"] if one["id"] == module), here.outline["iri"])
    statement = statement_of(here, learner, verb, iri, at, f"{source} {came}")
    return keep(here, learner, statement, came or at, source or learner.lms, grade)


def statement_of(
    here: Demonstration, learner: Learner, verb: str, iri: str, at: datetime, more: str = "", version: str = ""
) -> dict[str, Any]:
    """What a module says; its id is made of that, and of ``more`` where two would say the same."""
    extensions = here.outline["extensions"]
    said = f"{here.cohort} {learner.name} {verb} {iri} {at.isoformat()} {version} {more}"
    return {
        "id": str(uuid.uuid5(WORLD, said)),
        "actor": _actor(learner, learner.name),
        "verb": here.outline["verbs"][verb],
        "object": {"objectType": "Activity", "id": iri},
        "context": {
            "language": "cy" if learner.language == "cy" else "en-GB",
            "extensions": {
                extensions["version"]: version or here.outline["version"],
                extensions["authority"]: learner.authority,
            },
        },
        "timestamp": at.isoformat(),
    }


def void(here: Demonstration, learner: Learner, statement: str, at: datetime) -> None:
    """Take a statement back, as an LMS does."""
    voiding = {
        "id": str(uuid.uuid5(WORLD, f"voids {statement}")),
        "actor": _actor(learner, "lms"),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": statement},
        "timestamp": at.isoformat(),
    }
    keep(here, learner, voiding, at, learner.lms, "asserted")


def keep(
    here: Demonstration, learner: Learner, statement: dict[str, Any], at: datetime, source: str, grade: str
) -> str:
    """Store a statement as if it had come two seconds after a moment; its id."""
    sender = Sender(_actor(learner, "ktb-lrs"), source, grade)
    return store(here.connection, checked(statement), sender, at + timedelta(seconds=2))[0]
