"""Reads a manifest that nobody vouches for into plain nodes: no DOCTYPE, no entities, no network, and bounded."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LONGEST_MANIFEST = 4_000_000
MOST_TAGS = 200_000
MOST_ATTRIBUTES = 100  # of an element: lxml takes time by their square

SCORM12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
SCORM2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
TINCAN = "http://projecttincan.com/tincan.xsd"
ADLCP12 = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
ADLCP2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
# Namespace -> the prefix that names have here, whatever the manifest itself calls it.
PREFIXES = {
    SCORM12: "", SCORM2004: "", CMI5: "", TINCAN: "",
    ADLCP12: "adlcp:", ADLCP2004: "adlcp:",
    "http://www.adlnet.org/xsd/adlseq_v1p3": "adlseq:",
    "http://www.adlnet.org/xsd/adlnav_v1p3": "adlnav:",
    "http://www.imsglobal.org/xsd/imsss": "imsss:",
    XML: "xml:",
    XSI: "xsi:",
}  # fmt: skip

DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"'][^>]{0,300}?\?>")
DOCTYPE = re.compile(r"<!DOCTYPE\b", re.I)
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ENCODINGS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}


class Unreadable(Exception):
    """The manifest was not read: the rule it breaks, the line where that is known, and what is so."""

    def __init__(self, rule: str, what: str, line: int = 0) -> None:
        self.rule, self.what, self.line = rule, what, line
        super().__init__(what)


@dataclass(slots=True)
class Node:
    """An element: names carry the prefix of PREFIXES, those of other namespaces are ``{namespace}name``."""

    name: str
    namespace: str
    written: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    foreign: tuple[tuple[str, str], ...] = ()  # namespace and prefix as written, of each attribute that has one
    children: list["Node"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The attribute’s value without white space around it, or an empty string."""
        return self.attributes.get(name, "").strip()

    def each(self, name: str) -> list["Node"]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Node | None":
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self) -> Iterator["Node"]:
        """The element and everything below it, parents before children."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    def below(self, name: str) -> Iterator["Node"]:
        """Everything of that name in the element, itself included."""
        return (node for node in self.all() if node.name == name)


def parsed(data: bytes) -> Node:
    """The root of the document. Raises Unreadable."""
    if len(data) > LONGEST_MANIFEST:
        raise Unreadable("xml-size", "The manifest is longer than 4 MB.")
    text = decoded(data)
    if text.count("<") > MOST_TAGS:
        raise Unreadable("xml-size", "The manifest has more than 100,000 elements.")
    if line := _doctype(text):
        raise Unreadable("xml-doctype", "The manifest has a DOCTYPE.", line)
    return _tree(text)


def decoded(data: bytes) -> str:
    """The text without its declaration of an encoding, which is used up by this. Raises Unreadable."""
    marked = next((codec for mark, codec in MARKS if data.startswith(mark)), None)
    named = DECLARATION.match(data[:700].decode(marked or "latin-1", "replace").lstrip("\ufeff"))
    try:
        codec = marked or codecs.lookup(named[1] if named else "utf-8").name
        if codec not in ENCODINGS:
            raise LookupError
        text = data.decode(codec).lstrip("\ufeff")
    except LookupError:
        raise Unreadable(
            "xml-encoding", f"The encoding “{named[1] if named else ''}” is not one LMSs read.", 1
        ) from None
    except UnicodeError as error:
        at = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise Unreadable(
            "xml-encoding", "There are bytes here that the encoding of the file does not have.", at
        ) from None
    return re.sub(r"(<\?xml\b[^>]{0,300}?)\s+encoding\s*=\s*([\"'])[A-Za-z0-9._-]{1,40}\2", r"\1", text, count=1)


def _doctype(text: str) -> int:
    """The line of a DOCTYPE, which can only stand before the first element, or 0 where there is none."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        end = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        if not end:
            return text.count("\n", 0, at) + 1 if DOCTYPE.match(text, at) else 0
        past = text.find(end, at + 2)
        if past < 0:
            return 0
        at = past + len(end)
    return 0


def _tree(text: str) -> Node:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        words = str(getattr(error, "msg", None) or error).split(", line ")[0]
        raise Unreadable("xml-malformed", f"This is not well-formed XML: {words}.", line) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("xml-doctype", "The manifest has a DOCTYPE.", 1)
    return _node(root)


def _node(root: Any) -> Node:
    """The nodes of the tree, made without recursion; the prefixes in force go with each."""
    top = _one(root, prefixes := _prefixes(root))
    waiting = [(root, top, prefixes)]
    while waiting:
        element, node, outer = waiting.pop()
        for child in element:
            if isinstance(child.tag, str):
                new = {space for space in map(_namespace, child.attrib) if space not in outer}
                prefixes = _prefixes(child) if new - {""} else outer
                node.children.append(made := _one(child, prefixes))
                waiting.append((child, made, prefixes))
    return top


def _prefixes(element: Any) -> dict[str, str]:
    """Namespace -> prefix, as declared here and above; slow, so asked only where an attribute has a new namespace."""
    return {uri: prefix or "" for prefix, uri in element.nsmap.items()} | {XML: "xml"}


def _one(element: Any, prefixes: dict[str, str]) -> Node:
    if len(element.attrib) > MOST_ATTRIBUTES:
        what = f"An element has more than {MOST_ATTRIBUTES} attributes."
        raise Unreadable("xml-size", what, element.sourceline or 0)
    attributes = {_named(key): value for key, value in element.attrib.items()}
    spaces = filter(None, map(_namespace, element.attrib))
    foreign = tuple((space, prefixes.get(space, "")) for space in spaces)
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    written, line = element.prefix or "", element.sourceline or 0
    return Node(_named(element.tag), _namespace(element.tag), written, line, attributes, text, foreign)


def _namespace(tag: str) -> str:
    return tag[1:].rpartition("}")[0] if tag.startswith("{") else ""


def _named(tag: str) -> str:
    namespace = _namespace(tag)
    return PREFIXES[namespace] + tag[len(namespace) + 2 :] if namespace in PREFIXES else tag
