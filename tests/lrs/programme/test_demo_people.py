"""The demonstration shows every status and many reasons, and holds when the course grows."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from lrs.programme import demo_calendar, demo_people
from lrs.programme.board import standings
from lrs.rules.readiness import STATUSES
from lrs.storage import cohorts, courses
from lrs.storage.database import writing


@pytest.mark.parametrize("modules", [5, 10])
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 21, 12, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 5, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_the_demonstration_has_every_status_whenever_it_is_shown(empty, clock, modules, now, outline):
    clock.now = now
    course = outline(modules)
    with writing(empty.engine) as connection:
        courses.register(connection, course, now - demo_calendar.KNOWN)
        visitor = demo_people.load(connection, course, now)
        everybody = standings(connection, cohorts.cohort_called(connection, demo_people.COHORT), now)
        actors = connection.scalar(
            text("SELECT count(*) FROM actors WHERE email = :email"), {"email": demo_people.VISITOR}
        )
    assert {one.readiness.status for one in everybody} == set(STATUSES)
    assert len(everybody) == 40
    assert len({one.member.authority for one in everybody}) == 6
    reasons = {one.readiness.reason for one in everybody}
    assert reasons >= {
        "complete",
        "by-decision",
        "not-started",
        "no-account-silent",
        "disputed",
        "idle",
        "behind",
        "left",
        "exempt",
    }
    (mine,) = [one for one in everybody if one.member.person == visitor]
    assert (mine.member.email, mine.readiness.status, actors) == (demo_people.VISITOR, "not-ready", 0)
