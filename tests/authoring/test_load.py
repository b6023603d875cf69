"""Both languages come together into one course, drawn as safe HTML."""

import struct

import pytest

from authoring.course import Accordion, Callout, Prose, Question, Reflect, Text, short_key
from authoring.images import size
from authoring.links import Site
from authoring.load import load
from authoring.manifest import facts_outline, outline
from authoring.markdown import parse
from authoring.prose import Setting, day, draw


@pytest.fixture
def course(whole):
    return load(whole)


def kinds(parts):
    return [type(part) for part in parts]


def test_pages_hold_words_and_blocks_in_both_languages(course):
    water, end = course.modules[0].pages
    assert kinds(water.parts) == [Prose, Callout, Accordion]
    assert kinds(end.parts) == [Question, Question, Reflect]
    assert water.title == Text("Water", "Dŵr")
    callout, accordion = water.parts[1:]
    assert callout.title == Text("Mind the steam", "Gwyliwch y stêm")
    assert callout.parts[1].title is None
    assert [fold.title.cy for fold in accordion.folds] == ["Du", "Gwyrdd"]
    assert kinds(accordion.folds[0].parts) == [Prose, Callout]


def test_questions_have_ids_keys_answers_and_feedback(course):
    first, second = course.modules[0].questions()
    assert (first.id, first.kind, first.right, first.points) == ("how-hot", "single", ("2",), 2)
    assert first.key == short_key("question", "first", "how-hot")
    assert first.iri == "https://learn.test/whole/modules/first/questions/how-hot"
    assert first.stem == Text("When does water boil? Think first.", "Pryd mae dŵr yn berwi? Meddyliwch yn gyntaf.")
    assert first.options[0].html == Text("At <code>50</code> degrees", "Ar <code>50</code> gradd")
    assert first.options[1].feedback_html == Text("<p>Yes.</p>\n", "<p>Ie.</p>\n")
    assert first.hint_html.en == "<p>It is a <em>round</em> number.</p>\n"
    assert (second.kind, second.right) == ("multiple", ("1", "3"))


def test_two_answers_true_and_false_are_a_true_false(course):
    assert course.modules[1].questions()[0].kind == "true-false"


def test_reflections_have_limits_and_an_afterword(course):
    (reflection,) = course.modules[0].reflections()
    assert reflection.words == (10, 40)
    assert reflection.after_html.cy == "<p>Assam efallai.</p>\n"


def test_facts_are_plain_words_with_their_source_after_the_paragraph_or_list(course):
    html = course.modules[0].pages[0].parts[0].html
    source = '<p class="source" lang="en"><b>Source</b> Boiling &amp; Sons, page 3. Checked 2 November 2026.</p>\n'
    assert html.en.count(source) == 2
    assert f"Water boils at 100 degrees, which is <em>hot</em>.</p>\n{source}<ul>" in html.en
    assert f"</ul>\n{source}<h2>Pots</h2>" in html.en
    assert "<b>Ffynhonnell</b> Berwi a’i Feibion, tudalen 3. Gwiriwyd 2 Tachwedd 2026.</p>" in html.cy
    assert "fact:" not in html.en + html.cy


def test_days_are_written_out_in_both_languages():
    assert [day("2027-02-09", language) for language in ("en", "cy")] == ["9 February 2027", "9 Chwefror 2027"]


def test_links_lead_to_documents_terms_and_the_outside(course):
    first, second = course.modules
    assert '<a class="term" href="#term-kettle">kettle</a>' in first.pages[0].parts[0].html.en
    words = first.pages[0].parts[1].parts[0].html
    assert '<a href="#end">y diwedd</a> a <a href="second.html#milk">rhan dau</a>' in words.cy
    milk = second.pages[0].parts[0].html.en
    assert '<a href="first.html#water">water</a>' in milk
    assert '<a href="https://learn.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">' in milk


def test_images_have_their_size_and_tables_no_style(course):
    html = course.modules[0].pages[0].parts[0].html.en
    assert '<img src="media/cup.svg" alt="A cup, half full." width="120" height="80">' in html
    assert '<th scope="col" class="align-right">Minutes</th>' in html
    assert "style=" not in html


def test_a_span_of_the_other_language_is_marked(course):
    tip = course.modules[0].pages[0].parts[1].parts[1]
    assert tip.parts[0].html.en == '<p>Use a <span lang="cy">tecell</span>.</p>\n'


def test_links_terms_and_images_may_be_of_the_other_language_too(make):
    words = "[te](#milk){lang=cy} [cup](term:cup){lang=en} ![cwpan](media/cup.svg){lang=cy}\n\nPour it"
    html = load(make(("edit", "02-second.en.md", f"Pour it\n===\n{words}\n"))).modules[1].pages[0].parts[0].html.en
    assert '<a href="#milk" lang="cy">te</a> <a class="term" href="#term-cup" lang="en">cup</a>' in html
    assert 'alt="cwpan" lang="cy" width="120"' in html


def test_only_the_media_that_pages_lead_to_are_carried(make):
    folder = make(("write", "media/spoon.svg", "<svg viewBox='0 0 1 1'/>"))
    assert list(load(folder).media) == ["media/cup.svg"]


def test_modules_carry_the_terms_they_link_to(course):
    assert [[term.id for term in module.terms] for module in course.modules] == [["kettle"], ["cup"]]


def test_a_pass_mark_belongs_to_its_module(course):
    assert [(module.complete_when, module.pass_mark) for module in course.modules] == [
        ("answered", None),
        ("passed", 80),
    ]


def test_special_signs_are_escaped_in_words_but_not_in_plain_text(make):
    folder = make(("edit", "02-second.en.md", 'Pour it\n===\nPour 1 \\< 2 & "3" `<b>`\n'))
    course = load(folder)
    assert course.title.en == "Tea & <biscuits>"
    assert "<p>Pour 1 &lt; 2 &amp; &quot;3&quot; <code>&lt;b&gt;</code>" in course.modules[1].pages[0].parts[0].html.en


def test_course_json_says_what_player_and_store_need(course):
    found = outline(course, "scorm12")
    module = found["modules"][0]
    assert found["verbs"]["completed"]["display"] == {"en-GB": "completed", "cy": "cwblhawyd"}
    assert found["minutes"] == 15
    assert [one["document"] for one in found["modules"]] == ["first.html", "second.html"]
    assert module["tags"] == ["KS1", "PQ:patience"]
    assert [(page["id"], page["questions"], page["reflections"]) for page in module["pages"]] == [
        ("water", [], []), ("end", ["how-hot", "which"], ["next"]),
    ]  # fmt: skip
    assert module["questions"][1]["right"] == ["1", "3"]
    assert module["reflections"] == [
        {"id": "next", "key": short_key("reflect", "first", "next"),
         "title": {"en": "What will you brew?", "cy": "Beth fyddwch chi’n ei fragu?"}}
    ]  # fmt: skip


def test_facts_json_says_which_facts_a_module_cites_and_course_json_does_not(course):
    assert facts_outline(course) == {
        "first": [
            {"id": "1.6", "words": {"en": "Water boils at 100 degrees.", "cy": "Mae dŵr yn berwi ar 100 gradd."},
             "confidence": "sure", "checked": "2026-11-02", "review": "2999-01-01",
             "file": "01-first.en.md", "line": 12}
        ],
        "second": [],
    }  # fmt: skip
    assert all("facts" not in module for module in outline(course, "scorm12")["modules"])


def test_the_id_of_a_package_changes_with_version_and_format(make, course):
    ids = {outline(course, name)["package"] for name in ("scorm12", "web")}
    newer = load(make(("edit", "course.yml", "version: 1.2.3\n===\nversion: 1.2.4\n")))
    ids.add(outline(newer, "web")["package"])
    assert len(ids) == 3
    assert all(len(id) == 16 and int(id, 16) >= 0 for id in ids)


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 30)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2" + struct.pack(">HBHHB", 11, 8, 30, 40, 3)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PNG),
        ("a.gif", b"GIF89a" + struct.pack("<HH", 40, 30)),
        ("a.jpg", JPEG),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (39).to_bytes(3, "little") + (29).to_bytes(3, "little")),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (39 | 29 << 14).to_bytes(4, "little") + bytes(5)),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + struct.pack("<HH", 40, 30)),
        ("a.svg", b'<?xml version="1.0"?><svg viewBox="0 0 40 30">'),
        ("a.svg", b'<svg width="40px" height="30" viewBox="0 0 400 300">'),
    ],
)
def test_sizes_are_read_from_the_first_bytes(name, data):
    assert size(name, data) == (40, 30)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"<svg>", b"<svg viewBox='0 0 0 0'>", PNG[:18]]
)
@pytest.mark.parametrize("kind", ["png", "gif", "jpg", "webp", "svg", "bmp"])
def test_what_is_no_image_has_no_size(kind, data):
    assert size(f"a.{kind}", data) is None


def test_sources_checked_on_one_day_share_their_date():
    facts = {"1": ("An Act", "2026-11-02"), "2": ("A code", "2026-11-02"), "3": ("A letter", "2026-11-05")}
    setting = Setting("x.en.md", "en", Site({}, {}, frozenset()), {}, facts)
    tokens, _ = parse("Say [one](fact:1), [two](fact:2) and [three](fact:3).", "x.en.md")
    assert "An Act. A code. Checked 2 November 2026. A letter. Checked 5 November 2026.</p>" in draw(tokens, setting)
