"""Which actors, activities and statements a valid statement speaks of, and in which roles: what filters look for."""

from typing import Any, NamedTuple

from lrs.rules.actors import identifier
from lrs.rules.canonical import merged

# Roles of an actor. The members of a group have the group's role (Communication 2.1.3).
ACTOR, OBJECT, AUTHORITY, INSTRUCTOR, TEAM, WITHIN = 1, 2, 4, 8, 16, 32
# Roles of an activity or a statement, beside OBJECT and WITHIN, which is every role in a SubStatement. CONTEXT is that
# of a statement in the context, and of an actor in contextAgents or contextGroups.
PARENT, GROUPING, CATEGORY, OTHER, CONTEXT = 4, 8, 16, 64, 128
DIRECT = ACTOR | OBJECT  # what the filters agent and activity mean without related_agents and related_activities
CONTEXT_ROLES = {"parent": PARENT, "grouping": GROUPING, "category": CATEGORY, "other": OTHER}


class Links(NamedTuple):
    """The verb; each actor's identifier, activity's IRI and referred statement's id, with their roles added up.

    Beside them what the statement says about those activities (their definitions) and calls those actors.
    """

    verb: str
    actors: dict[str, int]
    activities: dict[str, int]
    statements: dict[str, int]
    definitions: dict[str, dict[str, Any]]
    names: dict[str, str]


class _Roles(NamedTuple):
    """The role of each place in a statement, or WITHIN for all of them in a SubStatement."""

    actor: int = ACTOR
    object: int = OBJECT
    instructor: int = INSTRUCTOR
    team: int = TEAM
    context: int = CONTEXT
    activities: dict[str, int] = CONTEXT_ROLES


OUTSIDE = _Roles()
INSIDE = _Roles(WITHIN, WITHIN, WITHIN, WITHIN, WITHIN, dict.fromkeys(CONTEXT_ROLES, WITHIN))


def links(statement: dict[str, Any]) -> Links:
    """The links of a valid statement, its authority included."""
    found = Links(statement["verb"]["id"], {}, {}, {}, {}, {})
    _core(statement, found, OUTSIDE)
    if "authority" in statement:
        _actor(statement["authority"], AUTHORITY, found, named=False)  # by the store, not by a statement
    if statement["object"].get("objectType") == "SubStatement":
        _core(statement["object"], found, INSIDE)
    return found


def _core(statement: dict[str, Any], found: Links, roles: _Roles) -> None:
    _actor(statement["actor"], roles.actor, found)
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        _activity(thing, roles.object, found)
    elif kind == "StatementRef":
        _add(found.statements, thing["id"].lower(), roles.object)
    elif kind != "SubStatement":
        _actor(thing, roles.object, found)
    context = statement.get("context")
    if context:
        _context(context, found, roles)


def _context(context: dict[str, Any], found: Links, roles: _Roles) -> None:
    if "instructor" in context:
        _actor(context["instructor"], roles.instructor, found)
    if "team" in context:
        _actor(context["team"], roles.team, found)
    if "statement" in context:
        _add(found.statements, context["statement"]["id"].lower(), roles.context)
    for name, activities in context.get("contextActivities", {}).items():
        for activity in activities:
            _activity(activity, roles.activities[name], found)
    for name, part in (("contextAgents", "agent"), ("contextGroups", "group")):
        for one in context.get(name, ()):
            _actor(one[part], roles.context, found)


def _activity(activity: dict[str, Any], role: int, found: Links) -> None:
    iri = activity["id"]
    _add(found.activities, iri, role)
    if "definition" in activity:
        known = found.definitions.get(iri)
        definition = activity["definition"]
        found.definitions[iri] = definition if known in (None, definition) else merged(known, definition)


def _actor(actor: dict[str, Any], role: int, found: Links, *, named: bool = True) -> None:
    identified = identifier(actor)
    if identified:
        _add(found.actors, identified, role)
        if named and "name" in actor:
            found.names[identified] = actor["name"]
    for member in actor.get("member", ()):
        _actor(member, role, found, named=named)


def _add(roles: dict[str, int], name: str, role: int) -> None:
    roles[name] = roles.get(name, 0) | role
