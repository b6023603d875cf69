"""What happens to learners inside a SCORM 1.2 learning system, and what it holds afterwards."""

import tiny_course


def test_a_whole_walk_is_recorded(launch, lms, until):
    learner = launch()
    learner.walk()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    core = lms.cmi()["core"]
    assert (core["score"]["raw"], core["score"]["min"], core["score"]["max"]) == ("100", "0", "100")
    assert lms.saved()["at"] == core["lesson_location"]
    assert [call for call in learner.calls("SetValue") if call[-1] != "true"] == []
    assert learner.errors == []
    assert len(lms.cmi()["suspend_data"]) <= 250
    assert not [call for call in learner.calls("SetValue") if "interactions" in call[1]]


def test_completed_needs_every_question_and_counts_wrong_answers_as_answers(launch, lms, until):
    learner = launch()
    learner.next()
    learner.answer("door", 1)
    learner.answer("signs", 2)
    learner.next()
    learner.next()
    assert learner.sco.is_visible("#x-end [data-when=left]")
    assert learner.sco.inner_text("#x-end .left").strip() == "The page ask"
    learner.sco.click("#x-end .left a")
    learner.answer("truth", 2)
    learner.next()
    learner.next()
    assert learner.sco.is_visible("#x-end [data-when=done]")
    assert learner.sco.inner_text("#x-end-answered") == "3 of 3"
    assert "Not your answers, and not what you wrote" in learner.sco.inner_text("#x-end aside")
    assert until(lambda: lms.cmi()["core"]["score"]["raw"] == "0")
    assert lms.cmi()["core"]["lesson_status"] == "incomplete"


def test_coming_back_to_the_second_module(launch, until, lms):
    learner = launch()
    learner.sco.click(".menu summary")
    learner.sco.click(".menu [data-module] >> nth=1")
    learner.sco.wait_for_selector("#begin.here")
    learner.next()
    second = learner.at()
    learner.close()
    assert until(lambda: lms.saved()["at"] == tiny_course.short_key("page", "two", second))
    again = launch()
    assert again.at() == "end"
    assert again.sco.inner_text("#x-module-name") == "Module 2 of 2\nModule two"


def test_the_browsers_copy_wins_only_when_newer(launch, lms, until):
    learner = launch()
    learner.next()
    assert until(lambda: lms.saved().get("at") == tiny_course.short_key("page", "one", "ask"))
    lms.faults["commit"] = 500
    learner.next()
    learner.kill()
    lms.faults.clear()
    again = launch()
    assert again.at() == "think"
    again.sco.click(".page.here .turn .button")
    again.sco.click("[data-do=leave]")
    assert again.sco.evaluate("Object.keys(localStorage)") == []
    older = launch()
    older.next()
    older.kill()
    del lms.state["r1"]  # the attempt is begun anew
    assert launch().at() == "start"


def test_another_learner_at_the_same_computer_sees_nothing(launch, lms, until):
    learner = launch()
    learner.next()
    learner.next()
    learner.write("work", "my own words")
    assert until(lambda: lms.saved().get("w"))
    learner.kill()
    other = launch(reg="r2", learner="l-2")
    assert other.at() == "start"
    assert other.sco.input_value(f"#r-{tiny_course.reflect_key('work')}") == ""


def test_interactions_are_listed_where_the_course_says_so(launch, lms, package, until):
    lms.files = package(tiny_course.course(interactions=True))
    learner = launch()
    learner.next()
    learner.answer("signs", 1, 2)
    assert until(lambda: lms.cmi().get("interactions"))
    told = lms.cmi()["interactions"]
    one = told.get("0") or told["childArray"][0]
    assert (one["student_response"], one["result"], one["type"]) == ("1,2", "wrong", "choice")
    assert [call for call in learner.calls("SetValue") if call[-1] != "true"] == []


def test_a_system_without_interactions_still_gets_the_score(launch, lms, package, until):
    lms.files = package(tiny_course.course(interactions=True))
    learner = launch(faults={"failOn": "interactions", "code": "401"})
    learner.next()
    learner.answer("door", 2)
    assert until(lambda: lms.cmi()["core"]["score"]["raw"] == "25")


def test_writing_that_is_too_long_is_cut_and_the_rest_is_kept_here(launch, lms, until):
    learner = launch()
    learner.next()
    learner.answer("door", 2)
    learner.next()
    learner.write("work", "ŵ" * 6000)
    learner.sco.wait_for_selector(".kept.is-risk")
    assert "Too long" in learner.sco.inner_text("#think .kept")
    assert until(lambda: len(lms.cmi().get("suspend_data", "")) > 4000)
    saved = lms.saved()
    assert len(lms.cmi()["suspend_data"]) <= 4096
    assert (
        saved["at"] == tiny_course.short_key("page", "one", "think")
        and saved["a"] == f"{tiny_course.question_key('door')}+"
    )
    learner.close()
    again = launch()
    assert len(again.sco.input_value(f"#r-{tiny_course.reflect_key('work')}")) == 6000


def test_a_system_that_takes_less_keeps_the_place(launch, lms, until):
    learner = launch(faults={"failOn": "suspend_data", "code": "405"})
    learner.next()
    learner.sco.wait_for_selector("#x-saved[data-kind=lost]", timeout=9000)
    assert learner.errors == []


def test_a_score_never_falls_and_completed_stays(launch, lms, until):
    learner = launch()
    learner.walk()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    learner.close()
    again = launch()
    again.sco.click(".menu summary")
    again.sco.click(".menu [data-module] >> nth=0")
    again.sco.wait_for_selector("#start.here")
    again.next()
    again.answer("door", 1)
    again.close()
    assert until(lambda: f"{tiny_course.question_key('door')}1+" in lms.saved()["a"])
    assert lms.cmi()["core"]["score"]["raw"] == "100"
    assert lms.cmi()["core"]["lesson_status"] == "completed"


def test_a_frame_of_another_origin_is_not_an_error(context, lms, store):
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{store.origin}/nothing")
    page.set_content(f'<iframe title="c" src="{lms.origin}/course/index.html"></iframe>')
    page.frame_locator("iframe").locator("html[data-ready=none]").wait_for()
    assert errors == []


def test_hostile_suspend_data_is_left_aside(launch, lms, until):
    learner = launch()
    learner.next()
    learner.close()
    assert until(lambda: "r1" in lms.state)
    first = lms.state["r1"]
    hostile = (
        "{", "[]", "null", '{"v":9}', '{"v":1,"at":{"__proto__":1},"seen":7,"a":[],"w":"<b>","l":"fr","d":"zzzz"}',
        '{"v":1,"rev":-1,"at":"zzzz","seen":"zzzzzzz","a":"zzzz1 x","w":{"<img src=x onerror=alert(1)>":"x"}}',
    )  # fmt: skip
    for number, text in enumerate(hostile):
        core = {**first["cmi"]["core"], "lesson_location": ""}  # which would be the place of a learner without a state
        lms.state[f"h{number}"] = {**first, "cmi": {**first["cmi"], "core": core, "suspend_data": text}}
        again = launch(reg=f"h{number}", learner=f"h-{number}")
        assert again.at() == "start"
        assert again.errors == []
        again.kill()


def test_the_systems_language_is_used_until_the_learner_chooses(launch, lms, until):
    learner = launch(language="cy-GB")
    assert learner.sco.get_attribute("html", "lang") == "cy"
    learner.sco.click("#x-tongue")
    learner.close()
    assert until(lambda: lms.saved().get("l") == "en")
    assert launch(language="cy-GB").sco.get_attribute("html", "lang") == "en"


def test_a_pass_mark_gives_failed_and_then_passed(launch, lms, package, until):
    one = tiny_course.module("one", 1, *tiny_course.first().pages, complete_when="passed", pass_mark=80)
    lms.files = package(tiny_course.course(one))
    learner = launch()
    learner.next()
    learner.answer("door", 1)
    learner.answer("signs", 1)
    learner.answer("truth", 1)
    learner.next()
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "failed")
    learner.sco.click(".page.here .turn .button-2")
    learner.answer("door", 2)
    learner.answer("signs", 3, 1)
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "passed")


def test_what_the_system_holds_is_never_lowered_when_the_state_is_lost(launch, lms, package, until):
    one = tiny_course.module("one", 1, *tiny_course.first().pages, complete_when="passed", pass_mark=80)
    lms.files = package(tiny_course.course(one))
    learner = launch()
    learner.next()
    assert until(lambda: lms.cmi()["core"]["lesson_location"] == tiny_course.short_key("page", "one", "ask"))
    learner.close()
    held = lms.state["r1"]["cmi"]
    score = {"raw": "90", "min": "0", "max": "100"}
    lms.state["r2"] = {
        "cmi": {**held, "suspend_data": "", "core": {**held["core"], "score": score, "lesson_status": "passed"}}
    }
    again = launch(reg="r2", learner="l-9")
    assert again.at() == "ask"
    again.sco.click(".page.here .turn .button-2")
    again.next()
    again.answer("door", 1)
    again.answer("signs", 2)
    again.answer("truth", 2)
    again.next()
    assert until(lambda: lms.saved("r2").get("at") == tiny_course.short_key("page", "one", "think"))
    again.next()
    again.close()
    assert until(lambda: lms.cmi("r2")["core"]["exit"] == "suspend")
    assert (lms.cmi("r2")["core"]["score"]["raw"], lms.cmi("r2")["core"]["lesson_status"]) == ("90", "passed")
