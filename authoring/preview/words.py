"""The words of the preview's own page, from its gettext catalogues."""

from functools import cache
from pathlib import Path

from authoring.course import LANGUAGES, Text

LOCALE = Path(__file__).parent.parent / "locale"


@cache
def words() -> dict[str, Text]:
    """Every word of the page: its English as written in the code -> its text in each language."""
    catalogues = [_catalogue(language) for language in LANGUAGES]
    return {key: Text(*(one.get(key) or key for one in catalogues)) for key in catalogues[0]}


def _catalogue(language: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "preview.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
