"""One transaction for each request: opened at first use, committed before a good answer is sent, else rolled back."""

from datetime import datetime

from flask import Flask, Response, current_app, g, request

from lrs.storage.database import Connection, begun_again, commit, opened

SAFE = {"GET", "HEAD", "OPTIONS"}


def connection() -> Connection:
    """The request's transaction. It holds the store's write lock unless the request is a GET, so ask for it late."""
    if request.method in SAFE:
        return reader()
    if "writer" not in g and "reader" in g:
        # The reader itself turns to writing: while anything reads an older moment, SQLite cannot begin its log anew.
        g.writer = begun_again(g.pop("reader"))
    return _kept("writer")


def reader() -> Connection:
    """A transaction to read in, for what must be known before anything is locked, such as who is asking."""
    return _kept("reader")


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


def _finish(response: Response) -> Response:
    # Taken out of g first: a commit that fails must not be tried again for the answer that tells of the failure.
    writer = g.pop("writer", None)
    if writer is not None:
        with writer:
            if response.status_code < 400:
                commit(writer)
    return response


def _close(_error: BaseException | None) -> None:
    _end("writer")
    _end("reader")


def _end(name: str) -> None:
    kept: Connection | None = g.pop(name, None)
    if kept is not None:
        kept.close()


def init_app(app: Flask) -> None:
    """End each request's transaction; register it last, so that it ends before anything else sees the answer."""
    app.after_request(_finish)
    app.teardown_request(_close)
