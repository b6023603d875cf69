"""The programme for programs, under /api/v1: residentials, people and who is ready, as JSON; it reads and never writes.

A signed-in session sees what its pages show, so a link officer their own authority; a key needs a scope of its own,
for xAPI's keys are in the hands of whoever runs an LMS. Words come in both languages.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson
from flask import Blueprint, Response, current_app, g, request

from lrs import signin, transaction
from lrs.programme.asat import ASKED, moment_of
from lrs.programme.authorities import authority_name
from lrs.programme.board import Standing, counts, standings, standings_on
from lrs.programme.paper import in_both
from lrs.programme.reasons import status_word, why, why_sentences
from lrs.programme.words import LANGUAGES
from lrs.rules import snapshot
from lrs.rules.errors import Forbidden, InvalidParameter, NotFound, Unauthenticated
from lrs.rules.readiness import STATUSES, day_in_wales
from lrs.storage import cohorts, keys, merges, users
from lrs.storage.cohorts import Cohort
from lrs.storage.database import writing
from lrs.storage.people import faces

DESCRIPTION = Path(__file__).with_name("api.json")
SCOPE = "readiness"
FILTERS = ("status", "authority")

bp = Blueprint("api", __name__, url_prefix="/api/v1")
Json = dict[str, object]


class Asking(NamedTuple):
    """Who asks, as the audit trail names them, and the only authority whose people they may see; None for all."""

    name: str
    sees: str | None


def _asking() -> Asking:
    try:
        given = request.authorization
    except ValueError:  # the credentials are bytes beyond ASCII, which werkzeug does not foresee
        given = None
    if given is not None and given.type == "basic":
        return _by_key(given.username or "", given.password or "")
    user = signin.current_user()
    if user is None:
        raise Unauthenticated("Sign in to the pages, or send a key by Basic authentication")
    return Asking(user.email, user.sees)


def _by_key(name: str, secret: str) -> Asking:
    recent: keys.Recent = current_app.extensions["keys"]
    key = recent.find(transaction.reader, name, secret)
    if key is None:
        raise Unauthenticated("This is not a key with its secret")
    g.key_label, g.key = key.label, key.key
    if SCOPE not in key.scopes:
        raise Forbidden(f"This key may not read who is ready; that takes the scope {SCOPE}")
    return Asking(f"key {key.label}", None)


def _noted(asking: Asking, subject: str, detail: str) -> None:
    with writing(current_app.extensions["engine"]) as connection:
        users.note(connection, asking.name, "api", subject, transaction.now(), detail)


def _answer(content: Mapping[str, object]) -> Response:
    return Response(orjson.dumps(content), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _parameters(*known: str) -> datetime:
    """The moment asked about, where the request names nothing that is not known. Raises InvalidParameter."""
    for name in request.args:
        if name not in (ASKED, *known):
            raise InvalidParameter(f"There is no parameter {name[:40]} here", name)
    now, typed = transaction.now(), request.args.get(ASKED)
    if typed is None:
        return now
    try:
        return min(moment_of(typed.replace(" ", "+")), now)
    except ValueError:
        raise InvalidParameter("Give a day, such as 2026-11-27, or a moment with its offset", ASKED) from None


def _cohort(cohort: str) -> Cohort:
    found = cohorts.cohort_called(transaction.reader(), cohort)
    if found is None:
        raise NotFound("There is no residential of this name")
    return found


def residentials() -> Response:
    """Every residential, the latest first, with how many people have each status."""
    asking, as_at = _asking(), _parameters()
    every = cohorts.which_cohorts(transaction.reader())
    standing = standings_on(transaction.reader(), every, as_at, asking.sees)
    told = [_residential(one, standing[one.id]) for one in every]
    return _answer({ASKED: as_at.isoformat(), "residentials": told})


def one_residential(cohort: str) -> Response:
    """One residential."""
    asking, as_at, here = _asking(), _parameters(), _cohort(cohort)
    everybody = standings(transaction.reader(), here, as_at, asking.sees)
    return _answer({ASKED: as_at.isoformat(), "residential": _residential(here, everybody)})


def _residential(here: Cohort, everybody: Sequence[Standing]) -> Json:
    titles = {code: here.module_titles(code) for code in LANGUAGES}
    return {
        "id": here.id,
        "title": {"cy": here.title_cy, "en": here.title_en},
        "course": here.course,
        "practice": here.practice,
        "venue": {code: here.venue(code) for code in LANGUAGES},
        "capacity": here.capacity,
        "opens": here.opens.isoformat(),
        "target": here.target.isoformat(),
        "cut-off": here.cut_off.isoformat(),
        "starts": here.starts.isoformat(),
        "ends": here.ends.isoformat(),
        "required": [
            {"id": module, "title": {code: titles[code].get(module, module) for code in LANGUAGES}}
            for module in here.required
        ],
        "people": len(everybody),
        "counts": counts(everybody),
    }


def people(cohort: str) -> Response:
    """The people of a residential with where they stand and why; of one status or authority where that is asked."""
    asking, as_at, here = _asking(), _parameters(*FILTERS), _cohort(cohort)
    status, authority = (request.args.get(name) for name in FILTERS)
    if status is not None and status not in STATUSES:
        raise InvalidParameter(f"A status is one of {', '.join(STATUSES)}", "status")
    through = [
        one
        for one in standings(transaction.reader(), here, as_at, asking.sees)
        if status in (None, one.readiness.status) and authority in (None, one.member.authority)
    ]
    _noted(asking, here.id, f"{len(through)} people")
    told = [_person(one, here) for one in through]
    return _answer({ASKED: as_at.isoformat(), "residential": here.id, "people": told})


def one_person(cohort: str, person: str) -> Response:
    """One person, with the evidence that counts and whatever does not."""
    asking, as_at, here = _asking(), _parameters(), _cohort(cohort)
    found = standings(transaction.reader(), here, as_at, asking.sees, person, whole=True)
    if not found:
        raise NotFound("There is nobody of this id on this residential")
    _noted(asking, person, here.id)
    one = found[0]
    entry = snapshot.entry(person, one.member.authority, one.readiness, here.plan_at(as_at))
    evidence = {name: entry[name] for name in ("done", "not-counted", "arrived-after-cut-off", "disputed", "exemption")}
    sentences = in_both(lambda: " ".join(why_sentences(one.readiness, here)))
    told = {**_person(one, here), "in-full": sentences, "evidence": evidence}
    return _answer({ASKED: as_at.isoformat(), "residential": here.id, "person": told})


def _person(one: Standing, here: Cohort) -> Json:
    member, found = one
    return {
        "id": member.person,
        "name": member.name,
        "email": member.email,
        "language": member.language,
        "authority": member.authority,
        "council": {code: authority_name(member.authority, code) for code in LANGUAGES},
        "role": member.role,
        "place": member.place,
        "status": found.status,
        "status-words": in_both(lambda: status_word(found.status)),
        "reason": found.reason,
        "why": in_both(lambda: why(found, here)),
        "done": list(found.done),
        "missing": list(found.missing),
        "minutes-left": found.minutes_left,
        "last-seen": found.last_seen and day_in_wales(found.last_seen).isoformat(),
    }


def merged() -> Response:
    """Which id became part of which, and when; an officer is told of records that are their own council's now."""
    asking, as_at = _asking(), _parameters()
    connection = transaction.reader()
    changed = merges.changes(connection, as_at)
    if asking.sees is not None:
        known = faces(connection, [one.to_id for one in changed], transaction.now())
        changed = [one for one in changed if known[one.to_id].authority == asking.sees]
    _noted(asking, "merges", f"{len(changed)} changes")
    told = [{**one._asdict(), "changed_at": one.changed_at.isoformat()} for one in changed]
    return _answer({ASKED: as_at.isoformat(), "merges": told})


@cache
def _described() -> bytes:
    return DESCRIPTION.read_bytes()


def description() -> Response:
    """The OpenAPI description; it asks for no key."""
    return Response(_described(), mimetype="application/json")


bp.add_url_rule("/openapi.json", view_func=description)
bp.add_url_rule("/merges", view_func=merged)
bp.add_url_rule("/residentials", view_func=residentials)
bp.add_url_rule("/residentials/<cohort>", view_func=one_residential)
bp.add_url_rule("/residentials/<cohort>/people", view_func=people)
bp.add_url_rule("/residentials/<cohort>/people/<person>", view_func=one_person)
