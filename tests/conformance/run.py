"""ADL's conformance suite against the record store: both versions on both databases, every test passed or exit 1.

    python tests/conformance/run.py SUITE [--database sqlite|postgresql]… [--version 1.0.3|2.0.0]…

SUITE is a checkout of adlnet/lrs-conformance-test-suite; Node and npm must be there. The table at the end names its
commit.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))
from databases import postgresql
from killing import listens

DATABASES = ("sqlite", "postgresql")
VERSIONS = ("1.0.3", "2.0.0")
STARTED = 30  # seconds that a server may take to listen
LONGEST = 1800  # seconds that the suite may take; it takes one to two minutes on two idle cores


class Result(NamedTuple):
    """What one run of the suite came to; ``failures`` are titles with their reasons."""

    database: str
    version: str
    passed: int
    total: int
    seconds: int
    failures: list[str]

    @property
    def good(self) -> bool:
        """Whether every test passed, and there were any: a hook that fails drops tests without a word."""
        return 0 < self.total == self.passed


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database in the folder."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/store.sqlite3"
        return
    with postgresql(durable=True) as server:
        yield server.create("ktb")


@contextmanager
def served(address: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A server on the database: its xAPI endpoint, and a key that may do everything."""
    environment = {**os.environ, "KTB_DATABASE_URL": address}
    command = [sys.executable, "-m", "lrs.cli"]
    subprocess.run([*command, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
    making = [*command, "key", "create", "--label", "conformance", "--scope", "all", "--json"]
    key = json.loads(subprocess.run(making, env=environment, check=True, capture_output=True).stdout)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = [*command, "serve", "--port", str(port)]
    server = subprocess.Popen(serving, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listening(port, server)
        yield f"http://127.0.0.1:{port}/xapi", key
    finally:
        server.terminate()
        server.wait(30)


def listening(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return once something listens on the port."""
    end = time.monotonic() + STARTED
    while time.monotonic() < end and server.poll() is None:
        if listens(port):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def run(suite: Path, database: str, version: str) -> Result:
    """One run of the whole suite on a new store."""
    before = set((suite / "logs").glob("*.log"))
    with (
        tempfile.TemporaryDirectory() as folder,
        new_database(database, Path(folder)) as address,
        served(address) as (endpoint, key),
    ):
        runner = ["node", "bin/console_runner.js", "-e", endpoint, "-x", version, "-z"]
        login = ["-a", "-u", key["key"], "-p", key["secret"]]
        began = time.monotonic()
        quiet = {**os.environ, "NODE_NO_WARNINGS": "1"}
        subprocess.run([*runner, *login], cwd=suite, env=quiet, stdout=subprocess.DEVNULL, timeout=LONGEST, check=False)
        seconds = round(time.monotonic() - began)
    written = set((suite / "logs").glob("*.log")) - before
    if len(written) != 1:
        raise SystemExit(f"the suite wrote {len(written)} logs; look at what `npm install` in it says")
    log = json.loads(written.pop().read_text("utf-8"))
    summary = log["summary"]
    return Result(database, version, summary["passed"], summary["total"], seconds, list(failures(log.get("log", {}))))


def failures(test: dict, path: str = "") -> Iterator[str]:
    """The title and the reason of each test that failed, from the suite's tree of tests."""
    title = f"{path} > {test['title']}" if path else test.get("title") or ""
    inner = test.get("tests") or []
    if test.get("status") == "failed" and not inner:
        yield f"{title}\n      {test.get('error')}"
    for one in inner:
        yield from failures(one, title)


def prepare(suite: Path) -> str:
    """The suite's commit; its npm packages are installed where they are missing."""
    if not (suite / "bin" / "console_runner.js").exists():
        raise SystemExit(f"{suite} is no checkout of adlnet/lrs-conformance-test-suite")
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is missing (Debian: apt install nodejs npm)")
    if not (suite / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=suite, check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=suite, capture_output=True, text=True, check=False)
    return commit.stdout.strip() or "unknown"


def main() -> None:
    """Run what was asked for, print the table, and exit 1 where a test did not pass."""
    parser = argparse.ArgumentParser(description="ADL's conformance suite against the record store.")
    parser.add_argument("suite", type=Path, metavar="SUITE")
    parser.add_argument("--database", action="append", choices=DATABASES)
    parser.add_argument("--version", action="append", choices=VERSIONS)
    asked = parser.parse_args()
    suite = asked.suite.resolve()
    commit = prepare(suite)
    results = []
    for database in asked.database or DATABASES:
        for version in asked.version or VERSIONS:
            results.append(run(suite, database, version))
            print(f"{database} {version}: {results[-1].passed}/{results[-1].total}", flush=True)
            for failure in results[-1].failures:
                print(f"    {failure}")
    print(
        f"\nadlnet/lrs-conformance-test-suite {commit}\n\n| database | xAPI | passed | s |\n| --- | --- | --- | --- |"
    )
    for one in results:
        print(f"| {one.database} | {one.version} | {one.passed}/{one.total} | {one.seconds} |")
    raise SystemExit(0 if all(one.good for one in results) else 1)


if __name__ == "__main__":
    main()
