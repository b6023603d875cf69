"""A fault planted in a good package is found, under its rule, in its file, and nothing else is said."""

import io
import re
import struct
import warnings
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from authoring.inspector import archive, content, markup
from authoring.inspector.rules import RULES

MANIFEST = dict.fromkeys(("scorm12", "scorm2004-3", "scorm2004-4"), "imsmanifest.xml")
MANIFEST |= {"cmi5": "cmi5.xml", "tincan": "tincan.xml"}

# Rules whose example in the document is the fault itself: rule -> the good package to plant it in (wrong for right).
EXAMPLES = {
    "xml-malformed": "scorm12",
    "namespace": "scorm12",
    "namespace-mixed": "scorm12",
    "prefix": "scorm12",
    "element-unknown": "scorm12",
    "element-missing": "scorm2004-4",
    "element-order": "scorm12",
    "element-repeated": "scorm12",
    "attribute-missing": "scorm12",
    "attribute-unknown": "scorm12",
    "value-wrong": "scorm12",
    "text-stray": "scorm12",
    "value-long": "scorm12",
    "id-duplicate": "scorm12",
    "reference": "scorm12",
    "file-missing": "scorm12",
    "href-case": "scorm12",
    "href-backslash": "scorm12",
    "href-absolute": "scorm12",
    "href-escape": "scorm12",
    "href-remote": "scorm12",
    "base-path": "scorm2004-4",
    "file-undeclared": "scorm12",
    "schema-text": "scorm2004-4",
    "schema-location": "scorm2004-3",
    "default-organization": "scorm12",
    "title-missing": "scorm12",
    "item-leaf": "scorm12",
    "item-cluster": "scorm12",
    "resource-href": "scorm12",
    "file-of-href": "scorm12",
    "scormtype": "scorm12",
    "resource-unused": "scorm12",
    "launch-data": "scorm12",
    "prerequisite": "scorm12",
    "parameters": "scorm2004-4",
    "submanifest": "scorm12",
    "sequencing-reference": "scorm2004-4",
    "objective-id": "scorm2004-4",
    "objective-duplicate": "scorm2004-4",
    "objective-reference": "scorm2004-4",
    "objective-map": "scorm2004-4",
    "cluster-locked": "scorm2004-4",
    "attempt-none": "scorm2004-4",
    "untracked": "scorm2004-4",
    "sequencing-untested": "scorm2004-4",
    "mastery-zero": "scorm12",
    "mastery-range": "scorm12",
    "mastery-unmarked": "scorm2004-4",
    "mastery-ignored": "scorm2004-4",
    "threshold-form": "scorm2004-4",
    "threshold-ignored": "scorm2004-4",
    "iri": "cmi5",
    "url-reserved": "cmi5",
    "launch-one": "tincan",
    "outside-insecure": "scorm12",
    "outside-address": "scorm12",
    "unload-handler": "scorm12",
    "link-missing": "scorm12",
    "secret": "scorm12",
}
# What follows from a fault besides: a file that is no longer named, a resource that nothing leads to.
ALSO = {
    "namespace-mixed": {"schema-location"},
    "element-unknown": {"title-missing"},
    "item-leaf": {"resource-unused", "launch-data"},
    "launch-data": {"element-order"},
    "objective-id": {"objective-reference"},
    "objective-duplicate": {"objective-reference"},
}


class Fault(NamedTuple):
    """An edit to ``file`` of a good package (old text, new text) that breaks ``rule``, and ``also`` what follows."""

    rule: str
    package: str
    file: str
    also: set[str]
    old: str
    new: str


CASE = re.compile(r"^## (\S+): (\S+)(?: (?!also)(\S+))?(?: also ([^\n]*))?\n```\n(.*?)\n===\n(.*?)\n?```$", re.S | re.M)


def faults():
    """Those of faults.md, then those that the rules themselves have as examples."""
    text = Path(__file__).with_name("faults.md").read_text("utf-8")
    for rule, package, file, also, old, new in CASE.findall(text):
        yield Fault(rule, package, file or MANIFEST[package], set(also.split()), old, new)
    for rule, package in EXAMPLES.items():
        file = FILES.get(rule, MANIFEST[package])
        yield Fault(rule, package, file, ALSO.get(rule, set()), RULES[rule].right, RULES[rule].wrong)


# The file of an example that is not in the manifest.
FILES = dict.fromkeys(("outside-insecure", "outside-address", "link-missing"), "tea.html")
FILES |= dict.fromkeys(("unload-handler", "secret"), "script.js")


ALL = list(faults())


@pytest.mark.parametrize("fault", ALL, ids=[f"{one.rule}-{one.package}-{at}" for at, one in enumerate(ALL)])
def test_a_planted_fault_is_found(fault, good, found):
    files = good(fault.package)
    text = files[fault.file].decode()
    assert fault.old in text, f"{fault.old!r} does not stand in {fault.file} of {fault.package}"
    places = found({**files, fault.file: text.replace(fault.old, fault.new, 1).encode()})
    assert set(places) == {fault.rule, *fault.also}
    told_of = MANIFEST[fault.package] if fault.rule in ("sco-silent", "au-silent") else fault.file
    assert {place.partition(":")[0] for place in places[fault.rule]} == {told_of}


def test_the_prefix_of_an_attribute_counts(good, found):
    files = good("scorm12")
    renamed = files["imsmanifest.xml"].replace(b"adlcp:", b"a:").replace(b"xmlns:adlcp", b"xmlns:a")
    lines = [at for at, line in enumerate(renamed.splitlines(), 1) if b"a:scormtype" in line]
    places = found({**files, "imsmanifest.xml": renamed})
    assert set(places) == {"prefix"}
    assert {f"imsmanifest.xml:{line}" for line in lines} <= set(places["prefix"])


def zipped(files):
    """A zip of the files; a ZipInfo may repeat a name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def info(name, **fields):
    """A zip entry with some of its fields set."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry


def patched(data, name, offset, value):
    """The zip with two bytes of the central record of ``name`` overwritten."""
    at = data.rindex(b"PK\1\2", 0, data.rindex(name.encode()))
    return data[: at + offset] + struct.pack("<H", value) + data[at + offset + 2 :]


def overlapping(data, first, second):
    """The zip with the entry ``second`` beginning where ``first`` does."""
    places = {entry.filename: entry.header_offset for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    at = data.rindex(b"PK\1\2", 0, data.rindex(second.encode()))
    return data[: at + 42] + struct.pack("<I", places[first]) + data[at + 46 :]


def damaged(data, name):
    """The zip with one byte of the file’s content changed."""
    entry = zipfile.ZipFile(io.BytesIO(data)).getinfo(name)
    at = entry.header_offset + 30 + len(name) + entry.compress_size // 2
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


LINK = 0o120777 << 16


def more(name, data=b"x"):
    """What adds a file to the good ones."""
    return lambda files: zipped({**files, name: data})


def manifest(change):
    """What changes the manifest."""
    return lambda files: zipped({**files, "imsmanifest.xml": change(files["imsmanifest.xml"])})


def renamed(change):
    """What renames every file."""
    return lambda files: zipped({change(name): data for name, data in files.items()})


UNDECLARED = ("file-undeclared",)
# Faults of the zip and of what lies in it: the rule, what makes the zip of the good files, and what follows.
ZIPS = [
    ("not-a-zip", lambda files: b"no zip at all", ()),
    ("not-a-zip", lambda files: b"", ()),
    ("not-a-zip", lambda files: zipped(files)[:-200], ()),
    ("not-a-zip", lambda files: b"<!DOCTYPE html><title>Please sign in</title>", ()),
    ("zip-damaged", lambda files: damaged(zipped(files), "tea.html"), ()),
    ("zip-damaged", lambda files: damaged(zipped(files), "imsmanifest.xml"), ()),
    ("zip-encrypted", lambda files: patched(zipped(files), "tea.html", 8, 1), ()),
    ("zip-encrypted", lambda files: patched(zipped(files), "imsmanifest.xml", 8, 1), ()),
    ("zip-method", lambda files: patched(zipped(files), "tea.html", 10, 14), ()),
    ("zip-slip", more("../tea.html"), UNDECLARED),
    ("zip-slip", more("/etc/tea.html"), UNDECLARED),
    ("zip-slip", more("pages\\..\\..\\tea.html"), UNDECLARED),
    ("zip-slip", more("C:tea.html"), UNDECLARED),
    ("zip-slip", more(info("tea", filename="\0tea.html")), ()),
    ("zip-link", more(info("passwd.html", external_attr=LINK, create_system=3), b"/etc/passwd"), UNDECLARED),
    ("zip-overlap", lambda files: overlapping(zipped(files), "tea.html", "script.js"), ()),
    ("zip-bomb", more("zeros.bin", bytes(2_000_000)), ()),
    ("zip-size", lambda files: zipped({**files, "a.txt": b"", "b.txt": b""}), ()),
    ("zip-duplicate", more(info("tea.html"), b"another"), ()),
    ("zip-nested", more("more.zip"), UNDECLARED),
    ("name-clash", more("Tea.html"), ()),
    ("name-space", more("my tea.html"), UNDECLARED),
    ("name-accent", more("tŷ.html"), UNDECLARED),
    ("name-sign", more("tea#1.html"), UNDECLARED),
    ("name-sign", more("tea~1.html"), UNDECLARED),
    ("name-long", more(f"{'tea/' * 50}tea.html"), UNDECLARED),
    ("name-junk", more("__MACOSX/._imsmanifest.xml"), ()),
    ("name-program", more("tea.php"), UNDECLARED),
    ("manifest-missing", lambda files: zipped({"index.html": b"x"}), ()),
    ("manifest-folder", renamed(lambda name: f"course/{name}"), ()),
    ("manifest-name", renamed(lambda name: "IMSManifest.xml" if "manifest" in name else name), ()),
    ("manifest-two", more("cmi5.xml", b"<x/>"), ("namespace",)),
    ("xml-size", manifest(lambda xml: xml + b" " * 9_000), ()),
    ("xml-size", manifest(lambda xml: b"<a>" + b"<a/>" * 990 + b"</a>"), ()),
    ("xml-encoding", manifest(lambda xml: xml.replace(b"More", b"M\xf4r")), ()),
    ("text-unread", lambda files: zipped({**files, "script.js": files["script.js"] * 200}), ("sco-silent",)),
]


@pytest.mark.parametrize(("rule", "made", "also"), ZIPS, ids=[f"{rule}-{at}" for at, (rule, _, _) in enumerate(ZIPS)])
def test_a_fault_of_the_zip_is_found(rule, made, also, good, found, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILES", 9)
    monkeypatch.setattr(markup, "LONGEST_MANIFEST", 8_000)
    monkeypatch.setattr(markup, "MOST_TAGS", 900)
    monkeypatch.setattr(content, "LONGEST_TEXT", 20_000)
    assert set(found(made(good("scorm12")))) == {rule, *also}


def test_a_structure_without_a_zip_needs_whole_addresses(good, found):
    lone = good("cmi5")["cmi5.xml"]
    assert found(lone, "cmi5.xml") == {"url-alone": ["cmi5.xml:18", "cmi5.xml:27"]}
    whole = lone.replace(b"<url>", b"<url>https://www.college.example/")
    assert found(whole, "cmi5.xml") == {}
    assert found(whole, "course.zip") == {}


def test_every_rule_is_broken_somewhere():
    broken = {fault.rule for fault in ALL} | {rule for rule, _, _ in ZIPS} | {"url-alone"}
    assert set(RULES) - broken == set()


def test_there_are_enough_of_them():
    assert len(ALL) >= 60
