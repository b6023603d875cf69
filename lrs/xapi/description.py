"""The OpenAPI description of this side of the store, for programs and for those who write them."""

from functools import cache
from pathlib import Path

from flask import Response

PLACE = Path(__file__).with_name("openapi.json")


@cache
def _text() -> bytes:
    return PLACE.read_bytes()


def show() -> Response:
    """The description; it asks for no key and no version."""
    return Response(_text(), mimetype="application/json")
