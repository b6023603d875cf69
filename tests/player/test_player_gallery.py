"""Every component in every state on one narrow page: nothing amiss, nothing hidden, and read out as it was."""

import os
from pathlib import Path

import gallery_course
import portfolio_course
import pytest
import tiny_course
from gallery_course import every_state, key, states

ARIA = Path(__file__).parent / "aria"
RENEW = os.environ.get("KTB_RENEW_ARIA") == "1"
PIECES = ("aim", "feat", "needs", "plan")
PHONE = {"viewport": {"width": 320, "height": 640}, "reduced_motion": "reduce"}
# Answers go in as a learner's do, by events; one call for all of them, for there are dozens.
ACT = """all => { for (const { id, kind, state, given } of all) {
    const form = document.getElementById(id);
    if (state === "hint") form.querySelector("details").open = true;
    if (["untouched", "hint"].includes(state)) continue;
    if (state !== "error") for (const [at, one] of given.entries()) {
        const box = form.querySelector(`.choices input[value="${one}"]`);
        if (one === "up") form.querySelector("li:last-child [data-move=up]").click();
        else if (box) box.click();
        else for (const field of form.querySelectorAll(`[data-part="${at + 1}"]`)) {
            field.value = one;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }
    if (state !== "filled") form.querySelector(".button").click();
} }"""
SMALL = """() => [...document.querySelectorAll("a[href], button, select, input, textarea, summary")].filter(one => {
    const box = (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one).getBoundingClientRect();
    const inASentence = one.matches(".prose p a, .prose li a") && !one.hash.startsWith("#scene-");
    return one.checkVisibility() && !one.matches(".skip, audio, video") && !inASentence
        && (box.height < 43.9 || box.width < 24);
}).map(one => one.outerHTML)"""
STUCK = """() => [...document.querySelectorAll("body *")].filter(one => one.checkVisibility()
    && ["sticky", "fixed"].includes(getComputedStyle(one).position)).map(one => one.outerHTML.slice(0, 200))"""
OUT = """() => [document.documentElement.scrollWidth > innerWidth, [...document.querySelectorAll(".page.here *")]
    .filter(one => one.checkVisibility() && !one.closest(".hush, .wide, svg")
        && one.getBoundingClientRect().right > innerWidth + 0.5).map(one => one.outerHTML.slice(0, 200))]"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
SHEET = """text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet] }"""
CUT = """() => [...document.querySelectorAll(".page.here *, header *, footer *")].filter(one => one.checkVisibility()
    && !one.closest(".hush, svg, .wide, select, input, textarea, video, audio") && one.clientHeight
    && getComputedStyle(one).display !== "inline"
    && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)
    && getComputedStyle(one).overflow !== "visible").map(one => one.outerHTML.slice(0, 200))"""


def brought(page):
    """Bring every component of the page into its state."""
    acts = [
        {"id": f"q-{key(f'{kind}-{state}')}", "kind": kind, "state": state,
         "given": gallery_course.answer(kind, state == "right")}
        for kind, state in states()
    ]  # fmt: skip
    page.evaluate(ACT, acts)
    checked = sum(state in ("wrong", "right", "spent") for _, state in states())
    page.locator(".verdict").nth(checked - 1).wait_for(state="attached")
    assert page.locator(".verdict").count() == checked
    page.locator(".more summary").nth(1).click()
    page.locator("[data-scenario]").nth(1).locator("a:visible").first.click()
    for name, words in (("near", 170), ("full", 200)):
        page.locator(f"[data-reflect='{tiny_course.short_key('reflect', 'all', name)}'] textarea").fill("word " * words)


def compare(name, language, found):
    """What is read out of a component, against the text that is kept; KTB_RENEW_ARIA=1 keeps it anew."""
    file = ARIA / f"{name}.{language}.txt"
    text = "".join(f"# {state}\n{told}\n\n" for state, told in found)
    if RENEW:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    assert file.is_file(), f"{file.name} is missing: KTB_RENEW_ARIA=1 writes it"
    assert text == file.read_text("utf-8"), f"{name}: look at the change, then KTB_RENEW_ARIA=1"


def read_out(page, selector):
    return page.locator(selector).first.aria_snapshot()


def compare_all(page, language):
    """Every component of the page as it is read out."""
    for kind in gallery_course.QUESTIONS:
        own = [state for one, state in states() if one == kind]
        compare(kind, language, [(state, read_out(page, f"#q-{key(f'{kind}-{state}')}")) for state in own])
    reflect = "[data-reflect='{}']"
    notes = ("unwritten", "near", "full")
    keys = [tiny_course.short_key("reflect", "all", name) for name in notes]
    compare("reflect", language, [(n, read_out(page, reflect.format(k))) for n, k in zip(notes, keys, strict=True)])
    pieces = [(one, read_out(page, reflect.format(portfolio_course.key(one)))) for one in PIECES]
    compare("portfolio", language, pieces)
    scenes = [("begun", "[data-scenario] >> nth=0"), ("walked", "[data-scenario] >> nth=1")]
    compare("scenario", language, [(name, read_out(page, where)) for name, where in scenes])
    parts = {
        "callout": ".callout", "accordion": ".more", "tabs": ".tabs", "media": ".media:has(video)",
        "figure": "figure:has(img)", "description": "figure:has(img) + details", "table": ".wide:visible",
        "standard": ".prose:has(> .more)", "sheet": ".sheet",
    }  # fmt: skip
    frame = {"header": "header", "footer": "footer", "skip": ".skip"}
    for name, where in {**{name: f".page.here {one}" for name, one in parts.items()}, **frame}.items():
        compare(name, language, [("here", read_out(page, where).replace(clock(page), "12:00"))])


def clock(page):
    """The time of day that the notice of saving ends with."""
    return page.inner_text("#x-saved").rpartition(" ")[2]


@pytest.fixture
def gallery(visit, package):
    """``gallery(language)`` -> the page, with every component in its state."""

    def shown(language, **setting):
        made = every_state()
        page = visit({**package(made, "none"), **made.media}, locale=language, **{**PHONE, **setting})
        page.evaluate("""window.refused = [];
            document.addEventListener("securitypolicyviolation", one => refused.push(one.violatedDirective))""")
        brought(page)
        return page

    return shown


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("cy", "dark")])
def test_every_component_in_every_state_on_a_phone(gallery, axe, language, scheme):
    page = gallery(language, color_scheme=scheme)
    assert axe(page) == []
    assert page.evaluate(OUT) == [False, []]
    assert page.evaluate(SMALL) == []
    assert page.evaluate(STUCK) == []
    assert page.evaluate("refused") == []
    compare_all(page, language)
    page.click(".page.here a.term >> visible=true")
    assert page.evaluate("axe.run('#x-meaning').then(found => found.violations.map(one => one.id))") == []
    compare("glossary", language, [("open", read_out(page, "#x-meaning"))])
    page.keyboard.press("Escape")
    page.evaluate(SHEET, SPACED)
    assert page.evaluate(OUT) == [False, []] and page.evaluate(CUT) == []


def test_looking_back_is_said_in_both_languages(launch, lms, package, axe):
    made = gallery_course.course(tiny_course.page("all", "only", gallery_course.in_state("single", "wrong")))
    lms.files = package(made)
    sco = launch(lesson_mode="review").sco
    form = f"#q-{key('single-wrong')}"
    sco.check(f"{form}-1")
    sco.click(f"{form} > .button")
    sco.wait_for_selector(f"{form} .verdict")
    for language in ("en", "cy"):
        assert axe(sco) == []
        compare("review", language, [("notice", read_out(sco, ".far")), ("wrong", read_out(sco, form))])
        sco.click("#x-tongue")
