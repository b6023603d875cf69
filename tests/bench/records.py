"""What the record store costs on each database under eight connections: CPU of its workers and of the database."""

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
from databases import postgresql
from processes import cpu_seconds
from store import COURSE, Store, free_port, made_statement, running_store, wait_for

CONNECTIONS = 8
# A million takes minutes on each database, so the usual run compares a tenth of twenty thousand with all of them.
EARLY, PRELOADED = (20_000, 1_000_000) if os.environ.get("KTB_BENCH_MILLION") == "1" else (2_000, 20_000)
FILLING = 500  # statements in each request that only fills the store
VERB = "http://adlnet.gov/expapi/verbs/completed"
AGENT = json.dumps({"account": {"homePage": "https://lms.example", "name": "learner-7"}})
FILTERS = {
    "agent": {"agent": AGENT},
    "agent and verb": {"agent": AGENT, "verb": VERB},
    "activity": {"activity": f"{COURSE}/modules/3"},
    "related_activities": {"activity": COURSE, "related_activities": "true"},
    "related_agents": {"agent": AGENT, "related_agents": "true"},
    "registration": {"registration": made_statement(7)["context"]["registration"]},
}
STATE = {"stateId": "bookmark", "activityId": f"{COURSE}/modules/3", "agent": AGENT}


class Ask(NamedTuple):
    """One request, and the status of its good answer."""

    method: str
    path: str
    body: bytes = b""
    status: int = 200


class Cost(NamedTuple):
    """One figure: what was measured, on which database, and how many milliseconds of CPU (or megabytes) it took."""

    what: str
    measured: float
    unit: str = "ms CPU"


class Load:
    """A running store with its database, and the eight connections that ask it."""

    def __init__(self, store: Store, database: int | None):
        self.store, self.pids = store, [store.pid, *([database] if database else [])]
        self.lock = threading.Lock()

    def cost(self, asks: Iterable[Ask], count: int) -> float:
        """CPU milliseconds of all processes for each of ``count``; anything but the expected answer ends the run."""
        before = sum(cpu_seconds(pid) for pid in self.pids)
        waiting, wrong = iter(asks), []
        threads = [threading.Thread(target=self._work, args=(waiting, wrong)) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if wrong:
            raise SystemExit(f"the store answered {wrong[0]}")
        return (sum(cpu_seconds(pid) for pid in self.pids) - before) * 1000 / count

    def _work(self, waiting: Iterator[Ask], wrong: list) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=120)
        while not wrong:
            with self.lock:
                ask = next(waiting, None)
            if ask is None:
                break
            try:
                connection.request(ask.method, ask.path, ask.body or None, self.store.headers)
                answer = connection.getresponse()
                text = answer.read()
            except (BrokenPipeError, ConnectionResetError):
                if ask.status != 413:
                    raise
                connection.close()  # refused before it was all sent, which is what was wanted
                continue
            if answer.status != ask.status:
                wrong.append((answer.status, text[:300]))
        connection.close()

    def peak(self) -> float:
        """The most megabytes that a worker has had, beside what it shares with the one that started it."""
        return max(_peak(one.pid) for one in psutil.Process(self.store.pid).children())


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def posts(first: int, requests: int, size: int) -> Iterator[Ask]:
    """Requests to store statements, in arrays of that size; a single one where it is 1."""
    for number in range(requests):
        many = [made_statement(first + number * size + one) for one in range(size)]
        body = json.dumps(many if size > 1 else many[0], separators=(",", ":")).encode()
        yield Ask("POST", "/xapi/statements", body)


def asked(query: dict, count: int) -> list[Ask]:
    """The same page of a hundred, asked for so often."""
    return [Ask("GET", f"/xapi/statements?{urlencode(query | {'limit': '100'})}")] * count


def states(method: str, count: int) -> list[Ask]:
    """Requests for so many documents of State, each of its own name."""
    body = json.dumps({"page": "page-7", "answers": {f"q{one}": "b" for one in range(30)}}).encode()
    names = (urlencode(STATE | {"stateId": f"bookmark-{number}"}) for number in range(count))
    put = method == "PUT"
    return [
        Ask(method, f"/xapi/activities/state?{name}", body if put else b"", 200 if method == "GET" else 204)
        for name in names
    ]


def costs(load: Load) -> Iterator[Cost]:
    """Every figure of one database; the statements that are there first are sent, and measured on the way."""
    load.cost(posts(0, EARLY // FILLING, FILLING), 1)
    early = {name: load.cost(asked(query, 500), 500) for name, query in FILTERS.items()}
    load.cost(posts(EARLY, (PRELOADED - EARLY) // FILLING, FILLING), 1)
    first = PRELOADED
    batches = list(posts(first, 100, 100))
    yield Cost("batch POST of 100, a statement", load.cost(batches, 10_000))
    singles = list(posts(first + 10_000, 800, 1))
    yield Cost("single POST, durable when answered", load.cost(singles, 800))
    for name, query in FILTERS.items():
        late = load.cost(asked(query, 500), 500)
        yield Cost(f"GET of 100 by {name}", late)
        yield Cost(f"the same, of that at {EARLY:,} stored", late / early[name], "×")
    for method in ("PUT", "GET", "DELETE"):
        yield Cost(f"State {method}", load.cost(states(method, 500), 500))
    sized = [Ask("POST", "/xapi/statements", b"[" + b" " * 20_000_000 + b"]", 413)]
    load.cost(itertools.chain(posts(first + 20_000, 4, 2000), sized * 4), 1)
    yield Cost("peak memory of a worker", load.peak(), "MB")


def bare_cost() -> float:
    """CPU milliseconds of the same server for each of a thousand requests to an application that does nothing."""
    port = free_port()
    options = ["--workers", "2", "--threads", "4", "--keep-alive", "75", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", "bare:app"]
    server = subprocess.Popen(command, cwd=Path(__file__).parent, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        load = Load(Store(port, server.pid, {"key": "", "secret": ""}), None)
        load.cost([Ask("POST", "/", b"{}")] * 100, 100)
        return load.cost([Ask("POST", "/", b"{}")] * 1000, 1000)
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def loads(folder: Path, name: str) -> Iterator[Load]:
    """A store on that database."""
    if name == "SQLite":
        with running_store(folder) as store:
            yield Load(store, None)
    else:
        with postgresql(durable=True) as server, running_store(folder, server.create("bench")) as store:
            yield Load(store, server.pid)


# What we allow ourselves on SQLite and on PostgreSQL, and the peers' figures: CPU on one machine of this kind.
PAGES = (3.5, 4.5)
LIMITS = {
    "batch POST of 100, a statement": ((0.18, 0.22), "Ralph 1.3; ADL_LRS 11.4"),
    "single POST, durable when answered": ((2.2, 2.2), "ADL_LRS 92; Ralph 202"),
    "GET of 100 by agent": (PAGES, "Ralph 93; ADL_LRS 161"),
    "GET of 100 by agent and verb": (PAGES, "–"),
    "GET of 100 by activity": (PAGES, "ADL_LRS 158 (with verb)"),
    "GET of 100 by related_activities": (PAGES, "ADL_LRS 585"),
    "GET of 100 by related_agents": (PAGES, "–"),
    "GET of 100 by registration": (PAGES, "Ralph 90; ADL_LRS 166"),
    "State PUT": ((2, 2), "ADL_LRS 80"),
    "State GET": ((2, 2), "ADL_LRS 80"),
    "State DELETE": ((2, 2), "ADL_LRS 76"),
    "peak memory of a worker": ((150, 150), "–"),
}
FLAT = ((1.3, 1.3), "–")


def record_rows(folder: Path) -> Iterator[tuple[str, str, float, float, str]]:
    """Lines of the table: what, the peers' figures, what we allow ourselves, what was measured, the unit."""
    for number, name in enumerate(("SQLite", "PostgreSQL")):
        with loads(folder, name) as load:
            for one in costs(load):
                most, peers = LIMITS.get(one.what, FLAT)
                yield f"{name}, {PRELOADED:,}: {one.what}", peers, most[number], one.measured, one.unit
