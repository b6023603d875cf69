"""A whole world for a journey: the built package, an LMS that we did not write, and a store with a residential."""

import json
import socket
import sys
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "player"), str(ROOT / "tests")]

from course_packages import built, two_modules  # noqa: E402
from player_servers import Lms  # noqa: E402
from walking import Learner  # noqa: E402

TODAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


class Clock:
    """The time of day, as the store is told it."""

    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        return self.moment

    def later(self, **step):
        self.moment += timedelta(**step)


class Store:
    """The record store on a port of its own, which can be stopped and started with everything kept."""

    def __init__(self, folder, clock, port):
        from lrs import create_app

        self.clock = clock
        self.app = create_app({"KTB_DATABASE_URL": f"sqlite:///{folder}/store.sqlite3"}, clock)
        self.engine = self.app.extensions["engine"]
        self.port, self.address = port, f"http://127.0.0.1:{port}"
        self.start()

    def _serve(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def start(self):
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self._serve()

    def run(self, *command):
        """Run a ktb-lrs command on this store's database and return what it printed."""
        from lrs.cli import main

        environment = {"KTB_DATABASE_URL": str(self.engine.url), "KTB_PUBLIC_URL": self.address}
        done = CliRunner().invoke(main, command, env=environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    def sign_in_link(self):
        """The address of a one-time link for a programme lead."""
        from lrs import signin
        from lrs.storage import users
        from lrs.storage.database import writing

        with writing(self.engine) as connection:
            user = users.add_user(connection, "lead@college.example", "Mair Brawf", "lead", None, self.clock())
            return f"{self.address}/sign-in/{signin.new_link(connection, user, self.clock())}"

    def statements(self):
        """Every statement as stored, oldest first."""
        with self.engine.connect() as connection:
            return [
                json.loads(row[0]) for row in connection.execute(text("SELECT payload FROM statements ORDER BY seq"))
            ]


@pytest.fixture
def clock():
    return Clock(TODAY)


@pytest.fixture(scope="module")
def port():
    """The port of every journey's store, so that one package knows them all."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def store(tmp_path, clock, port):
    """A running store with no course, nobody and nothing in it."""
    made = Store(tmp_path, clock, port)
    yield made
    made.stop()
    made.engine.dispose()


@pytest.fixture(scope="module")
def package(port, tmp_path_factory):
    """Two modules of the course built for the store, unpacked: (zip, folder)."""
    folder = tmp_path_factory.mktemp("two")
    made = built(two_modules(folder), folder / "build", "scorm12", "--lrs", f"http://127.0.0.1:{port}")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder / "unpacked")
    return made, folder / "unpacked"


@pytest.fixture
def lms(package, node_modules):
    """scorm-again's SCORM 1.2 API, strict on 4,096 characters, around the unpacked package."""
    folder = package[1]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    server = Lms(files, node_modules)
    yield server
    server.close()


@pytest.fixture
def learner(browser, lms, package, clock):
    """``learner(id)`` -> a launch by that learner, always in one browser profile whose clock is the store's."""
    profile = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    profile.clock.install(time=TODAY)
    outline = json.loads((package[1] / "course.json").read_text("utf-8"))
    yield lambda name: Learner(profile, lms, outline, name)
    profile.close()
