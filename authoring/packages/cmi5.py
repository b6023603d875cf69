"""cmi5, Quartz edition (sections 13 and 14): a course structure at the root of the zip."""

from dataclasses import replace
from typing import ClassVar

from authoring.course import Course
from authoring.packages.base import Package, Unit, template
from authoring.packages.explained import completion, marks


class Cmi5(Package):
    """One zip that any cmi5 LMS imports.

    The publisher id of a unit is the activity that course.yml names, which every record store knows it by. AnyWindow
    lets the LMS choose: the pages fit a frame, and a window of their own is what phones refuse.
    """

    name: ClassVar[str] = "cmi5"
    adapter: ClassVar[str] = "cmi5"

    def __init__(self, course: Course) -> None:
        # Whoever launches it names the store; telling another one too would make two learners of one.
        super().__init__(replace(course, record_store=None))

    def control(self, content: list[str]) -> dict[str, bytes]:
        """cmi5.xml; an LMS holds its own schema against it, so that none lies in the zip."""
        page = template("cmi5.xml").render(
            course=self.course, units=self.units(), by_module=self.by_module, id=self.structure_iri(), move_on=move_on
        )
        return {"cmi5.xml": page.encode()}

    def structure_iri(self) -> str:
        """The id of the course in the structure, which has to differ from that of a unit that is the whole course."""
        return self.course.iri if self.by_module else f"{self.course.iri}/structure"

    def explained(self) -> list[str]:
        """An LMS goes by what it calls moveOn, and by statements."""
        units = self.units()
        words = completion(units)
        if len(units) > 1:
            words.append("The course is satisfied when each of its modules is.")
        words += marks(units)
        asked = sorted({move_on(unit) for unit in units})
        words.append(f"To the LMS that is moveOn {' or '.join(asked)}.")
        if any(unit.mark is not None for unit in units):
            words.append(
                "Where the LMS sets another mastery score than the package, that of the LMS decides what is passed."
            )
        words.append(
            "An LMS administrator sets nothing; its record store must answer requests from the course's address."
        )
        return words


def move_on(unit: Unit) -> str:
    """What an LMS waits for (section 13.1.4): a unit that is passed is completed by then."""
    return "CompletedAndPassed" if unit.marked else "Completed"
