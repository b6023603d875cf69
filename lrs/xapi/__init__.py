"""HTTP of xAPI: which addresses there are, which version is spoken, and what every answer carries."""

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from lrs import refusals
from lrs.rules.errors import NotFound, NotOffered
from lrs.rules.formats import written_moment
from lrs.rules.versions import XAPI_1, XAPI_2, spoken
from lrs.transaction import now
from lrs.xapi import about, activities, agents, alternate, description, documents, statements

BEFORE_VERSIONS = "0.95"  # a request without the header is of a version that had none, which is not spoken here
OPEN = ("xapi.show", "xapi.description")  # these ask for no version
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

bp = Blueprint("xapi", __name__, url_prefix="/xapi")
bp.add_url_rule("/about", view_func=about.show)
bp.add_url_rule("/openapi.json", "description", description.show)
bp.add_url_rule("/statements", view_func=statements.get, methods=["GET"])
bp.add_url_rule("/statements", view_func=statements.post, methods=["POST"])
bp.add_url_rule("/statements", view_func=statements.put, methods=["PUT"])
bp.add_url_rule("/activities", "activities", activities.get, methods=["GET"])
bp.add_url_rule("/agents", "agents", agents.get, methods=["GET"])
documents.init(bp)
bp.register_error_handler(HTTPException, refusals.broken)


@bp.route("/", methods=METHODS, defaults={"rest": ""})
@bp.route("/<path:rest>", methods=METHODS)
def nothing(rest: str) -> Response:
    """Whatever is not offered: 405 for an address that takes other methods, else 404."""
    if offered := refusals.offered(f"/xapi/{rest}"):
        raise NotOffered(f"{request.method} is not offered here", None, "Communication 2", allow=offered)
    raise NotFound("There is nothing at this address", None, "Communication 2")


@bp.before_request
def stand_for_another() -> Response | None:
    """Answer what a form of the alternate request syntax asks for."""
    return alternate.answer()


@bp.before_request
def agree_on_a_version() -> None:
    """Refuse a request that speaks no version of ours; About answers anyone."""
    g.through = now()  # before anything is read: what was stored by now is in the answer
    if request.endpoint not in OPEN:
        g.version = spoken(request.headers.get("X-Experience-API-Version"))


@bp.after_request
def tell_the_version(response: Response) -> Response:
    """Say which version this is, on refusals too, and up to which moment the answer is complete."""
    response.headers.setdefault("X-Experience-API-Version", _version())
    if "through" in g:
        response.headers["X-Experience-API-Consistent-Through"] = written_moment(g.through)
    return response


def _version() -> str:
    """The version of the answer, also where it was not agreed on."""
    asked = request.headers.get("X-Experience-API-Version")
    if asked is None:
        return XAPI_2.name if request.endpoint in OPEN else BEFORE_VERSIONS
    return (XAPI_2 if asked.startswith("2") else XAPI_1).name
