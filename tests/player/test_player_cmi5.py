"""A course that a cmi5 system launches: what it asks for, what it says in which order, and where it keeps all that."""

import pytest
import tiny_course
from launching import faults, made, marked

FORMAT = "cmi5"
ONE = f"{tiny_course.BASE}/modules/one"


def test_a_whole_walk_is_told_in_the_order_of_the_standard(begin, launching, until):
    learner = begin()
    assert learner.sco.get_attribute("html", "data-ready") == "cmi5"
    learner.walk()
    (session,) = launching.sessions
    assert until(lambda: "completed" in session.verbs())
    launching.gone(learner, until)
    assert session.verbs() == ["initialized", "completed", "terminated"]
    assert session.verbs(defined=False) == ["initialized", "completed", "completed", "completed", "terminated"]
    assert [one["object"]["id"] for one in session.statements] == [
        launching.activity, ONE, f"{tiny_course.BASE}/modules/two", launching.activity, launching.activity,
    ]  # fmt: skip
    assert faults(launching, session) == []
    assert session.fetched == 1
    assert learner.errors == []
    first = session.statements[0]["context"]
    assert first["extensions"]["https://ktb.vsc.example/x/version"] == "0.1.0"
    assert first["language"] == "en-GB"


def test_it_asks_for_what_the_standard_has_it_ask_before_it_says_anything(begin, launching, until):
    assert begin().sco
    assert until(lambda: launching.sessions[0].statements)
    asked = [kind for kind, _ in launching.requests]
    assert set(asked[: asked.index("statements")]) == {"LMS.LaunchData", "cmi5LearnerPreferences", "learner-state"}


def test_the_place_is_kept_with_the_system_and_not_completed_twice(begin, launching, until, context):
    learner = begin()
    learner.next()
    learner.answer("door", 1)
    learner.next()
    learner.write("work", "half a thought, Siân")
    assert until(lambda: launching.state()["text"].get("w"))
    learner.kill()
    context.clear_cookies()
    again = begin()
    again.sco.evaluate("localStorage.clear()")
    assert again.at() == "think"
    assert again.sco.input_value(f"#r-{tiny_course.reflect_key('work')}") == "half a thought, Siân"
    again.sco.click(".page.here .turn .button-2")
    again.answer("signs", 1, 3)
    again.answer("truth", 1)
    again.next()
    again.next()
    again.sco.click("#x-end .row .button")
    again.sco.wait_for_selector("#begin.here")
    again.answer("yes", 1)
    again.next()
    assert until(lambda: "completed" in launching.sessions[1].verbs())
    assert until(lambda: launching.state().get("told") == ["completed"])
    launching.gone(again, until)
    third = begin()
    third.sco.click(".page.here .turn .button-2")
    third.answer("yes", 2)
    launching.gone(third, until)
    assert launching.sessions[2].verbs() == ["initialized", "terminated"]
    assert "completed" not in launching.repeated
    assert [faults(launching, one) for one in launching.sessions[1:]] == [[], []]


def test_a_completion_that_was_lost_is_told_at_the_next_launch(begin, launching, until):
    learner = begin()
    learner.next()
    learner.answer("door", 2)
    learner.answer("signs", 1, 3)
    learner.answer("truth", 1)
    learner.next()
    learner.next()
    learner.sco.click("#x-end .row .button")
    learner.sco.wait_for_selector("#begin.here")
    launching.faults["statements"] = 503
    learner.answer("yes", 1)
    learner.next()
    assert until(lambda: "*all" in launching.state()["text"].get("d", ""))
    learner.kill()
    launching.faults.clear()
    assert "completed" not in launching.sessions[0].verbs()
    again = begin()
    assert again.sco
    assert until(lambda: "completed" in launching.sessions[1].verbs())
    launching.gone(again, until)
    assert faults(launching, launching.sessions[1]) == []


def test_a_completion_that_was_taken_but_not_noted_is_not_told_twice(begin, launching, until):
    learner = begin()
    learner.walk()
    assert until(lambda: launching.state().get("told") == ["completed"])
    launching.gone(learner, until)
    for key, body in launching.documents.items():
        if ("stateId", "learner-state") in key[2]:
            launching.documents[key] = body.replace(b'"told":["completed"]', b'"told":[]')
    assert launching.state()["told"] == []
    again = begin()
    assert again.sco
    assert until(lambda: launching.state().get("told") == ["completed"])
    launching.gone(again, until)
    assert launching.sessions[1].verbs() == ["initialized", "terminated"]


def test_a_mark_that_is_missed_is_told_at_the_end_and_one_that_is_reached_at_once(begin, launching, until, lms):
    lms.files = marked(FORMAT)
    learner = begin(mastery=0.8)
    learner.next()
    for name in ("door", "signs", "truth"):
        learner.answer(name, 1)
    learner.next()
    learner.next()
    assert until(lambda: launching.state()["text"].get("a", "").count(" ") == 2)
    assert launching.sessions[0].verbs() == ["initialized"]
    launching.gone(learner, until)
    assert launching.sessions[0].verbs() == ["initialized", "failed", "terminated"]
    again = begin(mastery=0.8)
    again.sco.click(".menu summary")
    again.sco.click(".menu a[href$='#ask']")
    again.answer("door", 2)
    again.answer("signs", 1, 3)
    assert until(lambda: "completed" in launching.sessions[1].verbs())
    launching.gone(again, until)
    assert launching.sessions[1].verbs() == ["initialized", "passed", "completed", "terminated"]
    assert [faults(launching, one) for one in launching.sessions] == [[], []]


def test_failing_and_then_passing_in_one_session_says_passed_alone(begin, launching, until, lms):
    lms.files = marked(FORMAT)
    learner = begin(mastery=0.8)
    learner.next()
    for name in ("door", "signs", "truth"):
        learner.answer(name, 1)
    learner.next()
    learner.sco.click(".page.here .turn .button-2")
    learner.answer("door", 2)
    learner.answer("signs", 1, 3)
    learner.next()
    learner.next()
    assert until(lambda: "passed" in launching.sessions[0].verbs())
    launching.gone(learner, until)
    assert launching.sessions[0].verbs() == ["initialized", "passed", "completed", "terminated"]
    assert faults(launching, launching.sessions[0]) == []


def test_the_mark_of_the_system_holds_where_it_is_another(begin, launching, until, lms):
    lms.files = marked(FORMAT, 60)
    learner = begin(mastery=0.9)
    learner.next()
    learner.answer("door", 2)
    learner.answer("signs", 1)
    learner.answer("truth", 1)
    learner.next()
    learner.next()
    assert until(lambda: "completed" in launching.sessions[0].verbs())
    launching.gone(learner, until)
    assert launching.sessions[0].verbs() == ["initialized", "completed", "failed", "terminated"]
    assert faults(launching, launching.sessions[0]) == []


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_outside_normal_nothing_but_the_beginning_and_the_end_is_told(mode, begin, launching, until):
    learner = begin(mode=mode)
    assert "nothing is recorded" in learner.sco.inner_text("#x-saved")
    learner.next()
    learner.answer("door", 2)
    launching.gone(learner, until)
    (session,) = launching.sessions
    assert session.verbs(defined=False) == ["initialized", "terminated"]
    assert faults(launching, session) == []
    assert "put" not in [kind for kind, _ in launching.requests]


def test_leaving_goes_back_to_where_the_system_says(begin, launching, until, lms):
    learner = begin(back=f"{lms.origin}/lms/empty.html")
    learner.next()
    learner.sco.evaluate("document.querySelector('[data-do=leave]').click()")
    there = learner.page.main_frame.child_frames[0]
    there.wait_for_url("**/lms/empty.html")
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])


def test_a_page_loaded_anew_after_its_end_neither_asks_for_a_token_nor_says_anything(begin, launching, until):
    learner = begin()
    learner.next()
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])
    learner.page.frame_locator("#sco").locator("html[data-ready=none]").wait_for()
    learner.sco.wait_for_selector("#x-saved:has-text('Not being recorded')")
    assert launching.sessions[0].fetched == 1
    assert launching.sessions[0].verbs() == ["initialized", "terminated"]


def test_a_page_loaded_anew_after_its_end_goes_back_to_the_system(begin, launching, until, lms):
    learner = begin(back=f"{lms.origin}/lms/empty.html")
    learner.next()
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    learner.page.main_frame.child_frames[0].wait_for_url("**/lms/empty.html")
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])


def test_what_is_said_last_outlives_a_page_that_goes_elsewhere(begin, launching, until):
    learner = begin()
    assert until(lambda: launching.sessions[0].statements)
    learner.next()
    launching.faults["preflight"] = 0.4
    learner.sco.evaluate("document.querySelector('.page.here .turn .button').click()")
    learner.page.evaluate("document.getElementById('sco').src = '/lms/empty.html'")
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])
    assert until(lambda: launching.state()["text"]["at"] == tiny_course.short_key("page", "one", "think"))


def test_a_page_loaded_anew_after_a_crash_goes_on_in_the_same_session(begin, launching, until):
    learner = begin()
    assert learner.sco
    assert until(lambda: launching.sessions[0].statements)
    learner.sco.evaluate("Object.keys(sessionStorage).map((name) => sessionStorage.getItem(name))")
    kept = learner.sco.evaluate("({...sessionStorage})")
    learner.page.evaluate("document.getElementById('sco').remove()")
    learner.page.context.add_init_script(
        f"for (const [name, text] of Object.entries({kept!r})) sessionStorage.setItem(name, text)"
    )
    address = learner.page.url
    learner.page.goto(address)
    learner.page.wait_for_function("window.lms && lms.ready")
    learner.next()
    assert until(lambda: launching.state()["text"].get("at") == tiny_course.short_key("page", "one", "ask"))
    assert launching.sessions[0].fetched == 1
    assert launching.sessions[0].verbs().count("initialized") == 1


@pytest.mark.parametrize("preferred", ["cy-GB,en-GB", "fr, cy"])
def test_the_language_that_the_learner_prefers_is_used(preferred, begin, launching):
    launching.preferences = {"languagePreference": preferred, "audioPreference": "off"}
    assert begin().sco.get_attribute("html", "lang") == "cy"


def test_preferences_that_may_not_be_read_are_no_obstacle(begin, launching):
    launching.faults["cmi5LearnerPreferences"] = 403
    assert begin().sco.get_attribute("html", "data-ready") == "cmi5"


@pytest.mark.parametrize("wrong", ["LMS.LaunchData", "learner-state"])
def test_a_launch_that_cannot_be_read_is_not_recorded_and_says_so(wrong, begin, launching):
    launching.faults[wrong] = 500
    learner = begin()
    assert learner.sco.get_attribute("html", "data-ready") == "none"
    learner.sco.wait_for_selector("#x-saved:has-text('Not being recorded')")
    assert launching.sessions[0].statements == []
    learner.next()
    learner.answer("door", 2)


def test_a_course_opened_without_a_launch_can_be_read(launch, launching, lms):
    learner = launch(sco=f"{lms.origin}/course/index.html")
    assert learner.sco.get_attribute("html", "data-ready") == "none"
    learner.next()
    learner.answer("door", 2)
    assert learner.errors == []


def test_a_module_launched_by_itself_is_the_unit(begin, launching, until, lms):
    lms.files = made(FORMAT, sco_per="module")
    learner = begin(f"{tiny_course.BASE}/modules/two", unit="two.html")
    learner.answer("yes", 1)
    learner.next()
    (session,) = launching.sessions
    assert until(lambda: "completed" in session.verbs())
    launching.gone(learner, until)
    assert session.verbs(defined=False) == ["initialized", "completed", "terminated"]
    assert faults(launching, session) == []


def test_answers_are_told_where_the_course_says_so(begin, launching, until, lms):
    lms.files = made(FORMAT, interactions=True)
    learner = begin()
    learner.next()
    learner.answer("signs", 1, 2)
    launching.gone(learner, until)
    (session,) = launching.sessions
    assert session.verbs(defined=False) == ["initialized", "answered", "terminated"]
    answered = session.statements[1]
    assert answered["object"]["id"] == f"{ONE}/questions/signs"
    assert answered["result"]["response"] == "1[,]2" and answered["result"]["success"] is False
    assert faults(launching, session) == []


@pytest.mark.parametrize("status", [429, 500])
def test_a_busy_store_is_told_the_statements_again(status, begin, launching, until):
    launching.faults["statements"] = status
    assert begin().sco
    assert until(lambda: [kind for kind, _ in launching.requests].count("statements") > 1)
    assert launching.sessions[0].statements == []
    launching.faults.clear()
    assert until(lambda: launching.sessions[0].verbs() == ["initialized"])


def test_a_store_that_refuses_the_session_is_not_hammered(begin, launching, until):
    launching.faults["statements"] = 403
    learner = begin()
    assert until(lambda: "statements" in [kind for kind, _ in launching.requests])
    learner.page.wait_for_timeout(1500)
    assert [kind for kind, _ in launching.requests].count("statements") == 1


def test_a_failing_store_is_told_and_healed(begin, launching, until):
    learner = begin()
    assert learner.sco
    launching.faults["put"] = 503
    learner.next()
    learner.sco.wait_for_selector("#x-saved[data-kind=lost]", timeout=9000)
    assert learner.errors == []
    launching.faults.clear()
    learner.sco.wait_for_selector("#x-saved[data-kind=back]", timeout=15000)
    assert launching.state()["text"]["at"] == tiny_course.short_key("page", "one", "ask")
