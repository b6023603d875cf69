"""Starting a learner's session: a package's public id and the LMS's learner id for a token bound to both."""

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from lrs import refusals
from lrs.launch import origins, packages
from lrs.rules.errors import NotFound, NotOffered

bp = Blueprint("launch", __name__, url_prefix="/launch")
bp.add_url_rule("/packages/<package>", view_func=packages.launch, methods=["POST"])
bp.register_error_handler(HTTPException, refusals.broken)


@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def nothing(rest: str) -> Response:
    """Whatever is not offered: 405 for a package's address, else 404."""
    if rest.startswith("packages/"):
        raise NotOffered("Only POST is offered here", allow=("OPTIONS", "POST"))
    raise NotFound("There is nothing at this address")


def init_app(app: Flask) -> None:
    """Let the pages of allowed origins call /launch and /xapi."""
    origins.init_app(app)
