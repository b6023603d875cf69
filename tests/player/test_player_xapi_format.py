"""A course that is launched in the way of Tin Can: who and where stand in the address."""

import json
from urllib.parse import urlencode

import pytest
import tiny_course
from launching import VERBS, FrameLms, Launching, uuid_of

from authoring.packages import PACKAGES

PERSON = {"objectType": "Agent", "name": "Siân Ŵyn", "mbox": "mailto:sian@example.test"}


def made(*modules, **changes):
    return PACKAGES["xapi"](tiny_course.course(*modules, **changes)).files()


@pytest.fixture
def lms(node_modules):
    server = FrameLms(made(), node_modules)
    yield server
    server.close()


@pytest.fixture
def launching(lms):
    server = Launching(lms.origin)
    yield server
    server.close()


@pytest.fixture
def begin(launch, launching):
    """``begin(**query)`` -> the course launched with that query; what is None is left out."""
    launching.launch(tiny_course.BASE)

    def begun(**query):
        usual = {"endpoint": f"{launching.origin}/xapi", "auth": "Basic token-1", "actor": json.dumps(PERSON)}
        given = {**usual, "registration": uuid_of("r-1"), "activity_id": tiny_course.BASE, **query}
        told = {name: value for name, value in given.items() if value is not None}
        return launch(sco=f"{launching.course}/course/index.html?{urlencode(told)}")

    return begun


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
    one = tiny_course.module("one", 1, *tiny_course.first().pages, complete_when="passed", pass_mark=80)
    lms.files = made(one)
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
    assert "Not being recorded" in learner.sco.inner_text("#x-saved")
    learner.next()
    learner.answer("door", 2)
    assert statements(launching) == [] and learner.errors == []
