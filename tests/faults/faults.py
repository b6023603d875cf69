"""Kill the record store a hundred times on each database, and count what was acknowledged and what of it was lost."""

import base64
import itertools
import json
import random
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from databases import postgresql  # noqa: E402
from killing import Server, faults, killed_under_load  # noqa: E402

from lrs.storage import courses, database, keys  # noqa: E402

COURSE = "https://faults.example/course"
KILLS = 100


def outline() -> dict:
    """A course.json of one module, so that every statement about it is evidence."""
    verb = {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en-GB": "completed"}}
    module = {"id": "m", "iri": f"{COURSE}/m", "questions": [], "minutes": 5, "title": {"en": "M", "cy": "M"}}
    return {
        "format": 1, "id": "faults", "iri": COURSE, "version": "1.0.0", "authority": None, "package": "f" * 16,
        "package-format": "scorm12", "title": {"en": "F", "cy": "F"}, "verbs": {"completed": verb}, "extensions": {},
        "modules": [module],
    }  # fmt: skip


def made() -> dict:
    """A statement that somebody new or known completed the module."""
    return {
        "id": str(uuid.uuid4()),
        "actor": {"account": {"homePage": "https://lms.example", "name": str(random.randrange(5000))}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"{COURSE}/m", "definition": {"name": {"en": f"Module {random.randrange(3)}"}}},
    }


def run(url: str, kills: int) -> tuple[int, list[str]]:
    """How many statements were acknowledged over so many kills, and what was wrong after any of them."""
    engine = database.open_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    database.upgrade(engine)
    with database.writing(engine) as connection:
        courses.register(connection, outline(), datetime.now(UTC))
        key = keys.create(connection, "faults", ["all"], datetime.now(UTC))
    engine.dispose()
    pair = base64.b64encode(f"{key.key}:{key.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}
    server, acknowledged = Server(url), []
    for _ in range(kills):
        acknowledged += killed_under_load(server, headers, made, random.randrange(1, 200))

    def ask(question: str) -> list:
        with database.reading(engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(question)]

    found = faults(ask, acknowledged)
    if engine.dialect.name == "sqlite":
        found += [f"integrity: {row[0]}" for row in ask("PRAGMA integrity_check") if row[0] != "ok"]
    engine.dispose()
    return len(acknowledged), found


@contextmanager
def stores() -> Iterator[dict[str, str]]:
    """The address of an empty store on each database."""
    with tempfile.TemporaryDirectory() as folder, postgresql(durable=True) as server:
        yield {"SQLite": f"sqlite:///{folder}/store.sqlite3", "PostgreSQL": server.create("faults")}


def main() -> None:
    """Print what was found on each database; end with 1 where anything was wrong."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    wrong = False
    with stores() as urls:
        for name, url in urls.items():
            count, found = run(url, kills)
            lost = sum("is lost" in one for one in found)
            print(
                f"{name}: {kills} kills, {count} acknowledged, {lost} lost, {len(found) - lost} other faults",
                flush=True,
            )
            print(json.dumps(list(itertools.islice(found, 10)), indent=1) if found else "", end="")
            wrong |= bool(found)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
