"""A roster of fifty thousand people in a workbook, from the form to the page that says what it would do."""

import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from people import fill

from lrs import create_app, signin
from lrs.storage import users
from lrs.storage.database import writing

HEADINGS = ("Name", "E-mail", "Council", "Language", "Role")
COUNCILS = ("Cardiff Council", "Cyngor Gwynedd", "Powys County Council", "Swansea Council")


def roster_cost(folder: Path, rows: int = 50_000) -> float:
    """CPU seconds, of every process, to send such a roster and be shown every row's fate."""
    app = create_app({"KTB_DATABASE_URL": f"sqlite:///{folder}/roster.sqlite3"})
    now = datetime.now(UTC)
    with writing(app.extensions["engine"]) as connection:
        fill(connection, 0)
        user = users.add_user(connection, "lead@bench.example", "Bench", "lead", None, now)
        token = signin.new_link(connection, user, now)
    browser = app.test_client()
    browser.post(f"/sign-in/{token}")
    where = "/residentials/bench/roster"
    form = browser.get(where).text
    data = {
        "form_token": re.findall(r'name="form_token" value="([^"]+)"', form)[0],
        "roster": (io.BytesIO(_workbook(rows)), "list.xlsx"),
    }
    before = _spent()
    page = browser.post(where, data=data, follow_redirects=True).text
    cost = _spent() - before
    if f"Keep {rows} rows" not in page:
        raise SystemExit(f"the roster was not understood: {page[:2000]}")
    app.extensions["engine"].dispose()
    return cost


def _spent() -> float:
    return sum(os.times()[:4])


def _workbook(rows: int) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(rows):
            cells = (f"Person Example {number}", f"p{number}@council.example", COUNCILS[number % len(COUNCILS)])
            sheet.write_row(number + 1, 0, (*cells, "Cymraeg" if number % 3 else "English", "Head of service"))
    return file.getvalue()
