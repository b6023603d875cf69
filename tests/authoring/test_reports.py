"""The shapes that problems are told in: SARIF for viewers of code. Text, JSON and GitHub's are in test_rules.py."""

import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from click.testing import CliRunner

from authoring.cli import main
from authoring.rules import RULES

BROKEN = (
    ("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"),
    ("write", "media/spoon.svg", "<svg viewBox='0 0 1 1'/>"),
    ("write", "translations.yml", ""),
)


def sarif(folder):
    result = CliRunner().invoke(main, ["check", str(folder), "--format", "sarif"])
    assert result.exit_code == 1
    return json.loads(result.output)


def test_sarif_names_the_version_and_every_rule_with_its_help(make):
    log = sarif(make(*BROKEN))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "ktb"
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    for rule in driver["rules"]:
        assert RULES[rule["id"]].mend in rule["help"]["text"]
        assert rule["shortDescription"]["text"] == RULES[rule["id"]].asks


def test_sarif_results_point_to_their_rule_and_place(make):
    folder = make(*BROKEN)
    (run,) = sarif(folder)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert {result["ruleId"]: result["level"] for result in run["results"]} == {
        "unknown-block": "error", "media-unused": "warning", "welsh-not-reviewed": "note",
    }  # fmt: skip
    (found,) = [result for result in run["results"] if result["ruleId"] == "unknown-block"]
    assert found["message"]["text"] == "There is no block “tpi”. Did you mean “tip”?"
    (location,) = found["locations"]
    assert location["physicalLocation"]["region"] == {"startLine": 28, "startColumn": 1}
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert Path(unquote(urlsplit(uri).path)) == folder / "01-first.en.md"


def test_sarif_gives_paths_from_where_one_stands_as_addresses(make, tmp_path, monkeypatch):
    folder = make(*BROKEN).rename(tmp_path / "tea & biscuits")
    monkeypatch.chdir(tmp_path)
    (run,) = sarif(os.path.relpath(folder))["runs"]
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert "tea%20%26%20biscuits/01-first.en.md" in places
