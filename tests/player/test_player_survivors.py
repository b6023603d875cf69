"""What no other test of the player would miss if it were gone: found by breaking the player on purpose."""

from collections.abc import Callable

import pytest
import tiny_course


@pytest.fixture
def token(linked, launch, store, until) -> Callable[[], object]:
    """A launch beside a record store that has given a token and taken a statement."""

    def launched():
        learner = launch()
        assert learner.sco
        assert until(lambda: store.statements)
        return learner

    return launched


def test_no_token_outlives_its_tab(token, store):
    learner = token()
    kept = learner.sco.evaluate("JSON.stringify([Object.entries(localStorage), document.cookie, location.href])")
    assert f'"{store.token}"' not in kept.replace("\\", "")
    assert "token" not in kept
    assert store.token in learner.sco.evaluate("JSON.stringify(Object.entries(sessionStorage))")


def test_what_happens_is_spoken(visit):
    page = visit()
    assert page.get_attribute("#x-saved", "role") == "status"
    page.click(".page.here .turn .button >> visible=true")
    page.wait_for_selector("#ask.here")
    door = f"#q-{tiny_course.question_key('door')}"
    assert page.locator(f"{door} [role=status]").inner_text() == ""
    page.check(f"{door} input[value='2']")
    page.click(f"{door} > .button")
    page.locator(f"{door} [role=status]:has-text('Correct')").wait_for()


def test_escape_closes_the_menu_and_gives_the_focus_back(visit):
    page = visit()
    page.click(".menu summary")
    page.focus(".menu a >> nth=0")
    page.keyboard.press("Escape")
    assert page.get_attribute(".menu", "open") is None
    assert page.evaluate("document.activeElement.localName") == "summary"


def test_the_menu_closes_when_the_focus_leaves_it(visit):
    page = visit()
    page.click(".menu summary")
    page.locator(".menu a").last.focus()
    assert page.get_attribute(".menu", "open") is not None
    page.keyboard.press("Tab")
    assert page.get_attribute(".menu", "open") is None
    assert page.evaluate("document.activeElement.closest('.page') !== null")


@pytest.mark.parametrize("hash_", ["#%E0%A4%A", "#%", "#]]><img onerror=x>", "#x-closed"])
def test_an_address_that_cannot_be_read_is_passed_over(visit, hash_):
    page = visit(path=f"index.html{hash_}")
    assert page.get_attribute(".page.here", "id") == "start"


def test_the_time_is_told_before_each_commit(launch, until):
    learner = launch()
    learner.page.wait_for_function("lms.calls.some(call => call[0] === 'Commit')")
    # The first comes before a second has passed, and then there is no time to tell.
    assert until(lambda: learner.sco.evaluate("performance.now()") > 2000)
    learner.next()
    learner.page.wait_for_function("lms.calls.filter(call => call[0] === 'Commit').length > 1")
    calls = learner.page.evaluate("lms.calls.map(call => call.slice(0, 2).join(' '))")
    before = [calls[at - 1] for at, call in enumerate(calls) if call.startswith("Commit")]
    assert set(before[1:]) == {"SetValue cmi.core.session_time"}


@pytest.mark.parametrize(("code", "kind"), [("0", "saved"), ("101", "lost")])
def test_false_without_an_error_is_no_failure(launch, code, kind):
    learner = launch(faults={"fail": ["Commit"], "code": code})
    learner.next()
    learner.sco.wait_for_selector(f"#x-saved[data-kind={kind}]", timeout=15_000)


def test_what_is_said_last_is_asked_to_outlive_the_page(token):
    learner = token()
    learner.sco.evaluate(
        """() => {
            const own = window.fetch;
            window.fetch = (address, init) => {
                top.asked = [...(top.asked || []), [init.body, init.keepalive]];
                return own(address, init);
            };
            dispatchEvent(new Event("pagehide"));
        }"""
    )
    ((body, keepalive),) = [one for one in learner.page.evaluate("window.asked") if "terminated" in (one[0] or "")]
    assert keepalive and "verbs/terminated" in body


def test_a_hidden_page_is_not_the_end(launch, until, lms):
    learner = launch()
    learner.sco.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            delete document.visibilityState;
        }"""
    )
    learner.next()
    assert until(lambda: lms.saved().get("at") == tiny_course.first().pages[1].key)
    assert learner.calls("Terminate") == []


def test_a_network_that_is_back_is_not_waited_for(launch):
    learner = launch()
    learner.page.evaluate("lms.faults.fail = ['Commit']")
    learner.next()
    learner.sco.wait_for_selector("#x-saved[data-kind=lost]", timeout=15_000)
    commits = "top.lms.calls.filter(([name]) => name === 'Commit').length"
    more = f"() => {{ const before = {commits}; dispatchEvent(new Event('online')); return {commits} - before }}"
    assert learner.sco.evaluate(more) == 1


def test_a_frame_that_goes_elsewhere_ends_the_session(launch):
    learner = launch()
    assert learner.sco
    learner.page.evaluate("document.getElementById('sco').src = 'about:blank'")
    learner.page.wait_for_function("lms.calls.some(([name]) => name === 'Terminate')")
    assert len(learner.calls("Terminate")) == 1


def test_a_clock_that_is_set_ahead_makes_no_statement_old(unit):
    found = unit(
        """
        const parts = { learner: "l", registration: "r", local: new Copies("localStorage"), send: async () => ({}) };
        const queue = new Queue(parts);
        queue.add({ id: "1".repeat(36), timestamp: new Date().toISOString() });
        const real = Date.now;
        Date.now = () => real() + 40 * 86400000;
        return queue.waiting.length"""
    )
    assert found == 1


def test_what_never_reached_the_system_is_not_the_next_learners(launch):
    first = launch(reg="a", learner="a", faults={"fail": ["Commit"]})
    first.next()
    first.close()
    assert launch(reg="b", learner="b").at() == "start"
    assert launch(reg="a", learner="a").at() == "ask"
