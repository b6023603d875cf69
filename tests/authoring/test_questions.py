"""Questions of every kind reach the model and course.json; whatever stands in one, the worst of it is a problem."""

import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.answers import body, span
from authoring.checks import problems
from authoring.course import Blank, Span, Target, Text, short_key
from authoring.load import course as paired
from authoring.load import load
from authoring.manifest import outline
from authoring.markdown import parse
from authoring.render import gaps
from authoring.source import module_file, read

QUESTIONS = Path(__file__).parents[1] / "courses" / "questions"
TODAY = date(2026, 11, 21)
CASES = int(os.environ.get("KTB_FUZZ_CASES", "0"))


@pytest.fixture(scope="module")
def course():
    return load(QUESTIONS)


@pytest.fixture(scope="module")
def asked(course):
    """The questions of the course by id."""
    return {question.id: question for question in course.modules[0].questions()}


def test_each_block_is_a_question_of_its_kind(asked):
    assert [(one.id, one.kind) for one in asked.values()] == [
        ("pots", "match"), ("brew", "order"), ("words", "fill"), ("minutes", "number"), ("sure", "scale"),
        ("which", "multiple"), ("cups", "number"), ("below", "number"),
    ]  # fmt: skip
    assert asked["pots"].key == short_key("question", "asked", "pots")
    assert asked["pots"].iri == "https://learn.test/questions/modules/asked/questions/pots"


def test_a_match_has_left_sides_right_sides_once_each_and_decoys(asked):
    match = asked["pots"]
    assert [option.html.en[:14] for option in match.options] == ["A <em>kettle</", "A pot", 'A <a href="htt']
    assert match.targets == (
        Target("1", Text("Water", "Dŵr")), Target("2", Text("Tea", "Te")), Target("3", Text("Sand", "Tywod")),
    )  # fmt: skip
    assert [(option.id, option.target) for option in match.options] == [("1", "1"), ("2", "2"), ("3", "2")]
    assert match.right == ("1.1", "2.2", "3.2")
    assert match.after_html.cy == "<p>Mae fflasg yn ei gadw’n <strong>gynnes</strong>.</p>\n"
    assert match.hint_html.cy == "<p>Edrychwch ar y <em>caead</em>.</p>\n"


def test_the_signs_around_a_gap_stay_on_its_line(asked):
    blank = '<span class="blank" data-blank="{}"></span>'
    stem = f"<p>(“{blank.format(1)}”, she says) – {blank.format(2)}’r <em>{blank.format(3)}</em>.</p>"
    drawn = gaps(replace(asked["words"], stem_html=Text(stem, stem))).cy
    assert re.sub(r"<input[^>]*>", "_", drawn) == (
        '<p><span class="gap">(“_”,</span> she says) – <span class="gap">_’r</span> '
        '<em><span class="gap">_</span></em>.</p>'
    )


def test_the_steps_of_an_order_are_right_as_they_stand(asked):
    order = asked["brew"]
    assert order.options[1].html == Text("Pour the <em>water</em>", "Arllwys y <em>dŵr</em>")
    assert order.right == ("1", "2", "3")


def test_a_fill_has_gaps_in_its_words_and_wordings_of_each_language(asked):
    fill = asked["words"]
    assert fill.blanks == (
        Blank("1", ("boiling", "very hot"), ("berwedig", "poeth iawn", "berw")),
        Blank("2", ("leaves",), ("dail", "ddail")),
        Blank("3", ("four", "4"), ("bedair", "pedair", "4")),
    )
    assert fill.stem.en == "Pour ___ water. It stands on the ___, they say. Then wait for ___ minutes."
    assert '<em><span class="blank" data-blank="3"></span></em> munud' in fill.stem_html.cy
    assert "boiling" not in fill.stem_html.en
    assert (fill.right, fill.options) == ((), ())


def test_a_number_accepts_a_span_the_same_in_both_languages(asked):
    spans = [asked[id].number for id in ("minutes", "cups", "below")]
    assert spans == [Span("3", "4"), Span("20", "24"), Span("-3.25", "-3.25")]
    assert asked["minutes"].stem_html.en == "<p>How long does black tea take?</p>\n"
    assert asked["pots"].number is None


def test_a_scale_has_levels_and_is_worth_nothing(asked):
    scale = asked["sure"]
    assert [option.html.cy for option in scale.options] == ["Ddim o gwbl", "Gweddol", "Iawn"]
    assert (scale.right, scale.points) == ((), 0)


def test_points_attempts_and_part_marks_are_those_of_the_options(asked):
    assert [(one.points, one.attempts, one.partial) for one in asked.values()] == [
        (3, 2, True), (1, 3, False), (2, None, True), (100, 10, False), (0, None, False), (1, 1, True),
        (1, None, False), (1, None, False),
    ]  # fmt: skip


def test_a_pool_holds_questions_that_are_the_modules_too(course):
    (pool,) = course.modules[0].pages[1].pools()
    assert (pool.id, pool.key, pool.draw) == ("some", short_key("pool", "asked", "some"), 2)
    assert [question.id for question in pool.questions] == ["which", "cups", "below"]


def test_course_json_says_at_which_line_of_which_file_each_question_begins(course):
    for question in outline(course, "web")["modules"][0]["questions"]:
        for language, place in question["source"].items():
            file, _, line = place.rpartition(":")
            text = (QUESTIONS / file).read_text("utf-8").splitlines()[int(line) - 1]
            assert file.endswith(f".{language}.md")
            assert text.lstrip().startswith(":::"), text
            assert f"#{question['id']}" in text, text


def test_course_json_has_what_each_kind_needs_and_no_more(course):
    module = outline(course, "web")["modules"][0]
    known = {"id", "key", "iri", "type", "options", "right", "points", "edition", "title", "source"}
    more = {
        question["id"]: {key: value for key, value in question.items() if key not in known}
        for question in module["questions"]
    }
    assert more == {
        "pots": {"attempts": 2, "partial": True, "targets": ["1", "2", "3"]},
        "brew": {"attempts": 3},
        "words": {
            "partial": True,
            "blanks": [
                {"en": ["boiling", "very hot"], "cy": ["berwedig", "poeth iawn", "berw"]},
                {"en": ["leaves"], "cy": ["dail", "ddail"]},
                {"en": ["four", "4"], "cy": ["bedair", "pedair", "4"]},
            ],
        },
        "minutes": {"attempts": 10, "number": ["3", "4"]},
        "sure": {},
        "which": {"attempts": 1, "partial": True},
        "cups": {"number": ["20", "24"]},
        "below": {"number": ["-3.25", "-3.25"]},
    }
    assert [(one["type"], one["right"]) for one in module["questions"]][:3] == [
        ("match", ["1.1", "2.2", "3.2"]), ("order", ["1", "2", "3"]), ("fill", []),
    ]  # fmt: skip
    pool = {"id": "some", "key": short_key("pool", "asked", "some"), "draw": 2}
    assert module["pools"] == [pool | {"questions": ["which", "cups", "below"]}]
    assert [page["questions"] for page in module["pages"]] == [
        ["pots", "brew", "words", "minutes", "sure"], ["which", "cups", "below"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22", ("22", "22")), ("3,5", ("3.5", "3.5")), ("-0.50", ("-0.5", "-0.5")), ("−4", ("-4", "-4")),
        ("+7", ("7", "7")), ("100", ("100", "100")), ("-0", ("0", "0")), ("0,125", ("0.125", "0.125")),
        ("1.000", ("1", "1")), ("20..24", ("20", "24")), ("-5 .. -2,5", ("-5", "-2.5")),
        ("3,5 ± 0,1", ("3.4", "3.6")), ("3.5+-0.1", ("3.4", "3.6")), ("3.5 +/- 0.1", ("3.4", "3.6")),
        ("999999999999", ("999999999999", "999999999999")), ("0.1 ± 0.2", ("-0.1", "0.3")),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly(text, expected):
    assert span(text) == Span(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "", "two", "1,000", "3,500", "12,345,678", "1 000", "24..20", "20..20", "3 ± 0", "3 ± -1", "1..2..3", "1e3",
        "22 %", "= 22", "٣", "1.2.3", ".5", "5.", "9999999999999", "0x1", "nan", "inf", "1,000..2,000",
    ],
)  # fmt: skip
def test_what_is_no_number_or_could_be_two_is_none(text):
    assert span(text) is None


def test_double_brackets_are_gaps_in_a_fill_alone():
    tokens, _ = parse("A [[b]] c\n\n::: question #q\nA [[b]] c\n:::\n\n> [!NOTE]\n> [[b]]\n", "x.en.md")
    assert not any(child.type == "blank" for token in tokens for child in token.children or [])


def test_thousands_of_gaps_and_of_answers_are_read():
    text = "::: fill #f\n" + "[[" * 5_000 + "\n:::\n\n::: number #n\n" + "= 1\n" * 5_000 + ":::\n"
    tokens, _ = parse(text, "x.en.md")
    assert sum(child.type == "blank" for token in tokens for child in token.children or []) == 5_000
    assert max(len(token.meta.get("values", ())) for token in tokens) == 5_000


# What belongs in each block, with room for any words.
FITTING = {
    "match": ["- {} -> b", "- c → {}", "- -> {}"],
    "paru": ["- a → {}", "- {} -> b"],
    "order": ["1. {}", "2. *{}*"],
    "trefnu": ["1) {}"],
    "fill": ["{} [[b|{}]] d", "[[{}]]"],
    "llenwi": ["[[b]] {}"],
    "number": ["= 2", "= 1..3", "= 3,5 ± 0.1"],
    "rhif": ["=-4"],
    "scale": ["1. {}", "1. b{}"],
    "graddfa": ["1. {}"],
    "pool": ["::: number #b\n{}\n\n= 2\n:::", "::: paru #c\nO\n\n- {} -> b\n- c -> d\n:::"],
    "cronfa": ["::: rhif #d\n{}?\n= 1\n:::", "::: llenwi #e\n{} [[f]]\n:::"],
}
POOLS = ("pool", "cronfa")
OPTIONS = st.lists(
    st.sampled_from(
        ["#b", "#Ŵ", "points=2", "points=0", "attempts=3", "partial=yes", "partial=na", "draw=1", "draw=٣", 'hint="[a"',
         "hint=x", "x=", "Title"]
    ),
    max_size=4, unique=True,
).map(" ".join)  # fmt: skip
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["- a -> b", "- c → d", "- -> e", "- f ->", "- -> ->", "1. a", "2. *b*", "3.", "", "", "= 2", "= 1..3", "=",
             "= x", "A [[b|c]] d.", "[[", "[[]]", "[[a|]]", "![[[a]]](x)", "[a [[b]]](y)", "> after", "> [[q]]", "#",
             "Ask", "::: number #n", "::: question #q", "- (x) y", "- ( ) z", "  > why", ":::", "> [!NOTE]",
             "| [[a]] |", "---"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    ),
    max_size=9,
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@st.composite
def bodies(draw):
    """The word of a block, its options, and lines: any, or such as belong in it with any words, and perhaps a quote."""
    word = draw(st.sampled_from(sorted(FITTING)))
    if draw(st.booleans()):
        return word, draw(OPTIONS), draw(LINES)
    lines = draw(st.lists(st.sampled_from(FITTING[word]), min_size=1, max_size=4, unique=word in POOLS))
    lines = [line.replace("{}", draw(TEXT)) for line in lines]
    if word in POOLS:
        return word, "draw=1", lines
    return word, draw(st.sampled_from(["", "hint=x"])), ["Ask", "", *lines, "", draw(st.sampled_from(["", "> q"]))]


def made(word, options, lines):
    """Both files of a module with one block of that body; the Welsh has the same, but for its last line."""
    front = "---\nid: asked\ntitle: T\nsummary: S\nminutes: 5\noutcomes:\n  - {text: O}\n---\n\n## P {#p}\n\n"
    for shown in (lines, lines[:-1] if len(lines) > 8 else lines):
        yield front + f"::: {word} #a {options}\n" + "\n".join(shown) + "\n:::\n"


@pytest.mark.fuzz
@settings(max_examples=CASES or 300, deadline=None, derandomize=not CASES, database=None)
@given(bodies())
def test_any_body_gives_problems_with_a_place_or_a_question(found):
    source = read(QUESTIONS)
    for language, text in zip(("en", "cy"), made(*found), strict=True):
        source.modules["01-asked"][language] = module_file(f"01-asked.{language}.md", language, text)
    source.problems = [one for file in source.files() for one in file.problems]
    found = problems(source, TODAY)
    assert [one for one in found if not 1 <= one.line <= text.count("\n") + 12 or one.column < 1] == []
    if not any(one.severity == "error" for one in found):
        module = outline(paired(source), "web")["modules"][0]
        assert all(question["right"] for question in module["questions"] if question["type"] in ("match", "order"))
        assert all(question["points"] == 0 for question in module["questions"] if question["type"] == "scale")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(["question", "match", "order", "fill", "number", "scale"]), st.text(max_size=200))
def test_any_text_has_a_body(name, text):
    tokens, _ = parse(f"::: {name} #a\n{text}\n:::\n", "x.en.md")
    inside = tokens[1 : next(place for place, token in enumerate(tokens) if token.type == "block_close")]
    assert body(name, [token for token in inside if not token.type.startswith("block_")]) is not None
