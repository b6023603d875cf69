"""The tables and examples in the documents that are drawn from the code; run it to write them again (`make docs`)."""

import re
from functools import partial
from pathlib import Path

from authoring.inspector import page
from authoring.rules import RULES
from lrs.config import SETTINGS
from lrs.programme import moves, reasons
from lrs.programme.words import gettext, speaking

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- table: drawn by make docs -->\n", "<!-- end of table -->"
CASE = re.compile(r"^## ([a-z0-9-]+): .*\n", re.M)
ACTION = re.compile(r"^(edit|write|remove|latin-1) (\S+)\n(?:```\n(.*?)```\n)?", re.S | re.M)
SAYS = re.compile(r"^says\n```\n(.*?)```\n", re.S | re.M)
EXAMPLES = "authoring/rules.md"
EXAMPLES_HEAD = """\
# An example of each rule

Drawn by `make docs` from what the rules are tested with; `ktb explain RULE` prints it.
"""


def settings() -> str:
    """A row for each setting of the record store."""
    rows = [f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.help} |" for one in SETTINGS]
    return "\n".join(["| setting | default | what |", "| --- | --- | --- |", *rows])


def rules() -> str:
    """A row for each rule that a course must pass."""
    rows = [
        f"| [`{name}`](../{EXAMPLES}#{name}) | {one.severity} | {cell(one.asks)} | {cell(one.mend)} |"
        for name, one in RULES.items()
    ]
    return "\n".join(["| rule | severity | what it asks | how to mend it |", "| --- | --- | --- | --- |", *rows])


OF_WHAT = {
    "en": ("a decision", "a place", "a record does not count"),
    "cy": ("penderfyniad", "lle", "nid yw cofnod yn cyfrif"),
}


def why(spoken: str) -> str:
    """A row for each reason that a lead gives, and each for which a record does not count, in a language."""
    groups = reasons.DECISION_REASONS, moves.REASON_WORDS, reasons.WHY_NOT_WORDS
    with speaking(spoken):
        rows = [
            f"| {what} | {gettext(words)} |"
            for what, group in zip(OF_WHAT[spoken], groups, strict=True)
            for words in group.values()
        ]
    heads = {"en": "| of what | why |", "cy": "| beth | pam |"}
    shown = [re.sub(r"%\((\w+)\)s", "…", row) for row in rows]
    return "\n".join([heads[spoken], "| --- | --- |", *shown])


def cell(words: str) -> str:
    """Words that may hold a bar, which would end the cell."""
    return words.replace("|", "\\|")


def examples() -> str:
    """A section for each rule: what is edited in a course that is right, and what is then said."""
    pieces = CASE.split((ROOT / "tests/authoring/rules.md").read_text("utf-8"))[1:]
    cases: dict[str, str] = {}
    for rule, body in zip(pieces[::2], pieces[1::2], strict=True):
        cases.setdefault(rule, body)
    sections = [f"## {rule}\n\n{example(cases[rule], rule)}" for rule in RULES if rule in cases]
    return EXAMPLES_HEAD + "\n" + "".join(sections).rstrip("\n") + "\n"


def example(body: str, rule: str) -> str:
    """One breach, in words: what stands in the files, and the first line that names the rule."""
    told = [line for line in SAYS.search(body)[1].splitlines() if f": {rule} " in line]
    return "".join(shown(*action) for action in ACTION.findall(body)) + f"Then it says:\n\n{indented(told[0])}"


def shown(action: str, file: str, text: str) -> str:
    """An edit of the tests in words."""
    if action == "remove":
        return f"Without the file {file}:\n\n"
    if action == "latin-1":
        return f"With {file} saved in an encoding other than UTF-8:\n\n"
    if action == "write":
        return f"With this as {file}:\n\n{indented(text)}"
    old, _, new = text.partition("===\n")
    if not new.strip():
        return f"Where {file} lacks\n\n{indented(old)}"
    return f"Where {file} should say\n\n{indented(old)}and says\n\n{indented(new)}"


def indented(text: str) -> str:
    """The text as code, with an empty line after it; a long one is cut."""
    lines = text.rstrip("\n").split("\n")
    kept = [*lines[:12], "…"] if len(lines) > 12 else lines
    return "".join(f"    {line[:200]}".rstrip() + "\n" for line in kept) + "\n"


TABLES = {
    "docs/operators.md": settings,
    "docs/rules.md": rules,
    "docs/inspect.md": page.rules,
    "docs/leads.md": partial(why, "en"),
    "docs/leads.cy.md": partial(why, "cy"),
}


def drawn(text: str, table: str) -> str:
    """The document with its table drawn afresh."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}\n{END}{after}"


if __name__ == "__main__":
    for name, table in TABLES.items():
        path = ROOT / name
        path.write_text(drawn(path.read_text("utf-8"), table()), "utf-8")
    (ROOT / EXAMPLES).write_text(examples(), "utf-8")
