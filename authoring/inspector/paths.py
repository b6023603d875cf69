"""The addresses in a manifest: how they are written, whether the files are there, and which it forgets."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from authoring.inspector.archive import JUNK
from authoring.inspector.findings import Finding, found
from authoring.inspector.markup import Node
from authoring.inspector.structure import Manifest, shown

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
DRIVE = re.compile(r"[A-Za-z]:|file:|/(?!/)", re.I)
WELL_WRITTEN = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*").fullmatch
MANIFESTS = ("imsmanifest.xml", "cmi5.xml", "tincan.xml")
CONTROL = (".xsd", ".dtd")
NAMED_AT_MOST = 5


def is_remote(href: str) -> bool:
    """Whether the address is on another site."""
    return bool(SCHEME.match(href)) and not DRIVE.match(href)


def miswritten(href: str) -> tuple[str, str] | None:
    """The rule that a relative address breaks by how it is written, and what to say; None where it is well."""
    if "\\" in href:
        return "href-backslash", f"The path {shown(href)} is written with a backslash."
    if DRIVE.match(href):
        return "href-absolute", f"The path {shown(href)} is absolute."
    if not WELL_WRITTEN(href):
        return "href-encoding", f"The path {shown(href)} holds a sign that an address cannot hold."
    return None


def path_of(href: str, base: str = "") -> str:
    """The path in the zip that an address means, from the folder ``base``; it begins with ../ where it leads out."""
    bare = unquote(re.split(r"[?#]", href, maxsplit=1)[0]).replace("\\", "/").lstrip("/")
    return posixpath.normpath(posixpath.join(base, bare)) if bare else ""


def href_findings(manifest: Manifest, node: Node, href: str, base: str = "") -> Iterator[Finding]:
    """What is wrong with an address in the package: how it is written, and whether the file is there."""
    if wrong := miswritten(href):
        yield manifest.found(wrong[0], node, wrong[1])
        if wrong[0] == "href-absolute" and not href.startswith("/"):
            return
    path = path_of(href, posixpath.join(manifest.folder, base))
    outside = path == ".." or path.startswith("../") or not path.startswith(manifest.folder)
    if outside:
        yield manifest.found("href-escape", node, f"The path {shown(href)} leads out of the package.")
    elif manifest.package.zip and path not in manifest.package.names:
        # A name in the zip that is itself encoded is found by the path as it is written.
        raw = posixpath.normpath(posixpath.join(manifest.folder, base, re.split(r"[?#]", href)[0] or "."))
        if raw in manifest.package.names:
            return
        if near := manifest.package.named(path):
            yield manifest.found("href-case", node, f"The manifest says {shown(href)}, and the zip “{near}”.")
        else:
            yield manifest.found("file-missing", node, f"The file {shown(href)} is not in the zip.")


def undeclared(manifest: Manifest, declared: set[str]) -> Iterator[Finding]:
    """One finding for all files of the zip that the manifest does not name, control documents and rubbish left out."""
    folded = {path.casefold() for path in declared}
    forgotten = [
        name
        for name in manifest.package.names
        if name.casefold() not in folded
        and not name.lower().endswith(CONTROL)
        and not JUNK.fullmatch(name)
        and name.removeprefix(manifest.folder) not in MANIFESTS
        and name != manifest.file
    ]
    if forgotten:
        names = ", ".join(f"“{name}”" for name in forgotten[:NAMED_AT_MOST])
        rest = f" and {len(forgotten) - NAMED_AT_MOST} more" if len(forgotten) > NAMED_AT_MOST else ""
        yield found("file-undeclared", manifest.file, f"The manifest does not name {names}{rest}.")
