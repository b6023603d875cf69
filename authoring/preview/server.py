"""Serves the pretend LMS, the package in its frame, the news of the course, and the pretend record store."""

import json
import re
import socket
import sys
import time
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from authoring.preview.launch import MODES, Learner, launched
from authoring.preview.page import POLICY, closed_page, lms_page
from authoring.preview.show import Show, View
from authoring.preview.store import Ask, Store

HERE = Path(__file__).parent
PAGE = HERE.parent / "preview_page"
PLAYER = HERE.parent / "player"
ASSETS = {
    **{f"/lms/{path.name}": path for path in PAGE.iterdir() if path.suffix in (".js", ".css")},
    # The page makes a half-way learner with the player's own code, so that both agree on what is saved.
    **{f"/player/{path.relative_to(PLAYER).as_posix()}": path for path in PLAYER.rglob("*.js")},
    "/lms/tokens.css": PLAYER / "tokens.css",
}
KINDS = {
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "json": "application/json", "xml": "application/xml", "xsd": "application/xml", "svg": "image/svg+xml",
    "png": "image/png", "gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
    "pdf": "application/pdf", "vtt": "text/vtt; charset=utf-8", "mp4": "video/mp4", "mp3": "audio/mpeg",
}  # fmt: skip
LARGEST_BODY = 1_000_000
MOST_COMPLAINTS = 100
PATIENCE = 15
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Documents in the frame bring their errors to the terminal; what a script fetches is as it would be in the package.
FRAMED = ("iframe", "frame", "document")
HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(r"\[?([0-9a-f:.]+)\]?", re.IGNORECASE)
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
NOT_YET = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Not yet</title>'
    "<p>The course cannot be shown yet. The problems are listed above."
    '<p lang="cy">Ni ellir dangos y cwrs eto. Mae’r problemau wedi’u rhestru uchod.'
).encode()


class Server(ThreadingHTTPServer):
    """Serves what is on show; ``hosts`` are the names it answers to, ``say`` hears what the browser complains of."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], show: Show, learner: str, hosts: set[str], say: Callable[[str], None]
    ) -> None:
        self.show = show
        self.learner = learner
        self.hosts = hosts
        self.say = say
        self.store = Store()
        self.complaints: list[str] = []
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that went away is no error; a fault of ours keeps its traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()

    def complain(self, told: dict[str, Any]) -> None:
        """Says in the terminal what a page reports, once for each version of the course, and not without end."""
        file, line = clean(told.get("file"), 200), clean(told.get("line"), 12)
        where = f" ({file}:{line})" if file else ""
        complaint = f"page: {clean(told.get('message'), 600)}{where}"
        mark = f"{self.show.state.version}"
        if self.complaints[:1] != [mark]:
            self.complaints = [mark]
        if complaint in self.complaints or len(self.complaints) > MOST_COMPLAINTS:
            return
        self.complaints.append(complaint)
        self.say(complaint if len(self.complaints) <= MOST_COMPLAINTS else "page: and more, which are not shown.")


def clean(value: Any, most: int) -> str:
    """Words from a page as one line that cannot steer a terminal."""
    return UNSEEN.sub(" ", str(value if value is not None else "")[:most]).strip()


class Handler(BaseHTTPRequestHandler):
    """One request; every answer goes through ``answer``."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "ktb"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        if self.refused():
            return
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        if path == "/":
            page = lms_page(self.server.show, self.server.learner, query, self.server.store.number)
            self.answer(200, page, KINDS["html"], {"Content-Security-Policy": POLICY})
        elif path in ASSETS:
            self.answer(200, ASSETS[path].read_bytes(), kind(path))
        elif path == "/lms/closed":
            self.answer(200, closed_page(), KINDS["html"], {"Content-Security-Policy": POLICY})
        elif path == "/events":
            self.events(query.get("since", ""))
        elif path.startswith("/xapi/"):
            self.xapi()
        elif match := re.fullmatch(r"/package/([a-z0-9-]+)/(-|[A-Z0-9]+)/(.*)", path):
            self.package(View(match[1], match[2].strip("-")), match[3])
        else:
            self.answer(404, b"Not here.\n")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if self.refused():
            return
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/xapi/"):
            self.xapi()
        elif path.startswith("/fetch/"):
            self.body()
            answer = self.server.store.fetch(path.removeprefix("/fetch/"))
            self.answer(answer.status, answer.body, answer.kind)
        elif path in ("/launch", "/errors"):
            self.told(path)
        else:
            self.close_connection = True
            self.answer(404, b"Not here.\n")

    def do_PUT(self) -> None:
        if not self.refused():
            self.xapi()

    do_DELETE = do_PUT

    def refused(self) -> bool:
        """A page elsewhere must neither read the course under a name of its own nor send anything (DNS rebinding)."""
        named = re.fullmatch(r"(\[[0-9a-f:]+\]|[^\[\]:]+)(?::\d+)?", self.headers.get("Host", ""), re.IGNORECASE)
        name = named[1].strip("[]").lower() if named else ""
        everywhere = "*" in self.server.hosts and ADDRESS.fullmatch(name)
        origin = self.headers.get("Origin")
        foreign = origin is not None and origin != f"http://{self.headers.get('Host')}"
        if (name in self.server.hosts or everywhere) and not foreign:
            return False
        self.close_connection = True
        self.answer(403, b"Not this host.\n")
        return True

    def body(self) -> bytes | None:
        """The body of the request, or None, and the answer given, where it is too large or has no length."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            self.answer(411, b"Say the length.\n")
        elif int(length) > LARGEST_BODY:
            self.close_connection = True
            self.answer(413, b"Too large.\n")
        else:
            return self.rfile.read(int(length))
        return None

    def told(self, path: str) -> None:
        """What the page of the LMS and the frame in it say: JSON, an object."""
        body = self.body()
        if body is None:
            return
        try:
            told = json.loads(body)
            if not isinstance(told, dict) or self.headers.get("Content-Type") != "application/json":
                raise ValueError("an object was wanted")
        except (ValueError, RecursionError):
            self.answer(400, b"This is not what was asked for.\n")
            return
        if path == "/errors":
            self.server.complain(told)
            self.answer(204, b"")
        else:
            self.launch(told)

    def launch(self, told: dict[str, Any]) -> None:
        """Begins a session of a package that speaks xAPI, and answers where it is opened."""
        said = {name: str(value)[:255] for name, value in told.items()}
        view = View(said.get("format", ""), said.get("authority", ""))
        units = {one.address: one for one in self.server.show.units(view) if one.id}
        if view.standard not in ("cmi5", "xapi") or said.get("part", "") not in units:
            self.answer(404, b"This package is not launched so.\n")
            return
        mode = said.get("mode", "") if said.get("mode") in MODES else "normal"
        held = told.get("held") if isinstance(told.get("held"), dict) else None
        who = said.get("learner", ""), said.get("name", ""), said.get("attempt", ""), said.get("language", "")
        learner = Learner(*who, mode, held)
        origin = f"http://{self.headers['Host']}"
        begun = launched(units[said["part"]], view.standard, learner, origin, self.server.store)
        self.answer(200, json.dumps(begun._asdict()).encode(), KINDS["json"])

    def xapi(self) -> None:
        """One call to the pretend record store."""
        parts = urlsplit(self.path)
        body = self.body()
        if body is None:
            return
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        answer = self.server.store.answer(Ask(method, unquote(parts.path)[6:], query, headers, body))
        with self.server.show.changed:
            self.server.show.changed.notify_all()
        headers = {"X-Experience-API-Version": "1.0.3", **dict(answer.headers)}
        self.answer(answer.status, answer.body, answer.kind, headers)

    def package(self, view: View, name: str) -> None:
        """A file of the package, or why there is none."""
        show = self.server.show
        try:
            data = show.file(view, name)
        except Exception:  # a fault of ours: say so in both places, and go on serving
            traceback.print_exc()
            self.answer(500, b"This could not be drawn; the terminal says why.\n")
            return
        if data is not None:
            self.answer(200, self.watched(name, data), kind(name), {"X-Version": str(show.state.version)})
        elif not show.state.version and name.endswith(".html"):
            self.answer(503, NOT_YET, KINDS["html"])
        else:
            self.answer(404, b"Not in the package.\n")

    def watched(self, name: str, data: bytes) -> bytes:
        """A document for the frame reports its errors; anything else is as it is."""
        if kind(name) != KINDS["html"] or self.headers.get("Sec-Fetch-Dest") not in FRAMED:
            return data
        version = self.server.show.state.version
        script = f'<script src="/lms/watch.js" data-version="{version}"></script>'.encode()
        return HEAD.sub(lambda found: found[0] + script, data, count=1)

    def answer(self, status: int, body: bytes, kind: str = "text/plain", more: dict[str, str] | None = None) -> None:
        """The answer, which nobody keeps and nobody guesses the type of."""
        self.send_response(status)
        headers = {"Content-Type": kind, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        length = {"Content-Length": str(len(body))} if status != 204 else {}
        for name, value in {**headers, **length, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)

    def events(self, since: str) -> None:
        """Server-sent events: the news now and at each change, calls as they come, and a sign of life now and then."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.follow(int(since) if since.isdigit() else 0)
        except OSError:
            return

    def follow(self, last: int) -> None:
        """Writes events until the page has gone, which is an OSError."""
        show, store = self.server.show, self.server.store
        sent = ""
        wrong: object = None
        while True:
            now, problems = show.state.news(), show.state.problems
            text = [f"data: {now}\n\n"] if now != sent else []
            if problems is not wrong:
                text.append(f"event: problems\ndata: {show.state.wrong()}\n\n")
            calls = store.since(last)
            text += [f"event: call\ndata: {json.dumps(call)}\n\n" for call in calls]
            self.wfile.write("".join(text or [": still here\n\n"]).encode())
            sent, wrong, last = now, problems, calls[-1]["number"] if calls else last
            with show.changed:
                if show.state.news() == sent and show.state.problems is wrong and store.number == last:
                    show.changed.wait(PATIENCE)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is for the problems of the course."""


def kind(name: str) -> str:
    """The media type of a file by its name."""
    return KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def say_aloud(words: str) -> None:
    """A line in the terminal, at once."""
    print(words, flush=True)


def open_server(show: Show, host: str, port: int, learner: str, say: Callable[[str], None] = say_aloud) -> Server:
    """A server on ``port`` or, where that is taken, on one of the next twenty. Raises OSError where all are."""
    names = set(LOOPBACK) if host in LOOPBACK else {*LOOPBACK, "*", host.lower(), socket.gethostname().lower()}
    last = min(20, 65536 - port) - 1
    for offset in range(last + 1):
        try:
            return Server((host, port + offset), show, learner, names, say)
        except OSError:
            if port == 0 or offset == last:
                raise
            time.sleep(0)
    raise AssertionError("the loop returns or raises")
