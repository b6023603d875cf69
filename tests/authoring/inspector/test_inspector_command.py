"""The command says what was found in words or JSON, with an exit code, and its page documents every rule."""

import json
import os
import resource
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

from authoring.cli import main
from authoring.inspector.page import rules
from authoring.inspector.rules import GROUPS, RULES


@pytest.fixture
def run(tmp_path):
    """``run(files or bytes, *options)``: the result of ktb inspect."""

    def inspected(content, *options, name="course.zip"):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                for file, data in content.items():
                    archive.writestr(file, data)
        return CliRunner().invoke(main, ["inspect", str(path), *options])

    return inspected


def test_text_has_a_line_for_each_finding_with_place_mend_and_who_cares(good, run):
    files = good("scorm12")
    files["imsmanifest.xml"] = (
        files["imsmanifest.xml"].replace(b">80<", b">0<").replace(b'"shared"/>', b'"sharde"/>', 1)
    )
    result = run(files)
    assert result.output == (
        "imsmanifest.xml:42: error: reference There is no resource “sharde”. "
        "Mend the reference, or add what it means. Matters to every LMS.\n"
        "imsmanifest.xml:24: warning: mastery-zero The masteryscore is 0. Remove it, or write the mark that is meant. "
        "Matters to every LMS: the learner has passed before beginning, and some content says so at once.\n"
        "course.zip: SCORM 1.2, 1 error, 1 warning.\n"
    )
    assert result.exit_code == 1


def test_json_has_four_keys_a_finding(good, run):
    files = good("cmi5")
    files["cmi5.xml"] = files["cmi5.xml"].replace(b'"Completed"', b'"NotApplicable"')
    result = run(files, "--format", "json")
    (finding,) = json.loads(result.output)["findings"]
    assert list(finding) == ["rule", "severity", "where", "message"]
    assert (finding["rule"], finding["severity"], finding["where"]) == ("move-on", "warning", "cmi5.xml:14")
    assert result.exit_code == 0


def test_nothing_wrong_is_said_in_both_forms(good, run):
    assert run(good("tincan")).output == "course.zip: tincan, no errors, no warnings.\n"
    assert json.loads(run(good("tincan"), "--format", "json").output) == {"findings": []}


@pytest.mark.parametrize("arguments", [[], ["nowhere.zip"], ["."], ["course.zip", "--format", "xml"]])
def test_misuse_is_told_apart_from_findings(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.zip").write_bytes(b"")
    assert CliRunner().invoke(main, ["inspect", *arguments]).exit_code == 2


def test_names_in_the_zip_cannot_steer_the_terminal(good, run):
    output = run({**good("scorm12"), "\x1b[2J\nerror.html": b""}).output
    assert "\\x1b[2J\\x0aerror.html" in output
    assert "\x1b" not in output


def test_many_findings_of_a_rule_are_counted(good, run):
    found = json.loads(run({**good("tincan"), **{f"a b{at}.mp4": b"" for at in range(50)}}, "--format", "json").output)
    messages = [finding["message"] for finding in found["findings"] if finding["rule"] == "name-space"]
    assert len(messages) == 20
    assert messages[-1].endswith("There are 30 more like this.")


BOMBS = {
    "entities in a row": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(20))
    + b"]><a>&u;</a>",
    "an outer file": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
    "an outer address": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    "in UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY a "a">]><a>&a;</a>'.encode("utf-16"),
    "behind a comment": b"<!-- <a> --><?x <!-- ?><!DOCTYPE a><a/>",
    "too many elements": b"<a>" + b"<a/>" * 400_000 + b"</a>",
    "too long": b"<a>" + b" " * 5_000_000 + b"</a>",
    "too deep": b"<a>" * 90_000,
    "too many attributes": b"<a %s/>" % b" ".join(b'a%d=""' % at for at in range(90_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_manifests_are_refused(name, found):
    (bare,) = set(found(BOMBS[name], "cmi5.xml"))
    assert bare in ("xml-doctype", "xml-size", "xml-malformed")
    assert set(found({"imsmanifest.xml": BOMBS[name]})) in ({bare}, {"zip-bomb"})


def test_zeros_that_would_fill_the_memory_are_refused(tmp_path):
    path = tmp_path / "course.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("imsmanifest.xml", "w") as file,
    ):
        for _ in range(250):
            file.write(bytes(1 << 20))
    command = [sys.executable, "-m", "authoring.cli", "inspect", "--format", "json", str(path)]
    limit = 200_000_000
    ran = subprocess.run(
        command,
        capture_output=True,
        check=False,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert ran.returncode == 1, ran.stderr
    assert [finding["rule"] for finding in json.loads(ran.stdout)["findings"]] == ["zip-bomb"]


def test_a_long_list_of_files_is_not_read(tmp_path, found):
    """It may be larger than any memory, and zipfile reads it in one piece: more than six million bytes are refused."""
    end = b"PK\5\6" + bytes(4) + b"\xff\xff\xff\xff" + (7_000_000).to_bytes(4, "little") + bytes(4) + bytes(2)
    assert set(found(bytes(7_000_000) + end)) == {"not-a-zip"}


def test_nothing_is_written_beside_the_package(good, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run({**good("scorm12"), "../outside.html": b"x"})
    assert os.listdir(tmp_path) == ["course.zip"]


def test_the_page_is_drawn_from_the_rules(pytestconfig):
    text = (pytestconfig.rootpath / "docs/inspect.md").read_text("utf-8")
    assert f"<!-- table: drawn by make docs -->\n{rules()}\n<!-- end of table -->" in text, "run: make docs"
    assert all(f"\n### {name}\n" in rules() for name in RULES)
    assert sum(map(len, GROUPS.values())) == len(RULES)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_told_in_sentences(name):
    rule = RULES[name]
    assert rule.severity in ("error", "warning")
    assert all(words[0].isupper() and words.endswith(".") for words in (rule.asks, rule.mend))
    assert rule.lms and not rule.lms.endswith(".")
    assert rule.wrong != rule.right
