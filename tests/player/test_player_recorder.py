"""When the player saves, tries again and gives up, by a clock that the test sets; and what an LMS may say to it."""

import json
from itertools import pairwise

import pytest
import tiny_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.carried import inlined

TOLD = tiny_course.outline(tiny_course.course())
OUTLINE = inlined(TOLD)
ASKED = [question for module in TOLD["modules"] for question in module["questions"]]
DOOR = tiny_course.question_key("door")
WORK = tiny_course.reflect_key("work")
FIRST = OUTLINE["modules"][0]["pages"][0]["key"]
STANDARDS = ["scorm12", "scorm2004"]
PLACE = {"scorm12": "cmi.core.lesson_location", "scorm2004": "cmi.location"}
TIME = {"scorm12": "cmi.core.session_time", "scorm2004": "cmi.session_time"}
RAW = {"scorm12": "cmi.core.score.raw", "scorm2004": "cmi.score.raw"}
ENTRY = {"scorm12": "cmi.core.entry", "scorm2004": "cmi.entry"}
LEARNER = {"scorm12": "cmi.core.student_id", "scorm2004": "cmi.learner_id"}
SUSPENDED = "cmi.suspend_data"

# An LMS that keeps what it is given, until `faults` say otherwise, and a player's recorder before it.
PLAYER = """async ({ outline, asked, adapter, held, answer }) => {
  const [{ Recorder }, { Session }, { Copies }, { Lms }] = await Promise.all(
    ["recorder", "session", "copies", `lms/${adapter}`].map((name) => import(`/player/${name}.js`)));
  const old = adapter === "scorm12";
  const faults = {}, calls = [], told = [], values = { ...held };
  const noted = (name, action) => (...given) => {
    calls.push([name, ...given, performance.now()]);
    if (faults.throws) throw new Error(name);
    return faults[name] ?? (name.endsWith("GetValue") && answer ? action(...given) : answer ?? action(...given));
  };
  const set = (name, value) => { values[name] = value; return "true"; };
  const api = {
    Initialize: () => "true", [old ? "Finish" : "Terminate"]: () => "true", Commit: () => "true",
    GetValue: (name) => values[name] ?? "", SetValue: set,
  };
  const all = Object.entries(api).map(([name, action]) => [(old ? "LMS" : "") + name, noted(name, action)]);
  all.push([(old ? "LMS" : "") + "GetLastError", () => faults.code ?? "0"]);
  window[old ? "API" : "API_1484_11"] = Object.fromEntries(all);
  const session = new Session(outline);
  for (const one of asked) session.learn(one);
  const lms = new Lms(outline);
  const tell = (kind) => told.push([kind, performance.now()]);
  const recorder = new Recorder({ lms, session, course: "c", copies: new Copies("localStorage"), tell });
  const opened = lms.open();
  const whole = recorder.start(Boolean(opened));
  window.all = { session, recorder, lms, faults, calls, told, values, opened, whole };
  (window.players ||= []).push(window.all);
  // What follows in the player: the language is chosen, and the first page shown.
  session.state.language ||= recorder.held.language || "en";
  session.see(session.state.at || outline.modules[0].pages[0].key);
  recorder.changed();
}"""


# What one channel has sent before, another has got by the time that it gets this.
HEARD = """new Promise((resolve) => {
  const [one, other] = [new BroadcastChannel("x"), new BroadcastChannel("x")];
  other.onmessage = resolve;
  one.postMessage(0);
})"""


class Player:
    """A recorder in a page whose time stands still but for ``run``."""

    def __init__(self, page, adapter):
        self.page, self.adapter = page, adapter

    def start(self, answer=None, adapter=None, **held):
        given = {"outline": OUTLINE, "asked": ASKED, "held": held, "answer": answer}
        self.page.evaluate(PLAYER, {**given, "adapter": adapter or self.adapter})
        return self

    def run(self, time):
        self.page.clock.run_for(time)
        return self

    def do(self, script, given=None):
        return self.page.evaluate(
            f"(given) => {{ const {{ session, recorder, faults, values, calls, told }} = window.all; {script} }}", given
        )

    def calls(self, *names):
        return [call for call in self.do("return calls") if call[0] in names]

    def commits(self):
        return [call[-1] for call in self.calls("Commit")]

    def sets(self, name):
        return [call[2] for call in self.calls("SetValue") if call[1] == name]

    def told(self):
        return [kind for kind, _ in self.do("return told")]

    def kept(self, store="localStorage"):
        return self.page.evaluate(f"Object.fromEntries(Object.entries({store}))")


@pytest.fixture
def page(context, lms):
    made = context.new_page()
    made.clock.install(time="2026-11-02T10:00:00")
    made.goto(f"{lms.origin}/lms/empty.html")
    # Time stands still from here on.
    made.clock.pause_at("2026-11-02T10:01:00")
    return made


@pytest.fixture(params=STANDARDS)
def player(request, page):
    return Player(page, request.param)


@pytest.fixture
def old(page):
    return Player(page, "scorm12")


def test_a_launch_takes_few_calls_and_one_commit(player):
    player.start().run(2000)
    calls = player.do("return calls")
    assert len(player.commits()) == 1 and calls[-1][0] == "Commit"
    assert len(calls) - 1 <= (12 if player.adapter == "scorm12" else 14), [call[:2] for call in calls]
    again = player.start(**player.do("return values")).run(2000).do("return calls")
    assert len(again) - 1 <= (12 if player.adapter == "scorm12" else 14), [call[:2] for call in again]


def test_what_is_done_is_committed_when_it_says(old):
    old.start().run(1000)
    begun = old.do("return performance.now()")
    for when, pause in (("soon", 300), ("typing", 600), ("now", 30)):
        old.do("recorder.changed(given)", when)
        assert len(old.run(pause - 1).commits()) == len(old.commits())
        before = len(old.commits())
        old.run(2)
        assert len(old.commits()) == before + 1, when
    for _ in range(5):
        old.do('recorder.changed("typing")')
        old.run(400)
    assert len([at for at in old.commits() if at > begun]) == 3


def test_a_commit_that_fails_is_tried_again_less_and_less_often_and_told_once(player):
    player.start().run(1000)
    player.do('faults.Commit = "false"; faults.code = "101"; recorder.changed()')
    start = player.do("return performance.now()")
    player.run("05:00")
    tried = [round((at - start) / 1000) for at in player.commits() if at > start]
    assert tried[:6] == [0, 2, 6, 14, 30, 62]
    assert all(later - earlier <= 61 for earlier, later in pairwise(tried)) and len(tried) <= 11
    assert player.told().count("lost") == 1
    lost = next(at for kind, at in player.do("return told") if kind == "lost")
    assert round((lost - start) / 1000) == 2
    player.do("delete faults.Commit")
    player.run("01:00")
    assert player.told()[-1] == "back" and not player.do("return recorder.dirty")


def test_a_day_without_a_network_ends_with_everything_there(player):
    player.start().run(1000)
    player.do('faults.Commit = "false"; faults.code = "101"; recorder.changed()')
    player.do("session.answer(given, ['2']); recorder.changed('now')", DOOR)
    player.run("24:00:00")
    assert len(player.commits()) < 1500 and player.told().count("lost") == 1
    player.do("delete faults.Commit; if (recorder.dirty) recorder.commit()")
    assert player.told()[-1] == "back"
    values = player.do("return values")
    assert DOOR in values[SUSPENDED] and values[RAW[player.adapter]] == "25"
    assert values[TIME[player.adapter]] in ("0024:00:01.00", "PT86401S")


@pytest.mark.parametrize("jump", ["1999-01-01T00:00:00", "2060-01-01T00:00:00"])
def test_a_clock_that_jumps_loses_nothing(player, jump):
    player.start().run(10_000)
    player.page.clock.set_system_time(jump)
    player.do("session.answer(given, ['2']); session.settle(Date.now()); recorder.changed()", DOOR)
    player.run(5000)
    assert player.sets(TIME[player.adapter])[-1] in ("0000:00:10.00", "PT10S")
    assert DOOR in player.do("return values")[SUSPENDED] and not player.do("return recorder.dirty")


def test_a_course_completed_before_there_was_time_stays_completed(unit):
    body = """const session = begun(given[0], given[1]);
              for (const module of given[0].modules) for (const page of module.pages) session.see(page.key);
              for (const question of given[1]) session.answer(question.key, ["1"]);
              session.settle(-5e12);
              const other = new Session(given[0]);
              other.restore(session.pack().text);
              return other.status()"""
    assert unit(body, [OUTLINE, ASKED]) == "completed"


def test_the_total_time_is_set_before_every_commit_once_a_second_has_passed(player):
    player.start().run(2000)
    player.do("recorder.changed()")
    player.run(3000)
    player.do("recorder.changed()")
    player.run(3000)
    player.do("recorder.end()")
    calls = player.calls("SetValue", "Commit", "Finish", "Terminate")
    first, *before = [one for one, call in pairwise(calls) if call[0] != "SetValue"]
    assert first[1] == "cmi.suspend_data"
    assert {call[1] for call in before} == {TIME[player.adapter]} and len(before) == 3
    assert [call[2][-5:].strip("PT") for call in before] == (
        ["02.00", "05.00", "08.00"] if player.adapter == "scorm12" else ["2S", "5S", "8S"]
    )


def test_nothing_is_said_after_the_end(player):
    player.start().run(1000)
    assert player.do("return recorder.end()") is True
    count = len(player.do("return calls"))
    player.do("recorder.changed('now'); recorder.commit(); recorder.answered({ key: given }, true, 1)", DOOR)
    assert player.run("03:00").do("return recorder.end()") is True
    assert len(player.do("return calls")) == count and player.kept() == {}


def test_false_without_an_error_is_done(player):
    player.start(answer="false", **{"cmi.core.lesson_status": "incomplete", "cmi.completion_status": "incomplete"})
    assert player.do("return window.all.opened") is True
    assert player.run(1000).told() == ["saved"] and player.do("return recorder.end()") is True


def test_a_system_that_throws_at_everything_later_is_told_and_healed(player):
    player.start().run(1000)
    player.do("faults.throws = true; recorder.changed()")
    player.run(5000)
    assert player.told()[-1] == "lost"
    player.do("faults.throws = false")
    assert player.run(10_000).told()[-1] == "back"


def test_a_system_that_answers_nothing_is_not_taken_for_one_that_records(player):
    player.start(answer="").run(1000)
    assert player.do("return [window.all.opened, recorder.recorded]") == [False, False]
    assert player.calls("SetValue", "Commit") == []
    assert list(player.kept()) == ["ktb:c:"]


def test_nobody_without_a_name_leaves_anything_for_the_next(player):
    player.start().run(1000)
    player.do("session.write(given, 'my own words'); recorder.changed()", WORK)
    assert player.kept() == {} and "my own words" in player.kept("sessionStorage")["ktb:c:"]


def test_an_attempt_begun_anew_begins_empty(player):
    learner = {LEARNER[player.adapter]: "l-1", ENTRY[player.adapter]: "ab-initio"}
    player.start(**learner).run(1000)
    player.do("session.answer(given, ['2']); recorder.changed()", DOOR)
    player.run(1000)
    assert player.start(**learner).do("return session.state.answers.size") == 0


def test_what_no_system_ever_had_is_not_taken_for_an_attempt_of_before(player):
    learner = {LEARNER[player.adapter]: "l-1", ENTRY[player.adapter]: "ab-initio"}
    player.start(**learner)
    player.do('faults.Commit = "false"; faults.code = "101"; session.answer(given, ["2"]); recorder.changed()', DOOR)
    player.run(5000)
    again = player.start(**learner).run(1000)
    assert again.do("return session.state.answers.size") == 1
    assert DOOR in again.do("return values")[SUSPENDED]


def test_a_system_that_forgot_gets_it_again_from_the_browser(player):
    learner = {LEARNER[player.adapter]: "l-1"}
    player.start(**learner).run(1000)
    player.do("session.answer(given, ['2']); recorder.changed()", DOOR)
    player.run(1000)
    again = player.start(**learner, **{ENTRY[player.adapter]: "resume"}).run(1000)
    assert DOOR in again.do("return values")[SUSPENDED] and again.do("return window.all.whole") is True


@pytest.mark.parametrize("text", ["", '{"v":1,"rev":3,"at":"x', "[]"])
def test_where_the_state_is_lost_the_place_is_not(player, text):
    status = {"cmi.core.lesson_status": "incomplete", "cmi.completion_status": "incomplete"}
    place = OUTLINE["modules"][1]["pages"][1]["key"]
    player.start(**status, **{SUSPENDED: text, PLACE[player.adapter]: place})
    assert player.do("return [session.state.at, window.all.whole]") == [place, False]


def test_of_two_windows_the_last_one_writes_and_the_other_says_so(player):
    learner = {LEARNER[player.adapter]: "l-1"}
    player.start(**learner).run(1000)
    player.start(**learner)
    player.page.wait_for_function("players[0].told.some(([kind]) => kind === 'other')")
    player.run(1000)
    both = player.page.evaluate("players.map(one => one.calls.length)")
    player.page.evaluate(
        "key => { const [{ session, recorder }] = players; session.answer(key, ['1']); recorder.changed('now') }", DOOR
    )
    player.run("10:00")
    assert player.page.evaluate("players[0].recorder.end()") is False
    assert player.page.evaluate("players.map(one => one.calls.length)") == both
    assert DOOR not in player.kept()["ktb:c:l-1"]
    player.do("session.answer(given, ['2']); recorder.changed('now')", DOOR)
    assert f"{DOOR}+" in player.run(1000).do("return values")[SUSPENDED]
    assert "other" not in player.told()


def test_a_look_back_does_not_stop_the_window_that_works(player):
    learner = {LEARNER[player.adapter]: "l-1"}
    player.start(**learner).run(1000)
    player.start(**learner, **{"cmi.core.lesson_mode": "review", "cmi.mode": "review"})
    player.start(**{**learner, LEARNER[player.adapter]: "l-2"}).run(1000)
    player.page.evaluate(HEARD)
    assert player.page.evaluate("players.map(one => one.told.at(-1)?.[0])") == ["saved", None, "saved"]


def test_a_mark_is_told_with_its_score_though_the_score_was_told_before(page):
    player = Player(page, "scorm2004")
    held = {"cmi.scaled_passing_score": "0.8", "cmi.completion_status": "incomplete", "cmi.score.raw": "100"}
    player.start(**held).run(1000)
    player.do("session.answer(given, ['2']); recorder.changed()", DOOR)
    player.run(1000)
    assert player.sets("cmi.score.scaled") == []
    player.do('session.status = () => "passed"; recorder.commit()')
    assert player.sets("cmi.score.scaled") == ["1"] and player.sets("cmi.success_status") == ["passed"]


def test_a_score_that_is_held_never_falls(player):
    player.start(**{RAW[player.adapter]: "90"}).run(1000)
    player.do("session.answer(given, ['2']); recorder.changed('now')", DOOR)
    assert player.run(1000).sets(RAW[player.adapter]) == []


def test_a_score_that_is_none_is_told_as_one_that_can_be(page):
    player = (
        Player(page, "scorm2004").start(**{"cmi.score.raw": "250", "cmi.completion_status": "incomplete"}).run(1000)
    )
    player.do('session.answer(given, ["2"]); session.status = () => "passed"; recorder.commit()', DOOR)
    assert player.sets("cmi.score.scaled") == ["1"]


def test_a_request_that_is_never_answered_holds_up_none_behind_it(unit):
    found = unit(
        """const { Launched } = await import("/player/lms/launched.js");
           const controllers = [];
           AbortSignal.timeout = (pause) => {
             const one = new AbortController();
             controllers.push([pause, one]);
             return one.signal;
           };
           let answers = false;
           window.fetch = (address, { signal }) => answers ? Promise.resolve(new Response(null, { status: 204 }))
             : new Promise((resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
           const store = new Launched({ endpoint: "https://x.example/", actor: {}, activity: "a" });
           const first = store.keep({ n: 1 }), second = store.keep({ n: 2 });
           while (!controllers.length) await 0;
           answers = true;
           controllers[0][1].abort();
           return [controllers[0][0], await first, await second]"""
    )
    assert found == [30000, False, True]


RUBBISH = st.sampled_from(
    [
        "",
        "true",
        "null",
        "NaN",
        "-1",
        "1e999",
        "99999999999",
        "<b>x</b>",
        "not attempted",
        "passed",
        "review",
        "{}",
        "\0",
    ]
) | st.text(max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(RUBBISH, min_size=8, max_size=8), adapter=st.sampled_from(STANDARDS))
def test_no_word_of_a_system_stops_the_player(page, words, adapter):
    found = page.evaluate(
        """async ({ words, adapter, player, outline, asked, door }) => {
             const start = eval(player);
             let said = 0;
             const held = new Proxy({}, { get: (_, name) => words[[...String(name)].length % words.length] });
             await start({ outline, asked, adapter, held: {}, answer: null });
             const { lms, recorder, session } = window.all;
             const api = window.API_1484_11 || window.API;
             const get = adapter === "scorm12" ? "LMSGetValue" : "GetValue";
             window[adapter === "scorm12" ? "API" : "API_1484_11"][get] = (name) => words[said++ % words.length];
             recorder.start(true);
             for (const one of asked) session.learn(one);
             session.answer(door, ["2"]);
             recorder.answered({ ...asked[0], key: door }, true, 5);
             recorder.changed("now");
             recorder.commit();
             recorder.end();
             const sets = window.all.calls.filter(([name]) => name === "SetValue");
             const raws = sets.filter(([, name]) => /score.raw$/.test(name)).map(([, , value]) => Number(value));
             const places = sets.filter(([, name]) => /interactions/.test(name)).map(([, name]) => name.split(".")[2]);
             const texts = sets.filter(([, name]) => name === "cmi.suspend_data").map(([, , text]) => text);
             return { raws, places, texts };
           }""",
        {"words": words, "adapter": adapter, "player": PLAYER, "outline": OUTLINE, "asked": ASKED, "door": DOOR},
    )
    assert all(0 <= raw <= 100 for raw in found["raws"])
    assert all(place.isdigit() for place in found["places"])
    assert all(json.loads(text)["v"] == 1 for text in found["texts"])
