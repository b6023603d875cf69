"""The rules about writing: what they count, where they keep quiet, and that no build pays for them."""

import re
import subprocess
import sys
from datetime import date
from textwrap import dedent

import pytest

from authoring.check import check
from authoring.checks.assessment import MINUTES, WORDS_A_MINUTE, estimate
from authoring.checks.passages import ENOUGH_WORDS, Passage, sentences
from authoring.checks.pictures import NARROW, SMALLEST, drawing
from authoring.checks.reading import (
    HIGHEST_GRADE,
    LONGEST_AVERAGE,
    LONGEST_PAGE,
    LONGEST_SENTENCE,
    level,
    syllables,
)
from authoring.rules import RULES
from authoring.source import module_file

TODAY = date(2026, 11, 21)
FRONT = "---\nid: asked\ntitle: T\nsummary: S\nminutes: 5\noutcomes:\n  - {text: O}\n---\n\n## P {#p}\n\n"
SVG = 'xmlns="http://www.w3.org/2000/svg"'
GROUND = '<rect width="640" height="80" fill="#fff"/>'
FOREIGN = """\
- country: {en: England, cy: Lloegr}
  words:
    - {en: [SEND], cy: [SEND]}
    - {en: [academies, academy trust], cy: [academïau]}
    - {en: [DCS], cy: [cyfarwyddwr plant]}
"""


def told(folder, *rules):
    """The places and words of what is said by some rules."""
    return [f"{one.file}:{one.line} {one.message}" for one in check(folder, TODAY) if one.rule in rules]


def begun(folder, language, words):
    """Puts words at the beginning of the second module."""
    path = folder / f"02-second.{language}.md"
    title = {"en": "## Milk {#milk}\n", "cy": "## Llaeth {#milk}\n"}[language]
    path.write_text(path.read_text("utf-8").replace(title, f"{title}\n{words}\n"), "utf-8")


def test_a_build_does_not_load_the_rules_about_writing(whole, tmp_path):
    words = f"""
import sys
from authoring.cli import main
main(["build", {str(whole)!r}, "--out", {str(tmp_path / "out")!r}], standalone_mode=False)
print(sorted(name for name in sys.modules if name.startswith("authoring.checks")))
"""
    run = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    loaded = run.stdout.splitlines()[-1]
    assert "authoring.checks.questions" in loaded
    for name in ("advice", "assessment", "claims", "names", "passages", "pictures", "reading", "words"):
        assert f"authoring.checks.{name}'" not in loaded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("“Stop.” She did.", ["“Stop.”", "She did."]),
        ("It was 3.5, i.e. half of 7. In 2014 it rose.", ["It was 3.5, i.e. half of 7.", "In 2014 it rose."]),
        ("Mae’n oer. Ŵyn sydd yno… Êl ymaith.", ["Mae’n oer.", "Ŵyn sydd yno…", "Êl ymaith."]),
        ("One\nand the same: it goes on; and on", ["One and the same: it goes on; and on"]),
        ("", []),
    ],
)
def test_sentences_end_where_readers_see_an_end(text, found):
    assert [one.text for one in sentences(Passage("prose", text, 1))] == found


def test_sentences_know_their_line():
    assert [one.line for one in sentences(Passage("prose", "One\nline. Two.\nThree.", 7))] == [7, 8, 9]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("tea", 1), ("make", 1), ("table", 2), ("wanted", 2), ("asked", 1), ("council’s", 2), ("places", 2),
        ("rules", 1), ("education", 4), ("2014", 1), ("rhythm", 1), ("responsibility", 6),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_said(word, count):
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula():
    file = module_file("01-a.en.md", "en", FRONT + "The cat sat on the mat. " * 60 + "Yes.\n")
    average, grade = level(file)
    assert average == 6 and grade == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert level(module_file("01-a.en.md", "en", FRONT + "The cat sat on the mat. " * 40)) == (0, 0)


def test_a_formula_for_english_is_not_held_against_welsh(whole):
    begun(whole, "cy", "Cyfrifoldebau gweinyddol cynghorau. " * 100)
    assert told(whole, "reading-level") == []


WORDS = "Tea is made with water. " * 72 + "\n\n"
CHOICE = "::: question #{}\nWhich?\n\n- (x) A\n  > Yes.\n- ( ) B\n  > No.\n:::\n\n"
STORY = "::: scenario #s\n### A {#a}\n" + "Many words. " * 200 + "[On](#b)\n\n### B {#b}\nEnd.\n:::\n\n"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (WORDS, 2),
        (WORDS + CHOICE.format("a") + CHOICE.format("b"), 4),
        (WORDS + "::: pool #p draw=1\n" + CHOICE.format("a") + CHOICE.format("b") + ":::\n", 3),
        (WORDS + STORY, 5),
        (WORDS + "::: note\n::: reflect #r\nWhat?\n:::\n:::\n", 4),
        (WORDS + "::: needs #n\nHow far?\n:::\n\n::: plan #pl\nWhat first?\n:::\n", 8),
        ("::: accordion\n### One\n" + WORDS + CHOICE.format("a") + ":::\n", pytest.approx(3, abs=0.01)),
        (WORDS[:1000], 0),
    ],
)
def test_minutes_are_those_of_the_words_and_of_what_is_to_be_done(text, minutes):
    assert estimate(module_file("01-a.en.md", "en", FRONT + text)) == minutes


@pytest.mark.parametrize(
    ("inside", "smallest", "grounded"),
    [
        (f'{GROUND}<text font-size="20">A</text>', 10, True),
        (f'<g font-size="30">{GROUND}<text>A<tspan font-size="26">B</tspan></text></g>', 13, True),
        (f'{GROUND}<text style="fill:red; font-size: 40px">A</text>', 20, True),
        (f"<style>text {{ font-size: 18px; }}</style>{GROUND}<text font-size='60'>A</text>", 9, True),
        (f"<!-- a hall --><title>Hall</title><defs><path/></defs>{GROUND}<text>A</text>", 8, True),
        ('<rect width="100%" height="100%" fill="#fff"/><text font-size="24">A</text>', 12, True),
        ('<rect width="600" height="80" fill="#fff"/><text font-size="24">A</text>', 12, False),
        ('<rect width="640" height="80" fill="none"/><text font-size="24">A</text>', 12, False),
        (f'<path d="M0 0"/>{GROUND}<text font-size="24">A</text>', 12, False),
        ('<text font-size="24">A</text>', 12, False),
        ('<path d="M0 0h10"/><text font-size="1"> </text>', float("inf"), True),
    ],
)
def test_drawings_are_measured_as_a_small_telephone_shows_them(inside, smallest, grounded):
    assert drawing(f'<svg {SVG} viewBox="0 0 640 80">{inside}</svg>'.encode()) == (smallest, grounded)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'><text>A</text></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 0'><text>A</text></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='1.2.3 x'><text>A</text></svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><svg viewBox='0 0 1 1'>&b;</svg>",
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_told_of_by_other_rules(data):
    assert drawing(data) == (float("inf"), True)


@pytest.mark.parametrize(
    ("language", "words", "says"),
    [
        ("en", "We send it. A Sender sends.", None),
        ("en", "The SEND code.", "SEND"),
        ("en", "Academies are many. England has schools.", "Academies"),
        ("en", "In England’s academies.", None),
        ("en", "An [academy](term:cup)\n[trust](fact:1.6).", "academy trust"),
        ("en", "### The DCS", "DCS"),
        ("en", "| SEND |\n| --- |\n| A |", "SEND"),
        ("cy", "Aeth i gyfarwyddwr plant.", "gyfarwyddwr plant"),
        ("cy", "Cyfarwyddwr plant o Loegr yw.", None),
        ("cy", "Mae academïau yn Lloegr.", None),
    ],
)
def test_words_of_another_country_are_found_as_they_are_written(whole, language, words, says):
    (whole / "elsewhere.yml").write_text(FOREIGN, "utf-8")
    begun(whole, language, words)
    found = told(whole, "elsewhere-word")
    assert [one.split("“")[1].split("”")[0] for one in found] == ([says] if says else [])


def test_the_list_of_words_is_held_to_its_schema(whole):
    (whole / "elsewhere.yml").write_text("- country: England\n  words: [{en: Ofsted, cy: [Ofsted]}]\n", "utf-8")
    begun(whole, "en", "Ofsted comes.")
    assert [(one.file, one.line, one.rule) for one in check(whole, TODAY)] == [
        ("elsewhere.yml", 1, "value-wrong"), ("elsewhere.yml", 2, "value-wrong"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words", "count"),
    [
        ("en", "You must stir. It must boil.", 2),
        ("en", "It **must** boil.", 1),
        ("en", "“You must stir. You must hurry,” they say.", 0),
        ("en", "You must [let it boil](fact:1.6), and stir.", 0),
        ("en", "[It boils](fact:1.6). You must stir.", 1),
        ("en", "Must it boil? They must, mustn’t they?", 0),
        ("en", "The mustard.", 0),
        ("cy", "Rhaid ei droi. Mae’n rhaid. O raid.", 2),
        ("cy", "Nid oes rhaid troi. Does dim rhaid. Gallwch fynd heb fod rhaid aros.", 0),
        ("cy", "Os yw’n boeth, rhaid troi.", 1),
    ],
)
def test_a_duty_without_a_fact_is_told_of(whole, language, words, count):
    begun(whole, language, words)
    assert len(told(whole, "must-cited")) == count


def test_a_duty_in_feedback_is_a_claim_and_one_in_an_answer_may_be_wrong(make):
    folder = make(
        ("edit", "02-second.en.md", "- ( ) False\n  > Some say so.\n===\n- ( ) It must\n  > It must not.\n"),
    )
    assert told(folder, "must-cited") == ["02-second.en.md:21 “must” stands in a sentence that cites no fact."]


def test_facts_may_be_cited_more_often_in_one_language_and_by_one_council(make):
    folder = make(
        ("edit", "01-first.en.md", "which is *hot*.\n===\nwhich is [*hot*](fact:1.6).\n"),
    )
    assert told(folder, "fact-language", "fact-unused") == []


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Ewch i Gaerdydd, yng Ngwynedd, o Bowys, a Chaerdydd, a Gwynedd, at Abertawe.", 0),
        ("Aeth i Gyngor Caerdydd. Gwynedd: dyma’r sir.", 0),
        ("Mae’n byw yn Caerdydd.", 1),
        ("Ewch i Cyngor Gwynedd neu Powys.", 2),
        ("O Powys y daeth, gyda Caerdydd.", 2),
    ],
)
def test_places_keep_their_letter_only_where_they_may(councils, words, count):
    path = councils / "02-away.cy.md"
    path.write_text(path.read_text("utf-8").replace("Ewch ar y bws.", words), "utf-8")
    assert len(told(councils, "place-mutation")) == count


def test_places_that_only_some_words_change(councils):
    row = "- {gss: W06000024, slug: merthyr, area: {en: M, cy: Merthyr}, council: {en: L, cy: Llys}}\n"
    with (councils / "authorities.yml").open("a", encoding="utf-8") as file:
        file.write(row)
    path = councils / "02-away.cy.md"
    path.write_text(path.read_text("utf-8").replace("Ewch ar y bws.", "Yn Merthyr a Llys, gyda Merthyr."), "utf-8")
    assert told(councils, "place-mutation") == []
    path.write_text(path.read_text("utf-8").replace("Yn Merthyr a Llys", "O Merthyr i Llys"), "utf-8")
    assert len(told(councils, "place-mutation")) == 2


def questions(folder, places, longest, language="en", options=3):
    """Puts questions at the end of the second module: the place of each right answer, and whether it is the longest."""
    word, said = {"en": ("question", "Some say so."), "cy": ("cwestiwn", "Meddai rhai.")}[language]
    for number, (place, is_longest) in enumerate(zip(places, longest, strict=True), 1):
        lines = [f"\n::: {word} #tea-{number} assesses=1\nTea?\n"]
        for one in range(1, options + 1):
            words = f"Tea {one}{' with milk' if is_longest and one == place else ''}"
            lines.append(f"- ({'x' if one == place else ' '}) {words}\n  > {said}")
        with (folder / f"02-second.{language}.md").open("a", encoding="utf-8") as file:
            file.write("\n".join([*lines, ":::\n"]))


@pytest.mark.parametrize(
    ("places", "longest", "rules"),
    [
        ((1, 2, 3, 1), (1, 1, 1, 0), ["answer-longest"]),
        ((1, 2, 3, 1), (1, 1, 0, 0), []),
        ((1, 2, 3), (1, 1, 1), []),
        ((2, 2, 2, 1), (0, 0, 0, 0), []),
        ((2, 2, 2, 1, 3), (0, 0, 0, 0, 0), ["answer-position"]),
        ((2, 2, 2, 1, 3, 1), (0, 0, 0, 0, 0, 0), []),
    ],
)
def test_right_answers_are_counted_where_there_are_enough(whole, places, longest, rules):
    for language in ("en", "cy"):
        questions(whole, places, longest, language)
    found = [one.rule for one in check(whole, TODAY)]
    assert found == rules * 2


def test_of_two_answers_one_is_always_the_longer(whole):
    questions(whole, (1,) * 6, (1,) * 6, options=2)
    questions(whole, (1,) * 6, (1,) * 6, "cy", options=2)
    assert told(whole, "answer-longest", "answer-position") == []


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "None of these", True), ("en", "All the above", True), ("en", "Both of them", True),
        ("en", "Both of them were told of the risk", False), ("en", "The one above", False),
        ("cy", "Pob un o’r uchod", True), ("cy", "Y rhain i gyd", True), ("cy", "O’r rheolwr", False),
    ],
)  # fmt: skip
def test_answers_that_speak_of_the_others_are_found(make, language, words, found):
    old = {"en": "- [ ] Gravel\n", "cy": "- [ ] Graean\n"}[language]
    folder = make(("edit", f"01-first.{language}.md", f"{old}===\n- [ ] {words}\n"))
    assert bool(told(folder, "answer-above")) is found


def test_outcomes_are_assessed_by_questions_in_pools_and_by_needs_and_plans(whole):
    text = "::: needs #n assesses=1\nHow far?\n:::\n"
    for language, word in (("en", text), ("cy", text.replace("needs", "anghenion"))):
        questions(whole, (1, 2, 3), (0, 0, 0), language)
        path = whole / f"02-second.{language}.md"
        path.write_text(path.read_text("utf-8").replace(" assesses=1", "") + word, "utf-8")
    assert told(whole, "outcome-assessed", "unknown-outcome", "block-option") == []


@pytest.mark.parametrize("value", ["0", "1,", "1, 2", "one", "1;2", "-1"])
def test_outcomes_are_named_by_their_numbers(make, value):
    folder = make(
        ("edit", "02-second.en.md", f"::: question #last\n===\n::: question #last assesses={value}\n"),
        ("edit", "02-second.cy.md", f"::: cwestiwn #last\n===\n::: cwestiwn #last assesses={value}\n"),
    )
    found = {one.rule for one in check(folder, TODAY)}
    assert found & {"block-option", "block-title"}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_guide_to_writing_names_the_rules_and_their_numbers(pytestconfig, language):
    name = {"en": "writing.md", "cy": "writing.cy.md"}[language]
    text = " ".join((pytestconfig.rootpath / "docs" / name).read_text("utf-8").split())
    advice = {one for one, rule in RULES.items() if rule.severity == "warning"}
    assert advice - set(re.findall(r"`([a-z-]+)`", text)) == {"media-unused"}
    numbers = [
        LONGEST_PAGE, LONGEST_AVERAGE, HIGHEST_GRADE, *LONGEST_SENTENCE.values(), WORDS_A_MINUTE, ENOUGH_WORDS,
        SMALLEST, NARROW,
    ]  # fmt: skip
    assert [number for number in numbers if not re.search(rf"\b{number}\b", text)] == []
    minutes = {row[1]: int(row[2]) for row in re.finditer(r"\| ([^|]+) \| (\d+) \|", text)}
    assert list(minutes.values()) == [1, *(MINUTES[name] for name in ("question", "scenario", "reflect", "needs"))]
    assert MINUTES["plan"] == MINUTES["needs"]


def test_the_example_of_the_guide_to_writing_is_clean(whole, pytestconfig):
    for language in ("en", "cy"):
        name = {"en": "writing.md", "cy": "writing.cy.md"}[language]
        text = (pytestconfig.rootpath / "docs" / name).read_text("utf-8")
        (example,) = re.findall(r"^    :::.*?^    :::\n", text, re.M | re.S)
        begun(whole, language, dedent(example))
    assert check(whole, TODAY) == []
