"""What being there on some days of a residential, and not on others, makes of somebody's place."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta


def days_of(starts: date, ends: date) -> list[date]:
    """Every day of a residential."""
    return [starts + timedelta(days=number) for number in range((ends - starts).days + 1)]


def place_after(marks: Mapping[date, bool], days: Sequence[date]) -> str:
    """What a place is: attended from the first day there; absent where every day is marked and none so; else confirmed.

    Whether being there on some days is enough is a person's decision, so the days themselves stay on the record.
    """
    there = [marks.get(day) for day in days]
    if any(there):
        return "attended"
    return "confirmed" if None in there else "absent"
