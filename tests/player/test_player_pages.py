"""What a learner sees and does without a learning system: languages, keyboards, paper, and no script at all."""

import re

import pytest
import tiny_course

DOOR = f"#q-{tiny_course.question_key('door')}"
SIGNS = f"#q-{tiny_course.question_key('signs')}"
WORK = f"#r-{tiny_course.reflect_key('work')}"
NEXT = ".page.here .turn .button"
WIDE = "document.documentElement.scrollWidth > innerWidth"


def states(page):
    """Walk through every page and state of the small course; the name of each when the page is in it."""
    yield "first page"
    page.click(".menu summary")
    yield "menu"
    page.keyboard.press("Escape")
    page.click(".page.here a.term >> visible=true")
    yield "glossary term"
    page.keyboard.press("Escape")
    page.click(".page.here .more summary >> nth=0")
    page.click(NEXT)
    page.click(f"{DOOR} button")
    yield "no answer"
    page.check(f"{DOOR}-1")
    page.click(f"{DOOR} button")
    page.check(f"{SIGNS}-1")
    page.check(f"{SIGNS}-3")
    page.click(f"{SIGNS} button")
    page.wait_for_selector(f"{SIGNS} .verdict")
    yield "not quite and correct"
    page.click(NEXT)
    page.fill(WORK, "Some words.")
    page.locator(WORK).blur()
    yield "reflection"
    page.click(NEXT)
    yield "something left"
    for name in ("x-help", "x-recorded", "x-accessibility", "x-terms"):
        page.click(f"footer a[href$='#{name}']")
        yield name


@pytest.mark.parametrize(
    ("language", "setting"),
    [
        ("en", {"viewport": {"width": 1280, "height": 900}}),
        ("cy", {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}),
    ],
    ids=["wide", "narrow and dark"],
)
def test_nothing_stands_in_anybodys_way(visit, axe, language, setting):
    page = visit(locale=language, **setting)
    assert page.get_attribute("html", "lang") == language
    for state in states(page):
        assert axe(page) == [], state
        assert not page.evaluate(WIDE), state


def test_forced_colours_keep_what_was_chosen_visible(visit, axe):
    page = visit(forced_colors="active")
    page.click(NEXT)
    page.check(f"{DOOR}-1")
    page.click(f"{DOOR} button")
    page.wait_for_selector(f"{DOOR} .verdict")
    outline = "one => getComputedStyle(one.closest('label')).outlineStyle"
    assert page.locator(f"{DOOR}-1").evaluate(outline) == "solid"
    assert axe(page) == []


def test_a_module_can_be_read_without_script(visit, package):
    page = visit(package(adapter="scorm12"), path="one.html", script=False)
    assert page.locator("article").count() == 3
    assert all(one.is_visible() for one in page.locator("article").all())
    assert page.locator("noscript p").is_visible()
    assert not page.get_by_text("What of door? (cy)").first.is_visible()
    page.check("#l-cy")
    assert page.get_by_text("What of door? (cy)").first.is_visible()
    assert not page.get_by_text("What of door?", exact=True).first.is_visible()
    page.get_by_text("Gweld yr atebion").first.click()
    assert page.get_by_text("About The right door. (cy)").is_visible()
    page.locator("noscript a[href='two.html']").click()
    assert page.url.endswith("two.html") and page.get_by_text("The page begin", exact=True).first.is_visible()


def test_changing_language_keeps_page_answers_and_focus(visit):
    page = visit()
    page.click(NEXT)
    page.check(f"{DOOR}-2")
    page.click(f"{DOOR} button")
    page.check(f"{SIGNS}-1")
    page.click("#x-tongue")
    assert page.get_attribute("html", "lang") == "cy"
    assert page.title() == "The page ask (cy) – Module one (cy)"
    assert page.is_checked(f"{DOOR}-2") and page.is_checked(f"{SIGNS}-1")
    assert page.evaluate("document.activeElement.id") == "x-tongue"
    assert (page.inner_text("#x-tongue"), page.get_attribute("#x-tongue", "lang")) == ("English", "en")
    assert "Cywir" in page.inner_text(f"{DOOR} .said")
    assert page.inner_text("#x-far") == "Tudalen 2 o 3"
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.get_attribute("html", "lang") == "cy" and page.is_checked(f"{DOOR}-2")


def test_somebody_of_another_language_is_asked(visit):
    page = visit(locale="fr-FR")
    assert page.is_visible("#x-choose")
    page.click("#x-choose button[lang=cy]")
    assert page.get_attribute("html", "lang") == "cy" and page.is_visible("#start")


def test_moving_moves_the_focus_and_opening_does_not(visit):
    page = visit()
    assert page.evaluate("document.activeElement === document.body")
    page.click(NEXT)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.title() == "The page ask – Module one"
    page.go_back()
    page.wait_for_selector("#start.here")
    page.go_forward()
    page.wait_for_selector("#ask.here")
    page.reload()
    page.wait_for_selector("html[data-ready] #ask.here")
    assert page.evaluate("document.activeElement === document.body")


def test_an_address_that_is_typed_turns_the_page(visit):
    page = visit()
    page.evaluate("location.hash = '#think'")
    page.wait_for_selector("#think.here")
    assert page.title() == "The page think – Module one" and page.inner_text("#x-far") == "Page 3 of 3"
    page.evaluate("location.hash = '#x-help'")
    page.wait_for_selector("#x-help.here")
    page.go_back()
    page.wait_for_selector("#think.here")
    page.go_back()
    page.wait_for_selector("#start.here")
    page.go_forward()
    page.wait_for_selector("#think.here")


@pytest.mark.parametrize(
    "rubbish", ["#%", "#%E0%A4%A", "#zzzz", "#<b>", "#x-closed", "#main", "#" + "a" * 5000, "?%=%&learner=<b>#"]
)
def test_no_address_stops_the_course(visit, rubbish):
    page = visit(path=f"index.html{rubbish}")
    assert page.is_visible("#start")
    page.click(NEXT)
    page.wait_for_selector("#ask.here")
    page.evaluate("to => { location.hash = to }", rubbish.partition("#")[2])
    page.click(NEXT)
    page.wait_for_selector("#think.here")


def test_no_answer_is_an_error_that_leads_to_the_question(visit):
    page = visit()
    page.click(NEXT)
    page.click(f"{DOOR} button")
    assert page.title().startswith("Error: ")
    assert "wrong" in page.evaluate("document.activeElement.className")
    described = page.get_attribute(f"{DOOR} fieldset", "aria-describedby").split()
    assert "Choose an answer" in page.inner_text(f"#{described[-1]}")
    page.click(f"{DOOR} .wrong a")
    assert page.evaluate("document.activeElement.id") == f"{DOOR[1:]}-1"
    page.check(f"{DOOR}-1")
    page.click(f"{DOOR} button")
    page.wait_for_selector(f"{DOOR} .said .verdict")
    assert page.locator(f"{DOOR} .wrong").count() == 0 and not page.title().startswith("Error")
    assert page.inner_text(f"{DOOR} .said").startswith("Not quite\n\nAbout The wrong door.")
    assert page.inner_text(f"{DOOR} .tag") == "Your answer"
    assert page.inner_text(f"{DOOR} button") == "Check again"
    assert page.get_attribute(f"{DOOR} .said", "role") == "status"


def test_several_answers_get_feedback_each(visit):
    page = visit()
    page.click(NEXT)
    page.check(f"{SIGNS}-1")
    page.check(f"{SIGNS}-2")
    page.click(f"{SIGNS} button")
    page.wait_for_selector(f"{SIGNS} .verdict")
    said = page.inner_text(f"{SIGNS} .said")
    assert "Right answers: 1 of 2." in said
    assert re.findall(r"About (\w+)\.", said) == ["Rain", "Sun"]


def test_a_term_is_explained_beside_it_in_both_languages(visit):
    page = visit()
    page.click(".page.here a.term >> visible=true")
    assert page.inner_text("#x-meaning").startswith("duty\n")
    assert page.inner_text("#x-meaning .soft [lang=cy]") == "dyletswydd"
    page.keyboard.press("Escape")
    assert not page.is_visible("#x-meaning")
    assert page.evaluate("document.activeElement.className") == "term"


def test_every_control_can_be_reached_and_seen_with_a_keyboard(visit):
    page = visit(viewport={"width": 320, "height": 480}, reduced_motion="reduce")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "x-tongue"
    page.click(NEXT)
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
            if (one === document.body) return null;
            const hit = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + box.height / 2);
            return { name: one.id || one.textContent.trim().slice(0, 30), mark: style.outlineStyle !== "none",
                     free: Boolean(hit) && (one.contains(hit) || hit.contains(one)) } }""")
        if stop is None:
            break
        reached.append(stop)
    assert [stop for stop in reached if not (stop["mark"] and stop["free"])] == []
    names = [stop["name"] for stop in reached]
    assert f"{SIGNS[1:]}-3" in names and len(names) > 12


def test_targets_are_large_enough(visit):
    page = visit(viewport={"width": 320, "height": 640})
    page.click(NEXT)
    small = page.evaluate("""() => [...document.querySelectorAll("button, summary, .choices label, .turn a, footer a")]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.9).map(one => one.outerHTML)""")
    assert small == []


def test_paper_has_every_line_that_was_written(visit):
    page = visit()
    page.click(NEXT)
    page.wait_for_selector("#ask.here")
    page.click(NEXT)
    page.fill(WORK, "\n".join(f"line {number}." for number in range(60)))
    page.emulate_media(media="print")
    assert page.inner_text(".page.here .own").count("line ") == 60
    assert not page.is_visible(WORK)
    page.emulate_media(media="screen")
    page.click("footer a[href$='#x-wrote']")
    page.wait_for_selector("#x-paper")
    page.emulate_media(media="print")
    assert page.inner_text("#x-paper").count("line ") == 60
    assert "What do you think of work?" in page.inner_text("#x-paper")
    assert re.search(r"\d+ \w+ 20\d\d, \d\d:\d\d", page.inner_text("#x-paper"))


def test_what_this_computer_keeps_can_be_cleared(visit):
    page = visit()
    page.click(NEXT)
    page.check(f"{DOOR}-2")
    page.click(f"{DOOR} button")
    page.click("footer a[href$='#x-recorded']")
    page.click("#x-clear summary")
    with page.expect_navigation():
        page.click("[data-do=clear]")
    page.wait_for_selector("html[data-ready]")
    assert page.is_visible("#start")
    page.click(NEXT)
    assert not page.is_checked(f"{DOOR}-2")


def test_another_module_comes_into_the_same_document(visit, lms, until):
    page = visit()
    page.evaluate("window.same = true")
    fetched = "performance.getEntriesByType('resource').some(one => one.name.endsWith('two.html'))"
    assert until(lambda: page.evaluate(fetched))
    asked = lms.requests.count("/course/two.html")
    lms.faults["missing"] = ["two.html"]
    page.click(".menu summary")
    page.click(".menu a[href='two.html']")
    page.wait_for_selector("#begin.here")
    assert page.evaluate("window.same") and lms.requests.count("/course/two.html") == asked
    assert page.title() == "The page begin – Module two"
    assert page.inner_text("#x-far") == "Page 1 of 2"


def test_a_module_that_cannot_be_fetched_is_told_and_tried_again(visit, lms):
    lms.faults["missing"] = ["two.html"]
    page = visit()
    page.click(".menu summary")
    page.click(".menu a[href='two.html']")
    page.wait_for_selector("#x-apart.here")
    page.click("[data-do=stay]")
    assert page.is_visible("#start")
    page.click(".menu summary")
    page.click(".menu a[href='two.html']")
    page.wait_for_selector("#x-apart.here")
    lms.faults.clear()
    page.click("[data-do=again]")
    page.wait_for_selector("#begin.here")


def test_from_a_folder_a_link_navigates(browser, package, tmp_path):
    for name, body in package(adapter="none").items():
        (tmp_path / name).write_bytes(body)
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    page.click(".menu summary")
    page.click(".menu a[href='two.html']")
    page.wait_for_url("**/two.html")
    page.wait_for_selector("html[data-ready] #begin.here")
    context.close()


def test_the_end_says_what_was_recorded_and_what_comes_next(visit):
    page = visit()
    page.click(NEXT)
    for question, answer in (("door", 2), ("signs", 1), ("truth", 1)):
        form = f"#q-{tiny_course.question_key(question)}"
        page.check(f"{form}-{answer}")
        page.click(f"{form} button")
    page.click(NEXT)
    page.click(NEXT)
    assert page.inner_text("#x-end h1") == "You have completed Module one"
    assert page.inner_text("#x-end-count") == "Modules completed: 1 of 2. Still to go: about 20 minutes."
    assert page.inner_text("#x-end-language") == "English"
    assert re.fullmatch(r"\d{1,2} \w+ \d{4}, \d\d:\d\d", page.inner_text("#x-end-when"))
    page.click(".menu summary")
    assert "Completed" in page.inner_text(".menu [data-module] >> nth=0")


def test_drawing_shifts_nothing(browser, lms, package):
    lms.files = package()
    context = browser.new_context(locale="cy")
    page = context.new_page()
    page.add_init_script("""window.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
        if (!one.hadRecentInput) window.shift += one.value }).observe({type: "layout-shift", buffered: true})""")
    page.goto(f"{lms.origin}/course/index.html")
    page.wait_for_selector("html[data-ready=none]")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") <= 0.02
    context.close()


def test_a_script_that_never_comes_leaves_a_document_that_can_be_read(browser, lms):
    lms.faults["missing"] = ["player.js"]
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{lms.origin}/course/index.html")
        heading = page.locator("h1").first
        assert not heading.is_visible()  # not to be moved about by a script that does come
        heading.wait_for()
        assert page.locator(".turn.unscripted").first.is_visible() and not page.locator(".scripted").first.is_visible()


def test_a_course_opens_with_two_requests_and_nothing_from_outside(context, lms):
    page = context.new_page()
    page.add_init_script("window.requestIdleCallback = () => 0")  # nothing is fetched ahead
    page.goto(f"{lms.origin}/course/index.html")
    page.wait_for_selector("html[data-ready=none]")
    assert page.evaluate("performance.getEntriesByType('resource').map(one => one.name)") == [
        f"{lms.origin}/course/player.js"
    ]
