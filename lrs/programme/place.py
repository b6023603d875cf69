"""The place of one person: how it came to be, and what becomes of it, somebody else's coming instead included."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import asat, successors
from lrs.programme.board import Standing, standings
from lrs.programme.moves import REASON_WORDS, MoveForm, move_words, reason_words
from lrs.programme.pages import Page, cohort_at
from lrs.programme.reasons import PLACE_WORDS
from lrs.programme.site import found
from lrs.programme.successors import DeferForm, LateForm, SubstituteForm
from lrs.programme.words import gettext, language, middle_date
from lrs.rules.places import joins_late, moves_from
from lrs.storage import cohorts, people, places
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection

SIMPLE = ("offer", "waitlist", "reject", "accept", "confirm", "withdraw", "cancel", "reopen")


class Told(NamedTuple):
    """One state of a place in words: when, what, and why or whereto."""

    at: datetime
    what: str
    more: str


class PlacePage(NamedTuple):
    """Everything the page of one place shows."""

    cohort: Cohort
    title: str
    standing: Standing
    moves: dict[str, str]
    may_defer: bool
    may_substitute: bool
    later: dict[str, str]  # residential -> its title
    late: bool
    modules: dict[str, str]  # those that are not done: id -> title


class Forms(NamedTuple):
    """The forms of the page as they were sent, each empty where it was not the one."""

    move: MoveForm
    defer: DeferForm
    substitute: SubstituteForm
    late: LateForm

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with whichever was sent."""
        return {name: text for form in self for name, text in form.problems.items()}


def story(cohort: str, person: str) -> list[Told]:
    """How somebody's place came to be what it is, newest first, by the moment that the page is asked about."""
    whole = signin.signed_in().is_lead  # whoever comes instead may be another council's
    steps = places.history_of(transaction.connection(), cohort, person, asat.asked().moment)
    return [Told(step.recorded_at, gettext(PLACE_WORDS[step.state]), _more(step, whole)) for step in steps]


def _more(step: places.Step, whole: bool) -> str:
    said = []
    if step.reason:
        said.append(gettext(REASON_WORDS.get(step.reason, step.reason)))
    if step.went_to and (whole or not step.other):
        said.append(gettext("To: %(what)s", what=step.other or step.went_to))
    return ". ".join([*said, step.recorded_by])


def second_posts(person: str) -> list[people.Post]:
    """The other appointments of somebody with more than one, as they are on the day asked about."""
    return people.second_posts_of(transaction.connection(), person, asat.asked().moment)


def _page(connection: Connection, cohort: str, person: str) -> PlacePage:
    here, now = cohort_at(cohort), transaction.now()
    standing = found(next(iter(standings(connection, here, now, None, person)), None))
    possible = moves_from(standing.member.place)
    titles = here.module_titles(language())
    return PlacePage(
        cohort=here,
        title=here.title(language()),
        standing=standing,
        moves={move: words for move, words in move_words().items() if move in possible and move in SIMPLE},
        may_defer="defer" in possible,
        may_substitute="substitute" in possible,
        later={one.id: _called(one) for one in cohorts.which_cohorts(connection) if successors.may_follow(one, here)},
        late=joins_late(here.plan.days_left(now)) and standing.member.place == "confirmed",
        modules={module: titles.get(module, module) for module in standing.readiness.missing},
    )


def _called(cohort: Cohort) -> str:
    return f"{cohort.title(language())}, {middle_date(cohort.starts)}"


def place_form(cohort: str, person_id: str) -> str:
    """What may become of somebody's place."""
    signin.lead()
    page = _page(transaction.reader(), cohort, person_id)
    return _shown(page, Forms(MoveForm(), DeferForm(), SubstituteForm(), LateForm.suggested(page.cohort)))


def _shown(page: PlacePage, forms: Forms) -> str:
    reasons = {move: reason_words(move) for move in ("defer", "substitute")}
    return render_template("place.html", page=page, forms=forms, reasons=reasons, every_reason=reason_words())


def change_place(cohort: str, person_id: str) -> Page:
    """Do what was asked with somebody's place, or say everything that stands in the way."""
    user, now, move = signin.lead(), transaction.now(), request.form.get("move", "")
    connection = transaction.connection()
    places.keep_others_out(connection, cohort)
    page = _page(connection, cohort, person_id)
    forms = _checked(connection, page, move, request.form, now)
    if forms.problems:
        return _shown(page, forms), 400
    here, member = page.cohort, page.standing.member
    if move == "defer":
        forms.defer.carry_out(connection, here, member, user.email, now)
    elif move == "substitute":
        forms.substitute.carry_out(connection, here, member, user.email, now)
    elif move == "late":
        forms.late.carry_out(connection, here, member, user.email, now)
    else:
        forms.move.carry_out(connection, here.id, user.email, now)
    signin.noted("place", person_id, f"{here.id} {move}")
    return redirect(url_for("programme.one_person", cohort=here.id, person_id=person_id))  # type: ignore[return-value]


def _checked(connection: Connection, page: PlacePage, move: str, sent: Mapping[str, str], now: datetime) -> Forms:
    """The forms with the one that was sent filled, and everything noted that stands in its way."""
    here, member = page.cohort, page.standing.member
    forms = Forms(MoveForm(), DeferForm(), SubstituteForm(), LateForm.suggested(here))
    if move == "defer":
        forms = forms._replace(defer=DeferForm.filled(sent))
        forms.defer.check(connection, member, page.later, page.may_defer)
    elif move == "substitute":
        forms = forms._replace(substitute=SubstituteForm.filled(sent))
        forms.substitute.check(connection, here, page.may_substitute, now)
    elif move == "late":
        forms = forms._replace(late=LateForm.filled(sent, here))
        forms.late.check(page.modules, page.late, now)
    else:
        forms = forms._replace(move=MoveForm([member.person], move, sent.get("reason", ""), "over" in sent))
        states = places.states_here(connection, here.id)
        forms.move.check(list(page.moves), states, {member.person: member.name}, here)
    return forms


def init(bp: Blueprint) -> None:
    """Add the addresses, and offer templates the story of a place."""
    where = "/residentials/<cohort>/people/<person_id>/place"
    bp.add_url_rule(where, view_func=place_form)
    bp.add_url_rule(where, view_func=change_place, methods=["POST"])

    @bp.app_context_processor
    def offered() -> dict[str, object]:
        return {
            "place_story": story,
            "second_posts": second_posts,
            "place_word": lambda state: gettext(PLACE_WORDS[state]),
        }
