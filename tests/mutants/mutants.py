"""Breaks the player on purpose, one way at a time, and demands that the tests that watch over it turn red.

``mutants.py`` tries every mutation of mutations.yml, ``mutants.py NAME …`` some of them. Ends with 1 where one
survives, cannot be made, or where a test is red without it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "build", "__pycache__", ".*_cache", ".hypothesis")
# A course must still open and turn its pages: what breaks that would turn any test red.
CONTROL = "tests/mutants/test_mutants_control.py"
LONGEST = 900


class Mutation(NamedTuple):
    """One way to break the player: ``find`` stands once in ``file`` and becomes ``put``; ``red`` are tests by id."""

    name: str
    file: str
    find: str
    put: str
    red: tuple[str, ...]
    why: str


class Verdict(NamedTuple):
    """What came of a mutation: "killed", or what is wrong with it."""

    mutation: Mutation
    outcome: str
    seconds: float

    @property
    def good(self) -> bool:
        return self.outcome == "killed"


class NotFoundOnce(Exception):
    """The text that a mutation replaces is not in its file, or more than once."""


def read(path: Path) -> list[Mutation]:
    """The mutations of a file; ValueError where one lacks a part, says nothing new, or has the name of another."""
    found = [
        Mutation(name, one["file"], one["find"], one["put"], tuple(one["red"]), one["why"])
        for name, one in yaml.safe_load(path.read_text("utf-8")).items()
    ]
    if bad := [one.name for one in found if not one.red or one.find == one.put]:
        raise ValueError(f"These mutations change nothing, or name no test: {', '.join(bad)}")
    return found


@contextmanager
def mutated(tree: Path, mutation: Mutation) -> Iterator[None]:
    """The tree with the mutation in it, for the length of the block. Raises NotFoundOnce and then changes nothing."""
    path = tree / mutation.file
    whole = path.read_text("utf-8")
    if (times := whole.count(mutation.find)) != 1:
        raise NotFoundOnce(f"its text is in {mutation.file} {times} times")
    path.write_text(whole.replace(mutation.find, mutation.put), "utf-8")
    try:
        yield
    finally:
        path.write_text(whole, "utf-8")


def copied(folder: Path) -> Path:
    """A copy of the project to break, in the folder; what npm has installed is shared."""
    tree = folder / "tree"
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    for modules in ROOT.glob("tests/*/node_modules"):
        (tree / modules.relative_to(ROOT)).symlink_to(modules)
    return tree


def failed(tree: Path, tests: Sequence[str]) -> set[str] | None:
    """Those of the tests that fail in the tree (where one has parameters, any of them); None where pytest cannot run.

    Tests that are skipped, or that are not found, prove nothing: SystemExit says so.
    """
    report = tree.parent / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "KTB_REQUIRE_BROWSER": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    run = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    if run.returncode not in (0, 1):
        print(run.stdout[-3000:], run.stderr[-3000:], file=sys.stderr)
        return None
    return {test for test in tests if any(_is(test, case) for case in _failures(report))}


def _failures(report: Path) -> list[str]:
    """The ids of the cases of a report that failed, without parameters."""
    cases = ElementTree.parse(report).iter("testcase")
    red = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return [f"{one.get('classname', '').replace('.', '/')}.py::{one.get('name', '').partition('[')[0]}" for one in red]


def _is(test: str, case: str) -> bool:
    """Whether a case is of a test, or of a file of tests."""
    return case == test or case.startswith(f"{test}::")


def tried(tree: Path, mutation: Mutation) -> Verdict:
    """Make a mutation, run its tests and the control, and undo it: every named test must fail, the control must not."""
    began = time.monotonic()
    try:
        with mutated(tree, mutation):
            red = failed(tree, [*mutation.red, CONTROL])
    except (NotFoundOnce, subprocess.TimeoutExpired) as error:
        return Verdict(mutation, f"not tried: {error}", time.monotonic() - began)
    return Verdict(mutation, outcome(mutation, red), time.monotonic() - began)


def outcome(mutation: Mutation, red: set[str] | None) -> str:
    """What the red tests say of a mutation."""
    if red is None:
        return "not tried: pytest could not run"
    if CONTROL in red:
        return "breaks the course itself, which any test would notice"
    green = [test.rpartition("::")[2] for test in mutation.red if test not in red]
    return f"SURVIVES {', '.join(green)}" if green else "killed"


def all_tried(mutations: list[Mutation], at_once: int = 2) -> Iterator[Verdict]:
    """Each mutation in turn, so many at once, each in a copy of its own."""
    trees: Queue[Path] = Queue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(at_once):
            trees.put(copied(Path(folder) / str(number)))
        tests = sorted({test for one in mutations for test in one.red} | {CONTROL})
        whole = trees.get()
        if red := failed(whole, tests):
            raise SystemExit(f"These are red without any mutation: {', '.join(sorted(red))}")
        if red is None:
            raise SystemExit("pytest could not run the tests that are named")
        trees.put(whole)

        def one(mutation: Mutation) -> Verdict:
            tree = trees.get()
            try:
                return tried(tree, mutation)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(at_once) as pool:
            yield from pool.map(one, mutations)


def main(wanted: list[str]) -> int:
    """Try the mutations, print a table and the counts; how many were not killed."""
    mutations = [one for one in read(HERE / "mutations.yml") if not wanted or one.name in wanted]
    verdicts = []
    for verdict in all_tried(mutations):
        verdicts.append(verdict)
        print(f"{verdict.mutation.name:34} {verdict.outcome:40} {verdict.seconds:5.1f} s", flush=True)
    alive = [verdict for verdict in verdicts if not verdict.good]
    print(f"{len(verdicts) - len(alive)} of {len(verdicts)} mutations turned their tests red")
    return len(alive)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
