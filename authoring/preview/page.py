"""The page of the pretend LMS: what it is told of the course, and its words in both languages."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from authoring.carried import data_block
from authoring.preview.show import Show, View
from authoring.preview.words import words

FOLDER = Path(__file__).parent.parent / "preview_page"
# The LMS page takes nothing from outside and runs no script but its own; the course in its frame has its own policy.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FORMATS = {
    "scorm12": "SCORM 1.2", "scorm2004-3": "SCORM 2004 3rd Edition", "scorm2004-4": "SCORM 2004 4th Edition",
    "cmi5": "cmi5", "xapi": "xAPI (tincan.xml)", "web": "Web",
}  # fmt: skip
STATES = ("As it was left", "New", "Half-way", "Finished", "Review")


@cache
def templates() -> Environment:
    """The template of the page."""
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def lms_page(show: Show, learner: str, query: dict[str, str], number: int) -> bytes:
    """The page, in the language that ``query`` asks for; ``number`` is that of the last call to the record store."""
    language = "cy" if query.get("language") == "cy" else "en"
    iri, title = show.titles()

    def say(key: str) -> Markup:
        text = getattr(words()[key], language)
        return Markup('<span data-say="{}">{}</span>').format(key, text)

    def choice(key: str) -> Markup:
        return Markup('data-say="{}">{}').format(escape(key), getattr(words()[key], language))

    config: dict[str, Any] = {
        "course": iri, "learner": learner, "number": number, "formats": show.formats,
        "units": [[one.address, one.title or one.document] for one in show.units(shown(show, query))],
        "title": title._asdict(), "words": {key: list(text) for key, text in words().items()},
    }  # fmt: skip
    authorities = [{"gss": one.gss, **one.council._asdict()} for one in show.authorities()]
    return (
        templates()
        .get_template("lms.html")
        .render(
            language=language, title=getattr(title, language), config=data_block(config), say=say, choice=choice,
            formats={name: FORMATS.get(name, name) for name in show.formats}, authorities=authorities, states=STATES,
        )
        .encode()
    )  # fmt: skip


def shown(show: Show, query: dict[str, str]) -> View:
    """The package that the address of the page asks for; where there is none such, the first of them."""
    wanted = query.get("format", "")
    authorities = {one.gss for one in show.authorities()}
    return View(
        wanted if wanted in show.formats else show.formats[0],
        query.get("authority", "") if query.get("authority") in authorities else "",
    )


def closed_page() -> bytes:
    """Where a cmi5 course leads when it is left."""
    return templates().get_template("closed.html").render(left=words()["The course has been left."]).encode()
