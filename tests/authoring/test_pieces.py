"""Reflections, goals, achievements, needs and plans, as a course holds them and its package tells of them."""

import json
from datetime import date

import pytest

from authoring.checks import problems
from authoring.course import short_key
from authoring.load import load
from authoring.packages import PACKAGES
from authoring.source import read

TODAY = date(2026, 11, 21)
MORE = {
    "en": "\n::: reflect #aim kind=goal\nAim?\n:::\n\n::: reflect #feat kind=achievement\nFeat?\n:::\n\n"
    "::: needs #needs\nHow far?\n:::\n\n::: plan #plan\nHow?\n\n> Well.\n:::\n\n"
    "::: plan #short rows=1\nHow else?\n:::\n",
    "cy": "\n::: myfyrio #aim kind=nod\nNod?\n:::\n\n::: myfyrio #feat kind=cyflawniad\nCamp?\n:::\n\n"
    "::: anghenion #needs\nPa mor bell?\n:::\n\n::: cynllun #plan\nSut?\n\n> Da iawn.\n:::\n\n"
    "::: cynllun #short rows=1\nSut arall?\n:::\n",
}


@pytest.fixture
def folder(whole):
    for language, words in MORE.items():
        path = whole / f"01-first.{language}.md"
        path.write_text(path.read_text("utf-8") + words, "utf-8")
    return whole


def test_every_kind_is_laid_out(folder):
    pieces = {piece.id: piece for piece in load(folder).modules[0].reflections()}
    assert {id: piece.kind for id, piece in pieces.items()} == {
        "next": "reflection", "aim": "goal", "feat": "achievement", "needs": "needs", "plan": "plan", "short": "plan",
    }  # fmt: skip
    assert (pieces["plan"].rows, pieces["short"].rows) == (3, 1)
    assert pieces["plan"].after_html.cy == "<p>Da iawn.</p>\n"
    assert [(one.id, one.group, one.title.cy) for one in pieces["needs"].elements] == [
        ("KS1", "KS", "Yn adnabod te"), ("PQ:patience", "PQ", "Yn aros"),
    ]  # fmt: skip
    assert pieces["needs"].elements[0].key == short_key("element", "KS1")


def test_the_package_tells_of_every_kind_and_of_no_words(folder):
    files = PACKAGES["scorm12"](load(folder)).files()
    told = json.loads(files["course.json"])["modules"][0]["reflections"]
    assert [one.get("kind") for one in told] == [None, "goal", "achievement", "needs", "plan", "plan"]
    document = files["index.html"].decode()
    outline = json.loads(document.partition('id="x-outline">')[2].partition("</script>")[0])
    assert outline["modules"][0]["reflections"] == [one["key"] for one in told]
    more = files["more.js"].decode()
    known = json.loads(more.removeprefix("document.currentScript.told=").partition(";\n")[0])
    assert known["modules"][0]["pieces"] == told
    assert [one["id"] for one in known["standard"]] == ["KS1", "PQ:patience"]


def test_a_course_without_needs_carries_no_standard(whole):
    more = PACKAGES["web"](load(whole)).files()["more.js"].decode()
    assert '"standard":[]' in more


@pytest.mark.parametrize("name", PACKAGES)
def test_the_second_script_is_in_every_package_and_declared(folder, name):
    files = PACKAGES[name](load(folder)).files()
    for control in ("imsmanifest.xml",):
        assert control not in files or '<file href="more.js"/>' in files[control].decode().replace(" />", "/>")
    assert "more.js" in files


def test_what_a_reflection_is_for_is_the_same_in_both_languages(folder):
    path = folder / "01-first.cy.md"
    path.write_text(path.read_text("utf-8").replace("kind=nod", "kind=cyflawniad"), "utf-8")
    (found,) = [one for one in problems(read(folder), TODAY) if one.severity == "error"]
    assert found.rule == "language-structure" and "a reflect #aim kind=achievement" in found.message


def test_what_may_be_sent_is_told_to_the_store_and_in_the_portfolio_file_to_nobody(folder):
    for language, reader in (("en", "lead"), ("cy", "arweinydd")):
        path = folder / f"01-first.{language}.md"
        path.write_text(path.read_text("utf-8").replace("10..40", f"10..40 share={reader}"), "utf-8")
    assert [one for one in problems(read(folder), TODAY) if one.severity == "error"] == []
    course = load(folder)
    files = PACKAGES["scorm12"](course).files()
    first, *others = json.loads(files["course.json"])["modules"][0]["reflections"]
    iri = f"{course.modules[0].iri}/reflections/next"
    assert (first["iri"], first["share"]) == (iri, "lead") and not any("share" in one or "iri" in one for one in others)
    assert iri not in files["more.js"].decode()


def test_two_elements_that_come_to_the_same_key_are_told(folder):
    path = folder / "standard.yml"
    both = "".join(f'  - {{id: "PQ:{id}", en: One, cy: Un}}\n' for id in ("adtp", "adxz"))
    path.write_text(path.read_text("utf-8") + both, "utf-8")
    assert short_key("element", "PQ:adtp") == short_key("element", "PQ:adxz")
    (found,) = [one for one in problems(read(folder), TODAY) if one.severity == "error"]
    assert found.rule == "key-collision" and found.file == "standard.yml"
