"""CPU seconds and peak memory of whole process trees, so that a busy machine does not change the figures."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

# A process begins with the memory of the one that started it, so a small one stands between.
MEASURE = """
import os, subprocess, sys
with subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL) as process:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)
"""


def run_measured(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run the command to its end; CPU seconds (user and system) and peak resident megabytes of it and its children."""
    wrapped = [sys.executable, "-I", "-S", "-c", MEASURE, *command]
    # An installed program keeps its compiled code; a shell that forbids it would have all of it compiled at every run.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told = subprocess.run(
        wrapped, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, text=True
    ).stdout.split()
    if told[2] != "0":
        raise SystemExit(f"{' '.join(command)} ended with {told[2]}")
    return float(told[0]), float(told[1])


def cpu_seconds(pid: int) -> float:
    """CPU seconds that the process and its living children have used so far."""
    process = psutil.Process(pid)
    return sum(
        times.user + times.system for times in (one.cpu_times() for one in [process, *process.children(recursive=True)])
    )
