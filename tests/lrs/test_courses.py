"""Registering a course from a package: what is taken, and which zips are refused."""

import io
import json
import zipfile

import pytest

from lrs.rules.packages import PackageError, outline_in
from lrs.storage import courses, database


def zipped(**files):
    """A zip in memory; ``__`` stands for what a keyword may not hold."""
    return io.BytesIO(zip_bytes({name.replace("__", "."): text for name, text in files.items()}))


def zip_bytes(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return buffer.getvalue()


def test_a_package_of_ours_is_read(outline):
    assert outline_in(zipped(course__json=json.dumps(outline, indent=1), index__html="x")) == outline


def test_each_module_has_the_facts_that_the_package_says_it_cites(outline):
    fact = {"id": "3.1", "words": {"en": "A fact.", "cy": "Ffaith."}, "review": "2027-01-01"}
    facts = json.dumps({"safeguarding": [fact], "elsewhere": []})
    read = outline_in(zipped(course__json=json.dumps(outline), facts__json=facts))
    assert {module["id"]: module["facts"] for module in read["modules"]} == {
        "wales-and-its-governments": [],
        "safeguarding": [fact],
    }


@pytest.mark.parametrize("facts", ["{", "[]", '{"safeguarding": {}}', '{"safeguarding": ["3.1"]}', " " * 2_000_001])
def test_facts_that_are_none_are_refused(outline, facts):
    with pytest.raises(PackageError, match=r"facts\.json"):
        outline_in(zipped(course__json=json.dumps(outline), facts__json=facts))


def test_the_course_its_activities_and_the_package_are_registered(course, rows):
    assert rows("SELECT id, iri, version, title_cy FROM courses") == [
        ("knowing-the-business", "https://ktb.vsc.example/knowing-the-business", "0.1.0", "Adnabod y Busnes")
    ]
    found = rows(
        "SELECT replace(iri, 'https://ktb.vsc.example/knowing-the-business', ''), module, kind FROM course_activities"
    )
    assert set(found) == {
        ("", None, "course"),
        ("/modules/safeguarding", "safeguarding", "module"),
        ("/modules/safeguarding/questions/doors", "safeguarding", "question"),
        ("/modules/wales-and-its-governments", "wales-and-its-governments", "module"),
    }
    assert rows("SELECT id, course, version, format FROM packages") == [
        ("0123456789abcdef", "knowing-the-business", "0.1.0", "scorm12")
    ]


def test_registering_again_changes_nothing_and_a_newer_version_adds(course, engine, clock, rows):
    before = rows("SELECT * FROM course_activities")
    with database.writing(engine) as connection:
        courses.register(connection, course, clock())
    assert rows("SELECT * FROM course_activities") == before
    newer = course | {"version": "0.2.0", "package": "f" * 16, "modules": course["modules"][:1]}
    with database.writing(engine) as connection:
        courses.register(connection, newer, clock())
    assert rows("SELECT version FROM courses") == [("0.2.0",)]
    assert rows("SELECT count(*) FROM packages") == [(2,)]
    assert rows("SELECT * FROM course_activities") == before  # statements about an older version still arrive


@pytest.mark.parametrize(
    "changes",
    [
        {"iri": "https://ktb.vsc.example/elsewhere"},
        {"id": "another"},
        {"id": "another", "iri": "https://ktb.vsc.example/another", "package": "f" * 16},  # with the other's modules
        {"id": "another", "iri": "https://ktb.vsc.example/another", "modules": []},  # with the other's package id
    ],
)
def test_a_course_cannot_take_what_another_has(course, engine, clock, rows, changes):
    with pytest.raises(courses.CourseConflict), database.writing(engine) as connection:
        courses.register(connection, course | changes, clock())
    assert rows("SELECT count(*) FROM courses") == [(1,)]
    assert rows("SELECT DISTINCT course FROM course_activities") == [("knowing-the-business",)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a zip"),
        (b"PK\x03\x04 and then nothing of the kind", "not a zip"),
        (zip_bytes({"index.html": "x"}), "no course.json"),
        (zip_bytes({"sub/course.json": "{}"}), "no course.json"),
        (zip_bytes({"course.json": "{}", "../evil": "x"}), "leads out"),
        (zip_bytes({"course.json": "{}", "/etc/passwd": "x"}), "leads out"),
        (zip_bytes({"course.json": "{}", "a\\..\\b": "x"}), "leads out"),
        (zip_bytes({"course.json": "{}", "C:/x": "x"}), "leads out"),
        (zip_bytes({"course.json": " " * 50_000_000}), "too long"),
        (zip_bytes({"course.json": "{"}), "not JSON"),
        (zip_bytes({"course.json": '{"id": 1, "id": 2}'}), "same key twice"),
        (zip_bytes({"course.json": "[]"}), "lacks"),
        (zip_bytes({"course.json": "{}"}), "lacks"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_package_of_ours_is_refused(data, words):
    with pytest.raises(PackageError, match=words):
        outline_in(io.BytesIO(data))


def test_a_damaged_or_encrypted_course_json_is_refused(outline):
    data = bytearray(zip_bytes({"course.json": json.dumps(outline)}))
    data[60:80] = b"\xff" * 20
    with pytest.raises(PackageError, match="not a zip"):
        outline_in(io.BytesIO(bytes(data)))
    encrypted = bytearray(zip_bytes({"course.json": json.dumps(outline)}))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PackageError, match="not a zip"):
        outline_in(io.BytesIO(bytes(encrypted)))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"id": "Knowing the Business"},
        {"id": "../x"},
        {"package": "x"},
        {"package": None},
        {"version": ""},
        {"title": {"en": "x"}},
        {"modules": []},
        {"modules": [{"id": "a", "iri": "not an iri"}]},
        {"modules": [{"id": "a", "iri": "x:a"}, {"id": "a", "iri": "x:b"}]},
        {"modules": [{"id": "a", "iri": "x:a"}, {"id": "b", "iri": "x:a"}]},
        {"verbs": {"completed": {}}},
        {"verbs": []},
        {"extensions": {"version": 1}},
        {"authority": "Cardiff"},
    ],
    ids=str,
)
def test_an_outline_without_what_the_store_relies_on_is_refused(outline, changes):
    with pytest.raises(PackageError, match=r"course\.json"):
        outline_in(zipped(course__json=json.dumps(outline | changes)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://LMS.Cyngor.example/", "https://lms.cyngor.example"),
        ("https://lms.example:443", "https://lms.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given, kept):
    assert courses.the_origin(given) == kept


@pytest.mark.parametrize(
    "given", ["lms.example", "https://lms.example/page", "*", "null", "https://", "ftp://x.example", "https://a b"]
)
def test_what_is_no_origin_is_refused(given):
    with pytest.raises(ValueError, match="origin"):
        courses.the_origin(given)


def test_an_origin_is_allowed_once_and_only_for_a_course_that_exists(course, engine, clock, rows):
    with database.writing(engine) as connection:
        courses.allow(connection, course["id"], "https://lms.example", clock())
        with pytest.raises(LookupError, match="nothing"):
            courses.allow(connection, "nothing", "https://lms.example", clock())
    assert rows("SELECT count(*) FROM course_origins") == [(1,)]
