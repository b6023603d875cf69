"""Who may look: one-time links, sessions, roles, forged forms and the audit trail."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from lrs import transaction
from lrs.storage import users
from lrs.storage.database import Connection, Unavailable, writing
from lrs.storage.keys import secret_hash
from lrs.storage.users import User

COOKIE = "ktb_session"
LINK_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=10)  # at most; one that nobody uses ends sooner, after KTB_IDLE_MINUTES
FORM_FIELD = "form_token"


def new_link(connection: Connection, user: User, now: datetime) -> str:
    """The token of a new sign-in link for a user: good once, for fifteen minutes."""
    token = secrets.token_urlsafe(32)
    users.add_link(connection, user, secret_hash(token), now, now + LINK_LASTS)
    return token


def link_is_good(token: str) -> bool:
    """Whether opening the link may offer its button; looking spends nothing."""
    return users.link_is_good(transaction.reader(), secret_hash(token), transaction.now())


def spend(token: str) -> str | None:
    """Spend a link: the token of a new session, or None where the link is unknown, used or too old."""
    connection = transaction.connection()
    user = users.spend_link(connection, secret_hash(token), transaction.now())
    return user and begin(connection, user, "by link")


def begin(connection: Connection, user: User, how: str) -> str:
    """Begin a session of a user who may look, and note how they came in; the session's token."""
    now, session = transaction.now(), secrets.token_urlsafe(32)
    users.add_session(connection, user, secret_hash(session), now, now + _idle())
    users.note(connection, user.email, "sign-in", user.email, now, how)
    return session


def _idle() -> timedelta:
    return timedelta(minutes=current_app.config["KTB_IDLE_MINUTES"])


def keep(response: Response, session: str) -> None:
    """Give the browser its session: out of reach of scripts, other sites' forms and, on https, plain http."""
    seconds = int(SESSION_LASTS.total_seconds())
    response.set_cookie(COOKIE, session, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure)


def sign_out(response: Response) -> None:
    """End the session, here and in the browser."""
    token = request.cookies.get(COOKIE, "")
    users.end_session(transaction.connection(), secret_hash(token))
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def current_user() -> User | None:
    """Who is asking, by their session."""
    if "user" not in g:
        token = request.cookies.get(COOKIE)
        g.session = users.session_of(transaction.reader(), secret_hash(token), transaction.now()) if token else None
        g.user = g.session and g.session.user
    return g.user


def _renew(response: Response) -> Response:
    """Let the session live on from this use of it; its last moment is put off by steps, not at every page."""
    session, now = g.get("session"), transaction.now()
    if session is None:
        return response
    until = min(now + _idle(), session.began + SESSION_LASTS)
    if until - session.expires < _idle() / 10:
        return response
    try:
        with writing(current_app.extensions["engine"]) as connection:
            users.renew_session(connection, secret_hash(request.cookies[COOKIE]), until)
    except Unavailable:  # the page is made; whoever reads on for long will sign in again
        pass
    return response


def forget_who_asks() -> None:
    """Take whoever asks for nobody: the database cannot say who it is."""
    g.user = None


def signed_in() -> User:
    """Who is asking; 401 where nobody is signed in."""
    user = current_user()
    if user is None:
        abort(401)
    return user


def lead() -> User:
    """The programme lead who is asking; 403 for anybody else who is signed in."""
    user = signed_in()
    if not user.is_lead:
        abort(403)
    return user


def form_token() -> str:
    """What every form of this session carries and no other site can know."""
    session = request.cookies.get(COOKIE, "")
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def refuse_forged_forms() -> None:
    """403 for a form sent from another site, or without the token of the session it claims."""
    if request.method in transaction.SAFE:
        return
    if not _from_here():
        abort(403)
    sent = request.form.get(FORM_FIELD, "").encode(errors="replace")
    if request.cookies.get(COOKIE) and not hmac.compare_digest(sent, form_token().encode()):
        abort(403)


def _from_here() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or urlsplit(origin).netloc == request.host


def noted(action: str, subject: str, detail: str = "") -> None:
    """Write to the audit trail what the user is doing, though it be only looking."""
    user, now = signed_in().email, transaction.now()
    if request.method not in transaction.SAFE:
        users.note(transaction.connection(), user, action, subject, now, detail)
        return
    with writing(current_app.extensions["engine"]) as connection:
        users.note(connection, user, action, subject, now, detail)


def init_app(app: Flask) -> None:
    """Offer templates who is asking and the token that their forms carry, and put off the end of used sessions."""
    app.after_request(_renew)

    @app.context_processor
    def known() -> dict[str, object]:
        return {"user": current_user() if request else None, "form_token": form_token, "form_field": FORM_FIELD}
