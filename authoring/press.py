"""Compresses each content once, however many packages hold it, and lays the members into zips."""

import hashlib
import struct
import zlib
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from authoring.secrecy import refuse_secrets

# The earliest time a zip can hold; the time of the build would make every build another file.
EPOCH = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
UNIX = 3
LOCAL, CENTRAL, END = struct.Struct("<4s2B4H3L2H"), struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")


# These are compressed already; to try again would cost seconds for a video and save nothing.
PACKED = (".png", ".jpg", ".jpeg", ".webp", ".mp4", ".webm", ".mp3", ".m4a", ".ogg")


class Member(NamedTuple):
    """One content, ready for any zip: what the headers say, the bytes that stand there, the bare sha256."""

    method: int
    crc: int
    size: int
    body: bytes
    sha256: bytes


class Press:
    """Keeps what it has compressed for as long as it lives, which is one build.

    Contents are looked up as themselves: bytes remember their hash, so one that is met again costs nothing.
    """

    def __init__(self) -> None:
        self._members: dict[bytes, Member] = {}
        self._searched: set[bytes] = set()

    def member(self, name: str, data: bytes) -> Member:
        """The member for a content; the name it is met under first tells whether to compress it."""
        found = self._members.get(data)
        if found is None:
            method, body = (ZIP_STORED, data) if name.endswith(PACKED) else (ZIP_DEFLATED, _deflated(data))
            found = Member(method, zlib.crc32(data), len(data), body, hashlib.sha256(data).digest())
            self._members[data] = found
        return found

    def zipped(self, files: dict[str, bytes]) -> tuple[bytes, str]:
        """A zip of the files and the digest of its content.

        Sorted, at one fixed time, with one fixed mode: the same bytes from the same zlib. The digest is the sha256 of
        each name and the sha256 of its content, in order, and the same on any machine. Raises SecretFound.
        """
        refuse_secrets({name: data for name, data in files.items() if data not in self._searched})
        self._searched.update(files.values())
        members = [(name, self.member(name, files[name])) for name in sorted(files)]
        digest = hashlib.sha256()
        for name, member in members:
            digest.update(name.encode() + b"\0" + member.sha256)
        return _archive(members), digest.hexdigest()


def _deflated(data: bytes) -> bytes:
    # Level 9 saves half a per cent more and takes half as long again, which 132 packages would feel.
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _archive(members: list[tuple[str, Member]]) -> bytes:
    """The members behind their local headers, then the central directory and its end (APPNOTE 4.3)."""
    bodies, directory, offset = [], [], 0
    for name, member in members:
        entry = ZipInfo(name, EPOCH)
        entry.compress_type, entry.CRC = member.method, member.crc
        entry.file_size, entry.compress_size = member.size, len(member.body)
        header = entry.FileHeader(zip64=False)
        said = LOCAL.unpack(header[: LOCAL.size])[1:]  # from the version needed to the lengths: both headers say it
        listed = CENTRAL.pack(b"PK\1\2", entry.create_version, UNIX, *said, 0, 0, 0, REGULAR_FILE, offset)
        directory += [listed, header[LOCAL.size :]]
        bodies += [header, member.body]
        offset += len(header) + len(member.body)
    listing = b"".join(directory)
    end = END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(listing), offset, 0)
    return b"".join((*bodies, listing, end))
