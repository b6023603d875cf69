"""Paper: PDF/UA out of the typst templates in the folder papers, with fonts that the typst wheel brings along.

What is known of people reaches a template as data, never as markup, and a template reads no file.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from flask import Response

from lrs.programme.export import download
from lrs.programme.words import gettext, speaking

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "papers"
Both = dict[str, str]  # cy and en -> the words

# The letters that the fonts are sure to draw: Latin with the Welsh circumflexes, and the marks around them.
DRAWN = " -~\u00a0-\u017f\u1e80-\u1e85\u1ef2-\u1ef3\u2013\u2014\u2018-\u201d\u2026\u2713"
NOT_DRAWN = re.compile(f"[^{DRAWN}]")


@cache
def _fonts() -> "typst.Fonts":
    import typst

    # Only those of the wheel: a page is the same on every machine, and no folder is searched.
    return typst.Fonts(include_system_fonts=False)


def in_both(say: Callable[[], str]) -> Both:
    """What ``say`` says in each language, Welsh first."""
    said = {}
    for language in ("cy", "en"):
        with speaking(language):
            said[language] = say()
    return said


def both(message: str) -> Both:
    """A sentence of the catalogue in both languages."""
    return in_both(lambda: gettext(message))


def pdf(template: str, data: Mapping[str, object], at: datetime) -> bytes:
    """The PDF/UA-1 that a template makes of JSON data. A letter that no font draws becomes a question mark."""
    import typst  # here: few requests set paper, and every worker would carry its 6 MB

    text = orjson.dumps(data).decode()
    try:
        return _compiled(template, text, at)
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
    return _compiled(template, NOT_DRAWN.sub("?", text), at)


def _compiled(template: str, text: str, at: datetime) -> bytes:
    import typst

    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        pdf_standards="ua-1",
        timestamp=at.replace(microsecond=0),  # typst takes whole seconds alone
    )


def answer(content: bytes, name: str) -> Response:
    """A PDF as an answer that a browser keeps as a file."""
    return download(content, "application/pdf", f"{name}.pdf")
