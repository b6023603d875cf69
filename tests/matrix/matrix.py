"""Every component in every state, language and setting under axe, the keyboard and two checkers of HTML; prints counts.

``matrix.py`` looks at everything; ``matrix.py gallery-en notices-cy …`` at some of it. Ends with 1 where anything is
found.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from checkers import html_validate, look, nu, present  # noqa: E402
from keyboard import walk  # noqa: E402
from looked_at import documents, looked_at  # noqa: E402
from notices import notices  # noqa: E402
from player_servers import Lms  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from settings import SETTINGS, put  # noqa: E402
from states import states  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MODULES = HERE.parent / "player" / "node_modules"
# Where the stops of the keyboard can stand elsewhere, or look different; motion is off, for a page that is still
# scrolling looks as if it covered them.
WALKED = ("1280", "320", "400 % zoom", "forced colours")
# The document as it now is, to be read by checkers of HTML.
RENDERED = ("1280",)
# The real course has the same parts on more pages.
STATES = {"gallery": ("refused", "first answers", "last answers", "open"), "course": ("first answers", "open")}
JOBS = [f"{what}-{language}" for what in ("course", "gallery", "notices") for language in ("en", "cy")]


class Outcome(NamedTuple):
    """What one job did, and what it found: setting and state -> findings."""

    job: str
    counts: Counter[str]
    findings: dict[str, list[str]]


def job(name: str, folder: Path) -> Outcome:
    """Take a course in one language through all its states, each in all settings; rendered documents to ``folder``."""
    what, language = name.split("-")
    looked = looked_at("course" if what == "notices" else what)
    lms = Lms(looked.web, MODULES)
    counts: Counter[str] = Counter()
    findings: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
        seen = (
            notices(context, lms, looked)
            if what == "notices"
            else opened(context.new_page(), lms, looked, STATES[what])
        )
        for page, screen, state in seen:
            for setting, check, found in in_all_settings(page, screen, folder):
                counts[check] += 1
                if found:
                    findings[f"{name} · {state} · {setting} · {check}"] = found
                    print(f"{name} · {state} · {setting} · {check}: {found[0]}", file=sys.stderr, flush=True)
            counts["states"] += 1
        browser.close()
    lms.close()
    return Outcome(name, counts, findings)


def opened(page, lms, looked, acts):
    """The course opened from a web server, in every state that can be pressed for."""
    page.set_default_timeout(15_000)
    page.goto(f"{lms.origin}/course/index.html")
    page.wait_for_selector("html[data-ready]")
    for state in states(page, looked.course, acts):
        yield page, page, state


def in_all_settings(page: Page, screen, folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """One state in each setting: (setting, check, what it found)."""
    for setting in SETTINGS:
        put(page, setting)
        yield setting, "axe", look(screen)
        if setting in RENDERED:
            body = f"<!DOCTYPE html>{screen.evaluate('document.documentElement.outerHTML')}".encode()
            (folder / f"{hashlib.sha256(body).hexdigest()[:16]}.html").write_bytes(body)
    if screen is page:
        for setting in WALKED:
            put(page, setting)
            page.emulate_media(reduced_motion="reduce")
            yield setting, "keyboard", walk(page)
    put(page, "1280")


def of_files(folder: Path) -> Iterator[tuple[str, int, list[str]]]:
    """The two checkers of HTML on every document as it is packed and as it was drawn: (check, files, what it found)."""
    drawn = sorted(folder.glob("*.html"))
    packed = folder / "packed"
    packed.mkdir()
    for name, body in documents().items():
        (packed / name.replace("/", "-")).write_bytes(body)
    sources = sorted(packed.iterdir())
    yield "vnu, documents as packed", len(sources), nu(sources)
    yield "html-validate, documents as packed", len(sources), html_validate(sources)
    if drawn:
        yield "vnu, documents as drawn", len(drawn), nu(drawn)


def told(findings: dict[str, list[str]]) -> None:
    """Each finding once, with how often and where first."""
    places: dict[str, list[str]] = {}
    for place, found in findings.items():
        for one in found:
            places.setdefault(one, []).append(place)
    for one, where in sorted(places.items(), key=lambda item: -len(item[1])):
        print(f"  {len(where):4} × {one}\n         first: {where[0]}")


def main(wanted: list[str]) -> int:
    """Run the jobs, two at a time, then the checkers; print the counts. @return how many findings there are"""
    present()
    began, counts, findings = time.monotonic(), Counter[str](), dict[str, list[str]]()
    with tempfile.TemporaryDirectory() as made, ProcessPoolExecutor(2) as pool:
        folder = Path(made)
        run: Callable[..., Iterator[Outcome]] = pool.map
        for outcome in run(job, wanted, [folder] * len(wanted)):
            counts += outcome.counts
            findings |= outcome.findings
            print(f"{outcome.job}: {dict(outcome.counts)}, {len(outcome.findings)} with findings", flush=True)
        for check, files, found in of_files(folder):
            counts[check] += files
            findings |= {check: found} if found else {}
            print(f"{check}: {files} files, {len(found)} findings", flush=True)
    told(findings)
    print(f"{dict(counts)}; {len(findings)} places with findings; {time.monotonic() - began:.0f} s")
    return len(findings)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:] or JOBS) else 0)
