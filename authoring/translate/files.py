"""Saves several files together: all of them, or none."""

import os
import shutil
from pathlib import Path


def save_all(contents: dict[Path, bytes]) -> None:
    """Writes each file beside its place, then moves all into place; if one cannot be moved, the others are put back.

    Raises OSError, with every file as it was.
    """
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    staged: dict[Path, Path] = {}
    moved: list[Path] = []
    try:
        for path, data in contents.items():
            staged[path] = path.with_name(f".{path.name}.{os.getpid()}.new")
            _write(staged[path], data, path)
        for path, new in staged.items():
            os.replace(new, path)
            moved.append(path)
    except BaseException:
        for path in moved:
            _put_back(path, before[path])
        raise
    finally:
        for new in staged.values():
            new.unlink(missing_ok=True)


def _write(new: Path, data: bytes, like: Path) -> None:
    with new.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like.exists():
        shutil.copymode(like, new)


def _put_back(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(data)
