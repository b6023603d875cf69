"""A record store of its own on a free port of 127.0.0.1, and the statements that are sent to it."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
from killing import listens

COURSE = "https://bench.example/course"
LEARNERS = 20  # so few that each of them fills a page from the start: pages of one size are compared


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def made_statement(number: int) -> dict:
    """One statement of the kind a module sends: about 1.1 kB, one of 20 learners, one of ten modules."""
    module = f"{COURSE}/modules/{number % 10}"
    return {
        "id": str(uuid.uuid4()),
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "https://lms.example", "name": f"learner-{number % LEARNERS}"},
        },
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/completed",
            "display": {"en-GB": "completed", "cy": "wedi cwblhau"},
        },
        "object": {
            "id": module,
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/module",
                "name": {"en-GB": f"Module {number % 10}", "cy": f"Modiwl {number % 10}"},
            },
        },
        "result": {"completion": True, "duration": "PT21M5.25S"},
        "context": {
            "registration": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number % LEARNERS}")),
            "language": "cy",
            "contextActivities": {"parent": [{"id": COURSE}], "grouping": [{"id": f"{COURSE}/programme"}]},
            "extensions": {f"{COURSE}/version": "1.0.0", f"{COURSE}/authority": "W06000002"},
        },
    }


class Store:
    """A running store: its port, its server's process id, and the headers of requests with its key."""

    def __init__(self, port: int, pid: int, key: dict):
        self.pid, self.port = pid, port
        pair = base64.b64encode(f"{key['key']}:{key['secret']}".encode()).decode()
        self.headers = {
            "Authorization": f"Basic {pair}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }


@contextmanager
def running_store(folder: Path, url: str = "") -> Iterator[Store]:
    """A store with an empty SQLite database in the folder, or at the URL, served until the block ends."""
    environment = {**os.environ, "KTB_DATABASE_URL": url or f"sqlite:///{folder}/bench.sqlite3"}
    command = [sys.executable, "-m", "lrs.cli"]
    subprocess.run([*command, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run(
        [*command, "key", "create", "--label", "bench", "--scope", "all", "--json"],
        env=environment,
        check=True,
        capture_output=True,
    )
    port = free_port()
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield Store(port, server.pid, json.loads(made.stdout))
    finally:
        for process in [*psutil.Process(server.pid).children(recursive=True), psutil.Process(server.pid)]:
            process.terminate()
        server.wait(20)


def wait_for(port: int) -> None:
    """Return once something listens on the port; give up after 20 seconds."""
    for _ in range(200):
        if listens(port):
            return
        time.sleep(0.1)
    raise SystemExit("the store did not start")
