"""Snapshots and sign-off: who was ready at a moment and on what basis, frozen, and what has changed since."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import asat, export, findings
from lrs.programme.authorities import authority_name, fold
from lrs.programme.board import standings
from lrs.programme.pages import Page, cohort_at
from lrs.programme.reasons import status_word, why
from lrs.programme.site import found
from lrs.programme.words import gettext, language
from lrs.rules.readiness import GRADES, STATUSES
from lrs.rules.snapshot import FORMAT, Frozen, Json, canonical, counted, digest, entry, people_in, terms
from lrs.storage import merges, snapshots
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.people import who_is_on
from lrs.storage.snapshots import Snapshot


class Row(NamedTuple):
    """One person in a snapshot, in words. ``weakest`` is the weakest grade that the status rests on, if any."""

    person: str
    name: str
    authority: str
    status: str
    why: str
    done: int
    weakest: str

    @property
    def council(self) -> str:
        """The council's name in the language being spoken."""
        return authority_name(self.authority, language())


class Late(NamedTuple):
    """A record that counts, of something done before the cut-off, that came after it."""

    name: str
    module: str
    at: datetime
    arrived: datetime


class Changed(NamedTuple):
    """Somebody whose status is no longer what a snapshot has; a status is empty where they were not on the roster."""

    person: str
    name: str
    before: str
    after: str
    why: str


class SnapshotPage(NamedTuple):
    """Everything the page of one snapshot shows. ``intact`` is whether the content still has its digest.

    ``open`` has the kinds of exceptions that stand in the way of a sign-off, in words, and how many of each.
    """

    cohort: Cohort
    title: str
    snapshot: Snapshot
    intact: bool
    counts: dict[str, int]
    rows: list[Row]
    late: list[Late]
    changed: list[Changed]
    open: dict[str, int]


class SnapshotList(NamedTuple):
    """The snapshots of a residential, the newest first."""

    cohort: Cohort
    title: str
    snapshots: list[Snapshot]
    problem: str


def freeze(connection: Connection, cohort: Cohort, as_at: datetime) -> bytes:
    """A residential's readiness as at a moment, as the bytes that are kept, signed and exported."""
    plan = cohort.plan_at(as_at)
    everybody = sorted(standings(connection, cohort, as_at, whole=True), key=lambda one: one.member.person)
    people = [entry(one.member.person, one.member.authority, one.readiness, plan) for one in everybody]
    residential = {"id": cohort.id, "course": cohort.course, "practice": cohort.practice, **terms(plan, as_at)}
    return canonical(
        {"format": FORMAT, "residential": residential, "counts": counted(STATUSES, people), "people": people}
    )


def take(connection: Connection, cohort: Cohort, as_at: datetime, by: str, now: datetime) -> Snapshot:
    """Freeze and keep a residential's readiness as at a moment."""
    content = freeze(connection, cohort, as_at)
    made = digest(content)
    number = snapshots.add_snapshot(connection, cohort.id, as_at, content.decode(), made, by, now)
    return Snapshot(number, cohort.id, as_at, made, now, by, None, None)


def intact(connection: Connection, snapshot: Snapshot) -> bool:
    """Whether a snapshot's content is still what its digest was made of."""
    return digest(snapshots.content_of(connection, snapshot.id)) == snapshot.digest


def changed_since(connection: Connection, cohort: Cohort, snapshot: Snapshot, as_at: datetime) -> list[Changed]:
    """Everybody whose status at a moment is another than in a snapshot that is ``intact``, by name.

    The snapshot stays as it is.
    """
    before = {one.person: one for one in people_in(_content(connection, snapshot))}
    changed = []
    for one in standings(connection, cohort, as_at):
        was = before.pop(one.member.person, None)
        status = was.found.status if was else ""
        if status != one.readiness.status:
            reason = why(one.readiness, cohort)
            changed.append(Changed(one.member.person, one.member.name, status, one.readiness.status, reason))
    names = _names(connection, snapshot) if before else {}
    changed += [Changed(person, names.get(person, ""), one.found.status, "", "") for person, one in before.items()]
    return sorted(changed, key=lambda one: (fold(one.name), one.person))


def _content(connection: Connection, snapshot: Snapshot) -> Json:
    content: Json = orjson.loads(snapshots.content_of(connection, snapshot.id))
    return content


def _names(connection: Connection, snapshot: Snapshot) -> dict[str, str]:
    """Person -> the name that they have now, of everybody who was on the roster then; of a retired record its own."""
    names = {one.retired: one.retired_name for one in merges.merges_of(connection) if one.undone_at is None}
    return names | {one.person: one.name for one in who_is_on(connection, snapshot.cohort, snapshot.as_at)}


def rows_of(connection: Connection, cohort: Cohort, snapshot: Snapshot) -> list[Row]:
    """Everybody in a snapshot in words, by name."""
    names = _names(connection, snapshot)
    rows = [_row(one, names, cohort) for one in people_in(_content(connection, snapshot))]
    return sorted(rows, key=lambda row: (fold(row.name), row.person))


def _row(one: Frozen, names: dict[str, str], cohort: Cohort) -> Row:
    done = one.entry["done"]
    grades = [each.get("grade", "manual") for each in done.values()]
    weakest = "manual" if "manual" in grades else min(grades, key=GRADES.index, default="")
    status, reason = one.found.status, why(one.found, cohort)
    return Row(one.person, _name(names, one.person), one.authority, status, reason, len(done), weakest)


def _name(names: dict[str, str], person: str) -> str:
    return names.get(person) or gettext("Somebody who is not known here any more")


def _late(connection: Connection, cohort: Cohort, snapshot: Snapshot) -> list[Late]:
    """Everything that counts in a snapshot and came after the cut-off, for somebody to look at."""
    names, titles = _names(connection, snapshot), cohort.module_titles(language())
    return [
        Late(
            _name(names, one["person"]),
            titles.get(record["module"], record["module"] or gettext("the whole course")),
            datetime.fromisoformat(record["at"]),
            datetime.fromisoformat(record["arrived"]),
        )
        for one in _content(connection, snapshot)["people"]
        for record in one["arrived-after-cut-off"]
    ]


# --- pages --------------------------------------------------------------------------------------------------------


def snapshot_list(cohort: str) -> str:
    """The snapshots of a residential, and the form to take another."""
    signin.lead()
    return _list(cohort_at(cohort))


def _list(here: Cohort, problem: str = "") -> str:
    kept = snapshots.snapshots_of(transaction.reader(), here.id)
    page = SnapshotList(here, here.title(language()), kept, problem)
    return render_template("snapshots.html", page=page)


def take_snapshot(cohort: str) -> Page:
    """Take a snapshot as it is now, or as it was at the end of a day; or say what is wrong with the day."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    typed = request.form.get(asat.ASKED, "").strip()
    try:
        as_at = min(asat.moment_of(typed), now) if typed else now
    except ValueError:
        return _list(here, gettext("Give a day, such as 2026-11-27, or none for now.")), 400
    kept = take(transaction.connection(), here, as_at, user.email, now)
    signin.noted("snapshot", here.id, f"{kept.id} {kept.digest}")
    return redirect(url_for("programme.one_snapshot", cohort=here.id, number=kept.id))  # type: ignore[return-value]


def _snapshot_at(here: Cohort, number: int, connection: Connection) -> Snapshot:
    """The residential's snapshot of that number, or 404."""
    kept = found(snapshots.snapshot_called(connection, number))
    if kept.cohort != here.id:
        abort(404)
    return kept


def one_snapshot(cohort: str, number: int) -> str:
    """One snapshot: who was ready, on what basis, and what has changed since."""
    signin.lead()
    here, connection = cohort_at(cohort), transaction.reader()
    page = _page(connection, here, _snapshot_at(here, number, connection))
    signin.noted("look", f"snapshot {number}", here.id)
    return render_template("snapshot.html", page=page)


def _page(connection: Connection, here: Cohort, kept: Snapshot) -> SnapshotPage:
    """What the page shows; of content that is not what was taken, nothing, for it may say anything."""
    title = here.title(language())
    if not intact(connection, kept):
        return SnapshotPage(here, title, kept, False, {}, [], [], [], {})
    counts = _content(connection, kept)["counts"]
    return SnapshotPage(
        cohort=here,
        title=title,
        snapshot=kept,
        intact=True,
        counts={status: counts[status] for status in STATUSES},
        rows=rows_of(connection, here, kept),
        late=_late(connection, here, kept),
        changed=changed_since(connection, here, kept, transaction.now()),
        open={} if kept.signed_at else in_the_way(connection, here, kept),
    )


def in_the_way(connection: Connection, cohort: Cohort, snapshot: Snapshot) -> dict[str, int]:
    """Kinds of exceptions, in words, of which somebody must look at so many before the snapshot can be signed."""
    unsettled = findings.unsettled(connection, cohort, snapshot.as_at)
    return {gettext(findings.TITLES[kind]): number for kind, number in unsettled.items()}


def sign_snapshot(cohort: str, number: int) -> Page:
    """Sign a snapshot off, once and whole; 409 where it is signed already or no longer what was taken.

    While there are exceptions that nobody has explained, 409 with the page that says which.
    """
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    connection = transaction.connection()
    kept = _snapshot_at(here, number, connection)
    if kept.signed_at or not intact(connection, kept):
        abort(409)
    page = _page(connection, here, kept)
    if page.open:
        return render_template("snapshot.html", page=page), 409
    if not snapshots.sign_snapshot(connection, number, user.email, now):
        abort(409)
    signin.noted("sign-off", here.id, f"{number} {kept.digest}")
    return redirect(url_for("programme.one_snapshot", cohort=here.id, number=number))  # type: ignore[return-value]


def snapshot_json(cohort: str, number: int) -> Response:
    """What was frozen, to the byte: its SHA-256 is the digest."""
    signin.lead()
    here, connection = cohort_at(cohort), transaction.reader()
    kept = _snapshot_at(here, number, connection)
    return _file(here, kept, snapshots.content_of(connection, kept.id), "json")


def snapshot_csv(cohort: str, number: int) -> Response:
    """The people of a snapshot as a spreadsheet, with the names that they have now."""
    signin.lead()
    here, connection = cohort_at(cohort), transaction.reader()
    kept = _snapshot_at(here, number, connection)
    if not intact(connection, kept):
        abort(409)
    return _file(here, kept, export.csv_file(_sheet(rows_of(connection, here, kept), here)), "csv")


def _file(here: Cohort, kept: Snapshot, content: bytes, form: str) -> Response:
    signin.noted("export", here.id, f"snapshot {kept.id} {form}")
    response = make_response(content)
    response.mimetype = {"json": "application/json", "csv": "text/csv"}[form]
    response.headers["Content-Disposition"] = f'attachment; filename="{here.id}-snapshot-{kept.id}.{form}"'
    return response


def _sheet(rows: Sequence[Row], cohort: Cohort) -> list[list[object]]:
    head: list[object] = [
        gettext("Name"),
        gettext("GSS code"),
        gettext("Council"),
        gettext("Status"),
        gettext("Why"),
        gettext("Modules done"),
        gettext("Modules required"),
        gettext("Evidence"),
    ]
    whole = len(cohort.required)
    return [
        head,
        *(
            [row.name, row.authority, row.council, status_word(row.status), row.why, row.done, whole, row.weakest]
            for row in rows
        ),
    ]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/snapshots"
    bp.add_url_rule(where, view_func=snapshot_list)
    bp.add_url_rule(where, view_func=take_snapshot, methods=["POST"])
    bp.add_url_rule(where + "/<int:number>", view_func=one_snapshot)
    bp.add_url_rule(where + "/<int:number>/sign", view_func=sign_snapshot, methods=["POST"])
    bp.add_url_rule(where + "/<int:number>.json", view_func=snapshot_json)
    bp.add_url_rule(where + "/<int:number>.csv", view_func=snapshot_csv)
