"""CPU seconds and peak memory of whole process trees, so that a busy machine does not change the figures."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil


def run_measured(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run the command to its end; CPU seconds (user and system) and peak resident megabytes of it and its children."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cpu_seconds(pid: int) -> float:
    """CPU seconds that the process and its living children have used so far."""
    process = psutil.Process(pid)
    return sum(times.user + times.system for times in (one.cpu_times() for one in [process, *process.children(recursive=True)]))
