"""The checkers that are not ours: axe in the page, the Nu checker and html-validate on documents; what each finds."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Frame, Page

HERE = Path(__file__).parent
AXE = HERE.parent / "player" / "node_modules" / "axe-core" / "axe.min.js"
VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
VALIDATE = HERE / "node_modules" / ".bin" / "html-validate"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What lies open over the page takes room from targets under it, and goes at the first press beside it. Nobody presses
# what is on paper.
RUN = """async (tags) => {
  const over = document.querySelector(".menu[open], :popover-open");
  const paper = matchMedia("print").matches;
  const spared = ({ target }) => paper || over && !over.contains(document.querySelector(target[0]));
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.filter((one) => id !== "target-size" || !spared(one))
    .map(({ html }) => `axe ${id}: ${html.slice(0, 160)}`));
}"""
# Wider than the window; or with words cut off by a box that hides what it cannot hold.
FITS = """() => {
  const { scrollWidth } = document.documentElement;
  const wide = scrollWidth > innerWidth ? [`sideways: ${scrollWidth} px`] : [];
  const clips = ({ overflowX, overflowY }) => [overflowX, overflowY].some((one) => one === "hidden" || one === "clip");
  const over = (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
  const cut = [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.clientWidth > 2 && clips(getComputedStyle(one)) && over(one));
  return [...wide, ...cut.filter((one) => one.innerText).map((one) => `cut off: ${one.outerHTML.slice(0, 160)}`)];
}"""


# It reads a document by itself, so that 'self' is nowhere; and takes blocks of data for scripts that run.
ASIDE = re.compile(r"violates Content Security Policy \(meta tag\)")


class Missing(SystemExit):
    """A checker is not installed; says what to install."""


def present() -> None:
    """Raises Missing unless every checker is here."""
    if not shutil.which("java"):
        raise Missing("Java is missing: apt install default-jre-headless")
    if not VNU.exists() or not VALIDATE.exists():
        raise Missing("npm packages are missing: npm install in tests/matrix")
    if not AXE.exists():
        raise Missing("npm packages are missing: npm install in tests/player")


def look(screen: Page | Frame) -> list[str]:
    """What axe finds in the page as it stands, and what does not fit."""
    if screen.evaluate("typeof axe") == "undefined":
        screen.evaluate(AXE.read_text("utf-8"))
    found: list[str] = screen.evaluate(RUN, TAGS) + screen.evaluate(FITS)
    return found


def nu(files: Iterable[Path]) -> list[str]:
    """What the Nu checker finds in HTML documents (one or more) and the style sheets in them."""
    command = ["java", "-Xmx512m", "-jar", str(VNU), "--also-check-css", "--format", "json", "--exit-zero-always"]
    told = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    messages = json.loads(told.stderr or '{"messages": []}')["messages"]
    return [
        f"vnu {Path(one.get('url', '')).name}: {one['message']} {one.get('extract', '')[:120]!r}"
        for one in messages
        if (one["type"] != "info" or one.get("subType") == "warning") and not ASIDE.search(one["message"])
    ]


def html_validate(files: Iterable[Path]) -> list[str]:
    """What html-validate finds in HTML documents.

    Three of its rules are off: a button that says no type submits its form, which is meant; writing is kept as it is
    typed, so that its form has nothing to submit; and of the landmarks with one name a page at a time is shown, which
    axe looks at.
    """
    command = [str(VALIDATE), "--config", str(HERE / "htmlvalidate.json"), "--formatter", "json", *map(str, files)]
    # It ends before all has gone through a pipe.
    with tempfile.TemporaryFile("w+") as out:
        told = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
        out.seek(0)
        reports = json.loads(out.read() or "[]")
    if told.returncode not in (0, 1):
        raise SystemExit(told.stderr)
    return [
        f"html-validate {Path(one['filePath']).name}:{message['line']}: {message['ruleId']}: {message['message']}"
        for one in reports
        for message in one["messages"]
    ]
