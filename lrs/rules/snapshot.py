"""A residential's readiness as it is frozen for sign-off: what is in it, the bytes that it is, and their digest.

It names nobody: people are their ids, so that somebody's erasure later leaves every snapshot whole.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from lrs.rules.instants import moment
from lrs.rules.readiness import Decision, Facts, Plan, Readiness, Record, Weighed, arrived_after

FORMAT = 1
Json = dict[str, Any]


class Frozen(NamedTuple):
    """Where one person stood, as a snapshot has it: enough to tell the status and its reason in words again.

    ``found`` holds of its records and decisions only what such words ask for; ``entry`` is all that was written.
    """

    person: str
    authority: str
    found: Readiness
    entry: Json


def canonical(content: Json) -> bytes:
    """The content as bytes: JSON in UTF-8, keys in order, no space; without fractions, which may be spelt two ways."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, as sha256sum prints it of the exported file."""
    return hashlib.sha256(content).hexdigest()


def terms(plan: Plan, as_at: datetime) -> Json:
    """What was asked, by when, and which outages put that off."""
    return {
        "as-at": as_at.isoformat(),
        "required": [module.id for module in plan.modules],
        "least-grade": plan.least_grade,
        "major": plan.major,
        "equivalent": sorted([module, done] for module, done in plan.equivalent),
        "opens": plan.opens.isoformat(),
        "target": plan.target.isoformat(),
        "cut-off": plan.cut_off.isoformat(),
        "last-moment": moment(plan.last_moment).isoformat(),
        "last-arrival": moment(plan.last_arrival).isoformat(),
        "outages": [[moment(began).isoformat(), moment(ended).isoformat()] for began, ended in plan.outages],
    }


def entry(person: str, authority: str, found: Readiness, plan: Plan) -> Json:
    """Where one person stands, by what records and decisions, and what did not count."""
    return {
        "person": person,
        "authority": authority,
        "status": found.status,
        "reason": found.reason,
        "facts": found.facts._asdict() | {"expected": math.ceil(found.facts.expected)},
        "done": {module: _done(one) for module, one in found.done.items()},
        "missing": list(found.missing),
        "minutes-left": found.minutes_left,
        "disputed": list(found.weighed.disputed),
        "exemption": found.exemption and _decision(found.exemption),
        "not-counted": [_record(record) | {"why": why} for record, why in found.weighed.not_counted],
        "arrived-after-cut-off": [_record(record) for record in arrived_after(plan, found)],
    }


def _done(one: Record | Decision) -> Json:
    return _record(one) if isinstance(one, Record) else _decision(one)


def _record(one: Record) -> Json:
    return {
        "statement": one.statement,
        "module": one.module,
        "kind": one.kind,
        "at": one.at.isoformat(),
        "arrived": one.arrived.isoformat(),
        "clock-said": None if one.told is None else moment(one.told).isoformat(),
        "grade": one.grade,
        "source": one.source,
        "language": one.language,
        "version": one.version,
    }


def _decision(one: Decision) -> Json:
    return {
        "decision": one.id,
        "module": one.module,
        "kind": one.kind,
        "reason": one.reason,
        "at": one.recorded_at.isoformat(),
        "by": one.recorded_by,
        "until": one.until and one.until.isoformat(),
    }


def people_in(content: Json) -> list[Frozen]:
    """Everybody in a snapshot's content, in its order."""
    return [Frozen(one["person"], one["authority"], _found(one), one) for one in content["people"]]


def _found(one: Json) -> Readiness:
    decided = {module: done for module, done in one["done"].items() if "decision" in done}
    done = {module: _decided(decided[module]) for module in decided}
    weighed = Weighed({}, [], one["disputed"], None)
    left = tuple(one["missing"]), one["minutes-left"]
    exemption = one["exemption"] and _decided(one["exemption"])
    return Readiness(
        one["status"], one["reason"], Facts(**one["facts"]), done, *left, None, weighed, tuple(decided), exemption
    )


def _decided(one: Mapping[str, Any]) -> Decision:
    return Decision(one["module"], one["kind"], one["reason"], datetime.fromisoformat(one["at"]), one["by"])


def counted(statuses: Sequence[str], people: Sequence[Json]) -> dict[str, int]:
    """How many people have each of the statuses."""
    return {status: sum(one["status"] == status for one in people) for status in statuses}
