"""Bringing in an LMS's completion report: send the file, look at what it tells of whom, and only then confirm."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import export_tables
from lrs.programme.export_tables import (
    Reading,
    fitting,
    iris_of,
    reading_of,
    still_missing,
    subject_titles,
    subjects_of,
)
from lrs.programme.mapping import digest_of
from lrs.programme.pages import Page, cohort_at
from lrs.programme.roster import Bad, Table, read_table
from lrs.programme.sheets import MAX_BYTES, SheetTooLarge, UnreadableSheet
from lrs.programme.site import found
from lrs.programme.words import gettext, language
from lrs.rules.exports import Told, id_of, statements_of
from lrs.rules.statements import checked
from lrs.storage import imports, mappings, people
from lrs.storage.cohorts import Cohort
from lrs.storage.courses import the_origin
from lrs.storage.database import Connection
from lrs.storage.keys import Key
from lrs.storage.people import Identifier
from lrs.storage.pulls import all_pulls
from lrs.storage.senders import sender_of, who_may_send
from lrs.storage.statements import store, which_are_stored

KIND = "export"
SHOWN = 200  # rows of one kind on the page; the counts are of all of them
KINDS = ("completed", "passed", "failed", "initialized")


class Form(NamedTuple):
    """What was typed beside the file, and by field what is wrong with it; ``trouble`` is the file's."""

    key: str = ""
    home_page: str = ""
    problems: Mapping[str, str] = {}
    trouble: str = ""


class Preview(NamedTuple):
    """What a report would do: counts by module and kind, and the rows that somebody should look at."""

    cohort: Cohort
    title: str
    filename: str
    source: str
    new: int
    known: int
    undated: int
    untouched: int
    strangers: Sequence[tuple[str, int]]
    modules: Sequence[tuple[str, Counter[str]]]
    bad: Sequence[Bad]
    elsewhere: Sequence[tuple[str, int]]
    unused: Sequence[str]


def export_form(cohort: str) -> str:
    """Where a report is sent from."""
    signin.lead()
    return _form(cohort_at(cohort), Form())


def _form(cohort: Cohort, form: Form) -> str:
    connection = transaction.reader()
    asked = {"keys": who_may_send(connection), "names": _field_names(), "stores": all_pulls(connection)}
    return render_template("export.html", cohort=cohort, form=form, **asked)


def _field_names() -> dict[str, str]:
    return {"key": gettext("Which LMS"), "home_page": gettext("Address of the LMS"), "roster": gettext("The report")}


def send_export(cohort: str) -> Page:
    """Read the file and show what it tells; nothing becomes evidence yet."""
    user, here = signin.lead(), cohort_at(cohort)
    key, problems = _key_called(request.form.get("key", "")), {}
    if key is None:
        problems["key"] = gettext("Choose the LMS that the report is from.")
    home_page = _home_page(request.form.get("home_page", "").strip(), problems)
    form = Form(request.form.get("key", ""), home_page, problems)
    try:
        filename, table = _sent(here)
    except UnreadableSheet as error:
        code = 413 if isinstance(error, SheetTooLarge) else 400
        return _form(here, form._replace(trouble=str(error))), code
    if problems or key is None:
        return _form(here, form), 400
    connection, now = transaction.connection(), transaction.now()
    said = mappings.kept_mapping(connection, KIND, digest_of(table.headings))
    rows = {**table._asdict(), "columns": table.columns if said is None else fitting(said, here.outline)}
    rows |= {"about": None, "key": key.key, "home_page": home_page}
    number = imports.keep_import(connection, here.id, filename, rows, user.email, now, KIND)
    return redirect(url_for("programme.export_preview", cohort=here.id, number=number))  # type: ignore[return-value]


def _sent(here: Cohort) -> tuple[str, Table]:
    file = request.files.get("roster")
    if file is None or not file.filename:
        raise UnreadableSheet(gettext("Choose a file first."))
    subjects = subjects_of(here.outline)
    with file.stream as stream:
        table = read_table(stream.read(MAX_BYTES + 1), lambda cells: export_tables.export_columns(cells, subjects))
    return file.filename[:200], table


def _key_called(name: str) -> Key | None:
    return next((key for key in who_may_send(transaction.reader()) if key.key == name), None)


def _home_page(typed: str, problems: dict[str, str]) -> str:
    try:
        return the_origin(typed) if typed else ""
    except ValueError:
        problems["home_page"] = gettext(
            "“%(text)s” is not the address of an LMS, such as https://lms.council.example.", text=typed[:80]
        )
        return typed[:200]


def waiting_export(connection: Connection, cohort: str, number: str) -> imports.Import:
    """The report of that number that waits or waited here, or 404."""
    return found(imports.import_called(connection, cohort, number, KIND))


def table_of(waiting: imports.Import) -> Table:
    """The rows of a report that waits."""
    return Table(**{name: waiting.rows[name] for name in Table._fields})


def _read(here: Cohort, waiting: imports.Import) -> Reading:
    rows = waiting.rows
    return reading_of(table_of(waiting), rows["about"], rows["home_page"], here.outline, transaction.now())


def export_preview(cohort: str, number: str) -> Page:
    """What a report that waits tells of whom: new, known, not understood, and people who are not known."""
    signin.lead()
    here = cohort_at(cohort)
    waiting = waiting_export(transaction.reader(), here.id, number)
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]
    if still_missing(waiting.rows["columns"], waiting.rows["about"]):
        return redirect(url_for("programme.export_columns_form", cohort=here.id, number=number))  # type: ignore[return-value]
    try:
        preview = _preview(transaction.reader(), here, waiting)
    except SheetTooLarge as error:
        return _form(here, Form(trouble=str(error))), 413
    return render_template("export_preview.html", preview=preview, number=number, limit=SHOWN, kinds=KINDS)


def _preview(connection: Connection, here: Cohort, waiting: imports.Import) -> Preview:
    key, reading, table = waiting.rows["key"], _read(here, waiting), table_of(waiting)
    iris, titles = iris_of(here.outline), subject_titles(here.outline)
    ids = {id_of(told, key, iris[told.module]): told for told in reading.told}
    known = which_are_stored(connection, list(ids))
    new = [told for number, told in ids.items() if number not in known]
    tally: dict[str, Counter[str]] = {module: Counter() for module in titles}
    for told in ids.values():
        tally[told.module][told.kind] += 1
    used = set(table.columns.values())
    source = _key_called(key)
    return Preview(
        cohort=here,
        title=here.title(language()),
        filename=waiting.filename,
        source=source.label if source else "",
        new=len(new),
        known=len(known),
        undated=sum(told.at is None for told in new),
        untouched=reading.untouched,
        strangers=_strangers(connection, here, list(ids.values())),
        modules=[(titles[module], counts) for module, counts in tally.items() if counts],
        bad=reading.bad,
        elsewhere=reading.elsewhere.most_common(),
        unused=[text for index, text in enumerate(table.headings) if text and index not in used],
    )


def _strangers(connection: Connection, here: Cohort, told: Sequence[Told]) -> list[tuple[str, int]]:
    """Who is spoken of and not known by any identifier, as the list has them, each with how many states."""
    asked = {one.actor: _identifier(one.actor) for one in told}
    known = people.who_is_known_by(connection, here.id, asked.values(), transaction.now())
    counts = Counter(one.actor for one in told if asked[one.actor] not in known)
    shown = {one.actor: ", ".join(filter(None, (one.name, _known_as(one.actor)))) for one in told}
    return [(shown[actor], count) for actor, count in counts.items()]


def _identifier(actor: str) -> Identifier:
    return ("email", _known_as(actor)) if actor.startswith("mbox|") else ("account", actor)


def _known_as(actor: str) -> str:
    """What the report calls an actor: the e-mail address, or the id in the LMS."""
    return actor.rpartition("|")[2].removeprefix("mailto:")


def confirm_export(cohort: str, number: str) -> Page:
    """Store what the preview showed, worked out afresh, all of it or nothing; what is stored already stays as it is."""
    signin.lead()
    here = cohort_at(cohort)
    waiting = waiting_export(transaction.reader(), here.id, number)
    if waiting.confirmed_at is None:
        key = _key_called(waiting.rows["key"])
        # Statements take longer to make than to store, and while this transaction writes nobody else can.
        new = key and _statements(transaction.reader(), here, waiting)
        if key is None or new is None:
            return redirect(url_for("programme.export_preview", cohort=here.id, number=number))  # type: ignore[return-value]
        _keep(here, number, key, new)
    return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]


def _keep(here: Cohort, number: str, key: Key, new: list[dict[str, Any]]) -> None:
    connection, now = transaction.connection(), transaction.now()
    if waiting_export(connection, here.id, number).confirmed_at is None:
        sender = sender_of(key, current_app.config["KTB_PUBLIC_URL"])._replace(grade="confirmed", defines=False)
        store(connection, new, sender, now)
        imports.confirm_import(connection, number, now)
        signin.noted("export-in", here.id, f"{len(new)} states from {key.label}")


def _statements(connection: Connection, here: Cohort, waiting: imports.Import) -> list[dict[str, Any]] | None:
    """What a report says that is not stored yet; None where somebody has to look at it again."""
    rows, iris, verbs = waiting.rows, iris_of(here.outline), here.outline["verbs"]
    if still_missing(rows["columns"], rows["about"]):
        return None
    try:
        told = _read(here, waiting).told
    except SheetTooLarge:
        return None
    ids = {id_of(one, rows["key"], iris[one.module]): one for one in told}
    known = which_are_stored(connection, list(ids))
    new = (one for number, one in ids.items() if number not in known)
    return checked(list(statements_of(new, rows["key"], iris, verbs)))


def too_large(cohort: str, problem: str) -> Page:
    """The form again, where the file was so large that it was not even read."""
    return _form(cohort_at(cohort), Form(trouble=problem)), 413


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/exports"
    bp.add_url_rule(where, view_func=export_form)
    bp.add_url_rule(where, view_func=send_export, methods=["POST"])
    bp.add_url_rule(where + "/<number>", view_func=export_preview)
    bp.add_url_rule(where + "/<number>", view_func=confirm_export, methods=["POST"])
