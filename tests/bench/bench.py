"""The numbers the project holds itself to, measured and printed beside those of its peers.

CPU seconds of all processes, not the clock. The peers' figures were measured on one machine of this kind.
"""

import gzip
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from generated import generate  # noqa: E402
from learner import walk  # noqa: E402
from people import readiness_cost  # noqa: E402
from previewing import save_to_paint  # noqa: E402
from processes import run_measured  # noqa: E402
from store import bodies, running_store  # noqa: E402

COURSE = ROOT / "courses" / "knowing-the-business"


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
    yield Row(
        "suspend_data after a full walk, without writing",
        "Adapt 1,730 (50 questions)",
        400,
        walk(package),
        "characters",
    )
    yield from storing(folder)
    yield Row("readiness of 1,000 people × 10 modules", "–", 100, readiness_cost(folder), "ms CPU")


def ktb(course: Path, out: Path, *options: str) -> list[str]:
    """The command that builds a course below ``out``."""
    return [sys.executable, "-m", "authoring.cli", "build", str(course), "--out", str(out), *options]


def median_of(commands: list[list[str]]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of whole processes: the medians, the first left out, for it warms the caches."""
    runs = [run_measured(command, ROOT) for command in commands]
    seconds, megabytes = (statistics.median(one) for one in zip(*runs[1:], strict=True))
    return seconds, megabytes


def building(folder: Path) -> Iterator[Row]:
    """The course as it stands to SCORM 1.2, each time from nothing."""
    seconds, megabytes = median_of([ktb(COURSE, folder / f"built-{number}") for number in range(10)])
    yield Row(
        "two modules to SCORM 1.2, both languages: CPU", "schorm 1.2; LiaScript 5.3; Adapt 9.6", 0.5, seconds, "s"
    )
    yield Row("the same: peak memory", "schorm 95; LiaScript 178; Adapt 434", 60, megabytes, "MB")


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


def unpacked(folder: Path) -> Path:
    """The folder of the package that was built."""
    (made,) = (folder / "built-0").rglob("*.zip")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(folder / "package")
    return folder / "package"


def squeezed(data: bytes) -> float:
    """Kilobytes after gzip -9."""
    return len(gzip.compress(data, 9)) / 1000


def weights(package: Path) -> Iterator[Row]:
    """What a browser fetches before the first page is drawn: the document, with its style sheet, and the script."""
    document, script = ((package / name).read_bytes() for name in ("index.html", "player.js"))
    css = document.partition(b"<style>")[2].partition(b"</style>")[0]
    first = squeezed(document) + squeezed(script)
    yield Row("first page, gzip", "schorm 10; Adapt 432; LiaScript 1,284", 30, first, "kB")
    yield Row("first page, raw", "schorm 45; Adapt 1,723; LiaScript 4,156", 100, len(document + script) / 1000, "kB")
    yield Row("script, gzip", "pipwerks 2; Adapt 275", 15, squeezed(script), "kB")
    yield Row("style sheet, gzip", "–", 6, squeezed(css), "kB")


def storing(folder: Path) -> Iterator[Row]:
    """POSTs to a store of its own on SQLite, after a thousand statements: nothing is then done for the first time."""
    with running_store(folder) as store:
        store.cpu_of(bodies(10, 100))
        batch = store.cpu_of(bodies(100, 100)) / 10_000
        single = store.cpu_of(bodies(500, 1)) / 500
    yield Row("batch POST of 100, a statement", "Ralph 1.3; ADL_LRS 11.4", 0.3, batch * 1000, "ms CPU")
    yield Row("single POST, durable when answered", "ADL_LRS 92; Ralph 202", 3, single * 1000, "ms CPU")


def main() -> None:
    """Print the table; end with 1 where a number was not reached."""
    good = True
    print("| what | peers | target | measured | reached |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            good &= row.measured <= row.most
            print(row, flush=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
