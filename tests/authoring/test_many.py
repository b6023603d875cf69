"""One source, many packages: every authority in every format, each content compressed once."""

import json
import zipfile
import zlib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from authoring import press
from authoring.build import build
from authoring.cli import FORMATS, main
from authoring.packages import PACKAGES

COUNCILS = Path(__file__).parents[1] / "courses" / "councils"
AUTHORITIES = yaml.safe_load((COUNCILS / "authorities.yml").read_text("utf-8"))
SLUGS = [one["slug"] for one in AUTHORITIES]


def ktb(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_knows_every_format():
    assert tuple(PACKAGES) == FORMATS


def test_all_is_every_authority_in_every_format(tmp_path):
    result = ktb("build", COUNCILS, "--all", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.zip")}
    assert made == {f"councils/{name}/councils-0.1.0-{slug}.zip" for name in FORMATS for slug in SLUGS}
    rows = {
        line.split()[0]: line.split()[1:] for line in result.output.splitlines() if line.split()[0] in {"kB", *SLUGS}
    }
    assert rows.pop("kB") == list(FORMATS)
    assert {slug: len(sizes) for slug, sizes in rows.items()} == dict.fromkeys(SLUGS, len(FORMATS))
    total = sum(path.stat().st_size for path in tmp_path.rglob("*.zip"))
    assert f"{len(made)} packages below {tmp_path / 'councils'}: {total:,} bytes, content " in result.output


def test_a_package_says_whose_it_is_and_holds_their_words(tmp_path):
    built = build(COUNCILS, tmp_path, ["web"], authorities=None)
    outlines = [json.loads(zipfile.ZipFile(one.path).read("course.json")) for one in built]
    assert [one["authority"] for one in outlines] == [one["gss"] for one in AUTHORITIES]
    assert len({one["package"] for one in outlines}) == len(built)
    assert len({one.digest for one in built}) == len(built)


@pytest.mark.parametrize("word", ["slug", "gss"])
def test_one_authority_by_either_of_its_names(word, tmp_path):
    first = AUTHORITIES[0][word]
    (built,) = build(COUNCILS, tmp_path, ["scorm12"], authorities=[first, SLUGS[0]])
    assert built.authority == SLUGS[0]
    assert built.path.name == f"councils-0.1.0-{SLUGS[0]}.zip"


def test_an_authority_nobody_knows_is_refused_with_a_hint(tmp_path):
    result = ktb("build", COUNCILS, "--authority", f"{SLUGS[0]}x", "--out", tmp_path)
    assert result.exit_code == 2
    assert SLUGS[0] in result.output
    assert not list(tmp_path.rglob("*.zip"))


def test_all_and_one_cannot_both_be_meant(tmp_path):
    assert ktb("build", COUNCILS, "--all", "--authority", SLUGS[0], "--out", tmp_path).exit_code == 2


def test_no_content_is_compressed_twice(tmp_path, monkeypatch):
    packed, compressobj = [], zlib.compressobj

    def counting(*arguments):
        packer = compressobj(*arguments)

        class Counting:
            def compress(self, data):
                packed.append(data)
                return packer.compress(data)

            def flush(self):
                return packer.flush()

        return Counting()

    monkeypatch.setattr(press.zlib, "compressobj", counting)
    built = build(COUNCILS, tmp_path, list(FORMATS), authorities=None)
    contents = set()
    for one in built:
        with zipfile.ZipFile(one.path) as archive:
            contents |= {archive.read(name) for name in archive.namelist() if not name.endswith(press.PACKED)}
    assert sorted(packed) == sorted(contents)


def test_alone_or_among_all_a_package_is_the_same(tmp_path):
    together = {
        one.path.name: one.path.read_bytes() for one in build(COUNCILS, tmp_path / "all", ["cmi5"], authorities=None)
    }
    for slug in SLUGS:
        (alone,) = build(COUNCILS, tmp_path / "alone", ["cmi5"], authorities=[slug])
        assert alone.path.read_bytes() == together[alone.path.name]


def test_a_secret_in_one_of_many_leaves_none(tmp_path, monkeypatch):
    monkeypatch.setattr(PACKAGES["xapi"], "facts", lambda self: {"course.json": b'{"password": "hunter2hunter2"}'})
    result = ktb("build", COUNCILS, "--all", "--out", tmp_path)
    assert result.exit_code == 1
    assert "course.json holds a key or password" in result.output
    assert not list(tmp_path.rglob("*.zip")) + list(tmp_path.rglob("*.part"))


def test_pictures_and_recordings_lie_in_a_zip_as_they_are(tmp_path):
    (built,) = build(COUNCILS, tmp_path, ["web"])
    with zipfile.ZipFile(built.path) as archive:
        methods = {Path(entry.filename).suffix: entry.compress_type for entry in archive.infolist()}
        assert archive.testzip() is None
    assert methods[".mp4"] == zipfile.ZIP_STORED
    assert methods[".html"] == methods[".vtt"] == zipfile.ZIP_DEFLATED
