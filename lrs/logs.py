"""One line of JSON for each request, with whose key it was, and never what was in it."""

import secrets
import sys
import time
import traceback

import orjson
import structlog
from flask import Flask, Response, g, got_request_exception, request

HEADER = "X-Request-ID"
_log = structlog.get_logger()


class _StandardError:
    """Standard error as it is when a line is written: whoever runs us may put another in its place."""

    def write(self, text: str) -> int:
        """Write the text out."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Have it arrive."""
        sys.stderr.flush()


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = secrets.token_hex(8)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    refusal = g.get("refusal")
    event = {
        "request": g.request_id,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,  # never the path: it may name a person
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1),
        "key": g.get("key_label"),
    }
    if refusal is not None:
        event |= {"refusal": type(refusal).__name__, "rule": refusal.rule}
    _log.info("request", **event)
    return response


def _fault(_app: Flask, exception: BaseException) -> None:
    # The message of an exception may hold what somebody sent, so only its kind and its place are written down.
    places = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(exception.__traceback__)
    ]
    _log.error("fault", request=g.get("request_id"), kind=type(exception).__name__, places=places[-12:])


def init_app(app: Flask) -> None:
    """Log to standard error from here on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event).decode()),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(_StandardError()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,  # to make one for each request costs more than to write the line
    )
    app.log_exception = lambda _info: None  # type: ignore[method-assign,assignment]  # told below, without the message
    got_request_exception.connect(_fault, app)
    app.before_request(_begin)
    app.after_request(_end)
