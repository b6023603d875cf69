"""Saying which column of an LMS's report holds what, where its headings do not: what was looked for, what is there."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.export_tables import DATE, EXPORT_COLUMNS, EXPORT_HEADERS, STATE, still_missing, subject_titles
from lrs.programme.exports_in import KIND, table_of, waiting_export
from lrs.programme.mapping import chosen_columns, digest_of, offered
from lrs.programme.pages import Page, cohort_at
from lrs.programme.words import gettext
from lrs.storage import imports, mappings
from lrs.storage.cohorts import Cohort

ABOUT = "about"


def export_columns_form(cohort: str, number: str) -> Page:
    """Each thing that a report may tell, with a choice among the columns of the file."""
    signin.lead()
    here = cohort_at(cohort)
    waiting = waiting_export(transaction.reader(), here.id, number)
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]
    return _page(here, waiting, waiting.rows["columns"], waiting.rows[ABOUT], {})


def choose_export_columns(cohort: str, number: str) -> Page:
    """Keep which column holds what, for this report and for the next like it; what it is about, for this one alone."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    connection = transaction.connection()
    waiting = waiting_export(connection, here.id, number)
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]
    columns = chosen_columns(request.form, names_of(here), len(waiting.rows["headings"]))
    about = request.form.get(ABOUT) if request.form.get(ABOUT) in _subjects(here) else None
    about = about and about.removeprefix("-")
    if problems := _problems(columns, about):
        return _page(here, waiting, columns, about, problems), 400
    digest = digest_of(waiting.rows["headings"])
    mappings.keep_mapping(connection, KIND, digest, columns, user.email, now)
    imports.change_import(connection, number, {**waiting.rows, "columns": columns, ABOUT: about})
    signin.noted("columns", here.id, digest[:12])
    return redirect(url_for("programme.export_preview", cohort=here.id, number=number))  # type: ignore[return-value]


def names_of(here: Cohort) -> dict[str, str]:
    """What each column may be chosen for: a key and its name in the language being spoken."""
    names = {key: gettext(name) for key, name in EXPORT_COLUMNS.items()}
    for module, title in subject_titles(here.outline).items():
        names[STATE + module] = gettext("%(module)s: whether it is finished", module=title)
        names[DATE + module] = gettext("%(module)s: when", module=title)
    return names


def _subjects(here: Cohort) -> dict[str, str]:
    """What a whole list may be about; with a hyphen before each id, because the course's is empty."""
    return {f"-{module}": title for module, title in subject_titles(here.outline).items()}


def _problems(columns: Mapping[str, int], about: str | None) -> dict[str, str]:
    missing = still_missing(columns, about)
    problems = {key: gettext("Choose the column that holds this.") for key in missing}
    if "email" in missing:
        problems["email"] = gettext("Choose the column that holds this, or the one with the LMS id.")
    if "module" in missing:
        problems["module"] = gettext("Choose the column that holds this, or say below what the whole list is about.")
    holds: dict[int, str] = {}
    for key, number in columns.items():
        if holds.setdefault(number, key) != key:
            problems[key] = gettext("This column has been chosen already. Choose another, or none.")
    return problems


def _page(
    here: Cohort, waiting: imports.Import, columns: Mapping[str, int], about: str | None, problems: Mapping[str, str]
) -> str:
    missing = still_missing(waiting.rows["columns"], waiting.rows[ABOUT])
    return render_template(
        "export_columns.html",
        cohort=here,
        filename=waiting.filename,
        headings=[text for text in waiting.rows["headings"] if text],
        sought={gettext(EXPORT_COLUMNS[key]): EXPORT_HEADERS[key] for key in missing},
        names=names_of(here),
        general=tuple(EXPORT_COLUMNS),
        subjects=_subjects(here),
        about=None if about is None else f"-{about}",
        columns=columns,
        offered=offered(table_of(waiting)),
        problems=problems,
    )


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/exports/<number>/columns"
    bp.add_url_rule(where, view_func=export_columns_form)
    bp.add_url_rule(where, view_func=choose_export_columns, methods=["POST"])
