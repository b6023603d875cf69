"""The interface's words about numbers and dates, in English and in Welsh: built, played and shown alike."""

import re

import gallery_course
import pytest
import tiny_course
from babel import Locale
from player_servers import Lms

from authoring.joiner import _pair
from authoring.phrases import OWN, all_words, counted, form, words
from authoring.render import say

CATEGORIES = {"en": ("one", "other"), "cy": ("zero", "one", "two", "few", "many", "other")}
NUMBERS = (*range(13), 16, 20, 21, 36, 100, 106)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_number_has_the_form_that_its_language_gives_it(language):
    of = Locale(language).plural_form
    assert {number: form(CATEGORIES[language], number, language) for number in NUMBERS} == {n: of(n) for n in NUMBERS}
    assert len(CATEGORIES[language]) == len(OWN[language]) + 1


def test_the_player_says_what_the_build_says(unit):
    pairs = {key: _pair(key, all_words()) for key in counted()}
    values = {"least": 30, "done": 1, "all": 2}
    said = unit(
        f"""const pairs = {{ {", ".join(f"{key!r}: {pair}" for key, pair in pairs.items())} }};
            return given[0].flatMap((n) => Object.entries(pairs).map(([key, pair]) =>
                [key, n, words(pair, {{ ...given[1], n }})]))""",
        [NUMBERS, values],
    )
    assert len(said) == len(NUMBERS) * len(counted()) > 50
    for key, number, text in said:
        own = {name: value for name, value in values.items() if f"{{{name}}}" in key}
        built = re.findall(r"<span[^>]*>(.*?)</span>", str(say(key, n=number, **own)))
        assert [text["en"], text["cy"]] == built


def test_the_player_chooses_the_form_that_the_build_does(unit):
    pair = {"en": CATEGORIES["en"], "cy": CATEGORIES["cy"]}
    said = unit("return given[1].map((n) => words(given[0], { n }))", [pair, NUMBERS])
    assert said == [{language: form(pair[language], n, language) for language in pair} for n in NUMBERS]


def test_the_forms_of_welsh_are_not_all_one():
    minutes = [re.sub("<[^>]+>", " ", str(say("{n} minutes", n=n))).split() for n in (0, 1, 2, 3, 6, 8)]
    assert [" ".join(one[:2]) for one in minutes][1:3] == ["1 minute", "2 minutes"]
    assert [one[3] for one in minutes] == ["munud", "funud", "funud", "munud", "munud", "munud"]


def test_no_sentence_with_a_number_of_things_goes_without_its_forms():
    # Milliseconds and lengths stand in the report for a help desk, which is no sentence.
    things = re.compile(r"\{n\} (minute|module|word|question|page|attempt|answer|day|piece|goal|text)s\b(?!, of)")
    assert {key for key in words() if things.search(key)} == set()
    assert {tuple(map(len, forms)) for forms in counted().values()} == {(2, 6)}
    assert all("{n}" in one for forms in counted().values() for one in (*forms.en, *forms.cy))


def test_what_is_left_of_the_course_is_said_with_its_number(visit, package):
    modules = [tiny_course.module(f"m{n}", n, tiny_course.page(f"m{n}", "p", tiny_course.prose("Read.")), minutes=n)
               for n in (1, 2)]  # fmt: skip
    page = visit(package(tiny_course.course(*modules), "none"))
    page.click(".page.here .turn .button >> visible=true")
    assert page.inner_text("#x-end-count") == "Modules completed: 1 of 2. Still to go: about 2 minutes."
    assert "2 minutes" in page.inner_text("#x-end .row .button >> nth=0")
    page.click("#x-tongue")
    assert page.inner_text("#x-end-count").endswith("Ar ôl: tua 2 funud.")
    assert page.locator("[data-module] > a small").all_text_contents()[1] == "2 minutes2 funud"


def test_how_much_is_written_is_told_twice_and_no_more(visit, package):
    made = gallery_course.course(tiny_course.page("all", "p", tiny_course.reflect("all", "note")))
    page = visit(package(made, "none"))
    field, told = page.locator("textarea"), page.locator(".counted")
    page.evaluate("""() => { window.said = []; const place = document.querySelector(".counted");
        new MutationObserver(() => said.push(place.innerText)).observe(place, { childList: true }) }""")
    assert told.get_attribute("role") == "status" and field.get_attribute("spellcheck") == "true"
    for count in (1, 100, 159, 160, 161, 199, 200, 201, 500):
        field.fill("word " * count)
    assert page.evaluate("said") == ["Nearly 200 words.", "200 words or more."]
    page.click("#x-tongue")
    assert told.inner_text() == "200 gair neu ragor."
    field.fill("word " * 170)
    field.fill("word")
    assert page.evaluate("said").pop() == "" and told.inner_text() == ""


@pytest.mark.parametrize(
    ("system", "locale", "shown"),
    [
        ("cy-GB", "en-GB", "cy"),
        ("en", "cy-GB", "en"),
        ("fr", "cy-GB", "cy"),
        ("", "cy-GB", "cy"),
        ("fr", "de-DE", None),
    ],
)
@pytest.mark.parametrize("host", ["host.html", "host2004.html"])
def test_the_systems_language_comes_before_the_browsers_and_then_a_choice(
    browser, package, node_modules, host, system, locale, shown
):
    server = Lms(package(adapter="scorm2004" if "2004" in host else "scorm12"), node_modules, host)
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(server.address(language=system))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("html[data-ready^=scorm]")
    assert frame.is_visible("#x-choose") is (shown is None)
    assert shown is None or frame.get_attribute("html", "lang") == shown
    context.close()
    server.close()
