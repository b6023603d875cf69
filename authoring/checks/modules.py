"""Modules, pages and ids: what is there, what is named twice, what is missing."""

import re
from collections.abc import Iterator

from authoring.answers import QUESTIONS, SCORED
from authoring.blocks import PIECES, Block, every_block
from authoring.course import short_key
from authoring.links import module_ids
from authoring.problems import Problem
from authoring.rules import Place, did_you_mean, problem
from authoring.source import ModuleFile, Source, mapping

ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
KEYED = {
    **dict.fromkeys(QUESTIONS, "question"), **dict.fromkeys(PIECES, "reflect"), "pool": "pool", "scenario": "scenario",
}  # fmt: skip
KEPT = ("x-", "s-", "q-", "r-", "term-", "scene-")


def listed_modules_exist(source: Source) -> Iterator[Problem]:
    """module-missing: course.yml names only modules that are there."""
    there = [file.id for file in source.files() if file.id]
    for number, module in enumerate(module_ids(source)):
        if module not in there:
            mend = did_you_mean(module, there)
            place = source.tables["course"].place("modules", number)
            yield problem("module-missing", place, f"There is no file for the module “{module}”.", mend)


def files_are_listed(source: Source) -> Iterator[Problem]:
    """module-unlisted: every module file belongs to a module that course.yml names."""
    listed = module_ids(source)
    for file in source.files():
        if file.id and listed and file.id not in listed:
            yield problem(
                "module-unlisted", file.front.place("id"), f"course.yml does not name the module “{file.id}”."
            )


def module_ids_are_single(source: Source) -> Iterator[Problem]:
    """duplicate-id, bad-id: two modules never share an id, and none takes the name of the package's first page."""
    seen: dict[tuple[str, str], str] = {}
    for file in source.files():
        if file.id == "index":
            yield problem("bad-id", file.front.place("id"), "A module cannot be called “index”.")
        if file.id and (first := seen.setdefault((file.id, file.language), file.file)) != file.file:
            yield problem("duplicate-id", file.front.place("id"), f"The module id “{file.id}” is also that of {first}.")


def both_languages_are_there(source: Source) -> Iterator[Problem]:
    """welsh-missing, english-missing: every module has both files."""
    for slug, pair in sorted(source.modules.items()):
        if "cy" not in pair:
            yield problem(
                "welsh-missing", Place(pair["en"].file), f"This module has no Welsh: there is no {slug}.cy.md."
            )
        if "en" not in pair:
            yield problem(
                "english-missing", Place(pair["cy"].file), f"This module has no English: there is no {slug}.en.md."
            )


def pages_have_ids(source: Source) -> Iterator[Problem]:
    """page-id, bad-id: every page title ends with an id of the right form."""
    for file in source.files():
        for page in file.pages:
            if page.id is None:
                yield problem("page-id", file.place(page.at), f"The page “{page.title.content}” has no id.")
            elif not is_id(page.id):
                yield problem("bad-id", file.place(page.at), f"“{page.id}” is no id.")


def pages_say_something(source: Source) -> Iterator[Problem]:
    """page-empty, before-first-page: words stand in pages, and pages hold words."""
    for file in source.files():
        if file.before:
            yield problem(
                "before-first-page", file.place(file.before[0].at), "This stands before the first page title."
            )
        for page in file.pages:
            if not page.parts:
                yield problem("page-empty", file.place(page.at), f"The page “{page.title.content}” is empty.")
        if not file.pages and not file.before:
            yield problem("page-empty", file.place((1, 1)), "This module has no pages.")


def ids_are_single(source: Source) -> Iterator[Problem]:
    """duplicate-id: pages, questions and reflections of a module never share an id."""
    for file in source.files():
        seen: dict[str, int] = {}
        for id, at in _ids(file):
            if id in seen:
                yield problem(
                    "duplicate-id", file.place(at), f"The id “{id}” is used a second time (first on line {seen[id]})."
                )
            seen.setdefault(id, at[0])


def _ids(file: ModuleFile) -> Iterator[tuple[str, tuple[int, int]]]:
    for page in file.pages:
        if page.id:
            yield page.id, page.at
        for block in every_block(page.parts):
            if block.id:
                yield block.id, block.at


def keys_are_single(source: Source) -> Iterator[Problem]:
    """key-collision: the short keys of the saved state tell ids of a kind apart."""
    seen: dict[tuple[str, str], tuple[str, ...]] = {}
    for file, module in _with_modules(source):
        for kind, ids, at in _keyed(file, module):
            first = seen.setdefault((kind, short_key(kind, *ids)), ids)
            if first != ids:
                words = f"The {kind} ids “{'/'.join(ids)}” and “{'/'.join(first)}” come to the same short key."
                yield problem("key-collision", file.place(at), words)


def _with_modules(source: Source) -> Iterator[tuple[ModuleFile, str]]:
    """Each English file and overlay, with the id of its module."""
    for slug, pair in sorted(source.modules.items()):
        overlays = [by_slug[slug] for _, by_slug in sorted(source.overlays.items()) if slug in by_slug]
        for one in [pair, *overlays]:
            if "en" in one and (module := pair.get("en", one["en"]).id):
                yield one["en"], module


def _keyed(file: ModuleFile, module: str) -> Iterator[tuple[str, tuple[str, ...], tuple[int, int]]]:
    yield "module", (module,), (1, 1)
    for page in file.pages:
        if page.id and file.id:
            yield "page", (module, page.id), page.at
        for block in every_block(page.parts):
            if block.id and block.name in KEYED:
                yield KEYED[block.name], (module, block.id), block.at


def elements_have_keys(source: Source) -> Iterator[Problem]:
    """key-collision: the short keys of a needs self-check tell the elements of the Standard apart."""
    elements = source.table("standard").get("elements")
    seen: dict[str, str] = {}
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        id = str(mapping(element).get("id"))
        first = seen.setdefault(short_key("element", id), id)
        if first != id:
            words = f"The elements “{id}” and “{first}” come to the same short key."
            yield problem("key-collision", source.tables["standard"].place("elements", number), words)


def tags_are_known(source: Source) -> Iterator[Problem]:
    """unknown-tag: outcomes name elements of the Standard."""
    elements = source.table("standard").get("elements")
    known = [str(mapping(one).get("id")) for one in elements] if isinstance(elements, list) else []
    for file in source.files():
        outcomes = mapping(file.front.value).get("outcomes")
        for number, outcome in enumerate(outcomes if isinstance(outcomes, list) else []):
            tags = mapping(outcome).get("tags")
            for index, tag in enumerate(tags if isinstance(tags, list) else []):
                if tag not in known and not source.unread("standard"):
                    place = file.front.place("outcomes", number, "tags", index)
                    yield problem(
                        "unknown-tag", place, f"standard.yml has no element “{tag}”.", did_you_mean(str(tag), known)
                    )


def outcomes_are_there(source: Source) -> Iterator[Problem]:
    """unknown-outcome: what a question says it assesses is an outcome of its module."""
    for file in source.files():
        outcomes = mapping(file.front.value).get("outcomes")
        count = len(outcomes) if isinstance(outcomes, list) else 0
        for block in (block for page in file.pages for block in every_block(page.parts)):
            for number in assessed(block) if file.language == "en" and count else ():
                if number > count:
                    mend = f"The outcomes of this module are numbered 1 to {count}."
                    yield problem("unknown-outcome", file.place(block.at), f"There is no outcome {number}.", mend)


def assessed(block: Block) -> list[int]:
    """The numbers, from 1, of the outcomes that a block says it assesses."""
    words = dict(block.options).get("assesses", "").split(",")
    return [int(word) for word in words if word.isdecimal()]


def pass_marks_have_questions(source: Source) -> Iterator[Problem]:
    """pass-without-questions: there is something to pass; a scale is answered and never marked."""
    default = source.table("course").get("complete-when", "answered")
    for file in source.files():
        rule = mapping(file.front.value).get("complete-when", default)
        questions = [block for page in file.pages for block in every_block(page.parts) if block.name in SCORED]
        if str(rule).startswith("passed") and not questions:
            yield problem(
                "pass-without-questions",
                file.front.place("complete-when"),
                "This module has a pass mark and no question that is marked.",
            )


def is_id(word: str) -> bool:
    """Whether ``word`` is an id: small ASCII letters, digits and hyphens, not beginning as the pages’ own do."""
    return ID.fullmatch(word) is not None and not word.startswith(KEPT)


RULES = (
    listed_modules_exist, files_are_listed, module_ids_are_single, both_languages_are_there, pages_have_ids,
    pages_say_something, ids_are_single, keys_are_single, elements_have_keys, tags_are_known, outcomes_are_there,
    pass_marks_have_questions,
)  # fmt: skip
