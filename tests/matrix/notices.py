"""What is said about saving, each beside the page in an LMS's frame, brought about as it happens to learners."""

from collections.abc import Callable, Iterator
from typing import Any

from looked_at import Looked
from player_servers import Lms
from playwright.sync_api import BrowserContext, Frame, Page

CHANGE = "() => document.querySelector('.page.here .turn .button').click()"
FAIL = "lms.faults.fail = ['Commit']"


def notices(context: BrowserContext, lms: Lms, looked: Looked) -> Iterator[tuple[Page, Frame, str]]:
    """(page, frame, state) for each notice that an LMS can give rise to."""
    lms.files = looked.scorm12
    ways: dict[str, tuple[dict[str, str], Callable[[Page, Frame], Any]]] = {
        "saved": ({}, lambda page, frame: None),
        "lost": ({}, lambda page, frame: (page.evaluate(FAIL), frame.evaluate(CHANGE))),
        "review": ({"lesson_mode": "review"}, lambda page, frame: None),
        "none": ({"api": "absent"}, lambda page, frame: None),
    }
    for kind, (query, bring_about) in ways.items():
        page = context.new_page()
        page.goto(lms.address(reg=kind, **query))
        frame = page.wait_for_selector("#sco").content_frame()
        frame.wait_for_selector("html[data-ready]")
        bring_about(page, frame)
        frame.wait_for_selector(f"#x-saved[data-kind={kind}]", timeout=30_000)
        yield page, frame, f"notice {kind}"
        page.close()
