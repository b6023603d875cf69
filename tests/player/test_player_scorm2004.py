"""What happens to learners inside a SCORM 2004 learning system, and what it holds afterwards."""

import pytest
import tiny_course
from player_servers import Lms

from authoring.packages import PACKAGES


def made(*modules, name="scorm2004-4", **changes):
    return PACKAGES[name](tiny_course.course(*modules, **changes)).files()


def marked():
    return tiny_course.module("one", 1, *tiny_course.first().pages, complete_when="passed", pass_mark=80)


@pytest.fixture
def lms(node_modules):
    server = Lms(made(), node_modules, "host2004.html")
    yield server
    server.close()


def refused(learner):
    """Calls that the learning system did not take."""
    return [
        call for call in learner.page.evaluate("lms.calls") if call[0] in ("SetValue", "Commit") and call[-1] != "true"
    ]


def sets(learner, name):
    return [call[2] for call in learner.calls("SetValue") if call[1] == name]


@pytest.mark.parametrize("name", ["scorm2004-3", "scorm2004-4"])
def test_a_whole_walk_is_recorded(name, launch, lms, until):
    lms.files = made(name=name)
    learner = launch()
    # The commit that opens the course goes without how much is done; what is done before it would be in it.
    assert until(lambda: learner.calls("Commit"))
    learner.next()
    assert until(lambda: 0 < float(lms.cmi().get("progress_measure") or 0) < 1)
    learner.sco.click(".page.here .turn .button-2")
    learner.walk()
    assert until(lambda: lms.cmi()["completion_status"] == "completed")
    cmi = lms.cmi()
    assert cmi["success_status"] == "unknown"
    score = {name: float(value) for name, value in cmi["score"].items()}
    assert score == {"scaled": 1, "raw": 100, "min": 0, "max": 100}
    assert lms.saved()["at"] == cmi["location"]
    assert float(cmi["progress_measure"]) == 1
    assert sets(learner, "cmi.exit") == ["suspend"]
    assert sets(learner, "cmi.completion_status") == ["incomplete", "completed"]
    assert refused(learner) == [] and learner.errors == []
    assert learner.calls("other") == []
    assert not [call for call in learner.calls("SetValue") if "interactions" in call[1]]


def test_completed_stays_completed_at_the_next_launch(launch, lms, until):
    learner = launch()
    learner.walk()
    assert until(lambda: lms.cmi()["completion_status"] == "completed")
    learner.close()
    before = lms.saved()["a"]
    again = launch()
    again.sco.click(".page.here .turn .button-2")
    again.answer("yes", 2)
    assert until(lambda: lms.saved()["a"] != before)
    assert sets(again, "cmi.completion_status") == []
    again.close()
    assert lms.cmi()["score"]["raw"] == "100"
    assert lms.cmi()["completion_status"] == "completed"


def test_more_than_the_older_standard_keeps_is_kept(launch, lms, until):
    learner = launch()
    learner.next()
    learner.next()
    learner.write("work", "ŵ" * 6000)
    assert until(lambda: lms.saved().get("w", {}).get(tiny_course.reflect_key("work"), "").endswith("ŵ" * 6000))
    assert refused(learner) == []


def test_a_pass_mark_gives_failed_and_then_passed_beside_completion(launch, lms, until):
    lms.files = made(marked())
    learner = launch(passing="0.8")
    learner.next()
    learner.answer("door", 1)
    learner.answer("signs", 1)
    assert until(lambda: lms.cmi()["score"]["raw"] == "0")
    assert sets(learner, "cmi.score.scaled") == []
    learner.answer("truth", 1)
    learner.next()
    assert until(lambda: lms.cmi()["success_status"] == "failed")
    assert lms.cmi()["completion_status"] == "incomplete"
    assert round(float(lms.cmi()["score"]["scaled"]), 2) == 0.33
    learner.sco.click(".page.here .turn .button-2")
    learner.answer("door", 2)
    learner.answer("signs", 3, 1)
    assert until(lambda: lms.cmi()["success_status"] == "passed")
    assert until(lambda: lms.cmi()["completion_status"] == "completed")
    assert float(lms.cmi()["score"]["scaled"]) == 1
    assert refused(learner) == []


def test_without_a_mark_in_the_manifest_the_score_is_told_at_once(launch, lms, until):
    lms.files = made(marked())
    learner = launch()
    learner.next()
    learner.answer("door", 2)
    assert until(lambda: lms.cmi()["score"].get("scaled"))
    assert sets(learner, "cmi.success_status") == []


def test_a_module_launched_by_itself_completes_itself(launch, lms, until):
    lms.files = made(sco_per="module")
    learner = launch(sco="/course/two.html", reg="two")
    assert learner.at() == "begin"
    learner.answer("yes", 1)
    assert learner.sco.evaluate("Object.keys(localStorage)") == ["ktb:tiny.two:l-1"]
    learner.next()
    assert until(lambda: lms.cmi("two")["completion_status"] == "completed")
    assert lms.cmi("two")["score"]["raw"] == "100"
    learner.close()
    other = launch(sco="/course/one.html", reg="one")
    assert other.at() == "start"
    other.next()
    assert until(lambda: lms.saved("one").get("at") == tiny_course.short_key("page", "one", "ask"))
    assert lms.cmi("one")["completion_status"] == "incomplete"
    other.kill()
    assert launch(sco="/course/one.html", reg="one").at() == "ask"
    assert other.errors == []


def test_a_module_launched_by_itself_tells_a_store_of_itself_alone(launch, lms, store, until):
    lms.files = made(sco_per="module", record_store=store.origin)
    learner = launch(sco="/course/two.html")
    assert learner.sco.inner_text("#x-module-name").startswith("Module 2 of 2")
    learner.answer("yes", 1)
    learner.next()
    assert until(lambda: lms.cmi()["completion_status"] == "completed")
    learner.close()
    assert until(lambda: store.verbs() == ["initialized", "completed", "terminated"])
    completed = list(store.statements.values())[1]
    assert completed["object"]["id"] == f"{tiny_course.BASE}/modules/two"
    assert completed["context"]["contextActivities"]["parent"][0]["id"] == tiny_course.BASE


def test_a_link_from_a_module_launched_by_itself_leaves_it_open(launch, lms):
    lead = tiny_course.page("one", "lead", tiny_course.prose('See <a href="two.html#end">the other</a>.'))
    lms.files = made(tiny_course.module("one", 1, lead), tiny_course.second(), sco_per="module")
    learner = launch(sco="/course/one.html")
    assert learner.sco.locator(".menu nav > ol > li").count() == 1
    learner.sco.click(".page.here .prose a >> visible=true")
    assert learner.sco.is_visible("#x-other")
    assert "/course/one.html" in learner.sco.url
    assert learner.calls("Terminate") == []
    learner.sco.click("#x-other [data-do=stay]")
    assert learner.at() == "lead"


def test_interactions_take_the_forms_of_their_kinds(launch, lms, until):
    lms.files = made(interactions=True)
    learner = launch()
    learner.next()
    learner.answer("signs", 1, 2)
    learner.answer("truth", 1)
    told = {}

    def listed():
        cmi = lms.cmi().get("interactions") or {}
        told.update(cmi if isinstance(cmi, dict) else enumerate(cmi))
        return len(sets(learner, "cmi.interactions.1.result")) == 1

    assert until(listed)
    wrote = {
        call[1].removeprefix("cmi.interactions."): call[2]
        for call in learner.calls("SetValue")
        if "interactions" in call[1]
    }
    assert [wrote[f"0.{name}"] for name in ("type", "learner_response", "result")] == ["choice", "1[,]2", "incorrect"]
    assert wrote["0.correct_responses.0.pattern"] == "1[,]3"
    assert [wrote[f"1.{name}"] for name in ("type", "learner_response", "result")] == ["true-false", "true", "correct"]
    assert refused(learner) == []


def test_an_api_that_refuses_interactions_still_gets_the_score(launch, lms, until):
    lms.files = made(interactions=True)
    learner = launch(faults={"failOn": "interactions", "code": "402"})
    learner.next()
    learner.answer("door", 2)
    assert until(lambda: lms.cmi()["score"]["raw"] == "25")
