"""Out to a translator and back: nothing is lost, and only what the translator changed changes."""

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from authoring.checks import problems
from authoring.source import read
from authoring.translate.incoming import _read_as, incoming, with_files
from authoring.translate.pairs import page_pairs
from authoring.translate.rows import rows
from authoring.translate.sheet import read_sheet, write_sheet
from authoring.translate.xliff import read_xliff, write_xliff

HERE = Path(__file__).parent
WHOLE = HERE.parents[1] / "courses" / "whole"
KINDS = ("xlf", "xlsx")
NAMESPACE = {"x": "urn:oasis:names:tc:xliff:document:1.2"}


def translated(file, changes):
    """The translator's file with the Welsh of some units changed, as a tool of theirs would save it."""
    if file.suffix == ".xlf":
        tree = etree.parse(file)
        for unit in tree.iterfind(".//x:trans-unit", NAMESPACE):
            if unit.get("id") in changes:
                unit.find("x:target", NAMESPACE).text = changes[unit.get("id")]
        tree.write(file, encoding="UTF-8", xml_declaration=True)
    else:
        found = read_sheet(file.read_bytes())
        file.write_bytes(write_sheet([row._replace(welsh=changes.get(row.id, row.welsh)) for row in found]))


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_back_as_it_went_out_changes_no_byte(tiny, kind, ktb, contents):
    for path in [*tiny.glob("*.cy.md")][:1]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(tiny)
    file = tiny.parent / f"out.{kind}"
    assert ktb("translate", "export", tiny, "--to", file).exit_code == 0
    result = ktb("translate", "import", file, "--course", tiny)
    assert (result.exit_code, result.output) == (0, "Nothing differs, so nothing was saved.\n")
    assert contents(tiny) == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_tiny_course_written_anew_by_a_translator_is_whole(tiny, kind, ktb, exported):
    file = tiny.parent / f"out.{kind}"
    before = exported(tiny)
    ktb("translate", "export", tiny, "--to", file)
    changes = {id: f"Ŵyn {row.welsh}" for id, row in before.items() if "/right" not in id}
    translated(file, changes)
    result = ktb("translate", "import", file, "--course", tiny)
    assert result.stderr == ""
    assert {id: row.welsh for id, row in exported(tiny).items()} == {
        id: changes.get(id, row.welsh) for id, row in before.items()
    }
    assert [str(one) for one in problems(read(tiny), date(2026, 11, 21)) if one.severity == "error"] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_only_the_lines_of_changed_units_change(whole, kind, ends, ktb, contents):
    for path in whole.glob("*.cy.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", ends.encode()))
    before = contents(whole)
    file = whole.parent / f"out.{kind}"
    ktb("translate", "export", whole, "--to", file)
    changes = {
        "first/-/outcome1": "Gwneud te, a'i “yfed”: bob dydd",
        "first/water/important1/title": "Gwyliwch yr *ager*",
        "first/water/cell3": "Tywyll \\| du",
        "first/water/p2": "Cwpan â the ynddi.",
        "first/end/#how-hot/hint": "Rhif *hawdd* ydyw.",
        "first/end/#which/answer2/p1": "Cerrig",
        "first/end/#next/quote1/p1": "Efallai Assam,\\\nefallai ddim.",
    }
    translated(file, changes)
    assert ktb("translate", "import", file, "--course", whole).exit_code == 0
    after = contents(whole)
    assert {name for name in before if before[name] != after[name]} == {"01-first.cy.md", "translations.yml"}
    text = before["01-first.cy.md"].decode()
    for old, new in [
        ("{text: Gwneud te,", "{text: \"Gwneud te, a'i “yfed”: bob dydd\","),
        ("Gwyliwch y *stêm*", "Gwyliwch yr *ager*"),
        ("| Du |", "| Tywyll \\| du |"), ("Cwpan sy’n hanner llawn.", "Cwpan â the ynddi."),
        ("Rhif *crwn*", "Rhif *hawdd*"), ("Graean", "Cerrig"),
        ("> Assam efallai.", f"> Efallai Assam,\\{ends}> efallai ddim."),
    ]:  # fmt: skip
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert after["01-first.cy.md"].decode() == text


def test_a_page_whose_welsh_changes_is_reviewed_no_more(whole, ktb):
    file = whole.parent / "out.xlf"
    ktb("translate", "export", whole, "--to", file)
    translated(file, {"first/end/p1": "", "first/water/p1": "", "first/end/title": "Diwedd"})
    result = ktb("translate", "import", file, "--course", whole)
    assert "first/end: 1 unit\n" in result.output
    assert "2 reviewed." in ktb("translate", "status", whole).output
    assert "\n  end: {from: null, reviewed_by: null, reviewed_on: null}\n" in (whole / "translations.yml").read_text()


def test_a_missing_module_is_made_from_the_english(make, ktb, exported):
    folder = make(("remove", "02-second.cy.md", ""))
    file = folder.parent / "out.xlsx"
    ktb("translate", "export", folder, "--to", file, "--only", "missing")
    translated(file, {id: f"Ŵ {row.english}" for id, row in exported(folder).items()})
    assert ktb("translate", "import", file, "--course", folder).exit_code == 0
    assert (folder / "02-second.cy.md").read_text("utf-8") == (
        "---\nid: second\ntitle: Ŵ Milk & sugar\nsummary: Ŵ What goes in.\nminutes: 5\noutcomes:\n"
        "  - {text: Ŵ Know when to stop}\ncomplete-when: passed 80\n---\n\n"
        "## Ŵ Milk {#milk}\n\n"
        "Ŵ Pour it into the [cup](term:cup); see [water](01-first.cy.md#water) or <https://learn.test/?a=1&b=2>.\n\n"
        "::: cwestiwn #last\nŴ Milk goes in last.\n\n"
        "- (x) Ŵ True\n  > Ŵ Some say so.\n- ( ) Ŵ False\n  > Ŵ Some say so.\n:::\n"
    )
    assert "1 not reviewed, 2 reviewed." in ktb("translate", "status", folder).output
    assert [one.rule for one in problems(read(folder), date(2026, 11, 21)) if one.severity == "error"] == []


def test_a_missing_module_names_the_welsh_twins_of_its_media(tmp_path, ktb, exported):
    folder = tmp_path / "councils"
    shutil.copytree(WHOLE.parent / "councils", folder)
    (folder / "01-start.cy.md").unlink()
    file = tmp_path / "out.xlf"
    ktb("translate", "export", folder, "--to", file)
    translated(file, {id: row.english for id, row in exported(folder).items()})
    assert ktb("translate", "import", file, "--course", folder).stderr == ""
    text = (folder / "01-start.cy.md").read_text("utf-8")
    assert '::: fideo media/welcome.mp4 captions=media/welcome.cy.vtt title="Welcome"\n' in text
    assert '::: ffigur media/hall.svg alt="A hall with two doors." The hall of {{ authority.name }}\n' in text
    assert "read [the page on the hall](01-start.cy.md#hall)." in text
    assert "> [!NOTE]\n> Bring your [badge](#paper).\n" in text


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("page", ["water", "end"])
def test_a_missing_page_is_made_from_the_english_in_its_place(whole, page, ends, ktb, exported):
    path = whole / "01-first.cy.md"
    source = read(whole)
    own = next(one for one in source.modules["01-first"]["cy"].pages if one.id == page)
    lines = path.read_text("utf-8").split("\n")
    rest = "\n".join(lines[: own.at[0] - 1] + lines[own.last - 1 :]).rstrip() + "\n"
    path.write_bytes(rest.replace("\n", ends).encode())
    file = whole.parent / "out.xlf"
    ktb("translate", "export", whole, "--to", file, "--only", "missing")
    sent = read_xliff(file.read_bytes())
    assert {row.id.split("/")[1] for row in sent} == {page}
    translated(file, {row.id: row.english.replace("Think", "Meddyliwch") for row in sent})
    assert ktb("translate", "import", file, "--course", whole).stderr == ""
    assert [one.rule for one in problems(read(whole), date(2026, 11, 21)) if one.severity == "error"] == []
    assert path.read_bytes().endswith(ends.encode())
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(ends.encode())
    assert {row.welsh for id, row in exported(whole).items() if f"/{page}/" in id} >= {row.english for row in sent[:1]}


def test_a_page_with_a_new_paragraph_asks_for_that_one_alone(make, ktb):
    folder = make(
        ("edit", "01-first.en.md", "Think first.\n===\nThink first.\n\nThink of the [cup](term:cup) again.\n")
    )
    file = folder.parent / "out.xlf"
    ktb("translate", "export", folder, "--to", file, "--only", "missing")
    sent = read_xliff(file.read_bytes())
    assert [(row.id, row.english) for row in sent] == [("first/end/#how-hot/p3", "Think of the [cup](term:cup) again.")]
    before = (folder / "01-first.cy.md").read_text("utf-8")
    translated(file, {sent[0].id: "Meddyliwch am y [gwpan](term:cup) eto."})
    assert ktb("translate", "import", file, "--course", folder).exit_code == 0
    assert (folder / "01-first.cy.md").read_text("utf-8") == before.replace(
        "Meddyliwch yn gyntaf.\n", "Meddyliwch yn gyntaf.\n\nMeddyliwch am y [gwpan](term:cup) eto.\n"
    )


def test_welsh_without_english_goes_out_with_a_word_when_its_page_is_built(make, ktb, exported):
    folder = make(
        ("edit", "01-first.en.md", "Think first.\n\n===\n\n"),
        ("edit", "01-first.cy.md", "Meddyliwch yn gyntaf.\n===\nMeddyliwch yn gyntaf, da chi.\n"),
    )
    file = folder.parent / "out.xlf"
    ktb("translate", "export", folder, "--to", file)
    translated(file, {"first/end/title": "Diwedd"})
    result = ktb("translate", "import", file, "--course", folder)
    assert "goes out, for the English has nothing like it: Meddyliwch yn gyntaf, da chi.\n" in result.output
    assert "da chi" not in (folder / "01-first.cy.md").read_text("utf-8")


def test_an_export_is_valid_xliff(tiny):
    (tiny / "translations.yml").write_text("{}\n")
    data = write_xliff(rows(page_pairs(read(tiny))))
    schema = etree.XMLSchema(etree.parse(HERE / "xliff-1.2.xsd"))
    schema.assertValid(etree.fromstring(data))
    assert not schema.validate(etree.fromstring(data.replace(b"needs-review-translation", b"reviewed", 1)))


def test_the_state_of_a_unit_is_told_in_the_words_of_the_standard(make):
    folder = make(
        ("write", "translations.yml", "first:\n  water: {from: 0a, reviewed_by: Siân}\n  end: {reviewed_by: Siân}\n"),
        ("edit", "02-second.en.md", "Milk goes in last.\n===\nMilk goes in last.\n\nOr first.\n"),
    )
    root = etree.fromstring(write_xliff(rows(page_pairs(read(folder)))))
    found = {
        unit.get("id"): (unit.get("approved"), unit.find("x:target", NAMESPACE).get("state"))
        for unit in root.iterfind(".//x:trans-unit", NAMESPACE)
    }
    assert found["first/water/p1"] == ("no", "needs-translation")
    assert found["first/end/title"] == ("yes", "signed-off")
    assert found["second/milk/#last/p2"] == ("no", "new")
    assert found["second/milk/#last/p1"] == ("no", "needs-review-translation")


def test_words_that_look_like_a_formula_are_words_in_the_sheet(make, tmp_path):
    folder = make(("edit", "02-second.en.md", "title: Milk & sugar\n===\ntitle: =1+1\n"))
    import zipfile

    path = tmp_path / "out.xlsx"
    path.write_bytes(write_sheet(rows(page_pairs(read(folder)))))
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert b"<t>=1+1</t>" in book.read("xl/sharedStrings.xml")


@pytest.mark.parametrize("write", [write_xliff, write_sheet])
def test_the_same_course_gives_the_same_bytes(whole, write):
    assert write(rows(page_pairs(read(whole)))) == write(rows(page_pairs(read(whole))))


def test_an_export_of_nothing_is_told_and_writes_nothing(whole, ktb):
    file = whole.parent / "out.xlf"
    assert ktb("translate", "export", whole, "--to", file, "--only", "missing").exit_code == 1
    assert ktb("translate", "export", whole, "--to", whole.parent / "out.docx").exit_code == 2
    assert not file.exists()


def test_what_tools_put_around_the_words_is_taken_off():
    data = (
        b'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body><trans-unit id="a">'
        b"<source>One. Two.</source><seg-source>x</seg-source>"
        b'<target><mrk mtype="seg" mid="1">Un.</mrk> <g id="1">Dau<x id="2"/></g><!-- no -->.</target>'
        b"<alt-trans><target>Not this</target></alt-trans></trans-unit></body></file></xliff>"
    )
    assert [(row.id, row.english, row.welsh, row.was) for row in read_xliff(data)] == [
        ("a", "One. Two.", "Un. Dau.", None)
    ]


WORDS = st.text("abŵ é’“.:,-#>*_[](){}|\\`=!&<\"'\n1", min_size=1, max_size=30)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 47), WORDS), min_size=1, max_size=3))
def test_whatever_a_translator_writes_is_read_back_as_it_was_written_or_refused(changes):
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "whole"
        shutil.copytree(WHOLE, folder)
        source = read(folder)
        pages = page_pairs(source)
        sent = rows(pages)
        wanted = {sent[number].id: words for number, words in changes if words.strip()}
        found = incoming(source, [row._replace(welsh=wanted.get(row.id, row.welsh)) for row in sent])
        after = with_files(source, found.files)
        now = {row.id: row.welsh for row in rows(page_pairs(after))}
        taken = {row.id for row in sent if now[row.id] != row.welsh}
        assert {id: now[id].split() for id in taken} == {id: wanted[id].split() for id in taken}
        told = {refusal.id.partition("/")[0].partition(".")[0] for refusal in found.refused}
        unread = {id for id in wanted if now[id].split() != wanted[id].split()}
        assert {id.partition("/")[0] for id in unread} <= {one.removeprefix("01-").removeprefix("02-") for one in told}
        assert [one for one in problems(after, date(2026, 11, 21)) if one.severity == "error"] == []
        touched = {
            (page.file, span.line) for page in pages for pair in page.pairs if pair.id in taken
            for span in pair.welsh.spans
        }  # fmt: skip
        for file, text in found.files.items():
            old = (folder / file).read_text("utf-8").split("\n")
            new = iter(_read_as(text).split("\n"))
            assert all(line in new for number, line in enumerate(old, 1) if (file, number) not in touched)
