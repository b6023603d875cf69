"""A build writes whole packages or nothing, says what it did, and lets no secret out."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring import output
from authoring.build import build
from authoring.cli import main
from authoring.problems import CourseError
from authoring.secrecy import AddressRefused, SecretFound, refuse_secrets, store_address

ROOT = Path(__file__).parents[2]


def everything_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ktb(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_each_format_lies_where_it_is_looked_for(whole, tmp_path):
    built = build(whole, tmp_path, ["scorm12", "web"])
    assert [one.path for one in built] == [
        tmp_path / "whole/scorm12/whole-1.2.3.zip", tmp_path / "whole/web/whole-1.2.3.zip",
    ]  # fmt: skip
    for one in built:
        assert one.size == one.path.stat().st_size
        assert zipfile.ZipFile(one.path).testzip() is None


def test_the_end_of_a_build_says_file_size_digest_and_when_it_is_complete(whole, tmp_path):
    result = ktb("build", whole, "--out", tmp_path, "--format", "scorm12", "--format", "web")
    one, two = build(whole, tmp_path, ["scorm12", "web"])
    assert result.exit_code == 0
    assert (
        result.output
        == (
            f"{one.path}\n  {one.size:,} bytes, content {one.digest}\n"
            f"{two.path}\n  {two.size:,} bytes, content {two.digest}\n"
            "scorm12: An LMS will show completed when all of this is so:\n"
            "  first: every page has been seen and every question answered\n"
            "  second: every page has been seen, every question answered and 80 per cent of the points reached\n"
        )
        + "".join(f"scorm12: {line}\n" for line in one.explained[1:])
        + f"web: {two.explained[0]}\n"
    )
    assert "No LMS is told anything" in two.explained[0]


def test_modules_with_one_rule_are_told_in_one_sentence(make, tmp_path):
    remove = ("complete-when: passed 80\n===\n",)
    folder = make(("edit", "02-second.en.md", *remove), ("edit", "02-second.cy.md", *remove))
    assert ktb("build", folder, "--out", tmp_path).output.splitlines()[2] == (
        "An LMS will show completed when, in all 2 modules, every page has been seen and every question answered."
    )


def test_a_broken_course_leaves_the_last_build_as_it_was(make, tmp_path):
    out = tmp_path / "out"
    build(make(), out, ["scorm12"])
    before = everything_in(out)
    folder = make(
        ("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"), ("edit", "02-second.cy.md", "#last\n===\n#lst\n")
    )
    result = ktb("build", folder, "--out", out, "--format", "scorm12", "--format", "web")
    assert result.exit_code == 1
    assert "01-first.en.md:28:1: unknown-block " in result.output
    assert "02-second.cy.md:15:1: language-structure " in result.output
    assert "Nothing was built: 2 problems. What was built before is as it was.\n" in result.output
    assert everything_in(out) == before


def test_release_fails_on_what_else_may_wait(make, tmp_path):
    folder = make(("write", "translations.yml", ""))
    assert build(folder, tmp_path, ["web"])
    with pytest.raises(CourseError) as raised:
        build(folder, tmp_path / "none", ["web"], release=True)
    assert {problem.rule for problem in raised.value.problems} == {"welsh-not-reviewed"}
    assert not (tmp_path / "none").exists()


def test_facts_grow_due_with_the_days(whole, tmp_path):
    assert build(whole, tmp_path, ["web"], release=True, today=date(2999, 1, 1))
    with pytest.raises(CourseError, match="fact-due"):
        build(whole, tmp_path, ["web"], release=True, today=date(2999, 1, 2))


def test_a_full_disk_leaves_the_last_build_and_nothing_half_written(whole, tmp_path, monkeypatch):
    out = tmp_path / "out"
    build(whole, out, ["scorm12", "web"])
    before = everything_in(out)
    (whole / "course.yml").write_text((whole / "course.yml").read_text("utf-8").replace("biscuits", "cakes"), "utf-8")

    written = []

    def full(descriptor):
        written.append(descriptor)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.os, "fsync", full)
    result = ktb("build", whole, "--out", out, "--format", "scorm12", "--format", "web")
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert everything_in(out) == before


def test_the_last_build_stays_until_the_new_one_is_whole(whole, tmp_path, monkeypatch):
    (built,) = build(whole, tmp_path, ["scorm12"])
    before = built.path.read_bytes()
    (whole / "course.yml").write_text((whole / "course.yml").read_text("utf-8").replace("biscuits", "cakes"), "utf-8")

    def refused(source, target):
        assert zipfile.ZipFile(source).testzip() is None
        assert target.read_bytes() == before
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(output.os, "replace", refused)
    with pytest.raises(PermissionError):
        build(whole, tmp_path, ["scorm12"])
    assert built.path.read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from authoring import build, output
output.os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
build.build(Path(sys.argv[1]), Path(sys.argv[2]), ["scorm12"])
"""


def test_a_killed_build_leaves_no_zip_and_the_next_one_sweeps_up(whole, tmp_path):
    out = tmp_path / "out"
    killed = subprocess.run([sys.executable, "-c", KILLED, whole, out], cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = list(everything_in(out))
    assert len(left) == 1
    assert left[0].endswith(".part")
    build(whole, out, ["scorm12"])
    assert list(everything_in(out)) == ["whole/scorm12/whole-1.2.3.zip"]


def test_a_build_beside_ours_keeps_what_it_is_writing(whole, tmp_path):
    folder = tmp_path / "out/whole/scorm12"
    folder.mkdir(parents=True)
    other = folder / f".whole-1.2.3.zip.{os.getppid()}.part"
    other.write_bytes(b"half")
    build(whole, tmp_path / "out", ["scorm12"])
    assert other.read_bytes() == b"half"


def test_the_record_store_of_the_command_line_goes_before_that_of_the_course(make, tmp_path):
    folder = make(("edit", "course.yml", "version: 1.2.3\n===\nversion: 1.2.3\nrecord-store: https://a.test/x/\n"))
    for given, expected in ((None, "https://a.test/x"), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080")):
        (built,) = build(folder, tmp_path, ["web"], given)
        outline = json.loads(zipfile.ZipFile(built.path).read("course.json"))
        assert outline["record-store"] == expected


@pytest.mark.parametrize("address", ["https://a.test", "http://localhost:8080", "http://[::1]:1/x"])
def test_addresses_of_a_record_store(address):
    assert store_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["http://a.test", "ftp://a.test", "a.test", "https://", "https://key:secret@a.test", "https://key@a.test",
     "https://a.test/?key=1", "https://a.test/#x", "http://127.0.0.1.a.test", "javascript:alert(1)", "https://[x]", "https://a.test:99999"],
)  # fmt: skip
def test_addresses_that_may_not_be_used(address, whole, tmp_path):
    with pytest.raises(AddressRefused):
        build(whole, tmp_path / "out", ["web"], address)
    assert not (tmp_path / "out").exists()
    assert ktb("build", whole, "--out", tmp_path / "out", "--lrs", address).exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        'fetch(x, {headers: {Authorization: "Basic a2V5OnNlY3JldA=="}})',
        '"authorization": "Bearer abcdefgh12345678"',
        "Basic a2V5OnNlY3JldA==",
        '{"key": "k", "secret": "abcdefgh12345678"}',
        "const api_key = 'abcdefgh12345678'",
        "password: 'correct-horse'",
        "-----BEGIN RSA PRIVATE KEY-----",
        "https://user:pass@store.test/",
    ],
)
def test_what_looks_like_a_secret_is_refused(text):
    with pytest.raises(SecretFound, match=r"^page\.html holds "):
        refuse_secrets({"page.html": text.encode()})


@pytest.mark.parametrize(
    "text",
    [
        "headers: { Authorization: `Bearer ${token}` }",
        "Basic understanding of the Basic Principles",
        'secret = ""; password: "<input>"',
        "write to https://store.test/a:b or me@store.test",
        "keep it a secret: 'never' tell",
    ],
)
def test_ordinary_words_are_no_secret(text):
    refuse_secrets({"page.html": text.encode()})


def test_a_secret_in_the_course_stops_the_build(make, tmp_path):
    folder = make(("edit", "02-second.en.md", "Pour it\n===\nSend `Authorization: Basic a2V5OnNlY3JldA==` and pour\n"))
    result = ktb("build", folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "second.html holds an Authorization header" in result.output
    assert not (tmp_path / "out").exists()
