"""xAPI launched in the way of Tin Can: tincan.xml at the root of the zip."""

from dataclasses import replace
from typing import ClassVar

from authoring.course import Course
from authoring.packages.base import Package, template
from authoring.packages.explained import completion, marks


class Xapi(Package):
    """One zip for an LMS that launches Tin Can packages.

    Only one activity of such a package may be launched, so that it is always the whole course; its modules are named
    beside it for those who read the statements.
    """

    name: ClassVar[str] = "xapi"
    adapter: ClassVar[str] = "xapi"
    splits: ClassVar[bool] = False

    def __init__(self, course: Course) -> None:
        # Whoever launches it names the store; telling another one too would make two learners of one.
        super().__init__(replace(course, record_store=None))

    def control(self, content: list[str]) -> dict[str, bytes]:
        """tincan.xml."""
        return {"tincan.xml": template("tincan.xml").render(course=self.course, unit=self.units()[0]).encode()}

    def explained(self) -> list[str]:
        """There is no status, only statements that an LMS may go by."""
        units = self.units()
        words = [*completion(units), *marks(units)]
        words.append(f"It learns so from statements about {self.course.iri}; in the LMS, let completed")
        words[-1] += ", and passed and failed, count." if units[0].marked else " count."
        if self.course.sco_per == "module":
            words.append(
                "One Tin Can package has one launch: course.yml asks for one a module, and this format has the course."
            )
        return words
