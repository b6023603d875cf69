"""The documents say what the programs do: tables are drawn from the code, commands exist, examples build."""

import re
import sys
from pathlib import Path

import click
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from documents import ROOT, TABLES, drawn  # noqa: E402

from authoring.cli import main as ktb  # noqa: E402
from authoring.markdown import parse  # noqa: E402
from lrs.cli import main as ktb_lrs  # noqa: E402

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_code(name):
    text = (ROOT / name).read_text("utf-8")
    assert text == drawn(text, TABLES[name]()), "run: make docs"


def commands(group, words):
    """Every command below a group, as it is typed."""
    for name, command in group.commands.items():
        yield f"{words} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")


def test_every_command_has_help_and_is_in_the_documents():
    text = "\n".join(path.read_text("utf-8") for path in DOCUMENTS)
    known = [*commands(ktb, "ktb"), *commands(ktb_lrs, "ktb-lrs")]
    assert [command for command in known if command not in text] == []
    for group in (ktb, ktb_lrs):
        assert all(command.help for command in group.commands.values())


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
