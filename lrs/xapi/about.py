"""About: the versions that this store speaks. The one address that asks for nothing."""

from flask import Response, request

from lrs.rules.strict_json import written

FIRST = ["1.0.3", "1.0.2", "1.0.1", "1.0.0"]
VERSIONS = ["2.0.0", *FIRST]


def show() -> Response:
    """The versions, newest first (Communication 2.8).

    Whoever says that they speak 1.0.x is told of no other: clients of that time refuse a store that names a version
    they have not heard of.
    """
    asked = request.headers.get("X-Experience-API-Version", "")
    versions = FIRST if asked.startswith("1.0") else VERSIONS
    return Response(written({"version": versions}), mimetype="application/json")
