"""What becomes of a learner's state: in another version of the course, where there is little room, and as rubbish."""

import json
from dataclasses import replace

import gallery_course
import pytest
import tiny_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authoring.carried import inlined
from authoring.course import Text
from authoring.manifest import edition

DOOR, SIGNS, TRUTH = (tiny_course.question_key(name) for name in ("door", "signs", "truth"))
WORK, REST = tiny_course.reflect_key("work"), tiny_course.reflect_key("rest")
WITHIN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TAKEN_UP = """const session = new Session(given[0]);
    session.restore(given[1]);
    const { again, state: { answers, at, seen } } = session;
    const changed = again && session.changed().map(({ id }) => id);
    return { at, seen: [...seen], answers: [...answers.keys()], again, changed, text: session.pack().text }"""


def told(course):
    return inlined(tiny_course.outline(course))


def page_key(name):
    return tiny_course.short_key("page", "one", name)


def half_way(unit, course=None):
    """The saved text of somebody who has answered three questions and stands on the last page of the first module."""
    whole = tiny_course.outline(course or tiny_course.course())
    return unit(
        """const session = begun(given[0], given[1]);
           for (const page of given[0].modules[0].pages) session.see(page.key);
           for (const key of given[2]) session.answer(key, ["1"]);
           return session.pack().text""",
        [inlined(whole), [one for module in whole["modules"] for one in module["questions"]], [DOOR, SIGNS, TRUTH]],
    )


def changed(**parts):
    """The small course with parts of its questions changed: ``door={"options": …}``."""
    first = tiny_course.first()
    start, ask, think = first.pages
    edited = [replace(one, **parts[one.id]) if getattr(one, "id", None) in parts else one for one in ask.parts]
    return tiny_course.course(
        replace(first, pages=(start, replace(ask, parts=tuple(edited)), think)), tiny_course.second()
    )


def options(*words):
    return tiny_course.question("one", "door", "single", *((word, at == 1) for at, word in enumerate(words))).options


def door(**parts):
    return replace(
        tiny_course.question("one", "door", "single", ("The wrong door", False), ("The right", True)), **parts
    )


@pytest.mark.parametrize(
    ("name", "parts", "same"),
    [
        ("another option", {"options": options("The wrong door", "The right one")}, False),
        ("one option more", {"options": options("The wrong door", "The right", "None")}, False),
        ("another right one", {"options": tuple(replace(one, right=not one.right) for one in door().options)}, False),
        ("another question", {"stem": Text("Which is not?", "x")}, False),
        ("Welsh that was corrected", {"stem": Text(door().stem.en, "Beth?")}, True),
        ("a comma and a link", {"stem": Text("What, of <a href='#x'>door</a>", "x")}, True),
        ("points and attempts", {"points": 3, "attempts": 2}, True),
        ("a hint", {"hint_html": Text("Think.", "Meddyliwch.")}, True),
    ],
)
def test_what_makes_another_question_of_one(name, parts, same):
    assert (edition(door()) == edition(door(**parts))) is same, name


def test_every_kind_of_question_tells_its_editions_apart():
    match, fill, number = gallery_course.match(), gallery_course.fill(), gallery_course.number()
    blank = replace(fill, blanks=(fill.blanks[0]._replace(en=("150", *fill.blanks[0].en)), *fill.blanks[1:]))
    turned = replace(match, options=tuple(reversed(match.options)))
    wider = replace(number, number=number.number._replace(low="1"))
    pairs = [(match, turned), (fill, blank), (number, wider), (number, replace(number, kind="fill"))]
    assert [edition(one) == edition(other) for one, other in pairs] == [False] * 4


def test_the_same_course_again_says_nothing(unit):
    found = unit(TAKEN_UP, [told(tiny_course.course()), half_way(unit)])
    assert found["again"] is None and found["answers"] == [DOOR, SIGNS, TRUTH] and found["at"] == page_key("think")


def test_a_changed_question_asks_again_and_the_others_do_not(unit):
    course = replace(changed(door={"options": options("Left", "Right")}), version="0.2.0")
    found = unit(TAKEN_UP, [told(course), half_way(unit)])
    assert (found["answers"], found["again"], found["changed"]) == ([SIGNS, TRUTH], [DOOR], ["one"])
    assert page_key("ask") in found["seen"] and found["at"] == page_key("think")
    later = unit(TAKEN_UP, [told(course), found["text"]])
    assert later["again"] is None and later["answers"] == [SIGNS, TRUTH]


def test_another_version_in_which_all_that_was_done_still_stands(unit):
    found = unit(TAKEN_UP, [told(tiny_course.course(version="0.2.0")), half_way(unit)])
    assert (found["again"], found["answers"]) == ([], [DOOR, SIGNS, TRUTH])


def test_from_a_page_that_is_gone_the_learner_comes_to_the_last_that_is_left(unit):
    first = tiny_course.first()
    course = tiny_course.course(replace(first, pages=first.pages[:2]), tiny_course.second())
    found = unit(TAKEN_UP, [told(course), half_way(unit)])
    assert (found["at"], found["again"], found["answers"]) == (page_key("ask"), [], [DOOR, SIGNS, TRUTH])
    other = tiny_course.course(tiny_course.second())
    nothing = unit(TAKEN_UP, [told(other), half_way(unit)])
    assert (nothing.get("at"), nothing["answers"], nothing["again"]) == (None, [], [])


def test_a_state_from_before_there_were_editions_is_kept(unit):
    saved = {key: value for key, value in json.loads(half_way(unit)).items() if key not in ("e", "c")}
    found = unit(TAKEN_UP, [told(tiny_course.course()), json.dumps(saved)])
    assert found["again"] is None and found["answers"] == [DOOR, SIGNS, TRUTH]


KEPT = """const session = begun(given[0], given[1]);
    session.answer(given[2], given[3]);
    const { text } = session.pack();
    const later = new Session(given[0]);
    later.restore(text);
    const unseen = later.pack().text;
    for (const question of given[1]) later.learn(question);
    const { given: back, best } = later.state.answers.get(given[2]);
    return [JSON.parse(text).a, JSON.parse(unseen).a, back, best]"""


def test_a_choice_that_is_right_is_kept_without_its_letters_and_comes_back_with_them(unit):
    course = [told(tiny_course.course()), asked()]
    right = {one["key"]: one["right"] for one in asked()}
    for key in (DOOR, SIGNS, TRUTH):
        assert unit(KEPT, [*course, key, right[key]]) == [f"{key}+", f"{key}+", right[key], 100]
    wrong = next(one for one in ("1", "2") if one not in right[DOOR])
    assert unit(KEPT, [*course, DOOR, [wrong]]) == [f"{DOOR}{wrong}", f"{DOOR}{wrong}", [wrong], 0]


def test_an_answer_that_is_neither_there_nor_right_is_none(unit):
    for entry, kept in ((DOOR, []), (f"{DOOR}+50", []), (f"{DOOR}*2", []), (f"{DOOR}+", [DOOR])):
        saved = json.dumps({"v": 1, "rev": 1, "a": entry})
        assert unit(TAKEN_UP, [told(tiny_course.course()), saved])["answers"] == kept


def test_what_was_done_before_a_late_system_answered_is_not_lost(unit):
    found = unit(
        """const session = begun(given[0], given[1]);
           session.answer(given[2], ["2"]);
           session.write(given[3], "early");
           session.restore(given[4]);
           const { answers, writing } = session.state;
           return [answers.get(given[2]).given, writing.get(given[3]), answers.size]""",
        [told(tiny_course.course()), asked(), DOOR, WORK, half_way(unit)],
    )
    assert found == [["2"], "early", 3]


def asked():
    return [one for module in tiny_course.outline(tiny_course.course())["modules"] for one in module["questions"]]


def test_a_pool_with_other_questions_keeps_those_that_were_answered(unit):
    pool = gallery_course.pool()
    more = replace(
        pool,
        questions=(*pool.questions, *(tiny_course.question("all", f"new{n}", "single", ("a", True)) for n in range(6))),
    )
    before, after = (told(gallery_course.course(tiny_course.page("all", "only", one))) for one in (pool, more))
    found = unit(
        """const all = [];
           for (let seed = 0; seed < 100; seed += 1) {
             const old = new Session(given[0]);
             old.state.seed = seed.toString(36);
             const drawn = old.askedIn(given[0].modules[0]);
             for (const key of drawn.slice(0, 2)) old.state.answers.set(key, { given: ["1"], best: 100, tries: 0 });
             const same = old.askedIn(given[0].modules[0]);
             const session = new Session(given[1]);
             session.restore(old.pack().text);
             all.push([drawn, same, session.askedIn(given[1].modules[0])]);
           }
           return all""",
        [before, after],
    )
    assert all(drawn == same for drawn, same, _ in found)
    assert all(set(drawn[:2]) <= set(now) and len(now) == len(set(now)) == 3 for drawn, _, now in found)
    assert any(drawn[2] not in now for drawn, _, now in found)


def test_the_learner_is_told_in_one_sentence_until_it_is_done(launch, lms, package, until):
    learner = launch()
    learner.next()
    learner.answer("door", 1)
    learner.answer("signs", 1, 3)
    learner.next()
    assert until(lambda: lms.saved().get("at") == page_key("think"))
    learner.kill()
    lms.files = package(changed(door={"options": options("Left", "Right")}))
    again = launch()
    assert again.at() == "think" and again.sco.get_attribute("#x-news", "role") == "status"
    words = "The course has changed since you were last here: please look again at Module one."
    assert again.sco.inner_text("#x-news") == words
    again.sco.click("#x-tongue")
    assert again.sco.inner_text("#x-news").endswith("edrychwch eto ar y canlynol: Module one (cy).")
    again.sco.click(".page.here .turn .button-2")
    assert again.sco.is_checked(f"#q-{SIGNS}-3") and not again.sco.is_checked(f"#q-{DOOR}-1")
    again.answer("door", 2)
    assert not again.sco.is_visible("#x-news") and again.errors == []


@pytest.fixture
def packed(unit):
    """``packed(course outline, answers, writing)`` -> the text for an LMS that takes 4,096 characters."""
    return lambda outline, answers, writing: unit(
        """const session = new Session(given[0]);
           session.see(given[0].modules.at(-1).pages.at(-1).key);
           for (const [key, parts] of given[1]) session.state.answers.set(key, { given: parts, best: 100, tries: 3 });
           for (const [key, words] of given[2]) session.write(key, words);
           const { text } = session.pack(4096);
           return [text, session.pack().text]""",
        [outline, answers, writing],
    )


ANY = st.text(max_size=60) | st.text('"\\\u0001\n%,+* ŵ’\U0001f600', max_size=60)


@WITHIN
@given(
    words=st.lists(
        ANY.flatmap(lambda text: st.integers(1, 120).map(lambda times: text * times)), min_size=2, max_size=2
    ),
    typed=st.lists(st.lists(ANY.map(lambda text: text * 9), min_size=10, max_size=10), min_size=3, max_size=3),
)
def test_whatever_is_written_and_typed_4096_characters_are_enough(packed, words, typed):
    text, whole = packed(
        told(tiny_course.course()),
        list(zip((DOOR, SIGNS, TRUTH), typed, strict=True)),
        [[WORK, words[0]], [REST, words[1]]],
    )
    saved = json.loads(text)
    assert len(text.encode("utf-16-le", "surrogatepass")) / 2 <= 4096
    assert saved["at"] == json.loads(whole)["at"] and len(saved["a"].split(" ")) == 3


def test_a_course_that_is_too_large_for_the_standard_keeps_the_place(packed):
    questions = [tiny_course.question("big", f"q{n}", "single", ("a", True), ("b", False)) for n in range(600)]
    module = tiny_course.module("big", 1, tiny_course.page("big", "all", *questions), tiny_course.page("big", "end"))
    outline = told(tiny_course.course(module))
    text, whole = packed(outline, [[one.key, ["1"]] for one in questions], [])
    assert len(text) <= 4096 < len(whole) and json.loads(text)["at"] == json.loads(whole)["at"]
    assert json.loads(text)["a"].endswith(f"{questions[-1].key}1+*3")


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda more: (
        st.lists(more, max_size=4) | st.dictionaries(st.sampled_from(["__proto__", WORK, "x"]), more, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ["c", "rev", "k", "at", "seen", "a", "e", "d", "p", "s", "w", "l", "r", "cut"]
STATES = st.fixed_dictionaries({"v": st.just(1)}, optional=dict.fromkeys(KEYS, JSONS))


@settings(WITHIN, max_examples=10)
@given(saved=st.lists(STATES | JSONS, min_size=12, max_size=12), cut=st.integers(0, 40))
def test_no_saved_state_stops_the_player(unit, saved, cut):
    texts = [json.dumps(one)[: None if at % 2 else cut] for at, one in enumerate(saved)]
    found = unit(
        """return given[1].map((text) => {
             const session = begun(given[0]);
             session.restore(newer(text, given[1][0]));
             session.settle(0);
             const { text: packed } = session.pack(4096);
             session.restore(packed);
             return [session.pack(4096).text === packed, session.state.rev >= 0, session.status().length > 0];
           })""",
        [told(tiny_course.course()), texts],
    )
    assert found == [[True, True, True]] * 12
