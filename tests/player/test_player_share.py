"""What a learner sends to the programme lead: only where the author asks for it, and only when a button is pressed."""

import pytest
import tiny_course
from launching import faults

from authoring.packages import PACKAGES
from authoring.render import inlined

FORMAT = "cmi5"
WORK = tiny_course.reflect_key("work")
FIELD, FORM = f"#r-{WORK}", f"[data-reflect='{WORK}']"
SEND, LINE, HINT = f"{FORM} .send button", f"{FORM} .send p", f"#r-{WORK}-s"
IRI = f"{tiny_course.BASE}/modules/one/reflections/work"
SENT, CHANGED, WAITS = "Sent on", "Changed since you sent it on", "On its way."
STAYS = "this copy of the course cannot send it"
# As somebody who turns a page without a button would have it.
PRESSED = "form => document.querySelector(form).requestSubmit()"


def course():
    """The small course, in which what is written of the work may be sent."""
    return tiny_course.course(tiny_course.sharing(), tiny_course.second())


def to_think(screen, page="think"):
    screen.click(".menu summary")
    screen.click(f".menu a[href$='#{page}']")
    screen.wait_for_selector(f"#{page}.here")


def written(screen, words):
    screen.fill(FIELD, words)
    screen.locator(FIELD).blur()


def says(screen, words, place=LINE):
    screen.locator(place, has_text=words).wait_for()


def sent(statements):
    return [one for one in statements if one["object"]["id"] == IRI]


@pytest.fixture
def linked_share(lms, store, package):
    lms.files = package(course(), **{"record-store": store.origin})
    return store


def test_nothing_goes_before_the_press_and_a_change_can_be_sent_again(launch, linked_share, until, lms, axe):
    store = linked_share
    learner = launch()
    screen = learner.sco
    to_think(screen)
    says(screen, "Nothing goes before you press", HINT)
    written(screen, "I will ask\nfor <b>advice</b> & Siân’s")
    assert until(lambda: lms.saved().get("w"))
    assert store.verbs() == ["initialized"]
    assert axe(screen) == []
    screen.click(SEND)
    says(screen, SENT)
    (one,) = sent(store.statements.values())
    assert one["result"] == {"response": "I will ask\nfor <b>advice</b> & Siân’s"}
    assert one["verb"]["id"].endswith("/answered")
    named = {"en-GB": "What do you think of work?", "cy": "What do you think of work? (cy)"}
    kind = {"type": "http://adlnet.gov/expapi/activities/question", "interactionType": "long-fill-in"}
    assert one["object"]["definition"] == {"name": named, **kind}
    assert one["context"]["contextActivities"]["parent"][0]["id"] == f"{tiny_course.BASE}/modules/one"
    assert until(lambda: len(lms.saved().get("t", "")) == 13)
    screen.click(SEND)
    written(screen, "I will ask twice")
    says(screen, CHANGED)
    assert len(sent(store.statements.values())) == 1
    screen.click(SEND)
    says(screen, SENT)
    assert [one["result"]["response"] for one in sent(store.statements.values())][1:] == ["I will ask twice"]
    assert axe(screen) == []
    assert until(lambda: lms.saved().get("w", {}).get(WORK, "").endswith("twice"))
    learner.kill()
    again = launch().sco
    says(again, SENT)
    again.click("#x-tongue")
    says(again, "Anfonwyd ar")
    again.click("footer a[href$='#x-wrote']")
    says(again, "Anfonwyd at arweinydd y rhaglen", "#x-paper")
    assert learner.errors == []


def test_what_is_not_shared_is_never_sent(launch, linked, store, until, lms):
    learner = launch()
    screen = learner.sco
    to_think(screen)
    written(screen, "for me alone")
    screen.evaluate(PRESSED, FORM)
    assert until(lambda: "alone" in str(lms.saved().get("w")))
    to_think(screen, "start")
    learner.walk()
    learner.close()
    assert until(lambda: store.verbs()[-1] == "terminated")
    assert "alone" not in str(store.requests) and "response" not in str(store.requests)
    assert b"long-fill-in" not in lms.files["blocks.js"]


def test_a_package_that_sends_nothing_says_so_and_has_no_button(visit, package):
    for adapter in ("scorm12", "scorm2004", "none"):
        files = package(course(), adapter)
        assert STAYS in files["one.html"].decode() and b"Send to the programme lead" not in files["one.html"]
        assert b"long-fill-in" not in files["blocks.js"]
    page = visit(files)
    to_think(page)
    written(page, "for the lead")
    says(page, STAYS, HINT)


def test_without_a_learning_system_or_looking_back_it_stays_here(visit, launch, package, lms, linked_share):
    page = visit(lms.files)
    review = launch(lesson_mode="review").sco
    for screen in (page, review):
        to_think(screen)
        says(screen, STAYS, f"{HINT} >> visible=true")
        screen.fill(FIELD, "for the lead")
        screen.evaluate(PRESSED, FORM)
        assert not screen.is_visible(SEND)
    assert linked_share.requests == []


def test_it_waits_for_the_store_and_a_refusal_is_said(launch, linked_share, until):
    store = linked_share
    store.faults["statements"] = 503
    learner = launch()
    screen = learner.sco
    to_think(screen)
    screen.click(SEND)
    says(screen, "Write something first.")
    for _ in range(2):  # when the second is on its way, what came of the first has been drawn
        tried = len(store.requests)
        learner.page.evaluate("document.getElementById('sco').contentWindow.dispatchEvent(new Event('online'))")
        assert until(lambda: len(store.requests) > tried)  # noqa: B023
    says(screen, "Write something first.")
    written(screen, "x" * 12_000)
    screen.click(SEND)
    says(screen, WAITS)
    store.faults = {"rejects": "answered"}
    learner.page.evaluate("document.getElementById('sco').contentWindow.dispatchEvent(new Event('online'))")
    says(screen, "has not taken it")
    assert store.verbs() == ["initialized"]
    store.faults.clear()
    screen.click(SEND)
    says(screen, SENT)
    (one,) = sent(store.statements.values())
    assert one["result"]["response"] == "x" * 10_000
    assert learner.errors == []


def test_what_was_sent_is_taken_up_from_the_saved_text_and_nothing_else_is(unit):
    kept = [f"{WORK}1abcthemi", "????", f"{WORK}<b> none1abcd thdcdcdcdcdcdc", WORK, 17, {"a": 1}, f"{WORK}{'z' * 41}"]
    found = unit(
        """return given.kept.map((t) => {
             const session = begun(given.outline);
             session.restore(JSON.stringify({ v: 1, rev: 9, t }));
             return [[...session.state.sent], JSON.parse(session.pack(4096).text).t];
           });""",
        {"outline": inlined(tiny_course.outline(course())), "kept": kept},
    )
    assert found == [[[[WORK, "1abcthemi"]], kept[0]]] + [[[], None]] * 6


@pytest.mark.parametrize("format", ["cmi5", "xapi"])
def test_a_store_that_launches_is_sent_it_by_its_own_rules(launch, launching, lms, until, format):
    lms.files = PACKAGES[format](course()).files()
    learner = launch(sco=launching.launch() if format == "cmi5" else launching.tincan())
    screen = learner.sco
    to_think(screen)
    written(screen, "what I think")
    screen.click(SEND)
    says(screen, SENT)
    told = launching.sessions[0].statements
    (one,) = sent(told)
    assert one["result"] == {"response": "what I think"}
    learner.close()
    assert until(lambda: told[-1]["verb"]["id"].endswith("terminated"))
    if format == "cmi5":
        assert faults(launching, launching.sessions[0]) == []
    assert learner.errors == []
