"""The problems of a course in each shape that somebody reads: people, programs, GitHub and other viewers of code."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from authoring.problems import Problem, Severity
from authoring.rules import RULES, Rule

GITHUB: dict[Severity, str] = {"error": "error", "warning": "warning", "release": "notice"}
# SARIF 2.1.0, section 3.27.10: the levels of a result.
SARIF: dict[Severity, str] = {"error": "error", "warning": "warning", "release": "note"}
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
STOPS: dict[Severity, str] = {
    "error": "An error: it stops every build.",
    "warning": "A warning: it stops only “ktb check --strict”.",
    "release": "It stops only “ktb build --release”.",
}


def as_text(folder: Path, problems: list[Problem]) -> str:
    """A line for each problem; findings for a release are summed up by rule."""
    lines = [f"{problem}" for problem in problems if problem.severity != "release"]
    release = [problem for problem in problems if problem.severity == "release"]
    lines += [f"Before a release: {rule}, {count} times. {RULES[rule].asks}" for rule, count in counted(release)]
    errors, warnings = (sum(problem.severity == kind for problem in problems) for kind in ("error", "warning"))
    lines.append(f"{folder}: {number(errors, 'error')}, {number(warnings, 'warning')}.")
    return "\n".join(lines) + "\n"


def counted(problems: list[Problem]) -> list[tuple[str, int]]:
    """How many of each rule, in order of the rule's id."""
    rules = [problem.rule for problem in problems]
    return [(rule, rules.count(rule)) for rule in sorted(set(rules))]


def number(count: int, thing: str) -> str:
    """“no errors”, “1 error”, “2 errors”."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def as_json(folder: Path, problems: list[Problem]) -> str:
    """Every problem with all its fields, release findings too."""
    from dataclasses import asdict

    return _json({"course": str(folder), "problems": [asdict(problem) for problem in problems]})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def as_github(folder: Path, problems: list[Problem]) -> str:
    """Workflow commands that GitHub shows on the lines of a pull request."""
    lines = []
    for problem in problems:
        words = f"{problem.message} {problem.mend}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        place = f"file={_property(str(folder / problem.file))},line={problem.line},col={problem.column}"
        lines.append(f"::{GITHUB[problem.severity]} {place},title={_property(problem.rule)}::{words}\n")
    return "".join(lines)


def _property(words: str) -> str:
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        words = words.replace(sign, code)
    return words


def as_sarif(folder: Path, problems: list[Problem]) -> str:
    """A SARIF 2.1.0 log of one run: every rule with its help, each problem at its place, columns in characters."""
    from importlib.metadata import version

    driver = {
        "name": "ktb",
        "semanticVersion": version("knowing-the-business"),
        "rules": [_descriptor(name, rule) for name, rule in RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(folder, problem) for problem in problems],
    }
    return _json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _descriptor(name: str, rule: Rule) -> dict[str, object]:
    """SARIF 2.1.0, section 3.49."""
    return {
        "id": name,
        "shortDescription": {"text": rule.asks},
        "help": {"text": f"{rule.asks} {rule.mend} {STOPS[rule.severity]}"},
        "defaultConfiguration": {"level": SARIF[rule.severity]},
    }


def _result(folder: Path, problem: Problem) -> dict[str, object]:
    """SARIF 2.1.0, section 3.27; a path that is not below the folder of work is given whole (section 3.4)."""
    path = folder / problem.file
    place = {
        "artifactLocation": {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.rule,
        "ruleIndex": list(RULES).index(problem.rule),
        "level": SARIF[problem.severity],
        "message": {"text": f"{problem.message} {problem.mend}"},
        "locations": [{"physicalLocation": place}],
    }


REPORTS: dict[str, Callable[[Path, list[Problem]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
