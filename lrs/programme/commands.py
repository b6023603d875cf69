"""Commands of the programme: residentials, users, rosters, readiness and the demonstration."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from lrs import config, signin
from lrs.programme import export
from lrs.programme.asat import moment_of
from lrs.programme.authorities import authority_named
from lrs.programme.board import Filter, Standing, chosen, standings
from lrs.programme.imports import KINDS, carry_out, changes
from lrs.programme.reasons import status_word, why
from lrs.programme.residential import ResidentialForm, filled
from lrs.programme.roster import read_roster
from lrs.programme.sheets import MAX_BYTES, UnreadableSheet
from lrs.programme.user_form import UserForm
from lrs.programme.words import LANGUAGES, speaking
from lrs.rules.errors import StoreOutdated
from lrs.rules.readiness import GRADES
from lrs.storage import cohorts, database, users
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection, Engine

OPERATOR = "operator"  # who the audit trail names for what is done at the command line


def settings() -> dict[str, Any]:
    """Every setting's value; a complaint about one becomes a sentence."""
    try:
        return config.read(os.environ)
    except config.ConfigError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def opened() -> Iterator[Engine]:
    """The store that the settings name, its tables up to date; complaints become sentences."""
    engine = database.open_engine(settings()["KTB_DATABASE_URL"])
    try:
        database.make_ready(engine)
        yield engine
    except StoreOutdated as error:
        raise click.ClickException(str(error)) from None
    except database.Unavailable:
        raise click.ClickException("The database that KTB_DATABASE_URL names cannot be opened") from None
    finally:
        engine.dispose()


@contextmanager
def store() -> Iterator[Connection]:
    """A transaction on the store that the settings name."""
    with opened() as engine, database.writing(engine) as connection:
        yield connection


def residential_called(connection: Connection, name: str) -> Cohort:
    """The residential of that name, or a sentence saying that there is none."""
    found = cohorts.cohort_called(connection, name)
    if found is None:
        raise click.ClickException(f"There is no residential called {name}. See: ktb-lrs cohort list")
    return found


def moment_or_now(text: str | None) -> datetime:
    """The moment that an option names, or now where it is not given; a sentence where it names none."""
    try:
        return moment_of(text) if text else datetime.now(UTC)
    except ValueError:
        raise click.ClickException(f"{text} is not a date or a moment with its offset.") from None


@click.group()
def cohort() -> None:
    """Residentials."""


@cohort.command("add")
@click.argument("cohort_id", metavar="COHORT")
@click.option("--title-en", required=True, help="The title in English.")
@click.option("--title-cy", required=True, help="The title in Welsh.")
@click.option("--course", "course_id", help="The course it asks for; needed only where the store has several.")
@click.option("--opens", required=True, help="The day the modules open, as 2026-09-01; so with all dates.")
@click.option("--target", required=True, help="The day by which everybody should be done.")
@click.option("--cut-off", required=True, help="The last day a module may be finished.")
@click.option("--starts", required=True, help="The first day of the residential.")
@click.option("--ends", help="Its last day; without it, the first.")
@click.option("--least-grade", type=click.Choice(GRADES), default=GRADES[0], show_default=True, help="What counts.")
@click.option("--capacity", default="", help="How many places there are; without it, nobody counts.")
@click.option("--major", default="", help="The only major version that counts, such as 1; without it, any.")
@click.option("--venue-en", default="", help="Where it is, in English.")
@click.option("--venue-cy", default="", help="Where it is, in Welsh.")
@click.option("--practice", is_flag=True, help="To rehearse with: counted nowhere, and nobody is written to.")
def cohort_add(cohort_id: str, course_id: str | None, ends: str | None, practice: bool, **given: str) -> None:
    """Add a residential called COHORT, such as llandrindod-2026-12, that asks for every module of the course."""
    with store() as connection:
        courses = cohorts.which_courses(connection)
        course = course_id or (courses[0].id if len(courses) == 1 else "")
        sent = {**given, "id": cohort_id, "course": course, "ends": ends or given["starts"]}
        form = filled(sent | ({"practice": "yes"} if practice else {}), courses)
        if form.problems:
            raise click.ClickException(_problems(form))
        try:
            cohorts.add_cohort(connection, form.columns(), form.required, datetime.now(UTC))
        except cohorts.CohortExists:
            raise click.ClickException(f"There already is a residential called {cohort_id}.") from None
        users.note(connection, OPERATOR, "residential", form.id, datetime.now(UTC))
    click.echo(f"{form.id} is added. Its people: ktb-lrs roster import {form.id} FILE.csv")


def _problems(form: ResidentialForm | UserForm) -> str:
    return "\n".join(f"--{field.replace('_', '-')}: {problem}" for field, problem in form.problems.items())


@cohort.command("list")
def cohort_list() -> None:
    """List the residentials, the latest first."""
    with store() as connection:
        for one in cohorts.which_cohorts(connection):
            click.echo(f"{one.id}  {one.starts}  cut-off {one.cut_off}  {one.title_en} / {one.title_cy}")


@click.group()
def user() -> None:
    """People who may look at the programme's pages."""


@user.command("create")
@click.option("--email", required=True, help="Their work e-mail address.")
@click.option("--name", required=True, help="Their name, as pages greet them.")
@click.option("--role", type=click.Choice(["lead", "link"]), required=True, help="Programme lead, or a link officer.")
@click.option("--authority", help="A link officer's council: its GSS code or its name in either language.")
@click.option("--starts", help="The first day on which they may look, such as 2026-09-01; without it, today.")
@click.option("--ends", help="The first day on which they may look no longer; without it, none.")
def user_create(**given: str | None) -> None:
    """Let somebody look. A link officer sees one council's people and nobody else, from the first day to the last."""
    email, name, role = (given[key] or "" for key in ("email", "name", "role"))
    council = authority_named(given["authority"] or "")
    if role == "link" and council is None:
        raise click.ClickException("A link officer needs --authority: one of the 22 councils, by code or name.")
    typed = {key: value or "" for key, value in given.items()}
    form = UserForm.filled(typed | {"authority": council.gss if council else ""})
    if form.problems:
        raise click.ClickException(_problems(form))
    with store() as connection:
        try:
            new = form.user("", None)
            days = new.starts, new.ends
            users.add_user(connection, new.email, new.name, new.role, new.authority, datetime.now(UTC), *days)
        except users.UserExists:
            raise click.ClickException(f"{email} may look already.") from None
        users.note(connection, OPERATOR, "user", email, datetime.now(UTC), role)
    click.echo(f"{name} may look. To sign in: ktb-lrs user link {email}")


@user.command("link")
@click.argument("email")
def user_link(email: str) -> None:
    """Print an address that signs EMAIL in: once, within 15 minutes."""
    with store() as connection:
        found = users.user_with_email(connection, email)
        if found is None:
            raise click.ClickException(f"Nobody with {email} may look. See: ktb-lrs user create --help")
        if not found.may_look(datetime.now(UTC)):
            raise click.ClickException(f"{email} may not look yet, or no longer. See: ktb-lrs user list")
        token = signin.new_link(connection, found, datetime.now(UTC))
        users.note(connection, OPERATOR, "sign-in link", found.email, datetime.now(UTC))
    base = settings()["KTB_PUBLIC_URL"] or "http://127.0.0.1:8080"
    click.echo(f"{base}/sign-in/{token}")


@click.group()
def roster() -> None:
    """Lists of the people on a residential."""


@roster.command("import")
@click.argument("cohort_id", metavar="COHORT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Keep what is new and changed without asking.")
def roster_import(cohort_id: str, file: Path, yes: bool) -> None:
    """Bring the people in FILE (CSV or XLSX) into COHORT, after showing what is new, changed, twice or wrong."""
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    try:
        read = read_roster(data)
    except UnreadableSheet as error:
        raise click.ClickException(str(error)) from None
    for bad in read.bad:
        click.echo(f"{file}:{bad.line}: {bad.name or '-'}: {' '.join(bad.problems)}", err=True)
    with store() as connection:
        here = residential_called(connection, cohort_id)
        now = datetime.now(UTC)
        found = changes(connection, here, read.entries, now)
        for kind in KINDS:
            rows = [change for change in found if change.kind == kind]
            click.echo(f"{kind}: {len(rows)}")
            if kind in ("changed", "duplicate"):
                for change in rows:
                    click.echo(f"  line {change.entry.line}: {change.entry.name}: {' '.join(change.notes)}")
        click.echo(f"not understood: {len(read.bad)}")
        if not yes:
            click.confirm("Keep what is new and changed?", abort=True)
        carry_out(connection, here, found, OPERATOR, now)
        users.note(connection, OPERATOR, "import", here.id, now, f"{len(read.entries)} rows")
    click.echo("Kept.")


@click.command()
@click.argument("cohort_id", metavar="COHORT")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--as-at", help="A past moment, such as 2026-11-27 or 2026-11-27T23:59:59+00:00; without it, now.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of words.")
def readiness(cohort_id: str, form: str, as_at: str | None, lang: str) -> None:
    """Say who is ready for COHORT, who is not, and why."""
    moment = moment_or_now(as_at)
    with store() as connection, speaking(lang):
        here = residential_called(connection, cohort_id)
        people = chosen(standings(connection, here, moment), Filter())
        users.note(connection, OPERATOR, "export", here.id, datetime.now(UTC), f"{len(people)} people")
        if form == "csv":
            click.echo(export.people_csv(people, here), nl=False)
            return
        document = {"cohort": here.id, "as_at": moment.isoformat(), "people": [_told(one, here) for one in people]}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _told(one: Standing, here: Cohort) -> dict[str, object]:
    member, found = one
    return {
        "person": member.person,
        "name": member.name,
        "authority": member.authority,
        "language": member.language,
        "place": member.place,
        "status": found.status,
        "reason": found.reason,
        "status_words": status_word(found.status),
        "why": why(found, here),
        "done": list(found.done),
        "by_decision": list(found.by_decision),
        "missing": list(found.missing),
        "minutes_left": found.minutes_left,
        "last_seen": found.last_seen.isoformat() if found.last_seen else None,
    }


@click.command()
@click.option("--once", is_flag=True, help="Set everything up, check that the pages answer, and end.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Or the next free one.")
@click.option("--folder", default="build/demo", show_default=True, type=click.Path(file_okay=False, path_type=Path))
def demo(once: bool, port: int, folder: Path) -> None:
    """Build the course, fill a store with fictional people, serve it, and print where to look."""
    from lrs.programme.demo import run  # asks for much that no other command wants

    run(folder, port, once)
