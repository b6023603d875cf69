"""What it means for a cut-off that the record store could not be reached: as much time again, no more and no less."""

from collections.abc import Iterable
from typing import NamedTuple


class Outage(NamedTuple):
    """From when until when the store could not be reached, in whole microseconds since 1970."""

    began: int
    ended: int


def as_much_again(first: int, last: int, outages: Iterable[Outage]) -> int:
    """The moment to which ``last`` moves for the outages that fall between ``first`` and it.

    An outage counts for as much of it as comes after ``first``, once, though two people wrote it down. What it adds may
    bring the moment into another outage, which then counts too. All moments are microseconds.
    """
    told = first  # everything until here is counted
    for began, ended in sorted(outages):
        began, ended = max(began, told), max(ended, told)
        if began < last:
            last += ended - began
            told = ended
    return last
