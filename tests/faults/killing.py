"""Kill a record store under load, and see that whatever it acknowledged is there, once, with all that belongs to it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

SENDERS = 8
WHOLE = {  # what must hold of a store that nobody is writing in; each question has an empty answer where it does
    "a statement is there twice": "SELECT id FROM statements GROUP BY id HAVING count(*) > 1",
    "a row is missing between two others": (
        "SELECT seq FROM statements WHERE seq > 1 AND seq - 1 NOT IN (SELECT seq FROM statements)"
    ),
    "a statement has no link to its actor": (
        "SELECT seq FROM statements WHERE seq NOT IN (SELECT seq FROM statement_actors WHERE direct = 1)"
    ),
    "a statement has no link to its activity": (
        "SELECT seq FROM statements WHERE seq NOT IN (SELECT seq FROM statement_activities WHERE direct = 1)"
    ),
    "a link to an actor leads nowhere": (
        "SELECT l.seq FROM statement_actors l LEFT JOIN statements s ON s.seq = l.seq LEFT JOIN actors a "
        "ON a.id = l.actor WHERE s.seq IS NULL OR a.id IS NULL OR s.verb <> l.verb"
    ),
    "a link to an activity leads nowhere": (
        "SELECT l.seq FROM statement_activities l LEFT JOIN statements s ON s.seq = l.seq LEFT JOIN iris i "
        "ON i.id = l.activity WHERE s.seq IS NULL OR i.id IS NULL OR s.verb <> l.verb"
    ),
    "a statement about the course is no evidence": (
        "SELECT id FROM statements WHERE id NOT IN (SELECT statement FROM evidence)"
    ),
    "evidence is there without its statement, or twice": (
        "SELECT e.statement FROM evidence e LEFT JOIN statements s ON s.id = e.statement "
        "GROUP BY e.statement HAVING count(s.id) <> 1"
    ),
}
Made = Callable[[], dict]


def listens(port: int) -> bool:
    """Whether somebody listens. A socket that is given the very port it asks for is answered by itself."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0 and probe.getsockname()[1] != port


class Server:
    """The record store in a process group of its own, so that it can be killed whole."""

    def __init__(self, store_url: str):
        self.environment = {**os.environ, "KTB_DATABASE_URL": store_url}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Serve; return once it listens."""
        command = [sys.executable, "-m", "lrs.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(600):
            if listens(self.port):
                return
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Send the whole group a signal, and wait for its end."""
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(60)
            self.process = None
            until = time.monotonic() + 60
            while listens(self.port):  # a worker in the middle of a write outlives the first process by a moment
                assert time.monotonic() < until, "a worker of the server did not end"
                time.sleep(0.01)


def _send(server: Server, headers: dict[str, str], make: Made, acknowledged: list[str], stop: threading.Event) -> None:
    """Send single statements and batches by turns until the server goes; note what was acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    size = 1
    try:
        while not stop.is_set():
            body = json.dumps([make() for _ in range(size)])
            connection.request("POST", "/xapi/statements", body, headers | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, text
            acknowledged.extend(json.loads(text))
            size = 1 if size > 1 else 20
    except (OSError, http.client.HTTPException):
        pass  # the kill
    finally:
        connection.close()


def killed_under_load(server: Server, headers: dict[str, str], make: Made, wanted: int) -> list[str]:
    """Start the server, kill it once the senders have had that many statements acknowledged; the ids of all of them."""
    server.start()
    acknowledged: list[str] = []
    stop = threading.Event()
    threads = [threading.Thread(target=_send, args=(server, headers, make, acknowledged, stop)) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while len(acknowledged) < wanted and time.monotonic() < until:
        stop.wait(0.005)
    enough = len(acknowledged) >= wanted
    server.stop(signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()
    assert enough, f"only {len(acknowledged)} of {wanted} statements were acknowledged within a minute"
    return acknowledged


def faults(ask: Callable[[str], list], acknowledged: list[str]) -> list[str]:
    """What is wrong with a store that ``ask`` reads, after these ids were acknowledged; nothing is as it should be."""
    stored = {row[0] for row in ask("SELECT id FROM statements")}
    lost = [f"{one} was acknowledged and is lost" for one in acknowledged if one not in stored]
    return lost + [f"{name}: {row[0]}" for name, question in WHOLE.items() for row in ask(question)]
