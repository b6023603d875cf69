"""The documents say what the programs do: tables are drawn from the code, commands exist, examples build."""

import base64
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from documents import EXAMPLES, ROOT, TABLES, drawn, examples

from authoring.cli import main as ktb
from authoring.markdown import parse
from lrs import create_app
from lrs.cli import main as ktb_lrs
from lrs.programme.words import catalogue
from lrs.storage import keys
from lrs.storage.database import writing

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_code(name):
    text = (ROOT / name).read_text("utf-8")
    assert text == drawn(text, TABLES[name]()), "run: make docs"


def test_the_example_of_each_rule_is_that_of_its_test():
    assert (ROOT / EXAMPLES).read_text("utf-8") == examples(), "run: make docs"


def commands(group, words):
    """Every command below a group, as it is typed."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{words} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")


def test_every_command_has_help_and_is_in_the_documents():
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
    known = [*commands(ktb, "ktb"), *commands(ktb_lrs, "ktb-lrs")]
    assert [command for command in known if command not in text] == []
    for group in (ktb, ktb_lrs):
        context = click.Context(group)
        assert all(group.get_command(context, name).help for name in group.list_commands(context))


def test_every_command_in_the_documents_exists():
    known = {*commands(ktb, "ktb"), *commands(ktb_lrs, "ktb-lrs")}
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
    shown = re.findall(r"(?:^|`)(ktb(?:-lrs)?(?: [a-z]+)+)", text, re.M)
    assert shown
    assert [one for one in shown if not any(one == command or one.startswith(f"{command} ") for command in known)] == []


def test_examples_of_blocks_are_good_markdown():
    text = (ROOT / "docs" / "authors.md").read_text("utf-8")
    examples = [one for one in re.findall(r"```markdown\n(.*?)```", text, re.S) if one.startswith(":::")]
    assert len(examples) >= 4
    for example in examples:
        assert parse(example, "authors.md")[1] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:|term:|fact:|#|media/)([^)#]+)\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.cy.md")), ids=lambda path: path.name)
def test_a_welsh_document_goes_with_the_english_and_says_that_it_is_a_draft(path):
    welsh, english = path.read_text("utf-8"), path.with_name(path.name.replace(".cy.", ".")).read_text("utf-8")
    assert shape(welsh) == shape(english)
    assert "Drafft yw’r Gymraeg" in welsh
    assert sorted(set(re.findall(r"`[^`]+`", welsh))) == sorted(set(re.findall(r"`[^`]+`", english)))


def shape(text):
    """The headings, rows and list items of a document, without their words."""
    return re.findall(r"^(#+|\||-|\d+\.)(?= )", text, re.M)


def test_what_the_leads_guide_says_stands_on_the_pages_stands_there():
    english, welsh = (
        [" ".join(one.split()) for one in re.findall(r"\*\*([^*]+)\*\*", (ROOT / "docs" / name).read_text("utf-8"))]
        for name in ("leads.md", "leads.cy.md")
    )
    said = {one.id: one.string for one in catalogue("cy") if isinstance(one.id, str)}
    assert [one for one in english if one not in said] == []
    assert sorted(said[one] for one in english) == sorted(welsh)


def test_the_statement_of_the_readme_is_taken(tmp_path):
    app = create_app({"KTB_DATABASE_URL": f"sqlite:///{tmp_path}/store.sqlite3"})
    with writing(app.extensions["engine"]) as connection:
        made = keys.create(connection, "readme", ["all"], datetime.now(UTC))
    (body,) = re.findall(r"-d '(\{.*?\})' \\", (ROOT / "README.md").read_text("utf-8"), re.S)
    pair = base64.b64encode(f"{made.key}:{made.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"}
    answer = app.test_client().post("/xapi/statements", json=json.loads(body), headers=headers)
    assert answer.status_code == 200, answer.text
    app.extensions["engine"].dispose()
