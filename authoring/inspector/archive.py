"""Opens a zip that nobody vouches for: what is wrong with it, and its files a piece at a time, never on the disk."""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, cast

from authoring.damage import DAMAGE
from authoring.inspector.findings import Finding, found

MOST_FILES = 20_000
MOST_BYTES = 1 << 30
MOST_RATIO = 200
SMALL = 1_000_000  # below this a file may be as compact as it likes
LONGEST_DIRECTORY = 6_000_000  # of the zip's own list of files, which zipfile reads in one piece
LONGEST_PATH = 180
CHUNK = 1 << 16
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1
JUNK = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|\.git/.*|\.svn/.*|[^/]*~)", re.I)
PROGRAMS = (
    ".php", ".asp", ".aspx", ".jsp", ".cgi", ".pl", ".py", ".sh", ".bat", ".cmd", ".ps1", ".vbs", ".exe", ".dll",
    ".msi", ".com", ".scr", ".jar", ".class",
)  # fmt: skip
ZIPS = (".zip", ".7z", ".rar", ".tar", ".tgz")
SIGNS = re.compile(r'[~#%&+?*:"<>|;]|\.(?:/|$)')
OUTWARD = re.compile(r"/|[A-Za-z]:|.*\\|(?:.*/)?\.\.(?:/|$)|.*[\0-\x1f\x7f]", re.S)


class Careful(io.BufferedReader):
    """A file that gives nobody more than LONGEST_DIRECTORY bytes at once, whatever its zip says of itself."""

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file’s own; raises BadZipFile where more is asked for."""
        if size is not None and size > LONGEST_DIRECTORY:
            raise zipfile.BadZipFile("The list of files is too long")
        return super().read(LONGEST_DIRECTORY if size is None or size < 0 else size)


class Package:
    """The files of a package: ``names`` are those of ``zip``, folders left out; a bare manifest has neither."""

    def __init__(self, file: str, archive: zipfile.ZipFile | None = None) -> None:
        self.file = file
        self.zip = archive
        entries = archive.infolist() if archive else []
        named = [entry for entry in entries if entry.filename and not entry.filename.endswith("/")]
        self.names = {entry.filename: entry for entry in named}
        self.folders = {folder.as_posix() for name in self.names for folder in PurePosixPath(name).parents}
        self._folded = {name.casefold(): name for name in self.names}

    def named(self, path: str) -> str | None:
        """The name in the zip that is ``path`` but for its capitals, or None."""
        return path if path in self.names else self._folded.get(path.casefold())

    def read(self, name: str, longest: int) -> bytes | None:
        """The file’s bytes, or None where there are more than ``longest``. Raises one of DAMAGE."""
        entry = self.names[name]
        if not self.zip or entry.compress_type not in READABLE:
            raise zipfile.BadZipFile("It cannot be unpacked")
        with self.zip.open(entry) as file:
            return drained(file, longest)


def drained(file: IO[bytes], longest: int) -> bytes | None:
    """Reads to the end, so that the checksum is tried; None where there are more than ``longest`` bytes."""
    parts: list[bytes] = []
    size = 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size <= longest:
            parts.append(chunk)
        else:
            parts.clear()
    return b"".join(parts) if size <= longest else None


def opened(file: Careful) -> zipfile.ZipFile | None:
    """The zip, or None where the file is none that can be read."""
    try:
        return zipfile.ZipFile(cast(IO[bytes], file))
    except DAMAGE:
        return None


def dangers(archive: zipfile.ZipFile, file: str) -> list[Finding]:
    """Why the zip must not be unpacked, or read any further: bombs, overlaps, too much of everything."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    findings = [
        found("zip-bomb", entry.filename, f"It unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}.")
        for entry in entries
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * entry.compress_size
    ]
    if len(entries) > MOST_FILES:
        findings.append(found("zip-size", file, f"The zip holds {len(entries):,} files."))
    if total > MOST_BYTES:
        findings.append(found("zip-size", file, f"The zip unpacks to {total:,} bytes."))
    packed = sum(entry.compress_size for entry in entries)
    if not findings and total > 50 * SMALL and total > MOST_RATIO * packed:
        findings.append(found("zip-bomb", file, f"It unpacks to {total:,} bytes from {packed:,}."))
    return findings + list(overlaps(entries))


def overlaps(entries: Iterable[zipfile.ZipInfo]) -> Iterator[Finding]:
    """Entries whose bytes begin before those of the entry before have ended (30: a local header without its name)."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            yield found("zip-overlap", entry.filename, "It lies over the file before it in the zip.")
        end = max(end, entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size)


def entry_findings(archive: zipfile.ZipFile) -> Iterator[Finding]:
    """What is wrong with single entries, and with names that stand twice."""
    seen: dict[str, str] = {}
    for entry in archive.infolist():
        name = entry.orig_filename
        for rule, (is_so, what) in ENTRY.items():
            if is_so(entry):
                yield found(rule, name, what)
        known = seen.setdefault(name.casefold(), name)
        if known is not name:
            rule = "zip-duplicate" if known == name else "name-clash"
            yield found(rule, name, f"The zip holds “{known}” too.")


def _is_link(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    return entry.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _suffix(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename.lower()).suffix


def _clean(name: str) -> bool:
    return not JUNK.fullmatch(name) and not OUTWARD.match(name)


# rule -> whether it is broken, and what to say; junk is told as junk, and not for its signs.
ENTRY: dict[str, tuple[Callable[[zipfile.ZipInfo], object], str]] = {
    "zip-slip": (lambda e: OUTWARD.match(e.orig_filename) or not e.orig_filename, "The name leads out of the package."),
    "zip-link": (_is_link, "It is a link to another file, not a file."),
    "zip-encrypted": (lambda e: e.flag_bits & ENCRYPTED, "It is encrypted."),
    "zip-method": (lambda e: e.compress_type not in READABLE, "It is packed by a method that LMSs do not know."),
    "zip-nested": (lambda e: _suffix(e) in ZIPS, "It is an archive inside the archive."),
    "name-space": (lambda e: " " in e.filename and _clean(e.filename), "The name holds a space."),
    "name-accent": (
        lambda e: not e.filename.isascii() and _clean(e.filename),
        "The name holds letters beyond ASCII.",
    ),
    "name-sign": (
        lambda e: SIGNS.search(e.filename) and _clean(e.filename),
        "The name holds a sign that means something else in an address or on Windows.",
    ),
    "name-long": (
        lambda e: len(e.filename) > LONGEST_PATH,
        f"The path is longer than {LONGEST_PATH} characters.",
    ),
    "name-junk": (
        lambda e: JUNK.fullmatch(e.filename),
        "It belongs to an operating system or editor, not to the course.",
    ),
    "name-program": (lambda e: _suffix(e) in PROGRAMS, "It is a program for a server or a desktop."),
}
