"""Every kind of block and question in the browser: by keyboard, bilingual, on paper, without script, resumed."""

import re

import gallery_course
import pytest
import tiny_course
from gallery_course import course, key
from tiny_course import page as page_of

NEXT = ".page.here .turn .button >> visible=true"
WIDE = "document.documentElement.scrollWidth > innerWidth"
SMALL = """[...document.querySelectorAll(
    ".page.here :is(button, select, [type=text], summary, .scene a, .choices label)")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.9).map(one => one.outerHTML)"""
STOPS = """[...document.querySelectorAll(".page.here :is(a[href], button, select, input, summary, video, audio)")]
    .filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0
        && !(one.type === "radio" && one !== one.form[one.name][0])).map(one => one.dataset.seen = "no").length"""
SETTINGS = [
    ("en", {"viewport": {"width": 1280, "height": 900}}),
    ("cy", {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}),
]


def form(name):
    return f"#q-{key(name)}"


@pytest.fixture
def show(visit, package):
    """``show(*parts, **context)`` -> a course whose one page has these parts, opened without a learning system."""

    def shown(*parts, **options):
        made = course(page_of("all", "only", *parts))
        return visit({**package(made, "none"), **made.media}, **options)

    return shown


def verdict(page, name):
    page.click(f"{form(name)} > .button")
    page.wait_for_selector(f"{form(name)} .said .verdict")
    return page.inner_text(f"{form(name)} .said")


def again(page):
    page.reload()
    page.wait_for_selector("html[data-ready]")


def answer_all(page):
    """Give every question on the page an answer, and check it."""
    for one in page.locator(".page.here form >> visible=true").all():
        for select in one.locator("select >> visible=true").all():
            select.select_option("1")
        for field in one.locator("[type=text] >> visible=true").all():
            field.fill("151")
        for radio in one.locator("[type=radio]").all()[:1]:
            radio.check()
        one.locator("> .button").click()
        one.locator(".verdict").wait_for()


@pytest.mark.parametrize(("language", "setting"), SETTINGS, ids=["wide", "narrow and dark"])
def test_no_part_stands_in_anybodys_way(visit, package, axe, language, setting):
    made = course()
    page = visit({**package(made, "none"), **made.media}, locale=language, **setting)
    for one in made.modules[0].pages:
        page.wait_for_selector(f"#{one.id}.here")
        assert (axe(page), page.evaluate(WIDE)) == ([], False), one.id
        answer_all(page)
        for summary in page.locator(".page.here summary >> visible=true").all():
            summary.click()
        for link in page.locator(".scene.now a >> visible=true").all()[:1]:
            link.click()
        assert (axe(page), page.evaluate(WIDE)) == ([], False), f"{one.id}, done"
        assert page.evaluate(SMALL) == [], one.id
        page.click(NEXT)
    assert page.is_visible("#x-end [data-when=done]")
    assert page.inner_text("#x-end-answered") in ("8 of 8", "8 o 8")


# ------------------------------------------------------------------ tabs


def test_tabs_go_by_arrows_and_are_one_stop(show):
    page = show(gallery_course.tabs(), viewport={"width": 1000, "height": 700})
    page.focus("[role=tab] >> nth=0")
    walk = {"ArrowRight": 1, "End": 2, "ArrowLeft": 1, "Home": 0}
    for press, place in walk.items():
        page.keyboard.press(press)
        at = "one => [...one.parentElement.children].indexOf(one)"
        assert page.locator("*:focus").evaluate(at) == place
        assert [one.is_visible() for one in page.locator("[role=tabpanel]").all()] == [at == place for at in range(3)]
        assert [one.get_attribute("aria-selected") for one in page.locator("[role=tab]").all()].index("true") == place
    page.keyboard.press("ArrowLeft")
    assert page.locator("[role=tab]").evaluate_all("all => all.map(one => one.tabIndex)") == [-1, -1, 0]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tabpanel"
    assert page.get_by_role("tabpanel", name="The Head of Paid Service").inner_text().endswith("They staff.")


def test_tabs_are_headings_where_it_is_narrow_on_paper_and_without_script(show):
    page = show(gallery_course.tabs(), viewport={"width": 1000, "height": 700})
    headings = page.locator(".tabs h2")
    assert [one.is_visible() for one in headings.all()] == [False] * 3
    page.emulate_media(media="print")
    assert all(one.is_visible() for one in (*headings.all(), *page.locator(".tabs section p >> visible=true").all()))
    assert not page.is_visible("[role=tablist]") and page.locator(".tabs section p >> visible=true").count() == 3
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_selector(".tabs section:not([role])")
    assert all(one.is_visible() for one in headings.all()) and not page.is_visible("[role=tablist]")
    bare = show(gallery_course.tabs(), script=False)
    assert bare.locator(".tabs h2 >> visible=true").count() == 3
    assert bare.locator("[role=tablist], [role=tabpanel]").count() == 0


# ------------------------------------------------------------------ match


def test_matching_is_done_row_by_row_and_says_which_are_right(show):
    page = show(gallery_course.match())
    roles = form("roles")
    page.click(f"{roles} > .button")
    page.click(f"{roles} .wrong a")
    assert page.evaluate("document.activeElement.labels[0].textContent") == "Head of Paid Service"
    page.get_by_label("Head of Paid Service", exact=True).select_option(label="Staffing")
    page.click(f"{roles} > .button")
    assert page.evaluate("document.activeElement.className").startswith("wrong")
    page.get_by_label("Section 151 Officer", exact=True).select_option(label="Planning")
    said = verdict(page, "roles")
    assert said.startswith("Not quite") and "They are three." not in said and "Right answers: 1 of 2." in said
    assert page.locator(f"{roles} .pairs .tag").all_inner_texts() == ["Right", "Not right"]
    page.click(f"{roles} .answers summary")
    assert "They are three." in page.inner_text(f"{roles} .answers")
    page.get_by_label("Section 151 Officer", exact=True).select_option(label="Money")
    said = verdict(page, "roles")
    assert said.startswith("Correct") and "They are three." in said and not page.is_visible(f"{roles} .answers")
    again(page)
    assert page.locator(f"{roles} select[lang=en]").evaluate_all("all => all.map(one => one.value)") == ["1", "2"]


def test_changing_language_keeps_what_was_chosen_and_typed(show):
    page = show(gallery_course.match(), gallery_course.fill(), gallery_course.number())
    page.get_by_label("Head of Paid Service", exact=True).select_option(label="Staffing")
    page.get_by_label("Blank 2", exact=True).fill("arian")
    page.get_by_label("Your answer").fill("3,5")
    page.click("#x-tongue")
    chosen = page.get_by_label("Head of Paid Service (cy)", exact=True)
    assert chosen.evaluate("one => one.selectedOptions[0].label") == "Staffing (cy)"
    assert page.get_by_label("Bwlch 2", exact=True).input_value() == "arian"
    assert page.get_by_label("Eich ateb").input_value() == "3,5"
    page.get_by_label("Bwlch 1", exact=True).fill("152")
    page.click("#x-tongue")
    assert page.get_by_label("Blank 1", exact=True).input_value() == "152"


def test_the_order_of_what_to_choose_from_tells_nothing(package):
    text = package(course(page_of("all", "only", gallery_course.match())), "none")["all.html"].decode()
    for select in re.findall(r"<select.*?</select>", text, re.S):
        shown = re.findall(r'<option value="\d">([^<]*)', select)
        assert shown == sorted(shown) and len(shown) == 3


# ------------------------------------------------------------------ order


def test_steps_move_by_buttons_that_keep_the_focus_and_say_so(show):
    page = show(gallery_course.order())
    steps = page.locator(".steps > li")
    shown = steps.evaluate_all("all => all.map(one => one.dataset.step)")
    assert sorted(shown) == ["1", "2", "3", "4"] and shown != ["1", "2", "3", "4"]
    name = steps.nth(2).locator("p .t[lang=en]").inner_text()
    up = page.get_by_role("button", name=f"Move up {name}")
    up.focus()
    page.keyboard.press("Enter")
    assert page.inner_text(".steps + [role=status]") == f"{name}: 2 of 4"
    assert up.evaluate("one => one === document.activeElement")
    page.keyboard.press("Space")
    assert up.is_disabled() and page.inner_text(".steps + [role=status]") == f"{name}: 1 of 4"
    assert page.get_by_role("button", name=f"Move down {name}").evaluate("one => one === document.activeElement")
    assert steps.locator("button:disabled").count() == 2


def test_steps_come_back_in_the_order_they_were_checked(show):
    page = show(gallery_course.order())
    for at, words in enumerate(("Notice is published", "The committee meets", "The decision is recorded")):
        while page.locator(".steps > li p .t[lang=en]").nth(at).inner_text() != words:
            page.get_by_role("button", name=f"Move up {words}", exact=True).click()
    assert verdict(page, "steps").startswith("Correct")
    again(page)
    assert page.locator(".steps > li").evaluate_all("all => all.map(one => one.dataset.step)") == ["1", "2", "3", "4"]
    assert page.locator(".steps button:disabled").count() == 2
    assert page.locator(".steps .tag").all_inner_texts() == ["Right"] * 4


# ------------------------------------------------------------------ fill and number


def test_gaps_stand_in_the_sentence_and_each_says_whether_it_is_right(show):
    page = show(gallery_course.fill())
    page.get_by_label("Blank 1", exact=True).fill("ONE  five one")
    page.click(f"{form('gaps')} > .button")
    assert page.evaluate("document.activeElement.className").startswith("wrong")
    page.click(f"{form('gaps')} .wrong a")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Blank 2"
    page.keyboard.type("HARIAN'R SIR")
    assert verdict(page, "gaps").startswith("Correct")
    page.get_by_label("Blank 2", exact=True).fill("oil")
    assert "Right answers: 1 of 2." in verdict(page, "gaps")
    assert page.locator(f"{form('gaps')} .t[lang=en] .tag").all_inner_texts() == ["Right", "Not right"]
    page.click("#x-tongue")
    assert page.locator(f"{form('gaps')} .tag >> visible=true").all_inner_texts() == ["Cywir", "Ddim yn gywir"]
    again(page)
    assert page.get_by_label("Bwlch 2", exact=True).input_value() == "oil"


def test_a_number_has_to_be_one_and_attempts_run_out(show, axe):
    page = show(gallery_course.number(attempts=2, points=3, after_html=gallery_course.html("There are 22.")))
    count = form("count")
    assert "Points: 3" in page.inner_text(f"{count} .n") and "Attempts: 2." in page.inner_text(f"{count} .hint")
    field = page.get_by_label("Your answer")
    field.fill("many")
    page.click(f"{count} > .button")
    assert "Type a number, such as 3.5" in page.inner_text(f"{count} .wrong")
    field.fill("23")
    said = verdict(page, "count")
    assert "Attempts left: 1." in said and "There are 22." not in said
    field.fill("24")
    field.press("Enter")
    page.wait_for_selector(f"{count} .answers[open]")
    said = page.inner_text(f"{count} .said")
    assert "The answers are below." in said and "There are 22." in said
    assert page.inner_text(f"{count} .answers li") == "22"
    assert field.is_disabled() and page.inner_text(f"{count} > .button") == "No attempts left"
    assert page.evaluate("document.activeElement.className") == "button scripted"
    assert axe(page) == []
    page.keyboard.press("Enter")
    again(page)
    assert field.is_disabled() and field.input_value() == "24" and page.is_visible(f"{count} .answers li")
    assert not page.is_visible("#x-end") and "Not quite" in page.inner_text(f"{count} .said")


def test_answers_are_not_shown_before_the_last_attempt(show):
    page = show(gallery_course.number(attempts=3), gallery_course.match())
    page.get_by_label("Your answer").fill("2")
    verdict(page, "count")
    assert page.locator(".answers >> visible=true").count() == 0


def test_a_scale_is_kept_and_never_marked(show):
    page = show(gallery_course.scale())
    page.get_by_label("Fairly").check()
    said = verdict(page, "sure")
    assert said == "Your answer is kept\n\nThank you for saying so."
    assert page.inner_text(f"{form('sure')} > .button") == "Keep my answer"
    assert page.locator(f"{form('sure')} :is(.is-ready, .is-risk)").count() == 0
    page.get_by_label("Very").check()
    verdict(page, "sure")
    again(page)
    assert page.get_by_label("Very").is_checked() and page.inner_text(f"{form('sure')} .tag") == "Your answer"


# ------------------------------------------------------------------ pools


def test_a_pool_draws_the_same_again_and_numbers_what_it_drew(show):
    page = show(gallery_course.number(), gallery_course.pool())
    drawn = "all => all.map(one => one.dataset.question)"
    first = page.locator("form").evaluate_all(drawn)
    assert len(first) == 4
    told = [page.locator("form .n").nth(at).inner_text() for at in range(4)]
    assert told == [f"Question {at} of 4" for at in range(1, 5)]
    answer_all(page)
    again(page)
    assert page.locator("form").evaluate_all(drawn) == first
    assert page.locator(".verdict").count() == 4
    page.click(NEXT)
    assert page.inner_text("#x-end-answered") == "4 of 4"


def test_a_drawn_pool_is_kept_by_the_learning_system(launch, lms, package, until):
    lms.files = package(course(page_of("all", "only", gallery_course.pool())))
    learner = launch()
    drawn = "all => all.map(one => one.dataset.question)"
    first = learner.sco.locator("form").evaluate_all(drawn)
    answer_all(learner.sco)
    assert until(lambda: lms.cmi()["core"]["lesson_status"] == "completed")
    assert re.fullmatch("[0-9a-z]{3,8}", lms.saved()["s"]) and len(lms.saved()["a"].split()) == 3
    learner.close()
    assert launch().sco.locator("form").evaluate_all(drawn) == first


# ------------------------------------------------------------------ scenarios


def test_a_story_goes_scene_by_scene_and_remembers_its_way(show):
    page = show(gallery_course.scenario())
    shown = ".scene >> visible=true"
    assert page.locator(shown).count() == 1 and page.locator("[data-story] >> visible=true").count() == 0
    page.click(".scene.now a:text('Reply')")
    assert page.evaluate("document.activeElement.id") == "scene-email-reply-t"
    assert page.inner_text(".scene.now .tag") == "There was a better choice"
    page.click(".scene.now a:text('Try again')")
    page.focus(".scene.now a:text('Ring')")
    page.keyboard.press("Enter")
    assert "This story ends here." in page.inner_text(".scene.now")
    again(page)
    assert page.locator(shown).get_attribute("id") == "scene-email-ring"
    assert page.evaluate("document.activeElement === document.body")
    for scene in ("start", "reply", "start"):
        page.click("[data-story=back]")
        assert page.locator(shown).get_attribute("id") == f"scene-email-{scene}"
    assert page.locator("[data-story] >> visible=true").count() == 0
    page.click(".scene.now a:text('Ring')")
    page.click("[data-story=again]")
    assert page.evaluate("document.activeElement.id") == "scene-email-start-t"
    assert page.evaluate("location.hash") == ""


def test_a_way_that_is_none_begins_again(launch, lms, package, until):
    lms.files = package(course(page_of("all", "only", gallery_course.scenario())))
    learner = launch()
    learner.sco.click(".scene.now a:text('Ring')")
    story = tiny_course.short_key("scenario", "all", "email")
    assert until(lambda: lms.saved().get("p") == f"{story}2")
    learner.kill()
    state = lms.state["r1"]["cmi"]
    state["suspend_data"] = state["suspend_data"].replace(f"{story}2", f"{story}z9 zzzz1")
    assert launch().sco.locator(".scene >> visible=true").get_attribute("id") == "scene-email-start"


def test_without_script_every_scene_can_be_read_and_its_links_lead_on(visit, package):
    made = course(page_of("all", "only", gallery_course.scenario()))
    page = visit(package(made, "none"), script=False)
    assert page.locator(".scene >> visible=true").count() == 3
    page.click("a:text('Ring')")
    assert page.url.endswith("#scene-email-ring") and not page.is_visible("[data-story]")


# ------------------------------------------------------------------ recordings, pictures, local words


def test_captions_follow_the_language_unless_they_are_off(show):
    page = show(*gallery_course.recordings())
    modes = """() => [...document.querySelector("video").textTracks].map(one => `${one.language} ${one.mode}`)"""
    assert page.evaluate(modes) == ["en showing", "cy disabled"]
    page.click("#x-tongue")
    assert page.evaluate(modes) == ["en disabled", "cy showing"]
    page.evaluate("document.querySelector('video').textTracks[1].mode = 'disabled'")
    page.click("#x-tongue")
    assert page.evaluate(modes) == ["en disabled", "cy disabled"]
    assert page.locator("audio >> visible=true").get_attribute("src") == "media/a.en.mp3"
    assert page.get_attribute("video", "preload") == "none" and page.evaluate(
        "document.querySelector('video').controls"
    )


def test_a_recording_is_named_and_written_out(show):
    page = show(*gallery_course.recordings())
    name = "one => document.getElementById(one.getAttribute('aria-labelledby')).innerText"
    assert page.locator("video").evaluate(name) == "Welcome"
    page.get_by_text("Read what is said").first.click()
    assert page.locator(".media .fold >> nth=0").inner_text() == "Hello, and welcome to the council."
    page.emulate_media(media="print")
    assert page.locator(".media .fold p >> visible=true").count() == 2 and not page.is_visible("video")


def test_a_picture_has_its_caption_and_can_be_read(show):
    page = show(gallery_course.figure())
    assert page.get_by_role("figure").inner_text().startswith("Figure 1. A slate")
    assert page.get_by_role("img", name="A slate").evaluate("one => one.naturalWidth") > 0
    page.get_by_text("This picture in words").click()
    assert page.is_visible("text=It is plum grey")


# ------------------------------------------------------------------ paper, no script, keyboard


def test_paper_shows_what_was_answered_and_no_buttons(visit, package):
    made = course()
    page = visit({**package(made, "none"), **made.media})
    page.click(NEXT)
    answer_all(page)
    page.emulate_media(media="print")
    assert page.locator(".page.here button >> visible=true").count() == 0
    assert page.locator(".page.here select >> visible=true").count() == 2 and page.is_visible(".page.here .verdict")
    page.emulate_media(media="screen")
    page.click(NEXT)
    page.emulate_media(media="print")
    assert page.locator(".steps > li >> visible=true").count() == 4
    assert page.locator(".steps button >> visible=true").count() == 0


@pytest.mark.parametrize(
    ("tongue", "there"),
    [("en", "Section 151 Officer → Money"), ("cy", "Section 151 Officer (cy) → Money (cy)")],
    ids=["en", "cy"],
)
def test_without_script_every_question_can_be_read_and_answered_from_the_page(visit, package, tongue, there):
    made = course()
    page = visit({**package(made, "none"), **made.media}, path="all.html", script=False)
    page.check(f"#l-{tongue}")
    assert page.locator("form >> visible=true").count() == 11
    for summary in page.locator("form .answers summary").all():
        summary.click()
    assert there in page.locator(f"{form('roles')} .answers li").all_inner_texts()
    assert page.locator(f"{form('steps')} .answers li").first.inner_text().startswith("Notice is published")
    assert page.locator(f"{form('count')} .answers li").inner_text() == "22"
    assert page.locator("button:not(#x-tongue) >> visible=true").count() == 0


def test_every_control_of_every_part_can_be_reached_with_a_keyboard(visit, package):
    made = course()
    setting = {"viewport": {"width": 900, "height": 700}, "reduced_motion": "reduce"}
    page = visit({**package(made, "none"), **made.media}, **setting)
    for one in made.modules[0].pages:
        page.wait_for_selector(f"#{one.id}.here")
        wanted = page.evaluate(STOPS)
        page.focus(".page.here h1")
        for _ in range(80):
            page.keyboard.press("Tab")
            at = page.evaluate("""() => { const one = document.activeElement; delete one.dataset.seen;
                return [Boolean(one.closest(".page.here")), one.matches(":focus-visible"),
                        getComputedStyle(one).outlineStyle] }""")
            if not at[0]:
                break
            # The controls of a recording are the browser's, and show their own focus.
            native = page.evaluate("document.activeElement.matches('video, audio')")
            told = page.evaluate("document.activeElement.outerHTML")
            assert native or at[1:] == [True, "solid"], (one.id, told)
        assert wanted and page.locator("[data-seen]").evaluate_all("all => all.map(one => one.outerHTML)") == [], one.id
        page.click(NEXT)
