"""Good packages in the manner of other makers, and a way to break them."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from authoring.inspector.inspect import inspect

GOOD = Path(__file__).parent / "good"
MANIFEST = {"cmi5": "cmi5.xml", "tincan": "tincan.xml"}
SPEAKS = {
    "scorm12": 'api.LMSInitialize("");',
    "cmi5": 'const token = (await answer.json())["auth-token"];',
    "tincan": 'const endpoint = new URLSearchParams(location.search).get("endpoint");',
}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<title>Tea</title>
<link rel="stylesheet" href="style.css">
<script src="script.js"></script>
</head>
<body>
<p>See <a href="https://college.example/tea">the college</a> and <a href="pages/sugar.html#lumps">sugar</a>.</p>
</body>
</html>
"""
SCRIPT = """/* Finishes when the page goes, and says nothing of beforeunload. */
addEventListener("pagehide", finish);
const space = "http://www.w3.org/2000/svg", settings = { "auth": "" };
"""


def good_names():
    """The good packages by name: one for each file in the folder ``good``."""
    return sorted(path.stem for path in GOOD.glob("*.xml"))


def good(name):
    """The files of a good package: path -> bytes."""
    manifest = (GOOD / f"{name}.xml").read_text("utf-8")
    (locations,) = re.findall(r'schemaLocation="([^"]*)"', manifest) or [""]
    files = {
        MANIFEST.get(name, "imsmanifest.xml"): manifest,
        "tea.html": PAGE,
        "pages/sugar.html": '<!DOCTYPE html><title>Sugar</title><p><a href="../tea.html">Tea</a>',
        "style.css": "@namespace url(http://www.w3.org/1999/xhtml); p { background: none }\n",
        "script.js": SCRIPT + SPEAKS.get(name, "const api = window.API_1484_11;") + "\n",
        **dict.fromkeys(locations.split()[1::2], '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'),
    }
    return {path: text.encode() for path, text in files.items()}


def zipped(files):
    """A zip of the files, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


@pytest.fixture
def found(tmp_path):
    """``found(files or bytes, name="course.zip")``: the rules the inspector finds, each with its places."""

    def rules(content, name="course.zip"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else zipped(content))
        places = {}
        for finding in inspect(path).findings:
            places.setdefault(finding.rule, []).append(finding.where)
        return places

    return rules


def pytest_generate_tests(metafunc):
    if "good_name" in metafunc.fixturenames:
        metafunc.parametrize("good_name", good_names())


@pytest.fixture(name="good")
def good_fixture():
    """``good(name)``: the files of a good package."""
    return good


@pytest.fixture(name="zipped")
def zipped_fixture():
    """``zipped(files)``: their zip."""
    return zipped
