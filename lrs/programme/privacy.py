"""What the law asks these pages to say: what is kept about whom and why, and how far everybody can use them."""

from datetime import date

from flask import Blueprint, current_app, render_template

from lrs.programme.words import named

WRITTEN = date(2026, 11, 22)  # the accessibility statement; to be looked at again within a year
# What is kept -> why, and for how long it is (a setting's name, or words); told in this order.
KEPT = (
    (
        named("Your name, work e-mail address, council, role, chosen language, and your account in your council’s LMS"),
        named("To know who is on a residential, and that a record is yours."),
        "KTB_KEEP_PEOPLE_MONTHS",
    ),
    (
        named("Which modules you opened and finished, when, in which language, and where we heard it from"),
        named("To say whether you are ready, and to report how many learnt in Welsh and in English."),
        "KTB_KEEP_STATEMENTS_MONTHS",
    ),
    (
        named("Your place on a residential, decisions about it with a code for the reason, and whether you came"),
        named("To run the residential. A reason is a code; never a story about health or family."),
        "KTB_KEEP_PEOPLE_MONTHS",
    ),
    (
        named("Your certificate, where you were given one"),
        named("So that anybody to whom you show it can check it."),
        "KTB_KEEP_CERTIFICATES_MONTHS",
    ),
    (
        named("What you wrote in a module and sent to the programme lead yourself"),
        named("So that the lead can read it. Nothing that you write is sent before you press the button for it."),
        "KTB_KEEP_STATEMENTS_MONTHS",
    ),
    (
        named("Messages that were sent to you"),
        named("To send what was asked for, and never too much."),
        "KTB_KEEP_PEOPLE_MONTHS",
    ),
    (
        named("Who looked at your record, exported it or changed it, and when"),
        named("So that you can ask who did."),
        "KTB_KEEP_LOG_MONTHS",
    ),
)


def privacy() -> str:
    """What is kept about whom, why, for how long, and what people may ask."""
    settings = current_app.config
    kept = [(what, why, settings[months]) for what, why, months in KEPT]
    return render_template("privacy.html", kept=kept, whose=settings["KTB_ORGANISATION"], ask=settings["KTB_CONTACT"])


def accessibility() -> str:
    """How far these pages conform to WCAG 2.2 AA, what does not, and whom to tell."""
    settings = current_app.config
    whose, ask, idle = (settings[name] for name in ("KTB_ORGANISATION", "KTB_CONTACT", "KTB_IDLE_MINUTES"))
    return render_template("accessibility.html", whose=whose, ask=ask, idle=idle, written=WRITTEN)


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/privacy", view_func=privacy)
    bp.add_url_rule("/accessibility", view_func=accessibility)
