"""How large an image is, read from its first bytes; and pictures made smaller, so that a page weighs little on a phone.

A PNG or JPEG that is wider than a page, or that tells more than it shows (where and when it was taken), is made anew:
without what it tells, at most 1,200 pixels wide, with smaller WebP files beside it. All else stays as it is.
"""

import hashlib
import io
import os
import re
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

Size = tuple[int, int]

FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}
WIDE = 800
WIDTHS = (480, 800, 1200)
# A camera of 48 megapixels fits; a small file that unfolds to gigabytes does not.
MOST_PIXELS = 50_000_000
# Exif, XMP and the texts of a PNG. A picture may hold the same letters by chance: then it is made anew for nothing.
TELLING = (b"Exif\0\0", b"http://ns.adobe.com/", b"Photoshop 3.0", b"eXIf", b"tEXt", b"zTXt", b"iTXt")
# Changes whenever the code below makes other files of the same picture.
RECIPE = "1"
DIGEST = 32
FEW_COLOURS = ("1", "P")


class Picture(NamedTuple):
    """A picture made anew: its size and bytes, and WebP files by width in pixels, the smallest first."""

    size: Size
    data: bytes
    smaller: tuple[tuple[int, bytes], ...]


class BadPicture(ValueError):
    """A file that says it is a picture and cannot be drawn."""


def pixels(name: str, data: bytes) -> int:
    """How many pixels a picture unfolds to; 0 for a drawing, and for what is no image."""
    found = None if name.endswith(".svg") else size(name, data)
    return found[0] * found[1] if found else 0


def is_heavy(name: str, data: bytes) -> bool:
    """Whether a file is a PNG or JPEG that has to be made anew."""
    kind = FORMATS.get(name.rpartition(".")[2])
    found = size(name, data) if kind else None
    if found is None or b"acTL" in data[:1000]:  # a PNG that moves would stand still
        return False
    return found[0] > WIDE or any(word in data for word in TELLING)


def picture(name: str, data: bytes, kept: Path | None = None) -> Picture:
    """A heavy PNG or JPEG made anew: the same for the same bytes and the same Pillow.

    ``kept`` is a folder in which the result is kept for the next time, by the sha256 of the bytes. Raises BadPicture.
    """
    place = _place(name, data, kept) if kept else None
    return (place and _recall(place, name)) or _keep(place, _made(data, FORMATS[name.rpartition(".")[2]]))


def is_kept(name: str, data: bytes, kept: Path | None) -> bool:
    """Whether ``picture`` has been made of the same bytes, so that they can be drawn."""
    return kept is not None and _place(name, data, kept).is_file()


def _place(name: str, data: bytes, kept: Path) -> Path:
    return kept / hashlib.sha256(f"{_version()} {name.rpartition('.')[2]} ".encode() + data).hexdigest()


@cache
def _version() -> str:
    from importlib.metadata import version

    return f"{RECIPE} {version('pillow')}"


def _recall(place: Path, name: str) -> Picture | None:
    """What was kept: files of a length and a content each, behind the sha256 of them all; None where any is amiss."""
    try:
        kept = place.read_bytes()
    except OSError:
        return None
    body, files = kept[DIGEST:], []
    if hashlib.sha256(body).digest() != kept[:DIGEST]:
        return None
    while body:
        width, length = struct.unpack(">II", body[:8])
        files.append((width, body[8 : 8 + length]))
        body = body[8 + length :]
    known = size(name, files[0][1])
    return Picture(known, files[0][1], tuple(files[1:])) if known else None


def _keep(place: Path | None, made: Picture) -> Picture:
    """Keeps a picture where there is room; a file appears whole or not at all."""
    if place:
        files = [(made.size[0], made.data), *made.smaller]
        body = b"".join(struct.pack(">II", width, len(data)) + data for width, data in files)
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        with suppress(OSError):
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(hashlib.sha256(body).digest() + body)
            os.replace(part, place)
    return made


def _made(data: bytes, kind: str) -> Picture:
    image = _opened(data, kind, WIDTHS[-1])
    whole = _narrowed(image, WIDTHS[-1])
    smaller = [(width, _saved(_narrowed(image, width), "WEBP")) for width in WIDTHS if WIDE < image.width > width]
    return Picture(whole.size, _saved(whole, kind), tuple(smaller))


def _opened(data: bytes, kind: str, width: int) -> "Image":
    """The picture upright, in grey or colours, without what it tells. Raises BadPicture, also for too many pixels."""
    import warnings

    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadPicture("it has too many pixels")
            image.draft(None, (width, width))  # a JPEG can be read at an eighth of its size, in an eighth of the time
            upright = ImageOps.exif_transpose(image)
            shown = upright if upright.mode in FEW_COLOURS else upright.convert(_mode(upright))
    except BadPicture:
        raise
    except Exception as error:  # a decoder fed with anything at all raises nearly anything at all
        raise BadPicture(str(error)) from error
    told = ("icc_profile", "transparency") if shown.mode == upright.mode else ()
    shown.info = {key: upright.info[key] for key in told if key in upright.info}
    return shown


def _mode(image: "Image") -> str:
    if image.has_transparency_data:
        return "RGBA"
    return "L" if image.mode in ("1", "L", "LA", "I", "I;16", "F") else "RGB"


def _narrowed(image: "Image", width: int) -> "Image":
    if image.width <= width:
        return image
    from PIL.Image import Resampling

    if image.mode in FEW_COLOURS:
        image = image.convert(_mode(image))
    return image.resize((width, max(1, round(image.height * width / image.width))), Resampling.LANCZOS, reducing_gap=3)


SAVING: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "WEBP": {"quality": 80, "method": 4},
}


def _saved(image: "Image", kind: str) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, icc_profile=image.info.get("icc_profile"), **SAVING[kind])
    return made.getvalue()


def fault(name: str, data: bytes) -> str | None:
    """Why a heavy PNG or JPEG cannot be drawn, or None; as little of it as will tell is unfolded."""
    try:
        _opened(data, FORMATS[name.rpartition(".")[2]], 1)
    except BadPicture as error:
        return str(error)
    return None


def smaller_name(name: str, width: int) -> str:
    """Where in a package the WebP of a width lies: ``sizes/a-jpg-480.webp`` for ``media/a.jpg``."""
    stem, _, kind = name.removeprefix("media/").rpartition(".")
    return f"sizes/{stem}-{kind}-{width}.webp"


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
