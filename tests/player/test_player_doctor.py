"""The self-check: what works and what does not, and a report without a word about a person."""

import re

import portfolio_course
import pytest
import tiny_course
from portfolio_course import element, key

WIDE = "document.documentElement.scrollWidth > innerWidth"
BLOCKED = """for (const kind of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, kind, { get() { throw new DOMException("denied", "SecurityError") } })"""


def report(sco):
    """The lines of the report, by what they say."""
    sco.wait_for_selector("#x-report dd")
    names = sco.locator("#x-report dt").all_inner_texts()
    return dict(zip(names, sco.locator("#x-report dd").all_inner_texts(), strict=True))


def pasted(page, sco):
    """What the button puts on the clipboard."""
    sco.click("#x-report-copy")
    sco.wait_for_selector("#x-report-copy-said span:not([hidden])")
    return page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def open_doctor(launch):
    def opened(**query):
        learner = launch(**query)
        learner.sco.click("footer a[href$='#x-doctor']")
        return learner, report(learner.sco)

    return opened


def test_beside_a_learning_system_it_says_what_was_found(open_doctor, lms):
    _, found = open_doctor(depth=1)
    assert found["Learning system’s object API"] == "found, windows above this one: 2"
    assert found["Being recorded"] == "yes"
    assert re.fullmatch(r"came back after \d+ ms", found["A commit to the learning system"])
    assert found["Record store"] == "none in this package"
    assert found["Told to the learning system"] == "the place, what is kept, a score, the status incomplete"
    assert found["Course"] == "tiny 0.1.0" and found["Format"].endswith(", scorm12")
    assert (found["Pages seen"], found["Opened"]) == ("1 of 5", "in a frame, over http")
    assert re.fullmatch(r"\d+ of 4096", found["Length of what is kept for the learner"])
    assert found["This browser may keep things"] == found["This tab may keep things"] == "yes"


def test_it_tells_the_package_from_its_own_file(open_doctor, lms):
    lms.files["course.json"] = b'{"package": "0123456789abcdef", "package-format": "scorm12"}'
    _, found = open_doctor()
    assert found["Package"] == "0123456789abcdef" and found["Format"] == "scorm12, scorm12"
    assert found["The package’s own files can be read"] == "yes"


def test_a_commit_that_does_not_come_back_is_seen(launch):
    learner = launch()
    learner.page.evaluate("lms.faults.fail = ['Commit']")
    learner.sco.click("footer a[href$='#x-doctor']")
    assert report(learner.sco)["A commit to the learning system"] == "did not come back"
    learner.page.evaluate("lms.faults.fail = []")
    learner.sco.click("#x-check-again")
    learner.sco.wait_for_selector("#x-report :text('came back') >> visible=true")


def test_a_record_store_in_reach_is_told_from_one_that_is_not(launch, linked, store):
    learner = launch()
    learner.sco.click("footer a[href$='#x-doctor']")
    assert report(learner.sco)["Record store"] == f"{store.origin} answers"
    store.close()
    learner.sco.click("#x-check-again")
    learner.sco.wait_for_selector("#x-report :text('does not answer') >> visible=true")


@pytest.mark.parametrize("adapter", ["scorm12", "scorm2004", "cmi5", "xapi", "none"])
def test_it_is_of_use_where_nothing_works(browser, lms, package, adapter):
    """No learning system, no storage, no network for anything but the scripts."""
    lms.files = package(adapter=adapter)
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(BLOCKED)
    page.goto(f"{lms.origin}/course/index.html?doctor")
    found = report(page)
    assert found["Being recorded"].startswith("no")
    assert found["Learning system’s object API"] == found["Learning system’s object API_1484_11"] == "not found"
    assert found["This browser may keep things"] == found["This tab may keep things"] == "no"
    assert found["Package"] == "?" and found["The package’s own files can be read"] == "no"
    assert page.is_visible("#x-doctor.here")
    context.close()


PLANTED = {
    "name": "Siân", "family": "Ŵyn", "learner": "learner-7788", "word": "confidential-words",
    "query": "planted-in-the-query", "token": "planted-token", "other": "planted-other-learner", "goal": "planted-goal",
}  # fmt: skip


def test_the_report_says_nothing_of_anybody(context, launch, lms, store, package, until):
    lms.files = package(portfolio_course.course(), **{"record-store": store.origin})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    store.faults["statements"] = 503
    sco = f"/course/index.html?who={PLANTED['query']}&auth={PLANTED['token']}#start"
    learner = launch(learner=PLANTED["learner"], sco=sco)
    learner.sco.evaluate(f"sessionStorage.setItem('ktb-cmi5:x', '{PLANTED['token']}')")
    learner.sco.evaluate(f"localStorage.setItem('ktb:tiny:{PLANTED['other']}', '{PLANTED['word']}')")
    learner.sco.click(".menu summary")
    learner.sco.click(".menu a[href='own.html']")
    learner.sco.wait_for_selector("#mine.here")
    learner.sco.fill(f"#r-{key('aim')}", PLANTED["goal"])
    learner.sco.check(f"[value='{element('KS1')}2']")
    learner.sco.click("footer a[href$='#x-doctor']")
    found = report(learner.sco)
    assert found["Pieces written"].startswith("pieces: 2, characters: ")
    assert int(found["Statements still to be sent to the record store"]) >= 1
    # The learning system's page above has the focus of the browser, which the clipboard asks for.
    text = pasted(learner.page, learner.sco)
    assert "A commit to the learning system: " in text and text.count("\n") >= 20
    shown = learner.sco.inner_text("#x-doctor")
    named = [what for what, planted in PLANTED.items() if planted in text or planted in shown]
    assert named == []
    assert learner.sco.evaluate("location.search") == "" or PLANTED["query"] not in text


def test_copying_the_old_way_where_the_clipboard_is_denied(visit, package):
    page = visit(package(adapter="none"), path="index.html?doctor")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('denied')))")
    page.evaluate(
        "void (document.execCommand = (name) => { window.copied = [name, document.activeElement.value]; return true })"
    )
    report(page)
    page.click("#x-report-copy")
    page.wait_for_selector("#x-report-copy-said :text('Copied.') >> visible=true")
    assert page.evaluate("copied")[0] == "copy" and "Browser: Mozilla" in page.evaluate("copied")[1]
    page.evaluate("void (document.execCommand = () => false)")
    page.click("#x-report-copy")
    page.wait_for_selector("#x-report-copy-said :text('does not allow') >> visible=true")


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1280), ("cy", "dark", 320)])
def test_nothing_stands_in_anybodys_way_of_the_self_check(visit, package, axe, language, scheme, width):
    page = visit(
        package(adapter="none"), path="index.html?doctor", locale=language, color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    found = report(page)
    assert axe(page) == [] and not page.evaluate(WIDE)
    assert ("Course" if language == "en" else "Cwrs") in found
    assert tiny_course.BASE not in str(found)
