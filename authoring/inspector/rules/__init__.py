"""Every rule of the inspector, as data: errors break a MUST, a reference or safety; warnings trouble some LMS."""

from authoring.inspector.rules import archive, content, launch, manifest, scorm
from authoring.inspector.rules.rule import Rule

# Heading of the document -> the rules below it.
GROUPS: dict[str, dict[str, Rule]] = {
    "The zip": archive.ZIP,
    "Names of files": archive.NAMES,
    "The manifest as XML": manifest.XML,
    "The shape of a manifest": manifest.SHAPE,
    "Files that a manifest speaks of": manifest.FILES,
    "SCORM: organization and resources": scorm.SCORM,
    "SCORM 2004: sequencing": scorm.SEQUENCING,
    "Marks and completion": launch.MARKS,
    "cmi5 and tincan": launch.XAPI,
    "What the pages do": content.CONTENT,
}
RULES: dict[str, Rule] = {name: rule for group in GROUPS.values() for name, rule in group.items()}
