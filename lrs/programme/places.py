"""The places of a residential: how many there are, who has one, who waits and in which order, and giving them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.board import Standing, standings
from lrs.programme.moves import MoveForm, move_words, reason_words
from lrs.programme.pages import Page, cohort_at
from lrs.programme.words import language
from lrs.rules.places import GONE, HELD, WAITING, Waiting, free, moves_from, offer_order
from lrs.rules.readiness import Readiness, Record, day_in_wales
from lrs.storage import places
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.users import User

SHOWN = 200  # people of one group on the page
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": WAITING,
    "offered": ("offered",),
    "accepted": ("accepted",),
    "confirmed": ("confirmed", "attended", "absent"),
    "gone": GONE,
}
BULK = ("offer", "waitlist", "reject", "accept", "confirm", "withdraw", "cancel", "reopen")


class Row(NamedTuple):
    """One person: how ready, since when on the list, and which in the order of offers where they wait."""

    standing: Standing
    since: datetime
    rank: int = 0


class PlacesPage(NamedTuple):
    """Everything the page of places shows."""

    cohort: Cohort
    title: str
    group: str
    counts: Mapping[str, int]
    rows: Sequence[Row]
    more: int
    held: int
    free: int | None
    waiting_ready: int
    confirmed_not_ready: int
    moves: Mapping[str, str]
    reasons: Mapping[str, str]
    open: bool  # whether people may still be nominated


def ready_since(found: Readiness) -> datetime | None:
    """When the last of what is asked came to count; None where something is missing."""
    if found.missing:
        return None
    moments = [one.at if isinstance(one, Record) else one.recorded_at for one in found.done.values()]
    return max(moments, default=None)


def in_order(everybody: Sequence[Standing], since: Mapping[str, datetime]) -> list[Row]:
    """Those who wait, in the order in which places are offered."""
    by_id = {one.member.person: one for one in everybody if one.member.place in WAITING}
    held = Counter(one.member.authority for one in everybody if one.member.place in HELD)
    waiting = [
        Waiting(person, one.member.authority, since[person], ready_since(one.readiness))
        for person, one in by_id.items()
    ]
    ordered = offer_order(waiting, held)
    return [Row(by_id[one.person], one.since, rank) for rank, one in enumerate(ordered, 1)]


def page_of(connection: Connection, cohort: Cohort, group: str, user: User, now: datetime) -> PlacesPage:
    """The page of one group; a link officer's has their own council's people alone, and no order among councils."""
    everybody = standings(connection, cohort, now, user.sees)
    since = places.known_since(connection, cohort.id)
    if group == "waiting" and user.is_lead:
        rows = in_order(everybody, since)
    else:
        there = [one for one in everybody if one.member.place in GROUPS[group]]
        rows = [Row(one, since[one.member.person]) for one in there]
    states = list(places.states_here(connection, cohort.id).values())
    offered = {move for state in GROUPS[group] for move in moves_from(state)} & set(BULK)
    return PlacesPage(
        cohort=cohort,
        title=cohort.title(language()),
        group=group,
        counts={name: sum(one.member.place in held for one in everybody) for name, held in GROUPS.items()},
        rows=rows[:SHOWN],
        more=max(len(rows) - SHOWN, 0),
        held=sum(state in HELD for state in states),
        free=free(cohort.capacity, states),
        waiting_ready=sum(one.member.place in WAITING and not one.readiness.missing for one in everybody),
        confirmed_not_ready=sum(one.member.place == "confirmed" and bool(one.readiness.missing) for one in everybody),
        moves={move: words for move, words in move_words().items() if move in offered} if user.is_lead else {},
        reasons=reason_words(),
        open=day_in_wales(now) < cohort.starts,
    )


def _group() -> str:
    asked = request.args.get("group", "")
    return asked if asked in GROUPS else "waiting"


def residential_places(cohort: str) -> str:
    """Who has a place, who waits for one, and in which order those are offered one."""
    user, here = signin.signed_in(), cohort_at(cohort)
    page = page_of(transaction.reader(), here, _group(), user, transaction.now())
    return render_template("places.html", page=page, form=MoveForm())


def move_places(cohort: str) -> Page:
    """Do one thing with the places of everybody chosen, or say everything that stands in the way."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    connection, sent = transaction.connection(), request.form
    places.keep_others_out(connection, here.id)
    names = {one.member.person: one.member.name for one in standings(connection, here, now)}
    chosen = [person for person in dict.fromkeys(sent.getlist("person")) if person in names]
    form = MoveForm(chosen, sent.get("move", ""), sent.get("reason", ""), "over" in sent)
    form.check(BULK, places.states_here(connection, here.id), names, here)
    if form.problems:
        page = page_of(connection, here, _group(), user, now)
        return render_template("places.html", page=page, form=form), 400
    form.carry_out(connection, here.id, user.email, now)
    for person in chosen:
        signin.noted("place", person, f"{here.id} {form.state} {form.reason}".strip())
    return redirect(url_for("programme.residential_places", cohort=here.id, group=_group()))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/places"
    bp.add_url_rule(where, view_func=residential_places)
    bp.add_url_rule(where, view_func=move_places, methods=["POST"])
