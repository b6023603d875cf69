"""Draws the pictures of the README and the guides: the demonstration is opened in Chromium and photographed."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, FrameLocator, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = (1280, 1180), (390, 844)


class View(NamedTuple):
    """A picture of the learner's page: the name of its file, width and height in CSS pixels, language and colours."""

    name: str
    size: tuple[int, int]
    language: Literal["en", "cy"]
    colours: Literal["light", "dark"]


# What a lead sees: the name of its file without the language -> where, and up to which height.
PAGES = {
    "lead": ("/residentials/demo", 1180),
    "leads-places": ("/residentials/demo-open/places", 900),
    "leads-reminders": ("/residentials/demo/reminders", 1000),
    "leads-person": ("/residentials/demo?name=Gwilym", 1000),
    "leads-grid": ("/residentials/demo/grid", 900),
    "leads-exceptions": ("/residentials/demo/exceptions", 1100),
    "leads-snapshot": ("/residentials/demo-over/snapshots", 1000),
}

VIEWS = (
    View("learner", DESKTOP, "en", "light"),
    View("learner-cy-dark", DESKTOP, "cy", "dark"),
    View("learner-phone-cy", PHONE, "cy", "light"),
    View("learner-phone-dark", PHONE, "en", "dark"),
)


@contextmanager
def demonstration() -> Iterator[tuple[str, str]]:
    """The demonstration for the length of the block: the learner's link and the lead's link."""
    command = [sys.executable, "-u", "-m", "lrs.cli", "demo", "--folder", str(ROOT / "build" / "screenshots")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield links(process)
        finally:
            process.terminate()


def links(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The two links, read as the demonstration prints them."""
    found: dict[str, str] = {}
    for line in process.stdout or ():
        if match := re.search(r"http://\S+", line):
            found["lead" if "/sign-in/" in match[0] else "learner"] = match[0]
        if len(found) == 2:
            return found["learner"], found["lead"]
    raise SystemExit("the demonstration printed no links")


def learner(browser: Browser, address: str, view: View) -> None:
    """A page of the safeguarding module with a question answered, as the frame in the pretend LMS shows it."""
    width, height = view.size
    shape = {"width": f"{width}px", "height": f"{height}px"}
    page = browser.new_page(viewport=seen(view.size), locale="en-GB", color_scheme=view.colours)
    page.goto(address)
    page.locator("iframe").evaluate("(frame, shape) => Object.assign(frame.style, shape)", shape)
    course = page.frame_locator("iframe")
    course.locator("html[data-ready]").wait_for()
    if course.locator("html").get_attribute("lang") != view.language:
        course.locator("#x-tongue").click()
    turn_to_the_question(course)
    page.locator("iframe").screenshot(path=ROOT / "docs" / f"{view.name}.png")
    page.close()


def seen(size: tuple[int, int]) -> ViewportSize:
    """A window of this width and height."""
    return {"width": size[0], "height": size[1]}


def turn_to_the_question(course: FrameLocator) -> None:
    """Go to the page, answer the first that has choices, and show both from the top once they are saved."""
    for link in (".menu a[href*='safeguarding.html']", ".menu a[href$='#when-told']"):
        course.locator(".menu summary").click()
        course.locator(link).first.click()
    question = course.locator(".page.here form[data-question]:has(.choices)").first
    question.locator("input").first.check()
    question.locator("> .button").click()
    question.locator(".said:not(:empty)").wait_for()
    course.locator("html").evaluate("html => html.ownerDocument.defaultView.scrollTo(0, 0)")
    course.locator("#x-saved[data-kind=saved]").wait_for()


def lead(browser: Browser, address: str) -> None:
    """The demonstration's residentials as their lead sees them, in both languages."""
    page = browser.new_page(viewport=seen(DESKTOP), locale="en-GB")
    page.goto(address)
    page.locator("main form button").first.click()
    origin = address.partition("/sign-in/")[0]
    for language, ending in (("en", ""), ("cy", "-cy")):
        page.goto(f"{origin}/?lang={language}")
        for name, (path, height) in PAGES.items():
            page.set_viewport_size(seen((DESKTOP[0], height)))
            page.goto(origin + path)
            if name in ("leads-person", "leads-snapshot"):  # the first of a list
                page.locator("table.people tbody th a").first.click()
            page.screenshot(path=ROOT / "docs" / f"{name}{ending}.png")
    page.close()


def main() -> None:
    """The pictures of both pages."""
    with demonstration() as (learn, sign_in), sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for view in VIEWS:
            learner(browser, learn, view)
        lead(browser, sign_in)
        browser.close()


if __name__ == "__main__":
    main()
