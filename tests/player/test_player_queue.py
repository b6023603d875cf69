"""The rules of the queue of statements, each alone, as a module in an empty page."""

import json

import pytest
from player_servers import Lms

# Statements have ids of 36 characters; `answers` are what the store says to one request after another, the last again.
QUEUE = """
    const { Queue } = await import("/player/queue.js");
    const { Copies } = await import("/player/copies.js");
    const local = new Copies("localStorage");
    const calls = [];
    const pauses = [];
    let answers = [200];
    const send = async (batch, leaving) => {
      // Whoever asks without end gets no answer, and the page can still say so.
      if (calls.length > 2000) await new Promise(() => {});
      calls.push({ leaving, ids: batch.map(one => +one.id), body: JSON.stringify(batch) });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Promise) await answer;
      if (answer === 0) throw new TypeError("no network");
      const [status, headers] = [answer].flat();
      return new Response(status === 204 ? null : "{}", { status, headers });
    };
    const parts = { learner: "l", registration: "r", local, send };
    const stamped = (id) => new Date(Date.now() + +id).toISOString();
    const one = (id, more = {}) => ({ id: String(id).padStart(36, "0"), timestamp: stamped(id), ...more });
    const put = (key, statement) => local.set(`ktb-xapi:${key}:${statement.id}`, JSON.stringify(statement));
    const settled = () => new Promise(resolve => realTimeout(resolve, 60));
    const realTimeout = window.setTimeout;
    // Pauses are written down and not waited out.
    const hasty = (most = 40) => {
      window.setTimeout = (action, pause) => (pauses.push(pause), pauses.length > most ? 1 : realTimeout(action, 0));
    };
    const waiting = (queue) => queue.waiting.map(({ id }) => +id);
"""
OLD = '{ timestamp: "2020-01-01T00:00:00Z" }'
# A window that hears what another has kept only when it is told to: what two processes of a browser are to each other.
LAGGING = """
    const common = new Map();
    const lagging = () => {
      const own = new Map(common);
      let late = [];
      const change = (action) => { action(own); late.push(action); };
      return {
        get: (name) => own.get(name) ?? null, names: () => [...own.keys()],
        set: (name, text) => change((store) => store.set(name, text)),
        drop: (name) => change((store) => store.delete(name)),
        meet() { for (const action of late) action(common); late = []; },
        see() { own.clear(); for (const [name, text] of common) own.set(name, text); },
      };
    };
"""


@pytest.fixture(scope="module")
def page(browser, node_modules):
    """One page for all, without a package."""
    server = Lms({}, node_modules)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.origin}/lms/empty.html")
    yield page
    context.close()
    server.close()


@pytest.fixture
def unit(page):
    """``unit(body, argument)``: run JavaScript in the page, loaded anew and with nothing kept; its result."""
    page.evaluate("localStorage.clear()")
    page.reload()
    return lambda body, argument=None: page.evaluate(f"async (given) => {{ {body} }}", argument)


def test_it_holds_two_hundred_of_which_the_newest_stay(unit):
    held, dropped, next_held = unit(
        f"""{QUEUE}
        answers = [new Promise(() => {{}})];
        const queue = new Queue(parts);
        for (let n = 0; n < 230; n++) queue.add(one(n));
        return [waiting(queue), queue.dropped, waiting(new Queue(parts))]"""
    )
    assert held == next_held == list(range(30, 230)) and dropped == 30


def test_what_waits_is_sent_at_the_next_launch_with_nothing_changed(unit):
    first, later = unit(
        f"""{QUEUE}
        answers = [503];
        const told = [one(1, {{ actor: {{ name: "Siân" }}, context: {{ registration: "r" }} }}), one(2)];
        new Queue(parts).add(told);
        await settled();
        answers = [200];
        await new Queue(parts).flush();
        return [JSON.stringify(told), calls.at(-1).body]"""
    )
    assert first == later


@pytest.mark.parametrize("status", [200, 204])
def test_what_the_store_takes_is_dropped(unit, status):
    kept = unit(
        f"""{QUEUE}
        answers = [given];
        const queue = new Queue(parts);
        await queue.add([one(1), one(2)]);
        return [waiting(queue), local.names(), calls.length]""",
        status,
    )
    assert kept == [[], [], 1]


@pytest.mark.parametrize("status", [400, 409, 413])
def test_a_bad_statement_is_found_by_halving_dropped_and_counted(unit, status):
    sizes, taken, dropped, left = unit(
        f"""{QUEUE}
        const bad = [5, 11];
        const taken = [];
        const judge = async (batch) => {{
          calls.push(batch.length);
          const refused = batch.some(({{ id }}) => bad.includes(+id));
          if (!refused) taken.push(...batch.map(({{ id }}) => +id));
          return new Response("{{}}", {{ status: refused ? given : 200 }});
        }};
        const queue = new Queue({{ ...parts, send: judge }});
        await queue.add([...Array(16)].map((_, n) => one(n)));
        return [calls, taken, queue.dropped, waiting(queue)]""",
        status,
    )
    assert taken == [number for number in range(16) if number not in (5, 11)]
    assert (dropped, left) == (2, []) and sizes[:3] == [16, 8, 4] and len(sizes) < 20


def test_a_store_that_refuses_everything_is_not_asked_for_ever(unit):
    asked, dropped = unit(
        f"""{QUEUE}
        answers = [400];
        const queue = new Queue(parts);
        await queue.add([...Array(100)].map((_, n) => one(n)));
        return [calls.length, queue.dropped]"""
    )
    assert dropped == 100 and asked <= 110


@pytest.mark.parametrize("status", [401, 403])
def test_a_store_that_does_not_want_the_session_is_left_alone_and_everything_is_kept(unit, status):
    assert unit(
        f"""{QUEUE}
        hasty();
        answers = [given];
        const queue = new Queue(parts);
        await queue.add(one(1));
        await queue.add(one(2));
        await queue.flush(true);
        await queue.retry();
        return [calls.length, waiting(queue), pauses]""",
        status,
    ) == [1, [1, 2], []]


@pytest.mark.parametrize("answer", [0, 429, 500, 503, 404, 302])
def test_pauses_double_from_half_a_second_to_a_minute(unit, answer):
    pauses = unit(
        f"""{QUEUE}
        hasty(10);
        answers = [given === 302 ? 0 : given];
        new Queue(parts).add(one(1));
        for (let n = 0; pauses.length < 10 && n < 50; n++) await settled();
        return pauses""",
        answer,
    )
    assert pauses[:10] == [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]


def test_a_success_begins_the_pauses_anew(unit):
    pauses = unit(
        f"""{QUEUE}
        hasty();
        answers = [500, 500, 200, 500, 200];
        const queue = new Queue(parts);
        queue.add(one(1));
        for (let n = 0; waiting(queue).length && n < 50; n++) await settled();
        queue.add(one(2));
        for (let n = 0; waiting(queue).length && n < 50; n++) await settled();
        return pauses"""
    )
    assert pauses == [500, 1000, 500]


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        ("7", 7000, 7000),
        ("0", 500, 500),
        ("a day in", 80_000, 90_000),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 500, 500),
        ("1e300", 3_600_000, 3_600_000),
        ("Infinity", 3_600_000, 3_600_000),
        ("-5", 500, 500),
        ("soon", 500, 500),
    ],
)
def test_the_pause_that_a_store_asks_for_is_kept_within_an_hour(unit, asked, low, high):
    pauses = unit(
        f"""{QUEUE}
        hasty(0);
        const value = given === "a day in" ? new Date(Date.now() + 86000).toUTCString() : given;
        answers = [[503, {{ "Retry-After": value }}]];
        new Queue(parts).add(one(1));
        await settled();
        return pauses""",
        asked,
    )
    assert len(pauses) == 1 and low <= pauses[0] <= high


def test_while_it_waits_nothing_is_sent_but_when_the_network_is_back_or_the_page_goes(unit):
    counts = unit(
        f"""{QUEUE}
        hasty(0);
        answers = [503];
        const queue = new Queue(parts);
        await queue.add(one(1));
        const counts = [calls.length];
        await queue.add(one(2));
        await queue.flush();
        counts.push(calls.length);
        await queue.retry();
        counts.push(calls.length);
        await queue.flush(true);
        counts.push(calls.length);
        return [counts, calls.map(call => Boolean(call.leaving)), calls.at(-1).ids]"""
    )
    assert counts == [[1, 1, 2, 3], [False, False, True], [1, 2]]


def test_a_page_that_goes_does_not_wait_for_an_answer_that_never_comes(unit):
    assert unit(
        f"""{QUEUE}
        answers = [new Promise(() => {{}}), 200];
        const queue = new Queue(parts);
        queue.add(one(1));
        await queue.add(one(2), true);
        return [calls.map(call => call.ids), waiting(queue)]"""
    ) == [[[1], [1, 2]], []]


def test_a_request_carries_at_most_fifty_kilobytes(unit):
    sizes, orders = unit(
        f"""{QUEUE}
        for (let n = 0; n < 20; n++) put("r:l", one(n, {{ text: "ŵ".repeat(5000) }}));
        put("r:l", one(21, {{ text: "x".repeat(90000) }}));
        await new Queue(parts).flush(true);
        return [calls.map(call => new Blob([call.body]).size), calls.flatMap(call => call.ids)]"""
    )
    assert max(sizes[:-1]) <= 50_000 and len(sizes) >= 4
    assert orders == [*range(20), 21] and sizes[-1] > 90_000


def test_each_learner_and_registration_has_a_queue_of_its_own(unit):
    sent = unit(
        f"""{QUEUE}
        answers = [503];
        const others = [["r", "l:m"], ["r:l", "m"], ["s", "l"]];
        for (const [n, [registration, learner]] of others.entries()) {{
          new Queue({{ ...parts, registration, learner }}).add(one(n));
        }}
        new Queue(parts).add(one(7));
        await settled();
        calls.length = 0;
        answers = [200];
        await new Queue(parts).flush();
        return [calls.flatMap(call => call.ids), local.names().length]"""
    )
    assert sent == [[7], 3]


def test_the_old_and_what_is_no_statement_is_swept_up_whoever_s_it_was(unit):
    names = unit(
        f"""{QUEUE}
        put("a:x", one(1, {OLD}));
        put("b:y", one(2));
        put("r:l", one(3, {OLD}));
        local.set("ktb-xapi:r:l:" + "4".repeat(36), JSON.stringify(one(5)));
        local.set("ktb-xapi:r:l", JSON.stringify([one(6)]));
        const rubbish = ["null", "7", '"x"', "[]", "{{}}", "{{", "", '{{"id":null}}'];
        for (const [n, text] of rubbish.entries()) local.set(`ktb-xapi:r:l:${{"9".repeat(35)}}${{n}}`, text);
        local.set("other", "1");
        const queue = new Queue(parts);
        await queue.add(one(8));
        return [local.names().sort(), calls.map(call => call.ids)]"""
    )
    assert names == [[f"ktb-xapi:b:y:{'2'.rjust(36, '0')}", "other"], [[8]]]


def test_a_clock_that_jumps_ages_nothing_and_turns_no_order_round(unit):
    stamps, kept = unit(
        f"""{QUEUE}
        const {{ stamp }} = await import("/player/statements.js");
        answers = [503];
        const queue = new Queue(parts);
        const real = Date.now;
        const stamps = [];
        for (const days of [0, 40, -400, -400, 0]) {{
          Date.now = () => real() + days * 86400000;
          const timestamp = stamp();
          stamps.push(timestamp);
          queue.add({{ ...one(stamps.length), timestamp }});
        }}
        Date.now = real;
        return [stamps, waiting(queue)]"""
    )
    assert stamps == sorted(set(stamps)) and kept == [1, 2, 3, 4, 5]


def test_two_windows_that_keep_at_the_same_moment_lose_nothing_of_each_other(unit):
    sent = unit(
        f"""{QUEUE}{LAGGING}
        const [one_, two] = [lagging(), lagging()];
        answers = [503];
        const [first, second] = [new Queue({{ ...parts, local: one_ }}), new Queue({{ ...parts, local: two }})];
        await Promise.all([first.add(one(1)), second.add(one(2)), first.add(one(3))]);
        for (const window_ of [one_, two]) window_.meet();
        for (const window_ of [one_, two]) window_.see();
        answers = [200];
        calls.length = 0;
        await Promise.all([first.retry(), second.retry()]);
        return [calls.map(call => call.body), [...common.keys()].length]"""
    )
    bodies, _ = sent
    told = [json.loads(body) for body in bodies]
    assert {one["id"][-1] for batch in told for one in batch} == {"1", "2", "3"}
    assert len({json.dumps(one) for batch in told for one in batch}) == 3


def test_what_one_window_has_sent_the_other_does_not_send_again(unit):
    assert unit(
        f"""{QUEUE}
        answers = [503];
        const [first, second] = [new Queue(parts), new Queue(parts)];
        await first.add([one(1), one(2)]);
        await second.add(one(3));
        answers = [200];
        await first.retry();
        await second.retry();
        return [calls.at(-1).ids, waiting(second)]"""
    ) == [[1, 2, 3], []]


def test_a_browser_that_keeps_nothing_still_sends(unit):
    assert unit(
        f"""{QUEUE}
        Storage.prototype.setItem = () => {{ throw new DOMException("full", "QuotaExceededError"); }};
        answers = [503, 200];
        const queue = new Queue(parts);
        await queue.add(one(1));
        await queue.retry();
        return [calls.map(call => call.ids), waiting(queue)]"""
    ) == [[[1], [1]], []]
