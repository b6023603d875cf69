"""The preview shows the course in a pretend LMS, keeps the last good version, and lets nothing else be read."""

import http.client
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from authoring.build import build
from authoring.preview import Live, NotAPackage, Packed, open_server, tell, unpacked
from authoring.preview.page import STATES
from authoring.preview.server import LARGEST_BODY, MOST_COMPLAINTS, PAGE
from authoring.preview.show import View
from authoring.preview.words import words

ROOT = Path(__file__).parents[2]
SHOWN = View("scorm12", "")


@pytest.fixture
def show(whole):
    made = Live(whole)
    made.update()
    return made


@pytest.fixture
def said():
    return []


@pytest.fixture
def ask(show, said):
    """Asks the preview for a path: answers status, headers and body."""
    server = open_server(show, "127.0.0.1", 0, "siân", said.append)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def get(path, method="GET", body=None, **headers):
        address = "127.0.0.1", server.server_address[1]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(*address, timeout=10)) as connection:
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            body = response.fp.readline() if path.startswith("/events") else response.read()
        return response.status, response.headers, body

    get.port = server.server_address[1]
    yield get
    server.shutdown()
    server.server_close()


def good(show):
    return show.file(SHOWN, "index.html")


def test_the_package_is_served_as_it_would_be_built(ask, whole, tmp_path):
    (built,) = build(whole, tmp_path / "out", ["scorm12"])
    with zipfile.ZipFile(built.path) as archive:
        for name in archive.namelist():
            status, _, body = ask(f"/package/scorm12/-/{name}")
            assert (status, name, body) == (200, name, archive.read(name))
    assert ask("/package/scorm12/-/media/cup.svg")[1]["Content-Type"] == "image/svg+xml"


def test_a_document_for_a_frame_reports_its_errors_and_is_otherwise_the_same(ask, show):
    body = ask("/package/scorm12/-/index.html", Sec_Fetch_Dest="iframe")[2]
    assert body.replace(b'<script src="/lms/watch.js" data-version="1"></script>', b"", 1) == good(show)
    assert body != good(show)


def test_the_pretend_lms_knows_course_and_learner_and_runs_no_foreign_script(ask):
    status, headers, body = ask("/")
    page = body.decode()
    assert status == 200
    assert '"course":"https://learn.test/whole"' in page and '"learner":"siân"' in page
    assert "Tea &amp; &lt;biscuits&gt;" in page and "<biscuits>" not in page
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert all(ask(f"/lms/{path.name}")[0] == 200 for path in PAGE.iterdir() if path.suffix in (".js", ".css"))


def test_the_page_is_drawn_in_the_language_of_its_address(ask):
    page = ask("/?language=cy")[2].decode()
    assert '<html lang="cy">' in page and "LMS ffug" in page and "Be this learner</span>" not in page


def test_every_word_of_the_page_is_in_both_catalogues_and_none_is_left_over():
    sources = "".join(path.read_text("utf-8") for path in PAGE.iterdir())
    known = words()
    assert {key for key in known if f'"{key}"' not in sources} <= {*STATES, "The course has been left."}
    assert {key for key, text in known.items() if not text.en or not text.cy or text.en == text.cy} == set()


@pytest.mark.parametrize(
    "path",
    ["/package/scorm12/-/../preview.py", "/package/scorm12/-/%2e%2e/preview.py", "/package/scorm12/-//etc/passwd",
     "/lms/../preview.py", "/lms/lms.html", "/player/../cli.py", "/player/%2e%2e/cli.py", "/etc/passwd",
     "/package/scorm12/-/", "/package/scorm12/-/01-first.en.md", "/package/none/-/index.html",
     "/package/scorm12/W99999999/index.html", "/package/../-/index.html"],
)  # fmt: skip
def test_nothing_else_can_be_read(ask, path):
    assert ask(path)[0] == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
def test_another_host_name_is_refused(ask, method):
    assert ask("/", method, Host="evil.test")[0] == 403
    assert ask("/", method, Host="127.0.0.1.evil.test:80")[0] == 403
    assert ask("/", method, Host="")[0] == 403


def test_names_of_this_machine_are_not_refused(ask):
    assert ask("/", Host="localhost:99")[0] == 200
    assert ask("/", Host="[::1]:99")[0] == 200


def test_on_every_address_numbers_are_answered_and_foreign_names_are_not(show):
    server = open_server(show, "0.0.0.0", 0, "a")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    for host, status in (("192.0.2.7:8000", 200), ("evil.test", 403)):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
        connection.request("GET", "/lms/lms.css", headers={"Host": host})
        assert connection.getresponse().status == status
        connection.close()
    server.shutdown()
    server.server_close()


def test_a_page_elsewhere_can_send_nothing(ask, said):
    told = json.dumps({"message": "spam"})
    own = f"http://127.0.0.1:{ask.port}"
    assert ask("/errors", "POST", told, Origin="https://evil.test", Content_Type="application/json")[0] == 403
    assert ask("/errors", "POST", told, Origin=own, Content_Type="text/plain")[0] == 400
    assert said == []
    assert ask("/errors", "POST", told, Origin=own, Content_Type="application/json")[0] == 204
    assert said == ["page: spam"]


def test_what_is_too_large_or_has_no_length_is_not_read(ask):
    assert ask("/errors", "POST", b"", Content_Length=str(LARGEST_BODY + 1))[0] == 413
    assert ask("/xapi/statements", "PUT", b"", Content_Length="many")[0] == 411
    assert ask("/errors", "POST", b"", Transfer_Encoding="chunked")[0] == 411


def test_errors_of_the_browser_come_to_the_terminal_once_bounded_and_harmless(ask, said):
    def tell_page(**told):
        return ask("/errors", "POST", json.dumps(told), Content_Type="application/json")[0]

    assert tell_page(message="x is not\x1b[2J a\nfunction", file="player.js", line=12) == 204
    tell_page(message="x is not\x1b[2J a\nfunction", file="player.js", line=12)
    assert said == ["page: x is not [2J a function (player.js:12)"]
    for number in range(MOST_COMPLAINTS + 20):
        tell_page(message=f"{number}")
    assert len(said) == MOST_COMPLAINTS and said[-1] == "page: and more, which are not shown."
    assert ask("/errors", "POST", b"[" * 100_000, Content_Type="application/json")[0] == 400
    assert ask("/errors", "POST", b"[1]", Content_Type="application/json")[0] == 400


def test_a_broken_course_keeps_the_last_good_version_beside_its_problems(show, make):
    before = good(show)
    make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    show.update()
    assert good(show) is before
    assert (show.state.version, show.state.good) == (1, False)
    (error,) = [one for one in json.loads(show.state.wrong())["problems"] if one["severity"] == "error"]
    assert error == {
        "file": "01-first.en.md", "line": 28, "column": 1, "rule": "unknown-block", "severity": "error",
        "message": "There is no block “tpi”.", "mend": "Did you mean “tip”?",
        "module": "first", "page": "water", "part": 1, "key": "",
    }  # fmt: skip


def test_the_terminal_hears_each_error_each_time_and_each_warning_once(show, make):
    make(("edit", "01-first.en.md", "[kettle](term:kettle)\n===\n[kettle](term:kettle)\n"))
    show.update()
    lines = []
    known = tell(show, lines.append)
    warnings = len([one for one in show.problems if one.severity == "warning"])
    assert len(lines) == warnings
    make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    show.update()
    lines.clear()
    tell(show, lines.append, known)
    assert [line.partition(" ")[0] for line in lines[:1]] == ["01-first.en.md:28:1:"]
    assert lines[-1] == "1 to mend; the page shows the last good version."
    assert len(lines) == 2


def test_problems_know_their_block(show, make):
    make(("edit", "01-first.en.md", "- ( ) At `50` degrees\n===\n- (x) At `50` degrees\n"))
    show.update()
    errors = [one for one in show.state.problems if one["severity"] == "error"]
    page = good(show).decode()
    assert errors
    assert {(one["module"], one["page"]) for one in errors} == {("first", "end")}
    assert all(f'data-question="{one["key"]}"' in page or one["key"] in page for one in errors)


def test_a_problem_of_an_overlay_stands_at_its_slot(tmp_path):
    folder = tmp_path / "councils"
    shutil.copytree(ROOT / "tests/courses/councils", folder)
    (overlay,) = sorted(folder.glob("overlays/*/01-start.en.md"))[:1]
    overlay.write_text(overlay.read_text("utf-8") + "\nStray words.\n", "utf-8")
    show = Live(folder)
    show.update()
    found = [one for one in show.state.problems if one["file"].startswith("overlays/")]
    assert found and {(one["module"], bool(one["page"])) for one in found} == {("start", True)}


def test_a_record_store_is_not_told_of_a_preview(show, make):
    make(
        (
            "edit",
            "course.yml",
            "modules: [first, second]\n===\nmodules: [first, second]\nrecord-store: https://store.test\n",
        )
    )
    show.update()
    assert (show.state.version, show.problems and [one.rule for one in show.problems if one.severity == "error"]) == (
        2,
        [],
    )
    assert b"store.test" not in good(show) and b"store.test" not in show.file(SHOWN, "course.json")


def test_a_mended_course_is_shown_anew_and_an_unchanged_one_is_not(show, make):
    make(("edit", "01-first.en.md", "Fill the\n===\nPour in the\n"))
    show.update()
    assert (show.state.version, b"Pour in the" in good(show), show.state.good) == (2, True, True)
    show.update()
    assert (show.state.version, show.state.anew) == (2, 1)


def test_a_picture_that_was_saved_opens_the_page_anew(show, whole):
    picture = whole / "media/cup.svg"
    picture.write_text(picture.read_text("utf-8") + "<!-- -->\n", "utf-8")
    show.update()
    assert (show.state.version, show.state.anew) == (2, 2)


def test_only_what_is_looked_at_is_drawn(show, make, monkeypatch):
    from authoring.render import Drawing

    drawn = []
    document = Drawing.document
    monkeypatch.setattr(Drawing, "document", lambda self, name: drawn.append(name) or document(self, name))
    make(("edit", "01-first.en.md", "Fill the\n===\nPour in the\n"))
    show.update()
    assert drawn == []
    assert b"Pour" in show.file(SHOWN, "first.html") and b"Pour" in show.file(SHOWN, "first.html")
    assert drawn == ["first.html"]


def test_only_the_file_that_was_saved_is_read_and_laid_out_again(show, make, monkeypatch):
    from authoring import load, source

    read, laid = [], []
    parse, module = source.parse, load._Pairing.module
    monkeypatch.setattr(source, "parse", lambda text, file: read.append(file) or parse(text, file))
    monkeypatch.setattr(load._Pairing, "module", lambda self: laid.append(self.id) or module(self))
    make(("edit", "01-first.en.md", "Fill the\n===\nNow fill the big\n"))
    show.update()
    assert (show.state.version, read, laid) == (2, ["01-first.en.md"], ["first"])


def test_a_fault_of_ours_keeps_what_can_be_shown(show, make, monkeypatch, capsys):
    before = good(show)
    monkeypatch.setattr("authoring.preview.show.course_of", lambda source: 1 / 0)
    make(("edit", "01-first.en.md", "Fill the\n===\nPour in the\n"))
    show.update()
    assert good(show) is before
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_course_that_never_was_good_says_so_in_both_languages(whole, make):
    make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
    show = Live(whole)
    show.update()
    server = open_server(show, "127.0.0.1", 0, "a")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.request("GET", "/package/scorm12/-/index.html")
    response = connection.getresponse()
    body = response.read().decode()
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()
    server.shutdown()
    server.server_close()
    assert response.status == 503
    assert "cannot be shown yet" in body and "Ni ellir dangos" in body


def test_the_page_hears_the_news_at_once(ask, show):
    status, headers, body = ask("/events")
    assert (status, headers["Content-Type"]) == (200, "text/event-stream")
    assert json.loads(body.removeprefix(b"data: "))["version"] == 1


def heeding():
    """Let Ctrl-C end the command even where these tests run in the background, as a shell without jobs runs them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_the_command_follows_what_is_saved(whole, make, tmp_path):
    told = tmp_path / "told"
    command = [sys.executable, "-m", "authoring.cli", "preview", str(whole), "--port", "0", "--no-open"]
    with told.open("w") as file:
        running = subprocess.Popen(command, stdout=file, cwd=ROOT, preexec_fn=heeding)
    try:
        until(lambda: told.read_text().startswith("Preview: http://127.0.0.1:"))
        address = urlsplit(told.read_text().split()[1])
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request("GET", "/events")
        lines = connection.getresponse()
        until(lambda: b'"version": 1' in lines.readline())
        make(("edit", "01-first.en.md", "Fill the\n===\nPour in the\n"))
        until(lambda: b'"version": 2' in lines.readline())
        make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n"))
        until(lambda: "01-first.en.md:28:1: unknown-block" in told.read_text())
        connection.close()
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0


def until(true):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_taken_port_gives_the_next(show):
    first = open_server(show, "127.0.0.1", 0, "a")
    second = open_server(show, "127.0.0.1", first.server_address[1], "a")
    assert second.server_address[1] > first.server_address[1]
    first.server_close()
    second.server_close()


def test_a_built_zip_is_served_as_it_is(whole, tmp_path):
    (built,) = build(whole, tmp_path, ["scorm12"])
    packed = Packed(unpacked(built.path))
    assert packed.formats == ("scorm12",)
    assert packed.titles()[1].cy == "Te a <bisgedi>"
    with zipfile.ZipFile(built.path) as archive:
        assert all(packed.file(SHOWN, name) == archive.read(name) for name in archive.namelist())
    assert packed.file(View("web", ""), "index.html") is None


def packed(path, **files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


IMS = (
    "<manifest><metadata><schemaversion>{}</schemaversion></metadata><item identifierref='r'><title>T</title></item>"
    "<resource identifier='r' href='start.htm'/></manifest>"
)


@pytest.mark.parametrize(
    ("files", "standard", "first"),
    [
        ({"index.html": ""}, "web", "index.html"),
        ({"start.htm": "", "imsmanifest.xml": IMS.format("1.2")}, "scorm12", "start.htm"),
        ({"start.htm": "", "imsmanifest.xml": IMS.format("2004 4th Edition")}, "scorm2004-4", "start.htm"),
        ({"start.htm": "", "imsmanifest.xml": IMS.format("CAM 1.3")}, "scorm2004-3", "start.htm"),
        ({"a b.html": "", "cmi5.xml": "<c><au id='x:y'><url>a%20b.html?q=1</url></au></c>"}, "cmi5", "a b.html"),
        (
            {"go.html": "", "tincan.xml": "<t><activity id='x:y'><launch>go.html</launch></activity></t>"},
            "xapi",
            "go.html",
        ),
    ],
)
def test_packages_of_other_makers_are_known_by_their_control_documents(files, standard, first, tmp_path):
    show = Packed(unpacked(packed(tmp_path / "theirs.zip", **files)))
    assert (show.formats, show.units(View(standard, ""))[0].document) == ((standard,), first)


def test_a_control_document_that_would_expand_is_not_read(tmp_path):
    bomb = '<!DOCTYPE m [<!ENTITY a "aaaa">]><m><item identifierref="r"/><resource identifier="r" href="&a;"/></m>'
    with pytest.raises(NotAPackage, match=r"no index\.html"):
        unpacked(packed(tmp_path / "bomb.zip", **{"imsmanifest.xml": bomb, "aaaa": ""}))


@pytest.mark.parametrize(
    "names", [["index.html", "../evil"], ["index.html", "/evil"], ["index.html", "a\\..\\evil"], ["page.html"]]
)
def test_a_zip_that_leads_out_or_has_no_page_is_refused(names, tmp_path):
    with pytest.raises(NotAPackage):
        unpacked(packed(tmp_path / "evil.zip", **dict.fromkeys(names, "words")))


def test_a_zip_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", bytes(1_000_000))
    monkeypatch.setattr("authoring.preview.archive.LARGEST", 999_999)
    with pytest.raises(NotAPackage, match="too large"):
        unpacked(path)
    path.write_bytes(b"no zip")
    with pytest.raises(NotAPackage, match="is no zip"):
        unpacked(path)
