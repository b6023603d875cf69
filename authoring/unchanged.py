"""Remembers what a build was made of and what came out, so that a build of the same again costs a look at the files."""

import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TOOL = Path(__file__).parent
Stamps = dict[str, list[int]]


class Memory(NamedTuple):
    """Where one build (a course, with one set of options) is remembered, and how everything it reads stands now."""

    path: Path
    stamps: Stamps

    def words(self) -> str | None:
        """What the build said when it was made of just this, and all that it wrote is still as it was; else None."""
        try:
            kept = json.loads(self.path.read_bytes())
            same = kept["read"] == self.stamps and kept["wrote"] == stamps(map(Path, kept["wrote"]))
            return str(kept["words"]) if same else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, wrote: list[Path], words: str) -> None:
        """Remember the files written and the words; where that cannot be, the next build is made again."""
        kept = {"read": self.stamps, "wrote": stamps(wrote), "words": words}
        part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        with suppress(OSError):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(kept), encoding="utf-8")
            os.replace(part, self.path)
        with suppress(OSError):
            part.unlink(missing_ok=True)


def memory(folder: Path, out: Path, options: list[object]) -> Memory:
    """The memory of the build of a folder with these options, which lies below ``out``.

    Call it before anything is read: a file saved while the build runs then counts as changed.
    """
    words = json.dumps([str(folder.resolve()), str(out.resolve()), options])
    name = f"{zlib.crc32(words.encode()):08x}.json"  # hashlib takes as long to load as all of this takes
    read = [*_files(folder, {out.resolve()}), *_files(TOOL, set()), Path(sys.prefix), Path(json.__file__)]
    libraries = [Path(path) for path in sys.path if path.endswith("site-packages")]
    found = stamps([*read, *libraries])
    found[f"{words}, Python {sys.version}, zlib {zlib.ZLIB_RUNTIME_VERSION}"] = []
    return Memory(out / ".unchanged" / name, found)


def stamps(paths: Iterable[Path]) -> Stamps:
    """For each file its two times of change in nanoseconds, its size and its number. Raises OSError."""
    found = {}
    for path in paths:
        stat = path.stat()
        found[str(path)] = [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]
    return found


def _files(folder: Path, leaving: set[Path]) -> Iterator[Path]:
    """Every file below a folder but those that are hidden, compiled, or below a folder of ``leaving``."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = [
            one for one in folders if not one.startswith((".", "__")) and (here / one).resolve() not in leaving
        ]
        yield from (here / name for name in names if not name.startswith("."))
