"""What every mutation must leave whole: the course opens in an LMS, and its pages turn."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "player"))

import tiny_course
from player_servers import Lms

from authoring.packages import PACKAGES


@pytest.fixture
def lms(node_modules):
    server = Lms(PACKAGES["scorm12"](tiny_course.course()).files(), node_modules)
    yield server
    server.close()


def test_the_course_opens_and_its_pages_turn(context, lms):
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(lms.address())
    course = page.frame_locator("#sco")
    course.locator("html[data-ready]").wait_for()
    course.locator(".page.here .turn a.button >> visible=true").click()
    course.locator("#ask.here").wait_for()
    assert course.locator("#x-far").inner_text().startswith("Page 2 of 3")
    assert errors == []
