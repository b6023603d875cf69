"""About: the versions that this store speaks. The one address that asks for nothing."""

from flask import Response

from lrs.rules.strict_json import written

VERSIONS = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]


def show() -> Response:
    """The versions, newest first (Communication 2.8)."""
    return Response(written({"version": VERSIONS}), mimetype="application/json")
