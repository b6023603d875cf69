"""Statements beside SCORM: they arrive once, wait while they must, and trouble nobody."""

from datetime import datetime, timedelta
from html import unescape

import gallery_course
import pytest
import tiny_course


@pytest.fixture
def launch_linked(launch, linked):
    return launch


def test_a_whole_walk_arrives_once_and_in_order(launch_linked, store, until, lms):
    learner = launch_linked()
    learner.walk()
    assert until(lambda: len(store.statements) == 4)
    assert store.verbs() == ["initialized", "completed", "completed", "completed"]
    learner.close()
    assert until(lambda: len(store.statements) == 5)
    assert store.verbs()[-1] == "terminated"
    again = launch_linked()
    again.sco.click(".page.here .turn .button-2")
    again.answer("yes", 2)
    again.close()
    assert until(lambda: store.verbs().count("terminated") == 2)
    assert store.verbs().count("initialized") == 2
    assert store.verbs().count("completed") == 3
    assert learner.errors == []


def test_what_a_statement_says(launch_linked, store, until, lms):
    learner = launch_linked()
    learner.sco.click("#x-tongue")
    learner.walk()
    assert until(lambda: len(store.statements) == 4)
    first, module, *_ = store.statements.values()
    launched = store.launches[0]
    assert launched["learner"] == "l-1" and launched["registration"] == first["context"]["registration"]
    assert first["actor"] == {"objectType": "Agent", "account": {"homePage": lms.origin, "name": "l-1"}}
    assert first["object"]["id"] == tiny_course.BASE
    assert module["object"]["id"] == f"{tiny_course.BASE}/modules/one"
    assert module["verb"]["display"] == {"en-GB": "completed", "cy": "completed (cy)"}
    assert module["result"]["completion"] is True and module["result"]["duration"].startswith("PT")
    assert module["context"]["language"] == "cy"
    assert module["context"]["extensions"] == {"https://ktb.vsc.example/x/version": "0.1.0"}
    assert module["context"]["contextActivities"]["parent"][0]["id"] == tiny_course.BASE
    assert lms.saved()["r"] == launched["registration"]


def test_a_store_that_is_down_costs_the_learner_nothing_and_gets_all_later(launch_linked, store, until, lms):
    store.faults["launch"] = 503
    learner = launch_linked()
    learner.walk()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    assert "Saved" in learner.sco.inner_text("#x-saved")
    learner.kill()
    store.faults.clear()
    assert launch_linked().sco
    assert until(lambda: store.verbs().count("completed") == 3)
    registrations = {one["registration"] for one in store.launches}
    assert len(registrations) == 1
    assert {one["context"]["registration"] for one in store.statements.values()} == registrations


@pytest.mark.parametrize("status", [500, 429])
def test_a_busy_store_is_tried_again(launch_linked, store, until, status):
    store.faults["statements"] = status
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: store.posts())
    store.faults.clear()
    assert until(lambda: store.verbs() == ["initialized"])


def test_retry_after_is_honoured(launch_linked, store, until):
    store.faults.update(statements=503, headers=[("Retry-After", "60")])
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: store.posts())
    learner.page.wait_for_timeout(1500)
    assert len(store.posts()) == 1


def test_a_refused_session_is_kept_and_not_hammered(launch_linked, store, until, lms):
    store.faults["statements"] = 403
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: store.posts())
    learner.walk()
    learner.page.wait_for_timeout(700)
    assert len(store.posts()) == 1
    assert "Saved" in learner.sco.inner_text("#x-saved")
    prefix = f"ktb-xapi:{store.launches[0]['registration']}:l-1:"
    assert (
        learner.sco.evaluate("start => Object.keys(localStorage).filter(name => name.startsWith(start)).length", prefix)
        == 4
    )
    assert learner.sco.evaluate("Object.keys(sessionStorage)") == []


def test_a_token_that_ran_out_is_exchanged_once(launch_linked, store, until):
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: len(store.statements) == 1)
    store.token = "another"
    learner.walk()
    assert until(lambda: len(store.statements) == 4)
    assert len(store.launches) == 2
    store.token = "yet another"
    learner.close()
    assert not until(lambda: len(store.launches) > 2, 1)


@pytest.mark.parametrize("status", [400, 409])
def test_one_bad_statement_does_not_block_the_rest(launch_linked, store, until, status):
    store.faults["launch"] = 503
    learner = launch_linked()
    learner.walk()
    store.faults = {"rejects": "initialized", "with": status}
    learner.page.evaluate("document.getElementById('sco').contentWindow.dispatchEvent(new Event('online'))")
    assert until(lambda: store.verbs().count("completed") == 3)
    assert "initialized" not in store.verbs()
    kept = "Object.keys(localStorage).some(name => name.startsWith('ktb-xapi:'))"
    assert until(lambda: not learner.sco.evaluate(kept))


def test_the_last_statements_outlive_the_page(launch_linked, store, until):
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: len(store.statements) == 1)
    store.faults["delay"] = 0.4
    learner.page.goto("about:blank")
    assert until(lambda: store.verbs() == ["initialized", "terminated"])


def test_a_store_of_another_mind_about_origins_hurts_nobody(launch_linked, store, until, lms):
    store.allows = False
    learner = launch_linked()
    learner.walk()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    assert store.statements == {} and learner.errors == []


def test_without_a_store_nothing_is_asked_of_one(launch, lms, store, until):
    learner = launch()
    learner.walk()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    assert store.requests == [] and "r" not in lms.saved()
    assert "connect-src 'self';" in unescape(lms.files["index.html"].decode())


def test_a_review_sends_nothing(launch_linked, store):
    learner = launch_linked(lesson_mode="review")
    learner.next()
    learner.page.wait_for_timeout(300)
    assert store.requests == []


def test_answers_are_sent_only_where_the_course_says_so(launch, lms, store, package, until):
    lms.files = package(tiny_course.course(interactions=True), **{"record-store": store.origin})
    learner = launch()
    learner.next()
    learner.answer("signs", 1, 3)
    assert until(lambda: store.verbs() == ["initialized", "answered"])
    answered = list(store.statements.values())[1]
    assert answered["object"]["id"] == f"{tiny_course.BASE}/modules/one/questions/signs"
    assert answered["result"]["success"] is True and answered["result"]["response"] == "1[,]3"


def ids(*given):
    return [{"id": one} for one in given]


@pytest.mark.parametrize(
    ("question", "act", "response", "kind", "patterns", "lists"),
    [
        (
            gallery_course.match(), "select", "1[.]1[,]2[.]1", "matching", ["1[.]1[,]2[.]2"],
            {"source": ids("1", "2"), "target": ids("1", "2", "3")},
        ),
        (gallery_course.order(), None, None, "sequencing", ["1[,]2[,]3[,]4"], {"steps": ids("1", "2", "3", "4")}),
        (gallery_course.fill(), "type", "151[,]151", "fill-in", ["151[,]money", "151[,]arian"], {}),
        (gallery_course.number("20", "200"), "type", "151", "numeric", ["20[:]200"], {}),
        (gallery_course.number(), "type", "151", "numeric", ["22"], {}),
        (gallery_course.scale(), "check", "1", "likert", None, {"scale": ids("1", "2", "3", "4")}),
        (tiny_course.question("all", "t", "true-false", ("False", False), ("True", True)), "check", "false",
         "true-false", ["true"], {}),
        (tiny_course.question("all", "s", "single", ("a", False), ("b", True)), "check", "1", "choice", ["2"],
         {"choices": ids("1", "2")}),
    ],
)  # fmt: skip
def test_an_answer_is_told_as_its_kind_of_interaction(
    launch, lms, store, package, until, question, act, response, kind, patterns, lists
):
    course = gallery_course.course(tiny_course.page("all", "only", question), interactions=True)
    lms.files = package(course, **{"record-store": store.origin})
    sco = launch().sco
    for field in sco.locator("select >> visible=true").all():
        field.select_option("1")
    for field in sco.locator("[type=text] >> visible=true").all():
        field.fill("151")
    for field in sco.locator("[type=radio]").all()[:1]:
        field.check()
    sco.click("form > .button")
    assert until(lambda: "answered" in store.verbs())
    told = next(one for one in store.statements.values() if one["verb"]["id"].endswith("answered"))
    object_, result = told["object"], told["result"]
    assert object_["id"] == question.iri and object_["definition"]["type"] == course.types["question"]
    definition = object_["definition"]
    assert definition["interactionType"] == kind and definition.get("correctResponsesPattern") == patterns
    assert result["response"] == response if act else sorted(result["response"].split("[,]")) == ["1", "2", "3", "4"]
    assert ("success" in result) is (kind != "likert")
    assert result.get("score") == ({"scaled": 0.5} if question.partial else None)
    found = {part: definition[part] for part in ("choices", "source", "target", "steps", "scale") if part in definition}
    assert {part: [{"id": one["id"]} for one in found[part]] for part in found} == lists
    assert all(one["description"]["en-GB"] and one["description"]["cy"] for part in found.values() for one in part)


def test_a_day_without_a_network_costs_nothing_but_the_wait(context, launch_linked, store, until, lms):
    context.clock.install()
    learner = launch_linked()
    assert learner.sco
    assert until(lambda: store.verbs() == ["initialized"])
    learner.sco.wait_for_selector("#ask:not([data-rest])", state="attached")
    context.set_offline(True)
    learner.next()
    for name, right in [("door", [2]), ("signs", [1, 3]), ("truth", [1])]:
        learner.answer(name, *right)
        context.clock.fast_forward("07:00:00")
    learner.next()
    learner.sco.click(".page.here .turn .button >> visible=true")
    learner.sco.wait_for_selector("#x-end.here")
    context.clock.fast_forward("03:00:00")
    context.set_offline(False)
    assert until(lambda: store.verbs() == ["initialized", "completed"])
    begun, done = (datetime.fromisoformat(one["timestamp"]) for one in store.statements.values())
    assert done - begun > timedelta(hours=20)
    assert until(lambda: lms.saved().get("d"))
    assert learner.errors == []


def test_two_windows_of_one_learner_lose_no_statement_and_change_none(launch_linked, store, until):
    first = launch_linked()
    assert first.sco
    assert until(lambda: store.verbs() == ["initialized"])
    assert until(lambda: first.sco.evaluate("Object.keys(localStorage).some((name) => name.startsWith('ktb:'))"))
    first.page.wait_for_function("lms.calls.some(([name]) => name === 'Commit')")
    store.faults["statements"] = 503
    second = launch_linked()
    second.walk()
    first.close()
    second.close()
    assert store.verbs() == ["initialized"]
    seen = {}
    for batch in store.posts():
        for one in batch:
            assert seen.setdefault(one["id"], one) == one
    store.faults.clear()
    assert launch_linked().sco
    wanted = {"initialized": 3, "completed": 3, "terminated": 2}
    assert until(lambda: {verb: store.verbs().count(verb) for verb in wanted} == wanted), store.verbs()
    assert all(seen[name] == one for name, one in store.statements.items() if name in seen)


def test_what_a_learner_types_cannot_be_taken_for_the_signs_of_the_standard(unit):
    asked = [
        [{"type": "number", "number": ["1.5", "1.5"]}, ["1,5"]],
        [{"type": "fill", "blanks": [{"en": ["a"], "cy": ["a"]}] * 2}, ["a[,]b[.]c", "d"]],
        [{"type": "match", "right": ["1.2"], "options": ["1"], "targets": ["2"]}, ["1.2"]],
    ]
    told = unit(
        """await import("/player/interactions.js");
           const of = ([question, answer]) => extras.interaction(question, answer, { right: true }, 1).result.response;
           return given.map(of)""",
        asked,
    )
    assert told == ["1.5", "a,b.c[,]d", "1[.]2"]
