"""Packages of the course as it stands, and of two of its modules, which are enough for a journey."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE = ROOT / "courses" / "knowing-the-business"
TWO = ("wales-and-its-governments", "safeguarding")
LINK = re.compile(r"\[(?P<words>[^\]]+)\]\(\d\d-(?P<module>[\w-]+)\.(?:en|cy)\.md[^)]*\)")


def built(course, folder, name, *options):
    """Build a package of a course in the format of a name below a folder; the path of its zip."""
    command = [sys.executable, "-m", "authoring.cli", "build", str(course), "--format", name, "--out", str(folder)]
    subprocess.run([*command, *options], check=True, capture_output=True, cwd=ROOT)
    (made,) = folder.rglob("*.zip")
    return made


def two_modules(folder):
    """A copy of the course with two of its modules, below a folder."""
    copy = folder / COURSE.name
    shutil.copytree(COURSE, copy, ignore=shutil.ignore_patterns("overlays", ".*"))
    listed = (copy / "course.yml").read_text("utf-8")
    modules = "modules:\n" + "".join(f"  - {name}\n" for name in TWO)
    (copy / "course.yml").write_text(re.sub(r"modules:\n(?:  - .+\n)+", modules, listed), "utf-8")
    for text in copy.glob("[0-9][0-9]-*.md"):
        if text.name.split(".")[0][3:] in TWO:
            text.write_text(LINK.sub(_kept, text.read_text("utf-8")), "utf-8")
        else:
            text.unlink()
    return copy


def _kept(link):
    """A link to a module that is there as it is; of one to another, its words."""
    return link[0] if link["module"] in TWO else link["words"]
