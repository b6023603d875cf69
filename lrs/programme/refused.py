"""What record providers were refused of late, and why: for whoever has to mend it with them."""

from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request

from lrs import signin
from lrs.refusal_log import Waiting
from lrs.storage import refusals
from lrs.storage.database import reading
from lrs.storage.refusals import Refused, Told


class RefusedPage(NamedTuple):
    """The keys that were refused something, and what the chosen one was refused, the newest first."""

    keys: list[Refused]
    chosen: Refused | None
    told: list[Told]
    most: int


def refused_keys() -> str:
    """The keys, and what one of them was refused: the one in the address, else the one refused last."""
    signin.lead()
    waiting: Waiting = current_app.extensions["refusals"]
    waiting.write()
    with reading(current_app.extensions["engine"]) as connection:  # the request's own began before that was written
        keys = refusals.refused(connection)
        asked = request.args.get("key")
        chosen = next((one for one in keys if asked in (None, one.key)), None)
        told = refusals.last_of(connection, chosen.key) if chosen else []
    return render_template("refused_keys.html", page=RefusedPage(keys, chosen, told, refusals.MOST))


def init(bp: Blueprint) -> None:
    """Add the address."""
    bp.add_url_rule("/refusals", view_func=refused_keys)
