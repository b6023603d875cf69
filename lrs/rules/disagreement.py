"""Where two sources tell different things of the same module: both sides, for somebody to look into.

An LMS's own records are of the grade ``confirmed``; what a module says of itself is of one of the others.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from lrs.rules.readiness import Readiness, Record

DONE = frozenset({"completed", "passed"})
Kind = Literal["failed", "only-lms", "only-module"]


class Disagreement(NamedTuple):
    """A record that says done, and the newest of another source that does not: about a module, or the whole course.

    ``failed``: the other says that it was not passed, and somebody must decide. ``only-lms``: the module was opened,
    and what it said of its end never came. ``only-module``: the LMS still had it as not finished later on.
    """

    module: str | None
    kind: Kind
    done: Record
    other: Record


def disagreements(found: Readiness, records: Sequence[Record], required: Sequence[str], now: int) -> list[Disagreement]:
    """Every disagreement in one person's evidence as at ``now`` (microseconds), in the course's order.

    ``records`` is the whole evidence that ``found`` was worked out from at that moment. In the two latter kinds what
    says done is believed, and the status does not suffer.
    """
    standing = [record for record in records if record.voided_at is None or record.voided_at > now]
    standing.sort(key=lambda record: (record.happened, record.stored))
    lms = [record for record in standing if record.grade == "confirmed"]
    own = [record for record in standing if record.grade != "confirmed"]
    disputes = _failures(found, standing)
    order: list[str | None] = [*required, None]
    for module in order if lms and own else ():
        disputes += _only_lms(module, lms, own, required) + _only_module(module, lms, own)
    return sorted(disputes, key=lambda one: order.index(one.module))


def _failures(found: Readiness, standing: Sequence[Record]) -> list[Disagreement]:
    said = {record.module: record for record in standing if record.kind == "failed"}
    counted = [record for record, why in found.weighed.not_counted if why == "disputed"]
    pairs = zip(found.weighed.disputed, counted, strict=True)
    return [Disagreement(module, "failed", record, said[module]) for module, record in pairs if module in said]


def _says_done(records: Sequence[Record], *modules: str | None) -> list[Record]:
    return [record for record in records if record.module in modules and record.kind in DONE]


def _only_lms(
    module: str | None, lms: Sequence[Record], own: Sequence[Record], required: Sequence[str]
) -> list[Disagreement]:
    """The LMS says done; the module was heard of and never said so, neither of itself nor with the whole course."""
    done, heard = _says_done(lms, module), [one for one in own if module is None or one.module in (module, None)]
    each = {one.module for one in _says_done(own, *required)}
    if not done or not heard or _says_done(own, module, None) or (module is None and each.issuperset(required)):
        return []
    return [Disagreement(module, "only-lms", done[0], heard[-1])]


def _only_module(module: str | None, lms: Sequence[Record], own: Sequence[Record]) -> list[Disagreement]:
    """The module says done; the LMS told of it afterwards, and not that it was."""
    done = _says_done(own, module)
    if not done or _says_done(lms, module, None):
        return []
    later = [one for one in lms if one.module == module and one.stored > done[0].happened]
    if not later or any(one.kind == "failed" for one in later):
        return []
    return [Disagreement(module, "only-module", done[0], later[-1])]
