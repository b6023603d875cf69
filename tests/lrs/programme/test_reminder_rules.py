"""Who is written to and when: the rule alone, without a store."""

from datetime import date, datetime, timedelta

import pytest

from lrs.rules.readiness import Decision, Module, Plan, Record, readiness
from lrs.rules.reminders import (
    MOST,
    Candidate,
    Occasion,
    Unreached,
    Written,
    digest_due,
    due,
    next_working_time,
    occasions,
    working_time,
)

OPENS, TARGET, CUT_OFF = date(2026, 9, 1), date(2026, 11, 10), date(2026, 11, 24)
PLAN = Plan((Module("m1", 20), Module("m2", 30)), OPENS, TARGET, CUT_OFF)


def at(day, hour=9, minute=0):
    """A moment of 2026, such as at("11-10"), in UTC."""
    return datetime.fromisoformat(f"2026-{day}T{hour:02}:{minute:02}+00:00")


def micro(moment):
    return int(moment.timestamp() * 1_000_000)


def somebody(now, *, place="confirmed", done=(), started=False, decisions=(), records=(), address="mari@x.example"):
    told = [Record(micro(at("09-20")), micro(at("09-20")), one, "completed", "asserted", "lms") for one in done]
    if started:
        told.append(Record(micro(at("09-20")), micro(at("09-20")), "m1", "started"))
    found = readiness(PLAN, place, [*told, *records], list(decisions), True, now)
    return Candidate("p1", address, found)


def invited(when="09-02", state="sent", address="mari@x.example"):
    return Written("invitation", "p1", address, state, at(when))


def reminded(when, state="sent", address="mari@x.example"):
    return Written("reminder", "p1", address, state, at(when))


def kinds(now, written=(), **person):
    return [one.kind for one in due(PLAN, [somebody(now, **person)], written, now).due]


# --- when ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        (at("11-10", 7, 59), False),
        (at("11-10", 8), True),
        (at("11-10", 17, 59), True),
        (at("11-10", 18), False),
        (at("11-14", 12), False),  # a Saturday
        (at("07-01", 7), True),  # eight by the clock in Wales in summer
        (at("07-01", 17), False),
    ],
)
def test_mail_goes_out_on_weekdays_from_8_to_18_by_the_clock_in_wales(moment, works):
    assert working_time(moment) is works
    assert (next_working_time(moment) == moment) is works
    assert bool(due(PLAN, [somebody(moment)], [], moment).due) is (works and moment.date() >= OPENS)


@pytest.mark.parametrize(
    ("moment", "following"),
    [
        (at("11-10", 3), at("11-10", 8)),
        (at("11-13", 18), at("11-16", 8)),  # Friday evening to Monday
        (at("10-23", 20), at("10-26", 8)),  # over the weekend on which the clocks go back
        (at("03-27", 20), at("03-30", 7)),  # and forward
    ],
)
def test_what_is_due_in_the_evening_waits_for_the_next_working_morning(moment, following):
    assert next_working_time(moment) == following


def test_the_occasions_follow_from_the_dates_and_leave_the_first_week_alone():
    assert occasions(PLAN) == [
        Occasion(date(2026, 10, 27), True),
        Occasion(TARGET),
        Occasion(date(2026, 11, 17)),
        Occasion(date(2026, 11, 22)),
    ]
    short = Plan(PLAN.modules, date(2026, 11, 12), date(2026, 11, 24), CUT_OFF)
    assert [one.day for one in occasions(short)] == [date(2026, 11, 22), date(2026, 11, 24)]


# --- to whom ------------------------------------------------------------------------------------------------------


def test_an_invitation_comes_once_when_the_modules_open_and_names_what_is_left():
    assert kinds(at("08-31")) == []
    assert kinds(at("09-01")) == ["invitation"]
    assert kinds(at("09-02"), [invited("09-01")]) == []
    now = at("09-21")
    (one,) = due(PLAN, [somebody(now, done=["m1"])], [], now).due
    assert (one.left, one.minutes) == (("m2",), 30)


@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "unknown"])
def test_what_may_have_reached_somebody_is_not_written_again(state):
    assert kinds(at("09-02"), [invited("09-01", state)]) == []


def test_two_weeks_before_the_target_only_those_who_have_not_begun_are_reminded():
    assert kinds(at("10-27"), [invited()]) == ["reminder"]
    assert kinds(at("10-27"), [invited()], started=True) == []
    assert kinds(at("11-10"), [invited()], started=True) == ["reminder"]


def test_one_reminder_on_each_occasion_and_none_long_after_it():
    assert kinds(at("11-10"), [invited()]) == ["reminder"]
    assert kinds(at("11-10", 10), [invited(), reminded("11-10")]) == []
    assert kinds(at("11-13"), [invited(), reminded("11-10")]) == []
    assert kinds(at("11-13"), [invited()]) == ["reminder"]  # the timer stood still for three days
    assert kinds(at("11-16"), [invited()]) == []
    assert kinds(at("11-17"), [invited(), reminded("11-10")]) == ["reminder"]


def test_nobody_is_written_to_twice_in_three_days():
    assert kinds(at("11-10"), [invited("11-09")]) == []
    assert kinds(at("11-12", 10), [invited("11-09")]) == ["reminder"]


def test_a_whole_calendar_is_one_invitation_and_four_reminders_at_most():
    written, now = [], at("08-25")
    while now < at("12-20"):
        written += [Written(one, "p1", "mari@x.example", "sent", now) for one in kinds(now, written)]
        now += timedelta(hours=5)
    assert [one.kind for one in written] == ["invitation", *["reminder"] * MOST]
    assert MOST == 4
    assert all(working_time(one.at) for one in written)
    assert written[-1].at.date() == date(2026, 11, 23)  # the 22nd is a Sunday


def test_four_is_the_most_even_where_the_dates_are_moved():
    before = [reminded(day) for day in ("09-10", "09-20", "10-01", "10-10")]
    assert kinds(at("11-10"), [invited(), *before]) == []


@pytest.mark.parametrize("place", ["withdrawn", "deferred", "cancelled", "substituted", "nominated", "waitlisted"])
def test_nobody_without_a_confirmed_place_is_written_to(place):
    assert kinds(at("11-10"), place=place) == []
    assert kinds(at("11-10"), [invited()], place=place) == []


def test_nobody_who_is_ready_is_written_to():
    assert kinds(at("11-10"), [invited()], done=["m1", "m2"]) == []
    counted = Decision(None, "count", "record-seen", at("09-20"))
    assert kinds(at("11-10"), [invited()], decisions=[counted]) == []
    exempt = Decision(None, "exempt", "recent-course", at("09-20"))
    assert kinds(at("11-10"), [invited()], decisions=[exempt]) == []


def test_e21_nobody_who_is_paused_is_written_to_until_they_are_back():
    away = Decision(None, "pause", "", at("09-20"), until=date(2026, 11, 12))
    assert kinds(at("11-10"), [invited()], decisions=[away]) == []
    assert kinds(at("11-10"), decisions=[away]) == []
    assert kinds(at("11-17"), [invited()], decisions=[away]) == ["reminder"]


def test_after_the_cut_off_nobody_is_written_to():
    assert kinds(at("11-24"), [invited()]) == ["reminder"]
    assert kinds(at("11-25"), [invited()]) == []
    assert kinds(at("11-25")) == []


def test_nobody_is_told_to_do_what_one_source_says_they_did():
    now = at("11-10")
    failed = Record(micro(at("10-01")), micro(at("10-01")), "m1", "failed", "asserted", "another lms")
    (one,) = due(PLAN, [somebody(now, done=["m1"], records=[failed])], [invited()], now).due
    assert one.left == ("m2",)
    assert kinds(now, [invited()], done=["m1", "m2"], records=[failed]) == []


def test_an_address_that_failed_gets_nothing_more_and_a_new_one_does():
    now = at("11-10")
    for state in ("refused", "bounced"):
        before = [invited(), reminded("10-27", state)]
        assert due(PLAN, [somebody(now)], before, now) == ([], [Unreached("p1", state)])
        assert kinds(now, before, address="mari@new.example") == ["reminder"]
    assert due(PLAN, [somebody(now, address="")], [], now) == ([], [Unreached("p1", "no-address")])


def test_a_digest_is_due_once_on_each_occasion():
    told = Written("digest", None, "officer@x.example", "sent", at("11-10"))
    assert not digest_due(PLAN, "officer@x.example", [], at("11-09"))
    assert digest_due(PLAN, "officer@x.example", [], at("11-10"))
    assert not digest_due(PLAN, "officer@x.example", [told], at("11-11"))
    assert digest_due(PLAN, "other@x.example", [told], at("11-11"))
    assert digest_due(PLAN, "officer@x.example", [told], at("11-17"))
    assert not digest_due(PLAN, "officer@x.example", [told._replace(state="bounced")], at("11-17"))
