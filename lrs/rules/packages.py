"""Reading course.json and facts.json out of a package that somebody hands in: bounded, and with no trust in the zip."""

import re
import zipfile
import zlib
from typing import IO, Any

from lrs.rules.errors import Refusal
from lrs.rules.formats import is_iri
from lrs.rules.strict_json import parsed

LONGEST_OUTLINE = 2_000_000
MOST_FILES = 20_000
WORD = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}").fullmatch


class PackageError(Exception):
    """The file is not a package that can be registered; the message says why, to the operator."""


def outline_in(file: IO[bytes]) -> dict[str, Any]:
    """The course.json at the root of the zip, checked. Nothing is unpacked to disk. Raises PackageError.

    Where there is a facts.json beside it, each module has the ``facts`` that it cites.
    """
    try:
        with zipfile.ZipFile(file) as package:
            _no_strange_names(package)
            text = _member(package, "course.json")
            facts = _member(package, "facts.json") if "facts.json" in package.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise PackageError("The file is not a zip that can be read") from None
    outline = _read("course.json", text)
    _check(outline)
    if facts:
        _add(outline, _read("facts.json", facts))
    return outline


def _read(name: str, text: bytes) -> Any:
    try:
        return parsed(text)
    except Refusal as refusal:
        raise PackageError(f"{name} cannot be read: {refusal.what}") from None


def _add(outline: dict[str, Any], facts: Any) -> None:
    """Give each module its facts. What a fact says is for people alone, and read with care where it is shown."""
    listed = facts.values() if isinstance(facts, dict) else [None]
    if not all(isinstance(of, list) and all(isinstance(one, dict) for one in of) for of in listed):
        raise PackageError("facts.json is not a list of facts for each module")
    for module in outline["modules"]:
        module["facts"] = facts.get(module["id"], [])


def _no_strange_names(package: zipfile.ZipFile) -> None:
    names = package.namelist()
    if len(names) > MOST_FILES:
        raise PackageError(f"The zip has more than {MOST_FILES} files")
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise PackageError("The zip has a file whose name leads out of it")


def _member(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as file:
            text = file.read(LONGEST_OUTLINE + 1)  # the size that the zip declares proves nothing
    except KeyError:
        raise PackageError(f"There is no {name} at the root of the zip: it is not a package of ours") from None
    if len(text) > LONGEST_OUTLINE:
        raise PackageError(f"{name} is too long")
    return text


def _check(outline: Any) -> None:
    """Refuse an outline without what the store relies on; whatever else it holds is left alone."""
    try:
        assertions = _assertions(outline)
    except (KeyError, TypeError, AttributeError):
        raise PackageError("course.json lacks something that every package has") from None
    for name, good in assertions:
        if not good:
            raise PackageError(f"course.json has no good {name}")


def _assertions(outline: Any) -> list[tuple[str, bool]]:
    modules = outline["modules"]
    questions = [question for module in modules for question in module.get("questions", ())]
    verbs = [verb["id"] for verb in outline["verbs"].values()]
    sent = [one for module in modules for one in module.get("reflections", ()) if "iri" in one]
    iris = [outline["iri"], *verbs, *(one["iri"] for one in [*modules, *questions, *sent])]
    return [
        ("format", outline["format"] == 1),
        ("id", bool(WORD(outline["id"]))),
        ("package", bool(re.fullmatch(r"[0-9a-f]{16,64}", outline["package"]))),
        ("version", isinstance(outline["version"], str) and 0 < len(outline["version"]) <= 40),
        ("title", all(isinstance(one["title"][own], str) for one in [outline, *sent] for own in ("en", "cy"))),
        ("module", bool(modules) and all(WORD(module["id"]) for module in modules)),
        ("module ids", len({module["id"] for module in modules}) == len(modules)),
        ("address", all(isinstance(iri, str) and is_iri(iri) for iri in iris)),
        ("addresses", len(set(iris)) == len(iris)),
        ("extensions", all(isinstance(iri, str) for iri in (outline.get("extensions") or {}).values())),
        ("authority", outline.get("authority") is None or bool(re.fullmatch(r"[A-Z]\d{8}", outline["authority"]))),
    ]
