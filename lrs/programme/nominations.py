"""Nominating people for a residential: a link officer names their own council's, one at a time or as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.imports import changes
from lrs.programme.mapping import columns_for, waiting_table
from lrs.programme.pages import Page, cohort_at
from lrs.programme.roster import COLUMN_NAMES, SERVICE_NAMES, Bad, Entry, Table, missing_from, understood
from lrs.programme.rosters import sent_table
from lrs.programme.sheets import SheetTooLarge, UnreadableSheet
from lrs.programme.site import found
from lrs.programme.successors import person_problems
from lrs.programme.words import gettext, language, named
from lrs.rules.days import day_in_wales
from lrs.rules.places import GONE
from lrs.storage import imports, people
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.users import User

KIND = "nomination"
MOST = 500  # people on one council's list
SERVICES = tuple(dict.fromkeys(SERVICE_NAMES.values()))
SERVICE_WORDS = {
    "education": named("Education"),
    "children": named("Children’s services"),
    "both": named("Education and children’s services"),
}


class Nominations(NamedTuple):
    """What a list would do: those who would be nominated, those who are on the list here already, and the rest."""

    new: Sequence[Entry]
    known: Sequence[tuple[Entry, str]]  # with who they are
    here: Sequence[Entry]
    bad: Sequence[Bad]

    @property
    def would_do(self) -> int:
        """How many people would be nominated."""
        return len(self.new) + len(self.known)


@dataclass
class NominationForm:
    """One person as a link officer names them."""

    name: str = ""
    email: str = ""
    language: str = ""
    role: str = ""
    service: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def filled(cls, sent: Mapping[str, str]) -> "NominationForm":
        """The form as sent, with everything that is wrong with it."""
        words = [" ".join(sent.get(name, "").split()) for name in ("name", "email", "language", "role", "service")]
        form = cls(words[0], words[1].lower(), words[2], words[3], words[4])
        form.problems = person_problems(form.name, form.email, form.language, form.role)
        if form.service and form.service not in SERVICES:
            form.problems["service"] = gettext("Choose a service from the list, or none.")
        return form

    def entry(self, authority: str) -> Entry:
        """The person as a row of a list, of that council."""
        return Entry(0, self.name, self.email, authority, self.language, self.role, service=self.service)


def sorted_out(
    connection: Connection, cohort: Cohort, entries: Sequence[Entry], authority: str, now: datetime
) -> Nominations:
    """What nominating these people of one council would do; of other councils' people nothing is told."""
    own = [one._replace(place="", lms="", lms_id="", second="") for one in entries if one.authority == authority]
    bad = [Bad(one.line, one.name, (_not_yours(),)) for one in entries if one.authority != authority]
    new, known, here = [], [], []
    for change in changes(connection, cohort, own, now):
        entry, somebody = change.entry, change.known
        if change.kind == "duplicate":
            bad.append(Bad(entry.line, entry.name, (gettext("The same person is on the list twice."),)))
        elif somebody is None:
            new.append(entry)
        elif somebody.authority != authority:
            bad.append(Bad(entry.line, entry.name, (_not_here(),)))
        elif somebody.place and somebody.place not in GONE:
            here.append(entry)
        else:
            known.append((entry, somebody.person))
    return Nominations(new, known, here, sorted(bad))


def _not_yours() -> str:
    return gettext("You may nominate your own council’s people only.")


def _not_here() -> str:
    return gettext("This address cannot be nominated here. Ask a programme lead.")


def nominate(connection: Connection, cohort: Cohort, nominated: Nominations, by: str, now: datetime) -> None:
    """Put them on the residential's list as nominated; whoever is known keeps what is known of them."""
    newcomers = [
        people.Newcomer(one.name, one.language, one.authority, one.role, "nominated", one.identifiers, one.service)
        for one in nominated.new
    ]
    people.add_people(connection, cohort.id, newcomers, by, now)
    for _, person in nominated.known:
        people.place(connection, cohort.id, person, "nominated", by, now)


def _officer() -> tuple[User, str]:
    """The link officer who is asking, and their council; 403 for anybody else."""
    user = signin.signed_in()
    if not user.sees:
        abort(403)
    return user, user.sees


def _open(cohort: str) -> Cohort:
    """The residential, while people may still be nominated for it; 409 from its first day on."""
    here = cohort_at(cohort)
    if day_in_wales(transaction.now()) >= here.starts:
        abort(409)
    return here


def nomination_form(cohort: str) -> str:
    """Where a link officer nominates somebody, or sends a list."""
    _officer()
    return _form(_open(cohort), NominationForm())


def _form(here: Cohort, form: NominationForm, problem: str = "") -> str:
    services = {service: gettext(words) for service, words in SERVICE_WORDS.items()}
    return render_template("nominate.html", cohort=here, form=form, problem=problem, services=services)


def send_nomination(cohort: str) -> Page:
    """Nominate one person, or show the form again with what is wrong."""
    user, authority = _officer()
    here, now = _open(cohort), transaction.now()
    form = NominationForm.filled(request.form)
    connection = transaction.connection()
    if not form.problems:
        nominated = sorted_out(connection, here, [form.entry(authority)], authority, now)
        if nominated.bad:
            form.problems["email"] = " ".join(nominated.bad[0].problems)
        elif nominated.here:
            form.problems["email"] = gettext("This person is on the list already.")
    if form.problems:
        return _form(here, form), 400
    nominate(connection, here, nominated, user.email, now)
    signin.noted("nominate", here.id, "1")
    return _done(here)


def _done(here: Cohort) -> Page:
    return redirect(url_for("programme.residential_places", cohort=here.id))  # type: ignore[return-value]


def send_list(cohort: str) -> Page:
    """Read a list, and show what it would do; nobody is nominated yet."""
    user, authority = _officer()
    here = _open(cohort)
    connection, now = transaction.connection(), transaction.now()
    try:
        filename, table = sent_table()
        table = _with_council(table._replace(columns=columns_for(connection, table.headings)), authority)
        if missing := missing_from(table.columns):
            raise UnreadableSheet(_no_column(missing))
        if len(table.lines) > MOST:
            raise SheetTooLarge(gettext("A council’s list has at most 500 people."))
    except UnreadableSheet as error:
        code = 413 if isinstance(error, SheetTooLarge) else 400
        return _form(here, NominationForm(), str(error)), code
    number = imports.keep_import(connection, here.id, filename, table._asdict(), user.email, now, KIND)
    return redirect(url_for("programme.nomination_preview", cohort=here.id, number=number))  # type: ignore[return-value]


def _with_council(table: Table, authority: str) -> Table:
    """The table with the officer's own council in every row, where it has no column for one."""
    if {"council", "gss"} & table.columns.keys():
        return table
    width = len(table.headings)
    lines = [(line, [*cells[:width], *[""] * (width - len(cells)), authority]) for line, cells in table.lines]
    return Table([*table.headings, ""], lines, {**table.columns, "gss": width})


def _waiting(connection: Connection, here: Cohort, number: str, user: User) -> imports.Import:
    """The list that waits, if it is this officer's own; 404 else."""
    waiting = found(imports.import_called(connection, here.id, number, KIND))
    if waiting.created_by != user.email:
        abort(404)
    return waiting


def _nominations(connection: Connection, here: Cohort, waiting: imports.Import, authority: str) -> Nominations:
    roster = understood(waiting_table(waiting))
    nominated = sorted_out(connection, here, roster.entries, authority, transaction.now())
    return nominated._replace(bad=sorted([*roster.bad, *nominated.bad]))


def nomination_preview(cohort: str, number: str) -> Page:
    """Every row of a list that waits: to be nominated, here already, or not understood."""
    user, authority = _officer()
    here, connection = _open(cohort), transaction.reader()
    waiting = _waiting(connection, here, number, user)
    if waiting.confirmed_at:
        return _done(here)
    nominated = _nominations(connection, here, waiting, authority)
    page = {"cohort": here, "title": here.title(language()), "filename": waiting.filename, "nominated": nominated}
    return render_template("nominate_preview.html", **page)


def confirm_nominations(cohort: str, number: str) -> Page:
    """Nominate those whom the preview showed, worked out afresh."""
    user, authority = _officer()
    here, connection, now = _open(cohort), transaction.connection(), transaction.now()
    waiting = _waiting(connection, here, number, user)
    if waiting.confirmed_at is None:
        nominated = _nominations(connection, here, waiting, authority)
        nominate(connection, here, nominated, user.email, now)
        imports.confirm_import(connection, number, now)
        signin.noted("nominate", here.id, str(nominated.would_do))
    return _done(here)


def _no_column(missing: Sequence[str]) -> str:
    names = ", ".join(gettext(COLUMN_NAMES[key]) for key in missing)
    return gettext("The first line has no column for: %(names)s.", names=names)


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/nominate"
    bp.add_url_rule(where, view_func=nomination_form)
    bp.add_url_rule(where, view_func=send_nomination, methods=["POST"])
    bp.add_url_rule(where + "/list", view_func=send_list, methods=["POST"])
    bp.add_url_rule(where + "/<number>", view_func=nomination_preview)
    bp.add_url_rule(where + "/<number>", view_func=confirm_nominations, methods=["POST"])
