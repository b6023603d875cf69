"""What a tincan.xml must say, as far as that is known: its own schema cannot be had any more."""

from collections.abc import Iterator

from authoring.inspector.findings import Finding
from authoring.inspector.paths import href_findings, is_remote
from authoring.inspector.shapes import TINCAN
from authoring.inspector.structure import Manifest, misfits, shown


def findings(manifest: Manifest) -> Iterator[Finding]:
    """Everything that is wrong with a tincan.xml."""
    yield from misfits(manifest, TINCAN)
    yield from _identifiers(manifest)
    yield from _launches(manifest)


def _identifiers(manifest: Manifest) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for node in manifest.root.below("activity"):
        id = node.get("id")
        if id in seen:
            yield manifest.found("id-duplicate", node, f"The id {shown(id)} stands in line {seen[id]} too.")
        elif id:
            seen[id] = node.line


def _launches(manifest: Manifest) -> Iterator[Finding]:
    launched = [node for node in manifest.root.below("activity") if node.first("launch") or node.first("resource")]
    if len(launched) != 1:
        where = launched[1] if launched else manifest.root
        count = f"{len(launched)} activities have" if launched else "No activity has"
        yield manifest.found("launch-one", where, f"{count} a launch.")
    for activity in launched:
        for node in [*activity.each("launch"), *activity.each("resource")]:
            address = node.text.strip()
            if is_remote(address):
                if address.lower().startswith("http:"):
                    yield manifest.found("url-insecure", node, f"The address {shown(address)} is not https.")
            elif address:
                yield from href_findings(manifest, node, address)
