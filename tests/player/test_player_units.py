"""The session's rules, each alone, as modules in an empty page."""

import json

import pytest
import tiny_course

from authoring.render import inlined

TOLD = tiny_course.outline(tiny_course.course())
OUTLINE = inlined(TOLD)
ASKED = [question for module in TOLD["modules"] for question in module["questions"]]
DOOR = tiny_course.question_key("door")
WORK, REST = tiny_course.reflect_key("work"), tiny_course.reflect_key("rest")


def big():
    """An outline as large as the two real modules: 17 pages and 24 questions."""

    def made(name, number, pages, questions):
        asked = [tiny_course.question(name, f"q{one}", "single", ("a", True), ("b", False)) for one in range(questions)]
        parts = [tiny_course.page(name, f"p{one}", *asked[one::pages]) for one in range(pages)]
        return tiny_course.module(name, number, *parts)

    told = tiny_course.outline(tiny_course.course(made("one", 1, 8, 10), made("two", 2, 9, 12)))
    return {"outline": inlined(told), "asked": [one for module in told["modules"] for one in module["questions"]]}


def test_a_full_walk_packs_small_and_comes_back_whole(unit):
    packed = unit(
        """const session = begun(given.outline, given.asked);
           session.state.language = "cy"; session.state.rev = 120;
           session.state.registration = "123e4567-e89b-42d3-a456-426614174000";
           for (const { pages } of given.outline.modules) for (const page of pages) session.see(page.key);
           for (const { key } of given.asked) for (const id of ["1", "2"]) session.answer(key, [id]);
           session.settle(1795300000000);
           const { text } = session.pack(4096);
           const other = new Session(given.outline);
           other.restore(text);
           return [text, other.pack(4096).text, other.status(), other.score()];""",
        big(),
    )
    text, again, status, score = packed
    assert text == again and (status, score) == ("completed", 100)
    assert len(text) <= 450 and "123e4567" in text


def test_writing_is_given_up_oldest_first_and_never_the_rest(unit):
    text, cut, long, both = unit(
        """const session = begun(given.outline, given.asked);
           session.see(given.outline.modules[0].pages[1].key);
           session.answer(given.door, ["2"]);
           session.write(given.work, "o".repeat(3000));
           session.write(given.rest, "n".repeat(3000));
           const one = session.pack(4096);
           session.write(given.rest, "\\u{1F600}".repeat(5000));
           const two = session.pack(4096);
           return [one.text, one.cut, two.text, two.cut];""",
        {"outline": OUTLINE, "asked": ASKED, "door": DOOR, "work": WORK, "rest": REST},
    )
    saved = json.loads(text)
    assert cut == [WORK] and saved["w"] == {REST: "n" * 3000} and saved["cut"] == WORK
    assert saved["a"] == f"{DOOR}+" and saved["at"] == OUTLINE["modules"][0]["pages"][1]["key"]
    assert both == [WORK, REST] and 4000 < len(long.encode("utf-16-le")) / 2 <= 4096
    assert json.loads(long)["w"][REST].endswith("\U0001f600")


@pytest.mark.parametrize(
    ("theirs", "ours", "taken"),
    [
        ('{"v":1,"rev":3}', '{"v":1,"rev":2}', "theirs"),
        ('{"v":1,"rev":2}', '{"v":1,"rev":3}', "ours"),
        ('{"v":1,"rev":3}', '{"v":1,"rev":3}', "theirs"),
        ('{"v":1,"rev":3,"cut":"abcd"}', '{"v":1,"rev":3}', "ours"),
        ("", '{"v":1,"rev":1}', "ours"),
        ('{"v":1,"rev":1}', "{broken", "theirs"),
    ],
)
def test_which_copy_is_taken_up(unit, theirs, ours, taken):
    assert unit("return newer(given[0], given[1])", [theirs, ours]) == {"theirs": theirs, "ours": ours}[taken]


def test_what_the_course_does_not_know_is_left_out(unit):
    page = OUTLINE["modules"][0]["pages"][0]["key"]
    text = json.dumps(
        {
            "v": 1,
            "rev": 5,
            "at": "zzzz",
            "seen": f"zzzz{page}",
            "a": f"zzzz1 {DOOR}9+ {tiny_course.question_key('truth')}2+",
            "w": {"zzzz": "x", WORK: "kept"},
            "d": "zzzz1E",
            "new": True,
        }
    )
    packed = unit(
        """const session = new Session(given[0]); session.restore(given[1]);
           for (const one of given[2]) session.learn(one);
           return session.pack().text""",
        [OUTLINE, text, ASKED],
    )
    question = tiny_course.question_key("truth")
    edition = next(one["edition"] for one in ASKED if one["key"] == question)
    told = {"v": 1, "c": "0.1.0", "rev": 5, "at": tiny_course.short_key("page", "one", "ask"), "seen": page}
    assert json.loads(packed) == {**told, "a": f"{question}2+", "e": edition, "w": {WORK: "kept"}}


def test_what_another_version_of_the_player_kept_is_left_aside(unit):
    """Its signs may mean something else; only that nothing is known is safe to say."""
    body = "const session = new Session(given[0]); session.restore(given[1]); return session.pack().text"
    text = json.dumps({"v": 2, "rev": 5, "seen": OUTLINE["modules"][0]["pages"][0]["key"], "w": {WORK: "kept"}})
    packed = json.loads(unit(body, [OUTLINE, text]))
    assert (packed["v"], packed["rev"]) == (1, 0)
    assert not packed.get("seen") and not packed.get("w")


def test_being_right_once_is_kept_for_the_score(unit):
    body = """const session = begun(given[0], given[2]);
              const first = session.answer(given[1], ["2"]);
              const second = session.answer(given[1], ["1"]);
              return [first.right, second.right, session.score()]"""
    assert unit(body, [OUTLINE, DOOR, ASKED]) == [True, False, 25]


def test_completion_is_told_once(unit):
    body = """const session = begun(given[0], given[1]);
              for (const module of given[0].modules) for (const page of module.pages) session.see(page.key);
              for (const question of given[1]) session.answer(question.key, ["1"]);
              const told = session.settle(0).map(event => [event.verb, event.module?.id ?? null]);
              return [told, session.settle(0).length]"""
    assert unit(body, [OUTLINE, ASKED]) == [[["completed", "one"], ["completed", "two"], ["completed", None]], 0]


def test_viewed_asks_for_no_answers(unit):
    outline = json.loads(json.dumps(OUTLINE))
    for module in outline["modules"]:
        module["complete-when"] = "viewed"
    body = """const session = new Session(given);
              for (const module of given.modules) for (const page of module.pages) session.see(page.key);
              session.settle(0);
              return session.status()"""
    assert unit(body, outline) == "completed"


def test_the_first_language_that_is_known_is_chosen(unit):
    wishes = [["cy-GB", "en"], ["", None, "en-US"], ["fr", "cym"], ["fr", "de"]]
    assert unit("return given.map(one => chooseLanguage(...one))", wishes) == ["cy", "en", "cy", None]


def test_words_are_filled_in_for_each_language(unit):
    filled = unit("return words({ en: '{n} of {t}', cy: '{n} o {t}' }, { n: 2, t: { en: 'x', cy: 'y' } })")
    assert filled == {"en": "2 of x", "cy": "2 o y"}
