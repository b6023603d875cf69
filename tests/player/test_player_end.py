"""The end of a module: what was recorded, where, and what of the course is still missing."""

import re

import pytest
import tiny_course

WIDE = "document.documentElement.scrollWidth > innerWidth"
WHERE = "#x-end-where"
SYSTEM = "your organisation’s learning system"


def finish(sco):
    """The first module, all answers right, to its end."""
    sco.click(".page.here .turn .button")
    for question, answers in (("door", (2,)), ("signs", (1, 3)), ("truth", (1,))):
        form = f"#q-{tiny_course.question_key(question)}"
        for answer in answers:
            sco.check(f"{form}-{answer}")
        sco.click(f"{form} button")
        sco.wait_for_selector(f"{form} .said:not(:empty)")
    sco.click(".page.here .turn .button")
    sco.click(".page.here .turn .button")
    sco.wait_for_selector("#x-end.here")


def test_alone_it_says_that_nobody_is_told(visit):
    page = visit()
    finish(page)
    assert page.inner_text(WHERE) == "On this device only: this copy of the course tells nobody."
    assert page.inner_text("#x-end-score") == "75%"
    assert page.inner_text("#x-end-language") == "English"
    assert re.fullmatch(r"\d{1,2} \w+ \d{4}, \d\d:\d\d", page.inner_text("#x-end-when"))


def test_missing_modules_are_named_with_links(visit):
    page = visit()
    finish(page)
    assert page.inner_text("#x-end-missing") == "Still to do in this course:\n\nModule two"
    page.click("#x-end-missing a")
    page.wait_for_selector("#begin.here")
    page.check(f"#q-{tiny_course.question_key('yes')}-1")
    page.click(f"#q-{tiny_course.question_key('yes')} button")
    page.wait_for_selector(f"#q-{tiny_course.question_key('yes')} .said:not(:empty)")
    page.click("#begin.here .turn .button")
    page.click(".page.here:not(#begin) .turn .button")
    page.wait_for_selector("#x-end.here")
    assert not page.is_visible("#x-end-missing") and page.inner_text("#x-end-score") == "100%"


def test_a_commit_that_came_back_is_said(launch):
    learner = launch()
    finish(learner.sco)
    learner.sco.wait_for_selector(f"{WHERE} :text('confirmed') >> visible=true")
    assert learner.sco.inner_text(WHERE) == f"In {SYSTEM}, which has confirmed it."
    learner.sco.click("#x-tongue")
    assert learner.sco.inner_text(WHERE) == "Yn system ddysgu eich sefydliad, sydd wedi’i gadarnhau."


def test_a_commit_that_fails_is_said_and_heals(launch):
    learner = launch()
    learner.page.evaluate("lms.faults.fail = ['Commit']")
    finish(learner.sco)
    assert "confirmed" not in learner.sco.inner_text(WHERE)
    learner.sco.wait_for_selector(f"{WHERE} :text('could not be reached') >> visible=true")
    assert "kept on this device" in learner.sco.inner_text(WHERE)
    learner.page.evaluate("lms.faults.fail = []")
    # It tries again by itself, after longer and longer pauses; a network that comes back ends the pause.
    learner.sco.evaluate("dispatchEvent(new Event('online'))")
    learner.sco.wait_for_selector(f"{WHERE} :text('has confirmed it') >> visible=true")


def test_without_the_system_that_it_wants_it_says_so(visit, package):
    page = visit(package(adapter="scorm12"))
    finish(page)
    assert page.inner_text(WHERE).startswith("Not recorded: no learning system was found.")


def test_a_look_back_records_nothing(launch):
    learner = launch(lesson_mode="review")
    finish(learner.sco)
    assert not learner.sco.is_visible(WHERE)


def test_the_record_store_is_said_to_wait_and_then_to_have_it(launch, linked, store):
    store.faults["statements"] = 503
    learner = launch()
    finish(learner.sco)
    learner.sco.wait_for_selector("#x-end-store :text('not answered yet') >> visible=true")
    store.faults.clear()
    learner.sco.wait_for_selector("#x-end-store :text('has it too') >> visible=true")


@pytest.mark.parametrize(
    ("adapter", "told"), [("scorm12", SYSTEM), ("cmi5", SYSTEM), ("xapi", "the record store that opened this course")]
)
def test_each_standard_has_its_words(package, adapter, told):
    page = package(adapter=adapter)["one.html"].decode()
    where = page.partition('id="x-end-where"')[2].partition("</dd>")[0]
    assert f"In {told}, which has confirmed it." in where and where.count("data-kind=") == 6
    assert "x-end-store" not in where


def test_a_module_launched_by_itself_names_no_other(visit, package):
    page = visit(package(adapter="none", alone=2), path="one.html")
    finish(page)
    assert not page.is_visible("#x-end-missing") and not page.is_visible("#x-end-count")


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1280), ("cy", "dark", 320)])
def test_nothing_stands_in_anybodys_way_at_the_end(visit, axe, language, scheme, width):
    page = visit(locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    finish(page)
    assert axe(page) == [] and not page.evaluate(WIDE)
