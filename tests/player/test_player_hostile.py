"""Whatever an LMS, a record store, an address or the browser's storage says, the course is there and can be taken."""

import json
import os
from urllib.parse import urlencode

import pytest
import tiny_course
from hypothesis import given, settings
from hypothesis import strategies as st
from launching import ACTOR, made, uuid_of
from player_servers import Lms

# `make fuzz` sets it; without it the cases are few, and the same at every run. Each one opens the course.
CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))
FEW = settings(max_examples=min(CASES, 2000) or 6, deadline=None, derandomize=not CASES, database=None)
MARKUP = '"><img src=x onerror="top.pwned=1"><script>top.pwned=1</script><b id=x-module>'
ODD = [
    MARKUP, "", "null", "{}", "[]", "[[]]", "__proto__", '{"__proto__":{"pwned":1}}', "constructor", "toString",
    "\ud800", "%", "#%E0%A4%A", "javascript:top.pwned=1", "x" * 100_000, "ŵ" * 3000, "1e999", "-1", "NaN", "true", "cy",
    "en-GB,cy", "resume", "ab-initio", "review", "browse", "passed", "completed", "failed", "100", "0.5", "\x00",
    "\u2028", "${1}", "{n}", "a\nb: c",
]  # fmt: skip
TEXT = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=()), max_size=30)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JUNK = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
MODULE = tiny_course.first()
PAGE, QUESTION, WRITING = MODULE.pages[1].key, tiny_course.question_key("door"), tiny_course.reflect_key("work")
WORDS = {
    "at": PAGE, "seen": PAGE * 3, "a": f"{QUESTION}2+*1", "d": f"{MODULE.key}zzzzzzzzzcy *allzzzen", "l": "cy",
    "s": "1a", "p": "abcd1", "r": uuid_of("r"), "cut": WRITING, "rev": 2**60, "k": 1, "c": "9.9",
}  # fmt: skip
FIELDS = {name: st.just(good) | JUNK for name, good in WORDS.items()} | {
    "w": JUNK | st.dictionaries(st.just(WRITING) | TEXT, JUNK, max_size=3)
}
SAVED = st.fixed_dictionaries({"v": st.just(1) | JUNK}, optional=FIELDS).map(json.dumps)
TEXTS = TEXT | SAVED | st.builds(lambda text, end: text[:end], SAVED, st.integers(0, 300)) | JUNK.map(json.dumps)
STANDARD = {"scorm12": ("API", "LMS", "cmi.core."), "scorm2004-4": ("API_1484_11", "", "cmi.")}
ELEMENTS = [
    "lesson_status", "lesson_mode", "credit", "entry", "student_id", "student_name", "lesson_location", "score.raw",
    "completion_status", "success_status", "mode", "learner_id", "learner_name", "location", "scaled_passing_score",
    "learner_preference.language",
]  # fmt: skip
OWN = ["cmi.suspend_data", "cmi.student_preference.language", "cmi.interactions._count"]
OPEN = """async (text) => {
    const { query = "", hash = "", local = {}, tab = {}, api } = JSON.parse(text);
    document.querySelector("iframe")?.remove();
    localStorage.clear();
    sessionStorage.clear();
    window.pwned = window.API = window.API_1484_11 = undefined;
    for (const [store, texts] of [[localStorage, local], [sessionStorage, tab]]) {
      for (const [name, text] of Object.entries(texts)) try { store.setItem(name, text) } catch { /* too much */ }
    }
    if (api) {
      const call = (name) => (...args) => {
        const given = (api.values[args[0]] ?? [undefined])[0];
        if (api.throws === name) throw new Error("the LMS threw");
        if (name === "GetValue") return given;
        return name in api.answers ? api.answers[name] : name === "GetLastError" ? "0" : "true";
      };
      const names = ["Initialize", "Terminate", "Finish", "GetValue", "SetValue", "Commit", "GetLastError"];
      window[api.name] = Object.fromEntries(names.map((name) => [api.prefix + name, call(name)]));
    }
    const frame = document.createElement("iframe");
    frame.src = `/course/index.html${query}${hash}`;
    document.body.append(frame);
    const until = async (true_) => {
      for (let n = 0; n < 1500 && !true_(); n++) await new Promise((resolve) => setTimeout(resolve, 10));
      return true_();
    };
    const find = (selector) => frame.contentDocument?.querySelector(selector);
    const ready = await until(() => find("html[data-ready]"));
    if (!ready) return { ready: false };
    find("#x-choose.here [data-language]")?.click();
    const before = find("html").lang;
    find("#x-tongue").click();
    const switched = find("html").lang !== before;
    find(`.menu a[href$="#start"]`)?.click();
    const shown = await until(() => find(".page.here h1")?.offsetHeight);
    find(".page.here .turn .button")?.click();
    const moved = await until(() => find(".page.here h1")?.offsetHeight);
    frame.contentWindow.dispatchEvent(new Event("online"));
    return {
      ready: true, switched, shown: Boolean(shown), moved: Boolean(moved),
      pwned: window.pwned ?? null, leaked: ({}).pwned ?? null,
      injected: frame.contentDocument.querySelectorAll("img[src=x], script:not([src]):not([type]), b#x-module").length,
    };
}"""
WELL = {"ready": True, "switched": True, "shown": True, "moved": True, "pwned": None, "leaked": None, "injected": 0}


class Hostile:
    """A page that opens the course, again and again, in worlds that mean no good."""

    def __init__(self, browser, modules):
        self.server = Lms({}, modules)
        self.packages = {}
        self.context = browser.new_context(locale="en-GB")
        self.page = self.context.new_page()
        self.errors = []
        self.answer = {}
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)
        self.page.route("**/xapi/**", self._answered)
        self.page.route("**/fetch", self._answered)
        self.page.route("**/launch/**", self._answered)
        self.page.goto(f"{self.server.origin}/lms/empty.html")

    def _heard(self, told):
        # What the browser itself says of an answer that is an error is not the player's.
        if told.type == "error" and "Failed to load resource" not in told.text:
            self.errors.append(told.text)

    def _answered(self, route):
        kinds = ("LMS.LaunchData", "learner-state", "profile", "fetch", "launch", "statements")
        kind = next((name for name in kinds if name in route.request.url), "statements")
        kind = "put" if route.request.method == "PUT" else kind
        status, body, headers = self.answer.get(kind, (204, "", {}))
        route.fulfill(status=status, body=body.encode("utf-8", "surrogatepass"), headers=headers)

    def opened(self, name, **world):
        """What became of the course in that world."""
        if name not in self.packages:
            self.packages[name] = made(name, record_store=self.server.origin)
        self.server.files = self.packages[name]
        self.errors.clear()
        found = self.page.evaluate(OPEN, json.dumps(world))
        self.page.evaluate("1")
        return found, list(self.errors)

    def close(self):
        self.context.close()
        self.server.close()


@pytest.fixture(scope="module")
def hostile(browser, node_modules):
    made_ = Hostile(browser, node_modules)
    yield made_
    made_.close()


ANSWER = st.tuples(
    st.sampled_from([200, 200, 200, 204, 400, 401, 403, 404, 409, 412, 429, 500, 503]),
    TEXTS,
    st.fixed_dictionaries(
        {},
        optional={name: st.sampled_from(["x", '"1"', "1e300", "-1", "<b>", "0"]) for name in ("ETag", "Retry-After")},
    ),
)
TOKEN = st.fixed_dictionaries(
    {}, optional={name: st.just("/xapi/") | JUNK for name in ("endpoint", "token", "expires")}
)
CALLS = st.sampled_from(["Initialize", "SetValue", "Commit", "GetLastError"])


@pytest.mark.fuzz
@pytest.mark.parametrize("name", STANDARD)
@FEW
@given(st.data())
def test_values_of_an_lms(hostile, name, data):
    own, prefix, core = STANDARD[name]
    value = st.tuples(TEXT | JUNK)
    values = data.draw(st.dictionaries(st.sampled_from([core + one for one in ELEMENTS] + OWN[1:]), value, max_size=6))
    values["cmi.suspend_data"] = [data.draw(TEXTS | JUNK)]
    api = {
        "name": own,
        "prefix": prefix,
        "values": values,
        "answers": data.draw(st.dictionaries(CALLS, JUNK, max_size=1)),
    }
    api["throws"] = data.draw(st.none() | CALLS | st.just("GetValue"))
    hostile.answer = {"launch": (200, data.draw(TOKEN.map(json.dumps) | TEXTS), {}), "statements": data.draw(ANSWER)}
    assert hostile.opened(name, api=api) == (WELL, [])


def launch(data, **more):
    """The query of a launch, in which about one thing is not what it ought to be."""
    usual = {"endpoint": "/xapi/", "actor": json.dumps(ACTOR), "registration": uuid_of("r"), **more}
    wrong = data.draw(
        st.dictionaries(st.sampled_from([*usual, "auth", "grouping", "Accept-Language", "doctor"]), TEXTS, max_size=1)
    )
    wrong |= {"actor": data.draw(JUNK.map(json.dumps))} if data.draw(st.booleans()) and not wrong else {}
    told = {name: text[:2000] for name, text in {**usual, **wrong}.items()}
    return "?" + urlencode(told, errors="surrogatepass")


def answers(data, *kinds):
    """What the store says, which is mostly 200 and something."""
    return {kind: data.draw(ANSWER) for kind in kinds}


TEMPLATE = st.fixed_dictionaries(
    {"contextTemplate": st.just({"extensions": {"s": "1"}, "contextActivities": {"grouping": [{"id": "x:y"}]}}) | JUNK},
    optional=dict.fromkeys(("launchMode", "masteryScore", "returnURL", "moveOn"), JUNK),
)


@pytest.mark.fuzz
@FEW
@given(st.data())
def test_launches_and_answers_of_a_cmi5_system(hostile, data):
    kept = st.fixed_dictionaries({}, optional=dict.fromkeys(("text", "told", "score"), TEXTS | JUNK)).map(json.dumps)
    hostile.answer = answers(data, "put", "statements", "profile") | {
        "fetch": (200, data.draw(st.just('{"auth-token":"t"}') | TEXTS), {}),
        "LMS.LaunchData": (200, data.draw(TEMPLATE.map(json.dumps) | TEXTS), {}),
        "learner-state": data.draw(st.tuples(st.just(200), kept, st.just({"ETag": '"1"'})) | ANSWER),
    }
    query = launch(data, fetch="/fetch", activityId="https://lms.example/1")
    assert hostile.opened("cmi5", query=query) == (WELL, [])


@pytest.mark.fuzz
@FEW
@given(st.data())
def test_launches_and_answers_in_the_way_of_tin_can(hostile, data):
    kept = st.fixed_dictionaries({}, optional=dict.fromkeys(("text", "status", "score"), TEXTS | JUNK)).map(json.dumps)
    state = st.tuples(st.just(200), kept, st.just({}))
    hostile.answer = answers(data, "put", "statements") | {"learner-state": data.draw(state | ANSWER)}
    assert hostile.opened("xapi", query=launch(data, auth="Basic x")) == (WELL, [])


NAMES = [
    "ktb:tiny:", "ktb:tiny:learner-1", f"ktb-xapi:{uuid_of('r')}:l:{uuid_of('s')}", "ktb-xapi:",
    "ktb-launch:/course/index.html", "ktb-cmi5:/fetch", f"ktb-token:{uuid_of('r')}:l", "__proto__", "length",
]  # fmt: skip


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ["web", "xapi", "cmi5"])
@FEW
@given(st.data())
def test_what_the_browser_keeps_and_the_end_of_the_address(hostile, name, data):
    stored = st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=5)
    local, tab = data.draw(stored), data.draw(stored)
    local["ktb:tiny:"] = data.draw(TEXTS)
    if name != "web" and data.draw(st.booleans()):
        tab["ktb-launch:/course/index.html"] = launch(data, fetch="/fetch", activityId="https://lms.example/1")
    hostile.answer = {}
    hash_ = "#" + data.draw(TEXT)[:3000]
    assert hostile.opened(name, local=local, tab=tab, hash=hash_) == (WELL, [])
