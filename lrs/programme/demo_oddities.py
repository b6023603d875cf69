"""What does not fit in the demonstration: accounts nobody knows, a name twice, wrong clocks; and answers."""

import random
import uuid
from datetime import UTC, datetime
from typing import Any

from lrs.programme.demo_people import (
    LEAD,
    WORLD,
    Demonstration,
    Learner,
    keep,
    people_address,
    send,
    statement_of,
    take,
    tell,
)
from lrs.storage import people

ANSWERING = 24  # people who answered the questions of the first module
HARD = 2  # each so many-th question is one that most get wrong


def load(here: Demonstration) -> None:
    """Put into the residential whatever somebody should look at before it is signed off."""
    tell(here, [("nominated", "Eira Enwebwyd"), ("nominated", "Hywel Hopeful"), ("ready and waiting", "Tegid Aros")])
    unknown = Learner("", "W06000002", "cy", "https://lms.gwynedd.example", "nia.ffugenw@ysgol.example")
    take(here, unknown, here.modules[: here.enough], 5)
    stranger = Learner("", "W06000015", "en", "https://lms.cardiff.example", "somebody.else@council.example")
    take(here, stranger, here.modules[:2], 3)
    twin = also(here, "Kate Figment", "k.figment@ysgol.example", "W06000015")
    send(here, twin, "initialized", here.modules[0], datetime(1970, 1, 1, 9, tzinfo=UTC), came=here.at(2))
    send(here, twin, "completed", here.modules[0], datetime(1970, 1, 1, 9, 25, tzinfo=UTC), came=here.at(2))
    shared = also(here, "Tîm Addysg", "education.team@council.example", "W06000002")
    for module, version in zip(here.modules, ("", "9.0.0"), strict=False):
        iri = next(one["iri"] for one in here.outline["modules"] if one["id"] == module)
        done = statement_of(here, shared, "completed", iri, here.at(3), version=version)
        keep(here, shared, done, here.at(3), shared.lms, "asserted")
    _answer(here)


def also(here: Demonstration, name: str, email: str, authority: str) -> Learner:
    """One more person with a confirmed place, who learns under an address that is not like the others'."""
    wanted = str(uuid.uuid5(WORLD, email))
    person = people.add_person(here.connection, name, "en", here.began, wanted)
    people.identify(here.connection, person, [("email", email)], here.began)
    people.appoint(here.connection, person, authority, "", here.began)
    people.place(here.connection, here.cohort, person, "confirmed", LEAD, here.began)
    return Learner(person, authority, "en", "https://lms.cardiff.example", email)


def _answer(here: Demonstration) -> None:
    """Answers to the questions of the first module: by nobody on a list, of which the store keeps numbers alone."""
    module = here.outline["modules"][0]
    for number in range(ANSWERING):
        somebody = Learner("", "", "cy", "https://lms.college.example", f"{people_address('somebody')}.{number}")
        for order, question in enumerate(module["questions"]):
            if question["type"] == "single":
                keep(here, somebody, _answered(here, somebody, question, order, number), here.at(6), "LMS", "asserted")


def _answered(
    here: Demonstration, somebody: Learner, question: dict[str, Any], order: int, number: int
) -> dict[str, Any]:
    (right,) = question["right"]
    wrong = [one for one in question["options"] if one != right][:2]  # the last is one that nobody chooses
    luck = random.Random(f"{question['id']} {number}")  # noqa: S311 - the same each time
    good = luck.random() < (0.35 if order % HARD else 0.8)
    response = right if good else luck.choice(wrong)
    statement = statement_of(here, somebody, "answered", question["iri"], here.at(6))
    return statement | {"result": {"response": response, "success": good}}
