"""How answers are judged, what a learner is drawn, and how little of it all has to be kept."""

import json
from collections import Counter
from dataclasses import replace

import gallery_course
import pytest
import tiny_course

from authoring.course import Span
from authoring.render import inlined

MATCH, ORDER, FILL = gallery_course.match(), gallery_course.order(), gallery_course.fill()


@pytest.fixture
def unit(shared_unit):
    """Nothing is judged by what was judged before: every call has a session of its own."""
    return shared_unit


def asked(question):
    """What a form says of a question."""
    course = gallery_course.course(tiny_course.page("all", "only", question))
    return tiny_course.outline(course)["modules"][0]["questions"][0]


def several(**more):
    options = (("a", True), ("b", True), ("c", False), ("d", False))
    return replace(tiny_course.question("all", "several", "multiple", *options), **more)


@pytest.mark.parametrize(
    ("question", "given", "verdict"),
    [
        (MATCH, ["1.1", "2.2"], (True, 2, 100)),
        (MATCH, ["1.1", "2.3"], (False, 1, 50)),
        (replace(MATCH, partial=False), ["1.1", "2.3"], (False, 1, 0)),
        (ORDER, ["1", "2", "3", "4"], (True, 4, 100)),
        (ORDER, ["2", "1", "3", "4"], (False, 2, 0)),
        (replace(ORDER, partial=True), ["2", "1", "3", "4"], (False, 2, 50)),
        (FILL, ["151", "money"], (True, 2, 100)),
        (FILL, ["  One  five ONE ", "Finances"], (True, 2, 100)),
        (FILL, ["151", "HARIAN’R  sir"], (True, 2, 100)),
        (FILL, ["151", "harian'r sir"], (True, 2, 100)),
        (FILL, ["151", "harianr sir"], (False, 1, 50)),
        (FILL, ["", ""], (False, 0, 0)),
        (several(), ["1", "2"], (True, 2, 100)),
        (several(), ["1"], (False, 1, 0)),
        (several(partial=True), ["1"], (False, 1, 50)),
        (several(partial=True), ["1", "3"], (False, 1, 0)),
        (several(partial=True), ["1", "2", "3"], (False, 2, 50)),
        (gallery_course.scale(), ["3"], (None, 0, 0)),
    ],
)
def test_verdicts(unit, question, given, verdict):
    found = unit("return judged(given[0], given[1])", [asked(question), given])
    assert (found["right"], found["good"], found["share"]) == verdict


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("22", [22]), (" 22 ", [22]), ("-3", [-3]), ("−3", [-3]), ("3.5", [3.5]), ("3,5", [3.5]), (".5", [0.5]),
        ("1,200", [1.2, 1200]), ("1.200", [1.2, 1200]), ("0,125", [0.125]), ("1 200", [1200]), ("1’200", [1200]),
        ("1\u202f200\u00a0000", [1200000]), ("1,234,567", [1234567]), ("1.234.567", [1234567]),
        ("1,234.5", [1234.5]), ("1.234,5", [1234.5]), ("£1,500", [1.5, 1500]), ("12 %", [12]), ("12,", [12]),
        ("", []), ("-", []), ("twenty", []), ("1,23,456", []), ("12 34", []), ("1.2.3", []), ("1e3", []), ("--3", []),
    ],
)  # fmt: skip
def test_numbers_are_read_as_either_habit_writes_them(unit, text, numbers):
    assert unit("return readings(given)", text) == numbers


@pytest.mark.parametrize(
    ("low", "high", "text", "right"),
    [("20", "24", "20", True), ("20", "24", "24,0", True), ("20", "24", "24.1", False), ("-1.5", "-0.5", "−1", True)],
)
def test_a_number_may_be_anything_between_its_ends(unit, low, high, text, right):
    question = asked(replace(gallery_course.number(), number=Span(low, high)))
    assert unit("return judged(given[0], [given[1]]).right", [question, text]) is right


def pooled():
    course = gallery_course.course(tiny_course.page("all", "only", gallery_course.pool()))
    return inlined(tiny_course.outline(course))


def test_a_seed_draws_the_same_again_and_each_question_comes_as_often_as_another(unit):
    drawn = unit(
        """const draws = [];
           for (let seed = 0; seed < 600; seed += 1) {
             const session = new Session(given);
             session.state.seed = seed.toString(36);
             draws.push(session.askedIn(given.modules[0]));
           }
           const again = new Session(given);
           again.restore('{"v":1,"s":"a"}');
           return [draws, again.askedIn(given.modules[0])]""",
        pooled(),
    )
    draws, again = drawn
    assert again == draws[10] and len(set(map(tuple, draws))) > 80
    assert {len(set(draw)) for draw in draws} == {3}
    for times in (Counter(key for draw in draws for key in draw), Counter(draw[0] for draw in draws)):
        expected = sum(times.values()) / 6
        assert all(0.7 * expected < count < 1.3 * expected for count in times.values()) and len(times) == 6


def test_only_what_was_drawn_is_asked_for_and_counts(unit):
    body = """const session = new Session(given);
              session.state.seed = "a";
              const [module] = given.modules;
              session.see(module.pages[0].key);
              const [one, two, three] = session.askedIn(module);
              const details = { type: "single", options: ["1", "2"], right: ["2"] };
              for (const key of module.pages[0].questions) session.learn({ key, ...details });
              session.answer(one, ["2"]);
              session.answer(two, ["1"]);
              const before = [session.left(module).pages.length, session.score()];
              session.answer(three, ["2"]);
              return [before, session.left(module).pages.length, session.score()]"""
    assert unit(body, pooled()) == [[1, 33], 0, 67]


def test_points_weigh_and_a_scale_does_not(unit):
    number = replace(gallery_course.number(), points=3)
    course = gallery_course.course(tiny_course.page("all", "only", number, gallery_course.scale(), MATCH))
    told = tiny_course.outline(course)
    body = """const session = begun(given[0], given[1]);
              const [number, scale, match] = given[1];
              const empty = session.score();
              session.answer(scale.key, ["1"]);
              session.answer(number.key, ["22"]);
              const three = session.score();
              session.answer(match.key, ["1.1", "2.3"]);
              return [empty, three, session.score()]"""
    assert unit(body, [inlined(told), told["modules"][0]["questions"]]) == [0, 75, 88]


def test_a_course_of_scales_has_no_score(unit):
    course = gallery_course.course(tiny_course.page("all", "only", gallery_course.scale()))
    assert unit("return new Session(given).score()", inlined(tiny_course.outline(course))) is None


def test_attempts_are_counted_and_kept(unit):
    number = gallery_course.number(attempts=2)
    told = tiny_course.outline(gallery_course.course(tiny_course.page("all", "only", number)))
    body = """const session = begun(given[0], given[1]);
              const [one] = given[1];
              const left = [session.triesLeft(one)];
              for (const text of ["1", "2", "22"]) {
                if (left.at(-1)) session.answer(one.key, [text]);
                left.push(session.triesLeft(one));
              }
              const other = new Session(given[0]);
              other.restore(session.pack().text);
              return [left, other.triesLeft(one), session.score()]"""
    assert unit(body, [inlined(told), told["modules"][0]["questions"]]) == [[2, 1, 0, 0], 0, 0]


EVERY = (
    (MATCH, ["1.1", "2.3"]), (ORDER, ["2", "1", "3", "4"]), (FILL, ["a b,c+d*e%f", "ŵ’ \"'"]),
    (gallery_course.number(attempts=3), ["1,5"]), (gallery_course.scale(), ["2"]), (several(partial=True), ["1"]),
)  # fmt: skip


@pytest.mark.parametrize(("question", "given"), EVERY)
def test_every_kind_of_answer_comes_back_as_it_was(unit, question, given):
    told = tiny_course.outline(gallery_course.course(tiny_course.page("all", "only", question)))
    body = """const session = begun(given[0], given[1]);
              const { key } = given[1][0];
              session.answer(key, given[2]);
              const other = new Session(given[0]);
              other.restore(session.pack().text);
              const before = other.score();
              other.learn(given[1][0]);
              return [session.state.answers.get(key), other.state.answers.get(key), before === other.score()]"""
    mine, theirs, same = unit(body, [inlined(told), told["modules"][0]["questions"], given])
    assert mine == theirs and mine["given"] == given and same


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (MATCH, "1.1"), (MATCH, "1.1,2.9"), (MATCH, "2.1,1.1"), (ORDER, "1,2,3"), (ORDER, "1,1,2,3"), (FILL, "151"),
        (gallery_course.number(), "1,2"), (gallery_course.scale(), "9"), (several(), "1,9"),
    ],
)  # fmt: skip
def test_an_answer_to_another_question_is_asked_for_again(unit, question, given):
    told = tiny_course.outline(gallery_course.course(tiny_course.page("all", "only", question)))
    body = """const session = new Session(given[0]);
              session.restore(given[2]);
              const before = session.state.answers.size;
              session.learn(given[1][0]);
              return [before, session.state.answers.size]"""
    saved = json.dumps({"v": 1, "a": f"{question.key}{given}+"})
    assert unit(body, [inlined(told), told["modules"][0]["questions"], saved]) == [1, 0]


def fifty():
    """Ten modules of five questions, of every kind, as a course would have them."""
    kinds = (MATCH, ORDER, FILL, gallery_course.number(attempts=3), gallery_course.scale())
    kinds += tuple(tiny_course.question("x", "y", kind, ("a", True), ("b", False)) for kind in ("single", "multiple"))
    modules = []
    for at in range(10):
        keys = [tiny_course.short_key("q", str(at), str(n)) for n in range(5)]
        made = [replace(kinds[(5 * at + n) % 7], id=f"q{n}", key=key) for n, key in enumerate(keys)]
        pages = [tiny_course.page(f"m{at}", f"p{n}", one) for n, one in enumerate((*made, tiny_course.prose("End.")))]
        modules.append(tiny_course.module(f"m{at}", at + 1, *pages))
    return tiny_course.outline(tiny_course.course(*modules))


ANSWER = """const answerOf = (one) => one.blanks ? one.blanks.map((blank) => blank.cy[0]) : one.number ? ["1,200"]
              : one.type === "scale" ? ["2"] : one.right;"""


def test_fifty_answers_take_little_room(unit):
    told = fifty()
    text = unit(
        f"""{ANSWER}
           const session = begun(given[0], given[1]);
           Object.assign(session.state, {{ language: "cy", rev: 400 }});
           session.state.registration = "123e4567-e89b-42d3-a456-426614174000";
           for (const {{ pages }} of given[0].modules) for (const page of pages) session.see(page.key);
           for (const one of given[1]) session.answer(one.key, answerOf(one));
           session.settle(1795300000000);
           return session.pack(4096).text""",
        [inlined(told), [one for module in told["modules"] for one in module["questions"]]],
    )
    assert len(json.loads(text)["a"].split()) == 50
    assert len(text) - len(json.loads(text)["r"]) <= 1_000 and len(text) <= 4_096 / 3


def test_typed_answers_never_take_more_than_there_is(unit):
    fills = [replace(FILL, id=f"f{n}", key=tiny_course.short_key("f", str(n))) for n in range(50)]
    told = tiny_course.outline(gallery_course.course(tiny_course.page("all", "only", *fills)))
    body = """const session = begun(given[0], given[1]);
              for (const { key } of given[1]) session.answer(key, ["ŵ ".repeat(30), "151"]);
              const { text } = session.pack(4096);
              const other = new Session(given[0]);
              other.restore(text);
              return [text.length, other.state.answers.size, other.score(), session.pack().text.length]"""
    told = [inlined(told), told["modules"][0]["questions"]]
    size, answers, score, whole = unit(body, told)
    assert size <= 4096 < whole and (answers, score) == (50, 0)
