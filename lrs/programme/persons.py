"""The page of one person: where they stand, why, on what evidence; and what a lead decides about them there."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import asat, person
from lrs.programme.pages import Page, cohort_at
from lrs.programme.reasons import ACCESS
from lrs.programme.site import found
from lrs.storage import cohorts, merges


def one_person(cohort: str, person_id: str) -> Page:
    """One person: where they stand, why, and on what evidence; a retired id leads to the one it is part of now."""
    user, here = signin.signed_in(), cohort_at(cohort)
    page = person.page_about(transaction.reader(), here, person_id, asat.asked().moment, user.sees)
    if page is None:
        survivor = found(merges.survivor_of(transaction.reader(), person_id))
        return redirect(url_for("programme.one_person", cohort=here.id, person_id=survivor))  # type: ignore[return-value]
    signin.noted("look", person_id, f"{here.id}, {len(page.sent)} pieces of writing" if page.sent else here.id)
    return render_template("person.html", page=page, form=person.DecisionForm())


def decide(cohort: str, person_id: str) -> Page:
    """Keep a lead's decision about one person, or show again what is missing from it."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    page = found(person.page_about(transaction.connection(), here, person_id, now, user.sees))
    form = person.DecisionForm.filled(request.form, here, now)
    if form.problems:
        return render_template("person.html", page=page, form=form), 400
    cohorts.decide(transaction.connection(), here.id, person_id, form.decision(user.email, now))
    signin.noted("decide", person_id, f"{here.id} {form.kind} {form.reason}".strip())
    if form.reason == ACCESS:
        signin.noted("access-defect", here.course, form.module)
    return redirect(url_for("programme.one_person", cohort=here.id, person_id=person_id))  # type: ignore[return-value]


def take_back(cohort: str, person_id: str, decision: int) -> Page:
    """Withdraw a decision from now on; 409 where it is in force no longer."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    connection = transaction.connection()
    found(person.page_about(connection, here, person_id, now, user.sees))
    if not cohorts.take_back(connection, here.id, person_id, decision, now):
        abort(409)
    signin.noted("take-back", person_id, f"{here.id} {decision}")
    return redirect(url_for("programme.one_person", cohort=here.id, person_id=person_id))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/people/<person_id>"
    bp.add_url_rule(where, view_func=one_person)
    bp.add_url_rule(where + "/decisions", view_func=decide, methods=["POST"])
    bp.add_url_rule(where + "/decisions/<int:decision>/take-back", view_func=take_back, methods=["POST"])
