"""What the inspector says: one finding for each fault, in plain words that no file can bend."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from authoring.inspector.rules import RULES

LONGEST_WHERE = 200
LONGEST_MESSAGE = 600
MOST_OF_A_RULE = 20


class Finding(NamedTuple):
    """One fault: the rule's id, ``error`` or ``warning``, the file with its line if it has one, what to do."""

    rule: str
    severity: str
    where: str
    message: str


def found(rule: str, where: str, what: str) -> Finding:
    """A breach of ``rule`` at ``where``: what is so, how to mend it, and which LMS cares."""
    known = RULES[rule]
    return Finding(
        rule,
        known.severity,
        plain(where, LONGEST_WHERE),
        plain(f"{what} {known.mend} Matters to {known.lms}.", LONGEST_MESSAGE),
    )


def plain(words: str, longest: int = 120) -> str:
    """The words without signs that could steer a terminal or start a new line, and no longer than ``longest``."""
    if len(words) > longest:
        words = words[: longest - 1] + "…"
    return words if words.isprintable() else "".join(map(_shown, words))


def _shown(sign: str) -> str:
    return sign if sign.isprintable() else f"\\x{ord(sign):02x}"


def place(finding: Finding) -> tuple[bool, str, int, str, str]:
    """What findings are sorted by: errors first, then by file and line."""
    file, _, line = finding.where.rpartition(":")
    numbered = line.isascii() and line.isdigit() and len(line) < 9
    return (
        finding.severity != "error",
        file if numbered else finding.where,
        int(line) if numbered else 0,
        finding.rule,
        finding.message,
    )


def listed(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in order, each once, and MOST_OF_A_RULE of a rule at most: the last of those counts the rest."""
    whole = sorted(set(findings), key=place)
    counts = Counter(finding.rule for finding in whole)
    seen: Counter[str] = Counter()
    kept = []
    for finding in whole:
        seen[finding.rule] += 1
        if seen[finding.rule] < MOST_OF_A_RULE or counts[finding.rule] == seen[finding.rule] == MOST_OF_A_RULE:
            kept.append(finding)
        elif seen[finding.rule] == MOST_OF_A_RULE:
            rest = counts[finding.rule] - MOST_OF_A_RULE
            kept.append(finding._replace(message=f"{finding.message} There are {rest} more like this."))
    return kept
