"""Handing one message at a time to a mail server by SMTP, and saying exactly what became of it.

Everything that the server sends is bounded in time and in length. It signs nothing in and hears no message before TLS
is up, unless the settings say that there is none.
"""

import hashlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BufferedReader
from typing import Any, NamedTuple

from lrs.storage.outbox import Kept

SILENCE = 20.0  # seconds without a byte, after which a server is given up
LONGEST = 60.0  # seconds for one message, however busily the server drips
MOST_HEARD = 200_000  # bytes of answers on one connection
ADDRESS = re.compile(r'[^\s<>,;:"()\[\]\\@\x00-\x1f\x7f]+@[^\s<>,;:"()\[\]\\@\x00-\x1f\x7f]+')
POLICY = SMTP.clone(cte_type="7bit")  # not every server passes longer characters on as they are


class MailServer(NamedTuple):
    """A mail server and how to speak with it. ``tls`` is starttls, tls or none; nobody signs in without a ``user``."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    sender: str


class Outcome(NamedTuple):
    """What became of a message: ``sent``, ``refused``, ``later`` or ``unknown``, and what the server said."""

    state: str
    answer: str


class ServerTrouble(Exception):
    """The server takes no mail from us just now, whoever it is for; nothing was handed over."""


def mail_server(settings: Mapping[str, Any]) -> MailServer | None:
    """The mail server that the settings name; None where no host or no sender is set."""
    names = ("HOST", "PORT", "TLS", "USER", "PASSWORD", "FROM")
    server = MailServer(*(settings[f"KTB_SMTP_{name}"] for name in names))
    return server if server.host and server.sender else None


class _Listening:
    """What both ways of opening a connection share: answers are read up to a bound."""

    file: Any
    sock: Any

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()  # type: ignore[misc]


class _Bounded:
    """What a server says, as far as it says no more than MOST_HEARD bytes."""

    def __init__(self, file: BufferedReader) -> None:
        self._file, self._left = file, MOST_HEARD
        self.close = file.close

    def readline(self, size: int) -> bytes:
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the server talks without end")
        if line and len(line) < size and not line.endswith(b"\n"):
            raise OSError("the server hung up in the middle of a line")  # which may begin like a whole answer
        return line


class _Plain(_Listening, smtplib.SMTP):
    pass


class _Tls(_Listening, smtplib.SMTP_SSL):
    pass


class Post:
    """An open connection to a mail server. Use it in a ``with`` block; `hand_over` may be called many times."""

    def __init__(self, server: MailServer) -> None:
        """Connect, encrypt and sign in. Raises ServerTrouble."""
        self.server = server
        context = ssl.create_default_context()
        # Its own name unasked: to look it up in the DNS may take longer than the mail.
        usual: dict[str, Any] = {"timeout": SILENCE, "local_hostname": socket.gethostname()}
        self._smtp: Any = _Tls(context=context, **usual) if server.tls == "tls" else _Plain(**usual)
        try:
            with self._in_time():
                self._open(context)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._smtp.close()
            raise ServerTrouble(_in_words(error)) from None

    def _open(self, context: ssl.SSLContext) -> None:
        server, smtp = self.server, self._smtp
        smtp._host = server.host  # what its certificate must name; only the constructor that connects at once sets it
        code, said = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPResponseException(code, said)
        if server.tls == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        timer = threading.Timer(LONGEST, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        with suppress(AttributeError, OSError):  # there may be no connection any more, or not yet
            self._smtp.sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()  # what was answered is kept; a polite goodbye could only be waited for
        self._smtp.close()

    def ready(self) -> None:
        """Make sure that the server still listens. Raises ServerTrouble."""
        with self._in_time():
            self._said(250, self._smtp.rset)

    def _said(self, wanted: int, command: Callable[..., tuple[int, bytes]], *words: str) -> None:
        """Give a command that concerns no recipient. Raises ServerTrouble where the answer is not the wanted one."""
        try:
            code, said = command(*words)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerTrouble(_in_words(error)) from None
        if code != wanted:
            raise ServerTrouble(_answer(code, said))

    def hand_over(self, message: Kept) -> Outcome:
        """Hand one message over. Raises ServerTrouble where the server takes nothing from us; then it was not sent.

        Once the content is on its way, silence means that nobody knows.
        """
        if not ADDRESS.fullmatch(message.recipient):
            return Outcome("refused", "This is not an address that mail can be sent to.")
        if not message.recipient.isascii():
            return Outcome("refused", "An address with letters beyond a to z is not supported.")
        with self._in_time():
            self._said(250, self._smtp.mail, self.server.sender)
            return self._asked(self._smtp.rcpt, message.recipient) or self._content(message)

    def _asked(self, command: Callable[..., tuple[int, bytes]], *words: str) -> Outcome | None:
        """Ask the server to go on with this message: None where it does, else what became of the message."""
        try:
            code, said = command(*words)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerTrouble(_in_words(error)) from None
        if not 200 <= code < 600:
            raise ServerTrouble(_answer(code, said))
        return None if code < 400 else _judged(code, said)

    def _content(self, message: Kept) -> Outcome:
        lines = re.sub(rb"(?m)^\.", b"..", letter(message, self.server.sender).as_bytes())
        ended = self._asked(self._smtp.docmd, "DATA")
        if ended:
            return ended
        try:
            self._smtp.send(lines + b".\r\n")
            return _judged(*self._smtp.getreply())
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("unknown", _in_words(error))


def _judged(code: int, said: bytes | str) -> Outcome:
    """What an answer about one message means."""
    if 200 <= code < 300:
        return Outcome("sent", _answer(code, said))
    if 500 <= code < 600:
        return Outcome("refused", _answer(code, said))
    return Outcome("later" if 400 <= code < 500 else "unknown", _answer(code, said))


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {re.sub(r'[^ -~]+', ' ', text)}"[:500]


def _in_words(error: Exception) -> str:
    """An error in one line, without what was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected):
        return "The mail server closed the connection or fell silent."
    return re.sub(r"[^ -~]+", " ", f"{type(error).__name__}: {error}")[:500]


def letter(message: Kept, sender: str) -> EmailMessage:
    """A message as it goes over the wire: plain text, and never answered by a machine.

    Its id is the same whenever it is handed over, so that a mailbox can tell that it has it already.
    """
    made = EmailMessage(policy=POLICY)
    made["From"], made["To"] = sender, message.recipient
    made["Subject"] = " ".join(message.subject.split())
    made["Date"] = format_datetime(message.created_at)
    made["Message-ID"] = _message_id(message.id, message.created_at, sender)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.body)
    made["Content-Language"] = "cy, en" if message.kind == "digest" else message.language
    return made


def _message_id(number: int, created: datetime, sender: str) -> str:
    digest = hashlib.sha256(f"{number} {created.isoformat()}".encode()).hexdigest()[:24]
    return f"<{digest}@{sender.rpartition('@')[2]}>"
