"""A package is valid by the official schemas and by ours, declares each file, and is the same bytes anywhere."""

import io
import json
import os
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
    assert [one.get("href") for one in scos] == (["index.html"] if sco == "course" else ["index.html", "second.html"])
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
    for name in ("index.html", "second.html"):
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
