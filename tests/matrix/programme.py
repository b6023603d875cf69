"""Every page of the programme, in both languages and each role, under axe, for its width, and the Nu checker.

The demonstration is started and every link on its pages is followed, once for each residential and kind of page.
``programme.py`` looks at everything; ``programme.py demo-over …`` at the pages whose address has one of these words.
Ends with 1 where anything is found.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from checkers import look, nu, present  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDTHS = (1280, 320)
ROLES = ("lead", "officer")
# What an address names, so that a hundred people's pages are one kind of page.
NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2}")
SKIPPED = re.compile(r"[?&]lang=|&")  # the other language is walked by itself; two filters at once are no other page
FILES = re.compile(r"\.(csv|xlsx|pdf|zip|json|ics)$")


@contextmanager
def demonstration(folder: Path) -> Iterator[dict[str, str]]:
    """The demonstration for the length of the block: role -> the link that signs in."""
    command = [sys.executable, "-u", "-m", "lrs.cli", "demo", "--port", "8600", "--folder", str(folder / "demo")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            links: list[str] = []
            for line in process.stdout or ():
                links += re.findall(r"http://\S+/sign-in/\S+", line)
                if len(links) == len(ROLES):
                    break
            yield dict(zip(ROLES, links, strict=True))
        finally:
            process.terminate()


def kind(address: str) -> tuple[str, frozenset[str]]:
    """What an address is one of: its path without what it names, and the names of what it asks for."""
    parts = urlsplit(address)
    asked = frozenset(key if value else "" for key, value in parse_qsl(parts.query, keep_blank_values=True))
    return NAMED.sub("…", parts.path), asked


def pages(page: Page, origin: str) -> Iterator[str]:
    """Go to one page of each kind that can be reached by links; the page stands at the address that is yielded."""
    waiting, seen = [f"{origin}/"], {kind(f"{origin}/")}
    while waiting:
        address = waiting.pop(0)
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            raise SystemExit(f"{address} answers {answer and answer.status}")
        links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href.split('#')[0])")
        for link in links:
            if not link.startswith(f"{origin}/") or SKIPPED.search(link) or FILES.search(urlsplit(link).path):
                continue
            if kind(link) not in seen:
                seen.add(kind(link))
                waiting.append(link)
        yield address


def walk(page: Page, origin: str, name: str, folder: Path, wanted: list[str]) -> Iterator[tuple[str, str]]:
    """What is found on each page, at each width; documents as they are served go to ``folder``."""
    for number, address in enumerate(pages(page, origin)):
        if wanted and not any(word in address for word in wanted):
            continue
        body = page.request.get(address).body()
        (folder / f"{name}-{number:03}.html").write_bytes(body)
        where = f"{name} {address.removeprefix(origin)}"
        print(where, flush=True)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for found in look(page):
                yield found, f"{where} at {width}"


def main(wanted: list[str]) -> int:
    """Walk as each role in each language, then check the documents. @return how many findings there are"""
    present()
    began, findings, places = time.monotonic(), Counter[str](), dict[str, str]()
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        documents = folder / "documents"
        documents.mkdir()
        with demonstration(folder) as links:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for role, link in links.items():
                origin = "{0.scheme}://{0.netloc}".format(urlsplit(link))
                page = browser.new_page(locale="en-GB")
                page.goto(link)
                page.locator("main form button").first.click()
                for language in ("en", "cy"):
                    page.goto(f"{origin}/?lang={language}")
                    for found, where in walk(page, origin, f"{role}-{language}", documents, wanted):
                        findings[found] += 1
                        places.setdefault(found, where)
            browser.close()
        files = sorted(documents.iterdir())
        for found in nu(files):
            findings[found] += 1
            places.setdefault(found, "vnu")
    for found, times in findings.most_common():
        print(f"{times:4} × {found}\n       first: {places[found]}")
    print(f"{len(files)} pages, {len(findings)} findings, {time.monotonic() - began:.0f} s")
    return len(findings)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
