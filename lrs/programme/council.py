"""One council on a residential: how its people stand, who looks after them, and which modules are missing most."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, render_template

from lrs import signin, transaction
from lrs.programme import asat, board
from lrs.programme.authorities import AUTHORITIES, authority_name
from lrs.programme.chase import officers_by_council
from lrs.programme.grid import Column, columns
from lrs.programme.pages import cohort_at
from lrs.programme.words import language
from lrs.storage.cohorts import Cohort
from lrs.storage.users import User

SHOWN = 200  # people on the page


class CouncilPage(NamedTuple):
    """Everything the page shows; ``others`` are the councils on the residential whose pages may be seen."""

    cohort: Cohort
    title: str
    gss: str
    name: str
    others: Sequence[board.Council]
    officers: Sequence[User]
    people: int
    counts: Mapping[str, int]
    welsh: int
    asked: int
    columns: Sequence[Column]
    rows: Sequence[board.Standing]
    more: int
    as_at: datetime


def one_council(cohort: str, authority: str) -> str:
    """The page of one council; a link officer's own alone."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    if user.sees not in (None, authority):
        abort(403)
    connection = transaction.reader()
    everybody = board.standings(connection, here, now, user.sees)
    theirs = board.chosen(everybody, board.Filter(council=authority))
    asked = [one for one in theirs if one.readiness.status != "not-required"]
    if authority not in AUTHORITIES and not theirs:
        abort(404)
    page = CouncilPage(
        cohort=here,
        title=here.title(language()),
        gss=authority,
        name=authority_name(authority, language()),
        others=board.councils(everybody),
        officers=officers_by_council(connection, now).get(authority, []),
        people=len(theirs),
        counts=board.counts(theirs),
        welsh=Counter(one.member.language for one in theirs)["cy"],
        asked=len(asked),
        columns=columns(here, asked),
        rows=theirs[:SHOWN],
        more=max(len(theirs) - SHOWN, 0),
        as_at=now,
    )
    signin.noted("look", f"council {authority}", f"{here.id}, {len(theirs)} people")
    return render_template("council.html", page=page)


def init(bp: Blueprint) -> None:
    """Add the address; its people as a file are those of the board, asked for this council."""
    bp.add_url_rule("/residentials/<cohort>/councils/<authority>", view_func=one_council)
