"""One source is as many courses as there are authorities: names put in, slots filled, and all else the same objects."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.check import check
from authoring.cli import main
from authoring.course import Accordion, Blank, Fold, Local, Prose, Question, Text, walk
from authoring.load import course, overlaid
from authoring.overlays import Fitting, UnknownAuthority, authorities, authority
from authoring.packages import PACKAGES
from authoring.source import read

COUNCILS = Path(__file__).parents[1] / "courses" / "councils"


@pytest.fixture
def source():
    return read(COUNCILS)


def of(source, word):
    return course(source, authority(source, word))


def slots(module):
    found = [part for page in module.pages for part in walk(page.parts) if isinstance(part, Local)]
    return {slot.id: slot for slot in found}


def test_authorities_are_known_by_slug_and_by_code(source):
    assert authority(source, "cardiff") == authority(source, "W06000015") == authorities(source)[1]


def test_an_unknown_authority_is_told_with_the_nearest(source):
    with pytest.raises(UnknownAuthority, match="no authority “cardif”"):
        authority(source, "cardif")


def test_an_authority_fills_its_slots_and_no_others(source):
    gwynedd = slots(of(source, "gwynedd").modules[0])
    assert [(slot.id, slot.filled) for slot in gwynedd.values()] == [
        ("contacts", True), ("food", False), ("telephone", True),
    ]  # fmt: skip
    assert gwynedd["telephone"].parts[0].html.en.startswith("<p>Ring 4321.")
    assert gwynedd["food"].parts[0].html.cy == "<p>Dewch â brechdanau.</p>\n"
    assert {slot.filled for slot in slots(of(source, "powys").modules[0]).values()} == {False}


def test_links_of_a_filled_slot_lead_where_those_of_its_module_do(source):
    words = slots(of(source, "gwynedd").modules[0])["contacts"].parts[0].html
    assert '<a href="#paper">y papur</a>' in words.cy


def test_questions_of_a_filled_slot_count_for_that_authority(source):
    assert [one.id for one in of(source, "gwynedd").modules[0].questions()] == ["whom"]
    assert course(source).modules[0].questions() == ()


def test_terms_and_media_of_a_filled_slot_are_carried_by_that_authority_alone(source):
    assert "media/plate.png" in of(source, "cardiff").media
    assert "media/plate.png" not in of(source, "gwynedd").media
    assert "media/plate.png" not in course(source).media
    assert [term.id for term in of(source, "gwynedd").modules[0].terms] == ["officer"]


def test_terms_that_only_an_overlay_links_to_are_explained(councils):
    for language in ("en", "cy"):
        page = councils / f"01-start.{language}.md"
        page.write_text(page.read_text("utf-8").replace("(term:officer)", "(https://learn.test/)"), "utf-8")
    source = read(councils)
    assert course(source).modules[0].terms == ()
    assert [term.id for term in of(source, "gwynedd").modules[0].terms] == ["officer"]


def test_names_are_put_in_everywhere_and_escaped_in_html_alone(source):
    cardiff = of(source, "cardiff")
    module = cardiff.modules[0]
    assert cardiff.title == Text("Working for Cardiff & Co Council", "Cyngor Caerdydd: y gwaith")
    assert module.outcomes == (Text("Know Cardiff", "Adnabod Caerdydd"),)
    assert module.terms[0].meaning.en == "Somebody whom Cardiff & Co Council employs."
    html = module.pages[0].parts[0].html.en
    assert html.startswith("<p>Cardiff &amp; Co Council serves Cardiff. Ask <strong>Cardiff &amp; Co Council</strong>")


def test_neutral_words_stand_in_a_package_for_nobody_with_a_capital_where_a_sentence_begins(source):
    html = course(source).modules[0].pages[0].parts[0].html
    assert html.en == "<p>Your own council serves your area. Ask <strong>your own council</strong> first.</p>\n"
    assert html.cy.startswith("<p>Eich cyngor chi sy’n gwasanaethu eich ardal.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{{authority.name}} pays.", "Your council pays."),
        ("Who pays? {{ authority.name }} does.", "Who pays? Your council does."),
        ("<p>It is</p>\n<p><em>{{ authority.area }}</em></p>", "<p>It is</p>\n<p><em>Your area</em></p>"),
        ("<p>In <em>{{  authority.area }}</em></p>", "<p>In <em>your area</em></p>"),
        ("No. 7 {{ authority.name }}", "No. 7 your council"),
        ("{{ authority.names }}", "{{ authority.names }}"),
    ],
)
def test_where_a_sentence_begins(whole, words, expected):
    assert Fitting(read(whole), None, {}).fitted(Text(words, ""), html=True).en == expected


def test_the_wordings_of_a_blank_may_hold_a_name(source):
    blank = Blank("1", ("{{ authority.area }}", "there"), ("yno",))
    fitting = Fitting(source, authority(source, "powys"), {})
    assert fitting.fitted(blank) == Blank("1", ("Powys", "there"), ("yno",))


def test_what_an_authority_changes_nothing_of_stays_the_same_object(source):
    shared, powys, cardiff = course(source), of(source, "powys"), of(source, "cardiff")
    assert shared.modules[1] is powys.modules[1] is cardiff.modules[1]
    assert (
        powys.modules[0].pages[0].parts[2]
        is cardiff.modules[0].pages[0].parts[2]
        is shared.modules[0].pages[0].parts[2]
    )
    assert powys.modules[0].pages[1] is cardiff.modules[0].pages[1]
    assert all(powys.media[name] is data for name, data in shared.media.items())


def test_the_source_is_laid_out_once_for_all(source, monkeypatch):
    course(source)
    laid = source.laid.course
    monkeypatch.setattr("authoring.load._laid", None)
    assert repr(overlaid(laid, source, authority(source, "gwynedd"))) == repr(of(source, "gwynedd"))
    assert source.laid.course is laid


def test_slots_are_filled_wherever_they_stand(source):
    accordion = next(part for part in of(source, "cardiff").modules[0].pages[0].parts if isinstance(part, Accordion))
    (fold,) = accordion.folds
    assert isinstance(fold, Fold)
    assert isinstance(fold.parts[0].parts[0], Prose)
    assert "media/plate.png" in fold.parts[0].parts[0].html.cy


def test_every_authority_makes_a_package_of_its_own(source):
    made = {one.slug: PACKAGES["scorm12"](course(source, one)).files() for one in authorities(source)}
    assert b"Ring 4321." in made["gwynedd"]["start.html"]
    assert b"Ring 4321." not in made["cardiff"]["start.html"]
    assert b"{{" not in b"".join(made["cardiff"].values())
    assert made["powys"]["away.html"] != b""
    assert json.loads(made["powys"]["course.json"])["authority"] == "W06000023"


def test_a_filled_question_is_the_same_activity_for_every_authority(source):
    (question,) = of(source, "gwynedd").modules[0].questions()
    assert isinstance(question, Question)
    assert question.iri == "https://learn.test/councils/modules/start/questions/whom"
    assert question.source == Text("overlays/gwynedd/01-start.en.md:4", "overlays/gwynedd/01-start.cy.md:8")


def test_hidden_files_below_overlays_are_no_overlays(councils):
    (councils / "overlays" / "gwynedd" / ".01-start.en.md.swp").write_bytes(b"\xff")
    assert read(councils).problems == []


def test_status_tells_who_has_filled_what():
    result = CliRunner().invoke(main, ["overlays", "status", str(COUNCILS)])
    assert result.exit_code == 0
    assert result.output == (
        "Authority  Module  Slot       English  Welsh\n"
        "gwynedd    start   contacts   filled   filled\n"
        "gwynedd    start   telephone  filled   filled\n"
        "cardiff    start   food       filled   filled\n"
        "\n"
        "3 slots; filled by 2 of 3 councils.\n"
        "Shared words everywhere: powys.\n"
    )


def test_status_tells_what_is_missing_and_what_nobody_fills(councils):
    (councils / "overlays" / "cardiff" / "01-start.cy.md").unlink()
    for language in ("en", "cy"):
        (councils / "overlays" / "gwynedd" / f"01-start.{language}.md").unlink()
    lines = CliRunner().invoke(main, ["overlays", "status", str(councils)]).output.splitlines()
    assert lines[1:] == [
        "cardiff    start   food  filled   missing",
        "",
        "3 slots; filled by 1 of 3 councils.",
        "Shared words everywhere: gwynedd, powys.",
        "Filled by nobody: start contacts, start telephone.",
    ]


def test_status_as_json():
    found = json.loads(CliRunner().invoke(main, ["overlays", "status", str(COUNCILS), "--format", "json"]).output)
    assert found["slots"][0] == {"module": "start", "page": "hall", "slot": "contacts"}
    assert found["authorities"][1] == {
        "gss": "W06000015", "slug": "cardiff", "filled": [{"module": "start", "slot": "food", "en": True, "cy": True}],
    }  # fmt: skip


def test_a_course_without_slots_says_so(whole):
    output = CliRunner().invoke(main, ["overlays", "status", str(whole)]).output
    assert output == "This course has no slots. A block ::: local #slot in a module makes one.\n"


ASKED = """
::: question #whom
Whom?

- (x) Them
  > Yes.
- ( ) Us
  > No.
:::
"""


def rules_of(folder):
    return [problem.rule for problem in check(folder) if problem.severity == "error"]


def test_an_id_may_take_the_place_of_itself_and_of_no_other(councils):
    for language, word in (("en", "local"), ("cy", "lleol")):
        page = councils / f"01-start.{language}.md"
        shared = page.read_text("utf-8")
        page.write_text(shared.replace(f"::: {word} #contacts\n", f"::: {word} #contacts\n{ASKED}\n"), "utf-8")
    assert rules_of(councils) == []
    assert [one.id for one in course(read(councils)).modules[0].questions()] == ["whom"]
    for language in ("en", "cy"):
        page = councils / f"01-start.{language}.md"
        page.write_text(page.read_text("utf-8").replace(ASKED, "").replace("::: tab", f"{ASKED}\n::: tab"), "utf-8")
    assert rules_of(councils) == ["duplicate-id", "duplicate-id"]


def test_nothing_is_said_of_owners_where_the_list_of_them_cannot_be_read(councils):
    (councils / "authorities.yml").write_text("one: [\n", "utf-8")
    assert rules_of(councils) == ["yaml-syntax"]
