"""Shows a course in a pretend LMS on this machine: a folder as it is being written, or a package as it was built.

``show`` holds what is shown, ``places`` finds the block of a problem, ``archive`` opens a package, ``launch`` and
``store`` are the pretend LMS of packages that speak xAPI, ``page`` draws the page around the course, ``server`` serves.
"""

import gc
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from authoring.preview.archive import NotAPackage, unpacked
from authoring.preview.server import open_server, say_aloud
from authoring.preview.show import Live, Packed
from authoring.problems import Problem

__all__ = ["Live", "NotAPackage", "Packed", "open_server", "serve", "unpacked"]

# Milliseconds: how long to go on gathering what an editor saves at once, how long a pause ends it, and how often to
# look up where nothing is saved.
GATHER, PAUSE, BEAT = 40, 5, 1000
MOST_WARNINGS = 10


def serve(target: Path, host: str, port: int, learner: str, *, open_browser: bool) -> None:
    """Serves a course folder or a zip until it is interrupted. Raises NotAPackage and OSError where it cannot start."""
    show = Live(target) if target.is_dir() else Packed(unpacked(target))
    if isinstance(show, Live):
        show.update()
    server = open_server(show, host, port, learner)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{server.server_address[1]}/?learner={quote(learner)}"
    print(f"Preview: {address}", flush=True)
    Thread(target=server.serve_forever, daemon=True).start()
    if open_browser and sys.stdout.isatty():
        webbrowser.open(address)
    try:
        follow(show) if isinstance(show, Live) else wait_for_ever()
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()


def follow(show: Live, say: Callable[[str], None] = say_aloud) -> None:
    """Reads the course again at each save, and says in the terminal what is wrong."""
    from watchfiles import watch

    # What has been read once stays: collecting it again and again would hold up every third save.
    gc.collect()
    gc.freeze()
    known = tell(show, say)
    late = True
    for saved in watch(show.folder, debounce=GATHER, step=PAUSE, rust_timeout=BEAT, yield_on_timeout=True):
        # What was saved between the first reading and the beginning of the watch is noticed at its first beat.
        if not saved and not late:
            continue
        late = False
        started, before = time.perf_counter(), show.state.version
        show.update()
        if saved or show.state.version != before:
            say(f"Read again in {time.perf_counter() - started:.2f} s.")
            known = tell(show, say, known)


def tell(show: Live, say: Callable[[str], None], known: frozenset[Problem] = frozenset()) -> frozenset[Problem]:
    """Every error on a line of its own, and every warning that is not ``known``; answers those to know next time."""
    errors = [one for one in show.problems if one.severity == "error"]
    warnings = [one for one in show.problems if one.severity == "warning"]
    fresh = [one for one in warnings if one not in known]
    for one in [*errors, *fresh[:MOST_WARNINGS]]:
        say(str(one))
    if errors:
        say(f"{len(errors)} to mend; the page shows the last good version.")
    if fresh[MOST_WARNINGS:]:
        say(f"{len(warnings)} warnings in all; the page lists them.")
    return frozenset(warnings)


def wait_for_ever() -> None:
    """Until Ctrl+C."""
    while True:
        time.sleep(3600)
