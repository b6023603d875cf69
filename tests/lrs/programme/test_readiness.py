"""Every row of the status table, its boundaries, both sides of the clock changes, and any past moment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lrs.rules.readiness import Decision, Module, Plan, Record, day_in_wales, happened, microseconds, readiness

MODULES = (Module("m1", 25), Module("m2", 30))
PLAN = Plan(MODULES, opens=date(2026, 11, 1), target=date(2026, 11, 21), cut_off=date(2026, 11, 28))
NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)  # half of the way to the target, 17 days to the cut-off

YESTERDAY = NOON - timedelta(days=1)


def days(number):
    return timedelta(days=number)


def record(kind="completed", module="m1", at=YESTERDAY, **more):
    usual = {"stored": at, "grade": "asserted", "source": "a", "voided_at": None}
    told = usual | more
    moments = {name: told[name] and microseconds(told[name]) for name in ("stored", "voided_at")}
    return Record(happened=microseconds(at), module=module, kind=kind, **(told | moments))


def both(at=YESTERDAY, **more):
    return [record(module="m1", at=at, **more), record(module="m2", at=at, **more)]


def stands(records=(), *, place="confirmed", decisions=(), account=True, at=NOON, plan=PLAN):
    return readiness(plan, place, records, decisions, account, at)


def verdict(*arguments, **more):
    found = stands(*arguments, **more)
    return found.status, found.reason


def decision(kind="count", module=None, at=YESTERDAY, **more):
    return Decision(module, kind, "agreed", at, "lead@council.example", **more)


# --- not required -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("withdrawn", "withdrawn"),
        ("deferred", "deferred"),
        ("substituted", "substituted"),
        ("cancelled", "cancelled"),
        ("nominated", "not-confirmed"),
        ("offered", "not-confirmed"),
        ("accepted", "not-confirmed"),
        ("waitlisted", "not-confirmed"),
    ],
)
def test_whoever_has_no_place_is_not_required_even_when_finished(place, reason):
    assert verdict(both(), place=place) == ("not-required", reason)


@pytest.mark.parametrize("place", ["confirmed", "attended", "absent"])
def test_whoever_has_or_had_a_place_is_required(place):
    assert verdict(both(), place=place) == ("ready", "complete")


def test_exempt_comes_before_everything():
    assert verdict(both(), decisions=[decision("exempt")]) == ("not-required", "exempt")


def test_an_exemption_that_ran_out_yesterday_no_longer_holds_and_one_that_ends_today_does():
    assert verdict(decisions=[decision("exempt", until=date(2026, 11, 11))])[1] == "exempt"
    assert verdict(decisions=[decision("exempt", until=date(2026, 11, 10))])[1] != "exempt"


def test_an_exemption_taken_back_no_longer_holds_from_that_moment():
    taken_back = decision("exempt", at=NOON - days(5), withdrawn_at=NOON - days(2))
    assert verdict(decisions=[taken_back])[1] != "exempt"
    assert verdict(decisions=[taken_back], at=NOON - days(3))[1] == "exempt"


# --- ready --------------------------------------------------------------------------------------------------------


def test_ready_when_every_module_is_complete():
    found = stands(both())
    assert (found.status, found.missing, found.minutes_left, list(found.done)) == ("ready", (), 0, ["m1", "m2"])


def test_a_completion_of_the_whole_course_counts_for_every_module():
    found = stands([record(module=None)])
    assert (found.status, list(found.done)) == ("ready", ["m1", "m2"])


def test_one_module_by_decision_is_said_for_ever():
    found = stands([record(module="m1")], decisions=[decision(module="m2")])
    assert (found.status, found.reason, found.by_decision) == ("ready", "by-decision", ("m2",))


def test_a_decision_for_everything_fills_in_only_what_records_lack():
    found = stands([record(module="m2")], decisions=[decision()])
    assert (found.reason, found.by_decision) == ("by-decision", ("m1",))
    assert isinstance(found.done["m2"], Record)


def test_a_module_may_be_exempt_by_itself():
    assert stands([record(module="m2")], decisions=[decision("exempt", module="m1")]).reason == "by-decision"


def test_repeated_completions_count_once_from_the_earliest_whatever_the_language():
    welsh, english = record(at=NOON - days(4), language="cy"), record(at=NOON - days(6), language="en-GB")
    assert stands([welsh, english]).done["m1"] is english


def test_completed_before_the_opening_counts():
    assert stands(both(at=NOON - days(60))).status == "ready"


def test_passed_completes_and_where_a_pass_is_asked_only_passed_does():
    assert stands([record("passed", "m1"), record("completed", "m2")]).status == "ready"
    strict = Plan((Module("m1", 25, passed=True),), PLAN.opens, PLAN.target, PLAN.cut_off)
    assert [why for _, why in stands([record("completed")], plan=strict).weighed.not_counted] == ["not-passed"]
    assert stands([record("passed")], plan=strict).status == "ready"


@pytest.mark.parametrize(
    ("least", "grade", "counts"),
    [
        ("asserted", "asserted", True),
        ("confirmed", "asserted", False),
        ("confirmed", "confirmed", True),
        ("confirmed", "verified", True),
        ("verified", "confirmed", False),
        ("verified", "verified", True),
    ],
)
def test_a_residential_may_ask_for_stronger_evidence(least, grade, counts):
    plan = Plan(MODULES, PLAN.opens, PLAN.target, PLAN.cut_off, least)
    found = stands(both(grade=grade), plan=plan)
    assert (found.status == "ready") is counts
    assert [why for _, why in found.weighed.not_counted] == ([] if counts else ["weak", "weak"])


# --- not ready ----------------------------------------------------------------------------------------------------

LAST = datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC)


def test_the_cut_off_lasts_until_the_end_of_its_day():
    begun = [record(at=LAST - days(1))]
    assert verdict(begun, at=LAST) == ("at-risk", "behind")
    assert verdict(begun, at=LAST + timedelta(seconds=1)) == ("not-ready", "cut-off-passed")


def test_what_was_done_in_the_last_second_counts_and_a_second_later_does_not():
    assert verdict(both(at=LAST), at=LAST + days(1)) == ("ready", "complete")
    found = stands(both(at=LAST + timedelta(seconds=1)), at=LAST + days(1))
    assert (found.status, found.reason) == ("not-ready", "finished-late")
    assert [why for _, why in found.weighed.not_counted] == ["late", "late"]


def test_what_was_done_in_time_may_arrive_72_hours_later_and_no_more():
    in_time = LAST - timedelta(hours=2)
    last = LAST + timedelta(hours=72)
    assert stands(both(at=in_time, stored=last), at=LAST + days(9)).status == "ready"
    found = stands(both(at=in_time, stored=last + timedelta(seconds=1)), at=LAST + days(9))
    assert (found.status, found.reason) == ("not-ready", "cut-off-passed")
    assert {why for _, why in found.weighed.not_counted} == {"arrived-late"}


def test_finished_late_is_not_said_of_somebody_who_still_lacks_a_module():
    assert verdict([record(at=LAST + days(1))], at=LAST + days(2)) == ("not-ready", "cut-off-passed")


def test_a_lead_may_count_what_came_late():
    assert verdict(both(at=LAST + days(1)), decisions=[decision(at=LAST + days(1))], at=LAST + days(2))[0] == "ready"


@pytest.mark.parametrize(("left", "status"), [(8, "at-risk"), (7, "not-ready"), (0, "not-ready")])
def test_nothing_started_is_not_ready_from_seven_days_on(left, status):
    found = stands(at=datetime(2026, 11, 28, 9, tzinfo=UTC) - days(left))
    assert (found.status, found.facts.days_left) == (status, left)


def test_never_heard_of_and_never_started_are_two_different_telephone_calls():
    soon = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert verdict(account=True, at=soon) == ("not-ready", "not-started")
    assert verdict(account=False, at=soon) == ("not-ready", "no-account-silent")


def test_whoever_has_only_opened_a_module_has_started():
    soon = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert verdict([record("started", at=soon - days(1))], at=soon) == ("at-risk", "behind")


# --- at risk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "reason"), [(22, "behind"), (21, "no-account"), (8, "no-account")])
def test_no_account_matters_from_21_days_on(left, reason):
    assert verdict(account=False, at=datetime(2026, 11, 28, 9, tzinfo=UTC) - days(left)) == ("at-risk", reason)


@pytest.mark.parametrize(
    ("idle", "left", "reason"), [(6, 14, "left"), (7, 14, "idle"), (7, 15, "left"), (9, 8, "idle"), (6, 8, "left")]
)
def test_idle_for_seven_days_with_fourteen_left(idle, left, reason):
    plan = Plan(MODULES, PLAN.opens, date(2026, 12, 31), PLAN.cut_off)  # so slow that nobody is behind
    now = datetime(2026, 11, 28, 9, tzinfo=UTC) - days(left)
    assert stands([record(at=now - days(idle))], at=now, plan=plan).reason == reason


@pytest.mark.parametrize(("day", "reason"), [(1, "left"), (11, "left"), (12, "behind"), (21, "behind")])
def test_behind_is_fewer_than_the_share_of_the_days_gone(day, reason):
    # one of two modules is enough until half of the twenty days are gone
    now = datetime(2026, 11, day, 9, tzinfo=UTC)
    assert stands([record(at=now - timedelta(hours=1))], at=now).reason == reason


def test_nobody_is_behind_on_the_day_of_the_opening():
    assert verdict(at=datetime(2026, 11, 1, 9, tzinfo=UTC)) == ("on-track", "left")


def test_sources_disagree_when_another_says_later_that_it_was_failed():
    says_done, says_failed = record(module="m1"), record("failed", "m1", NOON - timedelta(hours=2), source="b")
    found = stands([record(module="m2"), says_done, says_failed])
    assert (found.status, found.reason, found.weighed.disputed) == ("at-risk", "disputed", ["m1"])
    assert (says_done, "disputed") in found.weighed.not_counted


@pytest.mark.parametrize(
    "failure",
    [
        record("failed", "m1", NOON - timedelta(hours=2), source="a"),  # the same source: a second try that went badly
        record("failed", "m1", NOON - days(2), source="b"),  # earlier: it was passed after that
        record("failed", "m2", NOON - timedelta(hours=2), source="b", voided_at=NOON - timedelta(hours=1)),
    ],
)
def test_a_failure_of_the_same_source_or_before_or_voided_disputes_nothing(failure):
    assert stands([*both(), failure]).status == "ready"


def test_a_decision_settles_a_dispute():
    failed = record("failed", "m1", NOON - timedelta(hours=2), source="b")
    assert verdict([*both(), failed], decisions=[decision(module="m1")]) == ("ready", "by-decision")


# --- on track -----------------------------------------------------------------------------------------------------


def test_on_track_says_what_is_left():
    found = stands([record()], at=NOON - days(0))
    assert (found.status, found.reason, found.missing, found.minutes_left) == ("on-track", "left", ("m2",), 30)


def test_before_the_opening_nothing_is_asked():
    assert verdict(at=datetime(2026, 10, 20, 9, tzinfo=UTC)) == ("on-track", "not-open")


# --- as at --------------------------------------------------------------------------------------------------------


def test_what_came_later_than_the_moment_is_not_looked_at():
    late = both(at=NOON - days(3), stored=NOON - days(1))
    assert stands(late, at=NOON - days(2)).done == {}
    assert stands(late, at=NOON - days(1)).status == "ready"


def test_a_voided_record_counts_until_it_was_voided():
    voided = [record(module="m1", voided_at=NOON - days(1), at=NOON - days(5)), record(module="m2", at=NOON - days(5))]
    assert stands(voided, at=NOON - days(2)).status == "ready"
    found = stands(voided, at=NOON - days(1))
    assert (found.missing, [why for _, why in found.weighed.not_counted]) == (("m1",), ["voided"])


def test_a_decision_counts_from_when_it_was_recorded():
    assert stands(decisions=[decision(at=NOON)], at=NOON - timedelta(seconds=1)).status != "ready"
    assert stands(decisions=[decision(at=NOON)], at=NOON).status == "ready"


def test_last_seen_forgets_what_was_voided():
    seen = [record("started", at=NOON - days(4)), record(at=NOON - days(1), voided_at=NOON)]
    assert stands(seen).last_seen == NOON - days(4)


def test_nothing_is_done_after_its_record_arrived():
    monday, tuesday = (microseconds(datetime(2026, 11, day, tzinfo=UTC)) for day in (2, 3))
    assert happened(tuesday, monday) == monday
    assert happened(monday, tuesday) == monday


@pytest.mark.parametrize("wrong", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 5, tzinfo=UTC)])
def test_a_clock_that_begins_again_in_1970_is_not_believed(wrong):
    arrived = microseconds(datetime(2026, 11, 2, tzinfo=UTC))
    assert happened(microseconds(wrong), arrived) == arrived


# --- the clock in Wales -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut_off", "midnight"),
    [
        (date(2027, 3, 27), datetime(2027, 3, 28, 0, tzinfo=UTC)),  # the night before the clocks go forward
        (date(2027, 3, 28), datetime(2027, 3, 28, 23, tzinfo=UTC)),  # a day of 23 hours
        (date(2027, 10, 30), datetime(2027, 10, 30, 23, tzinfo=UTC)),  # still summer at midnight
        (date(2027, 10, 31), datetime(2027, 11, 1, 0, tzinfo=UTC)),  # a day of 25 hours
        (date(2027, 7, 1), datetime(2027, 7, 1, 23, tzinfo=UTC)),
    ],
)
def test_the_cut_off_is_midnight_in_wales(cut_off, midnight):
    plan = Plan(MODULES, cut_off - days(30), cut_off, cut_off)
    second = timedelta(seconds=1)
    assert stands(both(at=midnight - second), plan=plan, at=midnight).status == "ready"
    assert stands(both(at=midnight), plan=plan, at=midnight).reason == "finished-late"
    assert plan.days_left(midnight - second) == 0
    assert plan.days_left(midnight) == -1


def test_a_day_in_wales_begins_an_hour_earlier_in_summer():
    assert day_in_wales(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)
    assert day_in_wales(datetime(2027, 1, 30, 23, 30, tzinfo=UTC)) == date(2027, 1, 30)
