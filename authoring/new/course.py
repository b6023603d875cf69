"""A new course: a copy of the starter under its own name, with the schemas that editors read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from authoring.checks.modules import is_id
from authoring.course import Text
from authoring.listings import schema_files
from authoring.new.files import write

STARTER = Path(__file__).parent / "starter"
COURSE = "course.yml"
NAMES = "Names are small letters, digits and hyphens, and begin with a letter."


def new_course(folder: Path, name: str, titles: Text) -> list[str]:
    """Makes a course that builds in a folder ``name`` of ``folder``.

    Answers why not, all at once, or an empty list. Raises OSError, and then leaves nothing behind.
    """
    if wrong := [*_wrong_name(folder, name), *wrong_titles(titles)]:
        return wrong
    folder /= name
    files = {folder / path.relative_to(STARTER): path.read_bytes() for path in STARTER.rglob("*") if path.is_file()}
    files[folder / COURSE] = _renamed(files[folder / COURSE].decode(), name, titles).encode()
    write({**files, **schema_files(folder)}, {})
    return []


def _wrong_name(folder: Path, name: str) -> Iterator[str]:
    if not is_id(name):
        near = slug(name)
        yield f"“{name}” is no name for a course. {NAMES}" + (f" Try {near}." if near else "")
    elif folder.joinpath(name).exists():
        yield f"{folder / name} is there already; nothing in it was touched."


def slug(words: str) -> str:
    """The nearest name to ``words`` that is one, or an empty string."""
    near = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-0123456789")[:60]
    return near if is_id(near) else ""


def wrong_titles(titles: Text) -> Iterator[str]:
    """Why titles given on the command line cannot be used."""
    for language, title in titles._asdict().items():
        if not title.strip() or not title.isprintable():
            yield f"--title-{language} must be words on one line."


def quoted(words: str) -> str:
    """``words`` as a YAML scalar in double quotes: what JSON writes is YAML too."""
    return json.dumps(words, ensure_ascii=False)


def _renamed(text: str, id: str, titles: Text) -> str:
    """The starter's course.yml with the course's own id, address and titles; its comments stay."""
    text = text.replace("id: starter\n", f"id: {id}\n", 1)
    text = text.replace("https://courses.example/starter\n", f"https://courses.example/{id}\n", 1)
    text = text.replace("  en: A new course\n", f"  en: {quoted(titles.en)}\n", 1)
    return text.replace("  cy: Cwrs newydd\n", f"  cy: {quoted(titles.cy)}\n", 1)
