"""Gunicorn's worker, with what it refuses by itself told in our form, and with an end to waiting for a body."""

import socket
import struct
import traceback
from contextlib import suppress
from typing import Any

import structlog
from gunicorn import util
from gunicorn.http import errors as http
from gunicorn.workers.gthread import ThreadWorker

from lrs.rules.errors import Refusal
from lrs.rules.strict_json import written

SECONDS = 20  # of silence in the middle of a request, after which it is given up
REASONS = {
    http.LimitRequestLine: ("414 URI Too Long", "The address is longer than the store takes"),
    http.LimitRequestHeaders: ("431 Request Header Fields Too Large", "The headers are longer than the store takes"),
    http.UnsupportedTransferCoding: ("400 Bad Request", "This Transfer-Encoding is not known here"),
    http.ExpectationFailed: ("417 Expectation Failed", "This Expect is not known here"),
    http.ParseException: ("400 Bad Request", "The request is not one of HTTP/1.1"),
}
HEAD = "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
FAULT = ("500 Internal Server Error", "Internal Server Error")


class Worker(ThreadWorker):
    """A thread answers each request; one that stops in the middle does not keep its thread for ever."""

    def enqueue_req(self, conn: Any) -> None:
        """Let a thread answer a connection's next request, and wait only so long for each part of it."""
        # The kernel's own limit: the server switches the socket's other one off whenever it begins to read.
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SECONDS, 0))
        super().enqueue_req(conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what was refused before the application saw it; nothing of the request is logged."""
        status, words = next((told for kind, told in REASONS.items() if isinstance(exc, kind)), FAULT)
        if status == FAULT[0]:
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(exc.__traceback__)]
            structlog.get_logger().error("fault", kind=type(exc).__name__, places=places[-12:])
        else:
            structlog.get_logger().info("unreadable", status=int(status[:3]), kind=type(exc).__name__)
        body = written(Refusal(words).body())
        head = HEAD.format(status=status, length=len(body))
        with suppress(OSError):  # nobody may be there to be told
            util.write_nonblock(client, head.encode() + body)
