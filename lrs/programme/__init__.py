"""The programme lead's side of the store: people, rosters, residentials and who is ready."""

from flask import Blueprint

from lrs.programme import doors, pages, refused, rosters, site

bp = Blueprint("programme", __name__, template_folder="templates")
site.init(bp)
for part in (doors, pages, refused, rosters):
    part.init(bp)
