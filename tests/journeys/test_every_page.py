"""Every page of the course, in both languages, is one that everybody can use."""

import zipfile

import pytest
from course_packages import COURSE, built

SHOWN = "[...document.querySelectorAll('.page:not(.scripted)')].map(page => page.checkVisibility())"


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The documents of the course's modules, from its package for the web."""
    folder = tmp_path_factory.mktemp("web")
    with zipfile.ZipFile(built(COURSE, folder, "web")) as archive:
        archive.extractall(folder / "unpacked")
    found = sorted((folder / "unpacked").glob("*.html"))
    return [document for document in found if document.name != "index.html"]


@pytest.fixture
def reader(browser):
    """A page without its script, which therefore shows every page of a document, one below the other."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.route("**/player.js", lambda route: route.abort())
    yield page
    context.close()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_axe_finds_nothing_on_any_page_of_the_course_and_none_is_wider_than_a_phone(reader, documents, axe, language):
    """All pages of a module at once: what a component does when it is used is looked at in the gallery."""
    found, seen = {}, 0
    for document in documents:
        reader.goto(document.as_uri())
        reader.evaluate("language => { document.documentElement.lang = language; }", language)
        # Words wait a little for a script that may be on its way.
        reader.evaluate("document.getAnimations().forEach(waiting => waiting.finish())")
        shown = reader.evaluate(SHOWN)
        found[document.name] = axe(reader)
        reader.set_viewport_size({"width": 320, "height": 700})
        if reader.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[document.name].append("wider than the screen")
        reader.set_viewport_size({"width": 1280, "height": 800})
        seen += len(shown)
        assert all(shown)
    assert seen > 3 * len(documents) > 0
    assert {name: problems for name, problems in found.items() if problems} == {}
