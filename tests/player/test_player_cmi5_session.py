"""What a cmi5 session survives: reloads, lost networks, other launches, wrong clocks, and marks of the system's own."""

import json

import pytest
import tiny_course
from launching import faults, made, marked

FORMAT = "cmi5"
ASK, THINK = (tiny_course.short_key("page", "one", name) for name in ("ask", "think"))
KEPT = "({...sessionStorage})"
STORED = "JSON.stringify([{...localStorage}, document.cookie])"


def ended(launching, learner, until):
    launching.gone(learner, until)
    session = launching.sessions[-1]
    assert faults(launching, session) == []
    return session.verbs()


@pytest.fixture
def restored(launch):
    """``restored(learner)``: the tab dies without a word, and the browser opens it again with what it had kept."""

    def opened(learner):
        frame = learner.sco
        kept, address = frame.evaluate(KEPT), learner.page.evaluate("document.getElementById('sco').src")
        learner.kill()
        put = f"for (const [name, text] of Object.entries({kept!r})) sessionStorage.setItem(name, text)"
        learner.page.context.add_init_script(f"if (!sessionStorage.length) {{ {put} }}")
        return launch(sco=address)

    return opened


def test_a_journey_from_the_first_page_to_the_last(journey, launching):
    journey(launching.state)
    first, second = launching.sessions
    assert second.verbs() == ["initialized", "completed", "terminated"]
    assert first.verbs(False) == ["initialized", "answered", "answered", "answered"]
    assert [one["result"]["success"] for one in first.statements[1:]] == [False, True, True]
    assert [one["context"]["language"] for one in first.statements[1:]] == ["en-GB", "en-GB", "cy"]
    assert second.verbs(False) == [
        "initialized",
        *["answered"] * 3,
        "completed",
        "answered",
        *["completed"] * 2,
        "terminated",
    ]
    assert faults(launching, first) == faults(launching, second) == []


def test_what_the_store_has_not_taken_outlives_a_crash_in_the_session(begin, restored, launching, until, lms):
    lms.files = made(FORMAT, interactions=True)
    learner = begin()
    assert until(lambda: launching.sessions[0].statements)
    launching.faults["statements"] = 503
    learner.next()
    learner.answer("door", 1)
    learner.answer("signs", 1, 3)
    assert until(lambda: launching.state()["text"].get("a"))
    again = restored(learner)
    launching.faults.clear()
    assert again.sco
    (session,) = launching.sessions
    assert until(lambda: session.verbs(False) == ["initialized", "answered", "answered"])
    assert ended(launching, again, until) == ["initialized", "terminated"]
    assert session.fetched == 1


def test_a_completion_that_waits_through_a_crash_is_told_once(begin, restored, launching, until):
    learner = begin()
    assert until(lambda: launching.sessions[0].statements)
    launching.faults["statements"] = launching.faults["put"] = 503
    learner.walk()
    again = restored(learner)
    launching.faults.clear()
    assert again.sco
    assert until(lambda: "completed" in launching.sessions[0].verbs())
    assert ended(launching, again, until) == ["initialized", "completed", "terminated"]


def test_the_end_that_did_not_arrive_is_told_when_the_page_is_loaded_anew(begin, launching, until):
    learner = begin()
    assert learner.sco.get_attribute("html", "data-ready") == "cmi5"
    assert until(lambda: launching.sessions[0].statements)
    launching.faults["statements"] = 503
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    learner.page.frame_locator("#sco").locator("html[data-ready=none]").wait_for()
    launching.faults.clear()
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])
    assert launching.sessions[0].fetched == 1


def test_a_launch_that_could_not_be_read_goes_on_with_the_same_token(begin, launching, until):
    launching.faults["LMS.LaunchData"] = 500
    learner = begin()
    assert learner.sco.get_attribute("html", "data-ready") == "none"
    launching.faults.clear()
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    learner.page.frame_locator("#sco").locator("html[data-ready=cmi5]").wait_for()
    assert until(lambda: launching.sessions[0].verbs() == ["initialized"])
    assert launching.sessions[0].fetched == 1


def test_the_place_is_sent_from_a_page_that_goes_while_the_store_answers_nothing(begin, launching, until):
    """What waits for an answer when the page goes would wait for ever."""
    learner = begin()
    assert until(lambda: launching.sessions[0].statements)
    launching.faults["hang"] = True
    learner.walk()
    assert until(lambda: "hanging" in [kind for kind, _ in launching.requests])
    assert not until(lambda: launching.state()["text"].get("d"), 1)
    learner.page.evaluate("document.getElementById('sco').src = '/lms/empty.html'")
    assert until(lambda: launching.state()["text"].get("d"))
    launching.freed.set()
    assert until(lambda: launching.sessions[0].verbs()[-1] == "terminated")


def test_a_second_launch_abandons_the_first_which_is_silent_from_then_on(begin, launching, until):
    learner = begin()
    assert until(lambda: launching.sessions[0].statements)
    again = begin()
    again.next()
    assert until(lambda: launching.state()["text"].get("at") == ASK)
    learner.sco.evaluate("document.querySelector('.page.here .turn .button').click()")
    learner.close()
    assert ended(launching, again, until) == ["initialized", "terminated"]
    assert launching.sessions[0].verbs() == ["initialized"]
    assert launching.state()["text"]["at"] == ASK


def test_a_clock_that_is_set_back_turns_no_order_round(begin, launching, until):
    learner = begin()
    learner.sco.evaluate("(real => { Date.now = () => real() - 864e5 })(Date.now)")
    learner.walk()
    assert ended(launching, learner, until) == ["initialized", "completed", "terminated"]


def answered_all(learner, right):
    """The module with a mark, with as many of its three questions right."""
    learner.next()
    for name, wrong, good in [("door", [1], [2]), ("signs", [1], [1, 3]), ("truth", [2], [1])]:
        learner.answer(name, *(good if right > 0 else wrong))
        right -= 1
    learner.next()
    learner.next()


def test_a_lower_mark_of_the_system_is_enough(begin, launching, until, lms):
    lms.files = marked(FORMAT)
    learner = begin(mastery=0.6)
    answered_all(learner, 2)
    assert until(lambda: "completed" in launching.sessions[0].verbs())
    assert ended(launching, learner, until) == ["initialized", "passed", "completed", "terminated"]


def test_a_better_answer_reaches_a_higher_mark_of_the_system_in_the_next_session_too(begin, launching, until, lms):
    lms.files = marked(FORMAT, 60)
    learner = begin(mastery=0.9)
    answered_all(learner, 2)
    assert until(lambda: launching.state().get("told") == ["completed"])
    assert ended(launching, learner, until) == ["initialized", "completed", "failed", "terminated"]
    again = begin(mastery=0.9)
    again.sco.click(".menu summary")
    again.sco.click(".menu a[href$='#ask']")
    again.answer("truth", 1)
    assert until(lambda: "passed" in launching.sessions[1].verbs())
    assert ended(launching, again, until) == ["initialized", "passed", "terminated"]


def test_only_a_web_address_is_gone_back_to(begin, launching, until):
    learner = begin(back="javascript:window.top.pwned=1")
    learner.sco.wait_for_selector("[data-do=leave]", state="attached").evaluate("one => one.click()")
    learner.sco.wait_for_selector("#x-closed.here")
    assert learner.page.evaluate("window.pwned") is None
    assert until(lambda: launching.sessions[0].verbs() == ["initialized", "terminated"])


def test_the_address_is_bare_at_once_and_no_token_is_kept_for_longer_than_the_tab(begin, launching, until):
    learner = begin()
    assert learner.sco.evaluate("location.search") == ""
    learner.next()
    assert until(lambda: launching.state()["text"].get("at") == ASK)
    assert "token-" not in learner.sco.evaluate(STORED) and "/fetch/" not in learner.sco.evaluate(STORED)
    assert "token-1" in json.dumps(learner.sco.evaluate(KEPT))
    assert learner.sco.evaluate("document.querySelector('meta[name=referrer]').content") == "no-referrer"


def test_a_state_that_another_has_written_meanwhile_is_noticed_and_the_newest_is_kept(begin, launching, until):
    learner = begin()
    assert until(lambda: launching.state()["text"].get("at"))
    launching.keep("learner-state", launching.sessions[0], {"text": '{"v":1,"rev":1}', "told": []})
    learner.next()
    assert until(lambda: launching.state()["text"].get("at") == ASK)
    assert [wanted for wanted in launching.conditions if wanted]
    learner.sco.wait_for_selector("#x-saved[data-kind=saved]")


def test_a_store_that_names_versions_and_will_not_hear_of_them_is_no_obstacle(begin, launching, until):
    launching.faults["allows"] = "Authorization, Content-Type, X-Experience-API-Version"
    learner = begin()
    learner.next()
    assert until(lambda: launching.state()["text"].get("at") == ASK)
    learner.next()
    assert until(lambda: launching.state()["text"].get("at") == THINK)


def test_a_store_that_answers_412_to_everything_is_not_asked_for_ever(begin, launching, until):
    learner = begin()
    assert until(lambda: launching.state()["text"].get("at"))
    launching.faults["put"] = 412
    before = len(launching.requests)
    learner.next()
    learner.sco.wait_for_selector("#x-saved[data-kind=lost]")
    assert len(launching.requests) - before < 12
