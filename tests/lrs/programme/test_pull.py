"""Statements of another record store come in by tincan's client, over real HTTP from a second store of ours."""

import base64
import json
import shutil
import ssl
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server

from lrs import create_app
from lrs.cli import main
from lrs.programme import remote
from lrs.storage import keys
from lrs.storage.database import reading, writing
from lrs.storage.statements import Sender, store

VERB = {"id": "http://adlnet.gov/expapi/verbs/completed"}
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://lms.council.example", "name": "authority"}}


@pytest.fixture
def kind():
    """One database: the other store speaks HTTP, and what is stored here is stored as everything is."""
    return "sqlite"


def statement(number, module="m1"):
    return {
        "id": str(uuid.UUID(int=number, version=4)),
        "actor": {"objectType": "Agent", "mbox": f"mailto:person{number}@council.example"},
        "verb": VERB,
        "object": {"objectType": "Activity", "id": f"https://course.example/tiny/modules/{module}"},
        "timestamp": "2026-11-18T10:00:00Z",
    }


class Other:
    """A second store of ours, served on a free port, with a key that may read."""

    def __init__(self, place, context=None):
        self.app = create_app({"KTB_DATABASE_URL": f"sqlite:///{place}", "KTB_PAGE_SIZE": "3"})
        self.engine, self.asked, self.sent = self.app.extensions["engine"], [], 0
        self.app.before_request(self._note)
        with writing(self.engine) as connection:
            self.key = keys.create(connection, "reader", ["statements/read"], datetime.now(UTC))
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, ssl_context=context)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.server.server_port}/xapi/"

    def _note(self):
        from flask import request

        self.asked.append(request.full_path)

    def put(self, *statements):
        with writing(self.engine) as connection:
            store(connection, list(statements), Sender(AUTHORITY, "an LMS", "confirmed"), datetime.now(UTC))

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.engine.dispose()


@pytest.fixture
def other(empty_store, tmp_path):
    made = Other(shutil.copy(empty_store, tmp_path / "other.sqlite3"))
    yield made
    made.close()


@pytest.fixture
def here(filled, store_url, monkeypatch):
    """The store that pulls, with a key to keep what comes under."""
    monkeypatch.setenv("KTB_DATABASE_URL", store_url)
    with writing(filled.engine) as connection:
        keys.create(connection, "Gwent", ["statements/write"], filled.clock.now)
    return filled


def pulled(url, *more, key="k", secret="s"):
    environment = {"KTB_PULL_KEY": key, "KTB_PULL_SECRET": secret}
    return CliRunner().invoke(main, ["pull", "Gwent", url, *more], env=environment, catch_exceptions=False)


def last(result):
    """The last line: before it stands the log of the other store, which runs in this process."""
    return result.output.splitlines()[-1]


def kept(store, what="statement, kind, grade, source", table="evidence"):
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {what} FROM {table} ORDER BY 1")]


def by(other, *more):
    return pulled(other.url, *more, key=other.key.key, secret=other.key.secret)


def test_what_another_store_has_comes_in_once_page_by_page(here, other):
    other.put(*(statement(number) for number in range(7)))
    told = by(other)
    assert (told.exit_code, last(told)) == (0, "Gwent: 7 new, 0 known, 0 refused.")
    assert {row[1:] for row in kept(here)} == {("completed", "confirmed", "Gwent")}
    assert len(kept(here)) == 7
    assert len(other.asked) == 3
    assert "ascending=true" in other.asked[0]
    again = by(other)
    assert "0 new" in again.output
    assert "since=" in other.asked[3]
    other.put(statement(8))
    assert "1 new" in by(other).output
    assert len(kept(here)) == 8
    assert [row[0] for row in kept(here, "action", "audit")].count("pull") == 3


def certified(folder, address):
    """What a server of that address shows, and the file of its certificate, which it signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other store")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    certificate = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    kept, secret = folder / "certificate.pem", folder / "key.pem"
    kept.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept, secret)
    return context, kept


@pytest.mark.parametrize(
    ("address", "trusted", "words"),
    [
        ("127.0.0.1", True, "Gwent: 1 new, 0 known, 0 refused."),
        ("127.0.0.1", False, "cannot be heard: SSLCertVerificationError."),
        ("127.0.0.9", True, "cannot be heard: SSLCertVerificationError."),
    ],
    ids=["its own", "nobody vouches", "another's"],
)
def test_over_https_only_a_store_that_its_certificate_names_is_asked(
    here, empty_store, tmp_path, monkeypatch, address, trusted, words
):
    context, certificate = certified(tmp_path, address)
    nobody = tmp_path / "nobody.pem"
    nobody.write_bytes(b"")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate if trusted else nobody))
    other = Other(shutil.copy(empty_store, tmp_path / "other.sqlite3"), context)
    try:
        other.put(statement(1))
        told = by(other)
    finally:
        other.close()
    good = "1 new" in words
    assert (told.exit_code == 0) == good
    assert words in told.output
    assert (len(kept(here)), len(other.asked)) == ((1, 1) if good else (0, 0))


def test_it_goes_on_where_it_stopped(here, other):
    other.put(*(statement(number) for number in range(7)))
    first = by(other, "--pages", "1")
    assert "3 new" in first.output
    assert "There is more: run it again to go on." in first.output
    assert last(by(other)) == "Gwent: 4 new, 0 known, 0 refused."
    assert "from=3" in other.asked[1]
    assert kept(here, "statements", "pulls") == [(7,)]


@pytest.mark.parametrize(
    ("language", "half", "whole"),
    [
        ("en", "It stopped half-way, and goes on the next time", "All that was there"),
        ("cy", "Stopiodd hanner ffordd, ac aiff yn ei flaen y tro nesaf", "Y cyfan a oedd yno"),
    ],
)
def test_a_lead_sees_which_stores_are_read_and_whether_all_of_it_came(here, other, lead, page, language, half, whole):
    def shown():
        answer = lead.get("/residentials/coed/exports", headers={"Accept-Language": language})
        tables = page(answer).findall(".//table")
        return (
            [" ".join("".join(cell.itertext()).split()) for cell in tables[0].findall(".//tbody/tr/*")]
            if tables
            else []
        )

    assert shown() == []
    other.put(*(statement(number) for number in range(7)))
    by(other, "--pages", "1")
    name, _, state, number = shown()
    assert (name, state, number) == (f"Gwent {other.url}", half, "3")
    by(other)
    assert shown()[2:] == [whole, "7"]


def test_an_address_to_go_on_at_that_is_good_no_longer_costs_nothing_but_time(here, other):
    other.put(*(statement(number) for number in range(7)))
    by(other, "--pages", "1")
    with writing(here.engine) as connection:
        connection.exec_driver_sql("UPDATE pulls SET more = '/xapi/statements?more=gone'").close()
    assert by(other).exit_code == 0
    assert len(kept(here)) == 7


def test_a_page_that_cannot_be_kept_is_not_passed_over(here, other, monkeypatch):
    other.put(*(statement(number) for number in range(4)))

    def broken(*_):
        raise RuntimeError("the machine lost its power")

    with monkeypatch.context() as patched:
        patched.setattr("lrs.programme.pull.keep_pull", broken)
        with pytest.raises(RuntimeError):
            by(other)
    assert kept(here) == kept(here, "*", "pulls") == []
    assert "4 new" in by(other).output


def test_what_was_voided_there_is_voided_here(here, other):
    other.put(statement(1))
    by(other)
    void = statement(2) | {
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": statement(1)["id"]},
    }
    other.put(void)
    assert by(other).exit_code == 0
    assert [row[0] is not None for row in kept(here, "voided_at")] == [True]


# --- stores that are not as they should be ---------------------------------------------------------------------------


class Liar:
    """A server that answers every request as a function of its number says."""

    def __init__(self, answer):
        liar = self
        self.seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                liar.seen.append((self.path, self.headers))
                answer(self, len(liar.seen))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/xapi"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def liar():
    made = []

    def make(answer):
        made.append(Liar(answer))
        return made[-1]

    yield make
    for one in made:
        one.close()


def says(code, body, **headers):
    def answer(request, _number):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return answer


@pytest.mark.parametrize(
    ("code", "body", "headers", "told"),
    [
        (401, {}, {}, "refuses the key"),
        (302, {}, {"Location": "https://elsewhere.example/"}, "is elsewhere"),
        (500, {}, {}, "answers 500"),
        (200, b"<html>", {}, "not in JSON"),
        (200, [], {}, "not with statements"),
        (200, {"statements": [], "more": 3}, {}, "whether there is more"),
        (200, {"statements": [], "more": "https://elsewhere.example/more"}, {}, "another machine"),
        (200, {"statements": [], "more": "/xapi/statements?more=1"}, {}, "round in a circle"),
    ],
)
def test_a_store_that_answers_otherwise_is_told_of_and_gets_no_second_key(here, liar, code, body, headers, told):
    server = liar(says(code, body, **headers))
    result = pulled(server.url, secret="hunter2")
    assert result.exit_code == 1
    assert told in result.output
    assert "hunter2" not in result.output
    assert len(server.seen) <= 3
    assert kept(here) == []


def test_a_store_that_says_too_much_or_stalls_is_left(here, liar, monkeypatch):
    monkeypatch.setattr(remote, "MOST_BYTES", 1000)
    assert "longer than" in pulled(liar(says(200, b" " * 2000)).url).output
    monkeypatch.setattr(remote, "PATIENCE", 0.3)
    over = threading.Event()

    def drips(request, _number):
        request.send_response(200)
        request.send_header("Content-Length", "900")
        request.end_headers()
        while not over.wait(0.05):
            try:
                request.wfile.write(b" ")
                request.wfile.flush()
            except OSError:
                break

    try:
        assert "cannot be heard" in pulled(liar(drips).url).output
    finally:
        over.set()


def test_statements_that_are_none_are_left_out_and_told_of(here, liar):
    bad = statement(2) | {"verb": {}}
    other_words = statement(3)
    page = {"statements": [statement(1), bad, "x", {"id": 7}, other_words], "more": ""}
    with writing(here.engine) as connection:
        clash = statement(3) | {"timestamp": "2026-01-01T00:00:00Z"}
        store(connection, [clash], Sender(AUTHORITY, "x", "confirmed"), here.clock.now - timedelta(days=1))
    result = pulled(liar(says(200, page)).url)
    assert result.exit_code == 0
    assert "1 new, 0 known, 4 refused" in result.output
    assert bad["id"] in result.output
    assert "Another statement is stored under the id" in result.output
    assert len(kept(here)) == 2


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://lrs.council.example/xapi/", "Only https"),
        ("ftp://lrs.council.example/", "such as https"),
        ("https://key:secret@lrs.council.example/", "Leave the key out"),
        ("https://lrs.council.example/?a=b", "such as https"),
        ("https://[x/", "not an address"),
        ("lrs.council.example", "such as https"),
    ],
)
def test_addresses_by_which_a_key_could_be_read_are_refused(here, url, told):
    result = pulled(url)
    assert (result.exit_code, told in result.output) == (1, True), result.output


def test_the_key_is_asked_for_where_the_environment_has_none(here, other):
    other.put(statement(1))
    typed = f"{other.key.key}\n{other.key.secret}\n"
    environment = {"KTB_PULL_KEY": None, "KTB_PULL_SECRET": None}
    result = CliRunner().invoke(main, ["pull", "Gwent", other.url], env=environment, input=typed)
    assert "1 new" in result.output
    assert other.key.secret not in result.output


def test_without_a_key_here_nothing_is_asked_there(here, liar):
    server = liar(says(200, {"statements": []}))
    result = CliRunner().invoke(main, ["pull", "Nobody", server.url], env={"KTB_PULL_KEY": "k", "KTB_PULL_SECRET": "s"})
    assert (result.exit_code, server.seen) == (1, [])
    assert "No key that may store statements is labelled Nobody" in result.output


def test_another_address_under_the_same_name_begins_anew(here, other, liar):
    other.put(statement(1))
    by(other)
    server = liar(says(200, {"statements": []}))
    result = pulled(server.url)
    assert "this begins anew" in result.output
    assert "since" not in server.seen[0][0]
    credentials = base64.b64encode(b"k:s").decode()
    assert server.seen[0][1]["Authorization"] == f"Basic {credentials}"
