"""Which other sites' pages may call the store: only those that a course allows, and never with cookies (CORS)."""

from flask import Flask, Response, request

from lrs.storage.courses import origin_allowed
from lrs.transaction import reader

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Experience-API-Version, If-Match, If-None-Match",
    "Access-Control-Max-Age": "600",
}
EXPOSED = "ETag, Last-Modified, Retry-After, X-Experience-API-Version, X-Experience-API-Consistent-Through"


def _open() -> bool:
    return request.path.startswith(("/xapi/", "/launch/"))


def _answer_preflight() -> Response | None:
    """A browser asks before it sends, and shows no credentials when it asks."""
    if request.method != "OPTIONS" or not _open():
        return None
    return Response(status=204)


def _add_headers(response: Response) -> Response:
    if not _open():
        return response
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin and origin != "null" and origin_allowed(reader(), origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


def init_app(app: Flask) -> None:
    """Answer preflights, and tell browsers which pages may read the answers."""
    app.before_request(_answer_preflight)
    app.after_request(_add_headers)
