"""The forms in which statements are answered, beside the exact one: ids only, and canonical (Communication 2.1.3)."""

from collections.abc import Callable, Collection
from typing import Any

from lrs.rules.actors import IDENTIFIERS

MAPS = ("name", "description")
COMPONENTS = ("choices", "scale", "source", "target", "steps")
CONTEXT_ACTORS = (("contextAgents", "agent"), ("contextGroups", "group"))

Pick = Callable[[Collection[str]], str]  # the language tag to answer with, of those there are


def merged(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A definition with what was said of the activity later: new languages and extensions are added, the rest replaced.

    Both are definitions of valid activities; neither is changed.
    """
    whole = known | said
    for name in (*MAPS, "extensions"):
        if name in known and name in said:
            whole[name] = known[name] | said[name]
    return whole


def only_ids(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with no more of its agents, groups, activities and verbs than it takes to know which they are."""
    return _shaped(statement, _agent_id, _activity_id, _verb_id)


def canonical(statement: dict[str, Any], definitions: dict[str, dict[str, Any]], pick: Pick) -> dict[str, Any]:
    """The statement with each activity as the store knows it, and one language in every map.

    ``definitions`` has what is known of activities, by their IRIs; agents and groups stay as they were sent.
    """

    def activity(one: dict[str, Any]) -> dict[str, Any]:
        definition = definitions.get(one["id"]) or one.get("definition")
        return one if definition is None else one | {"definition": _one_language(definition, pick)}

    def verb(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"display": _picked(one["display"], pick)} if "display" in one else one

    shaped = _shaped(statement, lambda actor: actor, activity, verb)
    if "attachments" in shaped:
        shaped["attachments"] = [_described(one, ("display", "description"), pick) for one in shaped["attachments"]]
    return shaped


Shape = Callable[[dict[str, Any]], dict[str, Any]]


def _shaped(statement: dict[str, Any], actor: Shape, activity: Shape, verb: Shape) -> dict[str, Any]:
    """A copy of the statement, or SubStatement, with each of its parts put through its function."""
    shaped = statement | {"actor": actor(statement["actor"]), "verb": verb(statement["verb"])}
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        shaped["object"] = activity(thing)
    elif kind == "SubStatement":
        shaped["object"] = _shaped(thing, actor, activity, verb)
    elif kind != "StatementRef":
        shaped["object"] = actor(thing)
    if "authority" in statement:
        shaped["authority"] = actor(statement["authority"])
    if "context" in statement:
        shaped["context"] = _context(statement["context"], actor, activity)
    return shaped


def _context(context: dict[str, Any], actor: Shape, activity: Shape) -> dict[str, Any]:
    shaped = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            shaped[name] = actor(context[name])
    if "contextActivities" in context:
        of_each = context["contextActivities"].items()
        shaped["contextActivities"] = {name: [activity(one) for one in several] for name, several in of_each}
    for name, part in CONTEXT_ACTORS:
        if name in context:
            shaped[name] = [one | {part: actor(one[part])} for one in context[name]]
    return shaped


def _agent_id(actor: dict[str, Any]) -> dict[str, Any]:
    kept = {name: actor[name] for name in ("objectType", *IDENTIFIERS) if name in actor}
    if "member" in actor and kept.keys() <= {"objectType"}:  # an anonymous group is known by its members alone
        kept["member"] = [_agent_id(member) for member in actor["member"]]
    return kept


def _activity_id(activity: dict[str, Any]) -> dict[str, Any]:
    return {"id": activity["id"]}  # what says no objectType is an activity


def _verb_id(verb: dict[str, Any]) -> dict[str, Any]:
    return {"id": verb["id"]}


def _one_language(definition: dict[str, Any], pick: Pick) -> dict[str, Any]:
    shaped = _described(definition, MAPS, pick)
    for name in COMPONENTS:
        if name in definition:
            shaped[name] = [_described(one, ("description",), pick) for one in definition[name]]
    return shaped


def _described(one: dict[str, Any], maps: Collection[str], pick: Pick) -> dict[str, Any]:
    return {name: _picked(value, pick) if name in maps else value for name, value in one.items()}


def _picked(words: dict[str, str], pick: Pick) -> dict[str, str]:
    if len(words) < 2:
        return words
    tag = pick(words)
    return {tag: words[tag]}
