"""A folder for any web server: the same pages, with no LMS to tell."""

from typing import ClassVar

from authoring.packages.base import Package


class Web(Package):
    """Pages, player, media and course.json; the learner's place stays in the browser."""

    name: ClassVar[str] = "web"
    adapter: ClassVar[str] = "none"
    splits: ClassVar[bool] = False

    def explained(self) -> list[str]:
        """Nobody judges anything."""
        return ["No LMS is told anything: the learner's place stays in the browser."]
