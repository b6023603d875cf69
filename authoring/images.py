"""How large an image is, read from its first bytes, so that a page keeps its shape while the image loads."""

import re
import struct
from collections.abc import Callable

Size = tuple[int, int]


def size(name: str, data: bytes) -> Size | None:
    """Width and height in pixels of an SVG, PNG, GIF, JPEG or WebP; None where it is none of them or gives no size."""
    reader = READERS.get(name.rpartition(".")[2].lower())
    try:
        found = reader(data) if reader else None
    except (struct.error, IndexError, ValueError):
        return None
    return found if found and min(found) > 0 else None


def _svg(data: bytes) -> Size | None:
    root = re.search(rb"<svg\b[^>]*>", data)
    if root is None:
        return None
    box = re.search(rb"\sviewBox\s*=\s*[\"']([^\"']+)", root[0])
    width, height = (
        re.search(rb"\s%s\s*=\s*[\"']([\d.]+)(?:px)?[\"']" % side, root[0]) for side in (b"width", b"height")
    )
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    sides = re.split(rb"[\s,]+", box[1].strip()) if box else []
    return (round(float(sides[2])), round(float(sides[3]))) if len(sides) == 4 else None


def _png(data: bytes) -> Size | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> Size | None:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> Size | None:
    """Walks the segments to the first frame header (ITU T.81, B.2.2)."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while data[at] == 0xFF:
        kind = data[at + 1]
        if kind in range(0xC0, 0xD0) and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _webp(data: bytes) -> Size | None:
    """The three kinds of first chunk of a WebP (RFC 9649, section 2)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


READERS: dict[str, Callable[[bytes], Size | None]] = {
    "svg": _svg, "png": _png, "gif": _gif, "jpg": _jpeg, "jpeg": _jpeg, "webp": _webp,
}  # fmt: skip
