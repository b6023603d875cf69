"""The demonstration: build the course, fill a store, serve it beside a pretend LMS, and say where to look."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click

from lrs import signin
from lrs.programme import demo_calendar, demo_elsewhere, demo_people
from lrs.programme.authorities import AUTHORITIES
from lrs.rules.packages import outline_in
from lrs.storage import courses, database, users

HOST = "127.0.0.1"
COURSE = "knowing-the-business"
PATIENCE = 30.0  # seconds until a server must answer
# What is to be seen -> where, and a word of it in Welsh.
PAGES = {
    "one that is planned, its places": ("/residentials/demo-planned/places", "Wedi cael cynnig"),
    "one that is open, its waiting list": ("/residentials/demo-open/places", "demo-open"),
    "what became of messages": ("/residentials/demo/reminders", "Daeth yn ôl"),
    "a snapshot that is signed": ("/residentials/demo-signed/snapshots", demo_people.LEAD),
    "the register of one that is under way": ("/residentials/demo-under-way/register", "✓"),
    "certificates of one that is over": ("/residentials/demo-over/certificates", ".pdf"),
    "one for practice": ("/residentials/demo-practice", "Ar gyfer ymarfer"),
    "who may look": ("/users", demo_calendar.OFFICERS[1][0]),
    "what is kept too long": ("/retention", "Y rheol"),
    "accounts that nobody knows": ("/accounts", "nia.ffugenw@ysgol.example"),
    "two records made one": ("/accounts", demo_elsewhere.TWICE),
    "what was brought in": ("/log", demo_elsewhere.LMS.label),
    "what to look at before a sign-off": ("/residentials/demo/exceptions", "k.figment@ysgol.example"),
    "whom to chase": ("/residentials/demo/chase", "Aled Anhysbys"),
    "everybody by module": ("/residentials/demo/grid", "Aled Anhysbys"),
    "language take-up": ("/languages", "Caerdydd"),
    "the national roll-up": ("/roll-up", "</table>"),
    "how questions do": (f"/courses/{COURSE}/questions", "01-wales-and-its-governments"),
}


class Place(NamedTuple):
    """Where the demonstration lives: its folder and its two origins."""

    folder: Path
    port: int
    lms_port: int

    @property
    def store(self) -> str:
        """The address of the record store."""
        return f"http://{HOST}:{self.port}"

    @property
    def lms(self) -> str:
        """The address of the pretend LMS."""
        return f"http://{HOST}:{self.lms_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that the store is served with."""
        database_url = f"sqlite:///{self.folder.resolve()}/store.sqlite3"
        return {**os.environ, "KTB_DATABASE_URL": database_url, "KTB_PUBLIC_URL": self.store}


def run(folder: Path, port: int, once: bool) -> None:
    """Do it all. With ``once``, check that every page answers and end; else serve until stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port(port)
    place = Place(folder, port, free_port(port + 1))
    package = build(place)
    links = fill(place, package)
    with ExitStack() as running:
        running.enter_context(served(place, "store", ["lrs.cli", "serve", "--port", str(place.port)]))
        preview = ["authoring.cli", "preview", str(package), "--port", str(place.lms_port)]
        running.enter_context(served(place, "lms", [*preview, "--learner", demo_people.VISITOR, "--no-open"]))
        wait_for(place.store + "/health/ready")
        wait_for(place.lms + "/")
        if once:
            check(place, links)
            return
        say_where(place, links)
        wait_until_stopped()


def free_port(first: int) -> int:
    """The first port from ``first`` on that nobody listens on."""
    for port in range(first, min(first + 200, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise click.ClickException(f"No port is free from {first} on.")


def build(place: Place) -> Path:
    """Build the course's packages, their progress for all to see; returns the SCORM 1.2 package."""
    out = place.folder / "packages"
    command = [
        "authoring.cli",
        "build",
        "--format",
        "scorm12",
        "--format",
        "web",
        "--lrs",
        place.store,
        "--out",
        str(out),
    ]
    if subprocess.run([sys.executable, "-m", *command], check=False).returncode:  # noqa: S603
        raise click.ClickException("The course could not be built; see above.")
    return max(out.glob("*/scorm12/*.zip"), key=lambda package: package.stat().st_mtime)


class Links(NamedTuple):
    """Where to look: the visitor's course in the pretend LMS, one-time links by address, the visitor's own page."""

    learn: str
    sign_in: dict[str, str]
    visitor: str
    board: str

    @property
    def lead(self) -> str:
        """The lead's one-time link."""
        return self.sign_in[demo_people.LEAD]


def fill(place: Place, package: Path) -> Links:
    """Make a fresh store with the course, a residential in every state, and those who may look."""
    for old in place.folder.glob("store.sqlite3*"):
        old.unlink()
    engine = database.open_engine(place.environment["KTB_DATABASE_URL"])
    database.make_ready(engine)
    with package.open("rb") as file:
        outline = outline_in(file)
    now = datetime.now(UTC)
    with database.writing(engine) as connection:
        courses.register(connection, outline, now - demo_calendar.KNOWN)
        courses.allow(connection, outline["id"], place.lms, now)
        visitor = demo_calendar.load(connection, outline, now, place.store)
        tokens = {one.email: signin.new_link(connection, one, now) for one in users.every_user(connection)}
    engine.dispose()
    learner = urllib.parse.quote(demo_people.VISITOR)
    board = f"{place.store}/residentials/{demo_people.COHORT}"
    return Links(
        f"{place.lms}/?learner={learner}&name={urllib.parse.quote('Visitor, Ymwelydd')}",
        {email: f"{place.store}/sign-in/{token}" for email, token in tokens.items()},
        f"{board}/people/{visitor}",
        board,
    )


@contextmanager
def served(place: Place, name: str, command: list[str]) -> Iterator[None]:
    """A server as a child process for the length of the block, its log in the folder; ended by its own number."""
    with (place.folder / f"{name}.log").open("wb") as log:
        arguments = [sys.executable, "-m", *command]
        child = subprocess.Popen(arguments, stdout=log, stderr=log, env=place.environment)  # noqa: S603
        try:
            yield
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for(address: str) -> None:
    """Wait until a server answers, whatever it answers; ClickException where it does not in time."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > last:
                raise click.ClickException(f"Nothing answers at {address}; the logs lie beside the store.") from None
            time.sleep(0.1)
        else:
            return


def check(place: Place, links: Links) -> None:
    """Look at every page as a visitor would, over HTTP, and say what was seen."""
    browser = _browser()
    _see(browser, "the page of the one-time link", links.lead, "form")
    _see(browser, "the residentials, signed in by that link", links.lead, links.board[len(place.store) :], b"")
    _see(browser, "the board in English", links.board + "?lang=en", demo_people.STORIES["finished"][0])
    _see(browser, "the board in Welsh", links.board + "?lang=cy", 'lang="cy"')
    _see(browser, "the page of one person", links.visitor, demo_people.STORIES["visitor"][0])
    _see(browser, "the list as CSV", links.board + "/people.csv", "council.example")
    for what, (path, expected) in PAGES.items():
        _see(browser, what, place.store + path, expected)
    officer = _browser()
    link = links.sign_in[demo_calendar.OFFICERS[0][0]]
    _see(officer, "a link officer’s residentials", link, links.board[len(place.store) :], b"")
    _see(officer, "the places, as a link officer sees them", links.board + "/places", "Enwebu")
    _see(browser, "the pretend LMS", links.learn, "iframe")
    _see(browser, "the first page of the package", place.lms + "/package/scorm12/-/index.html", "</html>")
    click.echo("The demonstration works.")


def _browser() -> urllib.request.OpenerDirector:
    """A browser of its own, which speaks Welsh where it is not told otherwise."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    browser.addheaders = [("Accept-Language", "cy")]
    return browser


def _see(
    browser: urllib.request.OpenerDirector, what: str, address: str, expected: str, data: bytes | None = None
) -> None:
    """Open an address (posting ``data`` where it is given) and insist that the answer holds what is expected."""
    try:
        with browser.open(address, data, timeout=30) as answer:
            text = answer.read().decode()
    except OSError as error:
        raise click.ClickException(f"Not seen: {what} ({error}).") from None
    if expected not in text:
        raise click.ClickException(f"Not seen: {what} came without “{expected}”.")
    title = re.search(r"<title>(.*?)</title>", text)
    click.echo(f"Seen: {what}" + (f" ({title[1]})" if title else ""))


def say_where(place: Place, links: Links) -> None:
    """Print the links."""
    officers = "".join(
        f"   {name}, link officer of {AUTHORITIES[council].en}:\n   {links.sign_in[email]}\n"
        for email, name, council in demo_calendar.OFFICERS
    )
    click.echo(
        f"\n1. Take the course as {demo_people.VISITOR}, who is on the roster, in the pretend LMS:\n   {links.learn}\n"
        f"2. See who is ready, on a residential in every state (each link signs in once, within 15 minutes):\n"
        f"   Mair Arweinydd, programme lead:\n   {links.lead}\n{officers}"
        f"   Another one: KTB_DATABASE_URL={place.environment['KTB_DATABASE_URL']} "
        f"KTB_PUBLIC_URL={place.store} {sys.executable} -m lrs.cli user link {demo_people.LEAD}\n"
        f"3. The packages:\n   {(place.folder / 'packages').resolve()}\n\nCtrl-C ends it."
    )


def wait_until_stopped() -> None:
    """Sleep until Ctrl-C or a polite request to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("Ended.")
