"""Draws the rules of the inspector for docs/inspect.md."""

from authoring.inspector.rules import GROUPS
from authoring.inspector.rules.rule import Rule


def rules() -> str:
    """Every rule below the heading of its group: what it asks, which LMS cares, a breach and the same mended."""
    parts = []
    for group, members in GROUPS.items():
        parts += [f"## {group}\n", *(section(name, rule) for name, rule in members.items())]
    return "\n".join(parts).rstrip("\n")


def section(name: str, rule: Rule) -> str:
    """One rule as Markdown."""
    return (
        f"### {name}\n\n"
        f"*{rule.severity}* · {rule.asks} {rule.mend} Matters to {rule.lms}.\n\n"
        f"```text\nwrong   {indented(rule.wrong)}\nright   {indented(rule.right)}\n```\n"
    )


def indented(example: str) -> str:
    """Lines after the first set under it."""
    first, *others = example.split("\n")
    return "\n".join([first, *(f"        {line.strip()}" for line in others)])
