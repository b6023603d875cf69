"""Leaving and failing in a learning system of either generation: what it then holds, and what the learner is told."""

import shutil

import pytest
import tiny_course
from player_servers import Lms

from authoring.packages import PACKAGES

STANDARDS = {"scorm12": ("scorm12", "host.html"), "scorm2004": ("scorm2004-4", "host2004.html")}
DOOR = tiny_course.question_key("door")
WORK = f"#r-{tiny_course.reflect_key('work')}"
LOST, BACK = "#x-saved[data-kind=lost]", "#x-saved[data-kind=back]"


def page_key(name):
    return tiny_course.short_key("page", "one", name)


@pytest.fixture(params=STANDARDS)
def standard(request):
    return request.param


@pytest.fixture
def lms(standard, node_modules):
    name, host = STANDARDS[standard]
    server = Lms(PACKAGES[name](tiny_course.course()).files(), node_modules, host)
    yield server
    server.close()


@pytest.fixture
def at(lms, until):
    """``at(page)``: whether the learning system gets to hold that page of the first module as the learner's place."""
    return lambda name: until(lambda: lms.saved().get("at") == page_key(name))


def half_way(learner):
    learner.next()
    learner.answer("door", 1)
    learner.next()
    learner.write("work", "half a thought, Siân")


def test_what_was_done_a_moment_before_the_window_was_closed_is_there(launch, at):
    learner = launch()
    learner.next()
    learner.close()
    assert at("ask")


@pytest.mark.parametrize("leave", ["close", "kill"])
def test_leaving_and_coming_back(leave, launch, lms, until):
    learner = launch()
    half_way(learner)
    assert until(lambda: lms.saved().get("w"))
    getattr(learner, leave)()
    again = launch()
    assert again.at() == "think" and again.sco.input_value(WORK) == "half a thought, Siân"
    assert again.sco.evaluate("document.activeElement === document.body")
    again.sco.click(".page.here .turn .button-2")
    assert again.sco.is_checked(f"#q-{DOOR}-1") and "Not quite" in again.sco.inner_text(f"#q-{DOOR} .said")


def test_a_session_ends_once_and_says_suspend_at_its_start(launch):
    learner = launch()
    learner.next()
    exits = [call[2:] for call in learner.calls("SetValue") if call[1].endswith(".exit")]
    assert exits == [["suspend", "true"]]
    learner.next()
    learner.next()
    learner.sco.click("[data-do=leave]")
    assert learner.sco.is_visible("#x-closed") and "Everything has been saved" in learner.sco.inner_text("#x-closed")
    learner.sco.click("footer a[href$='#x-wrote']")
    learner.sco.evaluate("location.hash = '#ask'")
    learner.sco.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    names = [call[0] for call in learner.page.evaluate("lms.calls")]
    assert names.count("Terminate") == 1 and names[-1] == "Terminate"


def test_a_hidden_page_commits(launch, lms):
    learner = launch()
    learner.next()
    learner.sco.evaluate("""() => { Object.defineProperty(document, "visibilityState", {get: () => "hidden"});
                                    document.dispatchEvent(new Event("visibilitychange")) }""")
    assert lms.saved()["at"] == page_key("ask")


def test_a_system_that_removes_the_frame(launch, lms, at):
    learner = launch()
    learner.next()
    assert at("ask")
    learner.page.evaluate("document.getElementById('sco').remove()")
    assert lms.saved()["at"] == page_key("ask")
    assert launch().at() == "ask"


def test_a_window_of_its_own_closes_itself(context, lms, at, standard):
    page = context.new_page()
    page.goto(lms.address(mode="popup"))
    with page.expect_popup() as opened:
        page.click("#popup")
    sco = opened.value
    sco.wait_for_selector(f"html[data-ready={standard}]")
    sco.click(".page.here .turn .button")
    sco.wait_for_selector("#ask.here")
    with sco.expect_event("close"):
        sco.evaluate("document.querySelector('[data-do=leave]').click()")
    assert at("ask")


@pytest.fixture
def keeping(browser):
    """A page of a browser that keeps what was left, as one outside a test does."""
    options = {"args": ["--no-sandbox", "--disable-gpu"], "ignore_default_args": ["--disable-back-forward-cache"]}
    chromium = browser.browser_type.launch(executable_path=shutil.which("chromium"), **options)
    yield chromium.new_page(locale="en-GB")
    chromium.close()


def test_coming_back_from_the_browsers_cache_is_told(lms, keeping, at):
    keeping.goto(lms.address())
    frame = keeping.frame_locator("#sco")
    frame.locator("html[data-ready]").wait_for()
    frame.locator(".page.here .turn .button").first.click()
    frame.locator("#ask.here").wait_for()
    keeping.evaluate("addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted })")
    keeping.goto(f"{lms.origin}/lms/empty.html")
    assert at("ask")
    keeping.go_back(wait_until="commit")
    keeping.wait_for_function("window.persisted")
    # scorm-again begins no second session in the same page: the learner is told so, and it is told nothing.
    keeping.wait_for_function("sco.contentDocument?.querySelector('html[data-ready=none] #x-saved:not(:empty)')")
    assert "Not being recorded" in keeping.evaluate("sco.contentDocument.getElementById('x-saved').innerText")
    calls = [call[0] for call in keeping.evaluate("lms.calls")]
    assert "SetValue" not in calls[calls.index("Terminate") :]


def test_a_failing_commit_is_told_and_healed(launch, lms):
    learner = launch()
    lms.faults["commit"] = 500
    learner.next()
    learner.sco.wait_for_selector(LOST, timeout=15_000)
    assert "Not sent yet" in learner.sco.inner_text("#x-saved")
    lms.faults.clear()
    learner.sco.wait_for_selector(BACK, timeout=20_000)
    assert lms.saved()["at"] == page_key("ask")


def test_a_network_that_comes_back_is_used_at_once(launch, lms, context):
    learner = launch()
    learner.sco.wait_for_selector("#ask:not([data-rest])", state="attached")
    context.set_offline(True)
    learner.next()
    learner.sco.wait_for_selector(LOST, timeout=15_000)
    context.set_offline(False)
    learner.sco.wait_for_selector(BACK)
    assert lms.saved()["at"] == page_key("ask")


def test_a_slow_system_loses_nothing(launch, lms, at):
    lms.faults.update(delay=0.2, commit_delay=0.5)
    learner = launch()
    learner.next()
    assert at("ask") and learner.errors == []


def test_initialize_that_fails(launch):
    learner = launch(faults={"fail": ["Initialize", "GetValue", "SetValue", "Commit"]})
    assert learner.sco.get_attribute("html", "data-ready") == "none"
    assert "Not being recorded" in learner.sco.inner_text("#x-saved")
    assert len(learner.calls("Initialize")) == 1
    learner.next()
    learner.answer("door", 2)
    assert learner.calls("SetValue") == [] and learner.errors == []


def test_an_api_that_comes_late_is_found_and_one_that_never_comes_is_not_missed(launch, at, standard):
    learner = launch(api="late")
    assert learner.sco.get_attribute("html", "data-ready") == standard
    learner.next()
    assert at("ask")
    other = launch(api="absent", reg="r2")
    assert other.sco.get_attribute("html", "data-ready") == "none"
    assert "Not being recorded" in other.sco.inner_text("#x-saved")
    other.next()
    assert learner.calls("other") == other.calls("other") == [] and other.errors == []


@pytest.mark.parametrize("query", [{"depth": 3}, {"api": "begun"}], ids=["far up", "begun already"])
def test_an_api_far_up_or_begun_already(query, launch, at, standard):
    learner = launch(**query)
    begun = standard == "scorm2004" or "depth" in query
    assert learner.sco.get_attribute("html", "data-ready") == (standard if begun else "none")
    learner.next()
    assert not begun or at("ask")


@pytest.mark.parametrize("name", ["Initialize", "GetValue", "SetValue", "Commit"])
def test_an_api_that_throws(name, launch):
    learner = launch(faults={"throws": name})
    kind = "none" if name == "Initialize" else "saved" if name == "GetValue" else "lost"
    learner.next()
    learner.sco.wait_for_selector(f"#x-saved[data-kind={kind}]", timeout=15_000)
    assert learner.at() == "ask" and learner.errors == []


def test_a_system_that_takes_all_and_gives_nothing_back(launch, standard):
    learner = launch(api="deaf")
    assert learner.sco.get_attribute("html", "data-ready") == standard
    learner.walk()
    learner.sco.wait_for_selector("#x-saved[data-kind=saved]")
    learner.page.wait_for_function("lms.calls.some(call => /status$/.test(call[1]) && call[2] === 'completed')")


def test_a_system_that_forgets_is_told_of_and_keeps_at_least_the_place(launch, lms, at):
    learner = launch()
    learner.next()
    assert at("ask")
    learner.kill()
    lms.state["r1"]["cmi"]["suspend_data"] = ""
    again = launch(learner="l-2")
    assert again.at() == "ask"
    assert again.sco.inner_text("#x-news") == "Your learning system has not kept what you did last time."


def test_of_two_windows_the_one_opened_last_records(launch, lms, at):
    first = launch()
    first.next()
    assert at("ask")
    second = launch()
    assert second.at() == "ask"
    first.sco.wait_for_selector("#x-saved[data-kind=other]")
    assert first.sco.inner_text("#x-saved") == "Open in another window: go on there"
    said = len(first.page.evaluate("lms.calls"))
    first.next()
    second.answer("door", 2)
    first.sco.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert len(first.page.evaluate("lms.calls")) == said
    first.close()
    second.close()
    assert at("ask") and lms.saved()["a"] == f"{DOOR}+"


def test_a_review_writes_nothing(launch):
    learner = launch(lesson_mode="review")
    learner.next()
    learner.answer("door", 2)
    assert "nothing is recorded" in learner.sco.inner_text("#x-saved")
    learner.sco.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert learner.calls("SetValue") == [] and learner.calls("Commit") == []
    assert len(learner.calls("Terminate")) == 1


def test_without_credit_nothing_is_written(launch):
    learner = launch(credit="no-credit")
    learner.next()
    assert "nothing is recorded" in learner.sco.inner_text("#x-saved") and learner.calls("SetValue") == []
