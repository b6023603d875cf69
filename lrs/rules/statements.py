"""Whether a statement is one by xAPI 1.0.3 or 2.0.0: each property of Data 2.4, in its order."""

from collections.abc import Iterator
from typing import Any

from lrs.rules.actors import check_actor, check_agent_only, check_authority, check_group_only
from lrs.rules.errors import InvalidStatement
from lrs.rules.formats import is_duration, is_language, is_media_type, is_sha2, is_uuid, moment
from lrs.rules.kinds import kind_at
from lrs.rules.objects import check_activity, check_statement_ref
from lrs.rules.values import (
    invalid,
    members,
    require,
    the_boolean,
    the_extensions,
    the_iri,
    the_language_map,
    the_number,
    the_object,
    the_string,
)
from lrs.rules.versions import XAPI_1, Version

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
STATEMENT = frozenset(
    ("id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments")
)
SUB_STATEMENT = frozenset(("objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments"))
VERB = frozenset(("id", "display"))
RESULT = frozenset(("score", "success", "completion", "response", "duration", "extensions"))
SCORE = frozenset(("scaled", "raw", "min", "max"))
CONTEXT_ACTIVITIES = frozenset(("parent", "grouping", "category", "other"))
CONTEXT_AGENT = frozenset(("objectType", "agent", "relevantTypes"))
CONTEXT_GROUP = frozenset(("objectType", "group", "relevantTypes"))
ATTACHMENT = frozenset(("usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"))


def checked(raw: Any, version: Version = XAPI_1) -> list[dict[str, Any]]:
    """The statements in a request's body, one object or an array of them, each found valid by the request's version.

    Lists of context activities that came as a single object become arrays, as xAPI returns them (Data 2.4.6.2).
    Raises InvalidStatement; its ``statement`` is the index where the body is an array.
    """
    if isinstance(raw, dict):
        check_statement(raw, version)
        return [raw]
    if not isinstance(raw, list):
        raise InvalidStatement("The body must be a statement or an array of statements", "", "Communication 2.1.2")
    ids: set[str] = set()
    for index, statement in enumerate(raw):
        try:
            check_statement(statement, version)
            _only_once(statement, ids)
        except InvalidStatement as error:
            error.statement = index
            raise
    return raw


def _only_once(statement: dict[str, Any], ids: set[str]) -> None:
    number = statement.get("id", "").lower()
    if number and number in ids:
        raise invalid("another statement of this batch has the same id", "/id", "Communication 2.1.2")
    ids.add(number)


def check_statement(statement: Any, version: Version = XAPI_1) -> None:
    """Raise InvalidStatement, with the JSON pointer and the rule, unless this is a valid statement."""
    try:
        _check_statement(statement, version)
    except InvalidStatement as error:
        error.found = kind_at(statement, error.where)
        raise
    except RecursionError:
        raise InvalidStatement("The statement is nested too deeply", "", "Data 2.2") from None


def _check_statement(statement: Any, version: Version) -> None:
    members(statement, STATEMENT, "", "Data 2.2")
    if "id" in statement:
        _uuid(statement["id"], "/id", "Data 2.4.1")
    _check_core(statement, "", version)
    if "stored" in statement:
        _timestamp(statement["stored"], "/stored", "Data 2.4.8", version)
    if "authority" in statement:
        check_authority(statement["authority"], "/authority")
    if "version" in statement:
        said = the_string(statement["version"], "/version", "Data 2.4.10")
        if not version.statements.fullmatch(said):
            raise invalid("must be 1.0 or 1.0.x" + _or_later(version), "/version", "Data 2.4.10")


def _or_later(version: Version) -> str:
    return "" if version is XAPI_1 else ", 2.0 or 2.0.x"


def _check_core(statement: dict[str, Any], where: str, version: Version) -> None:
    """What a statement and a SubStatement have in common."""
    require(statement, ("actor", "verb", "object"), where, "Data 2.4")
    check_actor(statement["actor"], where + "/actor")
    verb = _verb(statement["verb"], where + "/verb")
    kind = _object(statement["object"], where + "/object", version, inner=bool(where))
    if verb == VOIDED and kind != "StatementRef":
        raise invalid("of a voiding statement must be a StatementRef", where + "/object/objectType", "Data 2.3.2")
    if "result" in statement:
        _result(statement["result"], where + "/result")
    if "context" in statement:
        _context(statement["context"], where + "/context", kind, version)
    if "timestamp" in statement:
        _timestamp(statement["timestamp"], where + "/timestamp", "Data 2.4.7", version)
    if "attachments" in statement:
        _attachments(statement["attachments"], where + "/attachments")


def _uuid(value: Any, where: str, rule: str) -> None:
    if not (isinstance(value, str) and is_uuid(value)):
        raise invalid("must be a UUID", where, rule)


def _timestamp(value: Any, where: str, rule: str, version: Version) -> None:
    try:
        moment(the_string(value, where, rule))
        good = version.takes_time(value)
    except (ValueError, OverflowError):
        good = False
    if not good:
        form = "RFC 3339" if version.strict_times else "ISO 8601"
        raise invalid(f"must be a date and time of {form}, such as 2026-11-02T09:30:00Z", where, rule)


def _verb(verb: Any, where: str) -> str:
    members(verb, VERB, where, "Data 2.4.3")
    require(verb, ("id",), where, "Data 2.4.3")
    if "display" in verb:
        the_language_map(verb["display"], where + "/display", "Data 2.4.3")
    return the_iri(verb["id"], where + "/id", "Data 2.4.3")


def _object(value: Any, where: str, version: Version, *, inner: bool) -> str:
    """Check a statement's object; its objectType."""
    the_object(value, where, "Data 2.4.4")
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        check_activity(value, where)
    elif kind in ("Agent", "Group"):
        check_actor(value, where)
    elif kind == "StatementRef":
        check_statement_ref(value, where)
    elif kind == "SubStatement" and not inner:
        members(value, SUB_STATEMENT, where, "Data 2.4.4.3")
        _check_core(value, where, version)
    else:
        choices = "Activity, Agent, Group or StatementRef" + ("" if inner else ", or SubStatement")
        raise invalid(f"must be {choices}", where + "/objectType", "Data 2.4.4")
    return str(kind)


def _result(result: Any, where: str) -> None:
    rule = "Data 2.4.5"
    members(result, RESULT, where, rule)
    if "score" in result:
        _score(result["score"], where + "/score")
    for name in ("success", "completion"):
        if name in result:
            the_boolean(result[name], f"{where}/{name}", rule)
    if "response" in result:
        the_string(result["response"], where + "/response", rule)
    if "duration" in result and not is_duration(the_string(result["duration"], where + "/duration", rule)):
        raise invalid("must be a duration of ISO 8601, such as PT1H30M", where + "/duration", rule)
    if "extensions" in result:
        the_extensions(result["extensions"], where + "/extensions")


def _score(score: Any, where: str) -> None:
    rule = "Data 2.4.5.1"
    members(score, SCORE, where, rule)
    for name in score:
        the_number(score[name], f"{where}/{name}", rule)
    if not -1 <= score.get("scaled", 0) <= 1:
        raise invalid("must be from -1 to 1", where + "/scaled", rule)
    least, most = score.get("min"), score.get("max")
    if least is not None and most is not None and least >= most:
        raise invalid("must be less than max", where + "/min", rule)
    raw = score.get("raw")
    if raw is not None and ((least is not None and raw < least) or (most is not None and raw > most)):
        raise invalid("must be from min to max", where + "/raw", rule)


def _context(context: Any, where: str, kind: str, version: Version) -> None:
    rule = "Data 2.4.6"
    members(context, version.context, where, rule)
    for name, value in context.items():
        CONTEXT_CHECKS[name](value, f"{where}/{name}")
    for name in ("revision", "platform"):
        if name in context and kind != "Activity":
            raise invalid("is only for statements about an activity", f"{where}/{name}", rule)


def _registration(value: Any, where: str) -> None:
    _uuid(value, where, "Data 2.4.6.1")


def _words(value: Any, where: str) -> None:
    the_string(value, where, "Data 2.4.6")


def _language(value: Any, where: str) -> None:
    if not is_language(the_string(value, where, "Data 2.4.6")):
        raise invalid("must be a language tag of RFC 5646, such as cy or en-GB", where, "Data 2.4.6")


def _context_activities(value: Any, where: str) -> None:
    rule = "Data 2.4.6.2"
    members(value, CONTEXT_ACTIVITIES, where, rule)
    for name, activities in value.items():
        if isinstance(activities, dict):
            activities = value[name] = [activities]
        if not isinstance(activities, list):
            raise invalid("must be an array of activities", f"{where}/{name}", rule)
        for index, activity in enumerate(activities):
            place = f"{where}/{name}/{index}"
            the_object(activity, place, rule)
            if activity.get("objectType", "Activity") != "Activity":
                raise invalid("must be Activity", place + "/objectType", rule)
            check_activity(activity, place)


def _context_agents(value: Any, where: str) -> None:
    for place, one in _concerned(value, where, "contextAgent", "agent", CONTEXT_AGENT):
        check_agent_only(one, place)


def _context_groups(value: Any, where: str) -> None:
    for place, one in _concerned(value, where, "contextGroup", "group", CONTEXT_GROUP):
        check_group_only(one, place)


def _concerned(value: Any, where: str, kind: str, part: str, names: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The agent or group in each element of contextAgents or contextGroups, with its place (2.0.0, 4.2.2.5)."""
    rule = "Data 2.4.6"
    if not isinstance(value, list):
        raise invalid("must be an array", where, rule)
    for index, one in enumerate(value):
        place = f"{where}/{index}"
        members(one, names, place, rule)
        require(one, ("objectType", part), place, rule)
        if one["objectType"] != kind:
            raise invalid(f"must be {kind}", place + "/objectType", rule)
        if "relevantTypes" in one:
            _relevant_types(one["relevantTypes"], place + "/relevantTypes")
        yield f"{place}/{part}", one[part]


def _relevant_types(types: Any, where: str) -> None:
    if not isinstance(types, list) or not types:
        raise invalid("must be an array of at least one IRI", where, "Data 2.4.6")
    for index, one in enumerate(types):
        the_iri(one, f"{where}/{index}", "Data 2.4.6")


CONTEXT_CHECKS = {
    "registration": _registration,
    "instructor": check_actor,
    "team": check_group_only,
    "contextActivities": _context_activities,
    "contextAgents": _context_agents,
    "contextGroups": _context_groups,
    "revision": _words,
    "platform": _words,
    "language": _language,
    "statement": check_statement_ref,
    "extensions": the_extensions,
}


def _attachments(attachments: Any, where: str) -> None:
    if not isinstance(attachments, list):
        raise invalid("must be an array", where, "Data 2.4.11")
    for index, attachment in enumerate(attachments):
        _attachment(attachment, f"{where}/{index}")


def _attachment(attachment: Any, where: str) -> None:
    rule = "Data 2.4.11"
    members(attachment, ATTACHMENT, where, rule)
    require(attachment, ("usageType", "display", "contentType", "length", "sha2"), where, rule)
    the_iri(attachment["usageType"], where + "/usageType", rule)
    for name in ("display", "description"):
        if name in attachment:
            the_language_map(attachment[name], f"{where}/{name}", rule)
    if not is_media_type(the_string(attachment["contentType"], where + "/contentType", rule)):
        raise invalid("must be an Internet media type", where + "/contentType", rule)
    length = attachment["length"]
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        raise invalid("must be a whole number of octets", where + "/length", rule)
    if not is_sha2(the_string(attachment["sha2"], where + "/sha2", rule)):
        raise invalid("must be a SHA-2 hash in hexadecimal", where + "/sha2", rule)
    if "fileUrl" in attachment:  # without one the data must come along: lrs.rules.attachments
        the_iri(attachment["fileUrl"], where + "/fileUrl", rule)
