"""The rules of the house that a machine can hold: contracts, sizes, docstrings, locks and the top level."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*ROOT.glob("authoring/**/*.py"), *ROOT.glob("lrs/**/*.py")])
SCRIPTS = sorted(ROOT.glob("authoring/player/**/*.js"))
TOP = {
    "pyproject.toml", "authoring", "courses", "lrs", "build", "tests", "README.md",
    "Makefile", "CHANGELOG.md", "docs", "deploy", ".ci", ".gitignore", "requirements.lock", "requirements-test.lock",
}  # fmt: skip


def functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node):
    return node.end_lineno - node.lineno + 1


def tracked():
    return subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_contracts_between_the_parts_hold():
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_functions_are_short():
    lengths = {f"{path.relative_to(ROOT)}:{node.name}": length(node) for path in SOURCES for node in functions(path)}
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}
    assert statistics.median(lengths.values()) <= 9


def test_files_are_short():
    assert [str(path) for path in [*SOURCES, *SCRIPTS] if len(path.read_text("utf-8").splitlines()) > 450] == []


def test_every_module_opens_with_a_sentence():
    assert [str(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_every_public_function_says_what_it_promises():
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_top_level_holds_what_the_design_names():
    assert {path.split("/")[0] for path in tracked()} <= TOP


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry():
    here = re.compile(rb"/(?:work|home|root)/[a-z]|registry\.npmjs\.org|pypi\.org/simple|files\.pythonhosted\.org")
    assert [
        path for path in tracked() if path != "tests/test_house.py" and here.search((ROOT / path).read_bytes())
    ] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_locks_pin_each_version_with_hashes(lock):
    text = (ROOT / lock).read_text("utf-8")
    pins = re.findall(r"^([\w.\-\[\]]+)==\S+(?: ; .*)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M)
    named = re.findall(r"^[\w.\-\[\]]+==", text, re.M)
    assert len(pins) == len(named) > 10
    assert "index-url" not in text
    assert "://" not in text


def test_both_halves_have_the_same_tokens():
    """The halves share no code, and yet look alike: the one file that both keep is the same in each."""
    ours, theirs = (ROOT / path / "tokens.css" for path in ("authoring/player", "lrs/programme/static"))
    assert ours.read_text("utf-8") == theirs.read_text("utf-8")
