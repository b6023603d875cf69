"""The preview shows the course in a pretend LMS, keeps the last good version, and lets nothing else be read."""

import http.client
import json
import zipfile
from threading import Thread

import pytest

from authoring.build import build
from authoring.preview import NotAPackage, Show, open_server, tell, unpacked


@pytest.fixture
def show(whole):
    made = Show({}, live=True)
    made.update(whole)
    return made


@pytest.fixture
def ask(show):
    """Asks the preview for a path: answers status, headers and body."""
    server = open_server(show, "127.0.0.1", 0, "siân")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def get(path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.fp.readline() if path == "/events" else response.read()
        connection.close()
        return response.status, response.headers, body

    yield get
    server.shutdown()
    server.server_close()


def test_the_package_is_served_as_it_would_be_built(ask, show):
    status, headers, body = ask("/package/index.html")
    assert (status, headers["Content-Type"], body) == (200, "text/html; charset=utf-8", show.files["index.html"])
    assert ask("/package/media/cup.svg")[1]["Content-Type"] == "image/svg+xml"
    assert "imsmanifest.xml" in show.files


def test_the_pretend_lms_knows_course_and_learner_and_runs_no_foreign_script(ask):
    status, headers, body = ask("/")
    page = body.decode()
    assert status == 200
    assert 'data-course="https://learn.test/whole" data-learner="siân" data-live="yes"' in page
    assert "Tea &amp; &lt;biscuits&gt;" in page
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert ask("/lms/lms.js")[0] == ask("/lms/api.js")[0] == ask("/lms/lms.css")[0] == ask("/lms/tokens.css")[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/package/../preview.py", "/package/%2e%2e/preview.py", "/package//etc/passwd", "/lms/../preview.py",
     "/lms/lms.html", "/etc/passwd", "/package/", "/package/01-first.en.md"],
)  # fmt: skip
def test_nothing_else_can_be_read(ask, path):
    assert ask(path)[0] == 404


def test_another_host_name_is_refused(ask):
    assert ask("/", Host="evil.test")[0] == 403
    assert ask("/", Host="localhost:99")[0] == 200


def test_a_broken_course_keeps_the_last_good_version_beside_its_problems(show, make):
    good = show.files
    folder = make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    show.update(folder)
    news = json.loads(show.news())
    assert show.files is good
    assert news["version"] == 1
    assert news["problems"] == [
        {
            "place": "01-first.en.md:28:1",
            "rule": "unknown-block",
            "message": "There is no block “tpi”.",
            "mend": "Did you mean “tip”?",
        }
    ]  # fmt: skip
    lines = []
    tell(show, lines.append)
    assert lines[0].startswith("01-first.en.md:28:1: unknown-block ")


def test_a_mended_course_is_shown_anew_and_an_unchanged_one_is_not(show, make):
    folder = make(("edit", "01-first.en.md", "Fill the\n===\nPour in the\n"))
    show.update(folder)
    assert (show.version, b"Pour in the" in show.files["index.html"], show.problems) == (2, True, [])
    show.update(folder)
    assert show.version == 2


def test_a_course_that_never_was_good_says_so_in_both_languages(whole, ask, show):
    show.files = {}
    status, _, body = ask("/package/index.html")
    assert status == 503
    assert "cannot be shown yet" in body.decode()
    assert "Ni ellir dangos" in body.decode()


def test_the_page_hears_the_news_at_once(ask, show):
    status, headers, body = ask("/events")
    assert (status, headers["Content-Type"]) == (200, "text/event-stream")
    assert json.loads(body.removeprefix(b"data: ")) == {"version": 1, "problems": []}


def test_a_taken_port_gives_the_next(show):
    first = open_server(show, "127.0.0.1", 0, "a")
    second = open_server(show, "127.0.0.1", first.server_address[1], "a")
    assert second.server_address[1] > first.server_address[1]
    first.server_close()
    second.server_close()


def test_a_built_zip_is_served_as_it_is(whole, tmp_path):
    (built,) = build(whole, tmp_path, ["scorm12"])
    files = unpacked(built.path)
    with zipfile.ZipFile(built.path) as archive:
        assert files == {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    "names", [["index.html", "../evil"], ["index.html", "/evil"], ["index.html", "a\\..\\evil"], ["page.html"]]
)
def test_a_zip_that_leads_out_or_has_no_page_is_refused(names, tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "words")
    with pytest.raises(NotAPackage):
        unpacked(path)


def test_a_zip_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", bytes(1_000_000))
    monkeypatch.setattr("authoring.preview.LARGEST", 999_999)
    with pytest.raises(NotAPackage, match="too large"):
        unpacked(path)
    path.write_bytes(b"no zip")
    with pytest.raises(NotAPackage, match="is no zip"):
        unpacked(path)
