"""A learning system and a record store on two ports of 127.0.0.1, so that they are two origins; both can misbehave."""

import json
import mimetypes
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

HERE = Path(__file__).parent
PLAYER = HERE.parents[1] / "authoring" / "player"


class Handler(BaseHTTPRequestHandler):
    """One request to the server ``app``."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, status=200, body=b"", kind="application/json", headers=()):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.send_response(status)
            own = (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-cache"))
            for name, value in (*own, *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the page went away, which is often the point of the test

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    @property
    def query(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


class Server:
    """An HTTP server on a free port, in a thread."""

    handler = Handler

    def __init__(self):
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (self.handler,), {"app": self}))
        self.http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.faults = {}
        self.requests = []
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class LmsHandler(Handler):
    def do_GET(self):
        path = urlsplit(self.path).path
        if path == "/state":
            return self.reply(body=self.app.state.get(self.query["reg"]))
        if path.startswith("/course/"):
            self.app.requests.append(path)
            return self.document(path.removeprefix("/course/"))
        for prefix, folder in self.app.folders.items():
            if path.startswith(prefix) and (folder / path.removeprefix(prefix)).is_file():
                return self.file(path, (folder / path.removeprefix(prefix)).read_bytes())
        return self.reply(404, {})

    def document(self, name):
        time.sleep(self.app.faults.get("delay", 0))
        if name in self.app.faults.get("missing", ()) or name not in self.app.files:
            return self.reply(404, {})
        return self.file(name, self.app.files[name])

    def file(self, name, body):
        self.reply(200, body, f"{mimetypes.guess_type(name)[0] or 'application/octet-stream'}; charset=utf-8")

    def do_POST(self):
        raw = self.body()
        time.sleep(self.app.faults.get("commit_delay", 0))
        if self.app.faults.get("commit"):
            return self.reply(self.app.faults["commit"], {"result": "false", "errorCode": 101})
        self.app.state[self.query["reg"]] = json.loads(raw)
        return self.reply(200, {"result": "true", "errorCode": 0})


class Lms(Server):
    """Serves the host page, scorm-again and the files of one package; keeps what is committed, by registration."""

    handler = LmsHandler

    def __init__(self, files, modules, host="host.html"):
        self.files = files
        self.host = host
        self.folders = {"/lms/": HERE / "lms", "/lib/": modules / "scorm-again" / "dist", "/player/": PLAYER}
        self.state = {}
        super().__init__()

    def address(self, **query):
        return f"{self.origin}/lms/{self.host}?{urlencode(query)}"

    def cmi(self, reg="r1"):
        return (self.state.get(reg) or {}).get("cmi", {})

    def saved(self, reg="r1"):
        """suspend_data as the learning system holds it, read as JSON."""
        return json.loads(self.cmi(reg).get("suspend_data") or "{}")


class StoreHandler(Handler):
    def answer(self, status=200, body=b"", headers=()):
        allow = self.headers.get("Origin") if self.app.allows else None
        cors = [
            ("Access-Control-Allow-Origin", allow),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Experience-API-Version"),
            ("Access-Control-Expose-Headers", "Retry-After"),
            ("Access-Control-Max-Age", "0"),
        ]
        self.reply(status, body, headers=[*(cors if allow else ()), *headers])

    def do_OPTIONS(self):
        self.answer(204)

    def do_POST(self):
        raw, path = self.body(), urlsplit(self.path).path
        kind = "launch" if path.startswith("/launch/") else "statements"
        self.app.requests.append((kind, json.loads(raw)))
        time.sleep(self.app.faults.get("delay", 0))
        if status := self.app.faults.get(kind):
            return self.answer(status, {"error": "fault"}, self.app.faults.get("headers", ()))
        return self.launch(json.loads(raw)) if kind == "launch" else self.statements(raw)

    def launch(self, wish):
        self.app.launches.append(wish)
        self.app.token = f"t{len(self.app.launches)}"
        told = {"endpoint": f"{self.app.origin}/xapi/", "token": self.app.token, "expires": "2099-01-01T00:00:00Z"}
        self.answer(200, told)

    def statements(self, raw):
        if self.headers.get("Authorization") != f"Bearer {self.app.token}":
            return self.answer(401, {})
        if not self.headers.get("X-Experience-API-Version") or len(raw) > 50_000:
            return self.answer(400, {})
        given = json.loads(raw)
        if any(one["verb"]["id"].endswith(self.app.faults.get("rejects", "\0")) for one in given):
            return self.answer(self.app.faults.get("with", 400), {})
        self.app.statements.update((one["id"], one) for one in given)
        return self.answer(200, [one["id"] for one in given])


class Store(Server):
    """A record store that keeps the statements it takes, by id."""

    handler = StoreHandler

    def __init__(self):
        self.statements = {}
        self.launches = []
        self.token = None
        self.allows = True
        super().__init__()

    def verbs(self):
        return [one["verb"]["id"].rsplit("/")[-1] for one in self.statements.values()]

    def posts(self):
        return [body for kind, body in self.requests if kind == "statements"]
