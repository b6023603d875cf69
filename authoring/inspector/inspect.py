"""Inspects a package from the zip to its pages, and says everything that is wrong with it."""

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from authoring.damage import DAMAGE
from authoring.inspector import cmi5, scorm, tincan
from authoring.inspector.archive import JUNK, Careful, Package, dangers, entry_findings, opened
from authoring.inspector.content import contents
from authoring.inspector.findings import Finding, found, listed
from authoring.inspector.markup import CMI5, LONGEST_MANIFEST, SCORM12, SCORM2004, TINCAN, Node, Unreadable, parsed
from authoring.inspector.paths import MANIFESTS
from authoring.inspector.structure import Manifest

Check = Callable[[Manifest], Iterator[Finding]]
# File -> its first element, the namespaces that may have, and what holds it to its standard.
STANDARDS: dict[str, tuple[str, tuple[str, ...], Check]] = {
    "imsmanifest.xml": ("manifest", (SCORM12, SCORM2004), scorm.findings),
    "cmi5.xml": ("courseStructure", (CMI5,), cmi5.findings),
    "tincan.xml": ("tincan", (TINCAN,), tincan.findings),
}
OUR_WEBSITE = b'"package-format": "web"'
LONGEST_OUTLINE = 2_000_000


class Report(NamedTuple):
    """What a file was taken for, in words, and the findings in order."""

    kind: str
    findings: list[Finding]


def inspect(path: Path) -> Report:
    """Everything that is wrong with the package at ``path``, in bounded time and memory. Raises OSError."""
    with Careful(path.open("rb", buffering=0)) as file:
        start = file.read(LONGEST_MANIFEST + 1)
        if path.suffix.lower() == ".xml" or (
            start[:1] == b"<" and (b"<courseStructure" in start or b"<tincan" in start)
        ):
            return _alone(path.name, start)
        archive = opened(file)
        if archive is None:
            return Report("", [found("not-a-zip", path.name, "This is not a zip that can be read to its end.")])
        if refused := dangers(archive, path.name):
            return Report("", listed(refused))
        kind, findings = _package(Package(path.name, archive))
        return Report(kind, listed([*entry_findings(archive), *findings]))


def _alone(file: str, data: bytes) -> Report:
    """A manifest without a zip, which cmi5 and tincan allow."""
    try:
        root = parsed(data)
    except Unreadable as unreadable:
        return Report("", [found(unreadable.rule, _where(file, unreadable.line), unreadable.what)])
    for name, (first, spaces, check) in STANDARDS.items():
        if root.name == first and root.namespace in spaces and name != "imsmanifest.xml":
            return Report(_kind(root), listed(check(Manifest(file, "", root, Package(file)))))
    return Report("", [found("not-a-zip", file, "This is neither a zip nor a cmi5.xml or tincan.xml.")])


def _package(package: Package) -> tuple[str, list[Finding]]:
    findings: list[Finding] = []
    manifests: list[Manifest] = []
    for name in _manifests(package, findings):
        try:
            manifests.append(_read(package, name))
        except Unreadable as unreadable:
            findings.append(found(unreadable.rule, _where(name, unreadable.line), unreadable.what))
        except DAMAGE:
            pass  # told of once, where every file is read
    for manifest in manifests:
        findings += STANDARDS[posixpath.basename(manifest.file).lower()][2](manifest)
    read = contents(package)
    silent = [one for manifest in manifests for one in _silent(manifest, read.speaks)]
    kinds = " and ".join(_kind(manifest.root) for manifest in manifests) or (
        "website" if _is_our_website(package) else ""
    )
    return kinds, [*findings, *read.findings, *silent]


def _manifests(package: Package, findings: list[Finding]) -> list[str]:
    """The manifests of the folder nearest to the root; adds to ``findings`` what is wrong with where they lie."""
    named = [
        name for name in package.names if posixpath.basename(name).lower() in MANIFESTS and not JUNK.fullmatch(name)
    ]
    if not named:
        if not _is_our_website(package):
            findings.append(found("manifest-missing", package.file, "There is no manifest in the zip."))
        return []
    folder = min(map(posixpath.dirname, named), key=lambda one: (len(one.split("/")) if one else 0, one))
    nearest = sorted(name for name in named if posixpath.dirname(name) == folder)
    for name in nearest:
        base = posixpath.basename(name)
        if base not in MANIFESTS:
            findings.append(found("manifest-name", name, f"The manifest is called “{base}”."))
        only = all(one.startswith(f"{folder}/") for one in package.names)
        if folder and not (base.lower() == "tincan.xml" and only):
            findings.append(found("manifest-folder", name, f"The manifest lies in the folder “{folder}”."))
    if len(nearest) > 1:
        findings.append(found("manifest-two", package.file, f"The zip holds {' and '.join(nearest)}."))
    return nearest


def _is_our_website(package: Package) -> bool:
    """Whether ktb built it for a web server, where no LMS looks for a manifest."""
    try:
        outline = package.read("course.json", LONGEST_OUTLINE) if "course.json" in package.names else None
    except DAMAGE:
        return False
    return OUR_WEBSITE in (outline or b"")


def _read(package: Package, name: str) -> Manifest:
    """Raises Unreadable or one of DAMAGE."""
    data = package.read(name, LONGEST_MANIFEST)
    if data is None:
        raise Unreadable("xml-size", "The manifest is longer than 4 MB.")
    root = parsed(data)
    first, spaces, _ = STANDARDS[posixpath.basename(name).lower()]
    if root.name.rpartition("}")[2] != first or root.namespace not in spaces:
        raise Unreadable("namespace", f"The first element is “{root.name}” of “{root.namespace}”.", root.line)
    folder = posixpath.dirname(name)
    return Manifest(name, f"{folder}/" if folder else "", root, package)


def _silent(manifest: Manifest, speaks: set[str]) -> Iterator[Finding]:
    """Packages that never speak to the LMS of their manifest; those that launch another site are not judged."""
    root = manifest.root
    if root.name == "manifest":
        own = any(
            value.strip().lower() == "sco" and "://" not in node.get("href")
            for node in root.below("resource")
            for name, value in node.attributes.items()
            if name.lower().endswith("scormtype")
        )
        word = "Initialize" if root.namespace == SCORM12 else "API_1484_11"
        if own and word not in speaks:
            what = "LMSInitialize" if word == "Initialize" else word
            yield found("sco-silent", manifest.file, f"No file of the package calls {what}.")
    elif root.name == "courseStructure" and "auth-token" not in speaks:
        units = [node for node in root.below("url") if "://" not in node.text]
        if units:
            yield found("au-silent", manifest.file, "No file of the package reads an auth-token.")


def _kind(root: Node) -> str:
    """The standard, in words."""
    if root.name == "manifest":
        edition = scorm.edition_of(root)
        return "SCORM 1.2" if edition == "1.2" else f"SCORM 2004 {edition} Edition"
    return {"courseStructure": "cmi5", "tincan": "tincan"}[root.name]


def _where(file: str, line: int) -> str:
    return f"{file}:{line}" if line else file
