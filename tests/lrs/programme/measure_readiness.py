"""CPU of where 1,000 people × 10 modules stand, queries included: run by hand, or by the bench.

python tests/lrs/programme/measure_readiness.py [statements to lie around it]
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from lrs.programme.board import standings
from lrs.storage import cohorts, courses, programme_tables, tables
from lrs.storage.database import make_ready, open_engine, reading, writing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE, MODULES, LAUNCHES = 1000, 10, 5


def outline():
    """A course.json of ten modules."""
    modules = [
        {"id": f"m{n}", "iri": f"https://bench.example/m{n}", "minutes": 25, "title": {"en": f"M{n}", "cy": f"M{n}"}}
        for n in range(MODULES)
    ]
    verbs = {
        name: {"id": f"http://adlnet.gov/expapi/verbs/{name}"} for name in ("completed", "initialized", "terminated")
    }
    return {
        "id": "bench", "iri": "https://bench.example", "version": "1.0.0", "package": "0" * 16, "verbs": verbs,
        "title": {"en": "Bench", "cy": "Mainc"}, "modules": modules,
    }  # fmt: skip


def evidence(person, around=0):
    """The rows of one person: some completions, and several launches begun and left."""
    common = {
        "actor": person + 1,
        "course": "bench",
        "grade": "asserted",
        "source": "https://lms.example",
        "language": "cy",
    }
    for module in range(MODULES if person % 3 else person % MODULES):
        at = NOW - timedelta(days=module + 1, seconds=person)
        yield {**common, "module": f"m{module}", "kind": "completed", "timestamp": at, "stored": at}
    for launch in range(LAUNCHES):
        at = NOW - timedelta(days=launch, seconds=person)
        for kind in ("started", "left"):
            yield {**common, "module": None, "kind": kind, "timestamp": at, "stored": at}


def fill(engine, strangers):
    """The residential, its people and their evidence, and the evidence of so many strangers."""
    with writing(engine) as connection:
        courses.register(connection, outline(), NOW - timedelta(days=60))
        day = NOW.date()
        dates = {"opens": -20, "target": 14, "cut_off": 14, "starts": 28, "ends": 30}
        values = {"id": "bench", "title_en": "B", "title_cy": "M", "course": "bench", "least_grade": "asserted"}
        values |= {name: day + timedelta(days=days) for name, days in dates.items()}
        cohorts.add_cohort(connection, values, [f"m{n}" for n in range(MODULES)], NOW)
        roster(connection)
        everybody = range(PEOPLE + strangers)
        rows = [{"id": n + 1, "ifi": f"mbox|mailto:p{n}@x.example", "email": f"p{n}@x.example"} for n in everybody]
        connection.execute(insert(tables.actors), rows)
        kept = [row for person in everybody for row in evidence(person)]
        connection.execute(insert(tables.evidence), [{"statement": f"{n:036}", **row} for n, row in enumerate(kept)])
    return len(kept)


def roster(connection):
    """A thousand people of one council with confirmed places."""
    ids = [f"{n:036}" for n in range(PEOPLE)]
    began = NOW - timedelta(days=40)
    people = [{"id": one, "name": f"Person {one[-4:]}", "language": "cy", "created_at": began} for one in ids]
    connection.execute(insert(programme_tables.people), people)
    named = [
        {"person": one, "kind": "email", "value": f"p{n}@x.example", "added_at": began} for n, one in enumerate(ids)
    ]
    connection.execute(insert(programme_tables.identifiers), named)
    appointed = [{"person": one, "authority": "W06000015", "role": "", "recorded_at": began} for one in ids]
    connection.execute(insert(programme_tables.appointments), appointed)
    placed = [
        {"cohort": "bench", "person": one, "state": "confirmed", "recorded_at": began, "recorded_by": "b"}
        for one in ids
    ]
    connection.execute(insert(programme_tables.places), placed)


def measured(strangers=0, rounds=9):
    """Least and middle milliseconds of CPU for the whole board's standings, and how many rows of evidence lay there."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/store.sqlite3")
        make_ready(engine)
        rows = fill(engine, strangers)
        took = []
        for _ in range(rounds):
            with reading(engine) as connection:
                before = time.process_time()
                found = standings(connection, cohorts.cohort_called(connection, "bench"), NOW)
                took.append(1000 * (time.process_time() - before))
        engine.dispose()
    assert len(found) == PEOPLE
    return {"least": round(min(took), 1), "middle": round(sorted(took)[rounds // 2], 1), "rows": rows}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 0)))
