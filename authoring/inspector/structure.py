"""Holds the elements of a manifest to the shapes of its standard."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from authoring.inspector.archive import Package
from authoring.inspector.findings import Finding, found, plain
from authoring.inspector.markup import PREFIXES, XML, XSI, Node
from authoring.inspector.shapes import ANYTHING, Shape, Slot, kinds, slots
from authoring.inspector.values import misfit

EVERYWHERE = (
    "xsi:schemaLocation",
    "xsi:type",
    "xsi:nil",
    "xsi:noNamespaceSchemaLocation",
    "xml:lang",
    "xml:space",
    "xml:id",
)


class Manifest(NamedTuple):
    """A manifest that could be read: its file, the folder of the package's root in the zip, and where it lies."""

    file: str
    folder: str
    root: Node
    package: Package

    def found(self, rule: str, node: Node, what: str) -> Finding:
        """A breach of ``rule`` at the line of ``node``."""
        return found(rule, f"{self.file}:{node.line}", what)


def misfits(manifest: Manifest, shapes: Mapping[str, Shape], loose: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Every element, attribute and text that does not fit; attributes of resources in ``loose`` are judged elsewhere.

    Elements of namespaces that no table knows (metadata, makers' own) may stand after the others, and are passed over.
    """
    waiting = [("", manifest.root)]
    while waiting:
        parent, node = waiting.pop()
        shape = shapes.get(f"{parent}/{node.name}") or shapes.get(node.name)
        if shape is None:
            continue
        yield from _children(manifest, node, shape, shapes)
        yield from _attributes(manifest, node, shape, loose if node.name == "resource" else frozenset())
        yield from _text(manifest, node, shape)
        waiting += ((node.name, child) for child in node.children)


def _text(manifest: Manifest, node: Node, shape: Shape) -> Iterator[Finding]:
    if not shape.text:
        if node.text.strip():
            yield manifest.found("text-stray", node, f"In <{node.name}> stands {shown(node.text)}.")
    elif wrong := misfit(shape.text, node.text):
        what = f"<{node.name}> is {shown(node.text)}, and should be {wrong.wanted}."
        yield manifest.found(wrong.rule, node, what)


def shown(value: str) -> str:
    """A value between quotation marks, cut where it is long; or “empty”."""
    return f"“{plain(value.strip(), 60)}”" if value.strip() else "empty"


def _children(manifest: Manifest, node: Node, shape: Shape, shapes: Mapping[str, Shape]) -> Iterator[Finding]:
    ordered = slots(shape.children)
    later = slots(shape.more.replace(ANYTHING, ""))
    counts = dict.fromkeys([*ordered, *later], 0)
    reached = 0
    for child in node.children:
        slot = _slot(child, ordered) or _slot(child, later)
        if slot is None:
            known = bool(shape.text) or child.namespace in PREFIXES or not child.namespace
            if known and shape.more != ANYTHING:
                yield manifest.found("element-unknown", child, f"<{node.name}> holds no <{child.name}>.")
            if known:
                continue
            position = len(ordered)
        else:
            counts[slot] += 1
            position = ordered.index(slot) if slot in ordered else len(ordered)
            if slot.most and counts[slot] == slot.most + 1:
                yield manifest.found("element-repeated", child, f"<{node.name}> holds <{child.name}> more than once.")
        if position < reached:
            yield manifest.found("element-order", child, f"In <{node.name}>, <{child.name}> comes too late.")
        reached = max(reached, position)
    for slot, count in counts.items():
        if count < slot.least:
            yield manifest.found("element-missing", node, f"<{node.name}> lacks <{'> or <'.join(slot.names)}>.")


def _slot(child: Node, among: tuple[Slot, ...]) -> Slot | None:
    return next((slot for slot in among if child.name in slot.names), None)


def _attributes(manifest: Manifest, node: Node, shape: Shape, loose: frozenset[str]) -> Iterator[Finding]:
    known = kinds(shape.attributes)
    for name, value in node.attributes.items():
        if name in known:
            kind, needed = known[name]
            if needed and not value.strip():
                yield manifest.found("attribute-missing", node, f"{name} of <{node.name}> is empty.")
            elif wrong := misfit(kind, value):
                what = f"{name} of <{node.name}> is {shown(value)}, and should be {wrong.wanted}."
                yield manifest.found(wrong.rule, node, what)
        elif name not in EVERYWHERE and name not in loose and not name.startswith("{"):
            yield manifest.found("attribute-unknown", node, f"<{node.name}> has no attribute {name}.")
    for name, (_, needed) in known.items():
        if needed and name not in node.attributes:
            yield manifest.found("attribute-missing", node, f"<{node.name}> lacks {name}.")


def namespaces(root: Node) -> set[str]:
    """Every namespace that elements and attributes use, but for those of XML itself."""
    used = {node.namespace for node in root.all()}
    used |= {namespace for node in root.all() for namespace, _ in node.foreign}
    return used - {"", XSI, XML}
