"""Certificates: issued to whoever finished the modules and was there, taken away as PDF/UA, and checked by anybody."""

import io
import re
import secrets
import zipfile
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin

import segno
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import export, limits, paper
from lrs.programme.authorities import fold
from lrs.programme.board import Standing, standings
from lrs.programme.pages import Page, cohort_at
from lrs.programme.paper import Both, both, in_both
from lrs.programme.register import name_order
from lrs.programme.site import found
from lrs.programme.words import gettext, language, long_date, named, span, speaking
from lrs.rules.readiness import day_in_wales
from lrs.storage import certificates
from lrs.storage.certificates import Certificate
from lrs.storage.cohorts import Cohort, cohort_called

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # nothing that is read for something else on paper
CODE_LENGTH = 12  # of 30 letters and figures: 58 bits, which no visitor of ours guesses
GROUP = 4


class Given(NamedTuple):
    """One person on the page of certificates; ``issued`` is None where they are due and have none yet."""

    person: str
    name: str
    language: str
    issued: Certificate | None


class CertificatesPage(NamedTuple):
    """Who has a certificate of a residential, and who is due one."""

    cohort: Cohort
    title: str
    due: list[Given]
    given: list[Given]


def new_code() -> str:
    """A code for a new certificate, as it stands on the paper: such as K7WM-3HTR-9XDP."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def code_typed(text: str) -> str:
    """The code that somebody typed, however they set it; not a code where it is none."""
    letters = re.sub(r"[^A-Z0-9]", "", text[:100].upper())
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))[:20]


def earned(one: Standing) -> bool:
    """Whether somebody is due a certificate: they were at the residential, and every module it asks for counts."""
    return one.member.place == "attended" and one.readiness.status == "ready"


def _page(here: Cohort) -> CertificatesPage:
    connection = transaction.connection()
    kept = certificates.certificates_of(connection, here.id)
    now = transaction.now()
    over, everybody = day_in_wales(now) >= here.ends, standings(connection, here, now)
    people = [
        Given(one.member.person, one.member.name, one.member.language, kept.get(one.member.person))
        for one in sorted(everybody, key=lambda one: (name_order(one.member.name), one.member.person))
        if (over and earned(one)) or one.member.person in kept
    ]
    due = [one for one in people if one.issued is None]
    return CertificatesPage(here, here.title(language()), due, [one for one in people if one.issued])


def certificates_page(cohort: str) -> str:
    """Who has a certificate and who is due one."""
    signin.lead()
    page = _page(cohort_at(cohort))
    signin.noted("look", f"certificates {page.cohort.id}", f"{len(page.given)} given")
    return render_template("certificates.html", page=page)


def issue_certificates(cohort: str) -> Page:
    """Give a certificate to everybody who is due one and has none."""
    signin.lead()
    page = _page(cohort_at(cohort))
    return _issued(page.cohort, page.due)


def issue_again(cohort: str, code: str) -> Page:
    """Give a new certificate, under the name and in the language that hold today, in place of a revoked one."""
    signin.lead()
    page = _page(cohort_at(cohort))
    again = [one for one in page.given if one.issued and one.issued.code == code and one.issued.revoked_at]
    if not again:
        abort(409)
    return _issued(page.cohort, again)


def _issued(here: Cohort, people: Iterable[Given]) -> Page:
    by, now = signin.signed_in().email, transaction.now()
    made = [Certificate(new_code(), here.id, one.person, one.name, one.language, now, by) for one in people]
    certificates.issue(transaction.connection(), made)
    for one in made:
        signin.noted("certificate", one.person, f"{here.id} {one.code}")
    return redirect(url_for("programme.certificates_page", cohort=here.id))  # type: ignore[return-value]


def revoke_certificate(cohort: str, code: str) -> Page:
    """Say from now on that a certificate does not hold."""
    signin.lead()
    here, connection = cohort_at(cohort), transaction.connection()
    kept = found(certificates.certificate_called(connection, code))
    if not certificates.revoke(connection, here.id, code, transaction.now()):
        abort(409)
    signin.noted("revoke", kept.person, f"{here.id} {code}")
    return redirect(url_for("programme.certificates_page", cohort=here.id))  # type: ignore[return-value]


# --- on paper ------------------------------------------------------------------------------------------------------


def check_address(code: str) -> str:
    """Where anybody may check the certificate: what its QR code says."""
    base = current_app.config["KTB_PUBLIC_URL"] or request.url_root
    return urljoin(base.rstrip("/") + "/", url_for("programme.check_certificate", code=code).lstrip("/"))


def on_paper(kept: Certificate, here: Cohort, address: str) -> dict[str, object]:
    """What the template of a certificate is given: words in the learner's language alone."""
    with speaking(kept.language):
        return {
            "language": kept.language,
            "title": gettext("Certificate"),
            "says": gettext("This is to say that"),
            "name": kept.name,
            "did": gettext("has completed the modules of %(course)s", course=here.outline["title"][kept.language]),
            "attended": gettext("and was at the residential %(title)s,", title=here.title(kept.language)),
            "dates": span(here.starts, here.ends) + ".",
            "issued": gettext("Given on %(day)s.", day=long_date(day_in_wales(kept.issued_at))),
            "code": kept.code,
            "check": gettext("Anybody may check this certificate by its code:"),
            "address": address,
            "picture": gettext("A code for a phone’s camera, which opens %(address)s", address=address),
            "qr": _qr(address),
        }


def _qr(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode()


def _pdf(kept: Certificate, here: Cohort) -> bytes:
    return paper.pdf("certificate", on_paper(kept, here, check_address(kept.code)), kept.issued_at)


def _file_name(kept: Certificate) -> str:
    return "-".join([*re.findall("[a-z0-9]+", fold(kept.name)), kept.code])


def one_certificate(cohort: str, code: str) -> Response:
    """One certificate as PDF/UA."""
    signin.lead()
    here = cohort_at(cohort)
    kept = found(certificates.certificate_called(transaction.reader(), code))
    if kept.cohort != here.id or kept.revoked_at:
        abort(404)
    signin.noted("export", kept.person, f"certificate {code}")
    return paper.answer(_pdf(kept, here), _file_name(kept))


def all_certificates(cohort: str) -> Response:
    """Every certificate of a residential that holds, as PDF/UA files in one zip."""
    signin.lead()
    here, file = cohort_at(cohort), io.BytesIO()
    held = [one for one in certificates.certificates_of(transaction.reader(), here.id).values() if not one.revoked_at]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for one in held:
            pack.writestr(f"{_file_name(one)}.pdf", _pdf(one, here))
    signin.noted("export", here.id, f"{len(held)} certificates")
    return export.download(file.getvalue(), "application/zip", f"{here.id}-certificates.zip")


# --- checked by anybody --------------------------------------------------------------------------------------------


class Checked(NamedTuple):
    """What a check of a code tells, in both languages: nothing that does not stand on the paper.

    ``state`` is valid, revoked or unknown; only of a valid one is there more.
    """

    code: str
    state: str
    name: str = ""
    course: Both | None = None
    residential: Both | None = None
    dates: Both | None = None
    issued: Both | None = None


STATES = {
    "valid": named("This certificate is valid"),
    "revoked": named("This certificate is no longer valid"),
    "unknown": named("There is no certificate with this code"),
}


def checked(code: str) -> Checked:
    """What is to be told about a code."""
    connection = transaction.reader()
    kept = certificates.certificate_called(connection, code)
    here = kept and cohort_called(connection, kept.cohort)
    if kept is None or here is None:
        return Checked(code, "unknown")
    if kept.revoked_at:
        return Checked(code, "revoked")
    title, issued = here.outline["title"], day_in_wales(kept.issued_at)
    return Checked(
        code=code,
        state="valid",
        name=kept.name,
        course={"cy": title["cy"], "en": title["en"]},
        residential={"cy": here.title_cy, "en": here.title_en},
        dates=in_both(lambda: span(here.starts, here.ends)),
        issued=in_both(lambda: long_date(issued)),
    )


def check() -> Page:
    """A form for a code typed from paper."""
    typed = code_typed(request.args.get("code", ""))
    if typed:
        return redirect(url_for("programme.check_certificate", code=typed))  # type: ignore[return-value]
    return render_template("check.html", checked=None)


def check_certificate(code: str) -> Page:
    """Whether the certificate with this code is valid, for anybody, in both languages at once."""
    limits.not_too_often("certificate")
    told = checked(code_typed(code))
    labels = {
        "state": both(STATES[told.state]),
        "name": both(named("Name")),
        "course": both(named("Course")),
        "residential": both(named("Residential")),
        "dates": both(named("Dates")),
        "issued": both(named("Given")),
    }
    return render_template("check.html", checked=told, labels=labels), 200 if told.state == "valid" else 404


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/certificates"
    bp.add_url_rule(where, view_func=certificates_page)
    bp.add_url_rule(where, view_func=issue_certificates, methods=["POST"])
    bp.add_url_rule(where + ".zip", view_func=all_certificates)
    bp.add_url_rule(where + "/<code>.pdf", view_func=one_certificate)
    bp.add_url_rule(where + "/<code>/revoke", view_func=revoke_certificate, methods=["POST"])
    bp.add_url_rule(where + "/<code>/again", view_func=issue_again, methods=["POST"])
    bp.add_url_rule("/certificates", view_func=check)
    bp.add_url_rule("/certificates/<code>", view_func=check_certificate)
