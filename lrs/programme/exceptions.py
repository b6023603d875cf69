"""The page of exceptions (R7): each kind with its list, what to do about it, and a lead's word on what is left."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import asat
from lrs.programme.findings import KINDS, TITLES, TO_DO, Finding, findings, left
from lrs.programme.pages import Page, cohort_at
from lrs.programme.words import gettext, language
from lrs.storage import explanations
from lrs.storage.cohorts import Cohort
from lrs.storage.explanations import Explanation

SHOWN = 100  # findings of one kind on the page; the count is of all
SHORTEST, LONGEST = 3, 500  # characters of a reason


class Kind(NamedTuple):
    """One kind of exception: what was found, how much of it nobody has spoken of, and what was said."""

    kind: str
    title: str
    to_do: str
    found: list[Finding]
    left: list[Finding]
    said: list[Explanation]

    @property
    def digest(self) -> str:
        """What stands for everything found: a form says by it what its reader saw."""
        return sha256("\n".join(sorted(one.key for one in self.found)).encode()).hexdigest()


class ExceptionsPage(NamedTuple):
    """Everything to look at before a sign-off. ``problem`` is about the form of the kind ``wrong``."""

    cohort: Cohort
    title: str
    kinds: list[Kind]
    as_at: datetime
    wrong: str = ""
    problem: str = ""
    typed: str = ""

    @property
    def open(self) -> list[Kind]:
        """The kinds that are neither empty nor explained."""
        return [kind for kind in self.kinds if kind.left]


def _page(cohort: str) -> ExceptionsPage:
    here, connection, as_at = cohort_at(cohort), transaction.connection(), asat.asked().moment
    found, said = findings(connection, here, as_at), explanations.explanations_of(connection, here.id)
    kinds = [
        Kind(
            kind,
            gettext(TITLES[kind]),
            gettext(TO_DO[kind]),
            found[kind],
            left(kind, found[kind], said),
            [one for one in said if one.kind == kind],
        )
        for kind in KINDS
    ]
    return ExceptionsPage(here, here.title(language()), kinds, as_at)


def exceptions(cohort: str) -> str:
    """What somebody should look at before the residential is signed off."""
    signin.lead()
    page = _page(cohort)
    signin.noted("look", page.cohort.id, f"exceptions {len(page.open)} open")
    return _shown(page)


def _shown(page: ExceptionsPage) -> str:
    return render_template("exceptions.html", page=page, limit=SHOWN)


def explain(cohort: str) -> Page:
    """Keep why what was found of one kind stands; refused where there is something that the reader did not see."""
    user, page = signin.lead(), _page(cohort)
    kind = next((one for one in page.kinds if one.kind == request.form.get("kind")), None)
    typed = " ".join(request.form.get("reason", "").split())
    problem = _wrong(kind, typed)
    if kind is None or problem:
        wrong = kind.kind if kind else page.kinds[0].kind
        again = "".join(letter for letter in typed[:LONGEST] if letter.isprintable())
        return _shown(page._replace(wrong=wrong, problem=problem, typed=again)), 400
    keys = [one.key for one in kind.found]
    explanations.explain(
        transaction.connection(), page.cohort.id, kind.kind, keys, typed, user.email, transaction.now()
    )
    signin.noted("explain", page.cohort.id, f"{kind.kind} {len(keys)}")
    return redirect(url_for("programme.exceptions", cohort=page.cohort.id, _anchor=kind.kind))  # type: ignore[return-value]


def _wrong(kind: Kind | None, typed: str) -> str:
    if kind is None or not kind.found:
        return gettext("There is nothing of this kind to say anything of.")
    if request.form.get("seen") != kind.digest:
        return gettext("The list has changed since you opened the page. Look at it again, then say why it stands.")
    if not SHORTEST <= len(typed) <= LONGEST or not typed.isprintable():
        return gettext("Say in a few words why these stand: 3 to 500 characters.")
    return ""


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/exceptions"
    bp.add_url_rule(where, view_func=exceptions)
    bp.add_url_rule(where, view_func=explain, methods=["POST"])
