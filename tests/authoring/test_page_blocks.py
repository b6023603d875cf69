"""Tabs, scenarios, recordings, figures and slots come into the model in both languages, with their links and media."""

import os
from pathlib import Path

import pytest

from authoring.check import check
from authoring.course import Callout, Figure, Local, Prose, Recording, Scenario, Tabs, Text, short_key
from authoring.load import load
from authoring.manifest import outline

COUNCILS = Path(__file__).parents[1] / "courses" / "councils"


@pytest.fixture(scope="module")
def pages():
    return load(COUNCILS).modules[0].pages


def parts(page, kind):
    return [part for part in page.parts if isinstance(part, kind)]


def test_a_quote_that_begins_with_a_kind_is_a_callout_without_title(pages):
    (callout,) = parts(pages[0], Callout)
    assert (callout.kind, callout.title) == ("note", None)
    assert callout.parts[0].html.cy == '<p>Dewch â’ch <a href="#paper">bathodyn</a>.</p>\n'


def test_tabs_hold_what_an_accordion_holds(pages):
    (tabs,) = parts(pages[0], Tabs)
    assert [fold.title.cy for fold in tabs.folds] == ["Bore", "Nos"]
    assert [type(part) for part in tabs.folds[0].parts] == [Prose, Callout]


def test_a_figure_has_its_image_in_each_language_a_caption_and_a_description(pages):
    first, second = parts(pages[0], Figure)
    assert first.html.cy == '<img src="media/hall.svg" alt="Neuadd â dau ddrws." width="120" height="80">'
    assert first.caption == Text("The hall of your own council", "Neuadd eich cyngor chi")
    assert "<em>visitors</em>" in first.description[0].html.en
    assert (second.caption, second.description) == (None, ())


def test_words_of_a_figure_are_escaped(tmp_path, councils):
    page = councils / "01-start.en.md"
    text = page.read_text("utf-8").replace('alt="The same hall again."', "alt=<b>&'x'</b>")
    page.write_text(text, "utf-8")
    html = parts(load(councils).modules[0].pages[0], Figure)[1].html.en
    assert "alt=\"&lt;b&gt;&amp;'x'&lt;/b&gt;\"" in html


def test_scenes_know_where_they_lead(pages):
    (story,) = parts(pages[1], Scenario)
    assert (story.id, story.key) == ("favour", short_key("scenario", "start", "favour"))
    assert [(scene.id, scene.mood, scene.leads_to) for scene in story.scenes] == [
        ("start", None, ("done", "ring")), ("done", "poor", ("start",)), ("ring", "good", ()),
    ]  # fmt: skip
    assert story.scenes[0].title == Text("A favour", "Cymwynas")


def test_choices_lead_to_scenes_and_other_links_out_of_the_story(pages):
    (story,) = parts(pages[1], Scenario)
    assert '<a href="#scene-favour-ring">Ffoniwch rywun</a>' in story.scenes[0].parts[0].html.cy
    html = story.scenes[1].parts[0].html.en
    assert '<a href="#scene-favour-start">Begin again</a>' in html
    assert '<a href="start.html#hall">the page on the hall</a>' in html


def test_a_slot_in_a_scene_leads_out_of_the_story(councils):
    page = councils / "01-start.en.md"
    page.write_text(page.read_text("utf-8").replace("Any [officer](term:officer)", "Any [hall](#hall)"), "utf-8")
    (story,) = parts(load(councils).modules[0].pages[1], Scenario)
    assert '<a href="#hall">hall</a>' in story.scenes[0].parts[1].parts[0].html.en
    assert story.scenes[0].leads_to == ("done", "ring")


def test_recordings_have_captions_in_each_language_and_a_transcript(pages):
    video, sound = parts(pages[1], Recording)
    assert video.captions == Text("media/welcome.en.vtt", "media/welcome.cy.vtt")
    assert video.title == Text("Welcome", "Croeso")
    assert video.transcript[0].html.cy == "<p><strong>Siân:</strong> Helo, a chroeso.</p>\n"
    assert (sound.kind, sound.src, sound.captions) == ("audio", Text("media/bell.mp3", "media/bell.mp3"), Text("", ""))


def test_what_blocks_show_and_play_is_carried(councils):
    assert sorted(load(councils).media) == [
        "media/bell.mp3", "media/hall.svg", "media/welcome.cy.vtt", "media/welcome.en.vtt", "media/welcome.mp4",
    ]  # fmt: skip


def test_slots_hold_the_shared_words_until_they_are_filled(pages):
    (slot,) = parts(pages[0], Local)
    assert (slot.id, slot.filled, slot.parts[0].html.en) == ("contacts", False, "<p>Ask your HR team.</p>\n")


def test_course_json_tells_where_scenes_lead():
    (module, _) = outline(load(COUNCILS), "web")["modules"]
    assert [page["scenarios"] for page in module["pages"]] == [[], ["favour"]]
    assert module["scenarios"][0]["scenes"] == [
        {"id": "start", "leads-to": ["done", "ring"]},
        {"id": "done", "leads-to": ["start"]},
        {"id": "ring", "leads-to": []},
    ]


@pytest.mark.parametrize("name", ["hall.svg", "plate.png", "welcome.en.vtt"])
def test_a_file_that_is_too_large_is_not_read(councils, monkeypatch, name):
    os.truncate(councils / "media" / name, 20_000_001)
    read_bytes = Path.read_bytes

    def refuse(path):
        assert path.name != name
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(problem.file, problem.rule) for problem in check(councils)] == [(f"media/{name}", "media-large")]


@pytest.mark.parametrize(
    "source",
    ["::: video", "::: figure media/a.svg alt", "::: audio # x=", '::: video media/a b="', "::: local #", "> [!NOTE"],
)
def test_half_a_block_is_a_problem_and_not_a_fault(councils, source):
    page = councils / "02-away.en.md"
    page.write_text(page.read_text("utf-8").replace("Take the bus.", f"{source}\nWords.\n:::"), "utf-8")
    assert [problem for problem in check(councils) if problem.severity == "error"]
