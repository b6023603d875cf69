"""Days as the calendar in Wales has them: a day there lasts until 23:59:59, summer or winter."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WALES = ZoneInfo("Europe/London")


@lru_cache(maxsize=4096)
def day_in_wales(moment: datetime) -> date:
    """The calendar day of an aware moment in Wales."""
    return moment.astimezone(WALES).date()


def start_of_day(day: date) -> datetime:
    """The first moment of a day in Wales, told in UTC."""
    return datetime.combine(day, time(), WALES).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first moment after a day in Wales, told in UTC."""
    return start_of_day(day + timedelta(days=1))


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
