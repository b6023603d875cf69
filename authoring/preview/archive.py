"""Takes a package out of its zip, ours or anybody's, within bounds, and finds its standard and its first document."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from authoring.damage import DAMAGE

LARGEST = 200_000_000
MOST_FILES = 5_000
LARGEST_XML = 5_000_000


class NotAPackage(Exception):
    """A file that was to be shown is no package, is too large, or is not safe to unpack."""


class Unit(NamedTuple):
    """What a launch opens: an assignable unit of cmi5.xml, an activity of tincan.xml, a SCO, or just a document."""

    id: str
    title: str
    address: str
    settings: dict[str, str]

    @property
    def document(self) -> str:
        """The file that it opens."""
        return unquote(urlsplit(self.address).path)


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a package by name.

    Raises NotAPackage where it is none, is too large, or has a name that leads out of it; OSError as open does.
    """
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
                    raise NotAPackage(f"{path} is too large to show.")
                files = {entry.filename: archive.read(entry) for entry in entries}
        except DAMAGE as error:
            raise NotAPackage(f"{path} is no zip that can be read: {error}") from error
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in files):
        raise NotAPackage(f"{path} holds names that lead out of it.")
    if missing := [one.document for one in units(files)[:1] if one.document not in files]:
        raise NotAPackage(f"{path} has no {missing[0]}.")
    return files


def standard_of(files: dict[str, bytes]) -> str:
    """The name of the package's standard, as ``ktb build --format`` has it."""
    if told := outline_of(files).get("package-format"):
        return str(told)
    if "cmi5.xml" in files:
        return "cmi5"
    if "tincan.xml" in files:
        return "xapi"
    if "imsmanifest.xml" not in files:
        return "web"
    words = " ".join(one.text or "" for one in elements(files["imsmanifest.xml"], "schemaversion")[:1])
    return ("scorm2004-4" if "4th" in words else "scorm2004-3") if "2004" in words or "CAM" in words else "scorm12"


def outline_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The course.json of a package of ours; an empty one where there is none, or another maker's."""
    try:
        found = json.loads(files.get("course.json", b"{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def units(files: Mapping[str, bytes]) -> list[Unit]:
    """Everything of a package that can be launched, one at least, in the order of its control document."""
    found = [_assignable(one) for one in elements(files.get("cmi5.xml", b""), "au")]
    found += [
        Unit(one.get("id", ""), _words(one, "name"), _words(one, "launch"), {})
        for one in elements(files.get("tincan.xml", b""), "activity")
        if _words(one, "launch")
    ]
    found += _scos(files.get("imsmanifest.xml", b""))
    return found or [Unit("", "", "index.html", {})]


def _assignable(found: Any) -> Unit:
    settings = {name: found.get(name, "") for name in ("moveOn", "masteryScore")}
    settings["launchParameters"] = _words(found, "launchParameters")
    titles = [one for one in found if one.tag.rpartition("}")[2] == "title"]
    title = _words(titles[0], "langstring") if titles else ""
    return Unit(found.get("id", ""), title, _words(found, "url"), settings)


def _scos(manifest: bytes) -> list[Unit]:
    """The resources that items of the organization lead to."""
    addresses = {one.get("identifier", ""): one.get("href", "") for one in elements(manifest, "resource")}
    items = [(one.get("identifierref", ""), _words(one, "title")) for one in elements(manifest, "item")]
    return [Unit(id, title, addresses[id], {}) for id, title in items if addresses.get(id)]


def elements(text: bytes, name: str) -> list[Any]:
    """Every element of that name, whatever its namespace; none where the XML is broken, huge or has a DOCTYPE."""
    from lxml import etree

    if len(text) > LARGEST_XML:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return []
    if root.getroottree().docinfo.doctype:  # told by the parser, for bytes in UTF-16 would hide it from a search
        return []
    return [found for found in root.iter() if found.tag.rpartition("}")[2] == name]


def _words(parent: Any, name: str) -> str:
    found = (child.text or "" for child in parent if child.tag.rpartition("}")[2] == name)
    return next(found, "").strip()
