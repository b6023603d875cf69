"""Launches of packages that speak xAPI: what an LMS says in the address, and what it lays down before."""

import base64
import json
import uuid
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode

from authoring.preview.archive import Unit
from authoring.preview.store import Store, same

# cmi5, section 10.2.1
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # the name space of addresses (RFC 9562, section 6.6)
# The name under which our own packages keep a learner's state.
STATE = "learner-state"
MODES = {"normal": "Normal", "browse": "Browse", "review": "Review"}


class Learner(NamedTuple):
    """Who opens the course, in which attempt, language and mode (normal, browse or review).

    ``held`` is what the course itself kept before, as our own packages keep it, or None.
    """

    id: str
    name: str
    attempt: str
    language: str
    mode: str
    held: dict[str, Any] | None


class Launch(NamedTuple):
    """Where the course is opened, and what the page needs to know of the session."""

    address: str
    registration: str
    activity: str
    actor: str


def launched(unit: Unit, standard: str, learner: Learner, origin: str, store: Store) -> Launch:
    """Begins a session of a cmi5 or tincan package; ``origin`` is that of the preview."""
    registration = str(uuid.uuid5(NAMES, json.dumps([unit.id, standard, learner.id, learner.attempt])))
    account = {"homePage": origin, "name": learner.id}
    actor = json.dumps({"objectType": "Agent", "name": learner.name, "account": account})
    session, token = store.admit()
    common = {"endpoint": f"{origin}/xapi/", "actor": actor, "registration": registration}
    if standard == "cmi5":
        activity = f"{origin}/activities/{uuid.uuid5(NAMES, unit.id)}"
        _lay_down(unit, learner, Launch("", registration, activity, actor), session, origin, store)
        query = {**common, "fetch": f"{origin}/fetch/{session}", "activityId": activity}
    else:
        activity = unit.id
        pair = base64.b64encode(f"preview:{token}".encode()).decode()
        store.tokens[pair] = pair
        query = {**common, "auth": f"Basic {pair}", "activity_id": activity, "Accept-Language": tongue(learner)}
    if learner.held is not None:
        store.put(("activities/state", activity, same(actor), registration, STATE), learner.held)
    joint = "&" if "?" in unit.address else "?"
    return Launch(f"{unit.address}{joint}{urlencode(query)}", registration, activity, actor)


def _lay_down(unit: Unit, learner: Learner, launch: Launch, session: str, origin: str, store: Store) -> None:
    """LMS.LaunchData and the learner's preferences (cmi5, sections 10 and 11)."""
    publisher = {"objectType": "Activity", "id": unit.id}
    data: dict[str, Any] = {
        "contextTemplate": {
            "contextActivities": {"grouping": [publisher]},
            "extensions": {SESSION: session},
        },
        "launchMode": MODES[learner.mode],
        "moveOn": unit.settings.get("moveOn") or "NotApplicable",
        "returnURL": f"{origin}/lms/closed",
    }
    with suppress(ValueError):
        data["masteryScore"] = float(unit.settings.get("masteryScore", ""))
    if unit.settings.get("launchParameters"):
        data["launchParameters"] = unit.settings["launchParameters"]
    agent = same(launch.actor)
    store.put(("activities/state", launch.activity, agent, launch.registration, "LMS.LaunchData"), data)
    preferences = {"languagePreference": tongue(learner), "audioPreference": "on"}
    store.put(("agents/profile", agent, "cmi5LearnerPreferences"), preferences)


def tongue(learner: Learner) -> str:
    """The learner's language as a tag."""
    return "cy" if learner.language == "cy" else "en-GB"
