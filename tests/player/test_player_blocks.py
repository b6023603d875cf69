"""The blocks that a first page may do without: their script is there before a page with one, or it is said why not."""

import re

import gallery_course
import pytest
import tiny_course
from gallery_course import key
from tiny_course import page, prose, question

from authoring.packages import PACKAGES

NEXT = ".page.here .turn .button >> visible=true"
SIGN_IN = b"<!DOCTYPE html><title>Sign in to the network</title>"
SORRY = {"en": "This module could not be opened", "cy": "Nid oedd modd agor y modiwl hwn"}
AGAIN, STAY = "[data-do=again]", "[data-do=stay]"


def course(*first):
    """A module whose first page has these parts, and whose second has steps to put in order."""
    return tiny_course.course(
        tiny_course.module("all", 1, page("all", "first", *first), page("all", "steps", gallery_course.order()))
    )


@pytest.fixture
def files(package):
    """``files(*parts)`` -> the package of a course whose first page has them."""
    return lambda *parts: package(course(*parts), "none")


def moved(opened):
    """The order of the steps after the second was moved up, which takes the script."""
    opened.locator(f"#q-{key('steps')} [data-move=up]").nth(1).click()
    return [step.get_attribute("data-step") for step in opened.locator(".steps > li").all()]


def test_a_course_that_needs_no_more_asks_for_no_more(visit, lms, package):
    plain = question("one", "plain", "single", ("No", False), ("Yes", True))
    whole = tiny_course.course(
        tiny_course.module("one", 1, page("one", "start", plain), page("one", "end", prose(".")))
    )
    opened = visit(package(whole, "none"))
    opened.wait_for_selector("#end:not([data-rest])", state="attached")
    opened.wait_for_load_state("networkidle")
    assert "/course/blocks.js" not in lms.requests


def test_a_first_page_waits_for_the_script_of_its_blocks(visit, lms, files, until):
    lms.faults["delay"] = 0.4
    opened = visit(files(*gallery_course.tabs().folds[0].parts, gallery_course.tabs()))
    assert lms.requests[:3] == ["/course/index.html", "/course/player.js", "/course/blocks.js"]
    assert opened.locator("[role=tab]").count() == len(gallery_course.tabs().folds)
    assert opened.get_attribute(".page.here", "id") == "first"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_page_whose_script_does_not_come_says_so_and_tries_again(visit, lms, files, axe, language):
    lms.faults["missing"] = ["blocks.js"]
    opened = visit(files(prose("Read this.")), locale=language)
    assert opened.inner_text(".page.here h1").startswith("The page first")
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    assert opened.inner_text("#x-apart h1") == SORRY[language]
    assert axe(opened) == []
    opened.click(STAY)
    assert opened.get_attribute(".page.here", "id") == "first"
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    lms.faults.clear()
    opened.click(AGAIN)
    opened.wait_for_selector("#steps.here")
    assert moved(opened) != sorted(moved(opened))


def test_a_first_page_whose_script_does_not_come_is_not_shown_without_it(visit, lms, files, until):
    lms.faults["missing"] = ["blocks.js"]
    opened = visit(files(gallery_course.scenario()))
    assert opened.get_attribute(".page.here", "id") == "x-apart"
    opened.evaluate("addEventListener('error', ({ target }) => target.src && (window.refused = true), true)")
    opened.click(STAY)
    # Pressed before it has failed, the button would wait for the same answer.
    assert until(lambda: opened.evaluate("window.refused"))
    assert opened.get_attribute(".page.here", "id") == "x-apart"
    lms.faults.clear()
    opened.click(AGAIN)
    opened.wait_for_selector("#first.here .scene.now")


def test_what_a_network_gives_in_place_of_the_script_is_not_taken_for_it(visit, lms, files):
    page_of = files(prose("Read this."))
    opened = visit({**page_of, "blocks.js": SIGN_IN})
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    lms.files = page_of
    opened.click(AGAIN)
    opened.wait_for_selector("#steps.here")
    assert len(moved(opened)) == len(gallery_course.order().options)


def test_nothing_that_was_done_is_lost_while_the_script_does_not_come(launch, lms, package, until):
    asked = question("all", "early", "single", ("No", False), ("Yes", True))
    lms.files = package(course(asked))
    learner = launch()
    learner.next()
    steps = learner.sco.locator(f"#q-{key('steps')}")
    steps.locator("button:not([data-move])").click()
    steps.locator(".said:not(:empty)").wait_for()
    learner.write_to = lms.saved()
    assert until(lambda: key("steps") in lms.saved()["a"])
    before = lms.saved()["a"]
    learner.close()
    lms.faults["missing"] = ["blocks.js"]
    again = launch()
    assert again.at() == "x-apart"
    assert until(lambda: again.calls("Commit"))
    again.close()
    assert lms.saved()["a"] == before
    lms.faults.clear()
    healed = launch()
    assert healed.at() == "steps" and healed.sco.locator(f"#q-{key('steps')} .said:not(:empty)").count() == 1


def test_a_lost_network_stops_nobody_once_the_script_has_been_fetched(visit, lms, files, until):
    opened = visit(files(prose("Read this.")))
    assert until(lambda: "/course/blocks.js" in lms.requests)
    opened.wait_for_selector("#steps:not([data-rest])", state="attached")
    lms.faults["missing"] = ["blocks.js", "all.html"]
    opened.click(NEXT)
    opened.wait_for_selector("#steps.here")
    assert len(moved(opened)) == len(gallery_course.order().options)


def test_it_works_from_a_folder(browser, files, tmp_path):
    for name, body in files(gallery_course.tabs()).items():
        (tmp_path / name).write_bytes(body)
    with browser.new_context(locale="en-GB") as context:
        opened = context.new_page()
        opened.goto((tmp_path / "index.html").as_uri())
        opened.wait_for_selector("[role=tab]")
        opened.click(NEXT)
        opened.wait_for_selector("#steps.here")
        assert len(moved(opened)) == len(gallery_course.order().options)


def test_a_term_leads_to_the_glossary_until_the_script_is_there(visit, lms):
    lms.faults["missing"] = ["blocks.js", "one.html"]
    opened = visit()
    opened.click("a.term >> visible=true")
    assert opened.get_attribute(".page.here", "id") == "x-terms"
    assert opened.is_visible("#term-duty") and not opened.is_visible("#x-meaning")


@pytest.mark.parametrize("name", PACKAGES)
def test_it_is_declared_where_files_are(name):
    package = PACKAGES[name](course(prose("Read this.")))
    named = [path for path, body in package.files().items() if path.endswith(".xml") and b"more.js" in body]
    assert all(re.search(rb'href="blocks\.js"', package.files()[path]) for path in named)
    assert len(package.files()["blocks.js"]) > 1000
