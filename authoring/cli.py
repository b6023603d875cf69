"""The command ktb: check, build and preview a course."""

import gc
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from authoring.arguments import COURSE, course_folder, fail

FORMATS = ("scorm12", "scorm2004-3", "scorm2004-4", "cmi5", "xapi", "web")  # a test holds them equal to PACKAGES


# Commands that bring libraries of their own: imported when they are asked for, so that a build does not pay for them.
LAZY: dict[str, str] = {
    "explain": "authoring.listings:explain",
    "facts": "authoring.listings:facts",
    "inspect": "authoring.inspector.commands:inspect",
    "new": "authoring.new.commands:new",
    "overlays": "authoring.overlay_status:overlays",
    "schema": "authoring.listings:schema",
    "spelling": "authoring.translate.commands:spelling",
    "standard": "authoring.listings:standard",
    "translate": "authoring.translate.commands:translate",
}


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


@main.command()
@COURSE
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="For people, programs, GitHub's lines, or viewers of code.",
)
def check(course: Path | None, strict: bool, shape: str) -> None:
    """Say everything that is wrong with COURSE, with file, line, column and how to mend it.

    Exit code 0 where it is clean, 1 where there are problems, 2 for misuse. Findings that stop only a release are
    counted, and fail nothing here.
    """
    from authoring.check import check as check_course
    from authoring.reports import REPORTS

    folder = course_folder(course)
    problems = check_course(folder)
    click.echo(REPORTS[shape](folder, problems), nl=False)
    failing = {"error", "warning"} if strict else {"error"}
    sys.exit(any(problem.severity in failing for problem in problems))


@main.command()
@COURSE
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="One or more; scorm12 if none.")
@click.option(
    "--authority", "authorities", multiple=True, metavar="GSS|SLUG", help="For this authority; as shared if none."
)
@click.option("--all", "everything", is_flag=True, help="For every authority, in every format unless some are named.")
@click.option("--lrs", metavar="URL", help="Address of the record store that the package sends statements to.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("build"), show_default=True, help="Where."
)
@click.option(
    "--release", is_flag=True, help="Fail too on what stops a release: Welsh not reviewed, facts due, placeholders."
)
def build(
    course: Path | None,
    formats: tuple[str, ...],
    authorities: tuple[str, ...],
    everything: bool,
    lrs: str | None,
    out: Path,
    release: bool,
) -> None:
    """Build COURSE into packages, or say everything that stops it and leave what was built before untouched.

    A package lies at OUT/<course>/<format>/<course>-<version>[-<authority>].zip. The same source gives the same bytes.
    """
    from authoring.unchanged import memory

    if everything and authorities:
        raise click.UsageError("--all is every authority; leave --authority out.")
    wanted = list(dict.fromkeys(formats)) or list(FORMATS if everything else FORMATS[:1])
    whom = None if everything else list(dict.fromkeys(authorities))
    folder = course_folder(course)
    try:
        before = memory(folder, out, [wanted, whom, lrs, str(date.today()) if release else None])
        words = before.words()
        if words is None:
            words, written = made(folder, out, wanted, lrs, whom, release)
            before.keep(written, words)
        else:
            words += "\nNothing has changed since these were built."
    except OSError as error:
        fail(f"The package could not be written: {error.strerror or error}. What was built before is as it was.")
    click.echo(words)


def made(
    folder: Path, out: Path, formats: list[str], lrs: str | None, authorities: list[str] | None, release: bool
) -> tuple[str, list[Path]]:
    """Build, or leave with every reason why not; what to say at the end, and the files written. Raises OSError."""
    gc.disable()  # a build is over before collecting would pay: it costs a twentieth of the time
    click.get_current_context().call_on_close(gc.enable)
    from authoring.build import build as build_course
    from authoring.overlays import UnknownAuthority
    from authoring.problems import CourseError
    from authoring.reports import number
    from authoring.secrecy import AddressRefused, SecretFound
    from authoring.summary import told

    steps = len(formats) * (22 if authorities is None else max(1, len(authorities)))
    try:
        with progress_bar(steps + 3) as progress:
            built = build_course(folder, out, formats, lrs, authorities=authorities, release=release, progress=progress)
    except CourseError as error:
        click.echo(error, err=True)
        fail(f"Nothing was built: {number(len(error.problems), 'problem')}. What was built before is as it was.")
    except (AddressRefused, UnknownAuthority) as error:
        raise click.UsageError(str(error)) from None
    except SecretFound as error:
        fail(str(error))
    return told(built), [one.path for one in built]


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
