"""Every page of the course, in both languages, is one that everybody can use."""

import pytest


def pages_of(outline):
    return [(module, page) for module in outline["modules"] for page in module["pages"]]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_axe_finds_nothing_on_any_page_of_the_course(learner, axe, language):
    reader = learner("reader@council.example")
    if reader.language() != language:
        reader.switch_language()
    found = {}
    for module in reader.outline["modules"]:
        reader.open(module)
        for page in module["pages"]:
            reader.sco.wait_for_selector(f".page.here[data-page='{page['key']}']")
            assert reader.language() == language
            reader.answer_page(wrong_first=True)
            found[page["id"]] = axe(reader.sco)
            reader.next_page()
        reader.sco.wait_for_selector("#x-end.here")
        found[module["id"]] = axe(reader.sco)
    assert len(found) == len(pages_of(reader.outline)) + len(reader.outline["modules"])
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_no_page_is_wider_than_the_smallest_screen(learner):
    reader = learner("reader@council.example")
    reader.page.set_viewport_size({"width": 320, "height": 700})
    wide = []
    for module in reader.outline["modules"]:
        reader.open(module)
        for page in module["pages"]:
            reader.sco.wait_for_selector(f".page.here[data-page='{page['key']}']")
            for _ in ("en", "cy"):
                if reader.sco.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append((page["id"], reader.language()))
                reader.switch_language()
            reader.next_page()
    assert wide == []
