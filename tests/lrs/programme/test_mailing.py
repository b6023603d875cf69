"""Sending the outbox to real mail servers: good ones, and ones that refuse, stall, lie, or are not who they say."""

import asyncio
import datetime as dt
import socket
import ssl
import threading
from contextlib import closing
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lrs import config
from lrs.cli import main
from lrs.programme import commands_mail, delivery, mailing
from lrs.programme.delivery import deliver
from lrs.programme.mailing import MailServer, mail_server
from lrs.storage import outbox
from lrs.storage.database import reading, writing
from lrs.storage.outbox import Message

TUESDAY = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def kind(request):
    """SQLite, but where a test says otherwise: the mail server is what differs here."""
    return getattr(request, "param", "sqlite")


class Box:
    """A mail server's handler: takes everything, but for what ``answers`` says of a recipient or of the content."""

    def __init__(self):
        self.taken, self.rcpt, self.data = [], {}, {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.data.get(envelope.rcpt_tos[0], "250 taken")
        if answer == "stall":
            await asyncio.Event().wait()
        if answer != "hang up first":
            self.taken.append(envelope)
        if answer.startswith("hang up"):
            server.transport.close()
        return answer

    @property
    def recipients(self):
        return [one.rcpt_tos[0] for one in self.taken]

    def letters(self):
        return [message_from_bytes(one.original_content, policy=default) for one in self.taken]


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def serving(box):
    """``serving(**how)`` -> a real mail server that puts everything in the box, as the settings would name it."""
    started = []

    def start(tls="none", user="", password="", **how):
        controller = Controller(box, hostname="127.0.0.1", port=free_port(), **how)
        controller.start()
        started.append(controller)
        return MailServer("localhost", controller.port, tls, user, password, "team@store.example")

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def autumn(filled, clock):
    clock.now = TUESDAY
    return filled


@pytest.fixture
def post(autumn):
    """``post("a@x.example", …)`` puts a message to each in the outbox."""

    def put(*recipients, kind="reminder", body="Helô, ŵ ŷ.\n.\n..dots", subject="Pwnc â to"):
        with writing(autumn.engine) as connection:
            for one in recipients:
                message = Message(kind, None, None, "cy", one, subject, body)
                outbox.write(connection, message, "test", autumn.clock.now)

    return put


def states(store):
    with reading(store.engine) as connection:
        found = connection.exec_driver_sql("SELECT recipient, state, attempts, answer FROM outbox ORDER BY id")
        return {row[0]: tuple(row[1:]) for row in found}


def send(store, server, **how):
    result = deliver(store.engine, server, store.clock, **how)
    return dict(result.outcomes), result.trouble


def test_a_message_arrives_whole_and_once(autumn, serving, post, box):
    post("mari@x.example")
    server = serving()
    assert send(autumn, server) == ({"sent": 1}, "")
    assert send(autumn, server) == ({}, "")
    (letter,) = box.letters()
    assert letter["Subject"] == "Pwnc â to"
    assert (letter["To"], letter["From"]) == ("mari@x.example", "team@store.example")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "cy"
    assert letter.get_content().replace("\r\n", "\n").rstrip() == "Helô, ŵ ŷ.\n.\n..dots"
    assert box.taken[0].original_content.isascii()
    assert states(autumn) == {"mari@x.example": ("sent", 1, "250 taken")}


def test_a_refusal_is_kept_for_its_recipient_and_holds_up_nobody(autumn, serving, post, box):
    box.rcpt = {"gone@x.example": "550 5.1.1 no such person", "full@x.example": "452 mailbox full"}
    box.data = {"spam@x.example": "554 we do not like this"}
    post("gone@x.example", "full@x.example", "spam@x.example", "mari@x.example")
    assert send(autumn, serving()) == ({"refused": 2, "later": 1, "sent": 1}, "")
    assert states(autumn) == {
        "gone@x.example": ("refused", 1, "550 5.1.1 no such person"),
        "full@x.example": ("waiting", 1, "452 mailbox full"),
        "spam@x.example": ("refused", 1, "554 we do not like this"),
        "mari@x.example": ("sent", 1, "250 taken"),
    }


def test_what_is_put_off_is_tried_again_after_longer_and_longer_and_then_dropped(autumn, serving, post, box):
    box.rcpt = {"full@x.example": "452 mailbox full"}
    post("full@x.example")
    server, tried = serving(), []
    for minutes in (0, 9, 10, 49, 50, 209, 210, 850, 1380, 2880):  # 850 is in the night
        autumn.clock.now = TUESDAY + minutes * MINUTE
        if send(autumn, server)[0]:
            tried.append(minutes)
    assert tried == [0, 10, 50, 210, 1380]
    assert states(autumn)["full@x.example"] == ("dropped", 5, "452 mailbox full")


@pytest.mark.parametrize(
    "bad", ["two@x.example, more@x.example", "no-address", "a@b\r\nBcc: c@d", "ŵ@x.example", "<a@b>"]
)
def test_what_is_no_address_is_refused_here(autumn, serving, post, box, bad):
    post(bad, "mari@x.example")
    assert send(autumn, serving())[0] == {"refused": 1, "sent": 1}
    assert box.recipients == ["mari@x.example"]


def test_a_subject_cannot_bring_in_headers(autumn, serving, post, box):
    post("mari@x.example", subject="Hello\r\nBcc: evil@x.example\n\nbody")
    assert send(autumn, serving())[0] == {"sent": 1}
    (letter,) = box.letters()
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Bcc: evil@x.example body"


def test_what_nobody_sent_for_a_day_is_dropped_because_it_is_not_true_any_more(autumn, serving, post, box):
    post("mari@x.example")
    autumn.clock.now += 24 * 60 * MINUTE + MINUTE
    assert send(autumn, serving()) == ({}, "")
    assert states(autumn)["mari@x.example"] == ("dropped", 0, "Nothing was sent for a day.")


def test_what_a_lead_sends_again_goes_out_days_later(autumn, serving, post, box):
    box.data = {"mari@x.example": "hang up first"}
    post("mari@x.example")
    server = serving()
    assert send(autumn, server)[0] == {"unknown": 1}
    box.data = {}
    autumn.clock.now += 2 * 24 * 60 * MINUTE
    with writing(autumn.engine) as connection:
        assert outbox.send_again(connection, 1, autumn.clock.now)
    assert send(autumn, server)[0] == {"sent": 1}
    assert box.recipients == ["mari@x.example"]


def test_at_night_only_sign_in_links_go_out(autumn, serving, post, box):
    autumn.clock.now = TUESDAY.replace(hour=22)
    post("mari@x.example")
    post("lead@x.example", kind="sign-in")
    server = serving()
    assert send(autumn, server)[0] == {"sent": 1}
    assert box.recipients == ["lead@x.example"]
    autumn.clock.now = TUESDAY.replace(day=11)
    assert send(autumn, server)[0] == {"sent": 1}


def test_a_sign_in_link_that_waited_too_long_is_dropped_and_forgotten(autumn, serving, post):
    post("lead@x.example", kind="sign-in")
    autumn.clock.now += 16 * MINUTE
    assert send(autumn, serving()) == ({}, "")
    with reading(autumn.engine) as connection:
        assert connection.exec_driver_sql("SELECT state, body FROM outbox").one() == ("dropped", "")


# --- servers that stall and lie -----------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(mailing, "SILENCE", 0.5)


def test_nobody_knows_of_a_message_whose_server_fell_silent_and_it_is_not_sent_again(
    autumn, serving, post, box, impatient
):
    box.data = {"mari@x.example": "stall"}
    post("mari@x.example", "sam@x.example")
    server = serving()
    assert send(autumn, server)[0] == {"unknown": 1, "sent": 1}
    autumn.clock.now += 60 * MINUTE
    assert send(autumn, server) == ({}, "")
    assert box.recipients == ["sam@x.example"]
    assert states(autumn)["mari@x.example"][:2] == ("unknown", 1)


@pytest.mark.parametrize("how", ["hang up", "hang up first"])
def test_nobody_knows_of_a_message_whose_server_hung_up_after_it(autumn, serving, post, box, how):
    box.data = {"mari@x.example": how}
    post("mari@x.example", "sam@x.example")
    server = serving()
    assert send(autumn, server)[0] == {"unknown": 1, "sent": 1}
    assert send(autumn, server) == ({}, "")
    assert box.recipients.count("mari@x.example") == (how == "hang up")


@pytest.fixture
def rude():
    """``rude(script)`` -> a server that sends these bytes, one after each line that it hears; an empty one hangs up."""
    sockets, threads, stop = [], [], threading.Event()

    def talk(listener, script):
        while not stop.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as heard:
                try:
                    for said in script:
                        peer.sendall(said)
                        heard.readline()
                except OSError:
                    pass

    def start(*script):
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)
        threads.append(threading.Thread(target=talk, args=(listener, script)))
        threads[-1].start()
        return MailServer("127.0.0.1", listener.getsockname()[1], "none", "", "", "team@store.example")

    yield start
    stop.set()
    for one in sockets:
        one.shutdown(socket.SHUT_RDWR)
        one.close()
    for one in threads:
        one.join()


OK = b"250 OK\r\n"


@pytest.mark.parametrize(
    ("script", "attempts"),
    [
        ((b"",), 0),  # says nothing at all
        ((b"554 go away\r\n",), 0),
        ((b"hello, stranger\r\n",), 0),
        ((b"220-welcome\r\n" * 40_000,), 0),  # welcomes without end
        ((b"220 hi\r\n", OK, b"421 closing\r\n"), 0),
        ((b"220 hi\r\n", OK, OK, b"530 sign in first\r\n"), 1),
        ((b"220 hi\r\n", OK, OK, OK, b"yes\r\n"), 1),  # to the recipient
        ((b"220 hi\r\n", OK, OK, OK, OK, b"well\r\n"), 1),  # to DATA
    ],
)
def test_a_server_that_takes_nothing_leaves_everything_waiting(autumn, rude, post, impatient, script, attempts):
    post("mari@x.example")
    outcomes, trouble = send(autumn, rude(*script))
    assert outcomes == {}
    assert trouble
    state, tried, _ = states(autumn)["mari@x.example"]
    assert (state, tried) == ("waiting", attempts)


def test_a_server_that_drips_is_given_up(autumn, post, monkeypatch):
    monkeypatch.setattr(mailing, "LONGEST", 0.5)
    monkeypatch.setattr(delivery, "ENOUGH", 1)
    post("mari@x.example")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = threading.Event()

        def drip():
            peer, _ = listener.accept()
            with peer:
                while not gone.wait(0.05):
                    try:
                        peer.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        server = MailServer("127.0.0.1", listener.getsockname()[1], "none", "", "", "team@store.example")
        assert send(autumn, server) == ({}, "The mail server closed the connection or fell silent.")
        gone.set()
        thread.join()


def test_no_server_at_all_is_told_in_a_sentence(autumn, post):
    post("mari@x.example")
    server = MailServer("127.0.0.1", free_port(), "none", "", "", "team@store.example")
    outcomes, trouble = send(autumn, server)
    assert outcomes == {}
    assert "refused" in trouble
    assert states(autumn)["mari@x.example"][:2] == ("waiting", 0)


# --- never twice --------------------------------------------------------------------------------------------------


def test_a_message_whose_sender_died_is_not_sent_again(autumn, serving, post, box, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    post("mari@x.example")
    server = serving()
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_keep", dies)  # taken by the server, and the process is gone before it is kept
        with pytest.raises(KeyboardInterrupt):
            send(autumn, server)
    assert states(autumn)["mari@x.example"] == ("sending", 1, None)
    assert send(autumn, server) == ({}, "")
    autumn.clock.now += 20 * MINUTE
    assert send(autumn, server) == ({}, "")
    assert states(autumn)["mari@x.example"] == ("unknown", 1, "Sending began and was not heard of again.")
    assert box.recipients == ["mari@x.example"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_two_that_send_at_once_send_each_message_once(autumn, serving, post, box):
    everybody = [f"p{number}@x.example" for number in range(12)]
    post(*everybody)
    server = serving()
    both = [threading.Thread(target=deliver, args=(autumn.engine, server, autumn.clock)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(box.recipients) == sorted(everybody)
    assert {state for state, _, _ in states(autumn).values()} == {"sent"}


# --- encryption and signing in ------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that is its own authority: its file and a context for a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def knows(_server, _session, _envelope, _mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"ktb", b"pass-word"), handled=False)


def test_mail_goes_encrypted_and_signed_in(autumn, serving, post, box, certificate, monkeypatch):
    file, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    post("mari@x.example")
    how = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": knows}
    assert send(autumn, serving("starttls", "ktb", "pass-word", **how)) == ({"sent": 1}, "")
    post("sam@x.example")
    assert send(autumn, serving("tls", ssl_context=context)) == ({"sent": 1}, "")
    assert box.recipients == ["mari@x.example", "sam@x.example"]


def test_a_wrong_password_is_the_operators_to_mend(autumn, serving, post, certificate, monkeypatch):
    file, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    post("mari@x.example")
    how = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": knows}
    outcomes, trouble = send(autumn, serving("starttls", "ktb", "wrong-word", **how))
    assert outcomes == {}
    assert trouble.startswith("535")
    assert "wrong-word" not in trouble
    assert states(autumn)["mari@x.example"][:2] == ("waiting", 0)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_nothing_is_said_to_a_server_that_cannot_prove_its_name(autumn, serving, post, box, certificate, tls):
    _, context = certificate
    post("mari@x.example")
    how = {"ssl_context": context} if tls == "tls" else {"tls_context": context}
    outcomes, trouble = send(autumn, serving(tls, "ktb", "pass-word", **how))
    assert (outcomes, box.taken) == ({}, [])
    assert "certificate verify failed" in trouble


def test_nothing_is_said_in_clear_to_a_server_without_tls(autumn, serving, post, box):
    post("mari@x.example")
    outcomes, trouble = send(autumn, serving("starttls", "ktb", "pass-word"))
    assert (outcomes, box.taken) == ({}, [])
    assert "STARTTLS" in trouble


# --- settings and the command -------------------------------------------------------------------------------------


def test_settings_name_the_server(tmp_path):
    (tmp_path / "password").write_text("hunter2\n")
    environment = {
        "KTB_SMTP_HOST": "mail.example",
        "KTB_SMTP_FROM": "team@store.example",
        "KTB_SMTP_USER": "ktb",
        "KTB_SMTP_PASSWORD_FILE": str(tmp_path / "password"),
    }
    found = mail_server(config.read(environment))
    assert found == MailServer("mail.example", 587, "starttls", "ktb", "hunter2", "team@store.example")
    assert mail_server(config.read({"KTB_SMTP_HOST": "mail.example"})) is None
    for name, value in (("KTB_SMTP_FROM", "Team <team@x.example>"), ("KTB_SMTP_TLS", "yes"), ("KTB_SMTP_PORT", "0")):
        with pytest.raises(config.ConfigError, match=name):
            config.read({name: value})


@pytest.fixture
def run(autumn, monkeypatch):
    monkeypatch.setenv("KTB_DATABASE_URL", autumn.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(commands_mail, "_now", autumn.clock)

    def command(server):
        for name, value in zip(("HOST", "PORT", "TLS", "FROM"), (*server[:3], server.sender), strict=True):
            monkeypatch.setenv(f"KTB_SMTP_{name}", str(value))
        return CliRunner().invoke(main, ["remind"])

    return command


def test_the_command_writes_and_sends_what_is_due(autumn, run, serving, box):
    _, email = autumn.add_person("Mari Enghraifft")
    told = run(serving())
    assert (told.exit_code, told.output) == (
        0,
        "coed: 1 written, 0 dropped\n1 sent, 0 refused, 0 put off, 0 not known\n",
    )
    assert box.recipients == [email]
    assert "Annwyl Mari Enghraifft," in box.letters()[0].get_content()
    assert run(serving()).output == "0 sent, 0 refused, 0 put off, 0 not known\n"


def test_the_command_fails_where_the_server_does(autumn, run):
    autumn.add_person()
    told = run(MailServer("127.0.0.1", free_port(), "none", "", "", "team@store.example"))
    assert told.exit_code == 1
    assert "The mail server takes nothing just now" in told.output
    assert "Traceback" not in told.output
