"""Bringing in a roster: send a file, look at every row of it, and only then confirm."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.exceptions import RequestEntityTooLarge

from lrs import signin, transaction
from lrs.programme import exports_in
from lrs.programme.imports import KINDS, Change, carry_out, changes
from lrs.programme.mapping import columns_for, waiting_table
from lrs.programme.pages import Page, cohort_at
from lrs.programme.roster import Bad, Roster, Table, missing_from, read_table, template, understanding, understood
from lrs.programme.sheets import MAX_BYTES, SheetTooLarge, UnreadableSheet, too_many_bytes
from lrs.programme.site import found
from lrs.programme.words import gettext, language
from lrs.storage import imports
from lrs.storage.cohorts import Cohort

SHOWN = 200  # rows of one kind on the page; the counts are of all of them


class Preview(NamedTuple):
    """What a roster would do, row by row."""

    cohort: Cohort
    title: str
    filename: str
    changes: dict[str, list[Change]]
    bad: Sequence[Bad]
    unused: Sequence[str]

    @property
    def would_do(self) -> int:
        """How many rows would change anything."""
        return len(self.changes["new"]) + len(self.changes["changed"])


def roster_form(cohort: str) -> str:
    """Where a roster is sent from."""
    signin.lead()
    return render_template("roster.html", cohort=cohort_at(cohort), problem="")


def sent_table() -> tuple[str, Table]:
    """The list that was sent: the file's name and its rows. Raises UnreadableSheet."""
    file = request.files.get("roster")
    if file is None or not file.filename:
        raise UnreadableSheet(gettext("Choose a file first."))
    with file.stream as stream:
        return file.filename[:200], read_table(stream.read(MAX_BYTES + 1))


def send_roster(cohort: str) -> Page:
    """Read the file and show what it would do; the roster stays as it is."""
    user, here = signin.lead(), cohort_at(cohort)
    try:
        filename, table = sent_table()
    except UnreadableSheet as error:
        code = 413 if isinstance(error, SheetTooLarge) else 400
        return render_template("roster.html", cohort=here, problem=str(error)), code
    connection, now = transaction.connection(), transaction.now()
    rows = {**table._asdict(), "columns": columns_for(connection, table.headings)}
    number = imports.keep_import(connection, here.id, filename, rows, user.email, now)
    return redirect(url_for("programme.roster_preview", cohort=here.id, number=number))  # type: ignore[return-value]


def roster_preview(cohort: str, number: str) -> Page:
    """Every row of a roster that waits: new, changed, repeated, unchanged, or not understood."""
    signin.lead()
    here = cohort_at(cohort)
    waiting = found(imports.import_called(transaction.reader(), here.id, number))
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]
    if missing_from(waiting.rows["columns"]):
        return redirect(url_for("programme.column_form", cohort=here.id, number=number))  # type: ignore[return-value]
    return Response(stream_with_context(_told(Reading(here, waiting))), mimetype="text/html")


class Reading:
    """A list that is being understood; ``preview`` is there once ``steps`` have been taken."""

    preview: Preview
    working = False

    def __init__(self, cohort: Cohort, waiting: imports.Import):
        self.cohort, self.waiting = cohort, waiting
        self.title, self.table = cohort.title(language()), waiting_table(waiting)

    def steps(self) -> Iterator[int]:
        """Do the work; now and then how many rows have been read."""
        self.working = True
        roster = yield from understanding(self.table)
        sorted_out = changes(transaction.reader(), self.cohort, roster.entries, transaction.now())
        by_kind = {kind: [change for change in sorted_out if change.kind == kind] for kind in KINDS}
        self.preview = Preview(self.cohort, self.title, self.waiting.filename, by_kind, roster.bad, roster.unused)
        self.working = False


def _told(reading: Reading) -> Iterator[str]:
    """The page, sent as far as it is whenever a step of the work is about to be done, and then the rest at once."""
    page = current_app.jinja_env.get_template("roster_preview.html")
    context = {"reading": reading, "number": reading.waiting.id, "limit": SHOWN}
    current_app.update_template_context(context)
    sent: list[str] = []
    for piece in page.generate(context):
        sent.append(piece)
        if reading.working:
            yield "".join(sent)
            sent.clear()
    yield "".join(sent)


def confirm_roster(cohort: str, number: str) -> Page:
    """Keep what the preview showed, worked out afresh in case somebody else was quicker."""
    user, here = signin.lead(), cohort_at(cohort)
    connection, now = transaction.connection(), transaction.now()
    waiting = found(imports.import_called(connection, here.id, number))
    if waiting.confirmed_at is None:
        if missing_from(waiting.rows["columns"]):
            abort(409)
        entries = _roster(waiting).entries
        carry_out(connection, here, changes(connection, here, entries, now), user.email, now)
        imports.confirm_import(connection, number, now)
        signin.noted("import", here.id, f"{len(entries)} rows")
    return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]


def _roster(waiting: imports.Import) -> Roster:
    return understood(waiting_table(waiting))


def roster_template() -> Response:
    """The example list, in the language of the page."""
    response = make_response(template())
    response.mimetype = "text/csv"
    name = gettext("roster")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def too_large(_error: RequestEntityTooLarge) -> Page:
    """A file so large that it was not even read."""
    problem = too_many_bytes()
    cohort = (request.view_args or {}).get("cohort")
    if cohort is None:
        return render_template("refused.html", title=problem, code=413), 413
    if request.endpoint == "programme.send_export":
        return exports_in.too_large(cohort, problem)
    return render_template("roster.html", cohort=cohort_at(cohort), problem=problem), 413


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/roster"
    bp.add_url_rule("/roster-template.csv", view_func=roster_template)
    bp.add_url_rule(where, view_func=roster_form)
    bp.add_url_rule(where, view_func=send_roster, methods=["POST"])
    bp.add_url_rule(where + "/<number>", view_func=roster_preview)
    bp.add_url_rule(where + "/<number>", view_func=confirm_roster, methods=["POST"])
    bp.errorhandler(RequestEntityTooLarge)(too_large)
