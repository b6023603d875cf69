"""What every page shares: the language it speaks, the stylesheet, the guard at the door, and how a refusal looks."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, InternalServerError

from lrs import refusals, signin
from lrs.programme import words
from lrs.programme.authorities import authority_name
from lrs.programme.reasons import (
    DECISION_REASONS,
    GRADE_BARS,
    GRADE_MEANINGS,
    GRADE_WORDS,
    STATUS_CLASSES,
    status_word,
    why,
    why_sentences,
)
from lrs.programme.sheets import MAX_BYTES
from lrs.storage.database import Unavailable
from lrs.storage.rates import WINDOW

Thing = TypeVar("Thing")
STYLES = Path(__file__).parent / "static"
YEAR = 365 * 24 * 60 * 60
COOKIE = "lang"
FOR_PROGRAMS = ("/xapi", "/launch", "/health", "/api/")
LONGEST_FORM = MAX_BYTES + 100_000  # a roster and what wraps it; nothing else that is sent here is as long
OPEN_TO_ALL = {
    "programme.sign_in", "programme.open_link", "programme.spend_link", "programme.stylesheet",
    "programme.send_link", "programme.set_out", "programme.come_back", "programme.privacy", "programme.accessibility",
    "programme.check", "programme.check_certificate",
}  # fmt: skip
BROKEN = words.named("Something went wrong")
REFUSALS = {
    401: words.named("Sign in"),
    403: words.named("This is not yours to see"),
    404: words.named("There is nothing here"),
    405: words.named("There is nothing here"),
    413: words.named("That is too much at once"),
    429: words.named("That was tried too often"),
    503: words.named("The records cannot be reached just now"),
}


@cache
def styles() -> tuple[str, bytes]:
    """The one stylesheet, tokens first, and the digest that its address carries."""
    sheet = b"\n".join((STYLES / name).read_bytes() for name in ("tokens.css", "base.css", "lead.css"))
    return hashlib.sha256(sheet).hexdigest()[:12], sheet


def stylesheet(digest: str) -> Response:
    """The stylesheet. An address with another digest is an old page's: it gets today's, and keeps it only shortly."""
    current, sheet = styles()
    response = Response(sheet, mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if digest == current else 60
    return response


def _speak() -> None:
    if _for_programs():
        return
    words.speak(request.cookies.get(COOKIE) or request.accept_languages.best_match(words.LANGUAGES) or "en")


def _switch_language() -> Response | None:
    asked = request.args.get("lang")
    if asked in words.LANGUAGES and request.method in ("GET", "HEAD") and not _for_programs():
        words.speak(asked)
        response = make_response(redirect(_address_without_language()))
        response.set_cookie(COOKIE, asked, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
        return response
    return None


def _address_without_language() -> str:
    rest = _rest_of_query()
    return _path() + ("?" + urlencode(rest) if rest else "")


def _path() -> str:
    """This page's path. One that began with two slashes would name another site."""
    return "/" + quote(request.path.lstrip("/"))


def _rest_of_query() -> list[tuple[str, str]]:
    return [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]


def _for_programs() -> bool:
    return request.path.startswith(FOR_PROGRAMS)


def _guard() -> None:
    request.max_content_length = LONGEST_FORM
    if request.endpoint not in OPEN_TO_ALL:
        signin.signed_in()
    signin.refuse_forged_forms()


def _private(response: Response) -> Response:
    """Pages name people, so no cache keeps them; and each says which languages it might have been in."""
    if request.endpoint != "programme.stylesheet":
        response.headers["Cache-Control"] = "no-store"
    return response


def refused(error: HTTPException) -> Response:
    """A refusal as a page in the reader's language, the sign-in page where nobody is signed in; JSON for programs."""
    if _for_programs():
        return refusals.broken(error)
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Unavailable):
        return unavailable(error.original_exception)
    code = error.code or 500
    if code == 401:
        response = make_response(render_template("signin.html"), code)
    else:
        title = words.gettext(REFUSALS.get(code, BROKEN))
        response = make_response(render_template("refused.html", title=title, code=code), code)
    if code == 429:
        response.headers["Retry-After"] = str(WINDOW)
    return _private(response)


def unavailable(_error: Exception) -> Response:
    """The page where the database cannot be reached or written just now; nothing was kept."""
    signin.forget_who_asks()
    page = render_template("refused.html", title=words.gettext(REFUSALS[503]), code=503)
    return _private(make_response(page, 503, {"Retry-After": "2"}))


def found(thing: Thing | None) -> Thing:
    """The thing, or 404 where there is none."""
    if thing is None:
        abort(404)
    return thing


def other_language() -> str:
    """The language that the switch offers."""
    return "en" if words.language() == "cy" else "cy"


def switch_address() -> str:
    """This page in the other language, filters and all."""
    path = _path() if request.method in ("GET", "HEAD") else "/"
    return f"{path}?{urlencode([*_rest_of_query(), ('lang', other_language())])}"


def slates(done: int, whole: int) -> Markup:
    """So many slates of so many, ``done`` of them laid; drawn in per cent, and always beside words."""
    gap = 1.6 if whole > 1 else 0
    width = (100 - gap * (whole - 1)) / max(whole, 1)
    rects = "".join(
        f'<rect x="{index * (width + gap):.2f}%" width="{width:.2f}%" height="100%"'
        + (' class="laid"/>' if index < done else "/>")
        for index in range(whole)
    )
    return Markup('<svg class="slates" aria-hidden="true" focusable="false">{}</svg>').format(Markup(rects))  # noqa: S704


def grade(word: str) -> Markup:
    """A grade of evidence as bars and a word."""
    bars = "".join(
        f'<rect x="{1 + 9.5 * index:.1f}" y="1" width="7" height="12" rx="1"'
        + (' class="on"/>' if index < GRADE_BARS[word] else "/>")
        for index in range(4)
    )
    drawn = Markup('<svg viewBox="0 0 38 14" aria-hidden="true" focusable="false">{}</svg>').format(Markup(bars))  # noqa: S704
    return Markup('<span class="grade">{}{}</span>').format(drawn, words.gettext(GRADE_WORDS[word]))


def init(bp: Blueprint) -> None:
    """Give the blueprint's pages their language, guard, refusals and templates' vocabulary."""
    bp.before_app_request(_speak)
    bp.before_app_request(_switch_language)
    bp.before_request(_guard)
    bp.after_request(_private)
    bp.add_url_rule("/style-<digest>.css", "stylesheet", stylesheet)
    bp.app_errorhandler(HTTPException)(refused)
    bp.errorhandler(Unavailable)(unavailable)
    bp.app_context_processor(vocabulary)

    @bp.record_once
    def prepare(state: BlueprintSetupState) -> None:
        environment = state.app.jinja_env
        environment.add_extension("jinja2.ext.i18n")
        environment.install_gettext_callables(words.gettext, words.form, newstyle=True)  # type: ignore[attr-defined]
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True


def vocabulary() -> dict[str, object]:
    """What templates may say without being handed it."""
    return {
        "language": words.language(),
        "other_language": other_language,
        "switch_address": switch_address,
        "style": styles()[0],
        "words": words,
        "status_word": status_word,
        "status_class": STATUS_CLASSES.__getitem__,
        "authority_name": lambda gss: authority_name(gss, words.language()),
        "why": why,
        "why_sentences": why_sentences,
        "decision_reasons": DECISION_REASONS,
        "grade_meanings": GRADE_MEANINGS,
        "slates": slates,
        "grade": grade,
    }
