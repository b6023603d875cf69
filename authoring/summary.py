"""Says what a build has made: each package, or a table where there are many, and when an LMS shows completed."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from authoring.build import Built

FEW = 6


def told(built: Sequence["Built"]) -> str:
    """What to print at the end of a build."""
    lines = table(built) if len(built) > FEW else [listed(one) for one in built]
    return "\n".join([*lines, *explained(built)])


def listed(one: "Built") -> str:
    """One package: its file, its size and the digest of its content."""
    return f"{one.path}\n  {one.size:,} bytes, content {one.digest}"


def table(built: Sequence["Built"]) -> list[str]:
    """A row for each authority with kilobytes by format, and the sum of all; one digest stands for all contents."""
    formats = list(dict.fromkeys(one.format for one in built))
    sizes = {(one.authority, one.format): one.size for one in built}
    names = list(dict.fromkeys(one.authority for one in built))
    wide = max(len(name or "shared") for name in names)
    head = "  ".join(["kB".ljust(wide), *formats])
    rows = [
        "  ".join([(name or "shared").ljust(wide)] + [f"{sizes[name, one] / 1000:{len(one)}.0f}" for one in formats])
        for name in names
    ]
    content = hashlib.sha256("".join(one.digest for one in built).encode()).hexdigest()
    total = sum(one.size for one in built)
    where = built[0].path.parent.parent
    return [head, *rows, f"{len(built)} packages below {where}: {total:,} bytes, content {content}"]


def explained(built: Sequence["Built"]) -> list[str]:
    """Each sentence once, behind the formats of which it is true unless that is all of them."""
    said: dict[str, dict[str, None]] = {}
    for one in built:
        for line in one.explained:
            said.setdefault(line, {})[one.format] = None
    everywhere = len({one.format for one in built})
    return [line if len(names) == everywhere else f"{', '.join(names)}: {line}" for line, names in said.items()]
