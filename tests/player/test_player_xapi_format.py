"""A course that is launched in the way of Tin Can: who and where stand in the address."""

import json

import pytest
import tiny_course
from launching import PERSON, VERBS, marked, uuid_of

FORMAT = "xapi"


def statements(launching):
    return launching.sessions[0].statements


def verbs(launching):
    return [one["verb"]["id"].removeprefix(VERBS) for one in statements(launching)]


def kept(launching):
    for (_, agent, place), body in launching.documents.items():
        if ("stateId", "learner-state") in place:
            found = json.loads(body)
            return {**found, "text": json.loads(found["text"]), "agent": json.loads(agent), "place": dict(place)}
    return {"text": {}}


def test_a_whole_walk_is_told_and_kept(begin, launching, until):
    learner = begin()
    assert learner.sco.get_attribute("html", "data-ready") == "xapi"
    learner.walk()
    assert until(lambda: len(statements(launching)) == 4)
    assert until(lambda: kept(launching).get("status") == "completed")
    learner.close()
    assert until(lambda: verbs(launching)[-1] == "terminated")
    assert verbs(launching) == ["initialized", "completed", "completed", "completed", "terminated"]
    for one in statements(launching):
        assert one["actor"] == PERSON
        assert one["context"]["registration"] == uuid_of("r-1")
    whole = [one for one in statements(launching) if one["verb"]["id"].endswith("completed")][-1]
    assert whole["object"]["id"] == tiny_course.BASE and whole["result"]["completion"] is True
    assert kept(launching)["agent"] == PERSON
    assert kept(launching)["place"]["registration"] == uuid_of("r-1")
    assert learner.errors == []


def test_the_place_is_kept_with_the_store_and_completed_is_told_once(begin, launching, until):
    learner = begin()
    learner.next()
    learner.answer("door", 1)
    learner.next()
    learner.write("work", "half a thought")
    assert until(lambda: kept(launching)["text"].get("w"))
    learner.sco.evaluate("localStorage.clear()")
    learner.kill()
    again = begin()
    assert again.at() == "think"
    assert again.sco.input_value(f"#r-{tiny_course.reflect_key('work')}") == "half a thought"


def test_a_store_that_is_down_gets_everything_at_the_next_launch(begin, launching, until):
    learner = begin()
    assert until(lambda: verbs(launching) == ["initialized"])
    launching.faults["statements"] = 503
    learner.walk()
    assert until(lambda: kept(launching).get("status") == "completed")
    learner.kill()
    assert verbs(launching) == ["initialized"]
    launching.faults.clear()
    assert begin().sco
    assert until(lambda: verbs(launching).count("completed") == 3)
    assert verbs(launching).count("initialized") == 2


def test_the_course_is_passed_and_failed_by_statements_about_it(begin, launching, until, lms):
    lms.files = marked(FORMAT)
    learner = begin()
    learner.next()
    for name in ("door", "signs", "truth"):
        learner.answer(name, 1)
    learner.next()
    learner.next()

    def about_course():
        return [
            (told["verb"]["id"].removeprefix(VERBS), told.get("result", {}).get("score", {}).get("scaled"))
            for told in statements(launching)
            if told["object"]["id"] == tiny_course.BASE
        ]

    assert until(lambda: len(about_course()) == 2)
    assert about_course() == [("initialized", None), ("failed", 0.33)]
    learner.sco.click(".menu summary")
    learner.sco.click(".menu a[href$='#ask']")
    learner.answer("door", 2)
    learner.answer("signs", 1, 3)
    assert until(lambda: ("completed", None) in about_course() and ("passed", 1) in about_course())


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ({"name": ["Siân"], "mbox": ["mailto:s@example.test"]}, {"name": "Siân", "mbox": "mailto:s@example.test"}),
        (
            {"account": [{"accountServiceHomePage": "https://lms.example", "accountName": "17"}]},
            {"account": {"homePage": "https://lms.example", "name": "17"}},
        ),
        (
            {"account": {"homePage": "https://a.example", "name": "1"}},
            {"account": {"homePage": "https://a.example", "name": "1"}},
        ),
    ],
)
def test_actors_of_old_systems_are_understood(given, understood, begin, launching, until):
    assert begin(actor=json.dumps(given)).sco
    assert until(lambda: statements(launching))
    assert statements(launching)[0]["actor"] == {"objectType": "Agent", **understood}


def test_a_launch_without_a_registration_keeps_one_of_its_own(begin, launching, until):
    learner = begin(registration=None, activity_id=None, grouping="https://lms.example/programme")
    learner.next()
    assert until(lambda: kept(launching)["text"].get("r"))
    learner.close()
    assert until(lambda: "terminated" in verbs(launching))
    assert begin(registration=None, activity_id=None).sco
    assert until(lambda: verbs(launching).count("initialized") == 2)
    registrations = {one["context"]["registration"] for one in statements(launching)}
    assert registrations == {kept(launching)["text"]["r"]}
    assert "registration" not in kept(launching)["place"]
    around = statements(launching)[0]["context"]["contextActivities"]["grouping"]
    assert [one["id"] for one in around] == [tiny_course.BASE, "https://lms.example/programme"]


@pytest.mark.parametrize("query", [{"endpoint": None}, {"actor": None}, {"actor": "nobody"}, {"auth": "Basic wrong"}])
def test_a_launch_that_lacks_something_can_be_read_and_says_that_it_is_not_recorded(query, begin, launching):
    learner = begin(**query)
    assert learner.sco.get_attribute("html", "data-ready") == "none"
    learner.sco.wait_for_selector("#x-saved:has-text('Not being recorded')")
    learner.next()
    learner.answer("door", 2)
    assert statements(launching) == [] and learner.errors == []


def test_a_journey_from_the_first_page_to_the_last(journey, launching):
    journey(lambda: kept(launching))
    three = ["initialized", "answered", "answered", "answered"]
    assert verbs(launching) == [*three, *three, "completed", "answered", "completed", "completed", "terminated"]
    answers = [one for one in statements(launching) if one["verb"]["id"].endswith("answered")]
    assert [one["result"]["success"] for one in answers[:3]] == [False, True, True]
    assert [one["context"]["language"] for one in answers[:3]] == ["en-GB", "en-GB", "cy"]
    assert {one["context"]["registration"] for one in statements(launching)} == {uuid_of("r-1")}
    stamps = [one["timestamp"] for one in statements(launching)]
    assert stamps == sorted(set(stamps))


def test_the_address_is_bare_at_once_and_its_key_is_kept_for_no_longer_than_the_tab(begin, launching, until):
    learner = begin()
    assert learner.sco.evaluate("location.search") == ""
    learner.next()
    assert until(lambda: kept(launching)["text"].get("at"))
    assert "token-1" not in learner.sco.evaluate("JSON.stringify([{...localStorage}, document.cookie])")
    assert until(lambda: verbs(launching) == ["initialized"])
    learner.page.evaluate("document.getElementById('sco').contentWindow.location.reload()")
    learner.page.frame_locator("#sco").locator("html[data-ready=xapi]").wait_for()
    assert learner.at() == "ask"
    assert until(lambda: verbs(launching) == ["initialized", "terminated", "initialized"])


def test_the_last_statement_and_the_place_leave_a_page_that_goes(begin, launching, until):
    learner = begin()
    assert until(lambda: verbs(launching) == ["initialized"])
    launching.faults["hang"] = True
    learner.walk()
    assert until(lambda: "hanging" in [kind for kind, _ in launching.requests])
    learner.page.goto("about:blank")
    assert until(lambda: kept(launching)["text"].get("d"))
    launching.freed.set()
    assert until(lambda: verbs(launching)[-1:] == ["terminated"])
    assert len({one["id"] for one in statements(launching)}) == len(statements(launching)) == 5


def test_two_learners_of_one_browser_send_nothing_in_each_other_s_name(begin, launching, until):
    launching.faults["statements"] = 503
    learner = begin(registration=None)
    assert until(lambda: kept(launching)["text"].get("r"))
    learner.kill()
    launching.faults.clear()
    other = {**PERSON, "mbox": "mailto:llyr@example.test"}
    again = begin(registration=None, actor=json.dumps(other))
    assert again.sco
    launching.gone(again, until)
    assert {one["actor"]["mbox"] for one in statements(launching)} == {other["mbox"]}
    assert begin(registration=None).sco
    assert until(lambda: {one["actor"]["mbox"] for one in statements(launching)} == {other["mbox"], PERSON["mbox"]})
