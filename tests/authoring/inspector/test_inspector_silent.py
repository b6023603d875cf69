"""The inspector says nothing about packages with nothing wrong: ours of every format, and those of other makers."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from authoring.inspector.inspect import inspect
from authoring.load import load
from authoring.packages import PACKAGES
from authoring.press import Press

ROOT = Path(__file__).parents[3]
COURSES = (ROOT / "tests/courses/whole", ROOT / "courses/knowing-the-business")
MINIMAL = ROOT.parent / "shared/schemas/minimal"


def test_good_packages_of_other_makers(good_name, good, found):
    assert found(good(good_name)) == {}


@pytest.mark.parametrize("sco", ["course", "module"])
@pytest.mark.parametrize("name", PACKAGES)
def test_our_own_packages(name, sco, tmp_path):
    shutil.copytree(COURSES[0], tmp_path / "course")
    settings = tmp_path / "course/course.yml"
    settings.write_text(f"{settings.read_text('utf-8')}\nsco: {sco}\n", "utf-8")
    path = tmp_path / "course.zip"
    path.write_bytes(Press().zipped(PACKAGES[name](load(tmp_path / "course")).files())[0])
    report = inspect(path)
    assert report.findings == []
    assert report.kind


@pytest.mark.parametrize("name", PACKAGES)
def test_the_course_of_this_project(name, tmp_path):
    path = tmp_path / "course.zip"
    path.write_bytes(Press().zipped(PACKAGES[name](load(COURSES[1])).files())[0])
    assert inspect(path).findings == []


@pytest.mark.parametrize("manifest", sorted(MINIMAL.glob("scorm*.xml")), ids=lambda path: path.stem)
def test_manifests_that_the_official_schemas_take(manifest, found):
    files = {"imsmanifest.xml": manifest.read_bytes(), "index.html": b"API_1484_11 LMSInitialize"}
    assert set(found({**files, "shared/style.css": b""})) <= {"control-missing"}


@pytest.mark.parametrize("structure", sorted(MINIMAL.glob("[ct]*.xml")), ids=lambda path: path.stem)
def test_structures_that_the_official_schemas_take(structure, found):
    files = dict.fromkeys(("index.html", "au1/index.html", "au2/index.html"), b"auth-token")
    assert found({**files, structure.name: structure.read_bytes()}) == {}


@pytest.mark.parametrize("version", ["1.2", "2004 3rd Edition", "2004 4th Edition"])
def test_what_another_packager_makes(version, tmp_path, good, official_schemas):
    """simple-scorm-packager writes metadata in two places where the official schemas have none, and no other fault."""
    source, out = tmp_path / "source", tmp_path / "out"
    for path, data in good("scorm12").items():
        if not path.endswith((".xml", ".xsd")):
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(data + b"<!-- API_1484_11 -->")
    package = {"version": "1.0.0", "zip": True, "outputFolder": str(out)}
    wanted = {"version": version, "organization": "College", "title": "Tea & cake", "language": "en",
              "startingPage": "tea.html", "source": str(source)}  # fmt: skip
    packager, options = json.dumps(str(official_schemas.parents[3])), json.dumps({**wanted, "package": package})
    script = f"require({packager})({options}, () => {{}})"
    subprocess.run(["node", "-e", script], check=True, cwd=tmp_path, capture_output=True)
    (made,) = out.glob("*.zip")
    report = inspect(made)
    assert report.kind == f"SCORM {version}"
    assert [(finding.rule, "<metadata>" in finding.message) for finding in report.findings] == [
        ("element-order", True),
        ("element-unknown", True),
    ]
