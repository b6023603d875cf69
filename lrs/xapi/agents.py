"""The agents resource: a Person, which gathers what is known of one agent."""

from flask import Response

from lrs.rules.strict_json import written
from lrs.storage import agents
from lrs.transaction import reader
from lrs.xapi import parameters
from lrs.xapi.auth import READ, permitted

RULE = "Communication 2.4"


def get() -> Response:
    """The Person that the agent is, with every name that statements called it by."""
    permitted(READ)
    parameters.only(("agent",))
    identifier = parameters.required("agent", parameters.agent("agent"), RULE)
    return Response(written(agents.person(reader(), identifier)), mimetype="application/json")
