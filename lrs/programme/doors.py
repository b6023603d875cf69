"""Signing in by a one-time link, and out again. Opening a link spends nothing: mail scanners open links too."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from lrs import signin
from lrs.programme import limits


def sign_in() -> str | Response:
    """How to get in; whoever is in already goes to the residentials."""
    if signin.current_user():
        return redirect(url_for("programme.residentials"))  # type: ignore[return-value]
    return render_template("signin.html")


def open_link(token: str) -> tuple[str, int]:
    """A button that spends the link, or the news that it is spent."""
    good = signin.link_is_good(token)
    return render_template("signin_link.html", good=good), 200 if good else 410


def spend_link(token: str) -> Response:
    """Spend the link and begin a session."""
    limits.not_too_often("link")
    session = signin.spend(token)
    if session is None:
        return make_response(render_template("signin_link.html", good=False), 410)
    response = make_response(redirect(url_for("programme.residentials")))
    signin.keep(response, session)
    return response


def sign_out() -> Response:
    """End the session."""
    response = make_response(redirect(url_for("programme.sign_in")))
    signin.sign_out(response)
    return response


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/sign-in", view_func=sign_in)
    bp.add_url_rule("/sign-in/<token>", view_func=open_link)
    bp.add_url_rule("/sign-in/<token>", view_func=spend_link, methods=["POST"])
    bp.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
