"""XLIFF 1.2 (OASIS standard, 1 February 2008), one file element a module and one trans-unit a unit."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from authoring.translate.marks import CONTROL
from authoring.translate.pairs import WORDS
from authoring.translate.rows import Row, Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
LIMIT = 32 * 1024 * 1024
# 1.2, appendix on state: what a translator is to do, in the words of the standard.
STATES = {
    "missing": "new", "stale": "needs-translation", "unreviewed": "needs-review-translation", "reviewed": "signed-off",
}  # fmt: skip


def write_xliff(rows: list[Row]) -> bytes:
    """The document. Raises Unreadable where a text holds a character that XML cannot carry."""
    from lxml import etree

    root = etree.Element(_tag("xliff"), {"version": "1.2"}, nsmap={None: NAMESPACE})
    for module, own in groupby(rows, lambda row: row.id.partition("/")[0]):
        _file(root, module, list(own))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _file(root: "_Element", module: str, rows: list[Row]) -> None:
    from lxml.etree import SubElement

    original = rows[0].note.partition(":")[0]
    file = SubElement(
        root, _tag("file"),
        {"original": original, "source-language": "en-GB", "target-language": "cy-GB", "datatype": "x-markdown"},
    )  # fmt: skip
    body = SubElement(file, _tag("body"))
    for page, units in groupby(rows, lambda row: row.id.split("/")[1]):
        group = SubElement(body, _tag("group"), {"id": f"{module}/{page}", "resname": page})
        for row in units:
            _unit(group, row)


def _unit(group: "_Element", row: Row) -> None:
    from lxml.etree import SubElement

    if CONTROL.search(row.english + row.welsh):
        raise Unreadable(f"{row.note}: the words of {row.id} hold a control character; take it out first.")
    approved = "yes" if row.state == "reviewed" else "no"
    attributes = {"id": row.id, "approved": approved, "extradata": f"welsh:{row.was}"}
    unit = SubElement(group, _tag("trans-unit"), attributes)
    unit.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    SubElement(unit, _tag("source"), {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"}).text = row.english
    target = {"{http://www.w3.org/XML/1998/namespace}lang": "cy-GB", "state": STATES[row.state]}
    SubElement(unit, _tag("target"), target).text = row.welsh
    SubElement(unit, _tag("note"), {"from": "ktb"}).text = f"{row.note} ({WORDS[row.state]})"


def read_xliff(data: bytes) -> list[Row]:
    """The units of a document. Raises Unreadable where it is no XLIFF 1.2, is too large or declares a DTD."""
    root = _root(data)
    if root.tag != _tag("xliff"):
        raise Unreadable("It is not an XLIFF 1.2 file: ask the translator’s tool to save it as XLIFF 1.2.")
    return [_row(unit) for unit in root.iter(_tag("trans-unit"))]


def _root(data: bytes) -> Any:
    from lxml import etree

    if len(data) > LIMIT:
        raise Unreadable(f"It is larger than {LIMIT // 1024 // 1024} MB.")
    # Nothing is fetched and nothing unfolds: the entities that a document declares itself are refused with its DTD.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"It is not XML that can be read: {error.msg}.") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable("It declares a document type, which no XLIFF file needs and which can hide a bomb.")
    return root


def _row(unit: "_Element") -> Row:
    was = str(unit.get("extradata", ""))
    mark = was.removeprefix("welsh:") if was.startswith("welsh:") else None
    return Row(str(unit.get("id", "")), _text(unit, "source"), _text(unit, "target"), mark)


def _text(unit: "_Element", name: str) -> str:
    """The words of a child, whatever a translator's tool has put around them, such as segments."""
    child = unit.find(_tag(name))
    return "".join(_pieces(child)) if child is not None else ""


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
