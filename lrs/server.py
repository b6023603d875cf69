"""Gunicorn, with the application made once and shared by its workers."""

import ctypes
import gc
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from lrs import create_app


class Server(BaseApplication):
    """Gunicorn with our application and our options, and no configuration file."""

    def __init__(self, app: Flask, options: dict[str, Any]):
        self.application, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made before the workers were."""
        return self.application


M_ARENA_MAX = -8  # malloc.h of glibc


def _share_heaps() -> None:
    """Have the threads share two heaps, where the C library can: in one of its own each keeps what a large body took.

    Of the 150 MB that a worker may have, that was 15 after four threads had stored 2,000 statements each.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped; each worker opens database connections of its own."""
    app = create_app()
    app.extensions["engine"].dispose()  # a connection must not cross into another process
    gc.set_threshold(20_000, 20, 20)  # a request leaves hardly a circle behind, and was searched for some twice
    gc.freeze()  # what is loaded by now is here to stay: not to be searched for garbage, nor copied into each worker
    _share_heaps()
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": bind,
        "workers": workers,
        # Gunicorn, though Granian takes 0.5 to 0.9 ms of CPU less for each request: that one hands a body whose chunks
        # stop, or are none, to the application as an empty one, and a document would be replaced with nothing.
        "worker_class": "lrs.worker.Worker",
        "threads": 4,
        "keepalive": 75,
        "timeout": 60,
        "limit_request_line": 8190,  # a filter by agent, in a `more` link, is long
        "control_socket_disable": True,
    }
    Server(app, options).run()
