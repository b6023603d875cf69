"""What ktb tells of facts, the Standard, its schemas and its rules."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.cli import main
from authoring.listings import examples, facts_of, standard_of
from authoring.rules import RULES
from authoring.source import read

FACTS = """\
"1.10":
  fact: {en: Ten., cy: Deg.}
  source: {en: A book, cy: Llyfr}
  confidence: sure
  checked: 2026-01-01
  review: 2026-12-01
"1.9":
  fact: {en: Nine., cy: Naw.}
  source: {en: A book, cy: Llyfr}
  confidence: read
  checked: 2026-01-01
  review: 2026-12-01
late:
  fact: {en: Late., cy: Hwyr.}
  source: {en: A law, cy: Deddf}
  confidence: changing
  checked: 2025-01-01
  review: 2026-11-20
  link: https://law.test/late
undated:
  fact: {en: Undated., cy: Heb ddyddiad.}
  source: {en: A law, cy: Deddf}
  confidence: check
  checked: 2025-01-01
  review: soon
"""
TODAY = date(2026, 11, 21)


def ktb(*arguments):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert not result.exception or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.fixture
def dated(make):
    """The tiny course with four facts, one of them cited twice on a line of the Welsh."""
    return make(
        ("write", "facts.yml", FACTS),
        ("edit", "02-second.en.md", "Pour it\n===\nPour [it](fact:late)\n"),
        ("edit", "02-second.cy.md", "Arllwyswch\n===\n[Arllwyswch](fact:late) [ef](fact:late)\n"),
    )


def test_facts_stand_by_review_date_those_without_one_first(dated):
    found = facts_of(read(dated), TODAY)
    assert [(fact.id, fact.days) for fact in found] == [("undated", None), ("late", -1), ("1.9", 10), ("1.10", 10)]


def test_facts_say_where_they_are_cited(dated):
    found = {fact.id: fact.cited for fact in facts_of(read(dated), TODAY)}
    assert [place.file for place in found["late"]] == ["02-second.en.md", "02-second.cy.md", "02-second.cy.md"]
    assert found["1.9"] == []


def test_facts_cited_by_a_single_council_are_found_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ktb("new", "course", "x")
    overlay = Path("courses/x/overlays/gwynedd/01-pages.en.md")
    overlay.parent.mkdir(parents=True)
    overlay.write_text("::: local #contacts\n[22 councils](fact:1.1)\n:::\n", "utf-8")
    (fact,) = json.loads(ktb("facts", "--format", "json").output)["facts"]
    assert "overlays/gwynedd/01-pages.en.md" in [place["file"] for place in fact["cited"]]


def test_facts_as_text_for_people(dated, monkeypatch):
    lines = ktb("facts", dated, "--due", "0").output.splitlines()
    assert lines[0] == "no date     overdue      undated  Undated."
    assert lines[1:3] == ["    check, checked 2025-01-01: A law", "    cited nowhere"]
    assert "late  Late." in lines[3]
    assert lines[5] == "    https://law.test/late"
    assert lines[6] == "    cited in 02-second.en.md:13, 02-second.cy.md:13"


def test_due_leaves_out_what_has_time(dated):
    dated.joinpath("facts.yml").write_text(FACTS.replace("2026-12-01", "9998-12-01"), "utf-8")
    far = (date(9999, 1, 1) - date.today()).days
    for days, ids in [(far, ["undated", "late", "1.9", "1.10"]), (60, ["undated", "late"])]:
        found = json.loads(ktb("facts", dated, "--due", days, "--format", "json").output)["facts"]
        assert [fact["id"] for fact in found] == ids


def test_facts_as_json_hold_every_field(dated):
    late = json.loads(ktb("facts", dated, "--format", "json").output)["facts"][1]
    assert late["overdue"] is True and late["review"] == "2026-11-20" and late["source"]["cy"] == "Deddf"
    assert late["cited"][0] == {"file": "02-second.en.md", "line": 13, "column": late["cited"][0]["column"]}


def test_a_file_of_facts_that_cannot_be_read_is_no_course_without_facts(dated):
    dated.joinpath("facts.yml").write_text("one: [\n", "utf-8")
    result = ktb("facts", dated)
    assert result.exit_code == 1
    assert result.output == "facts.yml cannot be read; ktb check says why.\n"


def test_a_course_without_facts_says_so(make):
    folder = make(("remove", "facts.yml", ""))
    assert ktb("facts", folder).output == "No facts.\n"
    assert ktb("facts", folder, "--due", 60).output == "No facts to review within 60 days.\n"


STANDARD = """\
elements:
  - {id: KS1, en: The role, cy: Y rôl}
  - {id: KS2, en: Principles, cy: Egwyddorion}
"""


@pytest.fixture
def tagged(make):
    folder = make(("write", "standard.yml", STANDARD))
    for path in folder.glob("*.md"):
        text = path.read_text("utf-8")
        head, _, rest = text.partition("outcomes:\n")
        _, _, after = rest.partition("\n---\n")
        path.write_text(f"{head}outcomes:\n  - {{text: Make tea, tags: [KS1]}}\n---\n{after}", "utf-8")
    return folder


def test_the_standard_says_what_covers_each_element_and_what_nothing_covers(tagged):
    covered, bare = standard_of(read(tagged))
    assert (covered.id, covered.outcomes) == ("KS1", [("first", "Make tea"), ("second", "Make tea")])
    assert (bare.id, bare.outcomes) == ("KS2", [])
    assert ktb("standard", tagged).output == (
        "KS1  The role\n    first: Make tea\n    second: Make tea\n"
        "No outcome covers:\n    KS2  Principles\n2 elements, 1 not covered.\n"
    )


def test_the_standard_as_json(tagged):
    elements = json.loads(ktb("standard", tagged, "--format", "json").output)["elements"]
    assert [(one["id"], one["cy"], len(one["outcomes"])) for one in elements] == [
        ("KS1", "Y rôl", 2), ("KS2", "Egwyddorion", 0),
    ]  # fmt: skip


def test_schemas_are_listed_printed_and_written_where_editors_look(whole):
    names = [line.partition(":")[0] for line in ktb("schema").output.splitlines()]
    assert {"course", "facts", "glossary", "standard", "authorities", "translations", "module"} <= set(names)
    printed = json.loads(ktb("schema", "course").output)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    ktb("schema", "--write", whole)
    assert {path.stem for path in (whole / ".schemas").glob("*.json")} == set(names)
    assert json.loads((whole / ".schemas/course.json").read_text("utf-8")) == printed
    (whole / ".schemas/course.json").write_text("old", "utf-8")
    ktb("schema", "--write", whole)
    assert json.loads((whole / ".schemas/course.json").read_text("utf-8")) == printed


def test_written_schemas_are_no_fault_of_the_course(whole):
    ktb("schema", "--write", whole)
    assert ktb("check", whole, "--strict").output == f"{whole}: no errors, no warnings.\n"


def test_a_schema_that_is_not_there_is_misuse():
    assert ktb("schema", "corse").exit_code == 2


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained(rule):
    said = ktb("explain", rule)
    assert said.exit_code == 0
    assert RULES[rule].asks in said.output and RULES[rule].mend in said.output


def test_explain_shows_the_example_of_a_rule():
    said = ktb("explain", "unknown-block").output
    assert "An error: it stops every build." in said
    assert "::: tpi" in said and "Did you mean “tip”?" in said
    assert "It stops only “ktb build --release”." in ktb("explain", "fact-due").output


def test_explain_without_a_rule_lists_them_and_a_wrong_one_gets_the_nearest():
    assert len(ktb("explain").output.splitlines()) == len(RULES)
    wrong = ktb("explain", "page-ids")
    assert wrong.exit_code == 1 and "Did you mean “page-id”?" in wrong.output


def test_examples_are_of_rules_there_are():
    assert set(examples()) <= set(RULES)
