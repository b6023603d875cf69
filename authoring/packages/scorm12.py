"""SCORM 1.2 (Content Aggregation Model, section 2.3): a manifest and its control documents at the root of the zip."""

from functools import cache
from typing import ClassVar, NamedTuple
from urllib.parse import quote

from jinja2 import Template

from authoring.packages.base import HERE, Package
from authoring.render import templates

SCHEMAS = ("adlcp_rootv1p2.xsd", "ims_xml.xsd", "imscp_rootv1p1p2.xsd")


class Sco(NamedTuple):
    """What an LMS launches: one item of the organization and its resource."""

    id: str
    title: str
    href: str


class Scorm12(Package):
    """One zip that any SCORM 1.2 LMS imports."""

    name: ClassVar[str] = "scorm12"
    adapter: ClassVar[str] = "scorm12"

    def control(self, content: list[str]) -> dict[str, bytes]:
        """imsmanifest.xml and the schemas it names."""
        schemas = {name: (HERE / "schemas" / name).read_bytes() for name in SCHEMAS}
        return {"imsmanifest.xml": self.manifest(content), **schemas}

    def manifest(self, content: list[str]) -> bytes:
        """The manifest: every file of ``content`` belongs to a resource, and every SCO is an item."""
        title = bilingual(*self.course.title)
        files = [quote(name) for name in content]
        page = template().render(course=self.course, title=title, scos=self.scos(), files=files)
        return page.encode()

    def scos(self) -> list[Sco]:
        """One SCO for the course, or one for each module, as course.yml says."""
        if self.course.sco_per == "course":
            return [Sco(self.course.id, bilingual(*self.course.title), "index.html")]
        return [Sco(module.id, bilingual(*module.title), module.document) for module in self.course.modules]


def bilingual(english: str, welsh: str) -> str:
    """A title for an LMS, which shows one whatever the learner's language."""
    return english if english == welsh else f"{english} / {welsh}"


@cache
def template() -> Template:
    """The manifest's template; titles are escaped by Jinja."""
    return templates(HERE / "templates").get_template("imsmanifest-scorm12.xml")
