"""SCORM 2004, 3rd and 4th Edition: a manifest with sequencing that closes nothing to anybody."""

from typing import ClassVar

from authoring.packages.explained import ATTEMPT, completion, marks, whole
from authoring.packages.scorm12 import Scorm


class Scorm2004(Scorm):
    """What the two editions share.

    Any unit can be chosen at any time, Next and Previous work, and no rule hides, skips or limits. The content alone
    says what is completed and passed (completionSetByContent, objectiveSetByContent: without them an LMS takes leaving
    for both). A measure decides only where one pass mark belongs to all the points of a unit.
    """

    adapter: ClassVar[str] = "scorm2004"
    manifest: ClassVar[str] = "imsmanifest-scorm2004.xml"
    edition: ClassVar[str]

    def explained(self) -> list[str]:
        """SCORM 2004 keeps what is finished apart from how well."""
        units = self.units()
        words = [*completion(units), *whole(units), *marks(units)]
        if any(unit.marked for unit in units):
            words.append(f"Completed and passed are two columns here. {self._measured()}")
        if len(units) > 1:
            words.append("The modules can be taken in any order, from the menu of the LMS.")
        return [*words, ATTEMPT]

    def _measured(self) -> str:
        if any(unit.mark is not None for unit in self.units()):
            return "The LMS knows the pass mark and judges the score by it too; leave its own passing score unset."
        return (
            "The LMS is not told a pass mark, for several modules make up one score; leave its own passing score unset."
        )


class Scorm2004Third(Scorm2004):
    """3rd Edition."""

    name: ClassVar[str] = "scorm2004-3"
    edition: ClassVar[str] = "2004 3rd Edition"
    control_documents: ClassVar[tuple[str, ...]] = ("scorm2004", "scorm2004-3")


class Scorm2004Fourth(Scorm2004):
    """4th Edition."""

    name: ClassVar[str] = "scorm2004-4"
    edition: ClassVar[str] = "2004 4th Edition"
    control_documents: ClassVar[tuple[str, ...]] = ("scorm2004", "scorm2004-4")
