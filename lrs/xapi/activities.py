"""The activities resource: an activity with everything that is known of it."""

from typing import Any

from flask import Response

from lrs.rules.strict_json import written
from lrs.storage import activities
from lrs.transaction import reader
from lrs.xapi import parameters
from lrs.xapi.auth import READ, permitted

RULE = "Communication 2.5"


def get() -> Response:
    """The whole Activity, its definition in every language; where nothing is known, no more than what it is."""
    permitted(READ)
    parameters.only(("activityId",))
    iri = parameters.required("activityId", parameters.iri("activityId"), RULE)
    activity: dict[str, Any] = {"objectType": "Activity", "id": iri}
    definition = activities.definition(reader(), iri)
    if definition is not None:
        activity["definition"] = definition
    return Response(written(activity), mimetype="application/json")
