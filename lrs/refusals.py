"""From the meaning of a refusal to its number and its one JSON form: for /xapi and /launch."""

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException, InternalServerError

from lrs.rules import errors
from lrs.rules.strict_json import written
from lrs.storage.database import Unavailable

STATUS = {
    errors.Malformed: 400,
    errors.InvalidStatement: 400,
    errors.InvalidParameter: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.NotOffered: 405,
    errors.StatementConflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
}


def answer(refusal: errors.Refusal) -> Response:
    """The response that tells of the refusal."""
    g.refusal = refusal
    response = Response(written(refusal.body()), STATUS[type(refusal)], mimetype="application/json")
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    if response.status_code == 429:
        response.headers["Retry-After"] = "60"
    return response


def busy(_error: Exception) -> Response:
    """The response where the database cannot be reached or written just now; nothing was kept."""
    body = errors.Refusal("The store cannot keep or read records just now; try again").body()
    return Response(written(body), 503, mimetype="application/json", headers={"Retry-After": "2"})


def broken(error: HTTPException) -> Response:
    """The response to a fault of the store's own, or to whatever else Flask stops a request for."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Unavailable):
        return busy(error.original_exception)
    body = errors.Refusal(error.name).body()
    return Response(written(body), error.code or 500, mimetype="application/json")


def init_app(app: Flask) -> None:
    """Turn every Refusal, wherever it is raised, into its answer."""
    app.register_error_handler(errors.Refusal, answer)
    app.register_error_handler(Unavailable, busy)
