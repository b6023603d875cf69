"""What has not changed is not built again, and what has changed always is."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring import build, unchanged
from authoring.cli import main

SAME = "Nothing has changed since these were built."


def ktb(folder, out, *options):
    result = CliRunner().invoke(main, ["build", str(folder), "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_same_again_says_the_same_and_reads_nothing(whole, tmp_path, monkeypatch):
    first = ktb(whole, tmp_path / "out")
    monkeypatch.setattr(build, "read", None)
    assert ktb(whole, tmp_path / "out") == f"{first}{SAME}\n"


def appended(path):
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def same_size_same_time(path):
    kept = path.stat()
    path.write_bytes(path.read_bytes().replace(b"summary: ", b"summary:\t", 1))
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, out: appended(folder / "01-first.en.md"),
        lambda folder, out: same_size_same_time(folder / "01-first.cy.md"),
        lambda folder, out: appended(folder / "glossary.yml"),
        lambda folder, out: (folder / "media/new.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        lambda folder, out: next(out.rglob("*.zip")).unlink(),
        lambda folder, out: appended_bytes(next(out.rglob("*.zip"))),
        lambda folder, out: next((out / ".unchanged").glob("*.json")).write_text("{"),
        lambda folder, out: next((out / ".unchanged").glob("*.json")).write_text('{"read": 1}'),
    ],
    ids=["page", "same size and time", "table", "new file", "no zip", "other zip", "broken memory", "other memory"],
)
def test_a_change_of_anything_builds_again(change, whole, tmp_path):
    out = tmp_path / "out"
    ktb(whole, out)
    change(whole, out)
    assert SAME not in ktb(whole, out)
    assert SAME in ktb(whole, out)


def appended_bytes(path):
    path.write_bytes(path.read_bytes() + b" ")


def test_other_options_are_another_build(whole, tmp_path):
    out = tmp_path / "out"
    ktb(whole, out)
    assert SAME not in ktb(whole, out, "--format", "web")
    assert SAME not in ktb(whole, out, "--format", "web", "--lrs", "https://store.example")
    assert SAME in ktb(whole, out)


def test_a_new_version_of_the_tool_builds_again(whole, tmp_path, monkeypatch):
    ktb(whole, tmp_path / "out")
    other = tmp_path / "tool"
    other.mkdir()
    (other / "render.py").write_text("")
    monkeypatch.setattr(unchanged, "TOOL", other)
    assert SAME not in ktb(whole, tmp_path / "out")


def test_packages_inside_the_course_are_no_change_of_it(whole):
    ktb(whole, whole / "build")
    assert SAME in ktb(whole, whole / "build")


def test_a_memory_that_cannot_be_kept_costs_time_alone(whole, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".unchanged").write_text("a file where the folder should be")
    assert SAME not in ktb(whole, out)
    assert SAME not in ktb(whole, out)
    assert not list(Path(out).glob("**/.*.part"))


def test_a_build_that_failed_is_not_remembered(make, tmp_path):
    folder = make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    for _ in range(2):
        result = CliRunner().invoke(main, ["build", str(folder), "--out", str(tmp_path / "out")])
        assert result.exit_code == 1
        assert "unknown-block" in result.output
