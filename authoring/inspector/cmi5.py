"""What cmi5 asks of a course structure beyond its shape (sections 13 and 14 of the Quartz edition)."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from authoring.inspector.findings import Finding
from authoring.inspector.markup import Node
from authoring.inspector.paths import href_findings, is_remote
from authoring.inspector.shapes import CMI5
from authoring.inspector.structure import Manifest, misfits, shown
from authoring.inspector.values import number

RESERVED = {"endpoint", "fetch", "actor", "registration", "activityId"}


def findings(manifest: Manifest) -> Iterator[Finding]:
    """Everything that is wrong with a cmi5.xml."""
    yield from misfits(manifest, CMI5)
    for check in (_identifiers, _objectives, _units):
        yield from check(manifest)


def _identifiers(manifest: Manifest) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for node in manifest.root.all():
        id = node.get("id") if node.name in ("course", "block", "au", "objective") else ""
        if id in seen:
            yield manifest.found("id-duplicate", node, f"The id {shown(id)} stands in line {seen[id]} too.")
        elif id:
            seen[id] = node.line


def _objectives(manifest: Manifest) -> Iterator[Finding]:
    """At the top objectives are told, with id, title and description; everywhere else they are referred to."""
    top = manifest.root.first("objectives")
    known = {node.get("id") for node in top.children} if top else set()
    for node in top.children if top else ():
        missing = [name for name in ("title", "description") if not node.first(name)]
        if node.name == "objective" and missing:
            yield manifest.found("element-missing", node, f"<objective> lacks <{missing[0]}>.")
        if node.name == "objective" and "id" not in node.attributes:
            yield manifest.found("attribute-missing", node, "<objective> lacks id.")
    for node in manifest.root.below("objective"):
        target = node.get("idref")
        if target and target not in known:
            yield manifest.found("reference", node, f"There is no objective {shown(target)}.")


def _units(manifest: Manifest) -> Iterator[Finding]:
    units = list(manifest.root.below("au"))
    for unit in units:
        if number(unit.get("masteryScore")) == 0:
            yield manifest.found("mastery-zero", unit, "The masteryScore is 0.")
        url = unit.first("url")
        if url is not None and url.text.strip():
            yield from _url(manifest, url, url.text.strip())
    if units and all(unit.get("moveOn") in ("", "NotApplicable") for unit in units):
        yield manifest.found("move-on", units[0], "No AU has to be completed or passed.")


def _url(manifest: Manifest, node: Node, address: str) -> Iterator[Finding]:
    query = re.split(r"[?#]", address, maxsplit=2)
    if "?" in address.split("#")[0]:
        names = {name for name, _ in parse_qsl(query[1][:8000].replace(";", "&"), keep_blank_values=True)}
        for name in sorted(names & RESERVED):
            yield manifest.found("url-reserved", node, f"The url has a parameter {name}.")
    if is_remote(address):
        if address.lower().startswith("http:"):
            yield manifest.found("url-insecure", node, f"The url {shown(address)} is not https.")
    elif not manifest.package.zip:
        yield manifest.found("url-alone", node, f"The url {shown(address)} is relative, and there is no zip.")
    else:
        yield from href_findings(manifest, node, address)
