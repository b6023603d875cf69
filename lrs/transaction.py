"""One transaction for each request: opened at first use, committed before a good answer is sent, else rolled back.

Statements are stored in transactions that requests share (lrs.storage.group_commit).

Where another transaction stands in the way (a deadlock, a serialisation failure), the request's work is done again
from the start. Nothing of it was kept, and its body has been read by then and is kept for as long as the request.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response, current_app, g, request

from lrs.storage.database import Connection, Unavailable, begun_again, commit, opened, rest, transient

SAFE = {"GET", "HEAD", "OPTIONS"}
TRIES = 6
PAUSE = 0.02  # seconds, doubled each time and up to twice as long, so that the two in each other's way part


def connection() -> Connection:
    """The request's transaction. It holds the store's write lock unless the request is a GET, so ask for it late."""
    if request.method in SAFE:
        return reader()
    if "writer" not in g and "reader" in g:
        # The reader itself turns to writing: see done_reading().
        g.writer = begun_again(g.pop("reader"))
    return _kept("writer")


def reader() -> Connection:
    """A transaction to read in, for what must be known before anything is locked, such as who is asking."""
    return _kept("reader")


def done_reading() -> None:
    """End the transaction to read in, before something else writes for this request.

    While anything reads an older moment, SQLite cannot begin its log anew.
    """
    _end("reader")


def now() -> datetime:
    """The moment, by the application's clock."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def _kept(name: str) -> Connection:
    kept: Connection | None = g.get(name)
    if kept is None:
        kept = opened(current_app.extensions["engine"], writes=name == "writer")
        setattr(g, name, kept)
    return kept


def _in_one_transaction(app: Flask, dispatch: Callable[[], object]) -> Callable[[], Response]:
    """A request's work with its commit at the end, so that both are done again together where they must be."""

    def dispatched() -> Response:
        for tries in range(TRIES):
            try:
                response = app.make_response(dispatch())  # type: ignore[arg-type]
                _finish(response)
                return response
            except Unavailable as error:
                _close()
                if tries == TRIES - 1 or not transient(error):
                    raise
                time.sleep(PAUSE * 2**tries * (1 + random.random()))  # noqa: S311
        raise AssertionError("the last try answers or raises")

    return dispatched


def _finish(response: Response) -> Response:
    # Taken out of g first: a commit that fails must not be tried again for the answer that tells of the failure.
    writer = g.pop("writer", None)
    if writer is not None:
        try:
            if response.status_code < 400:
                commit(writer)
        finally:
            rest(writer)
    return response


def _close(_error: BaseException | None = None) -> None:
    _end("writer")
    _end("reader")


def _end(name: str) -> None:
    kept: Connection | None = g.pop(name, None)
    if kept is not None:
        rest(kept)


def init_app(app: Flask) -> None:
    """End each request's transaction, its work done again where another's stood in the way."""
    app.dispatch_request = _in_one_transaction(app, app.dispatch_request)  # type: ignore[method-assign]
    app.after_request(_finish)  # for an answer that no view gave, such as that to a page before its sign-in
    app.teardown_request(_close)
