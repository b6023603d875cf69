"""The people of the demonstration: plainly invented, each with a story that the rules of readiness then judge."""

import math
import uuid
from collections.abc import Mapping, Sequence
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
VISITOR = "ymwelydd@council.example"  # whoever tries the demonstration learns as this person
OPENS, TARGET, CUT_OFF, STARTS, ENDS = -6, 7, 7, 21, 23  # days from today
COUNCILS = ("W06000015", "W06000003", "W06000002", "W06000008", "W06000011", "W06000022")
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


class Demonstration(NamedTuple):
    """The course, its outline and the moment that the stories are told back from."""

    connection: Connection
    outline: Mapping[str, Any]
    now: datetime

    @property
    def modules(self) -> list[str]:
        """The ids of the modules, in order."""
        return [module["id"] for module in self.outline["modules"]]

    @property
    def enough(self) -> int:
        """How many modules somebody who keeps pace has done today, short of all of them."""
        return min(math.ceil(len(self.modules) * -OPENS / (TARGET - OPENS)), len(self.modules) - 1)

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """So many days before today, at an hour of the day in Wales."""
        return datetime.combine(self.day(-days), time(hour, minute), WALES)

    def day(self, days: int) -> date:
        """So many days from today."""
        return day_in_wales(self.now) + timedelta(days=days)


class Learner(NamedTuple):
    """One person of a story, and who they are to an LMS: an address, or a number in their council's."""

    person: str
    authority: str
    language: str
    lms: str
    name: str


def load(connection: Connection, outline: Mapping[str, Any], now: datetime) -> str:
    """Make the residential and tell every story; returns the visitor's person id."""
    here = Demonstration(connection, outline, now)
    dates = {"opens": OPENS, "target": TARGET, "cut_off": CUT_OFF, "starts": STARTS, "ends": ENDS}
    values = {
        "id": COHORT,
        "title_en": "A demonstration residential, Aberystwyth",
        "title_cy": "Cwrs preswyl enghreifftiol, Aberystwyth",
        "course": outline["id"],
        "least_grade": "asserted",
        **{name: here.day(days) for name, days in dates.items()},
    }
    cohorts.add_cohort(connection, values, here.modules, here.at(30))
    visitor = ""
    numbers = count()
    for story, names in STORIES.items():
        for name in names:
            learner = _enrol(here, story, name, next(numbers))
            visitor = learner.person if story == "visitor" else visitor
            _tell(here, story, learner, next(numbers))
    return visitor


def _enrol(here: Demonstration, story: str, name: str, number: int) -> Learner:
    began = here.at(30)
    authority = COUNCILS[number // 2 % len(COUNCILS)]
    language = "cy" if number % 3 else "en"
    person = people.add_person(here.connection, name, language, began)
    email = VISITOR if story == "visitor" else f"{people_address(name)}@council.example"
    lms = f"https://lms.{fold(AUTHORITIES[authority].en).replace(' ', '-')}.example"
    people.identify(here.connection, person, [("email", email)], began)
    if story == "account and nothing else":
        people.identify(here.connection, person, [("account", f"account|{lms}|{20_000 + number}")], began)
    people.appoint(here.connection, person, authority, "", began)
    place = story if story in ("withdrawn", "deferred", "waitlisted") else "confirmed"
    people.place(here.connection, COHORT, person, place, "demo", began)
    return Learner(person, authority, language, lms, email)


def people_address(name: str) -> str:
    """A name as the first part of an e-mail address."""
    return fold(name).replace(" ", ".")


def _tell(here: Demonstration, story: str, learner: Learner, number: int) -> None:
    """Store what happened, as statements of that time; the decisions of a story are a lead's."""
    days = 1 + number % 4
    if story in ("finished", "deferred"):
        _take(here, learner, here.modules, 8 if number % 5 == 0 else days)
    elif story == "half":
        _take(here, learner, here.modules[: here.enough], days)
    elif story == "withdrawn record":
        _take(here, learner, here.modules, 3, void_last=True)
    elif story == "begun":
        _send(here, learner, "initialized", here.modules[0], here.at(days))
    elif story == "long unseen":
        _take(here, learner, here.modules[: here.enough], 8 + number % 3)
    elif story == "in dispute":
        _take(here, learner, here.modules, 4)
        _send(here, learner, "failed", here.modules[-1], here.at(2), source="LMS", grade="confirmed")
    elif story == "whole course by the LMS":
        _send(here, learner, "completed", None, here.at(days), source="LMS", grade="confirmed")
    elif story == "counted by decision":
        _take(here, learner, here.modules[:-1], days)
        _decide(here, learner, "count", "recent-course" if number % 4 else "record-seen")
    elif story == "exempt":
        _decide(here, learner, "exempt", "agreed")


def _take(here: Demonstration, learner: Learner, modules: Sequence[str], days: int, void_last: bool = False) -> None:
    """Begin and complete these modules on one day; perhaps the LMS takes the last completion back."""
    statement = ""
    for index, module in enumerate(modules):
        _send(here, learner, "initialized", module, here.at(days, 9 + index // 2, 30 * (index % 2)))
        statement = _send(here, learner, "completed", module, here.at(days, 9 + index // 2, 30 * (index % 2) + 25))
    if void_last:
        _void(here, learner, statement, here.at(days, 16))


def _decide(here: Demonstration, learner: Learner, kind: str, reason: str) -> None:
    cohorts.decide(here.connection, COHORT, learner.person, Decision(None, kind, reason, here.at(1), "Mair Arweinydd"))


def _actor(learner: Learner, name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": learner.lms, "name": name}}


def _send(
    here: Demonstration,
    learner: Learner,
    verb: str,
    module: str | None,
    at: datetime,
    source: str = "",
    grade: str = "asserted",
) -> str:
    """Store one statement as if it had come two seconds after what it tells of."""
    iri = next((one["iri"] for one in here.outline["modules"] if one["id"] == module), here.outline["iri"])
    extensions = here.outline["extensions"]
    statement = {
        "id": str(uuid.uuid4()),
        "actor": _actor(learner, learner.name),
        "verb": here.outline["verbs"][verb],
        "object": {"objectType": "Activity", "id": iri},
        "context": {
            "language": "cy" if learner.language == "cy" else "en-GB",
            "extensions": {extensions["version"]: here.outline["version"], extensions["authority"]: learner.authority},
        },
        "timestamp": at.isoformat(),
    }
    return _store(here, learner, statement, at, source or learner.lms, grade)


def _void(here: Demonstration, learner: Learner, statement: str, at: datetime) -> None:
    voiding = {
        "id": str(uuid.uuid4()),
        "actor": _actor(learner, "lms"),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": statement},
        "timestamp": at.isoformat(),
    }
    _store(here, learner, voiding, at, learner.lms, "asserted")


def _store(
    here: Demonstration, learner: Learner, statement: dict[str, Any], at: datetime, source: str, grade: str
) -> str:
    sender = Sender(_actor(learner, "ktb-lrs"), source, grade)
    return store(here.connection, checked(statement), sender, at + timedelta(seconds=2))[0]
