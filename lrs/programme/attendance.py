"""Attendance ticked on the register: kept for each day, and what it makes of people's places."""

from datetime import date, datetime

from flask import Blueprint, abort, redirect, request, url_for

from lrs import signin, transaction
from lrs.programme.pages import Page, cohort_at
from lrs.programme.register import Register, register_of
from lrs.rules.attendance import place_after
from lrs.storage import attendance, people
from lrs.storage.database import Connection


def take(
    connection: Connection, page: Register, day: date, there: dict[str, bool], by: str, now: datetime
) -> dict[str, bool]:
    """Keep who was there on a day, and the places that follow from all the days; only what is new, which is returned.

    ``there`` is about people on the register; whoever is not in it keeps what was kept about them.
    """
    known = {row.person: row.there for row in page.rows}
    new = {person: present for person, present in there.items() if known[person].get(day) is not present}
    attendance.mark(connection, page.cohort.id, day, new, by, now)
    for person, present in new.items():
        before = place_after(known[person], page.days)
        after = place_after({**known[person], day: present}, page.days)
        if before != after:
            people.place(connection, page.cohort.id, person, after, by, now)
    return new


def take_register(cohort: str) -> Page:
    """Keep the ticks of one day: of everybody whom the form showed, those ticked were there and the rest were not."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    page = register_of(transaction.connection(), here, now, user.sees)
    day = next((day for day in page.days_so_far if day.isoformat() == request.form.get("day")), None)
    if day is None:
        abort(400)
    shown, ticked = set(request.form.getlist("shown")), set(request.form.getlist("there"))
    there = {row.person: row.person in ticked for row in page.rows if row.person in shown}
    new = take(transaction.connection(), page, day, there, user.email, now)
    signin.noted("attendance", here.id, f"{day}: {sum(there.values())} of {len(there)} there, {len(new)} changed")
    return redirect(url_for("programme.register_page", cohort=here.id, day=day.isoformat()))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the address."""
    bp.add_url_rule("/residentials/<cohort>/register", view_func=take_register, methods=["POST"])
