"""People ready, day by day, drawn against what is needed by the cut-off."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lrs.programme.board import Standing
from lrs.rules.readiness import Record, day_in_wales
from lrs.storage.cohorts import Cohort

TOP, FLOOR = 26.0, 208.0  # where the bars' heights lie in the drawing
LONGEST = 400  # days; a calendar longer than this is not worth a drawing


class Day(NamedTuple):
    """One day: how many were ready by its end, and its bar, in per cent across and in pixels down."""

    date: date
    ready: int
    left: float
    width: float
    top: float
    height: float


class Chart(NamedTuple):
    """The days until today, how many are needed, and where the cut-off and today stand across."""

    days: list[Day]
    needed: int
    cut_off: float
    today: float

    @property
    def ready(self) -> int:
        """How many are ready today."""
        return self.days[-1].ready

    @property
    def told(self) -> list[Day]:
        """The days for the table: the first, the last, and each on which somebody became ready."""
        kept = [day for before, day in zip(self.days, self.days[1:], strict=False) if day.ready != before.ready]
        return sorted({self.days[0], *kept, self.days[-1]})


def ready_since(one: Standing) -> date | None:
    """The day on which somebody who is ready today had everything complete."""
    if one.readiness.status != "ready":
        return None
    done = one.readiness.done.values()
    return day_in_wales(max(each.at if isinstance(each, Record) else each.recorded_at for each in done))


def chart(everybody: Sequence[Standing], cohort: Cohort, as_at: datetime) -> Chart | None:
    """The chart of a residential, or None before its opening and where nobody is required."""
    today = day_in_wales(as_at)
    needed = sum(one.readiness.status != "not-required" for one in everybody)
    span = (max(cohort.cut_off, today) - cohort.opens).days + 1
    if today < cohort.opens or not needed or span > LONGEST:
        return None
    since = [day for one in everybody if (day := ready_since(one))]
    step = 100 / span
    days = []
    for number in range((today - cohort.opens).days + 1):
        day = cohort.opens + timedelta(days=number)
        ready = sum(began <= day for began in since)
        height = (FLOOR - TOP) * ready / needed
        days.append(Day(day, ready, step * (number + 0.12), step * 0.76, FLOOR - height, height))
    return Chart(days, needed, step * ((cohort.cut_off - cohort.opens).days + 1), step * (len(days) - 0.5))
