"""A course with every kind of part in it, each on a page of its own."""

from dataclasses import replace
from typing import Any

import portfolio_course
import tiny_course
from tiny_course import both, html, page, prose, question, reflect

from authoring.course import (
    Accordion,
    Blank,
    Callout,
    Course,
    Figure,
    Fold,
    Local,
    Option,
    Page,
    Part,
    Pool,
    Prose,
    Question,
    Recording,
    Scenario,
    Scene,
    Serving,
    Span,
    Standard,
    Tabs,
    Target,
    Term,
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


def table() -> Prose:
    """As the build draws a table: too wide for a phone, with a caption."""
    names = ("Community", "Constituencies", "Representatives", "Scrutiny")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    row = "".join(f"<td{right}>{cell}</td>" for cell, right in ((1, ' class="align-right"'), *(("two", ""),) * 3))
    body = f"<thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody>"
    drawn = '<div class="wide"><table><caption>{}</caption>' + body + "</table></div>"
    return Prose(Text(drawn.format("Who answers to whom"), drawn.format("Pwy sy’n atebol i bwy")))


def standards() -> tuple[Standard, Standard]:
    """The Standard with a module that serves its first element, and its sheet for colleagues."""
    first, *others = portfolio_course.elements()
    taught = first._replace(modules=(Serving("all.html", both("The module all"), (both("Say what a manager does"),)),))
    seen = tuple(one._replace(seen=both("does it well")) for one in (first, *others))
    return Standard(False, (taught, *others), (prose("It says what is expected."),)), Standard(True, seen, ())


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
        page("all", "table", prose("Look it up."), table()),
        page("all", "standard", *standards()),
    )


def course(*own: Page, **changes: Any) -> Course:
    """The gallery, or a course of one module with the pages given."""
    media = {"media/slate.svg": PICTURE, "media/talk.en.vtt": CAPTIONS, "media/talk.cy.vtt": CAPTIONS}
    return tiny_course.course(tiny_course.module("all", 1, *(own or pages())), media=media, **changes)


# ------------------------------------------------------------------ every component in every state

QUESTIONS = ("single", "multiple", "match", "order", "fill", "number", "scale")
STATES = ("untouched", "hint", "filled", "wrong", "right", "spent", "error")
CALLOUTS = ("note", "tip", "important", "warning", "caution")
# What is never so: a scale is neither right nor wrong, and steps are always in some order.
NEVER = {("scale", "wrong"), ("scale", "spent"), ("order", "error")}


def states() -> list[tuple[str, str]]:
    """Every kind of question in every state that it can be in."""
    return [(kind, state) for kind in QUESTIONS for state in STATES if (kind, state) not in NEVER]


def begun(kind: str) -> Question:
    """A question of a kind; its first answer is wrong and its second right, or the second is what it asks for."""
    if kind in ("single", "multiple"):
        return tiny_course.question("all", kind, kind, ("The wrong one", False), ("The right one", True))
    if kind == "order":
        return asked("steps", "order", ("Notice is published", True), ("The committee meets", True))
    return {"match": match, "fill": fill, "number": number, "scale": scale}[kind]()


def in_state(kind: str, state: str) -> Question:
    """The question that a test brings into a state: with a hint where it is opened, with one attempt to be used up."""
    name = f"{kind}-{state}"
    more = {"hint_html": html("Look it up.") if state == "hint" else None, "attempts": 1 if state == "spent" else None}
    return replace(begun(kind), id=name, key=key(name), **more)


def answer(kind: str, right: bool) -> list[str]:
    """What to choose or type, or how often to move the last step up."""
    answers = {
        "single": (["1"], ["2"]), "multiple": (["1"], ["2"]), "match": (["3", "3"], ["1", "2"]), "order": ([], ["up"]),
        "fill": (["tax", "oil"], ["151", "harian"]), "number": (["3"], ["22"]), "scale": (["2"], ["2"]),
    }  # fmt: skip
    return answers[kind][right]


def every_state() -> Course:
    """Everything at once, on one page of the first module."""
    callouts = [Callout(kind, None, (prose(f"Mind the {kind}."),)) for kind in CALLOUTS]  # type: ignore[arg-type]
    folds = (Fold(both("Shut"), (prose("Inside."),)), Fold(both("Open"), (prose("Seen."),)))
    walked = replace(scenario(), id="walked", key=short_key("scenario", "all", "walked"))
    scenes = tuple(replace(one, parts=_renamed(one.parts)) for one in walked.scenes)
    term = Prose(Text(*('<p>Read of a <a class="term" href="#term-duty">duty</a>.</p>',) * 2))
    notes = [reflect("all", name) for name in ("unwritten", "near", "full")]
    parts = (
        term, *callouts, Accordion(folds), tabs(), *(in_state(*one) for one in states()), pool(),
        scenario(), replace(walked, scenes=scenes), *recordings(), figure(), table(), *notes,
        *portfolio_course.pieces(), *standards(),
    )  # fmt: skip
    made = course(page("all", "every", *parts))
    terms = (Term("duty", Text("duty", "dyletswydd"), Text("What must be done.", "Yr hyn y mae’n rhaid ei wneud.")),)
    return replace(made, modules=(replace(made.modules[0], terms=terms),))


def _renamed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The choices of another scenario."""
    return tuple(Prose(Text(*(text.replace("#scene-email-", "#scene-walked-") for text in one.html))) for one in parts)  # type: ignore[union-attr]
