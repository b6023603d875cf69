"""What translations.yml says of each page, and how a person's word gets into it without harm to the rest."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.translate.record import Entry, recorded, with_entries
from authoring.yaml12 import read_yaml

WATER = "39c00f2256ef"


def record(folder):
    return (folder / "translations.yml").read_text("utf-8")


def test_status_tells_the_state_of_each_page_and_counts_them(make, ktb):
    folder = make(
        (
            "write",
            "translations.yml",
            "first:\n  water: {from: 00000000000a, reviewed_by: Siân}\n  end: {from: null}\n",
        ),
        ("remove", "02-second.cy.md", ""),
    )
    assert ktb("translate", "status", folder).output == (
        "first: 1 stale, 1 not reviewed\n"
        "  stale         water                        01-first.cy.md:10\n"
        "  not reviewed  end                          01-first.cy.md:45\n"
        "second: 1 missing\n"
        "  missing       milk                         02-second.cy.md:1\n"
        f"{folder}: 3 pages: 1 missing, 1 stale, 1 not reviewed.\n"
    )
    found = json.loads(ktb("translate", "status", folder, "--format", "json").output)
    assert found["all"] == {"missing": 1, "stale": 1, "unreviewed": 1, "reviewed": 0}
    assert found["modules"]["second"] == {"missing": 1, "stale": 0, "unreviewed": 0, "reviewed": 0}
    assert found["pages"][2] == {
        "module": "second", "page": "milk", "state": "missing", "file": "02-second.cy.md", "line": 1,
    }  # fmt: skip


def test_a_page_is_stale_once_its_english_changes_and_no_more_once_it_is_accepted(make, ktb):
    folder = make()
    assert ktb("translate", "accept", "first", "second", "--course", folder).exit_code == 0
    assert "3 reviewed." in ktb("translate", "status", folder).output
    english = folder / "01-first.en.md"
    english.write_text(english.read_text("utf-8").replace("Think first.", "Think twice."), "utf-8")
    assert "1 stale, 2 reviewed." in ktb("translate", "status", folder).output
    assert ktb("translate", "accept", "first/end", "--course", folder).exit_code == 0
    # The review was of a Welsh text made from another English.
    assert "1 not reviewed, 2 reviewed." in ktb("translate", "status", folder).output
    assert ktb("translate", "accept", "first/end", "--reviewed-by", "Siân Ŵyn", "--course", folder).exit_code == 0
    assert "3 reviewed." in ktb("translate", "status", folder).output
    assert f"reviewed_by: Siân Ŵyn, reviewed_on: {date.today().isoformat()}" in record(folder)


def test_accept_changes_only_the_entries_concerned(make, ktb):
    before = (
        "# Kept.\nsecond:   # and this\n  milk: {from: null, reviewed_by: Mair}  # at the end\n\n"
        "first:\n  # Before.\n  end:\n    from: null\n    reviewed_by: Mair\n# Last.\n"
    )
    folder = make(("write", "translations.yml", before))
    result = ktb(
        "translate", "accept", "first", "--reviewed-by", "Siân: W", "--on", "2026-11-02", "--course", folder
    )  # fmt: skip
    assert result.output == f"Recorded in {folder / 'translations.yml'}: 2 pages.\n"
    entry = 'reviewed_by: "Siân: W", reviewed_on: 2026-11-02}\n'
    assert record(folder) == before.replace(
        "  end:\n    from: null\n    reviewed_by: Mair\n",
        f'  end:\n    {{from: "70a1ff0d5f6c", {entry}  water: {{from: "{WATER}", {entry}',
    ).replace("70a1ff0d5f6c", recorded(record(folder), "first", "end").english)
    assert ktb("check", folder).exit_code == 0


def test_a_record_that_is_missing_is_made(make, ktb):
    folder = make(("remove", "translations.yml", ""))
    assert ktb("translate", "accept", "first/water", "--course", folder).exit_code == 0
    assert record(folder) == f'first:\n  water: {{from: "{WATER}", reviewed_by: null, reviewed_on: null}}\n'


def test_a_record_with_carriage_returns_keeps_them(make, ktb):
    folder = make()
    path = folder / "translations.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ktb("translate", "accept", "first/water", "--course", folder)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") == 5


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["first/watr"], "There is no page “first/watr”. Did you mean “first/water”?"),
        (["frist"], "There is no module “frist”. Did you mean “first”?"),
        (["first/water", "second/milk"], "second/milk has no Welsh to accept."),
    ],
)
def test_nothing_is_recorded_where_one_page_cannot_be(make, ktb, contents, names, said):
    folder = make(("remove", "02-second.cy.md", ""))
    before = contents(folder)
    result = ktb("translate", "accept", *names, "--course", folder)
    assert (result.exit_code, result.stderr) == (1, f"{said}\nNothing was recorded.\n")
    assert contents(folder) == before


@pytest.mark.parametrize(
    "words",
    [
        ["first", "--on", "2026-11-02"], ["first", "--reviewed-by", "A", "--on", "2 November"],
        ["first", "--reviewed-by", "A", "--on", "20261102"], ["first", "--reviewed-by", " \n"], [],
    ],
)  # fmt: skip
def test_misuse_of_accept_is_told_apart(make, ktb, words):
    assert ktb("translate", "accept", *words, "--course", make()).exit_code == 2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("::: tip\n===\n::: tpi\n", "01-first.en.md:28:1: unknown-block "),
        ("## The end {#end}\n===\n## The end {#water}\n", "01-first.en.md:45:1: duplicate-id "),
        ("## The end {#end}\n===\n## The end\n", "01-first.en.md:45:1: page-id "),
        ("id: first\n===\nid: second\n", "02-second.en.md:2:1: duplicate-id "),
    ],
)
@pytest.mark.parametrize("command", [["status"], ["export", "--to", "out.xlf"], ["import", "in.xlf", "--course"]])
def test_a_course_that_cannot_be_taken_apart_says_why(make, ktb, command, edit, said):
    folder = make(("edit", "01-first.en.md", edit))
    result = ktb("translate", *command, folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(said)


@pytest.mark.parametrize("command", [["translate", "status"], ["spelling"]])
def test_a_line_whose_words_cannot_be_found_again_is_told(make, ktb, command):
    result = ktb(*command, make(("edit", "01-first.en.md", "Think first.\n===\nThink\x00 first.\n")))
    assert (result.exit_code, result.stderr) == (
        1,
        "01-first.en.md:50:1: The words of this line cannot be told from their signs. Write them more simply.\n",
    )


NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True)
ENTRIES = st.builds(
    Entry,
    st.none() | st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    st.none() | st.text("aŵ:{}#'\"-, 1", min_size=1).map(str.strip).filter(bool),
    st.none() | st.just("2026-11-02"),
)
TABLES = st.dictionaries(NAMES, st.dictionaries(NAMES, ENTRIES, max_size=4), max_size=4)
LAYOUTS = st.sampled_from(["flow", "block", "json", "empty"])


def laid_out(table, layout):
    plain = {module: {page: entry.values() for page, entry in pages.items()} for module, pages in table.items()}
    if layout == "empty" or not table:
        return "# Nothing yet.\n", {}
    if layout == "json":
        return json.dumps(plain, ensure_ascii=False), plain
    lines = ["# A comment."]
    for module, pages in plain.items():
        lines.append(f'"{module}":' if pages else f'"{module}": {{}}')
        for page, entry in pages.items():
            values = {key: json.dumps(value, ensure_ascii=False) for key, value in entry.items()}
            if layout == "flow":
                lines.append(f'  "{page}": {{{", ".join(f"{key}: {value}" for key, value in values.items())}}}')
            else:
                lines += [f'  "{page}":', *(f"    {key}: {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n", plain


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TABLES, LAYOUTS, st.dictionaries(st.tuples(NAMES, NAMES), ENTRIES, min_size=1, max_size=4))
def test_whatever_the_layout_the_new_record_says_what_it_should(table, layout, entries):
    text, before = laid_out(table, layout)
    wanted = {module: dict(pages) for module, pages in before.items()}
    for (module, page), entry in entries.items():
        wanted.setdefault(module, {})[page] = entry.values()
    new = with_entries(text, entries)
    assert read_yaml(new, "translations.yml").value == wanted
    if layout in ("flow", "block", "empty") and all(before.values()):
        assert new.startswith(text.split("\n")[0])
