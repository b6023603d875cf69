"""How often a door may be tried: counted for each caller in the database, and kept though the request is refused."""

from flask import abort, current_app, request

from lrs import transaction
from lrs.storage import rates
from lrs.storage.database import writing

OF_A_CALLER = 60  # in ten minutes; a council's whole staff may come from one address
OF_AN_ADDRESS = 3  # sign-in links sent to one e-mail address in ten minutes


def not_too_often(door: str) -> None:
    """Count a try of a door by whoever is calling; 429 beyond ``OF_A_CALLER`` in ten minutes.

    To be asked before the request writes anything else.
    """
    if uses(f"{door} {request.remote_addr}") > OF_A_CALLER:
        abort(429)


def uses(what: str) -> int:
    """Count one more use, in a transaction of its own; how many there are in these ten minutes."""
    with writing(current_app.extensions["engine"]) as connection:
        return rates.count(connection, what, transaction.now())
