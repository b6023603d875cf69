"""The demonstration from end to end, as `make demo ARGS=--once` runs it."""

import socket
import subprocess
import sys
from pathlib import Path

from lrs.programme.demo import PAGES

ROOT = Path(__file__).parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_demonstration_works_over_an_older_one_and_leaves_nobody_listening(tmp_path):
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "lrs.cli",
        "demo",
        "--once",
        "--port",
        str(port),
        "--folder",
        str(tmp_path / "demo"),
    ]
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "store.sqlite3").write_bytes(b"an older store")
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("Seen: ") == 10 + len(PAGES)
    assert run.stdout.endswith("The demonstration works.\n")
    for listener in (port, port + 1):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", listener)) != 0
