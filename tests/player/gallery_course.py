"""A course with every kind of part in it, each on a page of its own."""

from dataclasses import replace
from typing import Any

import tiny_course
from tiny_course import both, html, page, prose, question

from authoring.course import (
    Blank,
    Course,
    Figure,
    Fold,
    Local,
    Option,
    Page,
    Pool,
    Prose,
    Question,
    Recording,
    Scenario,
    Scene,
    Span,
    Tabs,
    Target,
    Text,
    short_key,
)

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 16"><rect width="40" height="16" fill="#54467a"/></svg>'
)
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello and welcome.\n"


def asked(name: str, kind: str, *options: tuple[str, bool], **more: Any) -> Question:
    """A question of the module ``all``, without feedback where its kind has none."""
    made = question("all", name, kind, *options)
    plain = kind not in ("single", "multiple", "true-false")
    bare = tuple(replace(one, feedback_html=Text("", "")) if plain else one for one in made.options)
    return replace(made, **{"options": bare, **more})


def key(name: str) -> str:
    return short_key("question", "all", name)


def match() -> Question:
    targets = tuple(Target(str(at), both(words)) for at, words in enumerate(("Staffing", "Money", "Planning"), 1))
    lefts = (("Head of Paid Service", "1"), ("Section 151 Officer", "2"))
    options = tuple(Option(str(at), html(words), False, Text("", ""), to) for at, (words, to) in enumerate(lefts, 1))
    return asked("roles", "match", options=options, targets=targets, partial=True, after_html=html("They are three."))


def order() -> Question:
    steps = ("Notice is published", "The committee meets", "The decision is recorded", "The record is signed")
    return asked("steps", "order", *((step, True) for step in steps))


def fill() -> Question:
    gap = '<span class="blank" data-blank="{}"></span>'
    stem = Text(
        f"<p>The Section {gap.format(1)} Officer looks after the {gap.format(2)} of the council.</p>",
        f"<p>Mae Swyddog Adran {gap.format(1)} yn gofalu am {gap.format(2)} y cyngor.</p>",
    )
    first = Blank("1", ("151", "one five one"), ("151",))
    blanks = (first, Blank("2", ("money", "finances"), ("arian", "harian’r sir")))
    return asked("gaps", "fill", stem_html=stem, blanks=blanks, partial=True, hint_html=html("Think of tax."))


def number(low: str = "22", high: str = "22", **more: Any) -> Question:
    return asked("count", "number", number=Span(low, high), **more)


def scale() -> Question:
    levels = ((one, False) for one in ("Not at all", "A little", "Fairly", "Very"))
    return asked("sure", "scale", *levels, after_html=html("Thank you for saying so."))


def pool() -> Pool:
    questions = tuple(asked(f"pool-{at}", "single", ("Wrong", False), ("Right", True)) for at in range(1, 7))
    return Pool("bank", short_key("pool", "all", "bank"), 3, questions)


def choice(words: str, scene: str) -> str:
    return f'<li><a href="#scene-email-{scene}">{words}</a></li>'


def scenario() -> Scenario:
    asks = f"<p>A councillor asks you for a favour.</p><ul>{choice('Reply', 'reply')}{choice('Ring', 'ring')}</ul>"
    again = f"<p>That was hasty.</p><ul>{choice('Try again', 'start')}</ul>"
    told = (
        ("start", "The e-mail", None, asks, ("reply", "ring")),
        ("reply", "You reply", "poor", again, ("start",)),
        ("ring", "You ring", "good", "<p>Good call.</p>", ()),
    )
    scenes = (Scene(id, both(title), mood, (Prose(Text(body, body)),), to) for id, title, mood, body, to in told)  # type: ignore[arg-type]
    return Scenario("email", short_key("scenario", "all", "email"), tuple(scenes))


def tabs() -> Tabs:
    names = ("The Monitoring Officer", "The Section 151 Officer", "The Head of Paid Service")
    inside = (prose("They watch over what is lawful."), prose("They watch over the money."), prose("They staff."))
    return Tabs(tuple(Fold(both(name), (part,)) for name, part in zip(names, inside, strict=True)))


def recordings() -> tuple[Recording, Recording]:
    captions = Text("media/talk.en.vtt", "media/talk.cy.vtt")
    said = (prose("Hello, and welcome to the council."),)
    one = Recording("video", Text("media/talk.mp4", "media/talk.mp4"), captions, both("Welcome"), said)
    two = Recording("audio", Text("media/a.en.mp3", "media/a.cy.mp3"), Text("", ""), both("A word"), said)
    return one, two


def figure() -> Figure:
    picture = '<p><img src="media/slate.svg" alt="{}" width="400" height="160"></p>'
    return Figure(
        Text(picture.format("A slate"), picture.format("Llechen")),
        both("Figure 1. A slate"),
        (prose("It is plum grey and cut square."),),
    )


def pages() -> tuple[Page, ...]:
    local = Local("contacts", False, (prose("Ask your HR team."),))
    return (
        page("all", "tabs", prose("Who does what."), tabs()),
        page("all", "match", match()),
        page("all", "order", order()),
        page("all", "fill", fill()),
        page("all", "number", number(attempts=2, points=3)),
        page("all", "scale", scale()),
        page("all", "pool", pool()),
        page("all", "story", prose("Decide."), scenario()),
        page("all", "media", *recordings(), figure(), local),
    )


def course(*own: Page, **changes: Any) -> Course:
    """The gallery, or a course of one module with the pages given."""
    media = {"media/slate.svg": PICTURE, "media/talk.en.vtt": CAPTIONS, "media/talk.cy.vtt": CAPTIONS}
    return tiny_course.course(tiny_course.module("all", 1, *(own or pages())), media=media, **changes)
