"""What every test may use: one Chromium for the whole run, and axe."""

import gc
import os
import shutil
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "player" / "node_modules"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def pytest_collection_finish():
    """Look for no garbage in what was collected: it stays for the run, and looking is a tenth of the run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def missing(what):
    """Skip with what to install, or fail where KTB_REQUIRE_BROWSER says that it had to be here."""
    if os.environ.get("KTB_REQUIRE_BROWSER") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def node_modules():
    """The folder of npm packages; asks for them by name where they are missing."""
    if not (MODULES / "scorm-again").is_dir():
        missing("npm packages are missing: run `make test`, or `npm install` in tests/player")
    return MODULES


@pytest.fixture(scope="session")
def browser(node_modules):
    """Debian's Chromium, one for the whole run."""
    if not Path(CHROMIUM).exists():
        missing("Chromium is missing: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser):
    """A browser profile of its own for one test."""
    profile = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    yield profile
    profile.close()


@pytest.fixture(scope="session")
def axe(node_modules):
    """``axe(page_or_frame)`` -> the violations of WCAG 2.2 A and AA, as readable lines."""
    source = (node_modules / "axe-core" / "axe.min.js").read_text("utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def violations(page):
        page.evaluate(source)
        # What passes is as much again to work out, and ten times as much to hand over.
        how = {"runOnly": tags, "resultTypes": ["violations"]}
        found = page.evaluate("async how => (await axe.run(document, how)).violations", how)
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return violations
