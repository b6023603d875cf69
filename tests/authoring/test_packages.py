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
from authoring.packages.base import HERE, digest, zipped
from authoring.render import templates

ROOT = Path(__file__).parents[2]
CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
CONTROL = {"imsmanifest.xml", "imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd", "ims_xml.xsd"}


@pytest.fixture
def files(whole):
    return PACKAGES["scorm12"](load(whole)).files()


def schema(folder):
    """One schema made of the two namespaces of a manifest, found in ``folder``; nothing is fetched."""
    names = {"imscp_rootv1p1p2": CP, "adlcp_rootv1p2": ADL}
    imports = "".join(
        f'<xs:import namespace="{space[1:-1]}" schemaLocation="{(folder / name).as_uri()}.xsd"/>'
        for name, space in names.items()
    )
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    return etree.XMLSchema(etree.fromstring(text, parser))


@pytest.fixture(params=["ours", "official"])
def manifest_schema(request):
    return schema(HERE / "schemas" if request.param == "ours" else request.getfixturevalue("official_schemas"))


@pytest.mark.parametrize("sco", ["course", "module"])
def test_the_manifest_is_valid(sco, make, manifest_schema):
    folder = make(("edit", "course.yml", f"modules: [first, second]\n===\nmodules: [first, second]\nsco: {sco}\n"))
    manifest = PACKAGES["scorm12"](load(folder)).files()["imsmanifest.xml"]
    manifest_schema.assertValid(etree.fromstring(manifest))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<resources>", b"<resource>"),
        (b' type="webcontent"', b""),
        (b'adlcp:scormtype="sco"', b'adlcp:scormtype="SCO"'),
        (b"<title>", b"<titel>"),
        (b'version="1.2.3"', b'version="1.2.3-and-a-very-long-tail"'),
        (b"</item>", b"</item><adlcp:masteryscore/><title>Late</title>"),
    ],
)
def test_the_schemas_refuse_what_the_model_does_not_allow(old, new, files, manifest_schema):
    broken = files["imsmanifest.xml"]
    assert old in broken
    parsed = etree.fromstring(broken.replace(old, new), etree.XMLParser(recover=True))
    assert not manifest_schema.validate(parsed)


def test_our_schemas_are_of_our_own_writing(official_schemas):
    for path in (HERE / "schemas").glob("*.xsd"):
        ours, theirs = ({line.strip() for line in (folder / path.name).read_text("utf-8").splitlines()}
                        for folder in (HERE / "schemas", official_schemas))  # fmt: skip
        assert [line for line in ours & theirs if len(line) > 40 and "targetNamespace" not in line] == []


@pytest.mark.parametrize("sco", ["course", "module"])
def test_every_file_is_declared_once_and_every_reference_is_kept(sco, make):
    folder = make(("edit", "course.yml", f"modules: [first, second]\n===\nmodules: [first, second]\nsco: {sco}\n"))
    files = PACKAGES["scorm12"](load(folder)).files()
    root = etree.fromstring(files["imsmanifest.xml"])
    declared = [file.get("href") for file in root.iter(f"{CP}file")]
    assert sorted(declared) == sorted(set(files) - CONTROL)
    resources = {one.get("identifier"): one for one in root.iter(f"{CP}resource")}
    assert [item.get("identifierref") in resources for item in root.iter(f"{CP}item")] == [True] * (
        1 if sco == "course" else 2
    )
    assert all(one.get("identifierref") in resources for one in root.iter(f"{CP}dependency"))
    organizations = root.find(f"{CP}organizations")
    assert organizations.get("default") == organizations[0].get("identifier")
    scos = [one for one in resources.values() if one.get(f"{ADL}scormtype") == "sco"]
    assert [one.get("href") for one in scos] == (["index.html"] if sco == "course" else ["first.html", "second.html"])
    assert all(one.get("href") in [file.get("href") for file in one] for one in scos)


def test_control_documents_named_by_the_manifest_lie_at_the_root(files):
    root = etree.fromstring(files["imsmanifest.xml"])
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
    assert set(location[1::2]) <= set(files)
    assert set(location[::2]) == {CP[1:-1], ADL[1:-1]}
    imported = etree.fromstring(files["imscp_rootv1p1p2.xsd"]).find("{*}import").get("schemaLocation")
    assert imported in files


def test_titles_are_escaped_and_say_both_languages(files):
    root = etree.fromstring(files["imsmanifest.xml"])
    assert root.find(f".//{CP}item/{CP}title").text == "Tea & <biscuits> / Te a <bisgedi>"


def test_names_are_lower_case_ascii_and_nothing_is_fetched_from_outside(files):
    assert [name for name in files if not name.isascii() or name != name.lower() or name.startswith("/")] == []
    for name in ("index.html", "first.html", "second.html"):
        page = etree.fromstring(files[name], etree.HTMLParser())
        fetched = [*page.xpath("//@src"), *page.xpath("//link/@href")]
        assert [address for address in fetched if address.startswith(("http:", "https:", "//"))] == []


def test_a_web_package_has_the_same_pages_and_no_manifest(whole, files):
    web = PACKAGES["web"](load(whole)).files()
    assert set(web) == set(files) - CONTROL
    assert json.loads(web["course.json"])["package-format"] == "web"


def test_a_zip_is_sorted_and_bears_no_time_or_owner(files):
    with zipfile.ZipFile(io.BytesIO(zipped(files))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(files)
    assert {(entry.date_time, entry.external_attr >> 16, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }


def test_the_digest_is_of_names_and_contents_and_of_their_bounds():
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
    here = build(whole, tmp_path / "here", ["scorm12"])[0]
    environment = {**os.environ, **{key: value for key, value in place.items() if key != "umask"}}
    subprocess.run(
        [sys.executable, "-m", "authoring.cli", "build", str(whole), "--out", str(tmp_path / "there")],
        cwd=ROOT, env=environment, umask=place["umask"], check=True, capture_output=True,
    )  # fmt: skip
    there = tmp_path / "there/whole/scorm12/whole-1.2.3.zip"
    assert there.read_bytes() == here.path.read_bytes()


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
    for trouble in (no_cache, no_cache, cut_short, unsafe, in_the_way):
        trouble(folder)
        subprocess.run(
            [sys.executable, "-m", "authoring.cli", "build", str(whole), "--out", str(tmp_path / "out")],
            cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}, check=True, capture_output=True,
        )  # fmt: skip
        made.append((tmp_path / "out/whole/scorm12/whole-1.2.3.zip").read_bytes())
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
