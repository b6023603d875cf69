"""What the machine is worth at the moment: a request that does nothing, in bare Flask under the same server."""

import subprocess
import sys
from pathlib import Path

from flask import Flask
from records import Ask, Load
from store import Store, free_port, wait_for

TARGETS_MACHINE = 0.40  # ms, where the record store's targets were measured
REQUESTS = 1000

app = Flask(__name__)


@app.post("/")
def nothing() -> str:
    """An empty answer."""
    return ""


def bare_cost() -> float:
    """CPU milliseconds of a server for each of a thousand requests that do nothing, from eight connections."""
    port = free_port()
    options = ["--workers", "2", "--threads", "4", "--keep-alive", "75", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", "bare:app"]
    server = subprocess.Popen(command, cwd=Path(__file__).parent, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        load = Load(Store(port, server.pid, {"key": "", "secret": ""}), None)
        load.cost([Ask("POST", "/", b"{}")] * 100, 100)
        return load.cost([Ask("POST", "/", b"{}")] * REQUESTS, REQUESTS)
    finally:
        server.terminate()
        server.wait(20)
