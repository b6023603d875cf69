"""What the official schemas refuse, the inspector calls an error: many small changes to the good manifests."""

import copy
import random
from pathlib import Path

import pytest
from lxml import etree

from authoring.inspector.inspect import inspect

GOOD = Path(__file__).parent / "good"
CP, ADL = "http://www.imsglobal.org/xsd/", "http://www.adlnet.org/xsd/"
EDITION = {CP + "imscp_v1p1": "imscp_v1p1", CP + "imsss": "imsss_v1p0"}
EDITION |= {ADL + name: name for name in ("adlcp_v1p3", "adlseq_v1p3", "adlnav_v1p3")}
ROOTS = {"http://www.imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2", ADL + "adlcp_rootv1p2": "adlcp_rootv1p2"}
# The good package, the folder of its official schemas, and what they hold.
STANDARDS = [
    ("scorm12", "scorm12edition", ROOTS),
    ("scorm2004-3", "scorm20043rdedition", EDITION),
    ("scorm2004-4", "scorm20044thedition", EDITION),
]
VALUES = ["", "yes", "TRUE", "-1", "2", "1.5", "0.5", "a b", "x" * 300, "é", "1x", "true"]
CHANGES = 250


def official(folder, spaces):
    """One schema of all namespaces; nothing is fetched."""
    imports = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{(folder / name).as_uri()}.xsd"/>'
        for space, name in spaces.items()
    )
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(text, etree.XMLParser(no_network=True, load_dtd=False)))


def manifest(name):
    """The good manifest, without the metadata of learning objects, which the inspector leaves alone."""
    root = etree.parse(
        str(GOOD / f"{name}.xml"), etree.XMLParser(remove_comments=True, remove_blank_text=True)
    ).getroot()
    for element in root.findall(".//{*}lom"):
        element.getparent().remove(element)
    return root


def changed(root, dice):
    """A copy with one element or attribute taken out, doubled, moved, renamed, added or given another value."""
    root = copy.deepcopy(root)
    elements = list(root.iter())
    one = dice.choice(elements[1:])
    tag, attribute = dice.choice(elements).tag, dice.choice([name for each in elements for name in each.attrib])
    what = dice.randrange(8)
    if what == 0:
        one.getparent().remove(one)
    elif what == 1:
        one.addnext(copy.deepcopy(one))
    elif what == 2 and one.getprevious() is not None:
        one.addnext(one.getprevious())
    elif what == 3:
        one.tag = tag
    elif what == 4 and one.attrib:
        del one.attrib[dice.choice(list(one.attrib))]
    elif what == 5 and one.attrib:
        one.set(dice.choice(list(one.attrib)), dice.choice(VALUES))
    elif what == 6:
        one.insert(dice.randrange(len(one) + 1), etree.Element(tag))
    elif what == 7:
        one.set(attribute, dice.choice(VALUES))
    return root


@pytest.mark.parametrize(("name", "folder", "spaces"), STANDARDS, ids=[name for name, _, _ in STANDARDS])
def test_what_the_official_schema_refuses_is_an_error(name, folder, spaces, official_schemas, good, zipped, tmp_path):
    schema = official(official_schemas.parent / folder, spaces)
    root, files, dice = manifest(name), good(name), random.Random(name)
    schema.assertValid(root)
    path = tmp_path / "course.zip"
    refused, passed_over = 0, []
    for _ in range(CHANGES):
        text = etree.tostring(changed(root, dice))
        if not schema.validate(etree.fromstring(text)):
            refused += 1
            path.write_bytes(zipped({**files, "imsmanifest.xml": text}))
            if not any(finding.severity == "error" for finding in inspect(path).findings):
                passed_over.append(str(schema.error_log.last_error))
    assert passed_over == []
    assert refused > CHANGES / 3
