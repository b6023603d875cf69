"""Writes packages below the folder of output: all of them whole, or none."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from authoring.press import Press


class Written(NamedTuple):
    """A package as it lies on the disk: its size in bytes, and the digest of its content."""

    path: Path
    size: int
    digest: str


class Output:
    """Takes the files of packages and gives each zip its final name when the block ends well, else to none.

    Pressing and writing are done by a second thread, while the caller draws the next package. Raises SecretFound and
    OSError at the end of the block.
    """

    def __init__(self) -> None:
        self._press = Press()
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: list[Future[Written]] = []
        self._parts: dict[Path, Path] = {}

    def add(self, path: Path, files: dict[str, bytes]) -> None:
        """Make the zip of the files that is to lie at ``path``."""
        self._waiting.append(self._thread.submit(self._write, path, files))

    def _write(self, path: Path, files: dict[str, bytes]) -> Written:
        data, digest = self._press.zipped(files)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path)
        self._parts[path] = part
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return Written(path, len(data), digest)

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._thread.shutdown(cancel_futures=kind is not None)
            if kind is None:
                self.written = [one.result() for one in self._waiting]  # whatever went wrong is raised here
                for path, part in self._parts.items():
                    os.replace(part, path)
        finally:
            for part in self._parts.values():
                part.unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Removes what builds that were killed have left beside ``path``; those of builds still running stay."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        if not _runs(part.suffixes[-2].lstrip(".")):
            part.unlink(missing_ok=True)


def _runs(process: str) -> bool:
    if os.name == "nt":  # there signal 0 is not a question but Ctrl+C
        return False
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        return True
    return int(process) != os.getpid()
