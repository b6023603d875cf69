"""Every row of the status table, its boundaries, both sides of the clock changes, and any past moment."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from lrs.rules.disagreement import disagreements
from lrs.rules.instants import microseconds
from lrs.rules.outages import Outage
from lrs.rules.readiness import Decision, Module, Plan, Record, arrived_after, believed, day_in_wales, readiness

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


def test_e27_an_exemption_that_ran_out_yesterday_no_longer_holds_and_one_that_ends_today_does():
    assert verdict(decisions=[decision("exempt", until=date(2026, 11, 11))])[1] == "exempt"
    assert verdict(decisions=[decision("exempt", until=date(2026, 11, 10))])[1] != "exempt"


def test_e27_an_exemption_taken_back_no_longer_holds_from_that_moment():
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


def test_e06_welsh_then_english_counts_once_from_the_earliest():
    welsh, english = record(at=NOON - days(4), language="cy"), record(at=NOON - days(6), language="en-GB")
    assert stands([welsh, english]).done["m1"] is english


def test_e15_completed_before_the_opening_counts():
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


def test_e08_what_was_done_in_time_may_arrive_72_hours_later_and_no_more():
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


def test_done_again_after_the_other_source_said_that_it_was_failed_settles_it_unless_that_does_not_count():
    failed = record("failed", "m1", NOON - timedelta(hours=2), source="b")
    again = record("passed", "m1", NOON - timedelta(hours=1))
    assert verdict([*both(), failed, again]) == ("ready", "complete")
    assert verdict([*both(), failed, again._replace(voided_at=microseconds(NOON))])[1] == "disputed"


def test_a_decision_settles_a_dispute():
    failed = record("failed", "m1", NOON - timedelta(hours=2), source="b")
    assert verdict([*both(), failed], decisions=[decision(module="m1")]) == ("ready", "by-decision")


# --- on track -----------------------------------------------------------------------------------------------------


def test_e05_partial_completion_says_what_is_left_and_how_long():
    found = stands([record()], at=NOON - days(0))
    assert (found.status, found.reason, found.missing, found.minutes_left) == ("on-track", "left", ("m2",), 30)


def test_before_the_opening_nothing_is_asked():
    assert verdict(at=datetime(2026, 10, 20, 9, tzinfo=UTC)) == ("on-track", "not-open")


# --- as at --------------------------------------------------------------------------------------------------------


def test_what_came_later_than_the_moment_is_not_looked_at():
    late = both(at=NOON - days(3), stored=NOON - days(1))
    assert stands(late, at=NOON - days(2)).done == {}
    assert stands(late, at=NOON - days(1)).status == "ready"


def test_e14_a_voided_record_counts_until_it_was_voided():
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


def arrived(said, stored, grade="asserted"):
    return believed(record(at=said, stored=stored, grade=grade), microseconds(datetime(2026, 9, 1, tzinfo=UTC)))


def test_e10_nothing_is_done_after_its_record_arrived():
    monday, tuesday = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
    assert arrived(tuesday, monday).at == monday
    assert arrived(monday, tuesday).at == monday


@pytest.mark.parametrize("grade", ["asserted", "confirmed", "verified", ""])
@pytest.mark.parametrize("wrong", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 5, tzinfo=UTC)])
def test_e10_a_clock_that_begins_again_in_1970_is_not_believed(wrong, grade):
    came = datetime(2026, 11, 2, tzinfo=UTC)
    found = arrived(wrong, came, grade)
    assert (found.at, found.told) == (came, microseconds(wrong))


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
def test_e29_the_cut_off_is_midnight_in_wales(cut_off, midnight):
    plan = Plan(MODULES, cut_off - days(30), cut_off, cut_off)
    second = timedelta(seconds=1)
    assert stands(both(at=midnight - second), plan=plan, at=midnight).status == "ready"
    assert stands(both(at=midnight), plan=plan, at=midnight).reason == "finished-late"
    assert plan.days_left(midnight - second) == 0
    assert plan.days_left(midnight) == -1


def test_e29_a_day_in_wales_begins_an_hour_earlier_in_summer():
    assert day_in_wales(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)
    assert day_in_wales(datetime(2027, 1, 30, 23, 30, tzinfo=UTC)) == date(2027, 1, 30)


# --- edge cases of evidence ---------------------------------------------------------------------------------------


def why_not(found):
    return [why for _, why in found.weighed.not_counted]


def test_e05_the_whole_course_counts_though_no_module_was_told_of():
    assert stands([record("started", "m1"), record(module=None)]).status == "ready"
    assert stands([record(module="m2")]).missing == ("m1",)


def pinned(major=2, *equivalent):
    return Plan(MODULES, PLAN.opens, PLAN.target, PLAN.cut_off, major=major, equivalent=frozenset(equivalent))


@pytest.mark.parametrize("version", ["2.0.0", "2.7.1", "2", None, "", "v9"])
def test_e07_a_minor_version_is_the_same_and_one_that_is_not_told_is_believed(version):
    assert stands(both(version=version), plan=pinned()).status == "ready"


@pytest.mark.parametrize("version", ["1.9.9", "3.0.0", "20.1.0"])
def test_e07_another_major_version_does_not_count_and_says_why(version):
    found = stands([record(module="m1", version=version), record(module="m2", version="2.1.0")], plan=pinned())
    assert (found.missing, why_not(found)) == (("m1",), ["version"])
    assert stands(both(version=version)).status == "ready"  # where no version is asked for


def test_e07_an_author_may_say_that_a_module_stands_for_that_of_another_version():
    plan = pinned(2, ("m1", 1))
    assert stands(both(version="1.4.0"), plan=plan).missing == ("m2",)
    assert stands(both(version="3.0.0"), plan=plan).missing == ("m1", "m2")
    whole = record(module=None, version="1.4.0")
    found = stands([whole], plan=plan)
    assert (found.missing, found.done["m1"], why_not(found)) == (("m2",), whole, ["version"])
    assert stands([whole], plan=pinned(2, ("m1", 1), ("m2", 1))).status == "ready"


def test_e15_completed_before_nomination_counts_for_24_months_before_the_cut_off():
    first = datetime(2024, 11, 28, tzinfo=UTC)
    assert stands(both(at=first)).status == "ready"
    found = stands(both(at=first - timedelta(seconds=1)))
    assert (found.missing, why_not(found)) == (("m1", "m2"), ["old", "old"])
    leap = Plan(MODULES, date(2028, 1, 1), date(2028, 2, 1), date(2028, 2, 29))
    assert leap.oldest == microseconds(datetime(2026, 2, 28, tzinfo=UTC))


def test_e08_what_arrived_after_the_cut_off_is_listed_for_somebody_to_look_at():
    before, after = record(module="m1", at=LAST), record(module="m2", at=LAST, stored=LAST + timedelta(seconds=1))
    assert arrived_after(PLAN, stands([before, after], at=LAST + days(2))) == [after]


def test_e09_whatever_order_records_come_in_they_say_the_same():
    records = [
        record("started", "m1", NOON - days(5), stored=NOON - days(1)),
        record("passed", "m1", NOON - days(4)),
        record("completed", "m1", NOON - days(3)),
        record("completed", "m2", NOON - days(3), stored=NOON - days(2)),
    ]
    told = [stands(order) for order in itertools.permutations(records)]
    assert all((one.status, one.done) == ("ready", {"m1": records[1], "m2": records[3]}) for one in told)
    assert stands(records[1:]).status == "ready"  # nobody needs to have started


def test_e10_five_minutes_ahead_are_not_worth_a_word_and_more_are():
    came = datetime(2026, 11, 2, tzinfo=UTC)
    assert arrived(came + timedelta(minutes=5), came)[-1] is None
    ahead = came + timedelta(minutes=5, seconds=1)
    assert arrived(ahead, came)[-1] == microseconds(ahead)


def test_e10_no_module_was_opened_a_year_before_the_store_knew_the_course_but_an_lms_may_know_of_it():
    said, came = datetime(2012, 1, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    assert (arrived(said, came).at, arrived(said, came, "confirmed").at) == (came, said)
    assert arrived(datetime(2026, 1, 1, tzinfo=UTC), came).told is None  # kept by a browser until it could be sent


def lms(kind, module="m1", **more):
    return record(kind, module, grade="confirmed", source="lms", **more)


def told(*records):
    found = disagreements(stands(records), records, ("m1", "m2"), microseconds(NOON))
    return [(one.module, one.kind, one.done, one.other) for one in found]


def test_e11_the_lms_says_complete_and_the_module_never_said_so():
    begun, done = record("started", "m1", NOON - days(3)), lms("completed")
    assert told(begun, done) == [("m1", "only-lms", done, begun)]
    assert stands([begun, done]).missing == ("m2",)  # the LMS is believed
    assert told(done) == []  # nothing was ever heard of the module: an LMS without live records
    assert told(begun, done, record("passed", "m1")) == []
    whole = lms("completed", None)
    assert told(begun, whole) == [(None, "only-lms", whole, begun)]
    assert told(*both(), whole) == []


def test_e12_the_module_says_complete_and_the_lms_still_does_not():
    done, behind = record(at=NOON - days(3)), lms("started", at=NOON - days(1))
    assert told(done, behind) == [("m1", "only-module", done, behind)]
    assert stands([done, behind]).missing == ("m2",)  # the module is believed
    assert told(done, lms("started", at=NOON - days(4))) == []  # it was true then
    assert told(done, behind, lms("completed")) == []
    assert told(done, behind._replace(voided_at=microseconds(NOON))) == []


def test_e11_a_failure_told_by_the_other_source_shows_both_sides():
    done, failed = record(), lms("failed", at=NOON - timedelta(hours=1))
    assert told(done, failed) == [("m1", "failed", done, failed)]


def test_e13_completed_twice_in_one_registration_counts_once_from_the_earliest_valid():
    again = [record(at=NOON - days(number)) for number in (2, 3, 4)]
    found = stands([*again, again[0]])
    assert (list(found.done), found.done["m1"], found.facts.counted) == (["m1"], again[2], 1)
    spoilt = again[2]._replace(voided_at=microseconds(NOON))
    assert stands([*again[:2], spoilt]).done["m1"] is again[1]


def test_e21_a_pause_asks_nothing_and_gives_no_reason():
    pause = Decision(None, "pause", "", NOON - days(3))
    assert verdict(decisions=[pause], at=LAST) == ("not-required", "paused")
    assert verdict(both(), decisions=[pause]) == ("ready", "complete")
    assert verdict(decisions=[pause], place="withdrawn") == ("not-required", "withdrawn")
    assert verdict(decisions=[pause._replace(until=date(2026, 11, 10))])[1] != "paused"


def test_e21_the_days_of_a_pause_do_not_put_anybody_behind():
    slow = Plan(MODULES, PLAN.opens, date(2026, 11, 21), date(2026, 12, 31))
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)  # 17 of 20 days gone: both modules are due
    one_done = [record(at=NOON)]
    assert stands(one_done, plan=slow, at=now).reason == "behind"
    away = Decision(None, "pause", "", datetime(2026, 11, 4, 9, tzinfo=UTC), until=date(2026, 11, 11))
    found = stands(one_done, plan=slow, at=now, decisions=[away])
    assert (found.reason, found.facts.expected) == ("left", 2 * 9 / 20)
    ended = away._replace(until=None, withdrawn_at=datetime(2026, 11, 12, 8, tzinfo=UTC))
    assert stands(one_done, plan=slow, at=now, decisions=[ended]).facts.expected == 2 * 9 / 20
    assert stands(one_done, plan=slow, at=now, decisions=[away, ended]).facts.expected == 2 * 9 / 20


def test_e21_whoever_comes_back_is_not_idle_at_once():
    plan = Plan(MODULES, PLAN.opens, date(2026, 12, 31), PLAN.cut_off)
    seen, now = [record(at=datetime(2026, 11, 2, 9, tzinfo=UTC))], datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert stands(seen, plan=plan, at=now).reason == "idle"
    away = Decision(None, "pause", "", datetime(2026, 11, 3, 9, tzinfo=UTC), until=date(2026, 11, 15))
    assert stands(seen, plan=plan, at=now, decisions=[away]).facts.idle_days == 4


def test_e25_what_an_adjustment_completes_is_complete():
    assert stands([record(module="m2")], decisions=[decision(module="m1")]).reason == "by-decision"


def test_e26_somebody_without_any_record_may_be_ready_by_what_a_lead_saw():
    assert verdict(decisions=[decision()], account=False, at=LAST) == ("ready", "by-decision")


def test_e27_a_dispensation_that_ends_takes_the_status_with_it_and_history_keeps_it():
    until = decision(until=date(2026, 11, 12))
    assert stands(decisions=[until], at=NOON + days(1)).status == "ready"
    assert stands(decisions=[until], at=NOON + days(2)).status != "ready"
    taken_back = decision(withdrawn_at=NOON)
    assert stands(decisions=[taken_back], at=NOON).status != "ready"
    assert stands(decisions=[taken_back], at=NOON - timedelta(seconds=1)).status == "ready"


MIDNIGHT = LAST + timedelta(seconds=1)  # after the day of the cut-off
HOUR = timedelta(hours=1)


def out(*times):
    """The plan, with outages from and to so many hours after that midnight."""
    away = tuple(Outage(*(microseconds(MIDNIGHT + hours * HOUR) for hours in one)) for one in times)
    return Plan(MODULES, PLAN.opens, PLAN.target, PLAN.cut_off, outages=away)


@pytest.mark.parametrize(
    ("outages", "hours"),
    [
        ([(-10, -7)], 3),
        ([(-2, 5)], 7),  # over midnight
        ([(-30, -20)], 4),  # since the day before: the four hours of the day itself
        ([(-30, -24)], 0),  # over before the day began
        ([(0, 5)], 0),  # after it
        ([(-10, -7), (-9, -8), (-10, -7)], 3),  # written down by several people
        ([(-2, 1), (2, 4)], 5),  # the second falls into what the first put it off to
    ],
)
def test_e32_an_outage_on_the_day_of_the_cut_off_puts_it_off_by_as_long(outages, hours):
    plan, last = out(*outages), MIDNIGHT + hours * HOUR
    assert plan.put_off == hours * HOUR
    assert stands(both(at=last - timedelta(seconds=1)), plan=plan, at=last).status == "ready"
    assert stands(both(at=last), plan=plan, at=last).reason == "finished-late"
    assert stands(plan=plan, at=last - timedelta(seconds=1)).facts.over is False
    assert stands(plan=plan, at=last).facts.over is True
    assert plan.days_left(last - timedelta(seconds=1)) == 0


def test_e32_an_outage_in_the_days_of_grace_gives_records_as_much_longer_to_arrive():
    plan, last = out((10, 15)), MIDNIGHT + timedelta(hours=77)
    second = timedelta(seconds=1)
    assert stands(both(at=LAST, stored=last - second), plan=plan, at=last).status == "ready"
    assert why_not(stands(both(at=LAST, stored=last), plan=plan, at=last)) == ["arrived-late"] * 2
    assert plan.put_off == timedelta(0)
