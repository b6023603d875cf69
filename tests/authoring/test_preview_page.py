"""The pretend LMS in a browser: it launches, logs, remembers each learner, and follows the course as it is saved."""

from threading import Thread

import pytest

from authoring.preview import Show, open_server


@pytest.fixture
def show(whole):
    made = Show({}, live=True)
    made.update(whole)
    return made


@pytest.fixture
def address(show):
    server = open_server(show, "127.0.0.1", 0, "learner-1")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def lms(context, address):
    """The page of the pretend LMS with the course begun; complaints of the browser fail the test."""
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.get_by_role("cell", name="LMSInitialize").wait_for()
    yield page
    assert complaints == []


def course(page):
    return page.frame_locator("#frame")


def test_calls_are_logged_and_what_the_lms_holds_is_shown(lms):
    lms.get_by_role("row").filter(has_text="cmi.core.lesson_status = incomplete").wait_for()
    lms.locator("#status", has_text="incomplete").wait_for()
    assert "/ 4096" in lms.inner_text("#size")


def test_a_save_is_shown_where_the_learner_was(lms, show, make):
    course(lms).get_by_role("link", name="Next").first.click()
    course(lms).get_by_role("heading", name="The end").wait_for()
    show.update(make(("edit", "01-first.en.md", "## The end {#end}\n===\n## The very end {#end}\n")))
    course(lms).get_by_role("heading", name="The very end").wait_for()


def test_problems_stand_above_the_last_good_version_until_they_are_mended(lms, show, make):
    good = (make() / "01-first.en.md").read_text("utf-8")
    show.update(make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n")))
    lms.get_by_text("01-first.en.md:28:1").wait_for()
    assert "1 problem stops the page from being shown anew." in lms.inner_text("#problem-count")
    assert course(lms).get_by_role("heading", name="Water").is_visible()
    show.update(make(("write", "01-first.en.md", good)))
    lms.locator("#problems").wait_for(state="hidden")


def test_each_learner_has_a_record_and_can_begin_again(lms, address):
    lms.locator("#status", has_text="incomplete").wait_for()
    lms.fill("#learner", "siân/2")
    lms.fill("#name", "Ŵyn, Siân")
    lms.get_by_role("button", name="Be this learner").click()
    lms.get_by_role("row").filter(has_text="cmi.core.student_name").filter(has_text="Ŵyn, Siân").wait_for()
    lms.get_by_role("row").filter(has_text="cmi.core.entry").filter(has_text="ab-initio").wait_for()
    lms.goto(f"{address}?learner=learner-1")
    lms.get_by_role("row").filter(has_text="cmi.core.entry").filter(has_text="resume").wait_for()
    lms.get_by_role("button", name="Forget this learner").click()
    lms.get_by_role("row").filter(has_text="ab-initio").wait_for()


def test_closing_ends_the_session_and_opening_begins_another(lms):
    lms.get_by_role("button", name="Close the course").click()
    lms.get_by_role("cell", name="LMSFinish").wait_for()
    lms.get_by_role("button", name="Open the course").click()
    lms.get_by_role("row").filter(has_text="cmi.core.entry").filter(has_text="resume").wait_for()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_page_is_accessible_in_both_languages(lms, show, make, axe, language):
    show.update(make(("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n")))
    lms.get_by_text("01-first.en.md:28:1").wait_for()
    if language == "cy":
        lms.get_by_role("button", name="Cymraeg", exact=True).first.click()
        lms.get_by_role("heading", name="Galwadau, y diweddaraf yn gyntaf").wait_for()
        assert lms.title() == "LMS ffug: Te a <bisgedi>"
    assert axe(lms) == []


@pytest.fixture(scope="module")
def runtime(browser):
    """``runtime(kept, calls)`` -> what the calls answer, each with its error code, and what is then kept."""
    server = open_server(Show({}, live=False), "127.0.0.1", 0, "7")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/lms/api.js")
    yield lambda kept, calls: page.evaluate(CALLS, [kept, calls])
    page.close()
    server.shutdown()
    server.server_close()


CALLS = """async ([before, calls]) => {
  const { createApi } = await import("/lms/api.js");
  let kept = before;
  const api = createApi({ learner: "7", name: "N", load: () => kept, keep: (data) => { kept = data; }, log() {} });
  const answers = calls.map(([call, ...values]) => [api[call](...values), api.LMSGetLastError()]);
  return { answers, kept };
}"""
BEGIN = ["LMSInitialize", ""]
END = ["LMSFinish", ""]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (["LMSGetValue", "cmi.core.student_id"], ["7", "0"]),
        (["LMSGetValue", "cmi.core.lesson_status"], ["not attempted", "0"]),
        (["LMSGetValue", "cmi.core.nothing"], ["", "201"]),
        (["LMSGetValue", "cmi.core.exit"], ["", "404"]),
        (["LMSGetValue", "cmi.core.score._children"], ["raw,max,min", "0"]),
        (["LMSGetValue", "cmi.interactions._count"], ["0", "0"]),
        (["LMSGetValue", "cmi.core._count"], ["", "203"]),
        (["LMSGetValue", "cmi.core.student_id._children"], ["", "202"]),
        (["LMSSetValue", "cmi.core.student_id", "8"], ["false", "403"]),
        (["LMSSetValue", "cmi.core._children", "x"], ["false", "402"]),
        (["LMSSetValue", "cmi.core.lesson_status", "not attempted"], ["false", "405"]),
        (["LMSSetValue", "cmi.core.score.raw", "101"], ["false", "405"]),
        (["LMSSetValue", "cmi.core.score.raw", "100"], ["true", "0"]),
        (["LMSSetValue", "cmi.core.session_time", "1:00:00"], ["false", "405"]),
        (["LMSSetValue", "cmi.core.session_time", "0001:00:00.25"], ["true", "0"]),
        (["LMSSetValue", "cmi.suspend_data", "x" * 4096], ["true", "0"]),
        (["LMSSetValue", "cmi.suspend_data", "x" * 4097], ["false", "405"]),
        (["LMSSetValue", "cmi.interactions.0.id", "q-1"], ["true", "0"]),
        (["LMSSetValue", "cmi.interactions.1.id", "q-1"], ["false", "201"]),
        (["LMSSetValue", "cmi.interactions.0.result", "incorrect"], ["false", "405"]),
        (["LMSSetValue", "cmi.interactions.0.correct_responses.0.pattern", "a"], ["true", "0"]),
        (["LMSCommit", "x"], ["false", "201"]),
        (["LMSInitialize", ""], ["false", "101"]),
    ],
)
def test_the_run_time_answers_as_scorm_says(call, answer, runtime):
    assert runtime({}, [BEGIN, call])["answers"][1] == answer


def test_nothing_is_answered_before_the_beginning_or_after_the_end(runtime):
    calls = [["LMSGetValue", "cmi.core.entry"], BEGIN, END, ["LMSCommit", ""], ["LMSSetValue", "cmi.suspend_data", "x"]]
    codes = [["", "301"], ["true", "0"], ["true", "0"], ["false", "301"], ["false", "301"]]
    assert runtime({}, calls)["answers"] == codes


def test_time_adds_up_and_only_what_was_committed_is_kept(runtime):
    span = ["LMSSetValue", "cmi.core.session_time", "0000:59:59.50"]
    before = {"cmi.core.total_time": "0001:00:00.75", "cmi.core.lesson_status": "incomplete"}
    assert runtime(before, [BEGIN, span])["kept"] == before
    kept = runtime(before, [BEGIN, span, END])["kept"]
    assert (kept["cmi.core.total_time"], kept["cmi.core.lesson_status"]) == ("0002:00:00.25", "incomplete")


def test_a_course_that_says_nothing_of_its_status_is_completed_by_its_end(runtime):
    assert runtime({}, [BEGIN, END])["kept"]["cmi.core.lesson_status"] == "completed"
