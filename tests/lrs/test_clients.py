"""Other people's JavaScript clients, over real HTTP: each sends, finds, pages, and keeps State and profiles."""

import base64
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import missing

CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def installed():
    if not (CLIENTS / "node_modules" / "tincanjs").is_dir():
        missing("npm packages are missing: run `make test`, or `npm install` in tests/lrs/clients")


def test_a_session_of_each_client(installed, server, key):
    """All at once, each a process of its own with a key of its own: they do not get in each other's way."""
    server.start()
    running = {}
    for client in ("xapi", "cmi5", "tincanjs", "adl-xapiwrapper"):
        name, secret = base64.b64decode(key("all", label=client)["Authorization"][6:]).decode().split(":")
        told = {"KTB_ENDPOINT": f"{server.url}/xapi/", "KTB_KEY": name, "KTB_SECRET": secret}
        running[client] = subprocess.Popen(
            ["node", "--no-deprecation", CLIENTS / f"{client}.mjs"],
            env=os.environ | told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    said = {client: (process.communicate(timeout=120)[0], process.returncode) for client, process in running.items()}
    assert said == dict.fromkeys(running, ("", 0))
