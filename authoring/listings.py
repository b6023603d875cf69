"""What can be asked of a course or of ktb itself: facts by review date, the Standard, schemas, and a rule's page."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click

from authoring.arguments import COURSE, course_folder, fail
from authoring.checks.links import citations
from authoring.new.files import write
from authoring.reports import STOPS, number
from authoring.rules import RULES, Place, did_you_mean
from authoring.schema import SCHEMAS
from authoring.schema import schema as schema_named
from authoring.source import Source, mapping, maps, read
from authoring.standard import naming

EXAMPLES = Path(__file__).with_name("rules.md")
SHAPE = click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="For people or programs."
)


class Fact(NamedTuple):
    """A fact of facts.yml: ``days`` to its review (negative: overdue; None: it has no date), and where it is cited."""

    id: str
    days: int | None
    entry: dict[str, Any]
    cited: list[Place]


def facts_of(source: Source, today: date) -> list[Fact]:
    """Every fact, that to be reviewed first foremost; those without a readable date come before all others."""
    cited: dict[str, list[Place]] = {}
    for file in source.texts():
        for fact, at in citations(file):
            cited.setdefault(fact, []).append(file.place(at))
    found = [
        Fact(id, _days(mapping(entry).get("review"), today), mapping(entry), cited.get(id, []))
        for id, entry in source.table("facts").items()
    ]
    return sorted(found, key=lambda fact: (fact.days is not None, fact.days, _natural(fact.id)))


def _days(review: object, today: date) -> int | None:
    try:
        return (date.fromisoformat(str(review)) - today).days
    except ValueError:
        return None


def _natural(id: str) -> list[tuple[int, str]]:
    """An order in which 1.10 comes after 1.9."""
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"[.-]", id)]


class Element(NamedTuple):
    """An element of the Standard, and the outcomes that name it: the module's id and the words in English."""

    id: str
    en: str
    cy: str
    outcomes: list[tuple[str, str]]


def standard_of(source: Source) -> list[Element]:
    """Every element of standard.yml in its order, with the outcomes that cover it."""
    covering: dict[str, list[tuple[str, str]]] = {}
    for file in (one for one in source.files() if one.language == "en"):
        outcomes = maps(mapping(file.front.value).get("outcomes"))
        for tag, place in naming(file):
            covering.setdefault(tag, []).append((file.id or file.file, str(outcomes[place].get("text", ""))))
    return [
        Element(
            str(one.get("id")), str(one.get("en", "")), str(one.get("cy", "")), covering.get(str(one.get("id")), [])
        )
        for one in maps(source.table("standard").get("elements"))
    ]


def _source(course: Path | None, table: str) -> Source:
    source = read(course_folder(course))
    if source.unread(table):
        fail(f"{table}.yml cannot be read; ktb check says why.")
    return source


@click.command()
@COURSE
@click.option("--due", type=click.IntRange(0), metavar="DAYS", help="Only those to be reviewed within so many days.")
@SHAPE
def facts(course: Path | None, due: int | None, shape: str) -> None:
    """List the facts of COURSE by review date, overdue first, with where each is cited."""
    source = _source(course, "facts")
    today = date.today()
    found = [fact for fact in facts_of(source, today) if due is None or fact.days is None or fact.days <= due]
    if shape == "json":
        click.echo(_json({"facts": [_fact_fields(fact) for fact in found]}))
        return
    for fact in found:
        click.echo("\n".join(_fact_lines(fact, today)))
    overdue = sum(map(_overdue, found))
    none = "No facts." if due is None else f"No facts to review within {number(due, 'day')}."
    click.echo(f"{number(len(found), 'fact')}, {overdue or 'none'} overdue." if found else none)


def _overdue(fact: Fact) -> bool:
    return fact.days is None or fact.days < 0


def _fact_fields(fact: Fact) -> dict[str, Any]:
    cited = [place._asdict() for place in fact.cited]
    return {"id": fact.id, "days": fact.days, "overdue": _overdue(fact), **fact.entry, "cited": cited}


def _fact_lines(fact: Fact, today: date) -> list[str]:
    when = "no date   " if fact.days is None else f"{today + timedelta(fact.days)}"
    left = "overdue" if _overdue(fact) else f"in {number(fact.days or 0, 'day')}"
    said, source = (mapping(fact.entry.get(key)).get("en", "?") for key in ("fact", "source"))
    cited = ", ".join(dict.fromkeys(f"{place.file}:{place.line}" for place in fact.cited))
    link = fact.entry.get("link")
    return [
        f"{when}  {left:11}  {fact.id}  {said}",
        f"    {fact.entry.get('confidence', '?')}, checked {fact.entry.get('checked', '?')}: {source}",
        *([f"    {link}"] if link else []),
        f"    cited in {cited}" if cited else "    cited nowhere",
    ]


@click.command()
@COURSE
@SHAPE
def standard(course: Path | None, shape: str) -> None:
    """List the elements of the Standard that no outcome of COURSE covers, and which outcomes cover the others."""
    elements = standard_of(_source(course, "standard"))
    if shape == "json":
        rows = [one._asdict() | {"outcomes": [{"module": m, "text": t} for m, t in one.outcomes]} for one in elements]
        click.echo(_json({"elements": rows}))
        return
    bare = [one for one in elements if not one.outcomes]
    for one in elements:
        if one.outcomes:
            click.echo(f"{one.id}  {one.en}")
        for module, words in one.outcomes:
            click.echo(f"    {module}: {words}")
    if bare:
        click.echo("No outcome covers:")
    for one in bare:
        click.echo(f"    {one.id}  {one.en}")
    click.echo(f"{number(len(elements), 'element')}, {f'{len(bare)} not' if bare else 'all'} covered.")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


@click.command()
@click.argument("name", metavar="[NAME|COURSE]", required=False)
@click.option("--write", "write_all", is_flag=True, help="Write them all into COURSE/.schemas, for editors.")
def schema(name: str | None, write_all: bool) -> None:
    """Print the JSON Schema of one of the YAML files, or the names of all of them.

    An editor reads the schema of a file whose first line is “# yaml-language-server: $schema=.schemas/course.json”.
    """
    if write_all:
        folder = course_folder(Path(name) if name else None)
        write({}, schema_files(folder))
        click.echo(f"The schemas are in {folder / '.schemas'}.")
    elif name is None:
        click.echo("\n".join(f"{one}: {schema_named(one)['title']}" for one in schema_names()))
    elif name in schema_names():
        click.echo(_json(schema_named(name)))
    else:
        raise click.UsageError(f"There is no schema “{name}”. There are {', '.join(schema_names())}.")


def schema_names() -> list[str]:
    """The names of the YAML files, and “module” for front matter."""
    return sorted(path.stem for path in SCHEMAS.glob("*.json"))


def schema_files(folder: Path) -> dict[Path, bytes]:
    """The schemas as they lie below the folder of a course."""
    return {
        folder / ".schemas" / f"{name}.json": (_json(schema_named(name)) + "\n").encode() for name in schema_names()
    }


@click.command()
@click.argument("rule", required=False)
def explain(rule: str | None) -> None:
    """Print what RULE asks, what a breach of it stops, how to mend it, and an example; without one, every rule."""
    if rule is None:
        click.echo("\n".join(f"{name}: {one.asks}" for name, one in RULES.items()))
        return
    if rule not in RULES:
        fail(f"There is no rule “{rule}”. {did_you_mean(rule, list(RULES)) or 'ktb explain lists them all.'}")
    known = RULES[rule]
    click.echo(f"{rule}\n\n{known.asks}\n{known.mend}\n{STOPS[known.severity]}")
    if example := examples().get(rule):
        click.echo(f"\n{example}")


def examples() -> dict[str, str]:
    """The example of each rule, from the document that is drawn from those the rules are tested with."""
    text = EXAMPLES.read_text("utf-8") if EXAMPLES.exists() else ""
    sections = re.split(r"^## ([a-z0-9-]+)\n\n", text, flags=re.M)[1:]
    return {name: body.strip() for name, body in zip(sections[::2], sections[1::2], strict=True)}
