"""What authorities put in: overlay files that fill slots which are there, in both languages, and names of councils."""

import re
from collections.abc import Iterator

from authoring.blocks import PageSource, every_block
from authoring.checks.scenarios import NOT_IN_SCENES
from authoring.overlays import NAMED, slots
from authoring.problems import Problem
from authoring.rules import Place, did_you_mean, problem
from authoring.source import ModuleFile, Source, mapping

# Words after which a Welsh name changes its first letter: i Gaerdydd, yng Ngwynedd, a Cheredigion.
MUTATES = re.compile(
    r"\b(?:am|ar|at|dan|dros|drwy|gan|heb|hyd|i|neu|o|tan|trwy|wrth|yn|a|â|gyda|tua)\s+[*_“‘(]*(\{\{[^{}]*\}\})", re.I
)
BRACES = re.compile(r"\{\{.*?(?:\}\}|$)|\}\}")
OTHER_LANGUAGE = {"en": ("cy", "Welsh"), "cy": ("en", "English")}


def authorities_are_single(source: Source) -> Iterator[Problem]:
    """authority-twice: a slug or a code stands for one authority."""
    rows = source.tables["authorities"].value
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        for key in ("gss", "slug"):
            value = mapping(row).get(key)
            if isinstance(value, str) and (first := seen.setdefault((key, value), number)) != number:
                place = source.tables["authorities"].place(number, key)
                words = f"The {key} “{value}” is also that of entry {first + 1}."
                yield problem("authority-twice", place, words)


def overlays_have_owners(source: Source) -> Iterator[Problem]:
    """overlay-authority, overlay-module: each overlay is an authority's and belongs to a module of the same name."""
    rows = source.tables["authorities"].value
    slugs = [str(mapping(row).get("slug")) for row in (rows if isinstance(rows, list) else [])]
    for slug, by_module in sorted(source.overlays.items()):
        place = Place(f"overlays/{slug}")
        if slug not in slugs and not source.unread("authorities"):
            words = f"authorities.yml has no authority “{slug}”."
            yield problem("overlay-authority", place, words, did_you_mean(slug, slugs))
        for module, pair in sorted(by_module.items()):
            if module not in source.modules:
                mend = did_you_mean(module, list(source.modules))
                for file in pair.values():
                    yield problem("overlay-module", Place(file.file), f"There is no module file “{module}”.", mend)


def _with_base(source: Source) -> Iterator[tuple[ModuleFile, ModuleFile]]:
    """Each overlay file beside the module file of its language."""
    for by_slug in source.overlays.values():
        for slug, pair in by_slug.items():
            for language, file in pair.items():
                if base := source.modules.get(slug, {}).get(language):
                    yield file, base


def overlays_fill_slots(source: Source) -> Iterator[Problem]:
    """overlay-words, overlay-slot: nothing but slots stands in an overlay, each of them one of the module's, once."""
    for file in source.overlay_files():
        if file.before:
            yield problem("overlay-words", file.place(file.before[0].at), "This stands in no slot.")
    for file, base in _with_base(source):
        known = [id for id, _ in slots(base)]
        seen: dict[str, int] = {}
        for page in file.pages:
            place = file.place(page.at)
            if page.id and page.id not in known:
                mend = did_you_mean(page.id, known) or (f"Slots there: {', '.join(known)}." if known else "")
                yield problem("overlay-slot", place, f"{base.file} has no slot “{page.id}”.", mend)
            elif page.id and (first := seen.setdefault(page.id, page.at[0])) != page.at[0]:
                yield problem("duplicate-id", place, f"The slot “{page.id}” is filled already (line {first}).")


def slots_are_filled_in_both(source: Source) -> Iterator[Problem]:
    """overlay-language: a slot filled in one language is filled in the other; never a silent fallback."""
    for by_slug in source.overlays.values():
        for pair in by_slug.values():
            for language, file in pair.items():
                other, name = OTHER_LANGUAGE[language]
                there = {page.id for page in pair[other].pages} if other in pair else set()
                for page in file.pages:
                    if page.id and page.id not in there:
                        where = f"{file.file.removesuffix(f'.{language}.md')}.{other}.md"
                        words = f"The slot “{page.id}” is not filled in {name}: it is not in {where}."
                        yield problem("overlay-language", file.place(page.at), words)


def slots_stand_alone(source: Source) -> Iterator[Problem]:
    """block-place: no slot stands inside another, nor a question in one that stands in a scene."""
    for file in source.texts():
        for page in file.pages:
            for block in every_block(page.parts):
                for inner in every_block(block.parts) if block.name == "local" else ():
                    if inner.name == "local":
                        words = f"The slot “{inner.id}” stands inside the slot “{block.id}”."
                        yield problem("block-place", file.place(inner.at), words)
    for file, base in _with_base(source):
        told = {id for page in base.pages for id in _told(page)}
        for page in file.pages:
            for block in every_block(page.parts) if page.id in told else ():
                if block.name in NOT_IN_SCENES:
                    words = f"The block “{block.word}” stands in a slot that stands in a scene."
                    yield problem("block-place", file.place(block.at), words, "Take it out, in both languages.")


def _told(page: PageSource) -> Iterator[str | None]:
    """The ids of the slots that stand in scenes."""
    for story in (block for block in every_block(page.parts) if block.name == "scenario"):
        yield from (block.id for block in every_block([story]) if block.name == "local")


def ids_stay_single(source: Source) -> Iterator[Problem]:
    """duplicate-id: with its slots filled a module still has each id once."""
    for file, base in _with_base(source):
        seen = _ids_around(base, {page.id for page in file.pages})
        for block in (inner for page in file.pages for inner in list(every_block(page.parts))[1:]):
            here = f"{file.file}:{block.at[0]}"
            if block.id and (first := seen.setdefault(block.id, here)) != here:
                words = f"The id “{block.id}” is used a second time (first in {first})."
                yield problem("duplicate-id", file.place(block.at), words)


def _ids_around(base: ModuleFile, filled: set[str | None]) -> dict[str, str]:
    """The ids of a module that stay when those slots are filled, and where they stand."""
    found = {page.id: f"{base.file}:{page.at[0]}" for page in base.pages if page.id}
    for page in base.pages:
        gone = 0
        for block in every_block(page.parts):
            if block.id and not gone:
                found[block.id] = f"{base.file}:{block.at[0]}"
            if block.name == "local" and block.id in filled and not gone:
                gone = len(list(every_block(block.parts)))
            else:
                gone = max(0, gone - 1)
    return found


def names_are_known(source: Source) -> Iterator[Problem]:
    """authority-word: double curly brackets stand for an authority's name or area and for nothing else."""
    for file in source.texts():
        for number, line in enumerate(file.lines, 1):
            for found in BRACES.finditer(line) if "{{" in line or "}}" in line else ():
                if not NAMED.fullmatch(found[0]):
                    place = file.place((number, found.start() + 1))
                    yield problem("authority-word", place, f"“{found[0]}” stands for nothing.")


def welsh_names_keep_their_letters(source: Source) -> Iterator[Problem]:
    """authority-mutation: the same words go before every council's name, and before eich."""
    for file in source.texts():
        for number, line in enumerate(file.lines if file.language == "cy" else (), 1):
            for found in MUTATES.finditer(line) if "{{" in line else ():
                place = file.place((number, found.start() + 1))
                yield problem("authority-mutation", place, f"“{found[0]}” would change the name’s first letter.")


RULES = (
    authorities_are_single, overlays_have_owners, overlays_fill_slots, slots_are_filled_in_both, slots_stand_alone,
    ids_stay_single, names_are_known, welsh_names_keep_their_letters,
)  # fmt: skip
