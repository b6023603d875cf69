"""A store with one course and one residential, people on it, and browsers signed in as each role."""

import itertools
import threading
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from sqlalchemy import event
from werkzeug.serving import make_server

from lrs import create_app, signin
from lrs.programme import words
from lrs.storage import cohorts, courses, people, users
from lrs.storage.database import writing
from lrs.storage.statements import Sender, store

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
COURSE = "https://course.example/tiny"
VERBS = {
    name: {"id": f"http://adlnet.gov/expapi/verbs/{name}", "display": {"en-GB": name, "cy": name}}
    for name in ("initialized", "completed", "passed", "failed", "terminated")
}
LMS = "https://lms.council.example"


@pytest.fixture(autouse=True)
def spoken():
    """Each test begins in English, whatever a page of the one before it was asked for in."""
    words.speak("en")


def tiny(modules=3):
    """A course.json of so many modules of 20 minutes each, called m1, m2, …"""
    return {
        "format": 1, "id": "tiny", "iri": COURSE, "version": "1.0.0", "authority": None, "languages": ["en", "cy"],
        "title": {"en": "A tiny course", "cy": "Cwrs bach"}, "package": "0123456789abcdef", "package-format": "scorm12",
        "verbs": VERBS, "extensions": {"version": f"{COURSE}/v", "authority": f"{COURSE}/a"},
        "modules": [
            {
                "id": f"m{number}", "iri": f"{COURSE}/modules/m{number}", "minutes": 20, "complete-when": "answered",
                "title": {"en": f"Module <{number}>", "cy": f"Modiwl <{number}>"}, "questions": [],
            }
            for number in range(1, modules + 1)
        ],
    }  # fmt: skip


class Store:
    """What tests do to the record store, each in a transaction of its own."""

    def __init__(self, engine, clock):
        self.engine, self.clock = engine, clock
        self.numbers = itertools.count(1)

    def add_course(self, modules=3):
        with writing(self.engine) as connection:
            courses.register(connection, tiny(modules), self.clock.now)

    def add_cohort(self, name="coed", opens=-10, target=7, cut_off=7, starts=18, required=("m1", "m2", "m3"), **more):
        today = self.clock.now.date()
        day = {"opens": opens, "target": target, "cut_off": cut_off, "starts": starts, "ends": starts + 2}
        dates = {key: today + timedelta(days=days) for key, days in day.items()}
        titles = {"title_en": "Coed, December 2026", "title_cy": "Coed, Rhagfyr 2026"}
        values = {"id": name, "course": "tiny", "least_grade": "asserted", **titles, **dates, **more}
        with writing(self.engine) as connection:
            cohorts.add_cohort(connection, values, required, self.clock.now)

    def add_person(self, name="Mari Enghraifft", authority="W06000015", language="cy", place="confirmed"):
        number = next(self.numbers)
        email = f"person{number}@council.example"
        with writing(self.engine) as connection:
            began = self.clock.now - timedelta(days=100)
            person = people.add_person(connection, name, language, began)
            people.identify(connection, person, [("email", email)], began)
            people.appoint(connection, person, authority, "", began)
            people.place(connection, "coed", person, place, "test", began)
        return person, email

    def send(self, email, verb, module, at, *, grade="asserted", source="the module", stored=None, language="cy"):
        """Store one statement of a person about a module (or the course), as if it had come then."""
        statement = {
            "id": str(uuid.uuid4()),
            "actor": {"objectType": "Agent", "account": {"homePage": LMS, "name": email}},
            "verb": {"id": VERBS[verb]["id"]},
            "object": {"objectType": "Activity", "id": f"{COURSE}/modules/{module}" if module else COURSE},
            "context": {"language": language},
            "timestamp": at.isoformat(),
        }  # fmt: skip
        self.put(statement, stored or at, grade, source)
        return statement["id"]

    def void(self, statement, at):
        voiding = {
            "id": str(uuid.uuid4()),
            "actor": {"objectType": "Agent", "account": {"homePage": LMS, "name": "lms"}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
            "object": {"objectType": "StatementRef", "id": statement},
            "timestamp": at.isoformat(),
        }
        self.put(voiding, at, "asserted", "the module")

    def put(self, statement, stored, grade, source):
        authority = {"objectType": "Agent", "account": {"homePage": LMS, "name": "authority"}}
        with writing(self.engine) as connection:
            store(connection, [statement], Sender(authority, source, grade), stored)

    def sign_in(self, client, role="lead", authority=None, email=None):
        email = email or f"{role}{next(self.numbers)}@council.example"
        with writing(self.engine) as connection:
            user = users.add_user(connection, email, "Mair Prawf", role, authority, self.clock.now)
            token = signin.new_link(connection, user, self.clock.now)
        client.delete_cookie("ktb_session")
        answer = client.post(f"/sign-in/{token}")
        assert answer.status_code == 302, answer.text
        return email


class Clock:
    """The application's clock: stands still until it is set."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app(store_url, clock):
    app = create_app({"KTB_DATABASE_URL": store_url}, clock)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def address(app):
    """The application, served on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def empty(app, clock):
    """A store with nothing in it."""
    return Store(app.extensions["engine"], clock)


@pytest.fixture
def filled(empty):
    """A store with a course and a residential, and nobody on it yet."""
    empty.add_course()
    empty.add_cohort()
    return empty


def parsed(answer):
    """The page as a tree; fails on markup that is not well formed."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(answer.get_data(as_text=True))


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def lead(app, empty):
    """A browser in which a programme lead is signed in."""
    client = app.test_client()
    empty.sign_in(client)
    return client


@pytest.fixture
def token():
    """``token(client)`` -> what the client's forms carry."""

    def find(client, address="/how-status-is-worked-out"):
        page = parsed(client.get(address))
        return page.find(".//input[@name='form_token']").get("value")

    return find


@pytest.fixture
def page():
    """``page(answer)`` -> the tree of a page, checked for well-formedness."""
    return parsed


@pytest.fixture
def outline():
    """``outline(modules)`` -> a course.json."""
    return tiny


@pytest.fixture
def explain():
    """``explain(client)`` -> each kind of exception that is open, with a lead's word on why it stands."""

    def explained(client, where="/residentials/coed/exceptions"):
        said = []
        for form in parsed(client.get(where)).findall(".//main//form[@method='post']"):
            sent = {field.get("name"): field.get("value") for field in form.findall(".//input[@type='hidden']")}
            assert client.post(where, data={**sent, "reason": "Looked at with the councils"}).status_code == 302
            said.append(sent["kind"])
        return said

    return explained


@pytest.fixture
def queries():
    """``with queries(engine) as said`` -> the SQL run in the block, without the beginnings and ends of transactions."""

    @contextmanager
    def heard(engine):
        said = []

        def listen(_connection, _cursor, statement, *_):
            if not statement.startswith(("PRAGMA", "BEGIN")):
                said.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        yield said
        event.remove(engine, "before_cursor_execute", listen)

    return heard
