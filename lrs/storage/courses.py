"""Courses: what a package's course.json says, and from which origins its learners may be launched."""

import re
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import insert, select, update

from lrs.storage.database import Connection
from lrs.storage.tables import course_activities, course_origins, courses, packages


class CourseConflict(Exception):
    """What the package says cannot be true beside what is registered; the message is for the operator."""


class Activity(NamedTuple):
    """An activity of a course: ``module`` is None for the course itself.

    ``kind`` is course, module, question, or reflection: a piece of writing that may be sent to the programme lead.
    """

    iri: str
    module: str | None
    kind: str


def activities(outline: dict[str, Any]) -> list[Activity]:
    """Every activity that a course.json names."""
    found = [Activity(outline["iri"], None, "course")]
    for module in outline["modules"]:
        found.append(Activity(module["iri"], module["id"], "module"))
        found += [Activity(question["iri"], module["id"], "question") for question in module.get("questions", ())]
        written = (piece for piece in module.get("reflections", ()) if "iri" in piece)
        found += [Activity(piece["iri"], module["id"], "reflection") for piece in written]
    return found


def register(connection: Connection, outline: dict[str, Any], now: datetime) -> None:
    """Register the course, its activities and this package of it; harmless when repeated.

    Activities that a newer version no longer has stay registered: statements about them still arrive.
    Raises CourseConflict where the course's IRI or an activity belongs to another course.
    """
    text = orjson.dumps(outline).decode()
    _register_course(connection, outline, text, now)
    _register_activities(connection, outline)
    _register_package(connection, outline, text, now)


def _register_course(connection: Connection, outline: dict[str, Any], text: str, now: datetime) -> None:
    values = {
        "version": outline["version"],
        "title_en": outline["title"]["en"],
        "title_cy": outline["title"]["cy"],
        "outline": text,
    }
    known = connection.execute(select(courses.c.id, courses.c.iri)).all()
    for row in known:
        if (row.id == outline["id"]) != (row.iri == outline["iri"]):
            raise CourseConflict(f"The course {row.id} is registered with the address {row.iri}")
    if any(row.id == outline["id"] for row in known):
        connection.execute(update(courses).where(courses.c.id == outline["id"]).values(values))
    else:
        new = {"id": outline["id"], "iri": outline["iri"], "added_at": now}  # since when it is known, for good
        connection.execute(insert(courses).values(values | new))


def _register_activities(connection: Connection, outline: dict[str, Any]) -> None:
    known = {
        row.iri: row.course for row in connection.execute(select(course_activities.c.iri, course_activities.c.course))
    }
    for activity in activities(outline):
        if known.get(activity.iri, outline["id"]) != outline["id"]:
            raise CourseConflict(f"The activity {activity.iri} belongs to the course {known[activity.iri]}")
        if activity.iri not in known:
            known[activity.iri] = outline["id"]
            connection.execute(insert(course_activities).values(activity._asdict() | {"course": outline["id"]}))


def _register_package(connection: Connection, outline: dict[str, Any], text: str, now: datetime) -> None:
    values = {
        "course": outline["id"],
        "version": outline["version"],
        "format": outline.get("package-format") or "",
        "authority": outline.get("authority"),
        "outline": text,
        "added_at": now,
    }
    known = connection.execute(select(packages.c.course).where(packages.c.id == outline["package"])).scalar()
    if known is None:
        connection.execute(insert(packages).values(values | {"id": outline["package"]}))
    elif known != outline["id"]:
        raise CourseConflict(f"The package {outline['package']} is of the course {known}")
    else:
        connection.execute(update(packages).where(packages.c.id == outline["package"]).values(values))


def the_origin(text: str) -> str:
    """The text as browsers write an origin: scheme, host and port, in lower case; ValueError where it is none."""
    origin = text.lower().removesuffix("/")
    if not re.fullmatch(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?", origin):
        raise ValueError("An origin is a scheme, a host and perhaps a port, such as https://lms.council.example")
    scheme, _, rest = origin.partition("://")
    return f"{scheme}://{rest.removesuffix(':443' if scheme == 'https' else ':80')}"


def allow(connection: Connection, course: str, origin: str, now: datetime) -> None:
    """Let learners be launched into the course from pages of this origin; LookupError for an unknown course."""
    if connection.execute(select(courses.c.id).where(courses.c.id == course)).first() is None:
        raise LookupError(f"There is no course {course}")
    here = (course_origins.c.course == course) & (course_origins.c.origin == origin)
    if connection.execute(select(course_origins.c.origin).where(here)).first() is None:
        connection.execute(insert(course_origins).values(course=course, origin=origin, added_at=now))


def origin_allowed(connection: Connection, origin: str, course: str | None = None) -> bool:
    """Whether pages of this origin may launch this course, or any course where none is named."""
    question = select(course_origins.c.origin).where(course_origins.c.origin == origin)
    if course is not None:
        question = question.where(course_origins.c.course == course)
    return connection.execute(question.limit(1)).first() is not None
