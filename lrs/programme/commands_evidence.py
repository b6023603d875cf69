"""Commands about evidence: snapshots for sign-off, outages, and versions of modules that stand for one another."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from lrs.programme import findings
from lrs.programme.asat import moment_of
from lrs.programme.commands import OPERATOR, moment_or_now, residential_called, store
from lrs.programme.exceptions import LONGEST
from lrs.programme.snapshots import intact, take
from lrs.storage import cohorts, equivalences, explanations, outages, snapshots, users
from lrs.storage.database import Connection
from lrs.storage.equivalences import Equivalence
from lrs.storage.snapshots import Snapshot


def _snapshot(connection: Connection, number: int) -> Snapshot:
    found = snapshots.snapshot_called(connection, number)
    if found is None:
        raise click.ClickException(f"There is no snapshot {number}. See: ktb-lrs snapshot list")
    return found


@click.group()
def snapshot() -> None:
    """Frozen readiness, for sign-off."""


@snapshot.command("take")
@click.argument("cohort_id", metavar="COHORT")
@click.option("--as-at", help="A past moment, such as 2026-11-27 or 2026-11-27T23:59:59+00:00; without it, now.")
def snapshot_take(cohort_id: str, as_at: str | None) -> None:
    """Freeze who is ready for COHORT, and on what basis."""
    now = datetime.now(UTC)
    moment = min(moment_or_now(as_at), now)
    with store() as connection:
        here = residential_called(connection, cohort_id)
        kept = take(connection, here, moment, OPERATOR, now)
        users.note(connection, OPERATOR, "snapshot", here.id, now, f"{kept.id} {kept.digest}")
    click.echo(f"snapshot  {kept.id}\nsha256    {kept.digest}")


@snapshot.command("sign")
@click.argument("number", type=int)
@click.option("--by", required=True, help="The e-mail address of the programme lead who signs.")
@click.option(
    "--explain",
    multiple=True,
    type=(click.Choice(findings.KINDS), str),
    metavar="KIND REASON",
    help=f"Why the exceptions of a kind stand; once for each kind. Kinds: {', '.join(findings.KINDS)}.",
)
def snapshot_sign(number: int, by: str, explain: tuple[tuple[str, str], ...]) -> None:
    """Sign snapshot NUMBER off: once, for good, only while it is what was taken, with every exception explained."""
    now = datetime.now(UTC)
    with store() as connection:
        kept, user = _snapshot(connection, number), users.user_with_email(connection, by)
        if user is None or not user.is_lead:
            raise click.ClickException(f"{by} is no programme lead here.")
        if not intact(connection, kept):
            raise click.ClickException(f"Snapshot {number} is not what was taken; it cannot be signed.")
        if not kept.signed_at:
            _settle(connection, kept, dict(explain), user.email, now)
        if not snapshots.sign_snapshot(connection, number, user.email, now):
            raise click.ClickException(f"Snapshot {number} is signed already, by {kept.signed_by}.")
        users.note(connection, OPERATOR, "sign-off", kept.cohort, now, f"{number} {kept.digest} {user.email}")
    click.echo(f"Snapshot {number} is signed by {user.email}.")


def _settle(connection: Connection, kept: Snapshot, reasons: dict[str, str], by: str, now: datetime) -> None:
    """Keep the explanations given; refuse while anything is left that none of them speaks of."""
    here = residential_called(connection, kept.cohort)
    for kind, found in findings.findings(connection, here, kept.as_at).items():
        if found and reasons.get(kind, "").strip():
            keys, reason = [one.key for one in found], " ".join(reasons[kind].split())[:LONGEST]
            explanations.explain(connection, here.id, kind, keys, reason, by, now)
            users.note(connection, OPERATOR, "explain", here.id, now, f"{kind} {len(keys)} {by}")
    left = findings.unsettled(connection, here, kept.as_at)
    if left:
        told = ", ".join(f"{kind} ({number})" for kind, number in left.items())
        raise click.ClickException(
            f"Exceptions are neither settled nor explained: {told}. See their page, or --explain."
        )


@snapshot.command("verify")
@click.argument("what", metavar="NUMBER_OR_FILE", required=False)
def snapshot_verify(what: str | None) -> None:
    """Check that snapshots are what was taken: one by its number, an exported file, or all there are."""
    with store() as connection:
        if what is not None and not what.isdecimal():
            _verify_file(connection, Path(what))
            return
        kept = [_snapshot(connection, int(what))] if what else snapshots.snapshots_of(connection)
        bad = [one.id for one in kept if not intact(connection, one)]
    for one in kept:
        click.echo(f"{one.id}  {'CHANGED' if one.id in bad else 'as taken'}  {one.digest}")
    if bad:
        raise click.ClickException(f"Not what was taken: {', '.join(map(str, bad))}.")


def _verify_file(connection: Connection, path: Path) -> None:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}.") from None
    kept = snapshots.snapshot_with(connection, digest)
    if kept is None:
        raise click.ClickException(f"{path} is no snapshot of this store, or not as it was exported: {digest}")
    click.echo(f"{kept.id}  {_told(kept)}")


@snapshot.command("list")
@click.argument("cohort_id", metavar="COHORT", required=False)
def snapshot_list(cohort_id: str | None) -> None:
    """List the snapshots of COHORT, or all of them, the newest first."""
    with store() as connection:
        if cohort_id:
            residential_called(connection, cohort_id)
        for one in snapshots.snapshots_of(connection, cohort_id):
            click.echo(f"{one.id}  {_told(one)}")


def _told(one: Snapshot) -> str:
    signed = f"signed {one.signed_at:%Y-%m-%d %H:%M:%S} by {one.signed_by}" if one.signed_at else "not signed"
    return f"{one.cohort}  as at {one.as_at:%Y-%m-%d %H:%M:%S}Z  {signed}  {one.digest}"


@snapshot.command("export")
@click.argument("number", type=int)
@click.argument("file", type=click.File("wb"))
def snapshot_export(number: int, file: BinaryIO) -> None:
    """Write snapshot NUMBER to FILE (- for standard output) to the byte, so that sha256sum gives its digest."""
    with store() as connection:
        kept = _snapshot(connection, number)
        content = snapshots.content_of(connection, number)
        users.note(connection, OPERATOR, "export", kept.cohort, datetime.now(UTC), f"snapshot {number} json")
    file.write(content)


@click.group()
def outage() -> None:
    """Times in which the store could not be reached; on the day of a cut-off they put it off."""


@outage.command("add")
@click.argument("began")
@click.argument("ended")
def outage_add(began: str, ended: str) -> None:
    """Write down that the store could not be reached from BEGAN until ENDED, such as 2026-11-27T14:00+00:00."""
    now = datetime.now(UTC)
    try:
        first, last = moment_of(began), moment_of(ended)
    except ValueError:
        raise click.ClickException("Give two moments with their offset, such as 2026-11-27T14:00+00:00.") from None
    if not first < last <= now:
        raise click.ClickException("An outage ends after it began, and is written down when it is over.")
    with store() as connection:
        outages.add_outage(connection, first, last, OPERATOR, now)
        users.note(connection, OPERATOR, "outage", "store", now, f"{first.isoformat()} {last.isoformat()}")
        affected = [one for one in cohorts.which_cohorts(connection) if one.plan.put_off]
    click.echo("Kept.")
    for one in affected:
        click.echo(f"{one.id}: the cut-off is put off by {one.plan.put_off}, until {one.plan.ends:%Y-%m-%d %H:%M}Z")


@outage.command("list")
def outage_list() -> None:
    """List the outages, the earliest first."""
    with store() as connection:
        for one in outages.every_outage(connection):
            click.echo(f"{one.id}  {one.began:%Y-%m-%d %H:%M:%S}Z  {one.ended:%Y-%m-%d %H:%M:%S}Z  {one.recorded_by}")


@outage.command("remove")
@click.argument("number", type=int)
def outage_remove(number: int) -> None:
    """Take outage NUMBER away, which was written down wrongly."""
    with store() as connection:
        if not outages.take_back_outage(connection, number):
            raise click.ClickException(f"There is no outage {number}. See: ktb-lrs outage list")
        users.note(connection, OPERATOR, "outage removed", "store", datetime.now(UTC), str(number))
    click.echo("Taken away.")


@click.group()
def equivalence() -> None:
    """Modules of one version of a course that an author says stand for those of another."""


_WHICH = (
    click.argument("course"),
    click.argument("module"),
    click.option("--done", required=True, type=click.IntRange(0, 10**9), help="The major version that was done."),
    click.option("--wanted", required=True, type=click.IntRange(0, 10**9), help="The one that is asked for."),
)


def _which(command):  # type: ignore[no-untyped-def]
    """Give a command the arguments that name an equivalence."""
    for decorate in reversed(_WHICH):
        command = decorate(command)
    return command


@equivalence.command("add")
@_which
@click.option("--by", required=True, help="The author who says so.")
def equivalence_add(course: str, module: str, done: int, wanted: int, by: str) -> None:
    """Say that MODULE of COURSE, done in one major version, counts where another is asked for."""
    now = datetime.now(UTC)
    if done == wanted:
        raise click.ClickException("A version stands for itself; give two that differ.")
    with store() as connection:
        known = {one.id: one for one in cohorts.which_courses(connection)}
        if course not in known:
            raise click.ClickException(f"There is no course {course}.")
        if module not in {one["id"] for one in known[course].outline["modules"]}:
            raise click.ClickException(f"{course} has no module {module}.")
        if equivalences.add_equivalence(connection, course, Equivalence(module, done, wanted, now, by)):
            users.note(connection, OPERATOR, "equivalence", course, now, f"{module} {done} for {wanted}: {by}")
    click.echo(f"{module} done in version {done} counts where version {wanted} is asked for.")


@equivalence.command("list")
@click.argument("course")
def equivalence_list(course: str) -> None:
    """List the equivalences of COURSE."""
    with store() as connection:
        for one in equivalences.equivalences_of(connection, course):
            said = f"{one.recorded_by}, {one.recorded_at:%Y-%m-%d}"
            click.echo(f"{one.module}  done in {one.done} for {one.wanted}  {said}")


@equivalence.command("remove")
@_which
def equivalence_remove(course: str, module: str, done: int, wanted: int) -> None:
    """Take an equivalence away that was said wrongly."""
    with store() as connection:
        if not equivalences.take_back_equivalence(connection, course, module, done, wanted):
            raise click.ClickException(f"Nobody said so. See: ktb-lrs equivalence list {course}")
        detail = f"{module} {done} for {wanted}"
        users.note(connection, OPERATOR, "equivalence removed", course, datetime.now(UTC), detail)
    click.echo("Taken away.")
