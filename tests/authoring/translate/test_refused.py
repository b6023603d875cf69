"""What a translator's file may not do: each refusal says why, all are told at once, and nothing is saved by halves."""

import os
import shutil
from pathlib import Path

import pytest

from authoring.source import read
from authoring.translate.files import save_all
from authoring.translate.incoming import incoming
from authoring.translate.sheet import write_sheet
from authoring.translate.xliff import write_xliff

COURSES = Path(__file__).parents[2] / "courses"
UNREAD = "Its beginning or its signs would be read as something other than words."


def refusals(folder, exported, changes, **more):
    """What is said of the rows of an export with the Welsh of some changed, and other fields by name."""
    found = incoming(
        read(folder),
        [row._replace(welsh=changes[id], **more) for id, row in exported(folder).items() if id in changes],
    )
    return [str(one) for one in found.refused], found.files


@pytest.mark.parametrize(
    ("unit", "welsh", "said"),
    [
        ("first/water/p1", "[Tegell](term:kettle). Mae’n *boeth*.", "Beside the English it lacks (fact:1.6)."),
        (
            "second/milk/p1", "[Cwpan](term:kettle) [dŵr](01-first.cy.md#water) <https://a.test/>",
            "Beside the English it lacks (term:cup) and has (term:kettle) too many.",
        ),
        ("first/end/title", "Y **diwedd**", "Beside the English it has bold (**) too many."),
        ("first/water/item2/p1", "bron `iawn`", "Beside the English it has code (`) too many."),
        ("first/water/item2/p1", "![llun](media/cup.svg)", "Beside the English it has (media/cup.svg) too many."),
        ("first/water/item2/p1", "bron [[iawn]]", "Beside the English it has a gap ([[…]]) too many."),
        ("first/water/item2/p1", "{{ authority.name }}", "Beside the English it has {{ authority.name }} too many."),
        ("first/end/title", "Y\\\ndiwedd", "It must stay on one line."),
        (
            "first/end/#how-hot/hint", 'Rhif "*crwn*".',
            "It stands between straight quotes, so it cannot hold one: use “ and ”.",
        ),
        ("first/water/item2/p1", "\x07bron", "It holds a control character."),
        *(
            ("first/water/item2/p1", welsh, UNREAD)
            for welsh in (
                "# bron", "> bron", "- bron", "1. bron", "::: tip", ":::", "---", "```", "<div>", "[a]: b",
            )
        ),
        ("first/water/cell3", "Du | gwyn", UNREAD),
        ("first/water/h1", "Potiau {#x}", UNREAD),
        ("first/water/p2", "Cwpan](a.svg) [b", UNREAD),
    ],
)  # fmt: skip
def test_a_unit_that_would_break_the_page_is_refused(whole, exported, unit, welsh, said):
    assert refusals(whole, exported, {unit: welsh}) == ([f"{unit}: {said}"], {})


def test_marks_may_stand_in_another_order_and_lead_to_another_site(whole, exported):
    words = "[Berwa dŵr](fact:1.6) yn y *[tegell](term:kettle)*."
    assert refusals(whole, exported, {"first/water/p1": words})[0] == []
    words = "I’r [cwpan](term:cup), [dŵr](01-first.en.md#water), <https://dysgu.test/>."
    said, files = refusals(whole, exported, {"second/milk/p1": words})
    assert said == []
    assert "[dŵr](01-first.cy.md#water), <https://dysgu.test/>." in files["02-second.cy.md"]


def test_a_unit_whose_english_has_changed_is_refused_with_both_texts(whole, exported):
    said, files = refusals(whole, exported, {"first/end/title": "Diwedd"}, english="The finish")
    assert said == [
        "first/end/title: The English has changed since the export.\n  then: The finish\n  now:  The end",
    ]
    assert files == {}


def test_a_unit_that_was_edited_meanwhile_is_refused_with_both_texts(whole, exported):
    sent = exported(whole)
    path = whole / "01-first.cy.md"
    path.write_text(path.read_text("utf-8").replace("## Y diwedd", "## Y terfyn"), "utf-8")
    changed = sent["first/end/title"]._replace(welsh="Diwedd")
    said = [str(one) for one in incoming(read(whole), [changed]).refused]
    assert said == [
        "first/end/title: The Welsh has been edited since the export.\n  here: Y terfyn\n  file: Diwedd",
    ]
    # Left as it was sent, the unit does not undo what was edited here.
    untouched = incoming(read(whole), list(sent.values()))
    assert (untouched.refused, untouched.files) == ([], {})


def test_rows_without_a_mark_of_the_export_change_only_what_they_change(whole, exported):
    sent = [row._replace(was=None) for row in exported(whole).values()]
    found = incoming(read(whole), sent)
    assert (found.refused, found.files, found.changed) == ([], {}, {})
    found = incoming(read(whole), [row._replace(welsh=row.welsh.replace("Potiau", "Cwpanau")) for row in sent])
    assert found.changed == {("first", "water"): 1}


@pytest.mark.parametrize(
    ("course", "unit", "welsh"),
    [
        ("whole", "first/water/important1/title", "#stêm Gwyliwch y *stêm*"),
        ("whole", "first/water/important1/title", "points=2 Gwyliwch y *stêm*"),
        ("questions", "asked/first/#pots/item1/left", "*Tecell* -> te"),
    ],
)
def test_words_that_are_signs_where_they_stand_are_refused_by_name(tmp_path, exported, course, unit, welsh):
    folder = tmp_path / course
    shutil.copytree(COURSES / course, folder)
    said = "It would be read as something other than the words it is."
    assert refusals(folder, exported, {unit: welsh}) == ([f"{unit}: {said}"], {})


def test_units_of_another_course_and_units_that_say_two_things_are_refused(whole, exported):
    row = exported(whole)["first/end/title"]
    found = incoming(
        read(whole), [row._replace(id="third/end/title"), row._replace(welsh="Un"), row._replace(welsh="Dau")]
    )  # fmt: skip
    assert [str(one) for one in found.refused] == [
        "third/end/title: The course has no such unit.",
        "first/end/title: It stands in the file twice, with different Welsh.",
    ]


def test_what_only_the_rules_can_see_refuses_the_file(whole, exported):
    said, files = refusals(
        whole, exported, {"second/milk/#last/p1": "Gweler [dŵr](#water)."}, english="Milk goes in last."
    )
    assert said == [
        "second/milk/#last/p1: Beside the English it has (#water) too many.",
    ]
    path = whole / "02-second.en.md"
    path.write_text(path.read_text("utf-8").replace("Milk goes in last.", "See [it](#milk)."), "utf-8")
    said, files = refusals(whole, exported, {"second/milk/#last/answer1/p1": "[Gwir](fact:1.6)"})
    assert said == ["second/milk/#last/answer1/p1: Beside the English it has (fact:1.6) too many."]
    said, files = refusals(whole, exported, {"second/milk/p1": "[c](term:cup) [d](01-first.cy.md#water) [e](https:)"})
    assert len(said) == 1
    assert said[0].startswith("02-second.cy.md:13:41: link-nowhere ")
    assert files == {}


def test_a_page_is_built_only_whole(make, exported):
    folder = make(("remove", "02-second.cy.md", ""))
    said, files = refusals(folder, exported, {"second/milk/title": "Llaeth"})
    assert files == {}
    assert [one.partition(":")[0] for one in said] == ["second/-", "second/milk"]
    assert said[1].endswith(
        "no Welsh yet: second/milk/p1, second/milk/#last/p1, second/milk/#last/answer1/p1, "
        "second/milk/#last/answer1/quote1/p1, second/milk/#last/answer2/p1 and 1 more."
    )


@pytest.mark.parametrize("write", [write_xliff, write_sheet])
def test_one_refusal_stops_all_unless_the_rest_is_asked_for(whole, exported, ktb, contents, write):
    before = contents(whole)
    file = whole.parent / ("out.xlf" if write is write_xliff else "out.xlsx")
    changes = {"first/end/title": "Diwedd", "second/milk/title": "**Llaeth**", "first/water/h1": "Potiau {#a}"}
    file.write_bytes(write([row._replace(welsh=changes.get(id, row.welsh)) for id, row in exported(whole).items()]))
    result = ktb("translate", "import", file, "--course", whole)
    assert (result.exit_code, result.stderr.splitlines()) == (
        1,
        [
            f"first/water/h1: {UNREAD}",
            "second/milk/title: Beside the English it has bold (**) too many.",
            "2 things refused. Nothing was saved.",
        ],
    )
    assert contents(whole) == before
    assert ktb("translate", "import", file, "--course", whole, "--rest", "--dry-run").exit_code == 1
    assert contents(whole) == before
    result = ktb("translate", "import", file, "--course", whole, "--rest")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "2 things refused.")
    after = contents(whole)
    assert {name for name in after if after[name] != before[name]} == {"01-first.cy.md", "translations.yml"}
    assert after["01-first.cy.md"] == before["01-first.cy.md"].replace(b"## Y diwedd", b"## Diwedd")


def test_a_dry_run_saves_nothing(whole, exported, ktb, contents):
    before = contents(whole)
    file = whole.parent / "out.xlf"
    row = exported(whole)["first/end/title"]
    file.write_bytes(write_xliff([row._replace(welsh="Diwedd")]))
    result = ktb("translate", "import", file, "--course", whole, "--dry-run")
    assert result.output == "  first/end: 1 unit\nNothing was saved: 1 unit would change.\n"
    assert contents(whole) == before


@pytest.mark.parametrize("fails", [1, 2, 3])
def test_a_disk_that_fails_midway_leaves_every_file_as_it_was(tmp_path, monkeypatch, contents, fails):
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "b").write_bytes(b"old b")
    before = contents(tmp_path)
    calls = []

    def replace(old, new, real=os.replace):
        calls.append(new)
        if len(calls) == fails:
            raise OSError(28, "No space left on device")
        real(old, new)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="No space"):
        save_all({tmp_path / "a": b"new a", tmp_path / "b": b"new b", tmp_path / "c": b"new c"})
    assert contents(tmp_path) == before


def test_a_saved_file_keeps_its_mode(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    save_all({path: b"new"})
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
