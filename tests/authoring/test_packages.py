"""A package is valid by the official schemas and by ours, declares each file, and is the same bytes anywhere."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from authoring.build import build
from authoring.load import load
from authoring.packages import PACKAGES
from authoring.press import Press
from authoring.render import templates

ROOT = Path(__file__).parents[2]
CONTROL = {
    "scorm12": {"imsmanifest.xml", "imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd", "ims_xml.xsd"},
    "scorm2004-3": {"imsmanifest.xml", "imscp_v1p1.xsd", "adlcp_v1p3.xsd", "imsss_v1p0.xsd", "xml.xsd"},
    "scorm2004-4": {"imsmanifest.xml", "imscp_v1p1.xsd", "adlcp_v1p3.xsd", "imsss_v1p0.xsd", "xml.xsd"},
    "cmi5": {"cmi5.xml"},
    "xapi": {"tincan.xml"},
    "web": set(),
}
SCORM = ["scorm12", "scorm2004-3", "scorm2004-4"]


@pytest.fixture
def files(whole):
    return PACKAGES["scorm12"](load(whole)).files()


def test_titles_are_escaped_and_say_both_languages(files):
    root = etree.fromstring(files["imsmanifest.xml"])
    assert root.find(".//{*}item/{*}title").text == "Tea & <biscuits> / Te a <bisgedi>"


@pytest.mark.parametrize("name", PACKAGES)
def test_names_are_lower_case_ascii_and_nothing_is_fetched_from_outside(name, whole):
    files = PACKAGES[name](load(whole)).files()
    assert [name for name in files if not name.isascii() or name != name.lower() or name.startswith("/")] == []
    for name in ("index.html", "first.html", "second.html"):
        page = etree.fromstring(files[name], etree.HTMLParser())
        fetched = [*page.xpath("//@src"), *page.xpath("//link/@href")]
        assert [address for address in fetched if address.startswith(("http:", "https:", "//"))] == []


def test_a_web_package_has_the_same_pages_and_no_manifest(whole, files):
    web = PACKAGES["web"](load(whole)).files()
    assert set(web) == set(files) - CONTROL["scorm12"]
    assert json.loads(web["course.json"])["package-format"] == "web"


def test_a_zip_is_sorted_and_bears_no_time_or_owner(files):
    with zipfile.ZipFile(io.BytesIO(Press().zipped(files)[0])) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(files)
    assert {(entry.date_time, entry.external_attr >> 16, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }


def test_the_digest_is_of_names_and_contents_and_of_their_bounds():
    def digest(contents):
        return Press().zipped(contents)[1]

    one = digest({"a": b"bc", "d": b""})
    assert one == digest({"d": b"", "a": b"bc"})
    assert (
        len({one, digest({"ab": b"c", "d": b""}), digest({"a": b"bc", "e": b""}), digest({"a": b"bd", "d": b""})}) == 4
    )


@pytest.mark.parametrize(
    "place",
    [
        {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1", "umask": 0o077},
        {"TZ": "America/Adak", "LANG": "cy_GB.UTF-8", "PYTHONHASHSEED": "4711", "SOURCE_DATE_EPOCH": "1", "umask": 0},
    ],
    ids=["east", "west"],
)
def test_the_same_source_gives_the_same_bytes_anywhere(place, whole, tmp_path):
    here = build(whole, tmp_path / "here", list(PACKAGES))
    environment = {**os.environ, **{key: value for key, value in place.items() if key != "umask"}}
    subprocess.run(
        [sys.executable, "-c", ANYWHERE, str(whole), str(tmp_path / "there")],
        cwd=ROOT, env=environment, umask=place["umask"], check=True, capture_output=True,
    )  # fmt: skip
    assert len(here) == 6
    for one in here:
        there = tmp_path / "there" / one.path.relative_to(tmp_path / "here")
        assert there.read_bytes() == one.path.read_bytes()


ANYWHERE = """
import sys
from pathlib import Path
from authoring.build import build
from authoring.packages import PACKAGES
build(Path(sys.argv[1]), Path(sys.argv[2]), list(PACKAGES))
"""
CACHE = f"_jinja2-cache-{os.getuid()}"


def no_cache(folder):
    """Nothing is compiled yet."""


def cut_short(folder):
    for path in (folder / CACHE).iterdir():
        path.write_bytes(path.read_bytes()[:20])


def unsafe(folder):
    shutil.rmtree(folder / CACHE)
    (folder / CACHE).symlink_to(folder)


def in_the_way(folder):
    (folder / CACHE).unlink()
    (folder / CACHE).write_text("A file where the folder should be.")


def test_compiled_templates_are_kept_and_never_stop_a_build(whole, tmp_path):
    folder = tmp_path / "temp"
    folder.mkdir()
    made = []
    for number, trouble in enumerate((no_cache, no_cache, cut_short, unsafe, in_the_way)):
        trouble(folder)
        subprocess.run(
            [sys.executable, "-m", "authoring.cli", "build", str(whole), "--out", str(tmp_path / f"out{number}")],
            cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}, check=True, capture_output=True,
        )  # fmt: skip
        made.append((tmp_path / f"out{number}/whole/scorm12/whole-1.2.3.zip").read_bytes())
        if trouble in (no_cache, cut_short):
            assert all(path.stat().st_size > 1000 for path in (folder / CACHE).iterdir())
            assert len(list((folder / CACHE).iterdir())) >= 5
    assert len(set(made)) == 1


def test_a_folder_of_compiled_templates_may_go_away(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "page.html").write_text("{{ words }}")
    made = templates(tmp_path)
    shutil.rmtree(tmp_path / CACHE)
    assert made.get_template("page.html").render(words="<b>") == "&lt;b&gt;"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert templates(tmp_path).get_template("page.html").render(words="x") == "x"
