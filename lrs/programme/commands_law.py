"""Commands that data protection law asks for: a copy of what is kept, erasure, and retention."""

from datetime import UTC, datetime
from typing import BinaryIO

import click
import orjson

from lrs.programme.commands import OPERATOR, opened, settings, store
from lrs.programme.retention import Limits, carry_out, due
from lrs.storage import database, users
from lrs.storage.database import Connection, writing
from lrs.storage.erasure import erase
from lrs.storage.subjects import Subject, everything_about, subject_of

LAYOUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS  # columns' names are SQLAlchemy's


def _subject(connection: Connection, text: str) -> Subject:
    found = subject_of(connection, text)
    if found is None:
        raise click.ClickException(f"There is nobody with the id or the e-mail address {text}.")
    return found


@click.group()
def person() -> None:
    """One person, as data protection law sees them."""


@person.command("export")
@click.argument("who", metavar="PERSON")
@click.argument("file", type=click.File("wb"), default="-")
def person_export(who: str, file: BinaryIO) -> None:
    """Write everything that is kept about PERSON (id or e-mail address) to FILE, as JSON: for a subject access request.

    Look through it before it is handed over: it holds who looked at the record, and what others wrote.
    """
    with store() as connection:
        subject = _subject(connection, who)
        told = everything_about(connection, subject)
        users.note(connection, OPERATOR, "export", subject.ids[0], datetime.now(UTC), "subject access")
    file.write(orjson.dumps(told, option=LAYOUT))


@person.command("erase")
@click.argument("who", metavar="PERSON")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed or changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def person_erase(who: str, dry_run: bool, yes: bool) -> None:
    """Erase PERSON (id or e-mail address): names, addresses and accounts go, statements are pseudonymised, counts stay.

    It cannot be undone, but by a copy of the database from before.
    """
    now = datetime.now(UTC)
    with opened() as engine, database.opened(engine, writes=True) as connection:  # tried, and never committed
        for what, number in erase(connection, _subject(connection, who), now).items():
            click.echo(f"{what}: {number}")
    if dry_run:
        click.echo("Nothing is changed.")
        return
    if not yes:
        click.confirm("Erase for good?", abort=True)
    with store() as connection:
        subject = _subject(connection, who)
        erase(connection, subject, now)
        users.note(connection, OPERATOR, "erase", subject.ids[0], now)
    click.echo(f"{subject.ids[0]} is erased. Copies of the database still have the person: see the guide, Erasure.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how much is due.")
def retention(dry_run: bool) -> None:
    """Remove what the rule of retention (the settings KTB_KEEP_…) lets nobody keep any longer."""
    now = datetime.now(UTC)
    limits = Limits.of(settings(), now)
    if dry_run:
        with store() as connection:
            done = due(connection, limits, now)
    else:
        with opened() as engine:
            done = carry_out(engine, limits, now)
            with writing(engine) as connection:
                told = " ".join(f"{what}={number}" for what, number in done.items() if number)
                users.note(connection, OPERATOR, "retention", "store", now, told)
    for what, number in done.items():
        click.echo(f"{what}: {number}")
    click.echo("Nothing is changed." if dry_run else "Removed.")
