"""A record store that launches: tokens, State, agent profiles and statements, and the rules of cmi5 about them."""

import hashlib
import json
import re
import threading
import time
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import tiny_course
from player_servers import Handler, Server

from authoring.packages import PACKAGES

ACTOR = {
    "objectType": "Agent",
    "name": "Siân Ŵyn",
    "account": {"homePage": "https://lms.example", "name": "learner-1"},
}
PERSON = {"objectType": "Agent", "name": "Siân Ŵyn", "mbox": "mailto:sian@example.test"}
CMI5 = "https://w3id.org/xapi/cmi5/context"
SESSION = f"{CMI5}/extensions/sessionid"
MASTERY = f"{CMI5}/extensions/masteryscore"
CATEGORY, MOVE_ON = f"{CMI5}/categories/cmi5", f"{CMI5}/categories/moveon"
VERBS = "http://adlnet.gov/expapi/verbs/"
ALLOWED = "Authorization, Content-Type, X-Experience-API-Version, If-Match"
DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def made(name, *modules, **changes):
    """The files of a package of the small course in the format of a name."""
    return PACKAGES[name](tiny_course.course(*modules, **changes)).files()


def marked(name, mark=80):
    """The same with the first module alone, which has to be passed."""
    pages = tiny_course.first().pages
    return made(name, tiny_course.module("one", 1, *pages, complete_when="passed", pass_mark=mark))


class LaunchingHandler(Handler):
    def answer(self, status=200, body=b"", headers=()):
        cors = [
            ("Access-Control-Allow-Origin", self.headers.get("Origin") or "*"),
            ("Access-Control-Allow-Headers", self.app.faults.get("allows", ALLOWED)),
            ("Access-Control-Allow-Methods", "GET, PUT, POST"),
            ("Access-Control-Expose-Headers", "ETag, Retry-After"),
        ]
        self.reply(status, body, headers=[*cors, *headers])

    def do_OPTIONS(self):
        time.sleep(self.app.faults.get("preflight", 0))
        self.answer(204)

    def do_POST(self):
        raw, path = self.body(), urlsplit(self.path).path
        if path.startswith("/fetch/"):
            return self.answer(200, self.app.token(path.removeprefix("/fetch/")))
        if "hang" in self.app.faults:
            self.app.requests.append(("hanging", self.path))
            self.app.freed.wait(20)
        if status := self.refusal("statements"):
            return self.answer(status, {})
        return self.answer(*self.app.take(json.loads(raw), self.headers["Authorization"]))

    def do_GET(self):
        self.document("get")

    def do_PUT(self):
        body = self.body()
        self.document("put", body)

    def refusal(self, kind):
        """The status by which a request fails before it is looked at."""
        self.app.requests.append((kind, self.path))
        if status := self.app.faults.get(kind):
            return status
        known = self.headers.get("Authorization") in self.app.authorizations
        return 0 if known and self.headers.get("X-Experience-API-Version") == "1.0.3" else 401

    def document(self, method, body=None):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if status := self.refusal("put" if body else query.get("stateId") or query.get("profileId")):
            return self.answer(status, {})
        agent = json.dumps(json.loads(query.pop("agent")), sort_keys=True)
        key = (parts.path, agent, tuple(sorted(query.items())))
        found = self.app.documents.get(key)
        if body is not None:
            return self.put(key, found, body)
        return self.answer(404, {}) if found is None else self.answer(200, found, [("ETag", tag(found))])

    def put(self, key, found, body):
        """Over what is there, or, where a version is named, over that version only."""
        wanted = self.headers.get("If-Match")
        self.app.conditions.append(wanted)
        if wanted and wanted != tag(found):
            return self.answer(412, {})
        self.app.documents[key] = body
        return self.answer(204, b"", [("ETag", tag(body))])


def tag(document):
    return f'"{hashlib.sha1(document or b"").hexdigest()}"'


class Session:
    """One launch: its number is its token; ``statements`` are those that were taken in it, in order."""

    def __init__(self, number, registration, mode, mastery, publisher):
        self.number, self.registration, self.mode, self.mastery, self.publisher = (
            number, registration, mode, mastery, publisher,
        )  # fmt: skip
        self.id = f"session-{number}"
        self.fetched = 0
        self.statements = []

    def verbs(self, defined=True):
        return [
            one["verb"]["id"].removeprefix(VERBS)
            for one in self.statements
            if not defined or CATEGORY in categories(one)
        ]


class Launching(Server):
    """Launches a package of another origin, and keeps what it sends."""

    handler = LaunchingHandler
    activity = "https://lms.example/activities/17"

    def __init__(self, course):
        self.course = course
        self.sessions = []
        self.documents = {}
        self.preferences = None
        self.authorizations = set()
        self.conditions = []
        self.repeated = []  # verbs of what was sent although it had been taken
        self.freed = threading.Event()
        super().__init__()

    def launch(
        self, publisher=tiny_course.BASE, unit="index.html", registration="r-1", mode="Normal", mastery=None, back=None
    ):
        """The address of a cmi5 launch, after what an LMS does before it (section 10)."""
        for open_ in self.sessions:
            if open_.registration == uuid_of(registration):
                self.abandon(open_)
        session = Session(len(self.sessions) + 1, uuid_of(registration), mode, mastery, publisher)
        self.sessions.append(session)
        self.authorizations.add(f"Basic token-{session.number}")
        data = {
            "contextTemplate": {
                "platform": "The launching system",
                "extensions": {SESSION: session.id},
                "contextActivities": {"grouping": [{"id": publisher}], "category": [{"id": "https://lms.example/all"}]},
            },
            "launchMode": mode,
            "moveOn": "Completed",
            **({"masteryScore": mastery} if mastery is not None else {}),
            **({"returnURL": back} if back else {}),
        }
        self.keep("LMS.LaunchData", session, data)
        if self.preferences is not None:
            agent = json.dumps(ACTOR, sort_keys=True)
            place = (("profileId", "cmi5LearnerPreferences"),)
            self.documents["/xapi/agents/profile", agent, place] = json.dumps(self.preferences).encode()
        query = {
            "endpoint": f"{self.origin}/xapi/",
            "fetch": f"{self.origin}/fetch/{session.number}",
            "actor": json.dumps(ACTOR),
            "registration": session.registration,
            "activityId": self.activity,
        }
        return f"{self.course}/course/{unit}?{urlencode(query)}"

    def tincan(self, **changes):
        """The address of a Tin Can launch; what is None is left out."""
        if not self.sessions:
            self.launch()
        usual = {"endpoint": f"{self.origin}/xapi", "auth": "Basic token-1", "actor": json.dumps(PERSON)}
        given = {**usual, "registration": uuid_of("r-1"), "activity_id": tiny_course.BASE, **changes}
        told = {name: value for name, value in given.items() if value is not None}
        return f"{self.course}/course/index.html?{urlencode(told)}"

    def abandon(self, session):
        """The session is over for the system (9.3.6): nothing more is taken in it."""
        self.authorizations.discard(f"Basic token-{session.number}")

    def keep(self, state, session, value):
        agent = json.dumps(ACTOR, sort_keys=True)
        place = {"activityId": self.activity, "registration": session.registration, "stateId": state}
        self.documents["/xapi/activities/state", agent, tuple(sorted(place.items()))] = json.dumps(value).encode()

    def gone(self, learner, until):
        """The learner leaves; the end of the session has been told."""
        learner.close()
        assert until(lambda: self.sessions[-1].verbs(False)[-1] == "terminated")

    def state(self, registration="r-1"):
        """What the course keeps of the learner, and inside it the player's own text."""
        for (_, _, place), body in self.documents.items():
            if ("stateId", "learner-state") in place and ("registration", uuid_of(registration)) in place:
                found = json.loads(body)
                return {**found, "text": json.loads(found["text"])}
        return {"text": {}}

    def token(self, number):
        """Section 8.2: the token is given once."""
        session = self.sessions[int(number) - 1]
        session.fetched += 1
        if session.fetched > 1:
            return {"error-code": "1", "error-text": "Used already."}
        return {"auth-token": f"token-{number}"}

    def take(self, statements, authorization):
        """The answer to statements; as in the standard, what is known already is no news, and changes nothing."""
        session = next(one for one in self.sessions if authorization == f"Basic token-{one.number}")
        taken = {one["id"]: one for every in self.sessions for one in every.statements}
        self.repeated += [one["verb"]["id"].removeprefix(VERBS) for one in statements if one["id"] in taken]
        for one in statements:
            if one["id"] in taken and taken[one["id"]] != one:
                return 409, {}
        session.statements += [one for one in statements if one["id"] not in taken]
        return 200, [one["id"] for one in statements]


def uuid_of(name):
    """A registration for a short name."""
    return f"00000000-0000-4000-8000-{int.from_bytes(name.encode()[-6:]):012x}"


def categories(statement):
    return [one["id"] for one in statement["context"]["contextActivities"].get("category", [])]


def faults(launching, session):
    """What is wrong with the statements of a session by cmi5, section 9, in words."""
    found = []
    verbs = session.verbs()
    everything = session.verbs(defined=False)
    if everything[:1] != ["initialized"] or (everything[-1] != "terminated" and "terminated" in verbs):
        found.append("initialized is not first, or terminated not last")
    if len(set(verbs)) != len(verbs) or {"passed", "failed"} <= set(verbs):
        found.append(f"twice in a session: {verbs}")
    if session.mode != "Normal" and set(everything) - {"initialized", "terminated"}:
        found.append("more than the beginning and the end outside Normal")
    times = [datetime.fromisoformat(one["timestamp"]) for one in session.statements]
    if times != sorted(times) or any(not one["timestamp"].endswith("Z") for one in session.statements):
        found.append("times are not in order or not in UTC")
    same = [one for one in launching.sessions if one.registration == session.registration]
    of_registration = [verb for one in same for verb in one.verbs()]
    if any(of_registration.count(verb) > 1 for verb in ("completed", "passed")):
        found.append("completed or passed twice in a registration")
    if "passed" in of_registration and "failed" in of_registration[of_registration.index("passed") :]:
        found.append("failed after passed")
    return found + [fault for one in session.statements for fault in statement_faults(launching, session, one)]


def statement_faults(launching, session, one):
    """What is wrong with one statement."""
    verb = one["verb"]["id"].removeprefix(VERBS)
    context, result = one["context"], one.get("result", {})
    defined = CATEGORY in categories(one)
    rules = {
        "the actor is not the one of the launch": one["actor"] == ACTOR,
        "another registration": context["registration"] == session.registration,
        "no session id": context["extensions"][SESSION] == session.id,
        "no publisher id": session.publisher in [it["id"] for it in context["contextActivities"]["grouping"]],
        "the template is not kept": context["platform"] == "The launching system"
        and "https://lms.example/all" in categories(one),
        "a duration that is none": "duration" not in result or DURATION.fullmatch(result["duration"]),
    }
    if defined:
        judged = verb in ("passed", "failed")
        score = result.get("score", {}).get("scaled")
        mark = session.mastery or 0
        rules |= {
            "another object": one["object"]["id"] == launching.activity,
            "no duration": verb == "initialized" or "duration" in result,
            "completion": result.get("completion") is (True if verb == "completed" else None),
            "success": result.get("success") is ({"passed": True, "failed": False}.get(verb)),
            "a score where none belongs": judged or "score" not in result,
            "moveOn": (MOVE_ON in categories(one)) is (judged or verb == "completed"),
            "the score is on the wrong side of the mark": not judged
            or score is None
            or (score >= mark if verb == "passed" else score < mark),
            "mastery score": context["extensions"].get(MASTERY) == (session.mastery if judged else None),
        }
    else:
        rules["an allowed statement is about the unit"] = one["object"]["id"] not in (
            launching.activity,
            session.publisher,
        )
        rules["moveOn on an allowed statement"] = MOVE_ON not in categories(one)
    return [f"{verb}: {words}" for words, good in rules.items() if not good]
