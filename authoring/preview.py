"""Shows a course in a pretend LMS on this machine: a folder as it is being written, or a package as it was built."""

import json
import re
import sys
import time
import webbrowser
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from authoring.build import gather
from authoring.problems import CourseError, Problem

PAGE = Path(__file__).parent / "preview_page"
ASSETS = {
    "/lms/lms.js": PAGE / "lms.js",
    "/lms/api.js": PAGE / "api.js",
    "/lms/lms.css": PAGE / "lms.css",
    "/lms/tokens.css": PAGE.parent / "player" / "tokens.css",
}
KINDS = {
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "json": "application/json", "xml": "application/xml", "xsd": "application/xml", "svg": "image/svg+xml",
    "png": "image/png", "gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
    "pdf": "application/pdf", "vtt": "text/vtt; charset=utf-8", "mp4": "video/mp4", "mp3": "audio/mpeg",
}  # fmt: skip
# The LMS page takes nothing from outside and runs no script but its own; the course in its frame has its own policy.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'"
)
LARGEST = 200_000_000
MOST_FILES = 5_000
NOT_YET = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Not yet</title>'
    "<p>The course cannot be shown yet. The problems are listed above."
    '<p lang="cy">Ni ellir dangos y cwrs eto. Mae’r problemau wedi’u rhestru uchod.'
).encode()


class NotAPackage(Exception):
    """A file that was to be shown is no package, is too large, or is not safe to unpack."""


class Show:
    """What is on show: the files of the last good build, its version, and what is wrong with the course since."""

    def __init__(self, files: dict[str, bytes], live: bool) -> None:
        self.files = files
        self.live = live
        self.problems: list[Problem] = []
        self.version = 0
        self.changed = Condition()

    def update(self, folder: Path) -> None:
        """Builds the course anew; where it is broken the last good files stay, with the problems beside them."""
        try:
            files, problems = gather(folder, "scorm12"), []
        except CourseError as error:
            files, problems = self.files, error.problems
        except OSError as error:  # a file that an editor is just replacing
            print(f"The course could not be read: {error}", file=sys.stderr, flush=True)
            return
        with self.changed:
            self.version += files is not self.files and files != self.files
            self.files, self.problems = files, problems
            self.changed.notify_all()

    def news(self) -> str:
        """What the page needs to know, as JSON."""
        problems = [
            {"place": f"{one.file}:{one.line}:{one.column}", "rule": one.rule, "message": one.message, "mend": one.mend}
            for one in self.problems
        ]
        return json.dumps({"version": self.version, "problems": problems})

    def titles(self) -> tuple[str, str, str]:
        """The course's IRI and its title in both languages, from the course.json on show."""
        outline = json.loads(self.files.get("course.json", b"{}"))
        title = outline.get("title", {})
        return outline.get("iri", ""), title.get("en", ""), title.get("cy", "")


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a package by name.

    Raises NotAPackage where it is none, is too large, or has a name that leads out of it; OSError as open does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
                raise NotAPackage(f"{path} is too large to show.")
            files = {entry.filename: archive.read(entry) for entry in entries}
    except zipfile.BadZipFile as error:
        raise NotAPackage(f"{path} is no zip.") from error
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in files):
        raise NotAPackage(f"{path} holds names that lead out of it.")
    if "index.html" not in files:
        raise NotAPackage(f"{path} has no index.html.")
    return files


class Server(ThreadingHTTPServer):
    """Serves what is on show; ``hosts`` are the names it answers to (None: any)."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], show: Show, learner: str, hosts: set[str] | None) -> None:
        self.show = show
        self.learner = learner
        self.hosts = hosts
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    """One request: the pretend LMS at /, its files at /lms, the package at /package, the news at /events."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "ktb"
    sys_version = ""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if not self.is_for_us():
            self.answer(403, "text/plain", b"Not this host.\n")
        elif path == "/":
            self.answer(200, KINDS["html"], lms_page(self.server.show, self.server.learner), POLICY)
        elif path in ASSETS:
            self.answer(200, kind(path), ASSETS[path].read_bytes())
        elif path == "/events" and self.server.show.live:
            self.events()
        elif path.startswith("/package/"):
            self.package(path.removeprefix("/package/"))
        else:
            self.answer(404, "text/plain", b"Not here.\n")

    do_HEAD = do_GET

    def is_for_us(self) -> bool:
        """A page elsewhere that points its own name at this machine must not read the course (DNS rebinding)."""
        hosts = self.server.hosts
        named = re.fullmatch(r"\[?([^\]]*?)\]?(?::\d+)?", self.headers.get("Host", ""))
        return hosts is None or (named is not None and named[1] in hosts)

    def package(self, name: str) -> None:
        files = self.server.show.files
        if name in files:
            self.answer(200, kind(name), files[name])
        elif not files and name == "index.html":
            self.answer(503, KINDS["html"], NOT_YET)
        else:
            self.answer(404, "text/plain", b"Not in the package.\n")

    def answer(self, status: int, kind: str, body: bytes, policy: str = "") -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        headers |= {"X-Content-Type-Options": "nosniff"} | ({"Content-Security-Policy": policy} if policy else {})
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def events(self) -> None:
        """Server-sent events: the news now, at each change, and a comment now and then to notice who has gone."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        show, sent = self.server.show, ""
        try:
            while self.command != "HEAD":
                news = show.news()
                self.wfile.write(f"data: {news}\n\n".encode() if news != sent else b": still here\n\n")
                sent = news
                with show.changed:
                    if show.news() == sent:
                        show.changed.wait(15)
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is for the problems of the course."""


def kind(name: str) -> str:
    """The media type of a file by its name."""
    return KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def lms_page(show: Show, learner: str) -> bytes:
    """The page of the pretend LMS."""
    course, title, title_cy = show.titles()
    templates = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined)
    page = templates.get_template("lms.html")
    live = "yes" if show.live else "no"
    return page.render(course=course, title=title, title_cy=title_cy, learner=learner, live=live).encode()


def open_server(show: Show, host: str, port: int, learner: str) -> Server:
    """A server on ``port`` or, where that is taken, on one of the next twenty. Raises OSError where all are."""
    local = host in ("127.0.0.1", "localhost", "::1")
    hosts = {"127.0.0.1", "localhost", "::1"} if local else None
    for offset in range(min(20, 65536 - port)):
        try:
            return Server((host, port + offset), show, learner, hosts)
        except OSError:
            if port == 0 or offset == min(20, 65536 - port) - 1:
                raise
    raise AssertionError("the loop returns or raises")


def serve(target: Path, host: str, port: int, learner: str, *, open_browser: bool) -> None:
    """Serves a course folder or a zip until it is interrupted. Raises NotAPackage and OSError where it cannot start."""
    live = target.is_dir()
    show = Show({} if live else unpacked(target), live)
    if live:
        show.update(target)
    server = open_server(show, host, port, learner)
    address = f"http://{host}:{server.server_address[1]}/?learner={quote(learner)}"
    print(f"Preview: {address}", flush=True)
    Thread(target=server.serve_forever, daemon=True).start()
    if open_browser and sys.stdout.isatty():
        webbrowser.open(address)
    try:
        follow(target, show) if live else wait_for_ever()
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()


def follow(folder: Path, show: Show, say: Callable[[str], None] = print) -> None:
    """Builds anew at each save, and says in the terminal what is wrong."""
    from watchfiles import watch

    tell(show, say)
    for _ in watch(folder, debounce=50, step=20):
        started = time.perf_counter()
        show.update(folder)
        say(f"Read again in {time.perf_counter() - started:.2f} s.")
        tell(show, say)


def tell(show: Show, say: Callable[[str], None]) -> None:
    """Every problem on a line of its own."""
    for one in show.problems:
        say(str(one))
    if show.problems:
        say(f"{len(show.problems)} to mend; the page shows the last good version.")


def wait_for_ever() -> None:
    """Until Ctrl+C."""
    while True:
        time.sleep(3600)
