"""Draws the pictures of the README: the demonstration is started, opened in Chromium, and photographed."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SIZE = {"width": 1280, "height": 1180}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


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


def learner(browser: Browser, address: str) -> None:
    """A page of the safeguarding module with a question answered, as the frame in the pretend LMS shows it."""
    page = browser.new_page(viewport=SIZE, locale="en-GB")
    page.goto(address)
    page.locator("iframe").evaluate("frame => Object.assign(frame.style, {width: '1280px', height: '1180px'})")
    course = page.frame_locator("iframe")
    course.locator("html[data-ready]").wait_for()
    for link in (".menu [data-module] >> nth=1 >> a", ".menu a[href$='#when-told']"):
        course.locator(".menu summary").click()
        course.locator(link).first.click()
    question = course.locator(".page.here form[data-question]")
    question.locator("input").first.check()
    question.locator("button").click()
    question.locator(".said:not(:empty)").wait_for()
    course.locator("html").evaluate("html => html.ownerDocument.defaultView.scrollTo(0, 0)")
    course.locator("#x-saved[data-kind=saved]").wait_for()
    page.locator("iframe").screenshot(path=ROOT / "docs" / "learner.png")
    page.close()


def lead(browser: Browser, address: str) -> None:
    """The demonstration residential as its lead sees it."""
    page = browser.new_page(viewport=SIZE, locale="en-GB")
    page.goto(address)
    page.locator("main form button").first.click()
    page.locator("main a[href*='/residentials/']:not([href*='/new'])").first.click()
    page.wait_for_selector("table.people")
    page.screenshot(path=ROOT / "docs" / "lead.png")
    page.close()


def main() -> None:
    """Both pictures."""
    with demonstration() as (learn, sign_in), sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        learner(browser, learn)
        lead(browser, sign_in)
        browser.close()


if __name__ == "__main__":
    main()
