"""The command ktb: check, build and preview a course."""

import gc
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from authoring.problems import Problem

if TYPE_CHECKING:
    from authoring.course import Course

COURSES = Path("courses")
SEVERITIES = {"error": "error", "warning": "warning", "release": "notice"}


# Commands that bring libraries of their own: imported when they are asked for, so that a build does not pay for them.
LAZY: dict[str, str] = {}


class Commands(click.Group):
    """The commands of this file and those of LAZY (name -> module:command)."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Every name, in order."""
        return sorted({*super().list_commands(context), *LAZY})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now if it has not been."""
        if name not in LAZY:
            return super().get_command(context, name)
        module, _, command = LAZY[name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), command)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="knowing-the-business", prog_name="ktb")
def main() -> None:
    """Markdown in, learning packages out."""


def course_folder(given: Path | None) -> Path:
    """The folder named, or the only one below ./courses. Raises click.UsageError (exit code 2) where there is none."""
    if given is not None:
        if not (given / "course.yml").is_file() and not given.is_dir():
            raise click.UsageError(f"There is no folder {given}.")
        return given
    found = sorted(path.parent for path in COURSES.glob("*/course.yml"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(map(str, found))
    raise click.UsageError(
        f"Which course? There are {names}." if found else "There is no course below ./courses; name its folder."
    )


COURSE = click.argument("course", required=False, type=click.Path(path_type=Path))


@main.command()
@COURSE
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="For people, programs or GitHub.",
)
def check(course: Path | None, strict: bool, shape: str) -> None:
    """Say everything that is wrong with COURSE, with file, line, column and how to mend it.

    Exit code 0 where it is clean, 1 where there are problems, 2 for misuse. Findings that stop only a release are
    counted, and fail nothing here.
    """
    from authoring.check import check as check_course

    folder = course_folder(course)
    problems = check_course(folder)
    click.echo(REPORTS[shape](folder, problems), nl=False)
    failing = {"error", "warning"} if strict else {"error"}
    sys.exit(any(problem.severity in failing for problem in problems))


def as_text(folder: Path, problems: list[Problem]) -> str:
    """A line for each problem; findings for a release are summed up by rule."""
    from authoring.rules import RULES

    lines = [f"{problem}" for problem in problems if problem.severity != "release"]
    release = [problem for problem in problems if problem.severity == "release"]
    lines += [f"Before a release: {rule}, {count} times. {RULES[rule].asks}" for rule, count in counted(release)]
    errors, warnings = (sum(problem.severity == kind for problem in problems) for kind in ("error", "warning"))
    lines.append(f"{folder}: {number(errors, 'error')}, {number(warnings, 'warning')}.")
    return "\n".join(lines) + "\n"


def counted(problems: list[Problem]) -> list[tuple[str, int]]:
    """How many of each rule, in order of the rule's id."""
    rules = [problem.rule for problem in problems]
    return [(rule, rules.count(rule)) for rule in sorted(set(rules))]


def number(count: int, thing: str) -> str:
    """“no errors”, “1 error”, “2 errors”."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


def as_json(folder: Path, problems: list[Problem]) -> str:
    """Every problem with all its fields, release findings too."""
    from dataclasses import asdict

    return (
        json.dumps(
            {"course": str(folder), "problems": [asdict(problem) for problem in problems]}, ensure_ascii=False, indent=1
        )
        + "\n"
    )


def as_github(folder: Path, problems: list[Problem]) -> str:
    """Workflow commands that GitHub shows on the lines of a pull request."""
    lines = []
    for problem in problems:
        words = f"{problem.message} {problem.mend}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        place = f"file={_property(str(folder / problem.file))},line={problem.line},col={problem.column}"
        lines.append(f"::{SEVERITIES[problem.severity]} {place},title={_property(problem.rule)}::{words}\n")
    return "".join(lines)


def _property(words: str) -> str:
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        words = words.replace(sign, code)
    return words


REPORTS = {"text": as_text, "json": as_json, "github": as_github}


@main.command()
@COURSE
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["scorm12", "web"]), help="One or more; scorm12 if none."
)
@click.option("--lrs", metavar="URL", help="Address of the record store that the package sends statements to.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("build"), show_default=True, help="Where."
)
@click.option(
    "--release", is_flag=True, help="Fail too on what stops a release: Welsh not reviewed, facts due, placeholders."
)
def build(course: Path | None, formats: tuple[str, ...], lrs: str | None, out: Path, release: bool) -> None:
    """Build COURSE into packages, or say everything that stops it and leave what was built before untouched.

    A package lies at OUT/<course>/<format>/<course>-<version>.zip. The same source gives the same bytes.
    """
    gc.disable()  # a build is over before collecting would pay: it costs a twentieth of the time
    click.get_current_context().call_on_close(gc.enable)
    from authoring.build import build as build_course
    from authoring.problems import CourseError
    from authoring.secrecy import AddressRefused, SecretFound

    wanted = tuple(dict.fromkeys(formats)) or ("scorm12",)
    try:
        with progress_bar(len(wanted) + 3) as progress:
            built = build_course(course_folder(course), out, wanted, lrs, release=release, progress=progress)
    except CourseError as error:
        click.echo(error, err=True)
        fail(f"Nothing was built: {number(len(error.problems), 'problem')}. What was built before is as it was.")
    except AddressRefused as error:
        raise click.UsageError(str(error)) from None
    except SecretFound as error:
        fail(str(error))
    except OSError as error:
        fail(f"The package could not be written: {error.strerror or error}. What was built before is as it was.")
    for one in built:
        click.echo(f"{one.path}\n  {one.size:,} bytes, content {one.digest}")
    click.echo(completion_words(built[0].course, [one.format for one in built]))


def fail(words: str) -> NoReturn:
    """Says why and leaves with exit code 1."""
    click.echo(words, err=True)
    sys.exit(1)


@contextmanager
def progress_bar(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar where a person looks on, nothing where the output goes to a file or a program."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=steps)

        def advance(step: str) -> None:
            bar.update(task, description=step, advance=1)

        yield advance


RULES = {
    "viewed": "every page has been seen",
    "answered": "every page has been seen and every question answered",
    "passed": "every page has been seen, every question answered and {mark} per cent of the points reached",
}


def completion_words(course: "Course", formats: list[str]) -> str:
    """How completion will be decided, in plain words."""
    if formats == ["web"]:
        return "No LMS is told anything: the learner's place stays in the browser."
    rules = {module.id: RULES[module.complete_when].format(mark=module.pass_mark) for module in course.modules}
    count = len(rules)
    if len(set(rules.values())) == 1:
        where = f"in all {count} modules" if course.sco_per == "course" and count > 1 else "in the module"
        return f"An LMS will show completed when, {where}, {next(iter(rules.values()))}."
    lines = [f"  {module}: {rule}" for module, rule in rules.items()]
    scope = "all of this is so" if course.sco_per == "course" else "this is so, for each module on its own"
    return "\n".join([f"An LMS will show completed when {scope}:", *lines])


@main.command()
@click.argument("what", metavar="[COURSE|FILE.zip]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; the next free one if taken."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--learner", default="learner-1", show_default=True, help="Learner id to begin with.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
def preview(what: Path | None, port: int, host: str, learner: str, no_open: bool) -> None:
    """Show a course as learners will see it, in a pretend LMS, and again whenever a file is saved.

    A FILE.zip is shown as it was built.
    """
    from authoring.preview import NotAPackage, serve

    target = what if what is not None and what.suffix == ".zip" else course_folder(what)
    try:
        serve(target, host, port, learner, open_browser=not no_open)
    except (OSError, NotAPackage) as error:
        fail(f"The preview could not start: {error}")


if __name__ == "__main__":
    main()
