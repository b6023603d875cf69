"""The log of who looked at whom, took what away and changed what: a page for leads, and the same as CSV."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from flask import Blueprint, Response, make_response, render_template, request

from lrs import signin, transaction
from lrs.programme.export import csv_file
from lrs.programme.words import gettext
from lrs.storage import audit
from lrs.storage.audit import Noted, Sought

PAGE = 100
MOST = 100_000  # rows in one file


class AuditPage(NamedTuple):
    """One page of the log. ``typed`` is what the address asks for, ``problem`` what it asks for in vain."""

    rows: list[Noted]
    actions: list[str]
    typed: Mapping[str, str]
    problem: str
    through: int
    number: int
    pages: int


def _asked() -> tuple[Sought, dict[str, str], str]:
    typed = {name: request.args.get(name, "").strip()[:200] for name in ("person", "action", "day")}
    try:
        day = date.fromisoformat(typed["day"]) if typed["day"] else None
        problem = "" if day is None or 1970 < day.year < 9999 else gettext("Give a date, such as 2026-11-27.")
    except ValueError:
        day, problem = None, gettext("Give a date, such as 2026-11-27.")
    return Sought(typed["person"], typed["action"], None if problem else day), typed, problem


def audit_log() -> str:
    """The log, the newest first, of a person, an action or a day where the address asks so."""
    signin.lead()
    sought, typed, problem = _asked()
    connection = transaction.reader()
    through = audit.how_many(connection, sought)
    pages = max(1, -(-through // PAGE))
    asked = request.args.get("page", "1")
    number = min(int(asked), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) else 1
    rows = audit.rows_of(connection, sought, PAGE, (number - 1) * PAGE)
    page = AuditPage(rows, audit.actions(connection), typed, problem, through, number, pages)
    return render_template("audit.html", page=page)


def audit_csv() -> Response:
    """The log as a CSV file, filtered as the address says."""
    signin.lead()
    sought, typed, _ = _asked()
    rows = audit.rows_of(transaction.reader(), sought, MOST)
    signin.noted("export", "log", " ".join(value for value in typed.values() if value))
    header = [gettext("When"), gettext("Who"), gettext("What"), gettext("About"), gettext("Name"), gettext("More")]
    lines = [[row.at.isoformat(), row.user, row.action, row.subject, row.name or "", row.detail] for row in rows]
    response = make_response(csv_file([header, *lines]))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/log", view_func=audit_log)
    bp.add_url_rule("/log.csv", view_func=audit_csv)
