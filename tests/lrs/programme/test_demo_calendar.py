"""The demonstration shows a residential in every state, and tells the same each time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from lrs import create_app
from lrs.programme import demo_calendar, demo_elsewhere, demo_people
from lrs.programme.board import counts, standings
from lrs.programme.reminders import STATE_WORDS
from lrs.storage import cohorts, courses, merges, users
from lrs.storage.database import reading, writing
from lrs.storage.programme_tables import metadata

SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
NOWS = [
    datetime(2026, 11, 25, 12, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 5, tzinfo=UTC),  # the clocks change, on a Sunday
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
]
# What is random on purpose, or is a user's own.
NOT_TOLD = {"users", "sessions", "signin_links", "keys", "imports"}


def load(engine, now, outline):
    with writing(engine) as connection:
        courses.register(connection, outline(10), now - demo_calendar.KNOWN)
        demo_calendar.load(connection, outline(10), now, "https://store.example")


def rows(connection, query):
    return [tuple(row) for row in connection.execute(text(query))]


@SQLITE
@pytest.mark.parametrize("now", NOWS, ids=str)
def test_there_is_a_residential_in_every_state(empty, clock, now, outline):
    clock.now = now
    load(empty.engine, now, outline)
    with reading(empty.engine) as connection:
        every = {one.id: one for one in cohorts.which_cohorts(connection)}
        today = now.date()
        days = {name: (one.plan.days_left(now), (one.starts - today).days) for name, one in every.items()}
        assert days["demo-planned"][0] > 100 and days["demo-open"][0] > 21 and 0 < days["demo"][0] <= 7
        assert days["demo-signed"][0] < 0 < days["demo-signed"][1]
        assert days["demo-under-way"][1] <= 0 and days["demo-over"][1] < -30
        assert [one.id for one in every.values() if one.practice] == ["demo-practice"]
        told = {name: counts(standings(connection, one, now)) for name, one in every.items()}
        assert told["demo-over"]["ready"] >= 9 and told["demo-open"]["on-track"] and told["demo-signed"]["not-ready"]
        assert all(number for status, number in told["demo"].items()), told["demo"]
        states = dict(rows(connection, "SELECT state, count(*) FROM outbox GROUP BY state"))
        assert set(states) == set(STATE_WORDS)
        kinds = dict(rows(connection, "SELECT kind, count(*) FROM outbox GROUP BY kind"))
        assert kinds["invitation"] > 30 and kinds["reminder"] and kinds["digest"]
        signed = dict(rows(connection, "SELECT cohort, count(signed_at) FROM snapshots GROUP BY cohort"))
        assert signed == {"demo-signed": 1, "demo-under-way": 1, "demo-over": 1, "demo": 0}
        assert rows(connection, "SELECT count(*), count(revoked_at) FROM certificates")[0][0] >= 7
        assert rows(connection, "SELECT count(revoked_at) FROM certificates") == [(1,)]
        assert {"nominated", "offered", "accepted", "waitlisted", "attended", "absent"} <= {
            one.member.place for cohort in every.values() for one in standings(connection, cohort, now)
        }
        officers = [one for one in users.every_user(connection) if not one.is_lead]
        assert len(officers) == 2 and all(one.may_look(now) for one in officers)
        for officer in officers:
            assert standings(connection, every[demo_people.COHORT], now, officer.sees)
        assert rows(connection, "SELECT kind, confirmed_at IS NOT NULL FROM imports") == [("export", 1)]
        sources = dict(rows(connection, "SELECT source, count(*) FROM evidence GROUP BY source"))
        assert dict(rows(connection, "SELECT source, statements FROM pulls")) == {
            demo_elsewhere.STORE.label: sources[demo_elsewhere.STORE.label]
        }
        assert sources[demo_elsewhere.LMS.label] > 10
        assert [one.survivor_name for one in merges.merges_of(connection)] == [demo_elsewhere.TWICE]
        assert min(rows(connection, "SELECT min(stored) FROM statements"))[0] > (
            int((now - demo_calendar.KNOWN).timestamp() * 1e6)
        )
        assert max(rows(connection, "SELECT max(stored) FROM statements"))[0] <= int(now.timestamp() * 1e6)


@SQLITE
def test_the_demonstration_tells_the_same_each_time(empty, clock, tmp_path, outline):
    now = NOWS[0]
    other = create_app({"KTB_DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3"}, clock).extensions["engine"]
    told = []
    for engine in (empty.engine, other):
        load(engine, now, outline)
        with reading(engine) as connection:
            names = sorted(set(metadata.tables) - NOT_TOLD)
            told.append({name: sorted(map(repr, rows(connection, f'SELECT * FROM "{name}"'))) for name in names})
    other.dispose()
    differ = [name for name in told[0] if told[0][name] != told[1][name]]
    assert differ == []


def test_invented_names_come_once_each():
    names = list(demo_calendar.invented_names())
    assert len(names) == len(set(names)) > 100
    assert not set(names) & {name for group in demo_people.STORIES.values() for name in group}
