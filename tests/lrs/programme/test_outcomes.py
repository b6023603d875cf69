"""What each place on a residential is counted under, and that the tables count each place once in every way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lrs.rules.instants import microseconds
from lrs.rules.outcomes import ALL, LEAVES, WALES, Placed, outcome, tables
from lrs.rules.readiness import Decision, Module, Plan, Record, readiness
from lrs.rules.regions import ELSEWHERE, REGIONS, region_of, service_of
from lrs.rules.years import days_of_year, financial_year

OPENS = date(2026, 9, 1)
PLAN = Plan((Module("m1", 20),), OPENS, date(2027, 2, 1), date(2027, 2, 14))
NOW = datetime(2027, 2, 10, tzinfo=UTC)


def found(days=None, place="confirmed", *decisions):
    """Where somebody stands who finished so many days after the opening, or not at all."""
    at = microseconds(datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=days or 0))
    records = [] if days is None else [Record(at, at, "m1", "completed", "asserted", "x")]
    return readiness(PLAN, place, records, decisions, True, NOW)


def decided(kind, module=None):
    return Decision(module, kind, "record-seen", NOW - timedelta(days=1), "lead@x.example")


@pytest.mark.parametrize(
    ("here", "reason", "counted"),
    [
        (found(-1), None, "before"),
        (found(0), None, "two-weeks"),
        (found(13), None, "two-weeks"),
        (found(14), None, "four-weeks"),
        (found(55), None, "eight-weeks"),
        (found(56), None, "longer"),
        (found(None, "confirmed", decided("count", "m1")), None, "by-decision"),
        (found(), None, "not-complete"),
        (found(0, "deferred"), "work", "deferred-work"),
        (found(0, "deferred"), None, "deferred-"),
        (found(0, "deferred"), "a code of old", "deferred-"),
        (found(0, "substituted"), "work", "gone"),
        (found(0, "withdrawn"), None, "gone"),
        (found(0, "waitlisted"), None, "waiting"),
        (found(None, "confirmed", decided("exempt")), None, "excused"),
        (found(None, "confirmed", decided("pause")), None, "excused"),
    ],
)
def test_each_place_is_counted_under_one_outcome(here, reason, counted):
    assert outcome(here, OPENS, reason) == counted
    assert counted in LEAVES


def test_every_number_is_the_sum_of_its_parts_in_every_way():
    places = [Placed((f"r{n % 3}", f"s{n % 2}"), leaf) for n, leaf in enumerate(LEAVES * 3)]
    values, shape = tables(places, [["r0", "r1", "r2"], ["s0", "s1"]])
    assert values[WALES, ALL] == len(places)
    assert len(values) == 6 * len({row for _, row in values})
    for one in shape.sums:
        assert values[one.whole] == sum(values[part] for part in one.parts)


def test_each_of_the_22_lies_in_one_region():
    assert sorted(map(len, REGIONS.values())) == [2, 4, 6, 10]
    assert len(frozenset.union(*REGIONS.values())) == 22
    assert [region_of(one) for one in ("W06000023", "W06000012", "")] == ["mid", "south-west", ELSEWHERE]
    assert [service_of(one) for one in ("both", None, "housing")] == ["both", ELSEWHERE, ELSEWHERE]


def test_a_financial_year_begins_on_the_first_of_april():
    assert [financial_year(date(2027, month, day)) for month, day in ((3, 31), (4, 1), (12, 31))] == [2026, 2027, 2027]
    assert days_of_year(2026) == (date(2026, 4, 1), date(2027, 4, 1))
