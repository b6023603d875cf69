"""What every package is: documents, media, course.json, and what its standard adds; and how it becomes a zip."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any, ClassVar

from authoring.course import Course
from authoring.manifest import outline
from authoring.render import render

HERE = Path(__file__).parent
# The earliest time a zip can hold; the time of the build would make every build another file.
EPOCH = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644


class Package:
    """A course laid out for one standard; a format is a class that fills in the data below."""

    name: ClassVar[str]
    adapter: ClassVar[str]

    def __init__(self, course: Course) -> None:
        self.course = course
        self.outline: dict[str, Any] = outline(course, self.name)

    def files(self) -> dict[str, bytes]:
        """Every file of the package: path in the zip -> bytes."""
        content = {**self.pages(), **self.media(), **self.facts()}
        return {**content, **self.control(sorted(content))}

    def pages(self) -> dict[str, bytes]:
        """The documents, and the player with the adapter of this standard."""
        return render(self.course, self.adapter, self.outline)

    def media(self) -> dict[str, bytes]:
        """The images and other files that the text leads to."""
        return self.course.media

    def facts(self) -> dict[str, bytes]:
        """course.json."""
        text = json.dumps(self.outline, ensure_ascii=False, indent=1) + "\n"
        return {"course.json": text.encode()}

    def control(self, content: list[str]) -> dict[str, bytes]:
        """The control documents that the standard asks for, given the paths of everything else; here none."""
        return {}


def digest(files: dict[str, bytes]) -> str:
    """The sha256 of names and contents in order of names, each with its length before it: the same on any machine."""
    found = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            found.update(len(part).to_bytes(8, "big"))
            found.update(part)
    return found.hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of the files: sorted, at one fixed time, with one fixed mode; the same bytes from the same zlib."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = REGULAR_FILE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return made.getvalue()
