"""What a worker of the store carries before its first request: nothing that only few requests need."""

import subprocess
import sys

RARELY = {"alembic", "authlib", "cryptography", "icalendar", "joserfc", "requests", "typst", "xlsxwriter"}


def test_a_worker_begins_without_what_few_requests_need():
    """Together they are 30 MB and four tenths of a second of every worker that only takes statements."""
    command = "import sys, lrs.cli, lrs.server; print(*{name.partition('.')[0] for name in sys.modules})"
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.split()
    assert "flask" in told
    assert RARELY.isdisjoint(told), RARELY & set(told)
