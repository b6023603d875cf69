"""The programme lead's side of the store: people, rosters, residentials and who is ready."""

from flask import Blueprint

from lrs.programme import (
    asat,
    attendance,
    audit,
    calendars,
    certificates,
    doors,
    mailed_links,
    mapping,
    nominations,
    organisation,
    pages,
    persons,
    place,
    places,
    privacy,
    refused,
    register,
    reminders,
    rosters,
    site,
    snapshots,
    users_page,
)

bp = Blueprint("programme", __name__, template_folder="templates")
site.init(bp)
for part in (
    asat,
    attendance,
    audit,
    calendars,
    certificates,
    doors,
    mailed_links,
    mapping,
    nominations,
    organisation,
    pages,
    persons,
    place,
    places,
    privacy,
    refused,
    register,
    reminders,
    rosters,
    snapshots,
    users_page,
):
    part.init(bp)
