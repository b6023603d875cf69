"""Pictures made anew: smaller files beside them, nothing told that is not shown, and the same bytes every time."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from datetime import date

import pytest
from PIL import Image

from authoring.check import check
from authoring.checks import problems
from authoring.images import BadPicture, fault, is_heavy, picture, size, smaller_name
from authoring.load import course, load
from authoring.packages import PACKAGES
from authoring.source import read


def drawn(width, height, kind="JPEG", mode="RGB", **more):
    image = Image.linear_gradient("L").resize((width, height))
    image = Image.new(mode, image.size, 40_000) if mode == "I;16" else image.convert(mode)
    made = io.BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


def told(**tags):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Siân"
    for tag, value in tags.items():
        exif[int(tag[1:], 16)] = value
    return exif.tobytes()


def opened(data):
    return Image.open(io.BytesIO(data))


def show(councils, name, data):
    """Puts a picture into the page of the second module, in both languages."""
    (councils / name).write_bytes(data)
    for language in ("en", "cy"):
        page = councils / f"02-away.{language}.md"
        page.write_text(page.read_text("utf-8") + f"\n![Bws coch wrth arhosfa.]({name})\n", "utf-8")
    return councils


@pytest.mark.parametrize(
    ("name", "data", "heavy"),
    [
        ("a.jpg", drawn(801, 10), True),
        ("a.jpg", drawn(800, 10), False),
        ("a.jpg", drawn(40, 10, exif=told()), True),
        ("a.png", drawn(801, 10, "PNG"), True),
        ("a.png", drawn(40, 10, "PNG"), False),
        ("a.webp", drawn(900, 10, "WEBP"), False),
        ("a.gif", drawn(900, 10, "GIF"), False),
        ("a.svg", b'<svg viewBox="0 0 900 10">', False),
        ("a.jpg", b"no picture", False),
        (
            "a.png",
            drawn(900, 9, "PNG", save_all=True, append_images=[Image.new("RGB", (900, 9))], duration=9),
            False,
        ),
    ],
)
def test_wide_and_telling_pngs_and_jpegs_are_heavy(name, data, heavy):
    assert is_heavy(name, data) is heavy


@pytest.mark.parametrize(
    ("width", "widths", "whole"), [(801, [480, 800], 801), (1200, [480, 800], 1200), (3000, [480, 800, 1200], 1200)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_smaller_files_are_those_narrower_than_the_picture(width, widths, whole, kind):
    made = picture(f"a.{kind.lower()}", drawn(width, 300, kind))
    assert [one for one, _ in made.smaller] == widths
    assert [opened(data).size[0] for _, data in made.smaller] == widths
    assert {opened(data).format for _, data in made.smaller} == {"WEBP"}
    assert made.size == opened(made.data).size == (whole, round(300 * whole / width))
    assert opened(made.data).format == kind


def test_the_same_picture_gives_the_same_bytes():
    data = drawn(1300, 400)
    assert picture("a.jpg", data) == picture("a.jpg", data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "small JPEG"])
def test_nothing_is_told_of_who_and_where(kind):
    data = drawn(60 if "small" in kind else 900, 40, kind.split()[-1], exif=told(), comment=b"Camera of Sian")
    assert b"Camera of Si" in data
    made = picture("a.png" if kind == "PNG" else "a.jpg", data)
    for one in (made.data, *(small for _, small in made.smaller)):
        assert b"Camera of Si" not in one
        assert not opened(one).getexif()
    assert bool(made.smaller) is ("small" not in kind)


def test_a_picture_taken_on_its_side_is_put_upright():
    made = picture("a.jpg", drawn(1000, 900, exif=told(x0112=6)))
    assert made.size == (900, 1000)
    assert [opened(data).size for _, data in made.smaller] == [(480, 533), (800, 889)]


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("1", "PNG", "1"), ("P", "PNG", "P"), ("L", "PNG", "L"), ("LA", "PNG", "RGBA"), ("RGBA", "PNG", "RGBA"),
        ("I;16", "PNG", "L"), ("CMYK", "JPEG", "RGB"), ("L", "JPEG", "L"),
    ],
)  # fmt: skip
def test_pictures_of_every_mode_are_drawn(mode, kind, expected):
    data = drawn(900, 20, kind, mode)
    made = picture("a.png" if kind == "PNG" else "a.jpg", data)
    assert opened(made.data).mode == expected
    assert [width for width, _ in made.smaller] == [480, 800]


def test_what_is_clear_stays_clear():
    made = picture("a.png", drawn(900, 512, "PNG", "P", transparency=0))
    for data in (made.data, made.smaller[0][1]):
        image = opened(data).convert("RGBA")
        assert image.getpixel((5, 0))[3] < 9
        assert image.getpixel((5, image.height - 1))[3] == 255


@pytest.mark.parametrize("mode", ["1", "P"])
def test_few_colours_are_mixed_where_a_picture_is_made_narrower(mode):
    stripes = Image.new("L", (2400, 2))
    stripes.putdata([255 * (column % 2) for column in range(2400)] * 2)
    data = io.BytesIO()
    stripes.convert(mode).save(data, "PNG")
    made = picture("a.png", data.getvalue())
    assert 100 < opened(made.data).convert("L").getpixel((600, 0)) < 155


def bomb(width, height, body=b"\0" * 100):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


BROKEN = {
    "cut short": drawn(900, 500)[:900],
    "of nothing": bomb(900, 900),
    "another kind": b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2" + struct.pack(">HBHHB", 11, 8, 30, 900, 3),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_picture_is_told_with_its_place(councils, how):
    name = "media/bus.png" if how == "of nothing" else "media/bus.jpg"
    assert fault(name, BROKEN[how])
    with pytest.raises(BadPicture):
        picture(name, BROKEN[how])
    found = check(show(councils, name, BROKEN[how]))
    assert [str(one) for one in found if one.severity == "error"] == [
        f"{name}:1:1: image-kind This is no image that can be read. Save it again as one of those."
    ]


def test_a_small_file_that_unfolds_to_gigabytes_is_refused_unopened(councils, monkeypatch):
    monkeypatch.setattr("authoring.checks.links.fault", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check(show(councils, "media/bus.png", bomb(60_000, 60_000)))
    assert [one.rule for one in found if one.severity == "error"] == ["image-large"]
    for side, words in ((60_000, "exceeds limit"), (8_000, "too many pixels")):
        with pytest.raises(BadPicture, match=words):
            picture("a.png", bomb(side, side))


def test_a_page_offers_every_size_and_the_package_carries_it(councils):
    folder = show(councils, "media/bus.jpg", drawn(1300, 650))
    away = load(folder).modules[1].pages[0].parts[0].html
    assert away.cy == (
        '<p>Ewch ar y bws.</p>\n<p><picture><source type="image/webp" srcset="sizes/bus-jpg-480.webp 480w, '
        'sizes/bus-jpg-800.webp 800w, sizes/bus-jpg-1200.webp 1200w" sizes="(max-width: 36rem) 100vw, 36rem">'
        '<img src="media/bus.jpg" alt="Bws coch wrth arhosfa." width="1200" height="600"></picture></p>\n'
    )
    files = PACKAGES["scorm12"](load(folder)).files()
    assert opened(files["media/bus.jpg"]).size == (1200, 600)
    assert opened(files["sizes/bus-jpg-480.webp"]).size == (480, 240)
    assert b'href="sizes/bus-jpg-800.webp"' in files["imsmanifest.xml"]


def test_a_figure_offers_every_size_too(councils):
    (councils / "media" / "plan.png").write_bytes(drawn(900, 450, "PNG"))
    page = councils / "01-start.en.md"
    page.write_text(
        page.read_text("utf-8").replace('media/hall.svg alt="The same', 'media/plan.png alt="The same'), "utf-8"
    )
    made = load(councils)
    assert "sizes/plan-png-480.webp 480w, sizes/plan-png-800.webp 800w" in str(made.modules[0].pages[0].parts)
    assert {"media/plan.png", "sizes/plan-png-480.webp", "sizes/plan-png-800.webp"} <= made.media.keys()


def test_no_two_pictures_share_a_smaller_file():
    names = ["media/a.jpg", "media/a.png", "media/a-jpg.png", "media/a-jpg.jpg", "media/b/a.jpg", "media/b-a.jpg"]
    assert len({smaller_name(name, 480) for name in names}) == len(names)


def test_what_was_made_once_is_kept_and_not_made_again(councils, tmp_path, monkeypatch):
    folder, cache = show(councils, "media/bus.jpg", drawn(1300, 650)), tmp_path / "build" / ".images"
    first = course(read(folder, cache)).media
    (kept,) = cache.iterdir()
    monkeypatch.setattr("authoring.images._narrowed", None)
    monkeypatch.setattr("authoring.checks.links.fault", None)
    again = read(folder, cache)
    assert problems(again, date(2026, 11, 21)) == []
    assert course(again).media == first
    assert list(cache.iterdir()) == [kept]


@pytest.mark.parametrize("damage", [lambda kept: b"", lambda kept: kept[:-1], lambda kept: kept[:-9] + b"\0" * 9])
def test_a_kept_file_that_is_not_whole_is_made_again(tmp_path, damage):
    data = drawn(900, 300)
    whole = picture("a.jpg", data, tmp_path)
    (kept,) = tmp_path.iterdir()
    good = kept.read_bytes()
    kept.write_bytes(damage(good))
    assert picture("a.jpg", data, tmp_path) == whole
    assert kept.read_bytes() == good


def test_a_folder_that_cannot_be_written_to_costs_time_and_no_more(tmp_path):
    (tmp_path / "file").write_text("")
    data = drawn(900, 300)
    assert picture("a.jpg", data, tmp_path / "file") == picture("a.jpg", data)


def test_pictures_are_kept_by_their_content_and_kind(tmp_path):
    picture("a.jpg", drawn(900, 300), tmp_path)
    picture("b.jpg", drawn(900, 300), tmp_path)
    picture("b.jpg", drawn(900, 301), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_course_without_heavy_pictures_does_not_pay_for_pillow():
    code = (
        "import sys; from pathlib import Path; from authoring.load import load; load(Path('tests/courses/councils'));"
        "sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_size_of_what_was_made_is_that_of_its_bytes():
    made = picture("a.png", drawn(2000, 1001, "PNG"))
    assert size("a.png", made.data) == made.size == (1200, 601)
