"""The command that writes and sends invitations, reminders and digests; for cron or a timer."""

from datetime import UTC, datetime

import click

from lrs.programme.commands import OPERATOR, opened, settings
from lrs.programme.delivery import Delivery, deliver
from lrs.programme.mailing import mail_server
from lrs.programme.reminding import Plans, planned, write_what_is_due
from lrs.rules.reminders import next_working_time, working_time
from lrs.storage import users
from lrs.storage.cohorts import Cohort, which_cohorts
from lrs.storage.database import Engine, reading, writing


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be written to whom, and neither write nor send anything.")
def remind(dry_run: bool) -> None:
    """Write the invitations, reminders and digests that are due, and send what waits.

    Run it every few minutes from cron or a timer: nothing is sent outside working hours, and nothing twice.
    """
    with opened() as engine:
        if dry_run:
            _say_what_would_be(engine, _now())
            return
        server = mail_server(settings())
        if server is None:
            raise click.ClickException("No mail is sent without KTB_SMTP_HOST and KTB_SMTP_FROM.")
        _write(engine, _now())
        delivery = deliver(engine, server, _now)
    _say_what_was(delivery)


def _say_what_would_be(engine: Engine, now: datetime) -> None:
    if not working_time(now):
        when = next_working_time(now)
        click.echo(
            f"Mail rests until {when:%Y-%m-%dT%H:%M%z}. This is what would be written then, were it then as now:"
        )
        now = when
    with reading(engine) as connection:
        for cohort in which_cohorts(connection):
            _say_plans(cohort, planned(connection, cohort, now, settings()["KTB_PUBLIC_URL"]))


def _say_plans(cohort: Cohort, plans: Plans) -> None:
    for message in plans.messages:
        click.echo(f"{cohort.id}  {message.kind}  {message.language}  {message.recipient}  {message.subject}")
    for member, why in plans.unreached:
        click.echo(f"{cohort.id}  {why}  {member.name}")


def _write(engine: Engine, now: datetime) -> None:
    with writing(engine) as connection:
        for cohort, plans in write_what_is_due(connection, OPERATOR, now, settings()["KTB_PUBLIC_URL"]):
            if plans.messages or plans.stale:
                told = f"{len(plans.messages)} written, {len(plans.stale)} dropped"
                users.note(connection, OPERATOR, "remind", cohort.id, now, told)
                click.echo(f"{cohort.id}: {told}")
            if plans.unreached:
                click.echo(f"{cohort.id}: {len(plans.unreached)} cannot be reached; see the page Reminders")


def _say_what_was(delivery: Delivery) -> None:
    told = {"sent": "sent", "refused": "refused", "later": "put off", "unknown": "not known"}
    click.echo(", ".join(f"{delivery.outcomes.get(state, 0)} {word}" for state, word in told.items()))
    if delivery.trouble:
        raise click.ClickException(f"The mail server takes nothing just now: {delivery.trouble}")
