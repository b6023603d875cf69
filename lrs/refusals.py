"""From the meaning of a refusal to its number and its one JSON form: for /xapi and /launch."""

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from lrs.rules import errors
from lrs.rules.kinds import NOTHING, kind
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
    errors.DocumentConflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.TooMany: 429,
}


def answer(refusal: errors.Refusal) -> Response:
    """The response that tells of the refusal."""
    g.refusal = refusal
    if isinstance(refusal, errors.InvalidParameter) and refusal.where:
        given = request.args.get(refusal.where.partition("/")[0])
        refusal.found = NOTHING if given is None else kind(given)
    response = Response(written(refusal.body()), STATUS[type(refusal)], mimetype="application/json")
    if isinstance(refusal, errors.NotOffered):
        response.headers["Allow"] = ", ".join(refusal.allow)
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    if response.status_code == 429:
        response.headers["Retry-After"] = "60"
    return response


def offered(path: str) -> tuple[str, ...]:
    """The methods that a path of ours takes, in order; none where there is nothing at it."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.endpoint.endswith(".nothing"))
    found = {method for rule in rules if rule.rule == path for method in rule.methods or ()}
    return tuple(sorted(found))


def busy(_error: Exception) -> Response:
    """The response where the database cannot be reached or written just now; nothing was kept."""
    body = errors.Refusal("The store cannot keep or read records just now; try again").body()
    return Response(written(body), 503, mimetype="application/json", headers={"Retry-After": "2"})


def broken(error: HTTPException) -> Response:
    """The response to a fault of the store's own, or to whatever else Flask stops a request for."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Unavailable):
        return busy(error.original_exception)
    body = errors.Refusal(error.name).body()
    response = Response(written(body), error.code or 500, mimetype="application/json")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def init_app(app: Flask) -> None:
    """Turn every Refusal, wherever it is raised, into its answer."""
    app.register_error_handler(errors.Refusal, answer)
    app.register_error_handler(Unavailable, busy)
