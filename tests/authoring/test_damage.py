"""A zip that is damaged anywhere, however it is packed, is refused in a sentence by each command that opens one."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from authoring.inspector.inspect import inspect
from authoring.preview import NotAPackage, unpacked
from authoring.translate.rows import Unreadable
from authoring.translate.sheet import read_sheet

PARTS = {"xl/workbook.xml": "<a/>" * 300, "imsmanifest.xml": "<manifest/>" * 99, "index.html": "<p>" * 400}
TIMES = 250


def damaged(packing: int, seed: int) -> bytes:
    """A zip with one to four of its bytes changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, text in PARTS.items():
            archive.writestr(zipfile.ZipInfo(name), text, packing)
    data, chance = bytearray(file.getvalue()), random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def previewed(path: Path) -> None:
    with suppress(NotAPackage):
        unpacked(path)


def imported(path: Path) -> None:
    with suppress(Unreadable):
        read_sheet(path.read_bytes())


@pytest.mark.parametrize("read", [inspect, previewed, imported])
@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_no_fault_of_ours(read, packing, tmp_path):
    path = tmp_path / "damaged.zip"
    for seed in range(TIMES):
        path.write_bytes(damaged(packing, seed))
        read(path)


def test_what_is_said_names_the_file_and_the_damage(tmp_path):
    path = tmp_path / "damaged.zip"
    path.write_bytes(damaged(zipfile.ZIP_STORED, 0)[:-30])
    with pytest.raises(NotAPackage, match=r"damaged\.zip is no zip that can be read: File is not a zip file"):
        unpacked(path)
