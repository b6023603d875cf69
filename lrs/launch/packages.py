"""The exchange: an LMS's learner id and a registration for a token that can only write, and only about them."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request

from lrs.bodies import read_json
from lrs.rules.errors import Forbidden, Malformed, NotFound, TooMany
from lrs.rules.formats import written_moment
from lrs.rules.strict_json import written
from lrs.storage import courses, launches
from lrs.transaction import connection, now, reader

LONGEST_BODY = 4000
LONGEST_LEARNER = 255  # what SCORM 1.2 allows cmi.core.student_id


def launch(package: str) -> Response:
    """A token for this learner, registration and package: write-only, renewed while it is used."""
    home_page = request.headers.get("Origin", "null")
    course = launches.package_course(reader(), package)
    if course is None:
        raise NotFound("There is no such package here", None, "Launch")
    if home_page == "null" or not courses.origin_allowed(reader(), home_page, course):
        raise Forbidden("This origin may not launch the course", None, "Launch")
    learner, registration = _asked(read_json(LONGEST_BODY))
    _not_too_often(package, home_page, learner)
    lifetime = timedelta(minutes=current_app.config["KTB_LAUNCH_MINUTES"])
    token, expires = launches.create(connection(), package, home_page, learner, registration, now(), lifetime)
    body = {
        "endpoint": f"{_address()}/xapi/",
        "token": token,
        "expires": written_moment(expires),
    }
    return Response(written(body), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _asked(body: Any) -> tuple[str, str]:
    """The learner and the registration in the body."""
    if not isinstance(body, dict) or set(body) != {"learner", "registration"}:
        raise Malformed("The body must be an object with learner and registration", "", "Launch")
    learner, registration = body["learner"], body["registration"]
    if not isinstance(learner, str) or not 1 <= len(learner) <= LONGEST_LEARNER or not learner.isprintable():
        raise Malformed("learner must have 1 to 255 characters that can be printed", "/learner", "Launch")
    try:
        number = uuid.UUID(registration)
    except (ValueError, AttributeError, TypeError):
        number = uuid.UUID(int=0)
    if number.version != 4 or str(number) != str(registration).lower():
        raise Malformed("registration must be a UUID of version 4", "/registration", "Launch")
    return learner, str(number)


def _not_too_often(package: str, home_page: str, learner: str) -> None:
    of_package, of_learner = launches.recent(reader(), package, home_page, learner, now())
    settings = current_app.config
    if of_package >= settings["KTB_LAUNCHES_PER_MINUTE"] or of_learner >= settings["KTB_LEARNER_LAUNCHES_PER_MINUTE"]:
        raise TooMany("There were too many launches in this minute", None, "Launch")


def _address() -> str:
    return str(current_app.config["KTB_PUBLIC_URL"] or request.url_root.rstrip("/"))
