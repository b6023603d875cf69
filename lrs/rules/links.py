"""Which actors, activities and statements a valid statement speaks of, and in which roles: what filters look for."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from lrs.rules.actors import identifier

# Roles of an actor. The members of a group have the group's role (Communication 2.1.3).
ACTOR, OBJECT, AUTHORITY, INSTRUCTOR, TEAM, WITHIN = 1, 2, 4, 8, 16, 32
# Roles of an activity or a statement, beside OBJECT and WITHIN, which is every role in a SubStatement.
PARENT, GROUPING, CATEGORY, OTHER, CONTEXT = 4, 8, 16, 64, 128
DIRECT = ACTOR | OBJECT  # what the filters agent and activity mean without related_agents and related_activities
CONTEXT_ROLES = {"parent": PARENT, "grouping": GROUPING, "category": CATEGORY, "other": OTHER}


class Links(NamedTuple):
    """The verb; each actor's identifier, activity's IRI and referred statement's id, with their roles added up."""

    verb: str
    actors: dict[str, int]
    activities: dict[str, int]
    statements: dict[str, int]


def links(statement: dict[str, Any]) -> Links:
    """The links of a valid statement, its authority included."""
    found = Links(statement["verb"]["id"], {}, {}, {})
    _core(statement, found, (ACTOR, OBJECT, INSTRUCTOR, TEAM), CONTEXT_ROLES)
    if "authority" in statement:
        _actor(statement["authority"], AUTHORITY, found.actors)
    if statement["object"].get("objectType") == "SubStatement":
        inner = dict.fromkeys(CONTEXT_ROLES, WITHIN)
        _core(statement["object"], found, (WITHIN, WITHIN, WITHIN, WITHIN), inner)
    return found


def _core(
    statement: dict[str, Any], found: Links, roles: tuple[int, int, int, int], context_roles: dict[str, int]
) -> None:
    as_actor, as_object, as_instructor, as_team = roles
    _actor(statement["actor"], as_actor, found.actors)
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        _add(found.activities, thing["id"], as_object)
    elif kind == "StatementRef":
        _add(found.statements, thing["id"].lower(), as_object)
    elif kind != "SubStatement":
        _actor(thing, as_object, found.actors)
    context = statement.get("context")
    if context:
        _context(context, found, as_instructor, as_team, context_roles)


def _context(context: dict[str, Any], found: Links, as_instructor: int, as_team: int, roles: dict[str, int]) -> None:
    if "instructor" in context:
        _actor(context["instructor"], as_instructor, found.actors)
    if "team" in context:
        _actor(context["team"], as_team, found.actors)
    if "statement" in context:
        _add(found.statements, context["statement"]["id"].lower(), CONTEXT)
    for name, activities in context.get("contextActivities", {}).items():
        for activity in activities:
            _add(found.activities, activity["id"], roles[name])


def _actor(actor: dict[str, Any], role: int, actors: dict[str, int]) -> None:
    for identified in _identifiers(actor):
        _add(actors, identified, role)


def _add(roles: dict[str, int], name: str, role: int) -> None:
    roles[name] = roles.get(name, 0) | role


def _identifiers(actor: dict[str, Any]) -> Iterator[str]:
    identified = identifier(actor)
    if identified:
        yield identified
    for member in actor.get("member", ()):
        yield identifier(member) or ""
