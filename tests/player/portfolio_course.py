"""A course in whose second module a learner keeps goals, achievements, needs and a plan."""

from typing import Any

import tiny_course
from tiny_course import both, html, page, prose

from authoring.course import Course, Element, Part, Reflect, Text, short_key

STANDARD = (
    ("KS1", "The role of the manager", "Rôl y rheolwr"),
    ("KS2", "Leadership", "Arwain"),
    ("PC3", "Challenge and support", "Herio a chefnogi"),
    ("PQ:integrity", "Integrity", "Uniondeb"),
)


def elements() -> tuple[Element, ...]:
    return tuple(Element(id, short_key("element", id), id[:2], Text(en, cy)) for id, en, cy in STANDARD)


def piece(name: str, kind: str, **more: Any) -> Reflect:
    ask = f"What of your {name}?"
    key = short_key("reflect", "own", name)
    return Reflect(name, key, html(ask), both(ask), html("Well kept."), kind=kind, **more)  # type: ignore[arg-type]


def pieces() -> tuple[Part, ...]:
    return (
        piece("aim", "goal"),
        piece("feat", "achievement"),
        piece("needs", "needs", elements=elements()),
        piece("plan", "plan", rows=2),
    )


def course(**changes: Any) -> Course:
    own = tiny_course.module("own", 2, page("own", "mine", prose("Write for yourself."), *pieces()))
    return tiny_course.course(tiny_course.first(), own, **changes)


def key(name: str) -> str:
    return short_key("reflect", "own", name)


def element(id: str) -> str:
    return short_key("element", id)
