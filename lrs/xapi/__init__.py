"""HTTP of xAPI: which addresses there are, which version is spoken, and what every answer carries."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from lrs import refusals
from lrs.rules.errors import Malformed, NotFound, NotOffered
from lrs.rules.formats import is_version
from lrs.xapi import about, statements

VERSION = "1.0.3"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

bp = Blueprint("xapi", __name__, url_prefix="/xapi")
bp.add_url_rule("/about", view_func=about.show)
bp.add_url_rule("/statements", view_func=statements.get, methods=["GET"])
bp.add_url_rule("/statements", view_func=statements.post, methods=["POST"])
bp.add_url_rule("/statements", view_func=statements.put, methods=["PUT"])
bp.register_error_handler(HTTPException, refusals.broken)


@bp.route("/", methods=METHODS, defaults={"rest": ""})
@bp.route("/<path:rest>", methods=METHODS)
def nothing(rest: str) -> Response:
    """Whatever is not offered: 405 for an address that takes other methods, else 404."""
    if rest in ("statements", "about"):
        raise NotOffered(f"{request.method} is not offered here", None, "Communication 2")
    raise NotFound("There is nothing at this address", None, "Communication 2")


@bp.before_request
def speak_one_version() -> None:
    """Refuse a request that does not speak xAPI 1.0.x; About answers anyone."""
    if request.endpoint == "xapi.show":
        return
    version = request.headers.get("X-Experience-API-Version")
    if version is None:
        raise Malformed("The header X-Experience-API-Version is required", None, "Communication 3.3")
    if not is_version(version):
        raise Malformed("The header X-Experience-API-Version must be 1.0 or 1.0.x", None, "Communication 3.3")


@bp.after_request
def tell_the_version(response: Response) -> Response:
    """Say which version this is, on refusals too."""
    response.headers["X-Experience-API-Version"] = VERSION
    return response
