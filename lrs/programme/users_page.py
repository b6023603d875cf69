"""Who may look: the page on which leads add people, change what they see, and end it."""

from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.authorities import AUTHORITIES, authority_name, fold
from lrs.programme.pages import Page
from lrs.programme.site import found
from lrs.programme.user_form import UserForm
from lrs.programme.words import language
from lrs.rules.days import day_in_wales
from lrs.storage import users
from lrs.storage.users import User, UserExists


class UsersPage(NamedTuple):
    """Everybody who may look or could once, those who may first, and the form for one more."""

    users: list[User]
    looking: set[str]
    form: UserForm


def _councils() -> list[tuple[str, str]]:
    names = [(gss, authority_name(gss, language())) for gss in AUTHORITIES]
    return sorted(names, key=lambda one: fold(one[1]))


def _listed(form: UserForm) -> str:
    now, everybody = transaction.now(), users.every_user(transaction.reader())
    looking = {user.id for user in everybody if user.may_look(now)}
    everybody.sort(key=lambda user: (user.id not in looking, not user.is_lead, fold(user.name)))
    return render_template("users.html", page=UsersPage(everybody, looking, form), councils=_councils())


def user_list() -> str:
    """Everybody who may look, and a form to add somebody."""
    signin.lead()
    return _listed(UserForm.of(None))


def add_user() -> Page:
    """Let somebody look, or show the form again with everything that is wrong with it."""
    signin.lead()
    form, connection = UserForm.filled(request.form), transaction.connection()
    if not form.problems:
        new = form.user("", None)
        try:
            days = new.starts, new.ends
            users.add_user(connection, new.email, new.name, new.role, new.authority, transaction.now(), *days)
        except UserExists:
            form.say_taken()
    if form.problems:
        return _listed(form), 400
    signin.noted("user", form.typed["email"], _told("added", new))
    return redirect(url_for("programme.user_list"))  # type: ignore[return-value]


def _told(what: str, user: User) -> str:
    days = f"{user.starts or ''}..{user.ends or ''}"
    return f"{what} {user.role} {user.authority or ''} {days}"


def one_user(user_id: str) -> str:
    """What somebody may see and from when to when, to be changed."""
    signin.lead()
    user = found(users.user_called(transaction.reader(), user_id))
    return render_template("user.html", one=user, form=UserForm.of(user), councils=_councils())


def change_user(user_id: str) -> Page:
    """Keep what is changed about somebody, or show the form again with everything that is wrong with it."""
    signin.lead()
    connection = transaction.connection()
    user, form = found(users.user_called(connection, user_id)), UserForm.filled(request.form)
    if not form.problems:
        _keep(form, form.user(user.id, user.subject))
    if form.problems:
        return render_template("user.html", one=user, form=form, councils=_councils()), 400
    signin.noted("user", form.typed["email"], _told("changed", form.user(user.id, user.subject)))
    return redirect(url_for("programme.user_list"))  # type: ignore[return-value]


def _keep(form: UserForm, changed: User) -> None:
    connection, now = transaction.connection(), transaction.now()
    leads = changed.is_lead and changed.may_look(now)
    if not leads and not users.leads_left(connection, changed.id, now):
        form.say_last()
        return
    try:
        users.change_user(connection, changed)
    except UserExists:
        form.say_taken()
        return
    if not changed.may_look(now):
        users.sign_out_everywhere(connection, changed.id)


def end_user(user_id: str) -> Page:
    """Let somebody look no longer from now on, and end every session of theirs."""
    signin.lead()
    connection, now = transaction.connection(), transaction.now()
    user = found(users.user_called(connection, user_id))
    today = day_in_wales(now)
    ended = user._replace(ends=today, starts=min(user.starts, today) if user.starts else None)
    form = UserForm.of(user)
    _keep(form, ended)
    if form.problems:
        return render_template("user.html", one=user, form=form, councils=_councils()), 400
    signin.noted("user", user.email, _told("ended", ended))
    return redirect(url_for("programme.user_list"))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/users", view_func=user_list)
    bp.add_url_rule("/users", view_func=add_user, methods=["POST"])
    bp.add_url_rule("/users/<user_id>", view_func=one_user)
    bp.add_url_rule("/users/<user_id>", view_func=change_user, methods=["POST"])
    bp.add_url_rule("/users/<user_id>/end", view_func=end_user, methods=["POST"])
