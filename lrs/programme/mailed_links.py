"""Sign-in links by mail: asked for on the sign-in page, put in the outbox, and never a word of who may look."""

from urllib.parse import urljoin

from flask import Blueprint, current_app, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import limits
from lrs.programme.mailing import mail_server
from lrs.programme.site import found
from lrs.programme.words import gettext, language
from lrs.storage import outbox, users
from lrs.storage.database import Connection
from lrs.storage.users import User


def put_link(connection: Connection, user: User, by: str) -> None:
    """Put a mail with a new sign-in link for a user into the outbox, in the language being spoken."""
    now = transaction.now()
    path = url_for("programme.open_link", token=signin.new_link(connection, user, now))
    base = current_app.config["KTB_PUBLIC_URL"] or request.url_root
    body = gettext(
        "Open this address and press the button to sign in. It works once, for 15 minutes:\n\n%(address)s\n\n"
        "If you did not ask for it, do nothing: nobody can sign in without this message.",
        address=urljoin(base.rstrip("/") + "/", path.lstrip("/")),
    )
    subject = gettext("Your sign-in link")
    message = outbox.Message("sign-in", None, None, language(), user.email, subject, body + "\n")
    outbox.write(connection, message, by, now)


def send_link() -> str:
    """Send a link to an address that may look; the answer is the same for every other address."""
    found(mail_server(current_app.config))
    limits.not_too_often("mail")
    email = request.form.get("email", "").strip().lower()[:200]
    often = limits.uses(f"mail to {email}") > limits.OF_AN_ADDRESS
    connection = transaction.connection()
    user = users.user_with_email(connection, email)
    if user and not often and user.may_look(transaction.now()):
        put_link(connection, user, user.email)
        users.note(connection, user.email, "sign-in link", user.email, transaction.now())
    return render_template("signin.html", sent=True)


def init(bp: Blueprint) -> None:
    """Add the address, and tell the sign-in page whether mail is sent at all."""
    bp.add_url_rule("/sign-in", view_func=send_link, methods=["POST"])

    @bp.app_context_processor
    def offered() -> dict[str, object]:
        return {"by_mail": mail_server(current_app.config) is not None, "sent": False}
