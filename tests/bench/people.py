"""A residential of a thousand people and ten modules, and what the lead's board costs to work out."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lrs.programme.board import standings
from lrs.storage import cohorts, courses, people
from lrs.storage.database import Connection, Engine, make_ready, open_engine, reading, writing
from lrs.storage.statements import Sender, store

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
COURSE = "https://bench.example/course"
VERB = "http://adlnet.gov/expapi/verbs/completed"
MODULES = 10
FILLING = 50  # people whose statements are stored together
SENDER = Sender({"objectType": "Agent", "mbox": "mailto:bench@bench.example"}, "bench", "asserted")


def readiness_costs(folder: Path, early: int, late: int, size: int = 1000) -> tuple[float, float]:
    """CPU milliseconds to read a residential of ``size`` people from SQLite and judge each, the best of seven.

    Once where the store has ``early`` statements, and once where it has ``late``: the others are of people elsewhere.
    """
    engine = open_engine(f"sqlite:///{folder}/people.sqlite3")
    make_ready(engine)
    with writing(engine) as connection:
        fill(connection, size)
    costs = []
    stored = sum(number % MODULES + 1 for number in range(size))
    for most in (early, late):
        _elsewhere(engine, size + stored // MODULES, max(0, most - stored) // MODULES)
        stored = max(stored, most)
        with reading(engine) as connection:
            cohort = cohorts.cohort_called(connection, "bench")
            assert cohort is not None
            costs.append(min(_cost(connection, cohort, size) for _ in range(7)) * 1000)
    engine.dispose()
    return costs[0], costs[1]


def _elsewhere(engine: Engine, first: int, people: int) -> None:
    """So many people of whom nobody has heard complete every module of the course."""
    for start in range(first, first + people, FILLING):
        some = range(start, min(start + FILLING, first + people))
        with writing(engine) as connection:
            store(connection, [_completed(number, module) for number in some for module in range(MODULES)], SENDER, NOW)


def _cost(connection: Connection, cohort: cohorts.Cohort, size: int) -> float:
    before = time.process_time()
    found = standings(connection, cohort, NOW)
    cost = time.process_time() - before
    statuses = {one.readiness.status for one in found}
    if len(found) != size or len(statuses) < 3:
        raise SystemExit(f"the residential is not what it should be: {len(found)} people, {statuses}")
    return cost


def fill(connection: Connection, size: int) -> None:
    """A course of ten modules, and a residential of it with so many people."""
    courses.register(connection, _outline(), NOW - timedelta(days=60))
    titles = {"title_en": "Bench", "title_cy": "Mainc"}
    days = {name: NOW.date() + timedelta(days=step) for name, step in DATES.items()}
    values = {"id": "bench", "course": "bench", "least_grade": "asserted", **titles, **days}
    cohorts.add_cohort(connection, values, [f"m{number}" for number in range(MODULES)], NOW)
    for number in range(size):
        _add_person(connection, number)


DATES = {"opens": -20, "target": 5, "cut_off": 10, "starts": 24, "ends": 26}


def _add_person(connection: Connection, number: int) -> None:
    """Somebody who has completed as many modules as the last figure of their number, and one more."""
    began = NOW - timedelta(days=30)
    person = people.add_person(connection, f"Person {number}", "cy" if number % 2 else "en", began)
    people.identify(connection, person, [("email", f"p{number}@bench.example")], began)
    people.appoint(connection, person, f"W060000{number % 5 + 1:02}", "", began)
    people.place(connection, "bench", person, "confirmed", "bench", began)
    done = [_completed(number, module) for module in range(number % MODULES + 1)]
    store(connection, done, SENDER, NOW - timedelta(days=number % 9))


def _completed(number: int, module: int) -> dict:
    return {
        "id": str(uuid.uuid4()),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://lms.example", "name": f"p{number}@bench.example"},
        },
        "verb": {"id": VERB},
        "object": {"objectType": "Activity", "id": f"{COURSE}/modules/m{module}"},
        "timestamp": (NOW - timedelta(days=number % 9, hours=1)).isoformat(),
    }


def _outline() -> dict:
    modules = [
        {
            "id": f"m{n}",
            "iri": f"{COURSE}/modules/m{n}",
            "minutes": 25,
            "title": {"en": f"Module {n}", "cy": f"Modiwl {n}"},
        }
        for n in range(MODULES)
    ]
    verbs = {"completed": {"id": VERB, "display": {"en-GB": "completed", "cy": "cwblhawyd"}}}
    return {
        "format": 1, "id": "bench", "iri": COURSE, "version": "1.0.0", "authority": None, "package": "b" * 16,
        "package-format": "scorm12", "title": {"en": "Bench", "cy": "Mainc"}, "verbs": verbs, "extensions": {},
        "modules": modules,
    }  # fmt: skip
