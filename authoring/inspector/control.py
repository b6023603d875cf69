"""Control documents: the schemas that a SCORM manifest names, at the root of the zip, with all that they include."""

import posixpath
import re
from collections.abc import Iterator

from authoring.damage import DAMAGE
from authoring.inspector.archive import Package
from authoring.inspector.findings import Finding, found
from authoring.inspector.paths import is_remote, path_of
from authoring.inspector.structure import Manifest, namespaces, shown

LONGEST_SCHEMA = 400_000
MOST_SCHEMAS = 200
INCLUDED = re.compile(
    r"<(?:\w{1,20}:)?(?:include|import|redefine)\b[^<>]{0,500}?\bschemaLocation\s*=\s*[\"']([^\"'<>]{1,300})"
)


def findings(manifest: Manifest) -> Iterator[Finding]:
    """What is wrong with xsi:schemaLocation and with the documents it leads to, for the namespaces that are used."""
    locations = _locations(manifest)
    used = namespaces(manifest.root)
    unnamed = sorted(used - locations.keys())
    if not locations:
        yield manifest.found("schema-location", manifest.root, "There is no xsi:schemaLocation.")
    elif unnamed:
        yield manifest.found(
            "schema-location", manifest.root, f"It names no control document for {', '.join(unnamed)}."
        )
    roots = []
    for namespace in sorted(used & locations.keys()):
        location = locations[namespace]
        path = path_of(location, manifest.folder)
        if is_remote(location):
            yield manifest.found(
                "control-remote", manifest.root, f"The control document {shown(location)} is elsewhere."
            )
        elif not manifest.package.zip:
            continue
        elif path not in manifest.package.names:
            yield manifest.found("control-missing", manifest.root, f"There is no {shown(location)} in the zip.")
        else:
            if f"{manifest.folder}{posixpath.basename(path)}" not in manifest.package.names:
                what = f"The control document {shown(location)} lies in a folder and not at the root."
                yield manifest.found("control-missing", manifest.root, what)
            roots.append(path)
    yield from _included(manifest.package, roots)


def _locations(manifest: Manifest) -> dict[str, str]:
    """Namespace -> the file that the manifest names for it."""
    found_: dict[str, str] = {}
    for node in manifest.root.all():
        words = node.get("xsi:schemaLocation").split()
        found_.update(zip(words[::2], words[1::2], strict=False))
    return found_


def _included(package: Package, roots: list[str]) -> Iterator[Finding]:
    """Follows what control documents include, each once."""
    waiting, seen = list(roots), set(roots)
    while waiting and len(seen) < MOST_SCHEMAS:
        path = waiting.pop()
        for location in sorted(set(INCLUDED.findall(_text(package, path)))):
            target = path_of(location, posixpath.dirname(path))
            if is_remote(location):
                yield found("control-remote", path, f"It fetches {shown(location)}.")
            elif target not in package.names:
                yield found("control-incomplete", path, f"It includes {shown(location)}, which is not in the zip.")
            elif target not in seen:
                seen.add(target)
                waiting.append(target)


def _text(package: Package, path: str) -> str:
    try:
        return (package.read(path, LONGEST_SCHEMA) or b"").decode("utf-8", "replace")
    except DAMAGE:
        return ""  # told of once, where every file is read
