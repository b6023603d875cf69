"""The real course on paper and in the dark: its figures can be read, and its sheet for colleagues is one sheet."""

import re
from pathlib import Path

import pytest

from authoring.load import load
from authoring.packages import PACKAGES

COURSE = Path(__file__).parents[2] / "courses" / "knowing-the-business"
# A4 less margins of 15 mm, in CSS pixels of a 96th of an inch.
WIDE, HIGH = 680, 1009
MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
SMALLEST = 8 * 96 / 72
# How near words may come to the edge of their box.
AROUND = 5
# Every text of an SVG: what it is drawn on, and where it is. What has no fill is no ground.
TEXTS = """svg => {
    document.body.innerHTML = svg;
    const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
    const ground = text => {
        const { x, y, width, height } = text.getBoundingClientRect();
        const under = document.elementsFromPoint(x + width / 2, y + height / 2);
        const solid = under.find(one => !one.closest("text") && getComputedStyle(one).fill !== "none");
        return { on: rgb(getComputedStyle(solid).fill), box: solid.getBoundingClientRect().toJSON() };
    };
    return [...document.querySelectorAll("text")].map(text => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return { words: text.textContent, ink: rgb(getComputedStyle(text).fill), ...ground(text),
                 size: parseFloat(getComputedStyle(text).fontSize), left, right, top, bottom };
    });
}"""
# Without script every page of a module is shown at once.
IMAGES = """language => {
    document.getElementById(`l-${language}`).checked = true;
    return [...document.querySelectorAll(".page img")].filter(one => one.offsetWidth).map(one => {
        const around = []; for (let at = one; at; at = at.parentElement) around.push(getComputedStyle(at));
        const plain = around.every(s => s.filter === "none" && s.opacity === "1" && s.mixBlendMode === "normal");
        const scale = one.offsetWidth / one.getAttribute("width");
        return { src: one.getAttribute("src"), scale, height: one.offsetHeight, plain };
    });
}"""


@pytest.fixture(scope="module")
def course():
    """The real course."""
    return load(COURSE)


@pytest.fixture(scope="module")
def real(course):
    """The files of the real course as a website."""
    return PACKAGES["web"](course).files()


@pytest.fixture(scope="module")
def texts(browser, course):
    """Every text of every figure, by the figure's path, and the size of its drawing."""
    context = browser.new_context(viewport={"width": 700, "height": 1400})
    page = context.new_page()
    page.set_content("<!DOCTYPE html><style>body { margin: 0 } svg { display: block }</style><body></body>")
    found = {name: page.evaluate(TEXTS, body.decode()) for name, body in course.media.items() if name.endswith(".svg")}
    context.close()
    return found


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    shares = [one / 255 for one in colour[:3]]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_words_of_every_figure_stand_out_in_its_own_colours_and_in_shades_of_grey(texts):
    assert len(texts) >= 26
    faint = [
        (name, one["words"]) for name, own in texts.items() for one in own if contrast(one["ink"], one["on"]) < 4.5
    ]
    assert faint == []


def test_the_words_of_a_figure_stay_in_their_boxes_and_apart(texts):
    over = []
    for name, own in texts.items():
        for number, one in enumerate(own):
            if one["left"] < one["box"]["left"] + AROUND or one["right"] > one["box"]["right"] - AROUND:
                over.append((name, one["words"]))
            over += [
                (name, one["words"], other["words"])
                for other in own[number + 1 :]
                if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
                and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 6
            ]
    assert over == []


def test_every_figure_is_large_enough_on_a4_and_no_higher_than_the_paper(visit, real, texts, course):
    page = visit(real, script=False, viewport={"width": WIDE, "height": HIGH}, color_scheme="dark")
    page.emulate_media(media="print")
    seen = {"en": set(), "cy": set()}
    for module in course.modules:
        page.goto(f"{page.url.partition('/course/')[0]}/course/{module.document}", wait_until="domcontentloaded")
        for language, own in seen.items():
            for image in page.evaluate(IMAGES, language):
                own.add(image["src"])
                least = min(one["size"] for one in texts[image["src"]]) * image["scale"]
                assert least >= SMALLEST and image["height"] <= HIGH and image["plain"], image
    assert seen == {language: {name for name in texts if f".{language}." in name} for language in seen}


def test_the_sheet_for_colleagues_is_one_sheet_apart_from_what_the_manager_is_told(visit, real):
    page = visit(real, "leading-with-evidence.html#colleagues-sheet", locale="en-GB")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.here .sheet')).breakBefore") == "page"
    for language in ("en", "cy"):
        page.evaluate("language => { document.documentElement.lang = language; }", language)
        paper = page.pdf(format="A4", margin=MARGINS)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2, language


def test_the_standard_and_the_sheet_on_a_phone(visit, real, axe):
    page = visit(
        real, "leading-with-evidence.html#colleagues-sheet", locale="cy", viewport={"width": 320, "height": 640}
    )
    page.wait_for_selector("#colleagues-sheet.here")
    assert (page.evaluate("document.documentElement.scrollWidth"), axe(page)) == (320, [])
    page.evaluate("location.hash = 'what-the-standard-asks'")
    page.click("#what-the-standard-asks.here summary >> nth=0")
    assert (page.evaluate("document.documentElement.scrollWidth"), axe(page)) == (320, [])
    page.click(".here details[open] a[href='safeguarding.html'] >> visible=true")
    page.wait_for_selector("#x-module-name :text('Diogelu') >> visible=true")
