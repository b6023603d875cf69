"""Writes files all together or not at all: new ones, never over one that is there, and changed ones in their place."""

import os
from pathlib import Path


def write(new: dict[Path, bytes], changed: dict[Path, bytes]) -> None:
    """Writes ``new`` files, and gives those in ``changed`` their new content, once all of it is safe on the disk.

    Raises FileExistsError where a new file is there already, and OSError; then everything is as it was.
    """
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in (*new, *changed)}
    before = {path: path.read_bytes() if path.exists() else None for path in changed}
    touched: list[Path] = []
    try:
        for path, part in parts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes({**new, **changed}[path])
        for path, part in parts.items():
            if path in new:
                path.open("x").close()  # claims the name: of two who begin the same thing at once, one is refused
            touched.append(path)
            os.replace(part, path)
    except OSError:
        _undo(touched, before)
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _undo(touched: list[Path], before: dict[Path, bytes | None]) -> None:
    for path in touched:
        content = before.get(path)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)
