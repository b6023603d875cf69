"""Whatever file is given, the inspector answers with findings that a person can read, and writes nothing."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.inspector.inspect import inspect
from authoring.inspector.rules import RULES
from authoring.inspector.shapes import CMI5, SCORM12, SCORM2004, TINCAN, kinds

CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
TESTS = 5  # that share the cases
SETTINGS = settings(max_examples=CASES // TESTS or 60, deadline=None, derandomize=not CASES, database=None)
HERE = Path(__file__).parent
GOOD = {path.stem: path.read_text("utf-8") for path in sorted((HERE / "good").glob("*.xml"))}
MANIFEST = {"cmi5": "cmi5.xml", "tincan": "tincan.xml"}

WORDS = sorted({*SCORM12, *SCORM2004, *CMI5, *TINCAN} - {"manifest/metadata"})
TABLES = (SCORM12, SCORM2004, CMI5, TINCAN)
ATTRIBUTES = sorted({name for table in TABLES for row in table.values() for name in kinds(row.attributes)})
VALUES = st.one_of(
    st.sampled_from(["", "true", "0", "-1", "1e999", "9" * 5000, "tea", "tea.html", "../x", "a\\b", "C:/x", "%zz"]),
    st.sampled_from(
        ["http://[", "//x", "?", "#", "{[", "SCO", "&amp;", "&#0;", "&a;", "ŷ", "https://college.example/tea"]
    ),
    st.text(max_size=20),
)
PIECES = st.one_of(
    st.sampled_from(["<", ">", "/>", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?x?>", "&a;", "=", '"', "\0", "\n"]),
    st.sampled_from([' xmlns="', " xmlns:adlcp='x'", " encoding='utf-7'", "<!DOCTYPE a [<!ENTITY a '&a;'>]>"]),
    st.builds("<{0}>".format, st.sampled_from(WORDS)),
    st.builds("</{0}>".format, st.sampled_from(WORDS)),
    st.builds(' {0}="{1}" '.format, st.sampled_from(ATTRIBUTES), VALUES),
    VALUES,
)
CUT = st.tuples(st.floats(0, 1), st.integers(0, 60), PIECES)
BYTES = st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=9))
NAMES = st.one_of(
    st.sampled_from(
        ["imsmanifest.xml", "a/imsmanifest.xml", "IMSMANIFEST.XML", "cmi5.xml", "tincan.xml", "course.json"]
    ),
    st.sampled_from(
        ["../a", "/a", "C:a", "a\\b", "a/", "", ".", "..", "a.zip", "a.html", "b.js", "c.css", "A.html", "tŷ.html"]
    ),
    st.text(max_size=12),
)
CODE = st.lists(
    st.one_of(
        st.sampled_from(
            ["<script", ">", "</script", "<a href=", "<img src=", '"', "'", "`", "//x.y", "http://", "import"]
        ),
        st.sampled_from(
            ["fetch(", "url(", "@import ", "unload", "on", "=", "Basic ", "dXNlcjpwYXNz", "password", ":", "a:b@c"]
        ),
        st.sampled_from(
            ["-----BEGIN", "eyJ", ".", " ", "\n", "<base", "data:", "{", "\ud7ff", "\x1b[31m", "API_1484_11"]
        ),
    ),
    max_size=40,
).map("".join)


@pytest.fixture(scope="module")
def files():
    """The zip of each good package, uncompressed so that an edit of its bytes reaches every part."""
    from io import BytesIO
    from zipfile import ZipFile

    made = {}
    for name, manifest in GOOD.items():
        held = BytesIO()
        with ZipFile(held, "w") as archive:
            archive.writestr(MANIFEST.get(name, "imsmanifest.xml"), manifest)
            archive.writestr("tea.html", "<script src=script.js></script>")
        made[name] = held.getvalue()
    return made


def answers(data, name="course.zip"):
    """Inspects the bytes, and holds the answer to what every answer promises."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        report = inspect(path)
        assert os.listdir(folder) == [name]
        assert path.read_bytes() == data
    for finding in report.findings:
        assert finding.severity == RULES[finding.rule].severity
        assert finding.where.isprintable() and finding.message.isprintable()
        assert len(finding.where) <= 200 and len(finding.message) <= 700
    return report


def zipped(files):
    """A stored zip of pairs of a name and text; names may stand twice."""
    import warnings
    from io import BytesIO
    from zipfile import ZipFile, ZipInfo

    held = BytesIO()
    with ZipFile(held, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, text in files:
            entry = ZipInfo("a")
            entry.filename = name or "\0"  # the writer is stricter than whoever wants to do harm
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return held.getvalue()


def spliced(text, cuts):
    """The text with each piece put in at its place, and as much as it says cut out after it."""
    for place, length, piece in cuts:
        at = int(place * len(text))
        text = text[:at] + type(text)(piece) + text[at + length :]
    return text


@pytest.mark.fuzz
@SETTINGS
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\3\4", b"PK\5\6", b"<?xml version='1.0'?>", b"\xff\xfe<"]))
def test_any_bytes(data, start):
    answers(start + data)
    answers(start + data, "cmi5.xml")


@pytest.mark.fuzz
@SETTINGS
@given(st.sampled_from(sorted(GOOD)), st.lists(BYTES, max_size=8), st.floats(0, 1), st.integers(-90, 0))
def test_any_edit_of_a_zip(files, name, cuts, end, tail):
    whole = spliced(files[name], cuts)
    answers(whole)
    answers(whole[: int(end * len(whole))] + whole[tail:])


@pytest.mark.fuzz
@SETTINGS
@given(st.sampled_from(sorted(GOOD)), st.lists(CUT, min_size=1, max_size=6))
def test_any_edit_of_a_manifest(name, cuts):
    text = spliced(GOOD[name], cuts)
    answers(zipped([(MANIFEST.get(name, "imsmanifest.xml"), text), ("tea.html", "x")]))
    answers(text.encode("utf-8", "replace"), "cmi5.xml")


def elements(children):
    """Elements of any known name, with any known attributes, around ``children``."""
    attributes = st.lists(st.tuples(st.sampled_from(ATTRIBUTES), VALUES), max_size=4, unique_by=lambda pair: pair[0])
    return st.builds(
        lambda word, pairs, inner: "<{0}{1}>{2}</{0}>".format(
            word, "".join(f' {key}="{value.translate(SAFE)}"' for key, value in pairs), "".join(inner)
        ),
        st.sampled_from(WORDS),
        attributes,
        st.lists(children, max_size=4),
    )


SAFE = dict.fromkeys([*map(ord, '<>&"'), *range(32), 0xFFFE, 0xFFFF])
TREES = st.recursive(VALUES.map(lambda value: value.translate(SAFE)), elements, max_leaves=12)


@pytest.mark.fuzz
@SETTINGS
@given(st.sampled_from(sorted(GOOD)), TREES, st.floats(0, 1))
def test_any_tree_of_known_elements(name, tree, place):
    text = GOOD[name]
    ends = [at for at, sign in enumerate(text) if sign == ">" and text[at - 1] not in "?-/"]
    at = ends[int(place * (len(ends) - 1))] + 1
    answers(zipped([(MANIFEST.get(name, "imsmanifest.xml"), text[:at] + tree + text[at:]), ("tea.html", "x")]))


@pytest.mark.fuzz
@SETTINGS
@given(st.lists(st.tuples(NAMES, CODE), max_size=8), st.booleans())
def test_any_names_and_contents(pairs, good):
    answers(zipped([*pairs, *([("imsmanifest.xml", GOOD["scorm12"])] if good else [])]))
