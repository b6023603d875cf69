"""The states that a learner meets, one after another, by what can be pressed on the screen."""

from collections.abc import Iterator

from playwright.sync_api import Frame, Locator, Page

from authoring.course import Course, Module

NEXT = ".page.here .turn .button >> visible=true"
# What stands beside the pages -> what is there once it has been drawn.
SECTIONS = {
    **{id: f"#{id}.here" for id in ("x-help", "x-recorded", "x-accessibility", "x-terms", "x-choose", "x-apart")},
    "x-wrote": "#x-paper", "x-doctor": "#x-report",
}  # fmt: skip
# As a link in the text would lead there.
FOLLOW = """id => {
  const link = Object.assign(document.createElement("a"), { href: `#${id}` });
  document.body.append(link);
  link.click();
  link.remove();
}"""
Screen = Page | Frame


def states(screen: Screen, course: Course, acts: tuple[str, ...]) -> Iterator[str]:
    """Take the course from its beginning to the end; the name of each state while it is on the screen.

    ``acts`` names what is done on each page beside looking at it: see ``ACTS``.
    """
    screen.evaluate(FOLLOW, "x-end")
    screen.wait_for_selector("#x-end.here")
    yield "end, nothing done"
    screen.click(".menu summary")
    yield "menu"
    screen.click(f".menu a[href$='#{course.modules[0].pages[0].id}']")
    for module in course.modules:
        yield from _module(screen, module, acts)
        following = screen.locator("#x-end .row a.button >> visible=true")
        if module is not course.modules[-1]:
            following.click()
    screen.click(".menu summary")
    yield "menu, all done"
    screen.click(".menu summary")
    yield from sections(screen)


def sections(screen: Screen) -> Iterator[str]:
    """What stands beside the pages; after the last of them nothing can be opened any more."""
    for id, drawn in SECTIONS.items():
        screen.evaluate(FOLLOW, id)
        screen.wait_for_selector(f"{drawn} >> visible=true")
        for summary in screen.locator(".page.here summary >> visible=true").all():
            summary.click()
        yield id
    # Where nothing is recorded the button that leads there is hidden.
    screen.evaluate("document.querySelector('[data-do=leave]').click()")
    screen.wait_for_selector("#x-closed.here")
    yield "x-closed"


def _module(screen: Screen, module: Module, acts: tuple[str, ...]) -> Iterator[str]:
    for page in module.pages:
        screen.wait_for_selector(f"#{page.id}.here")
        yield f"{page.id}, fresh"
        for done in acts:
            if ACTS[done](screen.locator(".page.here")):
                yield f"{page.id}, {done}"
        if explain(screen):
            yield f"{page.id}, a term explained"
        screen.click(NEXT)
    screen.wait_for_selector("#x-end.here")
    yield f"{module.id}, end"


def forms(here: Locator) -> list[Locator]:
    """The questions on the screen that can still be answered."""
    found = here.locator("form[data-question] >> visible=true").all()
    return [one for one in found if one.locator("> .button[aria-disabled]").count() == 0]


def refuse(here: Locator) -> bool:
    """Check every question without an answer; whether any complained."""
    for form in forms(here):
        form.locator("> .button").click()
    return here.locator(".wrong").count() > 0


def _first(here: Locator) -> bool:
    return answer(here, 0)


def _last(here: Locator) -> bool:
    return answer(here, -1)


def answer(here: Locator, which: int) -> bool:
    """Answer every question with the first (0) or the last (-1) of what can be chosen; whether there was one."""
    for form in forms(here):
        for name in ("[type=radio]", "[type=checkbox]"):
            for choice in form.locator(name).all()[which:][:1]:
                choice.check()
        for select in form.locator("select >> visible=true").all():
            select.select_option(index=1 if which == 0 else select.locator("option").count() - 1)
        for field in form.locator("[type=text] >> visible=true").all():
            field.fill("151" if which == 0 else "22")
        for move in form.locator("[data-move]:enabled").all()[which:][:1]:
            move.click()
        form.locator("> .button").click()
        form.locator(".verdict").wait_for()
    return bool(forms(here)) or here.locator(".verdict").count() > 0


def unfold(here: Locator) -> bool:
    """Open what can be opened, write where one can write, go on in what has a story, choose the last tab."""
    acted = 0
    for field in here.locator("textarea >> visible=true").all():
        field.fill("What I think of it.\nOn two lines, at some length, so that it has to be broken where it is narrow.")
        acted += 1
    closed = here.locator("details:not([open]) > summary >> visible=true")
    while closed.count():
        closed.first.click()
        acted += 1
    for link in here.locator(".scene.now a >> visible=true").all()[:1]:
        link.click()
        acted += 1
    for tab in here.locator("[role=tab] >> visible=true").all()[-1:]:
        tab.click()
        acted += 1
    return acted > 0


ACTS = {"refused": refuse, "first answers": _first, "last answers": _last, "open": unfold}


def explain(screen: Screen) -> bool:
    """Press a term of the glossary; whether there is one."""
    for term in screen.locator(".page.here a.term >> visible=true").all()[:1]:
        term.click()
        return True
    return False
