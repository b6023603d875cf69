"""The Standard as a page shows it: its elements with the modules that serve them, and the sheet for colleagues."""

import re

import pytest

from authoring.course import Serving, Standard, Text
from authoring.load import course, load
from authoring.overlays import authority
from authoring.packages import PACKAGES
from authoring.render import plain
from authoring.source import read
from authoring.translate.pairs import page_pairs

LIST = ("::: standard\n:::\n", "::: safon\n:::\n")
SHEET = (
    "::: standard kind=sheet\n### To a colleague\n\nPlease tick.\n:::\n",
    "::: safon kind=taflen\n### I gydweithiwr\n\nTiciwch.\n:::\n",
)
ELEMENTS = (
    "elements:\n"
    "  - {id: KS1, en: Knows tea, cy: Yn adnabod te, seen: {en: knows a tea <leaf>, cy: yn adnabod deilen}}\n"
    "  - {id: PC1, en: Pours, cy: Yn arllwys, seen: {en: pours well, cy: yn arllwys yn dda}}\n"
    '  - {id: "PQ:patience", en: Waits, cy: Yn aros}\n'
)


def with_blocks(folder, blocks):
    """The folder with a page more in its second module, and what others see of each element."""
    (folder / "standard.yml").write_text(ELEMENTS, "utf-8")
    for language, block in zip(("en", "cy"), blocks, strict=True):
        path = folder / f"02-second.{language}.md"
        path.write_text(f"{path.read_text('utf-8')}\n## S {{#s}}\n\n{block}", "utf-8")
    return folder


def standard(made):
    (found,) = [part for page in made.modules[1].pages for part in page.parts if isinstance(part, Standard)]
    return found


def drawn(folder, document="second.html"):
    return PACKAGES["scorm12"](load(folder)).files()[document].decode().partition('id="s"')[2]


def test_each_element_knows_the_modules_and_the_outcomes_that_serve_it(whole):
    made = standard(load(with_blocks(whole, LIST)))
    making = Serving("first.html", Text("Making tea", "Gwneud te"), (Text("Make tea", "Gwneud te"),))
    assert [(one.id, one.modules) for one in made.elements] == [
        ("KS1", (making,)), ("PC1", ()), ("PQ:patience", (making,)),
    ]  # fmt: skip
    assert not made.sheet


def test_the_page_lists_parts_and_elements_with_links_in_both_languages(whole):
    page = drawn(with_blocks(whole, LIST))
    parts = [
        ("Knowledge and skills", "Gwybodaeth a sgiliau"),
        ("Professional characteristics", "Nodweddion proffesiynol"),
    ]
    at = [page.index(f"<h2>{plain(Text(*part))}</h2>") for part in parts]
    assert at == sorted(at)
    served = page[at[0] : at[1]]
    assert re.search(r"<summary>.*Knows tea.*</summary>", served)
    assert f'<a href="first.html">{plain(Text("Making tea", "Gwneud te"))}</a>' in served
    assert f"<li>{plain(Text('Make tea', 'Gwneud te'))}</li>" in served
    # What no outcome names is told of too, and opens to nothing.
    bare = page[at[1] :].split("<h2>")[1]
    assert "<details>" not in bare and str(plain(Text("Pours", "Yn arllwys"))) in bare


def test_the_sheet_has_a_row_for_what_is_seen_and_names_the_qualities(whole):
    page = drawn(with_blocks(whole, SHEET))
    sheet = page[page.index('<div class="sheet">') : page.index("</section>")]
    assert sheet.index("Please tick.") < sheet.index("<table>")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>((?:<td>☐</td>)*)</tr>', sheet)
    assert [words for words, _ in rows] == [
        plain(Text("knows a tea <leaf>", "yn adnabod deilen")), plain(Text("pours well", "yn arllwys yn dda")),
    ]  # fmt: skip
    assert {boxes.count("☐") for _, boxes in rows} == {4} and "<leaf>" not in sheet
    after = sheet.partition("</table>")[2]
    assert str(plain(Text("Waits", "Yn aros"))) in after and "Knows tea" not in sheet


def test_an_outcome_that_is_changed_changes_the_page_of_another_module(whole):
    before = standard(load(with_blocks(whole, LIST))).elements[0].modules[0]
    path = whole / "01-first.en.md"
    path.write_text(path.read_text("utf-8").replace("text: Make tea", "text: Brew it"), "utf-8")
    after = standard(load(whole)).elements[0].modules[0]
    assert before.outcomes[0].en == "Make tea" and after.outcomes[0].en == "Brew it"


def test_the_order_of_the_course_is_the_order_of_the_links(whole):
    for path in with_blocks(whole, LIST).glob("02-second.*.md"):
        path.write_text(re.sub(r"(\{text: [^}]*)\}", r"\1, tags: [KS1]}", path.read_text("utf-8"), count=1), "utf-8")
    table = whole / "course.yml"
    table.write_text(table.read_text("utf-8").replace("[first, second]", "[second, first]"), "utf-8")
    made = load(whole)
    (found,) = [part for page in made.modules[0].pages for part in page.parts if isinstance(part, Standard)]
    assert [one.document for one in found.elements[0].modules] == ["second.html", "first.html"]


@pytest.mark.parametrize(("slug", "said"), [("cardiff", "Cardiff & Co Council"), (None, "your own council")])
def test_what_a_module_says_of_a_council_is_put_in_where_the_standard_quotes_it(councils, slug, said):
    outcome = 'outcomes:\n  - {text: "See: {{ authority.name }}", tags: [KS1]}'
    for path in councils.glob("01-start.*.md"):
        path.write_text(re.sub(r"(?m)^outcomes:\n  - .*$", outcome, path.read_text("utf-8")), "utf-8")
    (councils / "standard.yml").write_text("elements:\n  - {id: KS1, en: One, cy: Un}\n", "utf-8")
    for language, block in zip(("en", "cy"), LIST, strict=True):
        path = councils / f"02-away.{language}.md"
        path.write_text(f"{path.read_text('utf-8')}\n## S {{#s}}\n\n{block}", "utf-8")
    source = read(councils)
    found = standard(course(source, authority(source, slug) if slug else None))
    assert found.elements[0].modules[0].outcomes[0].en == f"See: {said}"


def test_what_stands_in_a_sheet_goes_to_the_translator(whole):
    (page,) = [one for one in page_pairs(read(with_blocks(whole, SHEET))) if one.id == "s"]
    assert page.alike and [(one.english.text, one.welsh.text) for one in page.pairs] == [
        ("S", "S"), ("To a colleague", "I gydweithiwr"), ("Please tick.", "Ticiwch."),
    ]  # fmt: skip
