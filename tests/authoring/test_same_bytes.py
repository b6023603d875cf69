"""The same source gives the same bytes on another day, for another user, in another place and language."""

import os
import subprocess
import sys
from pathlib import Path

from authoring.packages import PACKAGES

ROOT = Path(__file__).parents[2]
# A build as a process of its own, in which the clock, the umask and the working folder are what the arguments say.
BUILD = """
import datetime, os, sys, time
shift, mask = float(sys.argv[1]), int(sys.argv[2], 8)
os.umask(mask)
clock, local, utc = time.time, time.localtime, time.gmtime
time.time = lambda: clock() + shift
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: utc(time.time() if seconds is None else seconds)
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())
datetime.date = Day
from authoring.cli import main
main(sys.argv[3:])
"""
FORMATS = tuple(PACKAGES)


def built(course, out, shift="0", mask="022", **environment):
    arguments = [str(course), "--out", str(out)]
    for name in FORMATS:
        arguments += ["--format", name]
    subprocess.run(
        [sys.executable, "-c", BUILD, shift, mask, "build", *arguments],
        cwd=out.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=True,
        capture_output=True,
    )
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.zip")}


def test_bytes_depend_on_the_source_alone(whole, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    first = built(whole, tmp_path / "here", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    assert len(first) == len(FORMATS)
    year = str(400 * 86_400)
    second = built(
        whole,
        tmp_path / "elsewhere/out",
        year,
        "077",
        PYTHONHASHSEED="2",
        TZ="Pacific/Kiritimati",
        LC_ALL="cy_GB.UTF-8",
    )
    assert second == first


def test_a_copy_with_other_times_and_rights_gives_the_same(whole, tmp_path):
    first = built(whole, tmp_path / "one")
    for path in whole.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    assert built(whole, tmp_path / "two") == first
