"""The conventions of the markup: landmarks, focus, live regions, paper, and what must never be there."""

import re

import gallery_course
import pytest
import tiny_course
from gallery_course import course, every_state, key
from tiny_course import page as page_of

from authoring.course import Text
from authoring.render import styles

NEXT = ".page.here .turn .button >> visible=true"
SAID = """id => { window.said = []; const place = document.querySelector(id + " .said");
    new MutationObserver(() => said.push(place.innerText.split("\\n")[0])).observe(place, { childList: true }) }"""
FORM = f"#q-{key('single-wrong')}"


def only(*parts):
    return course(page_of("all", "only", *parts))


@pytest.fixture
def show(visit, package):
    """``show(*parts, **context)`` -> a course whose one page has these parts, opened without a learning system."""

    def shown(*parts, **options):
        made = only(*parts)
        return visit({**package(made, "none"), **made.media}, **options)

    return shown


# ------------------------------------------------------------------ the frame of every page


def test_the_skip_link_moves_the_focus(visit):
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main .page.here'))")


def test_every_screen_has_one_heading_its_landmarks_and_help_in_the_same_place(visit):
    page = visit()
    for name in ("x-help", "x-recorded", "x-accessibility", "x-terms"):
        page.click(f"footer a[href$='#{name}']")
        page.wait_for_selector(f"#{name}.here")
        assert page.locator("h1 >> visible=true").evaluate_all("all => all.map(one => one.tabIndex)") == [-1]
        assert [page.get_by_role(role).count() for role in ("banner", "main", "contentinfo")] == [1, 1, 1]
        assert page.get_by_role("navigation", name=re.compile("^$")).count() == 0
        assert page.locator("footer a").first.inner_text() == "Help"
        assert page.locator("[role=application], [accesskey], [draggable=true]").count() == 0


def test_going_on_shows_the_top_of_the_page(visit):
    page = visit(viewport={"width": 320, "height": 480})
    page.locator(NEXT).scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 0
    page.click(NEXT)
    assert page.evaluate("[scrollY, document.activeElement.tagName]") == [0, "H1"]


def test_whatever_is_written_says_its_language(visit, package):
    made = every_state()
    page = visit({**package(made, "none"), **made.media})
    told = page.evaluate("""() => [...document.querySelectorAll(".t")].filter(one => !["en", "cy"].includes(one.lang)
        || one.querySelector(".t")).length""")
    assert told == 0
    wrong = "all => all.filter(one => one.lang === document.documentElement.lang).length"
    assert page.locator("#x-tongue").evaluate_all(wrong) == 0
    assert page.locator("textarea").first.evaluate("one => one.closest('[lang]').lang") == "en"


# ------------------------------------------------------------------ questions


def test_the_same_verdict_is_said_again(show, until):
    page = show(gallery_course.in_state("single", "wrong"))
    assert page.locator(":checked").count() == 0
    page.evaluate(
        """id => { window.said = []; const place = document.querySelector(id + " .said");
        new MutationObserver(() => said.push(place.innerText.split("\\n")[0])).observe(place, { childList: true }) }""",
        FORM,
    )
    page.check(f"{FORM}-1")
    for _ in range(2):
        count = page.evaluate("said.length")
        page.click(f"{FORM} > .button")
        assert until(lambda count=count: page.evaluate("n => said.length > n && said.at(-1)", count))
    assert page.evaluate("said") == ["Not quite", "", "Not quite"]


def test_the_way_from_an_error_shows_what_was_asked(show):
    telling = tiny_course.prose("Long ago. " * 200)
    page = show(telling, gallery_course.in_state("single", "wrong"), viewport={"width": 320, "height": 480})
    assert page.inner_text("#" + page.get_attribute(f"{FORM} fieldset", "aria-describedby")) == "Choose one answer."
    page.click(f"{FORM} > .button")
    assert page.title().startswith("Error: ") and page.get_by_role("alert").count() == 1
    page.click(f"{FORM} .wrong a")
    assert page.evaluate("document.activeElement.id") == f"{FORM[1:]}-1"
    top = page.locator(f"{FORM} legend").evaluate("one => one.getBoundingClientRect().top")
    assert 0 <= top < 200
    described = page.get_attribute(f"{FORM} fieldset", "aria-describedby").split()
    assert [page.inner_text(f"#{name}") for name in described] == ["Choose one answer.", "Error: Choose an answer"]


@pytest.mark.parametrize(
    ("wording", "given", "right"),
    [
        ("arian", "harian", True), ("arian", "Arian", True), ("cyngor", "gyngor", True), ("cyngor", "nghyngor", True),
        ("cyngor", "chyngor", True), ("gwaith", "waith", True), ("llywodraeth", "lywodraeth", True),
        ("pobl ifanc", "phobl ifanc", True), ("pobl ifanc", "pobl hifanc", False),
        ("Cyngor Gwynedd", "nghyngor Gwynedd", True),
        ("gyngor", "cyngor", False), ("cyngor", "ngyngor", False), ("tŷ", "dŷ", True), ("151", "h151", False),
    ],
)  # fmt: skip
def test_a_mutated_form_of_an_accepted_welsh_word_is_accepted(unit, wording, given, right):
    import json

    from authoring.course import Blank
    from authoring.render import facts_of

    question = gallery_course.asked("gap", "fill", blanks=(Blank("1", ("x",), (wording,)),))
    assert unit("return judged(given[0], [given[1]]).right", [json.loads(facts_of(question, None)), given]) is right


def test_what_is_told_of_a_gap_is_the_first_wording_as_the_author_wrote_it(package):
    made = only(gallery_course.fill())
    assert tiny_course.outline(made)["modules"][0]["questions"][0]["blanks"][1]["cy"] == ["arian", "harian’r sir"]
    text = package(made, "none")["all.html"].decode()
    assert '"cy":["arian","harian"' in text


def test_a_sign_after_a_gap_stays_with_it(show):
    gap = '<span class="blank" data-blank="{}"></span>'
    stem = Text(*(f"<p>Of {gap.format(1)}’r and {gap.format(2)}, of {gap.format(1)} too.</p>",) * 2)
    page = show(gallery_course.asked("gaps", "fill", stem_html=stem, blanks=gallery_course.fill().blanks))
    assert page.locator(".gap >> visible=true").all_inner_texts() == ["’r", ",", ""]


# ------------------------------------------------------------------ pictures, recordings, tables, terms


def test_recordings_wait_to_be_asked_and_carry_their_words(show):
    page = show(*gallery_course.recordings(), gallery_course.figure())
    assert page.locator("[autoplay], video:not([controls]), audio:not([preload=none])").count() == 0
    tracks = page.locator("video track").evaluate_all("all => all.map(one => [one.kind, one.srclang, one.default])")
    assert tracks == [["captions", "en", True], ["captions", "cy", False]]
    assert page.locator(".media").evaluate_all("all => all.every(one => one.querySelector('details'))")
    assert page.locator("img:not([alt]), img[alt=''], img:not([width])").count() == 0


def test_a_table_is_a_stop_and_a_place_only_where_it_scrolls(show, until):
    page = show(gallery_course.table(), viewport={"width": 1280, "height": 800})
    box = page.locator(".wide >> visible=true")
    assert box.get_attribute("tabindex") is None and page.get_by_role("region").count() == 0
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_selector(".wide[tabindex='0']")
    assert page.get_by_role("region", name="Who answers to whom").count() == 1
    page.click("#x-tongue")
    page.wait_for_selector(".t[lang=cy] .wide[tabindex='0']")
    assert page.get_by_role("region", name="Pwy sy’n atebol i bwy").count() == 1
    box.focus()
    page.keyboard.press("ArrowRight")
    assert until(lambda: page.evaluate("document.activeElement.scrollLeft > 0"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_selector(".t[lang=cy] .wide:not([tabindex])")


def test_a_term_waits_for_a_press_and_goes_away_on_escape(visit):
    page = visit()
    page.hover("a.term >> visible=true")
    assert not page.is_visible("#x-meaning") and page.locator("main [title]").count() == 0
    page.focus("a.term >> visible=true")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="duty").is_visible()
    page.keyboard.press("Escape")
    assert not page.is_visible("#x-meaning")
    assert page.evaluate("document.activeElement.className") == "term"


# ------------------------------------------------------------------ paper


def test_paper_shows_the_way_that_was_taken_through_a_story(show):
    page = show(gallery_course.scenario())
    shown = "all => all.map(one => one.id)"

    def printed():
        page.emulate_media(media="print")
        found = page.locator(".scene >> visible=true").evaluate_all(shown)
        page.emulate_media(media="screen")
        return found

    assert printed() == ["scene-email-start"]
    page.click(".scene.now a:text('Reply')")
    assert printed() == ["scene-email-start", "scene-email-reply"]
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert printed() == ["scene-email-start", "scene-email-reply"]
    page.click(".scene.now a:text('Try again')")
    page.click(".scene.now a:text('Ring')")
    assert printed() == ["scene-email-start", "scene-email-reply", "scene-email-ring"]
    page.click("[data-story=again]")
    assert printed() == ["scene-email-start"]


def test_paper_opens_what_is_shut(show):
    accordion = tiny_course.first().pages[0].parts[-1]
    page = show(accordion, gallery_course.figure(), gallery_course.table(), viewport={"width": 320, "height": 640})
    page.emulate_media(media="print")
    for words in ("It is this.", "It is that.", "It is plum grey"):
        assert (
            page.locator(f".t[lang=en] >> text={words}").first.evaluate("one => one.getBoundingClientRect().height") > 0
        )
    assert page.locator(".wide >> visible=true").evaluate("one => getComputedStyle(one).overflowX") == "visible"


# ------------------------------------------------------------------ the style sheet and the policy


def test_colours_forced_by_the_reader_leave_the_open_tab_marked_and_the_focus_too(show):
    page = show(gallery_course.tabs(), forced_colors="active", viewport={"width": 1000, "height": 700})
    style = "all => all.map(one => [getComputedStyle(one).borderTopWidth, getComputedStyle(one).outlineStyle])"
    others = [["1px", "none"]] * 2
    assert page.locator("[role=tab]").evaluate_all(style) == [["3px", "none"], *others]
    page.locator("[role=tab]").first.focus()
    assert page.locator("[role=tab]").evaluate_all(style) == [["3px", "solid"], *others]


def test_the_style_sheet_moves_nothing_hides_no_focus_and_has_sizes_that_grow():
    css = styles()
    calm = re.sub(r"@media ?\(prefers-reduced-motion: ?no-preference\)\{(?:[^{}]*\{[^{}]*\})*\}", "", css)
    # What waits for the script is not there and then is: nothing in it moves.
    assert "@keyframes waiting{from,to{display:none}}" in css
    calm = calm.replace("animation:waiting 4s", "")
    assert calm != css and not re.search(r"transition|animation|scroll-behavior", calm)
    unfocused = re.findall(r"([^{}]+)\{[^{}]*outline:(?:0|none)[^{}]*\}", css)
    assert {name.strip() for one in unfocused for name in one.split(",")} == {"h1:focus", "main:focus"}
    assert not re.search(r"font-size:[\d.]+px|font:[^;}]*\dpx", css)
    assert not re.search(r"position:(?:sticky|fixed)", css) and "scroll-padding" in css


def test_no_page_of_any_kind_runs_or_styles_anything_of_its_own(package):
    made = every_state()
    for name, body in package(made, "none").items():
        if name.endswith(".html"):
            text = body.decode()
            assert re.findall(r"<[^>]+\s(?:style|on\w+)=", text) == [] and "javascript:" not in text
            scripts = {one for one in re.findall(r"<script[^>]*>", text) if ' type="application/json"' not in one}
            assert scripts == {'<script src="player.js" defer>'}


def test_only_what_is_typed_or_chosen_from_a_list_says_that_nothing_is_to_be_filled_in(package):
    """HTML allows it of a form, and of fields with words in them; not of a button that is chosen."""
    texts = [body.decode() for name, body in package(every_state(), "none").items() if name.endswith(".html")]
    told = [tag for text in texts for tag in re.findall(r"<(?!form|select)[^>]+\sautocomplete=[^>]+>", text)]
    assert told and all('type="text"' in tag for tag in told)
    assert any(
        "data-reflect" in form and 'autocomplete="off"' in form for form in re.findall(r"<form[^>]*>", "".join(texts))
    )
