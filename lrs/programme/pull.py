"""The command that brings in what another record store has: page by page, each page whole, and never twice."""

import base64
import os
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

import click

from lrs.programme.commands import OPERATOR, opened, settings
from lrs.programme.remote import VERSION, Heard, Remote, Unheard, endpoint_of, page_of
from lrs.rules.errors import InvalidStatement, Malformed, StatementConflict
from lrs.rules.formats import moment
from lrs.rules.statements import checked
from lrs.rules.versions import XAPI_1, XAPI_2
from lrs.storage import users
from lrs.storage.database import Connection, Engine, reading, writing
from lrs.storage.keys import Key
from lrs.storage.pulls import Pull, keep_pull, pull_of
from lrs.storage.senders import sender_of, who_may_send
from lrs.storage.statements import store, which_are_stored

KEY, SECRET = "KTB_PULL_KEY", "KTB_PULL_SECRET"
AT_ONCE = 500  # statements asked for in one page
OVERLAP = timedelta(seconds=1)  # read again, because several may have been stored in the moment that was read last
TOLD = 10  # refused statements named; of the others the number is told


class Tally(NamedTuple):
    """What came: statements new here, known already, and refused, each refused one with its reason."""

    new: int = 0
    known: int = 0
    refused: tuple[str, ...] = ()

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.new + other.new, self.known + other.known, self.refused + other.refused)


@click.command()
@click.argument("name")
@click.argument("url")
@click.option("--pages", default=1000, show_default=True, type=click.IntRange(1), help="Read at most so many pages.")
@click.option("--minutes", default=30, show_default=True, type=click.IntRange(1), help="Begin no page after so long.")
def pull(name: str, url: str, pages: int, minutes: int) -> None:
    """Bring in the statements of the record store at URL, and keep them under the key here that is labelled NAME.

    URL is the address of its xAPI, such as https://lrs.council.example/xapi/. Its key and secret are asked for, or
    read from KTB_PULL_KEY and KTB_PULL_SECRET. Run it again, from cron or a timer: it goes on where it stopped.
    """
    try:
        endpoint = endpoint_of(url)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    remote = Remote(version=VERSION, endpoint=endpoint, auth=_credentials())
    with opened() as engine:
        key, state = _begin(engine, name, endpoint)
        tally, state, trouble = _read(engine, remote, key, state, pages, monotonic() + minutes * 60)
        with writing(engine) as connection:
            told = f"{tally.new} new, {tally.known} known, {len(tally.refused)} refused"
            users.note(connection, OPERATOR, "pull", name, datetime.now(UTC), told)
    _say(name, told, tally, state)
    if trouble:
        raise click.ClickException(trouble)


def _credentials() -> str:
    """The key and secret as Basic authentication has them; never from the arguments, which others can read."""
    key, secret = os.environ.get(KEY), os.environ.get(SECRET)
    key = key or click.prompt("Key of the other store")
    secret = secret or click.prompt("Its secret", hide_input=True)
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


def _begin(engine: Engine, name: str, endpoint: str) -> tuple[Key, Pull]:
    """The key that the statements are kept under, and how far the store has been read."""
    with reading(engine) as connection:
        labelled = [key for key in who_may_send(connection) if key.label == name]
        known = pull_of(connection, name)
    if len(labelled) != 1:
        how_many = "No key" if not labelled else "More than one key"
        help_with = "ktb-lrs key create --label … --scope statements/write"
        raise click.ClickException(f"{how_many} that may store statements is labelled {name}. Make one: {help_with}")
    if known and known.endpoint != endpoint:
        click.echo(f"{name} was read from {known.endpoint} before; this begins anew.")
    return labelled[0], known if known and known.endpoint == endpoint else Pull(name, endpoint)


def _read(
    engine: Engine, remote: Remote, key: Key, state: Pull, pages: int, until: float
) -> tuple[Tally, Pull, str | None]:
    """Page after page, each kept with how far it leads; what came, where that is, and what stopped it too early."""
    tally, old_place = Tally(), bool(state.more)
    for _ in range(pages):
        try:
            heard = page_of(remote, state.more, _query(state))
        except Unheard as error:
            if not old_place:
                return tally, state, str(error)
            state, old_place = state._replace(more=""), False  # such addresses are good for a day or so
            continue
        old_place = False
        if heard.more and heard.more == state.more:
            return tally, state, "The store leads round in a circle: the next page is the same one."
        came, state = _keep(engine, key, heard, state)
        tally = tally.plus(came)
        if not state.more or monotonic() >= until:
            break
    return tally, state, None


def _query(state: Pull) -> dict[str, Any]:
    query: dict[str, Any] = {"ascending": "true", "limit": AT_ONCE}
    if state.read_to:
        query["since"] = (state.read_to - OVERLAP).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return query


def _keep(engine: Engine, key: Key, heard: Heard, state: Pull) -> tuple[Tally, Pull]:
    """Store a page and how far it leads, both or neither."""
    good, refused = _checked(heard.statements)
    with writing(engine) as connection:
        now = datetime.now(UTC)
        known = which_are_stored(connection, [one["id"].lower() for one in good])
        refused += _stored(connection, good, key, now)
        new = sum(one["id"].lower() not in known for one in good)
        tally = Tally(new, len(good) - new, tuple(refused))
        state = state._replace(
            more=heard.more, read_to=_read_to(heard, state.read_to), statements=state.statements + new
        )
        keep_pull(connection, state, now)
    return tally, state


def _checked(statements: list[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The statements that are valid, and for each of the others its id and what is wrong."""
    good: list[dict[str, Any]] = []
    refused: list[str] = []
    for one in statements:
        number = str(one.get("id", "without an id") if isinstance(one, dict) else "no object")[:40]
        try:
            if not isinstance(one, dict) or "id" not in one:
                raise Malformed("A statement is an object and has an id")
            good += checked([one], XAPI_2 if str(one.get("version", "")).startswith("2") else XAPI_1)
        except (InvalidStatement, Malformed) as error:
            refused.append(f"{number}: {error.what}" + (f" at {error.where}" if error.where else ""))
    return good, refused


def _stored(connection: Connection, good: list[dict[str, Any]], key: Key, now: datetime) -> list[str]:
    """Store the statements; those that contradict what is here under the same id are taken out and told of."""
    sender, refused = sender_of(key, settings()["KTB_PUBLIC_URL"]), []
    while good:
        try:
            store(connection, good, sender, now)
            break
        except StatementConflict as error:
            other = good.pop(error.statement or 0)
            refused.append(f"{other['id']}: {error.what}")
    return refused


def _read_to(heard: Heard, before: datetime | None) -> datetime | None:
    """Up to when everything is here: the newest moment of a page whose statements come in the order of theirs."""
    try:
        stored = [moment(one["stored"]) for one in heard.statements]
    except (KeyError, TypeError, ValueError):
        return before
    if not stored or stored != sorted(stored):
        return before
    sure = min(stored[-1], moment(heard.through)) if heard.through else stored[-1]
    return max(sure, before) if before else sure


def _say(name: str, told: str, tally: Tally, state: Pull) -> None:
    click.echo(f"{name}: {told}.")
    for one in tally.refused[:TOLD]:
        click.echo(f"  {one}")
    if len(tally.refused) > TOLD:
        click.echo(f"  and {len(tally.refused) - TOLD} more")
    if state.more:
        click.echo("There is more: run it again to go on.")
