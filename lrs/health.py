"""Whether the process lives, and whether it can do its work: for whatever watches over it."""

from flask import Blueprint, Response

from lrs.storage.database import Unavailable, alive
from lrs.transaction import reader

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
def live() -> Response:
    """200 as long as the process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/ready")
def ready() -> Response:
    """200 when the database answers and its tables are those of this version, else 503."""
    try:
        good = alive(reader())
    except Unavailable:
        good = False
    return Response("ok\n" if good else "not ready\n", 200 if good else 503, mimetype="text/plain")
