"""The commands ktb translate … and ktb spelling."""

import json
import sys
from datetime import date
from pathlib import Path

import click

from authoring.arguments import COURSE, course_folder, fail
from authoring.reports import number
from authoring.source import Source
from authoring.translate.pairs import STATES, WORDS, PagePair, State
from authoring.translate.rows import Row, Unreadable
from authoring.translate.spans import Unplaced

IN = click.option("--course", type=click.Path(path_type=Path), help="Folder of the course.")
FILE = click.Path(path_type=Path, dir_okay=False)
KINDS = (".xlf", ".xliff", ".xlsx")


@click.group()
def translate() -> None:
    """Say what the Welsh lacks, hand it to a translator and take it back."""


@translate.command()
@COURSE
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
def status(course: Path | None, shape: str) -> None:
    """Say page by page whether the Welsh is missing, stale, not reviewed or reviewed.

    Stale means that the English has changed since the Welsh was accepted. Exit code 0, whatever it finds.
    """
    folder = course_folder(course)
    pages = [page for page in readable_pages(readable(folder)) if page.page is not None]
    click.echo(as_json(folder, pages) if shape == "json" else as_text(folder, pages))


def readable(folder: Path) -> Source:
    """The source of a course whose files can be read; otherwise says why not and leaves with exit code 1."""
    from authoring.checks import blocks, modules, overlays
    from authoring.source import OVERLAYS, read

    source = read(folder)
    told = [one for rule in (*modules.RULES, *overlays.RULES, blocks.ids_are_right) for one in rule(source)]
    unnamed = [one for one in told if one.rule == "missing-id" and one.file.startswith(OVERLAYS)]
    named = [one for one in told if one.rule in ("page-id", "duplicate-id")]
    if broken := sorted({one for one in [*source.problems, *named, *unnamed] if one.severity == "error"}):
        click.echo("\n".join(map(str, broken)), err=True)
        fail(f"{folder} cannot be taken apart yet: mend this first (ktb check says everything).")
    return source


def readable_pages(source: Source) -> list[PagePair]:
    """Every page in both languages, or a word on the line that cannot be taken apart and exit code 1."""
    from authoring.translate.pairs import page_pairs

    try:
        return page_pairs(source)
    except Unplaced as unplaced:
        place = f"{unplaced.file}:{unplaced.line}:1"
        fail(f"{place}: The words of this line cannot be told from their signs. Write them more simply.")


def counts(pages: list[PagePair]) -> dict[State, int]:
    """How many pages are in each state."""
    return {state: sum(page.state == state for page in pages) for state in STATES}


def counted(pages: list[PagePair]) -> str:
    """“2 missing, 3 not reviewed”, states without pages left out."""
    return ", ".join(f"{count} {WORDS[state]}" for state, count in counts(pages).items() if count) or "no pages"


def as_text(folder: Path, pages: list[PagePair]) -> str:
    """A line a page under a line a module, and all of it in a last one."""
    lines = []
    for module in dict.fromkeys(page.module for page in pages):
        own = [page for page in pages if page.module == module]
        lines.append(f"{module}: {counted(own)}")
        lines += [f"  {WORDS[page.state]:<13} {page.id:<28} {page.file}:{page.line}" for page in own]
    return "\n".join([*lines, f"{folder}: {number(len(pages), 'page')}: {counted(pages)}."])


def as_json(folder: Path, pages: list[PagePair]) -> str:
    """Every page with its state, and the counts of each module and of the course."""
    modules = {
        module: counts([page for page in pages if page.module == module])
        for module in dict.fromkeys(page.module for page in pages)
    }
    listed = [
        {"module": page.module, "page": page.id, "state": page.state, "file": page.file, "line": page.line}
        for page in pages
    ]
    found = {"course": str(folder), "pages": listed, "modules": modules, "all": counts(pages)}
    return json.dumps(found, ensure_ascii=False, indent=1)


@translate.command()
@click.argument("pages", nargs=-1, required=True, metavar="MODULE[/PAGE]...")
@click.option("--reviewed-by", metavar="NAME", help="Who has reviewed the Welsh; without it no review is recorded.")
@click.option("--on", "day", metavar="DATE", help="Day of the review, such as 2026-11-02; today if not given.")
@IN
def accept(pages: tuple[str, ...], reviewed_by: str | None, day: str | None, course: Path | None) -> None:
    """Record in translations.yml that the Welsh of pages was made from the English as it stands now.

    A review recorded before stays only where the English is still the one it was made for.
    """
    from authoring.translate.accepting import accepted, save

    if day and (reviewed_by is None or not _is_day(day)):
        raise click.UsageError("--on is a day such as 2026-11-02, and goes with --reviewed-by.")
    if reviewed_by is not None and not (reviewed_by := " ".join(reviewed_by.split())):
        raise click.UsageError("--reviewed-by needs a name.")
    folder = course_folder(course)
    source = readable(folder)
    entries, wrong = accepted(source, readable_pages(source), pages, reviewed_by, day or date.today().isoformat())
    if wrong:
        click.echo("\n".join(wrong), err=True)
        fail("Nothing was recorded.")
    save(source, entries)
    click.echo(f"Recorded in {folder / 'translations.yml'}: {number(len(entries), 'page')}.")


def _is_day(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


@translate.command()
@COURSE
@click.option("--to", "target", type=FILE, required=True, help="FILE.xlf for XLIFF 1.2, FILE.xlsx for a spreadsheet.")
@click.option(
    "--only", multiple=True, type=click.Choice([*STATES, "all"]), help="Pages in this state; may stand several times."
)
def export(course: Path | None, target: Path, only: tuple[str, ...]) -> None:
    """Write the words of a course for a translator: English, and the Welsh there is.

    The signs of Markdown inside the words (**bold**, [words](term:id)) stay and are to be kept; everything around the
    words, such as which answer is right, is not in the file and cannot be harmed.
    """
    from authoring.translate.files import save_all
    from authoring.translate.rows import rows

    _kind(target)
    folder = course_folder(course)
    wanted = set(STATES) if not only or "all" in only else set(only)
    found = [row for row in rows(readable_pages(readable(folder))) if row.state in wanted]
    if not found:
        fail("Nothing in the course is in that state, so nothing was written.")
    try:
        save_all({target: _written(target, found)})
    except Unreadable as error:
        fail(f"Nothing was written. {error}")
    except OSError as error:
        fail(f"{target} could not be written: {error.strerror or error}.")
    words = sum(len(row.english.split()) for row in found)
    click.echo(f"{target}: {number(len(found), 'unit')}, {words:,} English words.")


def _kind(path: Path) -> str:
    if path.suffix.lower() not in KINDS:
        raise click.UsageError(f"{path.name} is neither .xlf nor .xlsx.")
    return path.suffix.lower()


def _written(target: Path, found: list[Row]) -> bytes:
    from authoring.translate.sheet import write_sheet
    from authoring.translate.xliff import write_xliff

    with extra("translate"):
        return write_sheet(found) if _kind(target) == ".xlsx" else write_xliff(found)


def _read(file: Path) -> list[Row]:
    from authoring.translate.sheet import read_sheet
    from authoring.translate.xliff import read_xliff

    with extra("translate"):
        return read_sheet(file.read_bytes()) if _kind(file) == ".xlsx" else read_xliff(file.read_bytes())


class extra:
    """Says which extra to install where a library it brings is missing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ModuleNotFoundError):
            fail(f'This needs {error.name}: pip install "knowing-the-business[{self.name}]".')


@translate.command("import")
@click.argument("file", type=FILE)
@IN
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--rest", is_flag=True, help="Save the rest where some units are refused.")
def import_(file: Path, course: Path | None, dry_run: bool, rest: bool) -> None:
    """Take a translator's FILE back into the Welsh files.

    What cannot be taken is listed, all at once: units whose English has changed since the export, whose Welsh has been
    edited meanwhile, or whose links, terms, facts or bold are not those of the English. Then nothing is saved (but see
    --rest). Exit code 0 where all was taken, 1 where something was refused.
    """
    from authoring.translate.accepting import save_incoming
    from authoring.translate.incoming import incoming

    _kind(file)
    source = readable(course_folder(course))
    readable_pages(source)
    try:
        found = incoming(source, _read(file))
    except Unreadable as error:
        fail(f"{file} was not read. {error}")
    except OSError as error:
        fail(f"{file} could not be read: {error.strerror or error}.")
    for refusal in found.refused:
        click.echo(str(refusal), err=True)
    for refusal in found.dropped:
        click.echo(f"{refusal.id}: goes out, for the English has nothing like it: {refusal.words}")
    saving = bool(found.files) and not dry_run and (rest or not found.refused)
    if saving:
        try:
            save_incoming(source, found)
        except OSError as error:
            fail(f"Nothing was saved: {error.strerror or error}.")
    _report(found.changed, saving, dry_run)
    if found.refused:
        fail(f"{number(len(found.refused), 'thing')} refused." + ("" if saving else " Nothing was saved."))


def _report(changed: dict[tuple[str, str], int], saved: bool, dry_run: bool) -> None:
    for (module, page), units in changed.items():
        click.echo(f"  {module}/{page}: {number(units, 'unit')}")
    total = number(sum(changed.values()), "unit")
    if saved:
        click.echo(f"Saved: {total}. Read it, then record it: ktb translate accept MODULE[/PAGE]…")
    elif dry_run or not changed:
        click.echo(f"Nothing was saved: {total} would change." if changed else "Nothing differs, so nothing was saved.")


def _spelling_report(lines: list[str], folder: Path, words: int) -> None:
    for line in lines:
        click.echo(line)
    click.echo(f"{folder}: {number(len(lines), 'word')} not known, of {words:,}.")


@click.command()
@COURSE
@click.option(
    "--dictionaries", type=click.Path(path_type=Path, file_okay=False), help="Folder of Hunspell dictionaries."
)
def spelling(course: Path | None, dictionaries: Path | None) -> None:
    """Say which words of COURSE neither the dictionaries nor its own word lists know, in both languages.

    Known besides: the words of glossary.yml and authorities.yml, and those listed in spelling.yml in the course's
    folder. Exit code 0 where every word is known, 1 where not, 2 for misuse.
    """
    from authoring.translate.spelling import Unusable, faults

    folder = course_folder(course)
    source = readable(folder)
    readable_pages(source)
    try:
        with extra("spelling"):
            found, words = faults(source, dictionaries)
    except Unusable as error:
        raise click.UsageError(str(error)) from None
    _spelling_report([str(one) for one in found], folder, words)
    sys.exit(bool(found))
