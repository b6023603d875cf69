"""The rules of ``authoring.rules`` as functions: each takes the source and yields what breaks it."""

from datetime import date

from authoring.checks import blocks, languages, links, media, modules, overlays, questions, release, scenarios
from authoring.problems import Problem
from authoring.source import Source

RULES = (
    *modules.RULES, *blocks.RULES, *questions.RULES, *scenarios.RULES, *links.RULES, *media.RULES, *overlays.RULES,
)  # fmt: skip


def problems(source: Source, today: date) -> list[Problem]:
    """Everything wrong with a source, sorted by place; ``today`` decides which facts are due for review."""
    from authoring.checks import advice

    return sorted({*faults(source, today), *(one for rule in advice.RULES for one in rule(source))})


def faults(source: Source, today: date) -> list[Problem]:
    """The same less what never stops a build and takes as long to find as all the rest."""
    found = [*source.problems]
    found += [one for rule in RULES for one in rule(source)]
    # A line that is wrong in itself is not also held against its twin in the other language.
    broken = {(one.file, one.line) for one in found if one.severity == "error"}
    found += [one for rule in languages.RULES for one in rule(source, broken)]
    found += [one for rule in release.RULES for one in rule(source, today)]
    return sorted(set(found))
