"""What the real course costs a learner before the first page is there."""

import gzip
from pathlib import Path

import pytest

from authoring.load import load
from authoring.packages import PACKAGES

COURSE = Path(__file__).parents[2] / "courses" / "knowing-the-business"
NEXT = ".page.here .turn .button >> visible=true"
SHIFT = """window.shift = 0; new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value
}).observe({type: "layout-shift", buffered: true})"""


@pytest.fixture(scope="module")
def real():
    """The files of the real course by format."""
    course = load(COURSE)
    return {name: package(course).files() for name, package in PACKAGES.items()}


def test_the_first_page_is_light(real):
    for files in real.values():
        first = [files["index.html"], files["player.js"]]
        assert sum(map(len, first)) <= 100_000
        assert sum(len(gzip.compress(body, 9)) for body in first) <= 30_000


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_real_course_opens_with_few_requests_and_moves_nothing(browser, lms, real, axe, language):
    lms.files = real["scorm12"]
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(SHIFT)
    # Held back, what is fetched while idle cannot be taken for a part of the first page.
    first_idle = next(name for name in real["scorm12"] if name.startswith("wales-and"))
    lms.faults["missing"] = [name for name in real["scorm12"] if name.endswith(".html") and name != "index.html"]
    with page.expect_response(f"**/{first_idle}"):
        page.goto(f"{lms.origin}/course/index.html")
    page.wait_for_selector("html[data-ready=none]")
    page.wait_for_load_state("networkidle")
    asked = [name.removeprefix("/course/") for name in lms.requests]
    assert asked[:2] == ["index.html", "player.js"] and asked.index(first_idle) <= 3
    assert axe(page) == []
    lms.faults.clear()
    page.click(NEXT)
    page.wait_for_selector("#x-far :text('2') >> visible=true")
    assert page.locator("[data-rest]").count() == 0
    assert axe(page) == []
    assert page.evaluate("shift") <= 0.02
    context.close()


def test_coming_back_to_the_third_page_of_the_real_course(visit, real, lms):
    page = visit(real["web"])
    page.click(NEXT)
    page.wait_for_selector("#x-far :text('2') >> visible=true")
    page.click(NEXT)
    third = page.get_attribute(".page.here", "id")
    again = page.context.new_page()
    again.add_init_script(SHIFT)
    again.goto(f"{lms.origin}/course/index.html")
    again.wait_for_selector("html[data-ready]")
    assert again.get_attribute(".page.here", "id") == third
    assert again.inner_text("#x-far").startswith("Page 3 of ")
    again.wait_for_timeout(300)
    assert again.evaluate("shift") <= 0.02
