"""How a course begins: its index has the first page alone, and what follows comes when it is wanted, or before."""

import re
from html import unescape

import pytest
import tiny_course
from tiny_course import html, page, prose, question

from authoring.course import Prose, Term, Text

NEXT = ".page.here .turn .button >> visible=true"
NOTED = """() => { window.shown = []; window.shift = 0;
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value
    }).observe({type: "layout-shift", buffered: true});
    const look = () => { const here = document.querySelector(".page.here");
        if (document.body && getComputedStyle(document.body).visibility === "visible" && here) shown.push(here.id);
        requestAnimationFrame(look) };
    look() }"""


def term(name):
    return Term(name, Text(name, f"{name} (cy)"), Text("A meaning.", "Ystyr."))


def link(name):
    return Prose(html(f'See <a class="term" href="#term-{name}">{name}</a>.'))


@pytest.fixture
def asking():
    """A course whose first page asks, and whose second leads to a term of its own."""
    ask = question("one", "early", "single", ("No", False), ("Yes", True))
    pages = (page("one", "start", link("duty"), ask), page("one", "later", link("council")))
    return tiny_course.course(
        tiny_course.module("one", 1, *pages, terms=(term("council"), term("duty"))), tiny_course.second()
    )


def article(text, name):
    return re.search(rf'<article [^>]*id="{name}".*?</article>', text, re.S)[0]


def test_the_index_has_the_first_page_and_the_headings_of_the_rest(package):
    files = {name: unescape(body.decode()) for name, body in package().items()}
    first = article(files["index.html"], "start")
    assert "Read of a <a" in first and "data-rest" not in first
    for name in ("ask", "think"):
        rest = article(files["index.html"], name)
        heading = f'<h1><span class="t" lang="en">The page {name}</span><span class="t" lang="cy">The page {name} (cy)'
        assert heading in rest and "data-rest" in rest and "<form" not in rest
    assert "data-rest" not in files["one.html"] + files["two.html"]
    assert "What of door?" not in files["index.html"] and "What of door?" in files["one.html"]
    assert article(files["one.html"], "start") == re.sub(r'<nav class="turn unscripted".*?</nav>', "", first)


@pytest.mark.parametrize("section", ["x-help", "x-recorded", "x-accessibility"])
def test_what_stands_beside_the_course_comes_from_the_first_document(visit, lms, section):
    lms.faults["missing"] = ["one.html", "two.html"]
    opened = visit()
    opened.click(f"footer a[href$='#{section}']")
    opened.wait_for_selector("#x-apart.here")
    lms.faults.clear()
    opened.click("[data-do=again]")
    opened.wait_for_selector(f"#{section}.here")
    assert opened.locator(f"#{section} p").count() and opened.url.endswith(f"index.html#{section}")


def test_without_script_it_is_in_the_first_document_too(visit):
    opened = visit(script=False)
    opened.click("footer a[href$='#x-help']")
    assert opened.url.endswith("one.html#x-help") and opened.is_visible("#x-help p >> nth=0")


def test_the_index_explains_only_what_its_page_leads_to(package, asking):
    files = package(asking)
    assert re.findall(rb'<dt id="term-(\w+)"', files["index.html"]) == [b"duty"]
    assert re.findall(rb'<dt id="term-(\w+)"', files["one.html"]) == [b"council", b"duty"]


def test_a_course_of_one_page_is_whole_in_its_index(package, visit):
    whole = tiny_course.course(tiny_course.module("one", 1, page("one", "only", prose("All of it."))))
    files = package(whole, "none")
    assert files["index.html"] == files["one.html"]
    assert visit(files).inner_text("#x-far") == "Page 1 of 1"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_nothing_is_amiss_before_and_after_the_rest_has_come(visit, axe, lms, language):
    lms.faults["missing"] = ["one.html"]
    opened = visit(locale=language)
    assert opened.locator("article[data-rest]").count() == 2
    assert axe(opened) == []
    lms.faults.clear()
    opened.click(NEXT)
    opened.wait_for_selector("#ask.here")
    assert opened.locator("[data-rest]").count() == 0
    assert axe(opened) == []


def test_the_rest_comes_first_of_all_while_nothing_is_to_do(visit, lms, until):
    opened = visit()
    opened.wait_for_selector("#ask:not([data-rest])", state="attached")
    assert until(lambda: len(lms.requests) == 5)
    names = ["index.html", "player.js", "blocks.js", "one.html", "two.html"]
    assert lms.requests == [f"/course/{name}" for name in names]
    lms.faults["missing"] = ["one.html", "two.html"]
    opened.click(NEXT)
    assert opened.is_visible("#ask h1") and opened.inner_text("#x-far") == "Page 2 of 3"


def test_the_first_page_stays_as_it_is_when_the_rest_comes(visit, package, asking, lms):
    lms.faults["missing"] = ["one.html"]
    opened = visit(package(asking, "none"))
    early = f"#q-{next(one.key for one in asking.modules[0].questions())}"
    opened.click("footer a[href$='#x-terms']")
    assert opened.locator("#x-terms dt").count() == 1
    opened.go_back()
    opened.check(f"{early}-2")
    lms.faults.clear()
    opened.click(NEXT)
    opened.wait_for_selector("#later.here")
    opened.click(".page.here a.term >> visible=true")
    assert opened.inner_text("#x-meaning-name") == "council"
    opened.keyboard.press("Escape")
    opened.click(".page.here .turn .button-2")
    assert opened.is_checked(f"{early}-2")
    opened.click("footer a[href$='#x-terms']")
    assert opened.locator("#x-terms dt").count() == 2


def test_without_a_network_the_next_page_is_told_of_and_tried_again(visit, lms):
    lms.faults["missing"] = ["one.html"]
    opened = visit()
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    assert opened.inner_text("#x-far") == ""
    opened.click("[data-do=stay]")
    assert opened.is_visible("#start")
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    lms.faults.clear()
    opened.click("[data-do=again]")
    opened.wait_for_selector("#ask.here")
    assert opened.evaluate("document.activeElement.textContent").startswith("The page ask")
    opened.go_back()
    opened.wait_for_selector("#start.here")


def test_a_page_that_a_network_gives_in_place_of_ours_is_not_taken(visit, lms, package):
    files = package(adapter="none")
    opened = visit({**files, "one.html": b"<!DOCTYPE html><title>Sign in to the network</title>"})
    opened.click(NEXT)
    opened.wait_for_selector("#x-apart.here")
    lms.files = files
    opened.click("[data-do=again]")
    opened.wait_for_selector("#ask.here")


def test_coming_back_shows_the_place_and_nothing_before_it(context, launch, lms, until):
    learner = launch()
    learner.next()
    learner.next()
    learner.close()
    assert until(lambda: lms.saved().get("at") == tiny_course.short_key("page", "one", "think"))
    context.add_init_script(f"({NOTED})()")
    again = launch()
    assert again.at() == "think" and again.sco.inner_text("#x-far") == "Page 3 of 3"
    again.page.wait_for_timeout(200)
    assert set(again.sco.evaluate("shown")) == {"think"}
    assert again.sco.evaluate("shift") <= 0.02


def test_coming_back_without_a_network_says_so_and_offers_what_is_here(launch, lms, until):
    learner = launch()
    learner.next()
    learner.close()
    assert until(lambda: lms.saved().get("at") == tiny_course.short_key("page", "one", "ask"))
    lms.faults["missing"] = ["one.html", "two.html"]
    again = launch()
    assert again.at() == "x-apart"
    again.sco.click("[data-do=stay]")
    assert again.at() == "start"


def test_a_link_to_a_page_that_is_not_here_is_followed(visit):
    assert visit(path="index.html#think").is_visible("#think textarea")


def test_a_reload_shows_the_same_page_of_the_same_module(visit, package):
    names = ("one", "two")
    pages = [page(name, "same", prose(f"Of {name}.")) for name in names]
    modules = [tiny_course.module(name, 1 + at, pages[at]) for at, name in enumerate(names)]
    opened = visit(package(tiny_course.course(*modules), "none"))
    opened.click(NEXT)
    opened.click("#x-end .row .button")
    opened.wait_for_selector(f"#x-module[data-module='{modules[1].key}'] #same.here")
    opened.reload()
    opened.wait_for_selector("html[data-ready]")
    assert opened.inner_text("#same .prose >> visible=true") == "Of two."


def test_the_index_by_its_name_is_the_first_module(visit):
    opened = visit(path="two.html")
    opened.evaluate("""() => { window.same = true; const link = document.createElement("a");
        link.href = "index.html"; document.querySelector(".page.here").append(link); link.click() }""")
    opened.wait_for_selector("#start.here")
    assert opened.evaluate("same") and opened.locator("[data-rest]").count() == 0


def laid(files, folder):
    for name, body in files.items():
        (folder / name).write_bytes(body)
    return folder


@pytest.fixture
def folder(package, tmp_path):
    return laid(package(adapter="none"), tmp_path)


def test_from_a_folder_the_next_page_is_in_the_modules_own_document(context, folder):
    opened = context.new_page()
    opened.goto((folder / "index.html").as_uri())
    opened.wait_for_selector("html[data-ready]")
    opened.click(NEXT)
    opened.wait_for_url("**/one.html#ask")
    opened.wait_for_selector("html[data-ready] #ask.here")
    opened.go_back()
    opened.wait_for_url("**/index.html")
    opened.wait_for_selector("html[data-ready] #start.here")


@pytest.mark.parametrize("adapter", ["none", "scorm12"])
def test_from_a_folder_the_place_is_found_again(context, folder, package, adapter):
    opened = context.new_page()
    opened.goto((folder / "one.html").as_uri())
    opened.wait_for_selector("html[data-ready]")
    opened.click(NEXT)
    laid(package(adapter=adapter), folder)
    again = context.new_page()
    again.goto((folder / "index.html").as_uri())
    again.wait_for_url("**/one.html#ask")
    again.wait_for_selector("html[data-ready] #ask.here")
    again.go_back()
    assert again.url == "about:blank"


@pytest.mark.parametrize(("tongue", "words"), [("en", "Read on"), ("cy", "Darllen ymlaen")])
def test_without_script_the_first_page_leads_on(visit, package, tongue, words):
    opened = visit(package(), script=False)
    opened.check(f"#l-{tongue}")
    assert [one.get_attribute("id") for one in opened.locator("article").all() if one.is_visible()] == ["start"]
    empty = """all => all.filter(one => one.checkVisibility() && one.id !== "x-wrote"
        && !one.innerText.replace(one.querySelector("h1").innerText, "").trim()).map(one => one.id)"""
    assert opened.locator(".page").evaluate_all(empty) == []
    on = opened.locator("a", has_text=words)
    assert on.count() == 1 and on.is_visible() and on.get_attribute("href") == "one.html#ask"
    on.click()
    assert opened.url.endswith("/one.html#ask")
    assert all(one.is_visible() for one in opened.locator("article").all()) and opened.locator("article").count() == 3


def test_a_player_that_cannot_start_leaves_the_way_on(context, lms):
    opened = context.new_page()
    opened.add_init_script("JSON.parse = () => { throw new Error('no') }")
    opened.goto(f"{lms.origin}/course/index.html")
    opened.wait_for_selector("html:not(.js)")
    opened.locator("a", has_text="Read on").click()
    assert opened.url.endswith("/one.html#ask")
