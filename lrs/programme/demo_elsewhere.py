"""What comes to the demonstration from elsewhere: an LMS's report, another record store's statements; a merge."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from lrs.programme.board import standings
from lrs.programme.demo_oddities import also
from lrs.programme.demo_people import LEAD, Demonstration, Learner, keep, person_id, take
from lrs.programme.export_tables import export_columns, iris_of, reading_of, subjects_of
from lrs.programme.roster import read_table
from lrs.rules.days import day_in_wales
from lrs.rules.exports import Told, statements_of
from lrs.rules.readiness import Record
from lrs.storage import imports, keys, merges, users
from lrs.storage.cohorts import cohort_called
from lrs.storage.pulls import Pull, keep_pull

REPORT = "moodle-caerdydd.csv"
TWICE = "Dewi Dyfais"  # on two lists, by two addresses


class Source(NamedTuple):
    """Another system, as its key here is labelled; where it is, and whose people it knows."""

    label: str
    address: str
    authority: str


LMS = Source("Moodle, Cyngor Caerdydd", "https://lms.cardiff.example", "W06000015")
STORE = Source("Storfa gofnodion Gwynedd", "https://lrs.gwynedd.example/xapi/", "W06000002")


class Done(NamedTuple):
    """A module that somebody finished, by the module's own word."""

    name: str
    email: str
    module: str
    at: datetime


def load(here: Demonstration) -> None:
    """Bring it in, as a lead and an operator do; nobody's status is another for it."""
    for source in (LMS, STORE):
        keys.create(here.connection, source.label, ["statements/write"], here.began)
    came = here.now - timedelta(hours=2)
    _bring_in(here, came)
    _read(here, came)
    _make_one(here, came)


def _finished(here: Demonstration, source: Source) -> Iterator[Done]:
    cohort = cohort_called(here.connection, here.cohort)
    for one in standings(here.connection, cohort, here.now, source.authority) if cohort else ():
        for module, done in one.readiness.done.items():
            if isinstance(done, Record) and done.module == module:
                yield Done(one.member.name, one.member.email, module, done.at)


def report(here: Demonstration) -> bytes:
    """An LMS's completion report: what its people did, each an hour after the module said so."""
    titles = {module["id"]: module["title"]["en"] for module in here.outline["modules"]}
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("Name", "E-mail", "Module", "Status", "Completion date"))
    for one in _finished(here, LMS):
        when = (one.at + timedelta(hours=1)).isoformat(timespec="seconds")
        writer.writerow((one.name, one.email, titles[one.module], "Completed", when))
    return file.getvalue().encode()


def _bring_in(here: Demonstration, came: datetime) -> None:
    subjects = subjects_of(here.outline)
    table = read_table(report(here), lambda cells: export_columns(cells, subjects))
    told = reading_of(table, None, "", here.outline, came).told
    _store(here, LMS, told, came)
    number = imports.keep_import(here.connection, here.cohort, REPORT, {}, LEAD, came, "export")
    imports.confirm_import(here.connection, number, came)
    users.note(here.connection, LEAD, "export-in", here.cohort, came, f"{len(told)} states from {LMS.label}")


def _read(here: Demonstration, came: datetime) -> None:
    told = [
        Told(0, f"mbox|mailto:{one.email}", one.module, "completed", one.at + timedelta(hours=2))
        for one in _finished(here, STORE)
    ]
    _store(here, STORE, told, came)
    keep_pull(here.connection, Pull(STORE.label, STORE.address, came, "", len(told)), came)
    users.note(here.connection, "operator", "pull", STORE.label, came, f"{len(told)} new, 0 known, 0 refused")


def _store(here: Demonstration, source: Source, told: Sequence[Told], came: datetime) -> None:
    sender = Learner("", source.authority, "cy", source.address, source.label)
    for statement in statements_of(told, source.label, iris_of(here.outline), here.outline["verbs"]):
        keep(here, sender, statement, came, source.label, "confirmed")


def _make_one(here: Demonstration, came: datetime) -> None:
    """Somebody learns by a second address, and a lead finds that both are one person."""
    twin = also(here, TWICE, "dewi.dyfais@ysgol.example", "W06000008")
    take(here, twin, here.modules[:1], 6)
    survivor = person_id(here, TWICE)
    number = merges.merge(here.connection, survivor, twin.person, LEAD, came, day_in_wales(came))
    users.note(here.connection, LEAD, "merge", survivor, came, f"{number} {twin.person} into {survivor}")
