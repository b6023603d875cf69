"""A learner in Chromium who walks the whole course, and what the LMS then holds."""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "journeys"), str(ROOT / "tests" / "player")]

from player_servers import Lms  # noqa: E402
from playwright.sync_api import Browser, Playwright, sync_playwright  # noqa: E402
from walking import Learner  # noqa: E402

NODE_MODULES = ROOT / "tests" / "player" / "node_modules"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def files_of(package: Path) -> dict[str, bytes]:
    """The files of an unpacked package by their path in it."""
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}


def chromium(playwright: Playwright) -> Browser:
    """Debian's Chromium, started."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=ARGUMENTS)


def walk(package: Path) -> int:
    """Characters of suspend_data after every page was seen and every question answered, nothing written."""
    files = files_of(package)
    lms = Lms(files, NODE_MODULES)
    outline = json.loads(files["course.json"])
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        learner = Learner(browser.new_context(locale="en-GB"), lms, outline, "walker")
        learner.walk_to_the_end()
        browser.close()
    lms.close()
    return len(lms.cmi("walker")["suspend_data"])
