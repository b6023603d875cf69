"""Commands about those who may look: who they are, and the end of it."""

from datetime import UTC, datetime

import click

from lrs.programme.commands import OPERATOR, store, user
from lrs.rules.days import day_in_wales
from lrs.storage import users


@user.command("list")
def user_list() -> None:
    """List those who may look, or could once: address, role, council, days and name."""
    with store() as connection:
        for one in users.every_user(connection):
            days = f"{one.starts or ''}..{one.ends or ''}"
            click.echo(f"{one.email}  {one.role}  {one.authority or '-'}  {days}  {one.name}")


@user.command("end")
@click.argument("email")
def user_end(email: str) -> None:
    """Let EMAIL look no longer from now on, and end every session of theirs."""
    now = datetime.now(UTC)
    with store() as connection:
        found = users.user_with_email(connection, email)
        if found is None:
            raise click.ClickException(f"Nobody with {email} may look. See: ktb-lrs user list")
        users.change_user(connection, found._replace(ends=day_in_wales(now)))
        users.sign_out_everywhere(connection, found.id)
        users.note(connection, OPERATOR, "user", found.email, now, "ended")
    click.echo(f"{found.email} may look no longer.")
