"""Scenarios: scenes that can be told apart, choices that lead to them, and a story that can be finished."""

from collections.abc import Iterator
from urllib.parse import unquote

from authoring.answers import QUESTIONS
from authoring.blocks import Block, Fold, every_block
from authoring.checks.blocks import blocks
from authoring.checks.modules import is_id
from authoring.problems import Problem
from authoring.prose import scene_anchor
from authoring.rules import did_you_mean, problem
from authoring.source import ModuleFile, Source

MOODS: tuple[list[str], ...] = ([], [".good"], [".poor"])
NOT_IN_SCENES = (*QUESTIONS, "pool", "scenario")


def scenes_have_ids(source: Source) -> Iterator[Problem]:
    """scene-id, bad-id, duplicate-id, scene-mood: what stands in the brackets after a scene's title."""
    for file, block in blocks(source, "scenario"):
        seen: dict[str, int] = {}
        for scene in block.folds:
            place = file.place(scene.at)
            if scene.id is None:
                yield problem("scene-id", place, f"The scene “{scene.title.content}” has no id.")
            elif not is_id(scene.id):
                yield problem("bad-id", place, f"“{scene.id}” is no id.")
            elif (first := seen.setdefault(scene.id, scene.at[0])) != scene.at[0]:
                yield problem("duplicate-id", place, f"The scene “{scene.id}” is there already (line {first}).")
            if scene.classes not in MOODS:
                yield problem("scene-mood", place, f"A scene cannot be “{' '.join(scene.classes)}”.")


def anchors_are_single(source: Source) -> Iterator[Problem]:
    """duplicate-id: two scenarios of a module never come to the same address, as #a-b with c and #a with b-c would."""
    for file in source.texts():
        seen: dict[str, str] = {}
        for block in (block for page in file.pages for block in every_block(page.parts) if block.name == "scenario"):
            for scene in block.folds:
                name = f"#{block.id} {scene.id}"
                first = seen.setdefault(scene_anchor(str(block.id), str(scene.id)), name)
                if first != name:
                    words = f"The scene “{name}” would have the address of the scene “{first}”."
                    yield problem("duplicate-id", file.place(scene.at), words)


def scenes_hold_no_questions(source: Source) -> Iterator[Problem]:
    """block-place: nothing in a scenario is marked, and no story stands inside another."""
    for file, block in blocks(source, "scenario"):
        for scene in block.folds:
            for inner in every_block(scene.parts):
                if inner.name in NOT_IN_SCENES:
                    words = f"The block “{inner.word}” stands in a scene."
                    yield problem("block-place", file.place(inner.at), words, "Move it out of the scenario.")


def choices_lead_to_scenes(source: Source) -> Iterator[Problem]:
    """scene-link: a link that begins with # leads to a scene of the same scenario."""
    for file, block in blocks(source, "scenario"):
        scenes = [scene.id for scene in block.folds if scene.id]
        pages = {page.id for page in file.pages}
        for scene in block.folds:
            for link in scene.choices:
                target = unquote(str(link.attrs["href"]))[1:]
                if target not in scenes:
                    page = f"Write [words]({file.file}#{target}) to leave the scenario." if target in pages else ""
                    mend = page or did_you_mean(target, scenes)
                    words = f"There is no scene “{target}” in this scenario."
                    yield problem("scene-link", file.place(link.meta["at"]), words, mend)


def stories_can_be_finished(source: Source) -> Iterator[Problem]:
    """scene-reach, scene-end: every scene lies on a path from the first, and from every scene some path ends."""
    for file, block in blocks(source, "scenario"):
        leads = _leads(block)
        if leads is None:
            continue
        reached = _closure({block.folds[0].id or ""}, leads)
        back: dict[str, set[str]] = {id: set() for id in leads}
        for id, targets in leads.items():
            for target in targets:
                back[target].add(id)
        ends = {id for id, targets in leads.items() if not targets}
        if ends:
            yield from _unfinished(file, block.folds, reached, _closure(ends, back))
        else:
            yield problem("scene-end", file.place(block.at), "Every scene of this scenario leads on, so it never ends.")


def _unfinished(file: ModuleFile, scenes: list[Fold], reached: set[str], ending: set[str]) -> Iterator[Problem]:
    for scene in scenes:
        if scene.id not in reached:
            words = f"No path from the first scene leads to the scene “{scene.id}”."
            yield problem("scene-reach", file.place(scene.at), words)
        elif scene.id not in ending:
            words = f"From the scene “{scene.id}” no path ever ends."
            yield problem("scene-end", file.place(scene.at), words)


def _leads(block: Block) -> dict[str, set[str]] | None:
    """Where each scene leads; None where that cannot be said, because ids or links are wrong."""
    leads = {scene.id or "": {unquote(str(link.attrs["href"]))[1:] for link in scene.choices} for scene in block.folds}
    sound = leads and len(leads) == len(block.folds) and "" not in leads
    return leads if sound and all(targets <= leads.keys() for targets in leads.values()) else None


def _closure(start: set[str], leads: dict[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for target in leads[waiting.pop()] - found:
            found.add(target)
            waiting.append(target)
    return found


RULES = (
    scenes_have_ids, anchors_are_single, scenes_hold_no_questions, choices_lead_to_scenes, stories_can_be_finished,
)  # fmt: skip
