"""Requests as bytes, for what no HTTP client would send."""

import socket
from contextlib import suppress

STATEMENTS = "/xapi/statements"


def raw(server, request):
    """What the server says to these bytes (or pieces of them): status, headers in lower case, body; or None."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as wire:
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in [request] if isinstance(request, bytes) else request:
                wire.sendall(piece)
            wire.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            while chunk := wire.recv(65536):
                received += chunk
    if not received:
        return None
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head.decode("latin-1").lower(), body


def head(headers, *lines, method="POST", path=STATEMENTS):
    """The head of a request, with the headers of an xAPI client and these lines besides."""
    sent = {"Host": "x", "Connection": "close", "Content-Type": "application/json"} | headers
    first = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), *lines]
    return ("\r\n".join(first) + "\r\n\r\n").encode("latin-1")
