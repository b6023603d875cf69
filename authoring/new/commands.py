"""The command ktb new: begin a course, a module or a question."""

from pathlib import Path

import click

from authoring.arguments import COURSES, course_folder, fail
from authoring.course import Text
from authoring.new.additions import KINDS, new_module, new_question
from authoring.new.course import new_course


@click.group()
def new() -> None:
    """Begin a course, a module or a question, with words to write over. Nothing that is there is ever overwritten."""


def _refuse(wrong: list[str]) -> None:
    if wrong:
        fail("\n".join([*wrong, "Nothing was written."]))


def _titles(english: str | None, welsh: str | None, otherwise: Text) -> Text:
    return Text(otherwise.en if english is None else english, otherwise.cy if welsh is None else welsh)


@new.command("course")
@click.argument("name")
@click.option("--title-en", metavar="WORDS", help="The title in English.")
@click.option("--title-cy", metavar="WORDS", help="The title in Welsh.")
def course(name: str, title_en: str | None, title_cy: str | None) -> None:
    """Begin a course in courses/NAME: a small one that builds, and shows every block with words that explain it."""
    if Path("course.yml").exists():
        raise click.UsageError("A course is here already. Go to the folder that holds “courses”, or to an empty one.")
    folder = COURSES / name
    try:
        _refuse(new_course(COURSES, name, _titles(title_en, title_cy, Text("A new course", "Cwrs newydd"))))
    except OSError as error:
        fail(f"The course could not be written: {error.strerror or error}.")
    click.echo(f"{folder} is a course that builds. Begin with its course.yml. Then:")
    for command, words in [
        ("preview", "see it in a browser, and again at each save"),
        ("check", "everything that is wrong, and how to mend it"),
        ("build", "a package for an LMS"),
    ]:
        click.echo(f"  {f'ktb {command} {folder}':40}  {words}")


def _in_course(words: tuple[str, ...], names: str) -> tuple[Path, list[str]]:
    """The folder that may be named first, and the words after it."""
    count = len(names.split())
    if len(words) == count:
        return course_folder(None), list(words)
    if len(words) == count + 1:
        return course_folder(Path(words[0])), list(words[1:])
    raise click.UsageError(f"Give {names}, after the folder of the course where there are several.")


@new.command("module")
@click.argument("words", metavar="[COURSE] ID", nargs=-1)
@click.option("--title-en", metavar="WORDS", help="The title in English.")
@click.option("--title-cy", metavar="WORDS", help="The title in Welsh.")
def module(words: tuple[str, ...], title_en: str | None, title_cy: str | None) -> None:
    """Add the module ID at the end of COURSE: its two files, and its line in course.yml."""
    folder, (id,) = _in_course(words, "ID")
    try:
        made, wrong = new_module(folder, id, _titles(title_en, title_cy, Text("A new module", "Modiwl newydd")))
    except OSError as error:
        fail(f"The module could not be written: {error.strerror or error}.")
    _refuse(wrong)
    click.echo("\n".join([*map(str, made), f"{folder / 'course.yml'} names it last."]))


@new.command("question")
@click.argument("words", metavar="[COURSE] MODULE ID", nargs=-1)
@click.option("--kind", type=click.Choice(KINDS), default="single", show_default=True, help="What kind of question.")
@click.option("--page", metavar="ID", help="The page to put it on; the module's last if none.")
def question(words: tuple[str, ...], kind: str, page: str | None) -> None:
    """Add the question ID at the end of a page of MODULE, in both languages."""
    folder, (module_id, id) = _in_course(words, "MODULE ID")
    try:
        made, wrong = new_question(folder, module_id, id, kind, page)
    except OSError as error:
        fail(f"The question could not be written: {error.strerror or error}.")
    _refuse(wrong)
    click.echo("\n".join(map(str, made)))
