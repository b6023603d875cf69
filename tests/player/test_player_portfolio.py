"""The learner's portfolio: kept as it is written, shown whole, taken away, and read back years later."""

import json
import re
from pathlib import Path

import jsonschema_rs
import portfolio_course
import pytest
import tiny_course
from portfolio_course import element, key

from authoring.packages import PACKAGES

# How the system launches that the tests of statements begin with.
FORMAT = "cmi5"
SCHEMA = Path(__file__).parents[2] / "authoring" / "schemas" / "portfolio.json"
WORK = tiny_course.reflect_key("work")
WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def files(package):
    """``files(adapter)`` -> a package of the course with every kind of piece."""
    return lambda adapter="none", **changes: package(portfolio_course.course(), adapter, **changes)


def own_page(page):
    """To the page with the other pieces."""
    page.click(".menu summary")
    page.click(".menu a[href='own.html']")
    page.wait_for_selector("#mine.here")


def write(page):
    """Something of every kind."""
    page.fill(f"#r-{key('aim')}", "Chair a hard meeting\nwell")
    page.fill(f"#r-{key('aim')}-d", "2027-03-01")
    page.fill(f"#r-{key('feat')}", "Led a <b>review</b> & Siân’s")
    page.fill(f"#r-{key('feat')}-d", "2026-10-05")
    for id, level in (("KS1", 3), ("PC3", 1), ("PQ:integrity", 4)):
        page.check(f"[value='{element(id)}{level}']")
    for at, words in enumerate(("Speak Welsh at work", "A course", "Menna"), 1):
        page.fill(f"#r-{key('plan')}-1-{at}", words)
    page.fill(f"#r-{key('plan')}-1-4", "2027-06-30")
    page.fill(f"#r-{key('plan')}-2-1", "Second goal")


def portfolio(page):
    page.click("footer a[href$='#x-wrote']")
    page.wait_for_selector("#x-paper")
    return page.inner_text("#x-paper")


def taken(page, button="#x-download-file"):
    """The text of what a button downloads, and the name it is given."""
    with page.expect_download() as got:
        page.click(button)
    return got.value.path().read_text("utf-8"), got.value.suggested_filename


@pytest.fixture
def writer(visit, files):
    """A learner without a learning system who has written everything, on the portfolio page."""
    page = visit(files())
    own_page(page)
    write(page)
    portfolio(page)
    return page


def test_every_kind_is_there_again_after_a_reload(writer):
    writer.reload()
    writer.wait_for_selector("html[data-ready]")
    own_page(writer)
    assert writer.input_value(f"#r-{key('aim')}") == "Chair a hard meeting\nwell"
    assert writer.input_value(f"#r-{key('aim')}-d") == "2027-03-01"
    assert writer.is_checked(f"[value='{element('KS1')}3']") and writer.is_checked(
        f"[value='{element('PQ:integrity')}4']"
    )
    assert writer.locator("input:checked").count() == 3
    assert writer.input_value(f"#r-{key('plan')}-1-4") == "2027-06-30"
    assert writer.input_value(f"#r-{key('plan')}-2-1") == "Second goal"
    assert writer.is_visible(f"[data-reflect='{key('needs')}'] .after")


def test_the_page_shows_it_all_by_module_with_dates(writer):
    text = writer.inner_text("#x-paper")
    order = [
        "Module own", "What of your aim?", "Goal · ", "Chair a hard meeting\nwell", "By 1 March 2027",
        "What of your feat?", "Achievement · ", "Led a <b>review</b> & Siân’s", "On 5 October 2026",
        "Needs self-check · ", "I need to learn this", "Challenge and support", "I do this well",
        "The role of the manager",
        "Development plan · ", "Speak Welsh at work", "With whom", "Menna", "30 June 2027", "Second goal",
    ]  # fmt: skip
    places = [text.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert len(re.findall(r" · \d{1,2} \w+ 20\d\d, \d\d:\d\d", text)) == 4
    writer.click("#x-tongue")
    assert "Erbyn 1 Mawrth 2027" in writer.inner_text("#x-paper") and "Herio a chefnogi" in writer.inner_text(
        "#x-paper"
    )


def test_paper_has_every_line(visit, files):
    page = visit(files())
    own_page(page)
    page.fill(f"#r-{key('aim')}", "\n".join(f"line {number}." for number in range(60)))
    page.emulate_media(media="print")
    assert page.inner_text(".page.here .own >> nth=0").count("line ") == 60
    assert not page.is_visible(f"#r-{key('aim')}")
    page.emulate_media(media="screen")
    portfolio(page)
    page.emulate_media(media="print")
    assert page.inner_text("#x-paper").count("line ") == 60
    assert not page.is_visible("#x-file") and not page.is_visible("#x-print")


def test_it_is_downloaded_to_read_and_escaped(writer):
    text, name = taken(writer, "#x-download")
    assert name == "tiny.html"
    assert "Led a &lt;b&gt;review&lt;/b&gt; &amp; Siân’s" in text and "<script" not in text and "(cy)" not in text
    page = writer.context.new_page()
    page.set_content(text)
    assert page.title() == "Tiny" and "Speak Welsh at work" in page.inner_text("body")


def test_it_is_copied(visit, files):
    page = visit(files(), permissions=["clipboard-read", "clipboard-write"])
    own_page(page)
    write(page)
    portfolio(page)
    page.click("#x-copy")
    page.wait_for_selector("#x-copy-said :text('Copied.') >> visible=true")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Tiny\n\n") and "With whom: Menna\n" in text and "(cy)" not in text


def test_a_name_goes_along_only_when_ticked(launch, lms, files):
    lms.files = files("scorm12")
    learner = launch()
    assert "Siân" not in portfolio(learner.sco)
    learner.sco.check("#x-named-tick")
    assert "Ŵyn, Siân" in learner.sco.inner_text("#x-paper")


def test_the_file_is_what_its_schema_says(writer):
    text, name = taken(writer)
    file = json.loads(text)
    assert name == "tiny-portfolio.json"
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8"))).validate(file)
    assert file["format"] == "ktb-portfolio" and file["version"] == 1 and "name" not in file
    assert file["course"] == {
        "id": "tiny", "iri": tiny_course.BASE, "title": {"en": "Tiny", "cy": "Tiny (cy)"}, "version": "0.1.0",
    }  # fmt: skip
    (module,) = file["modules"]
    assert (module["id"], module["title"]["cy"]) == ("own", "Module own (cy)")
    aim, feat, needs, plan = module["pieces"]
    assert (aim["id"], aim["kind"], aim["words"], aim["by"]) == (
        "aim",
        "goal",
        "Chair a hard meeting\nwell",
        "2027-03-01",
    )
    assert aim["title"]["cy"] == "What of your aim? (cy)" and re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", aim["written"])
    assert feat["on"] == "2026-10-05"
    assert [(one["id"], one["level"]) for one in needs["elements"]] == [("KS1", 3), ("PC3", 1), ("PQ:integrity", 4)]
    assert plan["rows"][0] == {"goal": "Speak Welsh at work", "action": "A course", "with": "Menna", "by": "2027-06-30"}
    assert "key" not in text.replace('"keys"', "")


def give(page, text, name="p.json"):
    """Hand a file to the page; what it says of it."""
    body = text.encode() if isinstance(text, str) else text
    page.set_input_files("#x-file", {"name": name, "mimeType": "application/json", "buffer": body})
    page.wait_for_selector("#x-found > p:focus")
    said = page.inner_text("#x-found")
    page.evaluate("document.activeElement.blur()")
    return said


def test_another_council_reads_it_back(writer, visit, files):
    text, _ = taken(writer)
    page = visit(files())
    own_page(page)
    page.fill(f"#r-{key('aim')}", "What I wrote here")
    page.fill(f"#r-{key('feat')}", "Led a <b>review</b> & Siân’s")
    page.fill(f"#r-{key('feat')}-d", "2026-10-05")
    portfolio(page)
    said = give(page, text)
    assert "New here: 2. Different here: 1. The same: 1." in said
    assert "Chair a hard meeting" in said and "What I wrote here" in said and "Speak Welsh at work" in said
    assert "Second goal" not in page.inner_text("#x-paper")
    page.click("#x-leave-it")
    assert "Nothing was changed." in page.inner_text("#x-found")
    assert "Speak Welsh" not in page.inner_text("#x-paper")
    give(page, text + " ")
    page.click("#x-take")
    assert page.inner_text("#x-found") == "Added: 2. Replaced: 0."
    assert "What I wrote here" in page.inner_text("#x-paper") and "Second goal" in page.inner_text("#x-paper")
    assert "New here: 0. Different here: 1. The same: 3." in give(page, text)
    page.check(f"#x-take-{key('aim')}")
    page.click("#x-take")
    assert page.inner_text("#x-found") == "Added: 0. Replaced: 1."
    assert "What I wrote here" not in page.inner_text("#x-paper")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    own_page(page)
    assert page.input_value(f"#r-{key('aim')}") == "Chair a hard meeting\nwell"
    assert page.is_checked(f"[value='{element('PC3')}1']")


def changed(file, **changes):
    return json.dumps({**file, **changes})


def test_a_file_that_is_not_ours_is_told_and_changes_nothing(writer):
    text, _ = taken(writer)
    file = json.loads(text)
    before = writer.inner_text("#x-paper").split("\n", 1)[1]
    for given, told in (
        ("{", "This is not a portfolio file."),
        ("null", "This is not a portfolio file."),
        (changed(file, format="other"), "This is not a portfolio file."),
        (changed(file, version="1"), "This is not a portfolio file."),
        (changed(file, version=2), "This file was made by a newer version of the course. Open it there."),
        (changed(file, course={"id": "other"}), "This file is from another course."),
        (changed(file, course=None), "This file is from another course."),
        (" " * 1_000_001, "This file is too large, or cannot be read. A portfolio has 1 MB at most."),
    ):
        assert give(writer, given) == told
    assert writer.inner_text("#x-paper").split("\n", 1)[1] == before


HOSTILE = '<img src=x onerror="window.hit=1">'


def test_a_hostile_file_throws_nothing_and_is_never_markup(visit, files):
    page = visit(files())
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    portfolio(page)
    piece = {"id": "aim", "kind": "goal", "words": HOSTILE, "by": HOSTILE, "written": HOSTILE, "title": HOSTILE}
    rubbish = [
        None, 5, "x", [], {}, {"id": "aim"}, {"id": "aim", "kind": "constructor"}, {"id": "aim", "kind": "goal"},
        {"id": "feat", "kind": "achievement", "words": {}},
        {"id": "feat", "kind": "achievement", "words": "x" * 20_001},
        {"id": "needs", "kind": "needs", "elements": [None, {"id": "KS1", "level": "3"}]},
        {"id": "needs", "kind": "needs", "elements": [{"id": "__proto__", "level": 3}]},
        {"id": "plan", "kind": "plan", "rows": [None, 4, {"goal": ["x"], "by": "2027-13-99x"}]},
        {"id": "plan", "kind": "goal", "words": "of another kind"}, {"id": "__proto__", "kind": "goal", "words": "x"},
    ]  # fmt: skip
    head = {"format": "ktb-portfolio", "version": 1, "course": {"id": "tiny", "title": HOSTILE}, "made": HOSTILE}
    modules = [{"id": "own", "title": HOSTILE, "pieces": [*rubbish, piece]}, None, 7, {"id": "own", "pieces": 3}]
    said = give(page, json.dumps({**head, "modules": modules, "__proto__": {"polluted": 1}}))
    assert "New here: 1. Different here: 0. The same: 0." in said and HOSTILE in said
    assert f"which stay in the file only: {len(rubbish)}." in said
    page.click("#x-take")
    assert HOSTILE in page.inner_text("#x-paper") and "By " not in page.inner_text("#x-paper")
    for modules in (5, "x", {}, None, [[[]]]):
        assert "New here: 0." in give(page, json.dumps({**head, "modules": modules}))
    assert errors == [] and page.evaluate("[window.hit, ({}).polluted]") == [None, None]


def test_no_written_word_leaves(launch, lms, store, files, until):
    """But in suspend_data, which the page says."""
    lms.files = files("scorm12", **{"record-store": store.origin})
    learner = launch()
    sent = []
    learner.page.context.on("request", lambda one: sent.append(f"{one.method} {one.url} {one.post_data or ''}"))
    own_page(learner.sco)
    write(learner.sco)
    learner.sco.click("#x-tongue")
    text = portfolio(learner.sco)
    assert "Menna" in text
    learner.sco.click("#x-tongue")
    assert "with your place in your organisation’s learning system" in learner.sco.inner_text("#x-wrote")
    secrets = ("Chair a hard", "review", "Menna", "Speak Welsh", "Second goal", element("KS1") + "3")
    assert until(lambda: "Second goal" in json.dumps(lms.saved().get("w", {})))
    learner.close()
    assert until(lambda: "terminated" in store.verbs())
    told = json.dumps(store.requests)
    assert not [word for word in secrets if word in told]
    # The learning system's own commits carry suspend_data, and the calls that set it are the only ones with words.
    for line in sent:
        assert "/commit" in line or not [word for word in secrets if word in line], line[:200]
    assert lms.cmi()["suspend_data"]
    rest = json.dumps({**lms.cmi(), "suspend_data": ""})
    assert not [word for word in secrets if word in rest]


@pytest.mark.parametrize("way", ["cmi5", "xapi"])
def test_no_statement_has_words(launch, lms, launching, until, way):
    lms.files = PACKAGES[way](portfolio_course.course()).files()
    learner = launch(sco=launching.launch(tiny_course.BASE) if way == "cmi5" else launching.tincan())
    own_page(learner.sco)
    write(learner.sco)
    portfolio(learner.sco)
    assert until(lambda: "Second goal" in json.dumps([one.decode() for one in launching.documents.values()]))
    learner.close()
    said = launching.sessions[0].statements
    assert until(lambda: any(one["verb"]["id"].endswith("terminated") for one in said))
    assert not [word for word in ("Menna", "Second goal", "Chair a hard") if word in json.dumps(said)]


def test_what_the_system_cannot_take_is_whole_here_and_said(launch, lms, files, until):
    lms.files = files("scorm12")
    learner = launch()
    own_page(learner.sco)
    write(learner.sco)
    learner.sco.fill(f"#r-{key('aim')}", "long " * 1500)
    assert until(lambda: "Menna" in json.dumps(lms.saved().get("w", {})) or learner.sco.is_visible(".kept.is-risk"))
    learner.sco.locator(".kept.is-risk").first.wait_for()
    text = portfolio(learner.sco)
    assert text.count("long ") >= 1499 and "Kept whole on this device only" in text and "Second goal" in text
    assert len(lms.cmi()["suspend_data"]) <= 4096


def test_only_suspend_data_is_given_words(launch, lms, files):
    lms.files = files("scorm12")
    learner = launch()
    own_page(learner.sco)
    write(learner.sco)
    portfolio(learner.sco)
    learner.page.wait_for_timeout(700)
    calls = learner.page.evaluate("lms.calls")
    with_words = {call[1] for call in calls if any("Menna" in str(value) for value in call[2:])}
    assert with_words == {"cmi.suspend_data"}


def test_a_form_with_fewer_fields_than_before_keeps_the_rest(visit, files, lms, package):
    page = visit(files())
    own_page(page)
    write(page)
    name = page.evaluate("Object.keys(localStorage).find(one => one.startsWith('ktb:'))")
    longer = "'Second' + '\\\\t'.repeat(4) + 'Third'"
    page.evaluate(
        f"name => localStorage.setItem(name, localStorage.getItem(name).replace('Second goal', {longer}))", name
    )
    page.reload()
    page.wait_for_selector("html[data-ready]")
    own_page(page)
    page.fill(f"#r-{key('plan')}-1-3", "Mair")
    assert "Third" in portfolio(page) and "Mair" in portfolio(page)


def test_more_is_fetched_when_it_is_asked_for_and_not_before(visit, lms, files):
    page = visit(files())
    page.wait_for_load_state("networkidle")
    assert "/course/more.js" not in lms.requests
    lms.faults["missing"] = ["more.js"]
    page.click("footer a[href$='#x-wrote']")
    page.wait_for_selector("script[src='more.js']", state="attached")
    assert page.locator("script[src='more.js']").count() == 1
    assert "check your connection and open this page again" in page.inner_text("#x-wrote")
    lms.faults.clear()
    page.wait_for_timeout(100)
    page.click("footer a[href$='#x-wrote']")
    page.wait_for_selector("#x-paper")
    page.click("footer a[href$='#x-doctor']")
    page.wait_for_selector("#x-report")
    assert lms.requests.count("/course/more.js") == 2
    assert page.evaluate("Object.keys(window).filter(one => /^(kit|told|parts|ktb)$/.test(one))") == []


def test_more_works_from_a_folder(browser, files, tmp_path):
    for name, body in files().items():
        (tmp_path / name).write_bytes(body)
    context = browser.new_context(locale="cy")
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri() + "?doctor")
    page.wait_for_selector("#x-report")
    assert "Gellir darllen ffeiliau’r pecyn ei hun\nna" in page.inner_text("#x-report")
    assert "Nid ydych wedi ysgrifennu" in portfolio(page)
    context.close()


def test_a_date_shows_where_the_keyboard_is_at_each_stop_inside_it(visit, files):
    """Day, month, year, and the button of the calendar, at which the field itself has no focus."""
    page = visit(files())
    own_page(page)
    page.locator(f"#r-{key('aim')}-d").focus()
    marks = []
    while page.evaluate("document.activeElement.type") == "date":
        marks.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        page.keyboard.press("Tab")
    assert marks == ["solid"] * 4


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1280), ("cy", "dark", 320)])
def test_nothing_stands_in_anybodys_way(visit, files, axe, language, scheme, width):
    page = visit(files(), locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    own_page(page)
    write(page)
    assert axe(page) == [] and not page.evaluate(WIDE)
    portfolio(page)
    text, _ = taken(page)
    page.focus("#x-copy")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "x-file"
    give(page, text.replace("Chair", "Lead"))
    assert axe(page) == [] and not page.evaluate(WIDE)
    small = page.evaluate("""() => [...document.querySelectorAll(".here button, .here label, .here textarea")]
        .filter(one => one.offsetParent && one.getBoundingClientRect().height < 23.9).map(one => one.outerHTML)""")
    assert small == []
