"""Activities, with their definitions and interactions, and references to statements: Data 2.4.4."""

from typing import Any

from lrs.rules.formats import is_uuid
from lrs.rules.values import invalid, members, require, the_extensions, the_iri, the_language_map, the_string

ACTIVITY = frozenset(("objectType", "id", "definition"))
REFERENCE = frozenset(("objectType", "id"))
COMPONENTS = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}
LISTS = frozenset(("choices", "scale", "source", "target", "steps"))
INTERACTION = LISTS | {"interactionType", "correctResponsesPattern"}
DEFINITION = INTERACTION | {"name", "description", "type", "moreInfo", "extensions"}
COMPONENT = frozenset(("id", "description"))


def check_statement_ref(reference: Any, where: str) -> None:
    """Raise InvalidStatement unless this is a StatementRef."""
    rule = "Data 2.4.4.3"
    members(reference, REFERENCE, where, rule)
    if reference.get("objectType") != "StatementRef":
        raise invalid("must be StatementRef", where + "/objectType", rule)
    require(reference, ("id",), where, rule)
    if not is_uuid(the_string(reference["id"], where + "/id", rule)):
        raise invalid("must be a UUID", where + "/id", rule)


def check_activity(activity: dict[str, Any], where: str) -> None:
    """Raise InvalidStatement unless this object is an activity."""
    rule = "Data 2.4.4.1"
    members(activity, ACTIVITY, where, rule)
    require(activity, ("id",), where, rule)
    the_iri(activity["id"], where + "/id", rule)
    if "definition" in activity:
        _definition(activity["definition"], where + "/definition")


def _definition(definition: Any, where: str) -> None:
    rule = "Data 2.4.4.1"
    members(definition, DEFINITION, where, rule)
    for name in ("name", "description"):
        if name in definition:
            the_language_map(definition[name], f"{where}/{name}", rule)
    for name in ("type", "moreInfo"):
        if name in definition:
            the_iri(definition[name], f"{where}/{name}", rule)
    if "extensions" in definition:
        the_extensions(definition["extensions"], where + "/extensions")
    if not INTERACTION.isdisjoint(definition):
        _interaction(definition, where)


def _interaction(definition: dict[str, Any], where: str) -> None:
    rule = "Data 2.4.4.1"
    require(definition, ("interactionType",), where, rule)
    kind = definition["interactionType"]
    if not isinstance(kind, str) or kind not in COMPONENTS:
        raise invalid(f"must be one of {', '.join(COMPONENTS)}", where + "/interactionType", rule)
    pattern = definition.get("correctResponsesPattern", [])
    if not isinstance(pattern, list) or not all(isinstance(one, str) for one in pattern):
        raise invalid("must be an array of strings", where + "/correctResponsesPattern", rule)
    for name in sorted(LISTS & definition.keys()):
        if name not in COMPONENTS[kind]:
            raise invalid(f"is not for interactions of type {kind}", f"{where}/{name}", rule)
        _components(definition[name], f"{where}/{name}")


def _components(components: Any, where: str) -> None:
    rule = "Data 2.4.4.1"
    if not isinstance(components, list):
        raise invalid("must be an array of interaction components", where, rule)
    ids = set()
    for index, component in enumerate(components):
        place = f"{where}/{index}"
        members(component, COMPONENT, place, rule)
        require(component, ("id",), place, rule)
        name = the_string(component["id"], place + "/id", rule)
        if name in ids:
            raise invalid("is used twice in this array", place + "/id", rule)
        ids.add(name)
        if "description" in component:
            the_language_map(component["description"], place + "/description", rule)
