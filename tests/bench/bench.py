"""The numbers the project holds itself to, measured and printed beside those of its peers.

CPU seconds of all processes, not the clock. The peers' figures were measured on one machine of this kind.
"""

import gzip
import platform
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests")]

from course_packages import COURSE, two_modules  # noqa: E402
from generated import generate  # noqa: E402
from learner import walk  # noqa: E402
from opening import measure, needs_blocks  # noqa: E402
from people import readiness_costs  # noqa: E402
from previewing import save_to_paint  # noqa: E402
from processes import run_measured  # noqa: E402
from records import EARLY, PRELOADED, bare_cost, record_rows  # noqa: E402
from rosters import roster_cost  # noqa: E402

from authoring import render  # noqa: E402

BARE_FLASK = 0.40  # ms CPU for a request that does nothing, on the machine for which the store's targets were set


class Row(NamedTuple):
    """One line of the table; ``most`` is what we allow ourselves."""

    what: str
    peers: str
    most: float
    measured: float
    unit: str

    def __str__(self) -> str:
        verdict = "yes" if self.measured <= self.most else "NO"
        target, measured = f"≤ {self.most:g} {self.unit}", f"{self.measured:.4g} {self.unit}"
        return f"| {self.what} | {self.peers} | {target} | {measured} | {verdict} |"


def rows(folder: Path) -> Iterator[Row]:
    """Every line of the table, measured as it is asked for."""
    yield from building(folder)
    yield from building_at_full_size(folder)
    package = unpacked(folder)
    yield from weights(package)
    yield from learning(folder, package)
    yield from storing(folder)
    early, late = readiness_costs(folder, EARLY, PRELOADED)
    yield Row("readiness of 1,000 people × 10 modules", "–", 100, late, "ms CPU")
    yield Row(f"the same with {PRELOADED:,} statements, of that with fewer", "–", 1.3, late / early, "×")
    yield Row("a roster of 50,000 rows, from the form to its preview", "–", 5, roster_cost(folder), "s")


def ktb(course: Path, out: Path, *options: str) -> list[str]:
    """The command that builds a course below ``out``."""
    return [str(Path(sys.executable).with_name("ktb")), "build", str(course), "--out", str(out), *options]


def median_of(commands: list[list[str]]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of whole processes: the medians, the first left out, for it warms the caches."""
    runs = [run_measured(command, ROOT) for command in commands]
    seconds, megabytes = (statistics.median(one) for one in zip(*runs[1:], strict=True))
    return seconds, megabytes


def building(folder: Path) -> Iterator[Row]:
    """Two modules of the course, and the whole of it, to SCORM 1.2, each time from nothing."""
    two = two_modules(folder / "two")
    seconds, megabytes = median_of([ktb(two, folder / f"two-{number}") for number in range(10)])
    yield Row(
        "two modules to SCORM 1.2, both languages: CPU", "schorm 1.2; LiaScript 5.3; Adapt 9.6", 0.5, seconds, "s"
    )
    yield Row("the same: peak memory", "schorm 95; LiaScript 178; Adapt 434", 60, megabytes, "MB")
    run_measured(ktb(COURSE, folder / "built-0"), ROOT)
    (made,) = (folder / "built-0").rglob("*.zip")
    yield Row("the whole course: zip", "–", 900, made.stat().st_size / 1000, "kB")


def building_at_full_size(folder: Path) -> Iterator[Row]:
    """A course of ten modules, 12,000 words a language and 50 questions: one package, none to make, and all of them."""
    course = generate(COURSE, folder / "measured")
    what = "10 modules, 12,000 words a language, 50 questions"
    seconds, megabytes = median_of([ktb(course, folder / f"measured-{number}") for number in range(10)])
    yield Row(f"{what}, to SCORM 1.2: CPU", "schorm 1.2 (one language); Adapt 9.6", 0.5, seconds, "s")
    yield Row("the same: peak memory", "schorm 95; LiaScript 178; Adapt 434", 60, megabytes, "MB")
    (made,) = (folder / "measured-1").rglob("*.zip")
    yield Row("the same: zip", "schorm 53; Adapt 774; LiaScript 7,411", 250, made.stat().st_size / 1000, "kB")
    seconds, _ = median_of([ktb(course, folder / "measured-1")] * 10)
    yield Row("the same again, nothing changed: CPU", "all of it again", 0.1, seconds, "s")
    seconds, megabytes = median_of([ktb(course, folder / f"all-{number}", "--all") for number in range(4)])
    yield Row("22 authorities × 6 formats, 132 packages: CPU", "nobody can", 2.5, seconds, "s")
    yield Row("the same: peak memory", "–", 80, megabytes, "MB")
    yield Row("preview, save to paint", "MkDocs: whole site", 0.15, save_to_paint(folder / "previewed"), "s")


def unpacked(folder: Path, built: str = "built-0", name: str = "scorm12") -> Path:
    """The folder of a package that was built below ``built``."""
    (made,) = (folder / built).rglob(f"{name}/*.zip")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder / f"unpacked-{built}-{name}")
    return folder / f"unpacked-{built}-{name}"


def squeezed(data: bytes) -> float:
    """Kilobytes after gzip -9."""
    return len(gzip.compress(data, 9)) / 1000


def weights(package: Path) -> Iterator[Row]:
    """What a browser fetches before the first page is drawn: the document, with its style sheet, and the script.

    Beside it the script of the blocks, which comes before the first page where that has one, or else while it is read.
    """
    document, script, blocks = ((package / name).read_bytes() for name in ("index.html", "player.js", "blocks.js"))
    css = document.partition(b"<style>")[2].partition(b"</style>")[0]
    needed = [document, script] + [blocks] * bool(needs_blocks(document))
    yield Row("first page, gzip", "schorm 10; Adapt 432; LiaScript 1,284", 30, sum(map(squeezed, needed)), "kB")
    yield Row("first page, raw", "schorm 45; Adapt 1,723; LiaScript 4,156", 100, sum(map(len, needed)) / 1000, "kB")
    later = squeezed(blocks) * any(needs_blocks(one.read_bytes()) for one in package.glob("*.html"))
    yield Row("script, with that of its blocks, gzip", "pipwerks 2; Adapt 275", 15, squeezed(script) + later, "kB")
    yield Row("style sheet, gzip", "–", 6, squeezed(css), "kB")
    for adapter in ("scorm12", "scorm2004", "cmi5", "xapi", "none"):
        every = render.script(adapter).encode()
        yield Row(f"first script for every kind of block, {adapter}, gzip", "–", 15, squeezed(every), "kB")
    yield Row("script of every kind of block, gzip", "–", 6, squeezed(render.blocks_script().encode()), "kB")


def learning(folder: Path, package: Path) -> Iterator[Row]:
    """What a learner waits for, and what an LMS is asked and has to keep."""
    full = unpacked(folder, "measured-1")
    what = "suspend_data after a full walk of two modules, without writing"
    yield Row(what, "–", 400, walk(unpacked(folder, "two-1")), "characters")
    yield Row("the same, 50 questions", "Adapt 1,730", 1000, walk(full), "characters")
    run_measured(ktb(COURSE, folder / "built-0", "--format", "web", "--format", "scorm2004-4"), ROOT)
    told = measure(
        unpacked(folder, "built-0", "web"),
        {"scorm12": package, "scorm2004-4": unpacked(folder, "built-0", "scorm2004-4")},
    )
    yield Row(
        "first paint, of a plain page's of the same text, CPU × 4", "–", 1.3, told.first_paint / told.plain_paint, "×"
    )
    yield Row("layout shift while it opens", "–", 0.02, told.shift, "")
    yield Row("turning a page", "–", 50, told.page_change, "ms script")
    yield Row("requests for the first page", "–", 3, told.requests, "")
    for name in told.calls:
        yield Row(f"calls of the LMS at launch, {name}", "–", 12, told.calls[name], "")
        yield Row(f"of these, commits, {name}", "–", 1, told.commits[name], "")


def storing(folder: Path) -> Iterator[Row]:
    """Every figure of the record store, on each database."""
    for row in record_rows(folder):
        yield Row(*row)


def machine() -> str:
    """What the numbers depend on besides our code: the interpreter, and the machine's speed at the moment."""
    before, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    spent = time.process_time() - before
    return (
        f"Python {platform.python_version()}: 10 million additions in {spent:.2f} s; a request that does nothing, in "
        f"bare Flask, {bare_cost():.2f} ms CPU ({BARE_FLASK:.2f} where the targets were set)"
    )


def main() -> None:
    """Print the table; end with 1 where a number was not reached."""
    good = True
    print(machine(), end="\n\n")
    print("| what | peers | target | measured | reached |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            good &= row.measured <= row.most
            print(row, flush=True)
    print(f"\n{machine()}")  # its speed may have changed meanwhile
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
