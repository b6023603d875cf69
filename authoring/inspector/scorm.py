"""What SCORM 1.2 and 2004 ask of a manifest beyond its shape: organizations, items, resources and their files."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from authoring.inspector import control, sequencing
from authoring.inspector.findings import Finding
from authoring.inspector.markup import ADLCP12, SCORM12, Node
from authoring.inspector.paths import href_findings, is_remote, path_of, undeclared
from authoring.inspector.shapes import SCORM12 as SHAPES_12
from authoring.inspector.shapes import SCORM2004 as SHAPES_2004
from authoring.inspector.structure import Manifest, misfits, namespaces, shown
from authoring.inspector.values import number

EDITIONS = {"1.2": "1.2", "CAM 1.3": "2nd", "2004 3rd Edition": "3rd", "2004 4th Edition": "4th"}
SCORM_TYPES = frozenset({"adlcp:scormtype", "adlcp:scormType", "scormtype", "scormType", "adlcp:scorm_type"})
FOR_SCOS = {
    "adlcp:maxtimeallowed", "adlcp:timelimitaction", "adlcp:datafromlms", "adlcp:masteryscore",
    "adlcp:timeLimitAction", "adlcp:dataFromLMS", "adlcp:completionThreshold",
}  # fmt: skip
FOR_RESOURCES = {"adlcp:data", "adlnav:presentation"}
LONGEST_SCRIPT = 2_000
PREREQUISITE = re.compile(r"[A-Za-z_][\w.\-]*")


class Scorm(NamedTuple):
    """A manifest with what the checks ask of it again and again."""

    manifest: Manifest
    edition: str
    items: list[Node]
    resources: dict[str, Node]
    bases: dict[str, str]
    ids: frozenset[str]

    def resource_of(self, item: Node) -> Node | None:
        """The resource that the item leads to."""
        return self.resources.get(item.get("identifierref"))

    def is_sco(self, item: Node) -> bool:
        """Whether the item leads to a SCO, however that is spelled."""
        resource = self.resource_of(item)
        return resource is not None and any(resource.get(name).lower() == "sco" for name in SCORM_TYPES)


def edition_of(root: Node) -> str:
    """“1.2”, or “2nd”, “3rd”, “4th” of 2004: by namespace, then by schemaversion; else the 4th."""
    if root.namespace == SCORM12:
        return "1.2"
    metadata = root.first("metadata")
    version = metadata.first("schemaversion") if metadata else None
    edition = EDITIONS.get(version.text.strip(), "4th") if version else "4th"
    return edition if edition != "1.2" else "4th"


def read(manifest: Manifest) -> Scorm:
    """The parts of the manifest that checks need, each looked up once."""
    root = manifest.root
    resources: dict[str, Node] = {}
    bases: dict[str, str] = {}
    for outer in root.below("manifest"):
        for group in outer.each("resources"):
            for resource in group.each("resource"):
                id = resource.get("identifier")
                resources.setdefault(id, resource)
                bases.setdefault(id, "".join(map(_base_of, (outer, group, resource))))
    items = list(root.below("item"))
    ids = frozenset(item.get("identifier") for item in items)
    return Scorm(manifest, edition_of(root), items, resources, bases, ids)


def _base_of(node: Node) -> str:
    """The xml:base as a folder, though it should lack its slash."""
    base = node.get("xml:base").replace("\\", "/").lstrip("/")
    return f"{base.rstrip('/')}/" if base else ""


def findings(manifest: Manifest) -> Iterator[Finding]:
    """Everything that is wrong with the manifest of a SCORM package."""
    scorm = read(manifest)
    shapes = SHAPES_12 if scorm.edition == "1.2" else SHAPES_2004
    yield from misfits(manifest, shapes, SCORM_TYPES)
    for check in CHECKS:
        yield from check(scorm)
    yield from control.findings(manifest)
    if scorm.edition != "1.2":
        yield from sequencing.findings(manifest, scorm.edition)


def _metadata(scorm: Scorm) -> Iterator[Finding]:
    root = scorm.manifest.root
    metadata = root.first("metadata")
    wanted = {"1.2"} if scorm.edition == "1.2" else set(EDITIONS) - {"1.2"}
    for name, texts in (("schema", {"ADL SCORM"}), ("schemaversion", wanted)):
        node = metadata.first(name) if metadata else None
        if node is None and scorm.edition == "1.2":
            yield scorm.manifest.found("schema-text", metadata or root, f"The metadata have no <{name}>.")
        elif node is not None and node.text.strip() not in texts:
            choice = " or ".join(f"“{text}”" for text in sorted(texts))
            yield scorm.manifest.found("schema-text", node, f"<{name}> is {shown(node.text)} and not {choice}.")


def _namespaces(scorm: Scorm) -> Iterator[Finding]:
    used = namespaces(scorm.manifest.root)
    own = {SCORM12, ADLCP12}
    foreign = used - own if scorm.edition == "1.2" else used & own
    for namespace in sorted(foreign):
        if namespace in own or "adlnet.org/xsd" in namespace or "imsglobal.org/xsd/imscp_v1" in namespace:
            what = f"A manifest of {'1.2' if scorm.edition == '1.2' else '2004'} uses {namespace}."
            yield scorm.manifest.found("namespace-mixed", scorm.manifest.root, what)


def _prefixes(scorm: Scorm) -> Iterator[Finding]:
    for node in scorm.manifest.root.all():
        wanted = node.name.rpartition(":")[0]
        if not node.name.startswith("{") and node.namespace and node.written != wanted:
            what = f"<{node.name.rpartition(':')[2]}> is written with the prefix “{node.written}” and not “{wanted}”."
            yield scorm.manifest.found("prefix", node, what)
        for namespace, written in node.foreign:
            if "adlnet.org/xsd/adlcp" in namespace and written != "adlcp":
                yield scorm.manifest.found("prefix", node, f"An attribute is written with the prefix “{written}”.")


def _identifiers(scorm: Scorm) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for node in scorm.manifest.root.all():
        id = node.get("identifier") if not node.name.startswith("{") else ""
        if id and id in seen:
            what = f"The identifier {shown(id)} stands in line {seen[id]} too."
            yield scorm.manifest.found("id-duplicate", node, what)
        seen.setdefault(id, node.line)


def _organizations(scorm: Scorm) -> Iterator[Finding]:
    root = scorm.manifest.root
    for group in root.each("organizations"):
        known = {one.get("identifier") for one in group.each("organization")}
        default = group.get("default")
        if "default" in group.attributes and default not in known:
            what = f"The default organization {shown(default)} is not there."
            yield scorm.manifest.found("default-organization", group, what)
        elif "default" not in group.attributes and scorm.edition != "1.2" and known:
            yield scorm.manifest.found("default-organization", group, "No organization is the default.")
        if not any(one.each("item") for one in group.each("organization")):
            yield scorm.manifest.found("organization-missing", group, "No organization has an item.")
    for inner in list(root.below("manifest"))[1:]:
        yield scorm.manifest.found("submanifest", inner, "There is a manifest inside the manifest.")


def _titles(scorm: Scorm) -> Iterator[Finding]:
    for node in [*scorm.manifest.root.below("organization"), *scorm.items]:
        title = node.first("title")
        if title is None or not title.text.strip():
            name = shown(node.get("identifier"))
            yield scorm.manifest.found("title-missing", title or node, f"The {node.name} {name} has no title.")


def _items(scorm: Scorm) -> Iterator[Finding]:
    inner = {node.get("identifier") for node in scorm.manifest.root.below("manifest")}
    for item in scorm.items:
        name, target = shown(item.get("identifier")), item.get("identifierref")
        resource = scorm.resource_of(item)
        if item.each("item") and target:
            yield scorm.manifest.found("item-cluster", item, f"The item {name} has items below it and a page too.")
        elif not item.each("item") and not target:
            yield scorm.manifest.found("item-leaf", item, f"The item {name} leads nowhere.")
        if target and resource is None and target not in inner:
            yield scorm.manifest.found("reference", item, f"There is no resource {shown(target)}.")
        elif resource is not None and not resource.get("href"):
            yield scorm.manifest.found("resource-href", resource, f"The resource {shown(target)} has no href.")
        yield from _data_of(scorm, item)
        parameters = item.get("parameters")
        if parameters and scorm.edition != "1.2" and parameters[0] not in "?#":
            yield scorm.manifest.found("parameters", item, f"The parameters are {shown(parameters)}.")


def _data_of(scorm: Scorm, item: Node) -> Iterator[Finding]:
    for child in item.children:
        misplaced = child.name in FOR_SCOS and not scorm.is_sco(item)
        if misplaced or (child.name in FOR_RESOURCES and not item.get("identifierref")):
            what = f"<{child.name}> stands at an item that leads to no {'SCO' if misplaced else 'resource'}."
            yield scorm.manifest.found("launch-data", child, what)
        if child.name == "adlcp:masteryscore":
            mark = number(child.text)
            if mark is None or not 0 <= mark <= 100:
                yield scorm.manifest.found("mastery-range", child, f"The masteryscore is {shown(child.text)}.")
            elif mark == 0:
                yield scorm.manifest.found("mastery-zero", child, "The masteryscore is 0.")
        if child.name == "adlcp:prerequisites":
            script = re.sub(r"\"[^\"]*\"|[0-9]+\*", " ", child.text[:LONGEST_SCRIPT])
            for word in PREREQUISITE.findall(script):
                if word not in scorm.ids:
                    yield scorm.manifest.found("prerequisite", child, f"There is no item {shown(word)}.")


def _resources(scorm: Scorm) -> Iterator[Finding]:
    spelled = "adlcp:scormtype" if scorm.edition == "1.2" else "adlcp:scormType"
    items = {item.get("identifierref") for item in scorm.items}
    used = items | {one.get("identifierref") for one in scorm.manifest.root.below("dependency")}
    for id, node in scorm.resources.items():
        if spelled not in node.attributes:
            other = next((name for name in node.attributes if name in SCORM_TYPES), "")
            what = f"writes {other}" if other else "does not say whether it is a SCO"
            yield scorm.manifest.found("scormtype", node, f"The resource {shown(id)} {what}.")
        if id not in used:
            yield scorm.manifest.found("resource-unused", node, f"Nothing leads to the resource {shown(id)}.")
        if "." not in path_of(href := node.get("href")).rpartition("/")[2] and href and not is_remote(href):
            yield scorm.manifest.found("href-extension", node, f"The page {shown(href)} has no file extension.")
    for node in scorm.manifest.root.below("dependency"):
        if (target := node.get("identifierref")) and target not in scorm.resources:
            yield scorm.manifest.found("reference", node, f"There is no resource {shown(target)}.")


def _files(scorm: Scorm) -> Iterator[Finding]:
    manifest = scorm.manifest
    declared = set()
    for id, resource in scorm.resources.items():
        base, href = scorm.bases[id], resource.get("href")
        files = resource.each("file")
        for node in [resource, *files]:
            address = node.get("href")
            if address and not is_remote(address) and not is_remote(base):
                declared.add(path_of(address, manifest.folder + base))
                yield from href_findings(manifest, node, address, base)
        if href and is_remote(href):
            yield manifest.found("href-remote", resource, f"It launches {shown(href)}.")
        elif href and path_of(href) not in {path_of(file.get("href")) for file in files}:
            yield manifest.found("file-of-href", resource, f"The resource {shown(id)} has no <file> for {shown(href)}.")
    for node in manifest.root.below("adlcp:location"):
        if node.text.strip() and not is_remote(node.text.strip()):
            declared.add(path_of(node.text.strip(), manifest.folder))
            yield from href_findings(manifest, node, node.text.strip())
    yield from undeclared(manifest, declared)


def _bases(scorm: Scorm) -> Iterator[Finding]:
    places = ("manifest", "resources", "resource")
    for node in chain.from_iterable(map(scorm.manifest.root.below, places)):
        base = node.get("xml:base")
        if base and (not base.endswith("/") or base.startswith("/") or "\\" in base):
            yield scorm.manifest.found("base-path", node, f"The xml:base is {shown(base)}.")


CHECKS = (
    _metadata, _namespaces, _prefixes, _identifiers, _organizations, _titles, _items, _resources, _files, _bases,
)  # fmt: skip
