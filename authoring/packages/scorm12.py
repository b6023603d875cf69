"""SCORM 1.2 (Content Aggregation Model, section 2.3): a manifest and its control documents at the root of the zip."""

from typing import ClassVar
from urllib.parse import quote

from authoring.packages.base import Package, bilingual, schemas, template
from authoring.packages.explained import ATTEMPT, completion, marks, whole


class Scorm(Package):
    """What the editions of SCORM share: each unit is an item of the one organization and has a resource."""

    manifest: ClassVar[str]
    control_documents: ClassVar[tuple[str, ...]]

    def control(self, content: list[str]) -> dict[str, bytes]:
        """imsmanifest.xml, to one of whose resources every path of ``content`` belongs, and the schemas it names."""
        page = template(self.manifest).render(
            package=self,
            course=self.course,
            units=self.units(),
            title=bilingual,
            files=[quote(name) for name in content],
        )
        return {"imsmanifest.xml": page.encode(), **schemas(*self.control_documents)}


class Scorm12(Scorm):
    """One zip that any SCORM 1.2 LMS imports.

    Its manifest has no mastery score: an LMS would fail whoever leaves before the end with few points so far.
    """

    name: ClassVar[str] = "scorm12"
    adapter: ClassVar[str] = "scorm12"
    manifest: ClassVar[str] = "imsmanifest-scorm12.xml"
    control_documents: ClassVar[tuple[str, ...]] = ("scorm12",)

    def explained(self) -> list[str]:
        """SCORM 1.2 has one status for both questions: whether it is finished, and how well."""
        units = self.units()
        words = [*completion(units), *whole(units), *marks(units)]
        if any(unit.marked for unit in units):
            words.append(
                "SCORM 1.2 has one status, in which passed stands in the place of completed: let the LMS take either "
                "as complete. Leave its own mastery score unset: it would fail learners who stop half-way."
            )
        return [*words, ATTEMPT]
