"""What a learner waits for and an LMS is asked, in Chromium: first paint, shift, page change, requests and calls.

The processor is slowed four times for the first paint, as in a cheap phone.
"""

import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "player")]

from learner import NODE_MODULES, chromium, files_of  # noqa: E402
from player_servers import Lms  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

SLOWED = 4
NEXT = ".page.here .turn .button >> visible=true"
PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const [first] = list.getEntriesByName("first-contentful-paint");
  if (first) done(first.startTime);
}).observe({ type: "paint", buffered: true }))"""
SHIFT = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });"""
# Every call of the API that the course finds, those too that ask for the last error.
COUNTED = """(() => {
  const counted = (name) => {
    let api;
    Object.defineProperty(window, name, { configurable: true, get: () => api, set: (given) => {
      api = given;
      for (const call of Object.keys(given)) {
        const own = given[call];
        given[call] = (...all) => { (window.counted ||= []).push([call, ...all]); return own(...all); };
      }
    } });
  };
  if (window === top) ["API", "API_1484_11"].forEach(counted);
})();"""


class Opening(NamedTuple):
    """What was measured; times in milliseconds."""

    first_paint: float
    plain_paint: float
    shift: float
    page_change: float
    requests: int
    calls: dict[str, int]
    commits: dict[str, int]


def needs_blocks(document: bytes) -> bool:
    """Whether a page that a document has from the start waits for blocks.js."""
    return any(b" data-blocks" in tag.partition(b">")[0] for tag in document.split(b"<article ")[1:])


def measure(web: Path, scorm: dict[str, Path], runs: int = 15) -> Opening:
    """Open and use a course: ``web`` is its unpacked package for a web server, ``scorm`` those for LMSs by standard."""
    lms = Lms(files_of(web), NODE_MODULES)
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        lms.files["plain.html"] = plain_page(browser, lms)
        ours, plain = paints(browser, lms, runs)
        shift, requests = first_page(browser, lms)
        change = page_change(browser, lms)
        told = {name: calls_at_launch(browser, lms, files_of(folder), name) for name, folder in scorm.items()}
        browser.close()
    lms.close()
    calls = {name: len(all) for name, all in told.items()}
    commits = {name: all.count("Commit") for name, all in told.items()}
    return Opening(ours, plain, shift, change, requests, calls, commits)


def plain_page(browser: Browser, lms: Lms) -> bytes:
    """A page of the text that the first page shows, as somebody would write it by hand: no style, no script."""
    with opened(browser) as page:
        page.goto(f"{lms.origin}/course/index.html")
        page.wait_for_selector("html[data-ready]")
        lines = page.inner_text("body").splitlines()
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in lines if line.strip())
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Plain</title><link rel="icon" href="data:,">'
    return f'{head}<meta name="viewport" content="width=device-width">\n{paragraphs}</html>'.encode()


@contextmanager
def opened(browser: Browser, slowed: int = 1, **options: object) -> Iterator[Page]:
    """A page of a profile of its own, with the processor slowed so many times."""
    context = browser.new_context(locale="en-GB", viewport={"width": 412, "height": 823}, **options)  # type: ignore[arg-type]
    page = context.new_page()
    if slowed > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    yield page
    context.close()


def paints(browser: Browser, lms: Lms, runs: int) -> tuple[float, float]:
    """Medians of the first contentful paint of the course and of the plain page, taken in turns."""
    times: dict[str, list[float]] = {"index.html": [], "plain.html": []}
    for _ in range(runs + 1):
        for name, found in times.items():
            with opened(browser, SLOWED) as page:
                page.goto(f"{lms.origin}/course/{name}")
                found.append(page.evaluate(PAINT))
    # The first of each does things for the first time.
    ours, plain = (statistics.median(found[1:]) for found in times.values())
    return ours, plain


def first_page(browser: Browser, lms: Lms) -> tuple[float, int]:
    """How much the first page moves while it opens, and the requests it takes before anything is fetched ahead."""
    with opened(browser) as page:
        page.add_init_script(SHIFT)
        # Without idle time, nothing is fetched ahead.
        page.add_init_script("window.requestIdleCallback = () => 0")
        lms.requests.clear()
        page.goto(f"{lms.origin}/course/index.html")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_load_state("networkidle")
        return page.evaluate("window.shift"), len(lms.requests)


def page_change(browser: Browser, lms: Lms, times: int = 6) -> float:
    """Milliseconds of script that turning a page takes, and what it puts off such as saving; the median."""
    with opened(browser) as page:
        page.goto(f"{lms.origin}/course/index.html")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_load_state("networkidle")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def script() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return next(one["value"] for one in metrics if one["name"] == "ScriptDuration")

        found = []
        for _ in range(times):
            there = page.locator(NEXT).get_attribute("href")
            page.locator(NEXT).scroll_into_view_if_needed()
            box = page.locator(NEXT).bounding_box()
            assert box is not None
            before = script()
            page.mouse.click(box["x"] + 9, box["y"] + 9)
            page.wait_for_timeout(600)
            found.append((script() - before) * 1000)
            page.wait_for_selector(f"{there}.here")
        return statistics.median(found)


def calls_at_launch(browser: Browser, lms: Lms, files: dict[str, bytes], name: str) -> list[str]:
    """The calls that a package makes of its LMS from being opened until it is idle, without their prefix."""
    lms.files = files
    with opened(browser) as page:
        page.add_init_script(COUNTED)
        host = "host.html" if name == "scorm12" else "host2004.html"
        page.goto(f"{lms.origin}/lms/{host}?reg=launch-{name}")
        frame = page.wait_for_selector("#sco").content_frame()
        assert frame is not None
        frame.wait_for_selector("html[data-ready]")
        page.wait_for_timeout(1500)
        calls: list[list[str]] = page.evaluate("window.counted || []")
        return [call.removeprefix("LMS") for call, *_ in calls]
