"""The words of the record store's tests: a clock, an application on a store of its own, keys, statements, a course.

Whatever uses a store runs twice: on SQLite, and on a PostgreSQL that is started for the run.
"""

import base64
import json
import shutil
import signal
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from werkzeug.routing import Rule

from lrs import create_app
from lrs.storage import courses, database, keys

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]
from databases import postgresql  # noqa: E402
from killing import Server  # noqa: E402

VERBS = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://ktb.vsc.example/knowing-the-business"


PARSED = {}


class KnownRule(Rule):
    """A rule that takes what was made of its address before, and learns to build it when it is first asked to.

    Werkzeug compiles a hundred and fifty addresses and a function for each: a fifth of a second, in nearly every test.
    """

    def compile(self):
        if self.rule not in PARSED:
            super().compile()
            PARSED[self.rule] = self._parts, self._trace, self._converters
            return
        self._parts, self._trace, self._converters = PARSED[self.rule]
        self.arguments.update(self._converters)
        self._build = self._compile_builder(False).__get__(self)
        self._build_unknown = self._compile_builder(True).__get__(self)

    def _compile_builder(self, append_unknown=True):
        made = []

        def build(rule, **values):
            if not made:
                made.append(super()._compile_builder(append_unknown))
            return made[0](rule, **values)

        return build


Flask.url_rule_class = KnownRule


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self):
        self.moment = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self):
        self.moment += timedelta(microseconds=1)  # no two moments are the same
        return self.moment

    def move(self, **distance):
        self.moment += timedelta(**distance)


class Xapi:
    """A client that speaks xAPI 1.0.3 with a key; what it is given as a body is sent as JSON."""

    def __init__(self, client, headers):
        self.client, self.headers = client, headers

    def post(self, body, **headers):
        return self.client.post("/xapi/statements", data=encoded(body), headers=self._with(headers))

    def put(self, number, body, **headers):
        where = f"/xapi/statements?statementId={number}"
        return self.client.put(where, data=encoded(body), headers=self._with(headers))

    def get(self, path="/xapi/statements", **query):
        return self.client.get(path, query_string=query or None, headers=self.headers)

    def ids(self, **query):
        answer = self.get(**query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json["statements"]]

    def _with(self, headers):
        return {"Content-Type": "application/json", **self.headers, **headers}


def encoded(body):
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """A migrated store that every test begins with a copy of."""
    place = tmp_path_factory.mktemp("store") / "empty.sqlite3"
    engine = database.open_engine(f"sqlite:///{place}")
    database.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
    engine.dispose()
    return place


@pytest.fixture(scope="session")
def server_of_databases():
    """A PostgreSQL for the whole run; what it holds would not survive a loss of power."""
    with postgresql(durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def emptied(server_of_databases):
    """``emptied()`` -> the address of a migrated database with nothing in it, always the same one.

    To delete costs a sixth of a new database: the tables are many and nearly all of them empty.
    """
    url = server_of_databases.create("ktb")
    engine = database.open_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    database.upgrade(engine)
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        delete = "; ".join(f'DELETE FROM "{name}"' for (name,) in tables if name != "alembic_version")

        def empty():
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            connection.execute(f"SET session_replication_role = replica; {delete}")
            connection.execute("UPDATE alembic_version SET version_num = %s", [database.HEAD])
            return url

        yield empty


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    """Which database the test runs on; parametrize it where only one of them is meant."""
    return request.param


@pytest.fixture
def store_url(kind, request, tmp_path):
    """The address of a store that is ready, with nothing in it."""
    if kind == "postgresql":
        return request.getfixturevalue("emptied")()
    shutil.copy(request.getfixturevalue("empty_store"), tmp_path / "store.sqlite3")
    return f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture
def new_url(kind, request, tmp_path):
    """The address of a store without tables."""
    if kind == "postgresql":
        return request.getfixturevalue("server_of_databases").create("new")
    return f"sqlite:///{tmp_path}/new.sqlite3"


@pytest.fixture
def new_engine(new_url):
    """An engine for a store without tables."""
    engine = database.open_engine(new_url.replace("postgresql:", "postgresql+psycopg:"))
    yield engine
    engine.dispose()


@pytest.fixture
def settings():
    """What a test changes about the settings; parametrize or override it."""
    return {}


@pytest.fixture
def app(store_url, settings, clock):
    made = create_app({"KTB_DATABASE_URL": store_url, **settings}, clock)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def engine(app):
    return app.extensions["engine"]


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def key(engine, clock):
    """``key(*scopes)`` -> the headers of requests with a new key of these scopes."""

    def made(*scopes, label="Test", trusted=False):
        with database.writing(engine) as connection:
            new = keys.create(connection, label, list(scopes), clock(), trusted=trusted)
        pair = base64.b64encode(f"{new.key}:{new.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}

    return made


@pytest.fixture
def xapi(client, key):
    """An xAPI client that may do everything."""
    return Xapi(client, key("all"))


@pytest.fixture
def xapi_as(client):
    """``xapi_as(headers)`` -> an xAPI client with these headers."""
    return lambda headers: Xapi(client, headers)


@pytest.fixture
def statement():
    """``statement(**changes)`` -> a valid statement with properties laid over it; None takes a property away."""

    def made(**changes):
        whole = {
            "id": str(uuid.uuid4()),
            "actor": {"account": {"homePage": "https://lms.example", "name": "1234"}},
            "verb": {"id": VERBS + "completed", "display": {"en-GB": "completed", "cy": "wedi cwblhau"}},
            "object": {"id": COURSE + "/modules/safeguarding", "definition": {"name": {"cy": "Diogelu"}}},
            "timestamp": "2026-11-02T08:59:00Z",
        } | changes
        return {name: value for name, value in whole.items() if value is not None}

    return made


@pytest.fixture
def outline():
    """A course.json of two modules, one of them with a question."""
    modules = [
        {"id": "wales-and-its-governments", "iri": f"{COURSE}/modules/wales-and-its-governments", "questions": []},
        {
            "id": "safeguarding",
            "iri": f"{COURSE}/modules/safeguarding",
            "questions": [{"id": "doors", "iri": f"{COURSE}/modules/safeguarding/questions/doors"}],
        },
    ]
    names = ("initialized", "completed", "passed", "failed", "terminated", "answered")
    return {
        "format": 1,
        "id": "knowing-the-business",
        "iri": COURSE,
        "version": "0.1.0",
        "authority": None,
        "title": {"en": "Knowing the Business", "cy": "Adnabod y Busnes"},
        "package": "0123456789abcdef",
        "package-format": "scorm12",
        "verbs": {name: {"id": VERBS + name, "display": {"en-GB": name}} for name in names},
        "extensions": {"version": f"{COURSE}/extensions/version", "authority": f"{COURSE}/extensions/authority"},
        "modules": modules,
        "something-new": True,
    }


@pytest.fixture
def course(engine, outline, clock):
    """The outline's course, registered, with https://lms.example allowed to launch it."""
    with database.writing(engine) as connection:
        courses.register(connection, outline, clock())
        courses.allow(connection, outline["id"], "https://lms.example", clock())
    return outline


@pytest.fixture
def rows(engine):
    """``rows("SELECT …")`` -> what the store holds, as tuples."""

    def found(question):
        with database.reading(engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(question)]

    return found


@pytest.fixture
def server(store_url):
    """A server of the store, not yet started."""
    made = Server(store_url)
    yield made
    made.stop(signal.SIGKILL)
