"""Seconds from a save to its page on the screen, in Chromium beside a running ``ktb preview``."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from generated import generate  # noqa: E402
from playwright.sync_api import Frame, sync_playwright  # noqa: E402

COURSE = ROOT / "courses" / "knowing-the-business"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# Milliseconds between two saves: nobody saves while the page is still being painted.
PAUSE = 300
HEADING = "## Page 1 {#page-1}\n\n"
# A message that is sent before a frame is painted arrives after it; Date.now is the clock that Python reads too.
PAINTED = """word => {
  window.painted = new Promise((resolve) => {
    const seen = () => document.querySelector(".page.here").textContent.includes(word);
    const later = () => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(Date.now());
      port2.postMessage(0);
    });
    const watching = new MutationObserver(() => {
      if (!seen()) return;
      watching.disconnect();
      later();
    });
    watching.observe(document, { subtree: true, childList: true, characterData: true });
  });
}"""


@contextmanager
def running(course: Path) -> Iterator[str]:
    """The address of a preview of the course, served until the block ends."""
    command = [sys.executable, "-m", "authoring.cli", "preview", str(course), "--port", "0", "--no-open"]
    with tempfile.NamedTemporaryFile("w") as told:
        server = subprocess.Popen(command, cwd=ROOT, stdout=told)
        try:
            yield address_in(Path(told.name))
        finally:
            server.terminate()
            server.wait(20)


def address_in(told: Path) -> str:
    """The address that the preview tells at its start; gives up after 20 seconds."""
    for _ in range(200):
        time.sleep(0.1)
        if (words := told.read_text().split())[:1] == ["Preview:"]:
            return words[1]
    raise SystemExit("the preview did not start")


def saved(frame: Frame, file: Path, number: int) -> float:
    """Seconds from writing the file with another word on its first page to that word being painted."""
    word = f"painted{number}"
    head, _, rest = file.read_text("utf-8").partition(HEADING)
    first, _, rest = rest.partition(" ")
    text = f"{head}{HEADING}{word if number else first} {rest}"
    frame.wait_for_timeout(PAUSE)
    frame.evaluate(PAINTED, word)
    began = time.time()
    file.write_text(text, "utf-8")
    return frame.evaluate("() => window.painted") / 1000 - began


def save_to_paint(folder: Path, runs: int = 20) -> float:
    """The median of ``runs`` saves of one module of a generated course, made in ``folder``, which is not there yet."""
    course = generate(COURSE, folder)
    with running(course) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=ARGUMENTS
        )
        page = browser.new_page(locale="en-GB")
        page.goto(address)
        frame = page.wait_for_selector("#frame").content_frame()
        assert frame is not None
        frame.wait_for_selector("html[data-ready=scorm12]")
        page.wait_for_timeout(1000)
        file = course / "01-module-1.en.md"
        times = [saved(frame, file, number) for number in range(1, runs + 3)]
        browser.close()
    # The first two do things for the first time.
    return statistics.median(times[2:])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(f"{save_to_paint(Path(made) / 'course'):.3f}")
