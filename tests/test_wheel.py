"""The wheel that is installed elsewhere has every file that the programs need."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_has_every_file_of_both_programs(tmp_path):
    """Templates, papers, catalogues, styles, scripts, schemas and migrations; and no leavings of other programs."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    listed = ["git", "ls-files", "authoring", "lrs"]
    tracked = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert {path for path in tracked if (ROOT / path).exists()} <= names
    assert [name for name in names if "__pycache__" in name] == []
