"""Signing in with an organisation's own account: the way there, the way back, and who is let in."""

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import structlog
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import admission, limits
from lrs.programme.site import found
from lrs.programme.words import gettext, named
from lrs.storage import attempts, users
from lrs.storage.database import writing

if TYPE_CHECKING:
    from lrs.programme import oidc

COOKIE = "ktb_attempt"
UNREACHABLE = named("Your organisation’s sign-in does not answer as it should. Try again, or ask for a sign-in link.")
BEGIN_AGAIN = named("That sign-in was begun in another browser, or took longer than ten minutes. Begin again.")
SAID_NO = named("Your organisation’s sign-in did not let you in.")


def _client() -> "oidc.Client":
    from lrs.programme import oidc  # here: many stores know no organisation, and each worker would carry its 16 MB

    settings = current_app.config
    base = settings["KTB_PUBLIC_URL"] or request.url_root
    back = urljoin(base.rstrip("/") + "/", url_for("programme.come_back").lstrip("/"))
    issuer = found(settings["KTB_OIDC_ISSUER"] or None)
    return oidc.Client(
        issuer, settings["KTB_OIDC_CLIENT_ID"], settings["KTB_OIDC_CLIENT_SECRET"], settings["KTB_OIDC_SCOPES"], back
    )


def _rules() -> admission.Rules:
    settings = current_app.config
    return admission.Rules(
        settings["KTB_OIDC_GROUPS_CLAIM"],
        settings["KTB_OIDC_LEAD_GROUPS"],
        settings["KTB_OIDC_LINK_GROUPS"],
        settings["KTB_OIDC_TRUST_EMAIL"],
    )


def _not_in(why: str, code: int) -> Response:
    response = make_response(render_template("signin.html", why_not=gettext(why)), code)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _unbelieved(error: "oidc.NotBelieved") -> Response:
    structlog.get_logger().warning("oidc", why=str(error))
    return _not_in(UNREACHABLE, 502)


def set_out() -> Response:
    """Send the browser to the organisation's sign-in, with a cookie that ties the way back to it."""
    from lrs.programme import oidc

    client = _client()
    limits.not_too_often("organisation")
    try:
        address, attempt = oidc.begin(client)
    except oidc.NotBelieved as error:
        return _unbelieved(error)
    with writing(current_app.extensions["engine"]) as connection:
        attempts.add_attempt(connection, attempt, transaction.now())
    response = make_response(redirect(address))
    seconds = int(attempts.LASTS.total_seconds())
    response.set_cookie(COOKIE, attempt.state, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def come_back() -> Response:
    """Let in whoever comes back as somebody who may look; anybody else sees why not."""
    from lrs.programme import oidc

    client, state = _client(), request.args.get("state", "")
    limits.not_too_often("organisation")
    if not hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), state.encode()):
        return _not_in(BEGIN_AGAIN, 403)
    with writing(current_app.extensions["engine"]) as connection:
        attempt = attempts.take_attempt(connection, state, transaction.now())
    if attempt is None:
        return _not_in(BEGIN_AGAIN, 403)
    code = request.args.get("code", "")
    if not code or request.args.get("iss", client.issuer).rstrip("/") != client.issuer:
        return _not_in(SAID_NO, 403)
    try:
        rules = _rules()
        told = admission.told(oidc.claims(client, code, attempt, ("email", rules.claim)), rules)
    except oidc.NotBelieved as error:
        return _unbelieved(error)
    return _let_in(told, rules)


def _let_in(told: admission.Told, rules: admission.Rules) -> Response:
    now = transaction.now()
    with writing(current_app.extensions["engine"]) as connection:
        try:
            user = admission.admit(connection, told, rules, now)
        except admission.Refused as refused:
            if refused.who:
                users.note(connection, refused.who.email, "sign-in refused", refused.who.email, now)
            return _not_in(refused.why, 403)
        session = signin.begin(connection, user, "by the organisation")
    response = make_response(redirect(url_for("programme.residentials")))
    signin.keep(response, session)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def init(bp: Blueprint) -> None:
    """Add the addresses, and tell the sign-in page whether there is this way in."""
    bp.add_url_rule("/sign-in/organisation", view_func=set_out)
    bp.add_url_rule("/sign-in/organisation/back", view_func=come_back)

    @bp.app_context_processor
    def offered() -> dict[str, object]:
        return {"organisation": bool(current_app.config["KTB_OIDC_ISSUER"]), "why_not": ""}
