"""The command `ktb-lrs`: running the record store and looking after it."""

from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from lrs import config
from lrs.programme import commands, commands_evidence, commands_law, commands_mail, commands_users, pull
from lrs.storage import courses, database, keys, refusals


@click.group()
def main() -> None:
    """The record store of Knowing the Business."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="How many processes answer.")
def serve(host: str, port: int, workers: int) -> None:
    """Answer requests until stopped."""
    from lrs.server import run  # gunicorn is only wanted here

    with commands.opened():
        pass  # a store that cannot be served is told of in a sentence, before any worker starts
    run(host, port, workers)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables up to date; make them where there are none."""
    engine = database.open_engine(commands.settings()["KTB_DATABASE_URL"])
    database.upgrade(engine)
    engine.dispose()
    click.echo(f"The tables are at version {database.HEAD}.")


@main.group()
def key() -> None:
    """Keys of record providers."""


def _scopes_in_words() -> str:
    width = max(map(len, keys.SCOPES))
    return "\b\nScopes:\n" + "\n".join(f"  {name:{width}}  {words}" for name, words in keys.SCOPES.items())


@key.command("create", epilog=_scopes_in_words())
@click.option("--label", required=True, help="Whose key it is, in words.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(list(keys.SCOPES)),
    help="What it may do, from the list below; repeat it.",
)
@click.option("--trusted", is_flag=True, help="Statements sent with it count as verified.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def key_create(label: str, scopes: tuple[str, ...], trusted: bool, as_json: bool) -> None:
    """Make a key and show its secret, once."""
    with commands.store() as connection:
        made = keys.create(connection, label, list(scopes), datetime.now(UTC), trusted=trusted)
    if as_json:
        click.echo(orjson.dumps(made._asdict()).decode())
    else:
        click.echo(f"key     {made.key}\nsecret  {made.secret}")
        click.echo("The secret is shown this once. They are user name and password.")


@key.command("refusals")
@click.argument("name", metavar="KEY", required=False)
def key_refusals(name: str | None) -> None:
    """Say what KEY was refused last, or which keys were refused anything.

    KEY is the key itself, never its secret, or launch: and the id of a package. Nothing that was sent is kept.
    """
    with commands.store() as connection:
        if name is None:
            for one in refusals.refused(connection):
                click.echo(f"{one.last:%Y-%m-%d %H:%M:%S}  {one.key}  {one.number}  {one.label or ''}".rstrip())
        else:
            for told in refusals.last_of(connection, name):
                click.echo(_refusal(told))


def _refusal(told: refusals.Told) -> str:
    batch = "" if told.statement is None else f" in statement {told.statement}"
    where = f" at {told.pointer}" if told.pointer else ""
    found = f"; there is: {told.found}" if told.found else ""
    rule = f" [{told.rule}]" if told.rule else ""
    sent = f"{told.at:%Y-%m-%d %H:%M:%S}  {told.status} {told.method} {told.route}"
    return f"{sent}\n    {told.what}{where}{batch}{found}{rule}"


@main.group()
def course() -> None:
    """Courses."""


@course.command("add")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def course_add(package: Path) -> None:
    """Register a course from one of its packages (a zip made by `ktb build`)."""
    from lrs.rules.packages import PackageError, outline_in

    try:
        with package.open("rb") as file:
            outline = outline_in(file)
        with commands.store() as connection:
            courses.register(connection, outline, datetime.now(UTC))
    except (PackageError, courses.CourseConflict) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{outline['id']} {outline['version']} is registered: {len(outline['modules'])} modules.")


@course.command("allow")
@click.argument("course_id", metavar="COURSE")
@click.argument("origin")
def course_allow(course_id: str, origin: str) -> None:
    """Let learners start COURSE from pages of ORIGIN, such as https://lms.council.example."""
    try:
        with commands.store() as connection:
            courses.allow(connection, course_id, courses.the_origin(origin), datetime.now(UTC))
    except (LookupError, ValueError) as error:
        raise click.ClickException(str(error.args[0])) from None
    click.echo(f"{course_id} may be started from {origin}.")


@main.command("config")
def show_config() -> None:
    """List every setting, its value and what it is for; secrets are not shown."""
    values = commands.settings()
    for setting in config.SETTINGS:
        value = "(hidden)" if setting.secret and values[setting.name] else values[setting.name]
        click.echo(f"{setting.name}={value}\n    {setting.help} Default: {setting.default or 'none'}.")


for command in (commands.cohort, commands_users.user, commands.roster, commands.readiness, commands.demo):
    main.add_command(command)

for command in (commands_evidence.snapshot, commands_evidence.outage, commands_evidence.equivalence):
    main.add_command(command)

for command in (commands_mail.remind, pull.pull):
    main.add_command(command)

for command in (commands_law.person, commands_law.retention):
    main.add_command(command)

if __name__ == "__main__":
    main()
