"""The player in Firefox ESR and in WebKitGTK: opens, turns pages, judges, changes language, saves, prints; and axe.

``smoke.py`` drives both; ``smoke.py firefox`` or ``smoke.py webkit`` one of them. Ends with 1 where a check failed.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "player"), str(ROOT / "tests" / "matrix")]

import tiny_course  # noqa: E402
from looked_at import gallery  # noqa: E402
from player_servers import Lms  # noqa: E402

from authoring.packages import PACKAGES  # noqa: E402

MODULES = ROOT / "tests" / "player" / "node_modules"
HOSTS = {"scorm12": "host.html", "scorm2004-4": "host2004.html"}
LONGEST = 600
# What has to be there -> what to install where it is not.
NEEDS = {
    "firefox": {
        "/usr/bin/firefox-esr": "apt install firefox-esr",
        HERE / "node_modules": "npm install in tests/browsers",
    },
    "webkit": {
        "/usr/bin/WebKitWebDriver": "apt install webkit2gtk-driver",
        "/usr/bin/xvfb-run": "apt install xvfb",
    },
}


def commands() -> dict[str, list[str]]:
    """What drives each browser; the plan is its last argument."""
    return {
        "firefox": [shutil.which("node") or "node", str(HERE / "firefox.mjs")],
        # It takes its language from the machine, which may have none.
        "webkit": [
            "env",
            "LANG=en_GB.UTF-8",
            "LANGUAGE=en_GB",
            "xvfb-run",
            "-a",
            sys.executable,
            str(HERE / "webkit.py"),
        ],
    }


def plan(servers: dict[str, Lms]) -> dict[str, object]:
    """What a driver has to know: addresses, and the names of what it presses."""
    door, work = tiny_course.question_key("door"), tiny_course.reflect_key("work")
    pages = {page.id: page.key for page in tiny_course.first().pages}
    return {
        "axe": str(MODULES / "axe-core" / "axe.min.js"),
        "standards": [
            {
                "name": name,
                "host": f"{servers[name].origin}/lms/{host}?{urlencode({'reg': name})}",
                "state": f"{servers[name].origin}/state?{urlencode({'reg': name})}",
            }
            for name, host in HOSTS.items()
        ],
        "web": f"{servers['web'].origin}/course/index.html",
        "pages": [page.id for module in gallery().modules for page in module.pages],
        "last": [module.pages[-1].id for module in gallery().modules],
        "form": f"#q-{door}",
        "door": door,
        "field": f"#r-{work}",
        "work": work,
        "think": pages["think"],
    }


def main(wanted: list[str]) -> int:
    """Drive each browser through the plan; how many of them failed."""
    lacking = [mend for name in wanted for path, mend in NEEDS[name].items() if not Path(path).exists()]
    if lacking:
        raise SystemExit(f"Missing: {'; '.join(lacking)}")
    failed = 0
    for name in wanted:
        servers = {kind: Lms(PACKAGES[kind](gallery()).files(), MODULES) for kind in (*HOSTS, "web")}
        told = subprocess.run([*commands()[name], json.dumps(plan(servers))], check=False, timeout=LONGEST)
        failed += told.returncode != 0
        for server in servers.values():
            server.close()
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:] or list(NEEDS)) else 0)
