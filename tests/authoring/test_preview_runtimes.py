"""The run-time services of the pretend LMS answer as SCORM 1.2 and SCORM 2004 say, and keep only what was committed."""

from threading import Thread

import pytest

from authoring.preview import Packed, open_server

CALLS = """async ([script, create, more, before, calls]) => {
  const module = await import(script);
  let kept = before;
  const parts = { learner: "7", name: "N", load: () => kept, keep: (data) => { kept = data; }, log() {}, ...more };
  const api = module[create](parts);
  const error = api.LMSGetLastError ? "LMSGetLastError" : "GetLastError";
  const answers = calls.map(([call, ...values]) => [api[call](...values), api[error]()]);
  return { answers, kept };
}"""


@pytest.fixture(scope="module")
def page(browser):
    server = open_server(Packed({"index.html": b""}), "127.0.0.1", 0, "7")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/lms/api.js")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def old(page):
    """``old(kept, calls)`` -> what SCORM 1.2 answers, each with its error code, and what is then kept."""
    return lambda kept, calls, **more: page.evaluate(CALLS, ["/lms/api.js", "createApi", more, kept, calls])


@pytest.fixture
def new(page):
    """The same of SCORM 2004."""

    def run(kept, calls, mode="normal", **more):
        parts = {"mode": mode, "language": "en", **more}
        return page.evaluate(CALLS, ["/lms/api2004.js", "createApi2004", parts, kept, calls])

    return run


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
def test_the_run_time_answers_as_scorm_says(call, answer, old):
    assert old({}, [BEGIN, call])["answers"][1] == answer


def test_nothing_is_answered_before_the_beginning_or_after_the_end(old):
    calls = [["LMSGetValue", "cmi.core.entry"], BEGIN, END, ["LMSCommit", ""], ["LMSSetValue", "cmi.suspend_data", "x"]]
    codes = [["", "301"], ["true", "0"], ["true", "0"], ["false", "301"], ["false", "301"]]
    assert old({}, calls)["answers"] == codes


def test_time_adds_up_and_only_what_was_committed_is_kept(old):
    span = ["LMSSetValue", "cmi.core.session_time", "0000:59:59.50"]
    before = {"cmi.core.total_time": "0001:00:00.75", "cmi.core.lesson_status": "incomplete"}
    assert old(before, [BEGIN, span])["kept"] == before
    kept = old(before, [BEGIN, span, END])["kept"]
    assert (kept["cmi.core.total_time"], kept["cmi.core.lesson_status"]) == ("0002:00:00.25", "incomplete")


def test_a_course_that_says_nothing_of_its_status_is_completed_by_its_end(old):
    assert old({}, [BEGIN, END])["kept"]["cmi.core.lesson_status"] == "completed"


def test_a_review_has_no_credit(old):
    calls = [BEGIN, ["LMSGetValue", "cmi.core.lesson_mode"], ["LMSGetValue", "cmi.core.credit"]]
    assert [answer for answer, _ in old({}, calls, mode="review")["answers"][1:]] == ["review", "no-credit"]


START = ["Initialize", ""]
STOP = ["Terminate", ""]
ID = ["SetValue", "cmi.interactions.0.id", "q-1"]
CHOICE = ["SetValue", "cmi.interactions.0.type", "choice"]


@pytest.mark.parametrize(
    ("before", "call", "answer"),
    [
        ([], ["GetValue", "cmi.learner_id"], ["7", "0"]),
        ([], ["GetValue", "cmi._version"], ["1.0", "0"]),
        ([], ["GetValue", "cmi.completion_status"], ["unknown", "0"]),
        ([], ["GetValue", "cmi.location"], ["", "403"]),
        ([], ["GetValue", "cmi.nothing"], ["", "401"]),
        ([], ["GetValue", ""], ["", "301"]),
        ([], ["GetValue", "cmi.exit"], ["", "405"]),
        ([], ["GetValue", "cmi.score._children"], ["scaled,raw,min,max", "0"]),
        ([], ["GetValue", "cmi.interactions._count"], ["0", "0"]),
        ([ID], ["GetValue", "cmi.interactions._count"], ["1", "0"]),
        ([], ["GetValue", "cmi.interactions.0.id"], ["", "301"]),
        ([], ["SetValue", "cmi.learner_id", "8"], ["false", "404"]),
        ([], ["SetValue", "cmi.interactions._count", "8"], ["false", "404"]),
        ([], ["SetValue", "cmi.completion_status", "passed"], ["false", "406"]),
        ([], ["SetValue", "cmi.success_status", "passed"], ["true", "0"]),
        ([], ["SetValue", "cmi.score.scaled", "1.2"], ["false", "407"]),
        ([], ["SetValue", "cmi.score.scaled", "much"], ["false", "406"]),
        ([], ["SetValue", "cmi.score.scaled", "-0.5"], ["true", "0"]),
        ([], ["SetValue", "cmi.session_time", "PT1H30M5.25S"], ["true", "0"]),
        ([], ["SetValue", "cmi.session_time", "P"], ["false", "406"]),
        ([], ["SetValue", "cmi.session_time", "01:30:05"], ["false", "406"]),
        ([], ["SetValue", "cmi.suspend_data", "x" * 64000], ["true", "0"]),
        ([], ["SetValue", "cmi.suspend_data", "x" * 64001], ["false", "406"]),
        ([], ["SetValue", "cmi.interactions.1.id", "q-1"], ["false", "351"]),
        ([], ["SetValue", "cmi.interactions.0.type", "choice"], ["false", "408"]),
        ([ID], ["SetValue", "cmi.interactions.0.learner_response", "a"], ["false", "408"]),
        ([ID, CHOICE], ["SetValue", "cmi.interactions.0.learner_response", "a"], ["true", "0"]),
        ([ID, CHOICE], ["SetValue", "cmi.interactions.0.timestamp", "2026-11-21T10:00:00.0Z"], ["true", "0"]),
        ([], ["SetValue", "adl.nav.request", "{target=two}choice"], ["true", "0"]),
        ([], ["Commit", "x"], ["false", "201"]),
        ([], ["Initialize", ""], ["false", "103"]),
        ([STOP], ["Initialize", ""], ["false", "104"]),
    ],
)
def test_scorm_2004_answers_as_its_book_says(before, call, answer, new):
    assert new({}, [START, *before, call])["answers"][-1] == answer


def test_scorm_2004_says_before_and_after(new):
    calls = [["GetValue", "cmi.mode"], ["SetValue", "cmi.exit", ""], ["Commit", ""], STOP]
    assert [code for _, code in new({}, calls)["answers"]] == ["122", "132", "142", "112"]
    assert [code for _, code in new({}, [START, STOP, *calls])["answers"][2:]] == ["123", "133", "143", "113"]


def test_an_attempt_that_was_suspended_goes_on_and_another_begins_anew(new):
    place = ["GetValue", "cmi.location"]
    entry = ["GetValue", "cmi.entry"]
    suspend = [START, ["SetValue", "cmi.location", "p2"], ["SetValue", "cmi.exit", "suspend"], STOP]
    kept = new({}, suspend)["kept"]
    assert [answer for answer, _ in new(kept, [START, place, entry])["answers"]] == ["true", "p2", "resume"]
    over = new({}, [*suspend[:2], ["SetValue", "cmi.exit", "normal"], STOP])["kept"]
    assert [answer for answer, _ in new(over, [START, place, entry])["answers"]] == ["true", "", "ab-initio"]
    assert new(over, [START, place], mode="review")["answers"][1][0] == "p2"


def test_total_time_adds_up(new):
    calls = [START, ["SetValue", "cmi.exit", "suspend"], ["SetValue", "cmi.session_time", "PT59M30S"], STOP]
    again = new(new({}, calls)["kept"], calls)["kept"]
    assert new(again, [START, ["GetValue", "cmi.total_time"]])["answers"][1][0] == "PT7140S"
