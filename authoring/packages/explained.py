"""Says in plain words how completion is decided; each standard adds what its own words for it are."""

from collections.abc import Sequence

from authoring.course import Module
from authoring.packages.base import Unit

RULES = {
    "viewed": "every page has been seen",
    "answered": "every page has been seen and every question answered",
    "passed": "every page has been seen, every question answered and {mark} per cent of the points reached",
}
ATTEMPT = (
    "In the LMS, let a learner come back to the same attempt as often as they like; a new attempt begins at nothing."
)


def rule(module: Module) -> str:
    """What a module asks for, as the end of a sentence."""
    return RULES[module.complete_when].format(mark=module.pass_mark)


def completion(units: Sequence[Unit]) -> list[str]:
    """When an LMS shows completed, for the course or for each of its modules by itself."""
    modules = [module for unit in units for module in unit.modules]
    if len({rule(module) for module in modules}) == 1:
        return [f"An LMS will show completed when, {_where(units, len(modules))}, {rule(modules[0])}."]
    scope = "all of this is so" if len(units) == 1 else "this is so, for each module on its own"
    lines = [f"  {module.id}: {rule(module)}" for module in modules]
    return ["\n".join([f"An LMS will show completed when {scope}:", *lines])]


def _where(units: Sequence[Unit], count: int) -> str:
    if count == 1:
        return "in the module"
    return f"in all {count} modules" if len(units) == 1 else "for each module on its own"


def marks(units: Sequence[Unit]) -> list[str]:
    """When an LMS shows passed or failed; nothing where no module has a pass mark."""
    if not any(unit.marked for unit in units):
        return ["It will never show passed or failed: no module has a pass mark."]
    several = len(units) == 1 and len(units[0].modules) > 1
    reached = "every module with a pass mark has reached its own" if several else "the pass mark is reached"
    missed = "a pass mark is" if several else "the pass mark is"
    return [
        f"It will show passed together with completed, when {reached}; and failed while everything has been seen and "
        f"answered and {missed} still missed. Answers can be changed, the best result counts, and passed stays passed."
    ]


def whole(units: Sequence[Unit]) -> list[str]:
    """What makes the course complete where an LMS keeps a status for each module."""
    return ["The course is complete when each of its modules is."] if len(units) > 1 else []
