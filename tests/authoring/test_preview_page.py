"""The pretend LMS in a browser: it launches, logs, remembers each learner, and follows the course as it is saved."""

import re
from threading import Thread

import pytest

from authoring.build import build
from authoring.packages import PACKAGES
from authoring.preview import Live, Packed, open_server, unpacked

ENTRY = "- {{gss: {0}, slug: {1}, area: {{en: {2}, cy: {3}}}, council: {{en: {4}, cy: {5}}}}}\n"
TWO = ENTRY.format("W06000015", "cardiff", "Cardiff", "Caerdydd", "Cardiff Council", "Cyngor Caerdydd")
TWO += ENTRY.format("W06000023", "powys", "Powys", "Powys", "Powys County Council", "Cyngor Sir Powys")
READY = {"scorm12": "scorm12", "scorm2004-3": "scorm2004", "scorm2004-4": "scorm2004", "cmi5": "cmi5", "xapi": "xapi"}


@pytest.fixture
def show(whole):
    (whole / "authorities.yml").write_text(TWO, "utf-8")
    made = Live(whole)
    made.update()
    assert made.state.good
    return made


@pytest.fixture
def said():
    return []


@pytest.fixture
def address(show, said):
    server = open_server(show, "127.0.0.1", 0, "learner-1", said.append)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(context, address):
    """``visit(query)`` -> the pretend LMS with the course begun; complaints of the browser fail the test."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def go(query="", ready="scorm12"):
        page.goto(f"{address}?{query}")
        course(page).locator(f"html[data-ready={ready}]").wait_for()
        return page

    go.complaints = complaints
    yield go
    assert complaints == []


@pytest.fixture
def lms(visit):
    return visit()


@pytest.fixture
def save(show, make):
    """Makes edits to the course and lets the preview read it, as a save does."""

    def saved(*edits):
        make(*edits)
        show.update()

    return saved


def course(page):
    return page.frame_locator("#frame")


def mark(page):
    """Says whether the document in the frame is still the one that this was first called for."""
    frame = page.query_selector("#frame").content_frame()
    return frame.evaluate("() => { const known = Boolean(window.known); window.known = true; return known; }")


def settled(page):
    """Wait until the page has what a save is compared with."""
    page.query_selector("#frame").content_frame().wait_for_load_state("load")
    page.wait_for_timeout(300)
    mark(page)


WATER = ("edit", "01-first.en.md", "Fill the\n===\nPour fresh water into the\n")
BROKEN = ("edit", "01-first.en.md", "::: tip\n===\n::: tpi\n")


def test_calls_are_logged_and_what_the_lms_holds_is_shown(lms):
    lms.get_by_role("row").filter(has_text="cmi.core.lesson_status = incomplete").wait_for()
    lms.locator("#status", has_text="incomplete").wait_for()
    assert "/ 4096" in lms.inner_text("#size")


def test_calls_are_filtered_by_words_and_by_kind(lms):
    lms.get_by_role("cell", name="LMSCommit").first.wait_for()
    lms.fill("#words", "lesson_status")
    rows = lms.locator("#calls tr:visible")
    assert rows.count() and all("lesson_status" in text for text in rows.all_inner_texts())
    lms.fill("#words", "")
    lms.select_option("#kind", "write")
    assert not any("LMSGetValue" in text for text in rows.all_inner_texts())
    lms.select_option("#kind", "error")
    assert rows.count() == 0
    assert re.fullmatch(r"0 of \d+ calls", lms.inner_text("#calls-count"))
    lms.evaluate("() => window.API.LMSSetValue('cmi.core.student_id', 'x')")
    rows.filter(has_text="403").wait_for()
    lms.get_by_role("button", name="Empty the list").click()
    assert lms.inner_text("#calls-count") == "0 of 0 calls"


def test_the_list_of_calls_is_reached_and_read_with_the_keyboard(lms):
    lms.get_by_role("cell", name="LMSCommit").first.wait_for()
    lms.focus("#empty")
    lms.keyboard.press("Tab")
    assert lms.evaluate("() => document.activeElement.id") == "calls-scroll"


def test_a_save_changes_the_page_in_place(lms, save):
    settled(lms)
    save(WATER)
    course(lms).get_by_text("Pour fresh water into the").wait_for()
    assert mark(lms)


def test_what_was_scrolled_chosen_typed_opened_and_focused_stays(lms, save):
    inside = course(lms)
    inside.get_by_role("link", name="Next").first.click()
    inside.get_by_label("At 50 degrees").check()
    inside.get_by_text("A hint").click()
    inside.get_by_role("textbox").fill("Assam, I sup")
    settled(lms)
    frame = lms.query_selector("#frame").content_frame()
    before = frame.evaluate("() => scrollY")
    assert before > 0
    save(
        ("edit", "01-first.en.md", "Think first.\n===\nThink hard first.\n"),
        ("edit", "01-first.en.md", "> Perhaps Assam.\n===\n> Perhaps Keemun.\n"),
    )
    inside.get_by_text("Think hard first.").wait_for()
    inside.get_by_text("Perhaps Keemun.").wait_for(state="attached")
    assert mark(lms)
    assert inside.get_by_label("At 50 degrees").is_checked()
    assert inside.locator("form details[open]").first.is_visible()
    assert inside.get_by_role("textbox").input_value() == "Assam, I sup"
    assert frame.evaluate("() => document.activeElement.localName") == "textarea"
    assert abs(frame.evaluate("() => scrollY") - before) < 30
    inside.get_by_role("textbox").press_sequentially("pose")
    assert inside.get_by_role("textbox").input_value() == "Assam, I suppose"


def test_an_answer_and_its_verdict_survive_a_change_of_the_question(lms, save):
    inside = course(lms)
    inside.get_by_role("link", name="Next").first.click()
    inside.get_by_label("At 100 degrees").check()
    inside.locator("form").first.get_by_role("button", name="Check").click()
    inside.get_by_text("Correct").first.wait_for()
    settled(lms)
    save(("edit", "01-first.en.md", "Think first.\n===\nThink first.\n\nThen answer.\n"))
    inside.get_by_text("Then answer.").wait_for()
    assert mark(lms)
    assert inside.get_by_text("Correct").first.is_visible()
    assert inside.get_by_label("At 100 degrees").is_checked()


TABS = "::: {}\n### {}\nOne.\n\n### {}\nTwo, {{}}.\n:::\n\n## "


def test_tabs_are_built_once_and_stay_where_they_were(lms, save):
    save(
        ("edit", "01-first.en.md", f"## The end\n===\n{TABS.format('tabs', 'A', 'B').format('a cup')}The end\n"),
        ("edit", "01-first.cy.md", f"## Y diwedd\n===\n{TABS.format('tabiau', 'A', 'B').format('cwpan')}Y diwedd\n"),
    )
    inside = course(lms)
    inside.get_by_role("tab", name="B").click()
    settled(lms)
    save(WATER)
    inside.get_by_text("Pour fresh water into the").wait_for()
    assert inside.get_by_role("tablist").count() == 1
    assert inside.get_by_text("Two, a cup.").is_visible()
    save(("edit", "01-first.en.md", "Two, a cup.\n===\nTwo, a big cup.\n"))
    inside.get_by_text("Two, a big cup.").wait_for()
    assert mark(lms)
    assert inside.get_by_role("tablist").count() == 1
    assert inside.get_by_role("tab", name="B").get_attribute("aria-selected") == "true"


def test_steps_put_in_another_order_by_the_learner_keep_their_words(lms, save):
    order = "::: order #steps\nIn which order?\n\n1. Fill\n2. Boil\n3. {}\n:::\n\n## The end"
    welsh = "::: trefnu #steps\nYm mha drefn?\n\n1. Llenwi\n2. Berwi\n3. Arllwys\n:::\n\n## Y diwedd"
    save(
        ("edit", "01-first.en.md", f"## The end\n===\n{order.format('Pour')}\n"),
        ("edit", "01-first.cy.md", f"## Y diwedd\n===\n{welsh}\n"),
    )
    steps = course(lms).locator("[data-question] ol, [data-question] .choices").first
    steps.get_by_text("Pour").first.wait_for()
    settled(lms)
    course(lms).locator("[data-question] button[type=button]:not([disabled])").first.click()
    save(("edit", "01-first.en.md", "3. Pour\n===\n3. Pour slowly\n"))
    steps.get_by_text("Pour slowly").first.wait_for()
    text = steps.inner_text()
    assert [text.count(word) for word in ("Fill", "Boil", "Pour slowly")] == [1, 1, 1]


def test_a_page_that_the_player_has_changed_is_put_in_whole_and_stays_open(lms, save):
    settled(lms)
    frame = lms.query_selector("#frame").content_frame()
    frame.evaluate("() => document.querySelector('.page.here').prepend(document.createElement('hr'))")
    save(WATER)
    course(lms).get_by_text("Pour fresh water into the").wait_for()
    assert mark(lms)
    assert course(lms).locator(".page.here").get_attribute("id") == "water"


def test_a_question_more_opens_the_course_again_where_it_was(lms, save):
    inside = course(lms)
    inside.get_by_role("link", name="Next").first.click()
    inside.get_by_label("At 50 degrees").check()
    settled(lms)
    extra = "::: question #more\nMore?\n\n- (x) Yes\n  > Y.\n- ( ) No\n  > N.\n:::\n\n::: reflect"
    welsh = "::: question #more\nMwy?\n\n- (x) Ie\n  > I.\n- ( ) Na\n  > N.\n:::\n\n::: myfyrio"
    save(
        ("edit", "01-first.en.md", f"::: reflect\n===\n{extra}\n"),
        ("edit", "01-first.cy.md", f"::: myfyrio\n===\n{welsh}\n"),
    )
    inside.get_by_text("More?").wait_for()
    assert not mark(lms)
    inside.locator("html[data-ready]").wait_for()
    assert inside.get_by_label("At 50 degrees").is_checked()
    assert inside.get_by_role("heading", name="The end", exact=True).is_visible()


def test_a_module_that_was_fetched_ahead_comes_with_its_new_words(lms, show, save):
    settled(lms)
    title = re.search(r"^## .*\{#milk\}$", (show.folder / "02-second.en.md").read_text("utf-8"), re.M)[0]
    save(("edit", "02-second.en.md", f"{title}\n===\n## Milk or lemon {{#milk}}\n"))
    lms.wait_for_timeout(400)
    assert mark(lms)
    inside = course(lms)
    inside.locator(".menu summary").click()
    inside.locator(".menu a[href='second.html']").click()
    inside.get_by_role("heading", name="Milk or lemon").wait_for()


def test_problems_stand_above_and_beside_the_last_good_version_until_they_are_mended(lms, show, save):
    good = (show.folder / "01-first.en.md").read_text("utf-8")
    settled(lms)
    save(BROKEN)
    lms.locator("#problem-list").get_by_text("01-first.en.md:28:1").wait_for()
    assert "1 error stops the page from being shown anew." in lms.inner_text("#problem-count")
    note = course(lms).locator(".ktb-problem")
    note.wait_for()
    assert all(word in note.inner_text() for word in ("01-first.en.md:28:1", "unknown-block", "Did you mean “tip”?"))
    assert course(lms).locator(".ktb-problem + .callout").count() == 1
    assert course(lms).get_by_role("heading", name="Water").is_visible()
    save(("write", "01-first.en.md", good.replace("Fill the", "Fill up the")))
    course(lms).get_by_text("Fill up the").wait_for()
    lms.locator("#problems").wait_for(state="hidden")
    assert course(lms).locator(".ktb-problem").count() == 0
    assert mark(lms)


def test_problems_are_told_while_the_course_has_come_in_part_only(context, address, save):
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def cut(route):
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().partition('<script type="application/json" id="x-outline"')[0]
        )

    page.route("**/index.html*", cut)
    page.goto(address)
    course(page).get_by_role("heading", name="Water").wait_for(state="attached")
    save(BROKEN)
    page.locator("#problem-list").get_by_text("01-first.en.md:28:1").wait_for()
    page.wait_for_timeout(100)
    assert complaints == []


def test_a_problem_of_another_page_is_found_from_the_list(lms, save):
    settled(lms)
    save(("edit", "01-first.en.md", "- ( ) At `50` degrees\n===\n- (x) At `50` degrees\n"))
    lms.get_by_role("button", name="Go there").first.click()
    course(lms).get_by_role("heading", name="The end", exact=True).wait_for()
    note = course(lms).locator(".ktb-problem + form[data-question]")
    note.first.wait_for()
    frame = lms.query_selector("#frame").content_frame()
    frame.wait_for_selector(".ktb-problem:focus")


BEGUN_ANEW, TAKEN_UP = ("cmi.core.lesson_status", "not attempted"), ("cmi.suspend_data", '"v":')


def answered(page, element, value):
    """The call by which the course asked for an element and was given this."""
    asked = page.get_by_role("row").filter(has_text="LMSGetValue").filter(has_text=element)
    return asked.filter(has_text=value)


def test_each_learner_has_a_record_and_can_begin_again(lms, address):
    lms.locator("#status", has_text="incomplete").wait_for()
    lms.locator(".who summary").click()
    lms.fill("#learner", "siân/2")
    lms.fill("#name", "Ŵyn, Siân")
    lms.get_by_role("button", name="Be this learner").click()
    answered(lms, "cmi.core.student_id", "siân/2").wait_for()
    answered(lms, *BEGUN_ANEW).wait_for()
    course(lms).get_by_role("link", name="My portfolio").click()
    answered(lms, "cmi.core.student_name", "Ŵyn, Siân").first.wait_for()
    lms.goto(f"{address}?learner=learner-1")
    answered(lms, *TAKEN_UP).wait_for()
    lms.locator(".who summary").click()
    lms.get_by_role("button", name="Forget this learner").click()
    answered(lms, *BEGUN_ANEW).wait_for()


def test_closing_ends_the_session_and_opening_begins_another(lms):
    lms.get_by_role("button", name="Close the course").click()
    lms.get_by_role("cell", name="LMSFinish").wait_for()
    lms.get_by_role("button", name="Open the course").click()
    answered(lms, *TAKEN_UP).wait_for()


@pytest.mark.parametrize("standard", list(PACKAGES))
def test_every_format_is_launched_and_takes_up_a_finished_learner(visit, standard):
    page = visit(f"format={standard}&state=finished", READY.get(standard, "none"))
    course(page).locator(".menu summary").click()
    assert course(page).locator(".menu").get_by_text("Completed").count() == 2
    if standard not in ("web", "cmi5", "xapi"):
        page.locator("#status", has_text=re.compile("passed|completed")).wait_for()
    if standard in ("cmi5", "xapi"):
        page.get_by_role("row").filter(has_text="initialized").first.wait_for()
        page.get_by_role("row").filter(has_text="learner-state").first.wait_for()


def test_states_of_the_learner_are_kept_in_the_address(lms, visit):
    lms.select_option("#state", "half")
    answered(lms, *TAKEN_UP).wait_for()
    assert "state=half" in lms.url
    course(lms).get_by_role("heading", name="The end", exact=True).wait_for()
    course(lms).locator(".verdict").first.wait_for()
    lms.select_option("#state", "new")
    answered(lms, *BEGUN_ANEW).first.wait_for()
    again = visit("state=review")
    again.get_by_role("row").filter(has_text="cmi.core.lesson_mode").filter(has_text="review").wait_for()
    assert again.locator("#state").input_value() == "review"
    assert again.locator("#calls tr").filter(has_text="LMSSetValue").count() == 0


def test_an_authority_has_its_own_words(lms, save):
    save(
        ("edit", "01-first.en.md", "Fill the\n===\nIn {{ authority.name }}, fill the\n"),
        ("edit", "01-first.cy.md", "Llenwch y\n===\nYn {{ authority.name }}, llenwch y\n"),
    )
    course(lms).get_by_text("In your council, fill the").wait_for()
    lms.select_option("#authority", "W06000015")
    course(lms).get_by_text("In Cardiff Council, fill the").wait_for()
    assert "authority=W06000015" in lms.url
    settled(lms)
    save(("edit", "01-first.en.md", ", fill the\n===\n, fill up the\n"))
    course(lms).get_by_text("In Cardiff Council, fill up the").wait_for()
    assert mark(lms)


def test_the_language_is_that_of_page_and_course_and_stands_in_the_address(lms):
    lms.locator("#tongue").click()
    course(lms).locator("html[lang=cy]").wait_for()
    assert lms.get_by_role("heading", name="Galwadau, y diweddaraf yn gyntaf").is_visible()
    assert lms.title() == "LMS ffug: Te a <bisgedi>" and "language=cy" in lms.url
    course(lms).locator("#x-tongue").click()
    lms.get_by_role("heading", name="Calls, newest first").wait_for()
    assert "language=en" in lms.url


def test_a_shared_address_shows_the_same(visit):
    page = visit("learner=ann&language=cy&format=scorm2004-4&authority=W06000023&state=finished", "scorm2004")
    assert course(page).locator("html").get_attribute("lang") == "cy"
    shown = [page.locator(f"#{name}").input_value() for name in ("format", "authority", "state", "learner")]
    assert shown == ["scorm2004-4", "W06000023", "finished", "ann"]
    assert page.locator("#authority option:checked").inner_text() == "Cyngor Sir Powys"


def test_the_browsers_own_errors_come_to_the_terminal(visit, said):
    page = visit()
    frame = page.query_selector("#frame").content_frame()
    frame.evaluate("() => { setTimeout(() => { throw new Error('thrown'); }); }")
    frame.evaluate("() => { Promise.reject(new Error('rejected')); }")
    frame.evaluate("() => console.error('said', {a: 1})")
    for address in ("https://elsewhere.test/a.png", "media/none.svg"):
        frame.evaluate("src => document.body.append(Object.assign(new Image(), { src }))", address)
    wanted = ("thrown", "rejected", 'said {"a":1}', "Content-Security-Policy (img-src", "cannot load media/none.svg")
    for _ in range(100):
        if all(any(part in line for line in said) for part in wanted):
            break
        page.wait_for_timeout(50)
    assert [part for part in wanted if not any(part in line for line in said)] == []
    assert all(line.startswith("page: ") for line in said)
    visit.complaints.clear()


def test_an_error_of_the_players_script_names_file_and_line(visit, context, address, said, monkeypatch):
    from authoring.render import Drawing

    monkeypatch.setattr(Drawing, "scripts", lambda self: {"player.js": b"\n\nnothing.at.all();\n"})
    page = context.new_page()
    with page.expect_response("**/errors"):
        page.goto(address)
    assert said == ["page: Uncaught ReferenceError: nothing is not defined (player.js:3)"]


def test_a_course_that_is_broken_at_first_is_shown_once_it_is_mended(context, whole, make):
    good = (whole / "01-first.en.md").read_text("utf-8")
    show = Live(make(BROKEN))
    show.update()
    server = open_server(show, "127.0.0.1", 0, "a", print)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
    course(page).get_by_text("The course cannot be shown yet.").wait_for()
    page.locator("#problem-list").get_by_text("01-first.en.md:28:1").wait_for()
    make(("write", "01-first.en.md", good))
    show.update()
    course(page).get_by_role("heading", name="Water").wait_for()
    assert page.title() == "A pretend LMS: Tea & <biscuits>"
    server.shutdown()
    server.server_close()


def test_a_course_in_parts_is_launched_part_by_part(visit, save):
    save(("edit", "course.yml", "modules: [first, second]\n===\nmodules: [first, second]\nsco: module\n"))
    page = visit("state=finished")
    assert page.locator("#part option").count() == 2
    assert course(page).get_by_role("heading", name="The end", exact=True).is_visible()
    page.locator("#status", has_text="completed").wait_for()
    page.select_option("#part", "second.html")
    course(page).locator("#x-module #milk").wait_for(state="attached")
    assert "part=second.html" in page.url
    settled(page)
    save(
        ("edit", "02-second.en.md", "{#milk}\n===\n{#milk}\n\nA drop of it.\n"),
        ("edit", "02-second.cy.md", "{#milk}\n===\n{#milk}\n\nDiferyn.\n"),
    )
    course(page).get_by_text("A drop of it.").wait_for()
    assert mark(page)


def test_a_document_that_comes_when_the_frame_has_left_the_course_is_not_read(context, visit):
    """The frame's window has the policy of the LMS's page then, which is against the course's style sheet."""
    held = []

    def hold(route):
        held.append(route) if fetched(route.request) else route.continue_()

    def fetched(request):
        return request.resource_type == "fetch" and request.frame.parent_frame is None

    context.route("**/*.html", hold)
    with context.expect_event("request", fetched):
        page = visit()
    page.evaluate("document.getElementById('frame').contentWindow.location.replace('about:blank')")
    page.query_selector("#frame").content_frame().wait_for_url("about:blank")
    for route in held:
        with page.expect_response(route.request.url):
            route.continue_()
    page.wait_for_timeout(300)


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004-4", "cmi5", "xapi"])
def test_a_zip_is_shown_as_it_was_built(context, whole, tmp_path, standard):
    (built,) = build(whole, tmp_path, [standard])
    server = open_server(Packed(unpacked(built.path)), "127.0.0.1", 0, "a", print)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/?state=half")
    course(page).locator(f"html[data-ready={READY[standard]}]").wait_for()
    assert page.locator("#format option").all_inner_texts() == [page.locator("#format option:checked").inner_text()]
    page.locator("#calls tr").first.wait_for()
    server.shutdown()
    server.server_close()


def test_the_focus_stays_on_what_was_chosen(lms):
    lms.focus("#format")
    lms.select_option("#format", "web")
    course(lms).locator("html[data-ready=none]").wait_for()
    assert lms.evaluate("() => document.activeElement.id") == "format"


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_page_is_accessible_in_both_languages_and_at_both_widths(visit, save, axe, language, width):
    page = visit(f"language={language}")
    page.set_viewport_size({"width": width, "height": 800})
    settled(page)
    save(BROKEN)
    course(page).locator(".ktb-problem").first.wait_for()
    page.locator(".who summary").click()
    assert axe(page) == []
    assert axe(page.query_selector("#frame").content_frame()) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
