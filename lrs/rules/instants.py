"""Moments as whole microseconds since 1970, in UTC: the form in which they are stored and compared."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)
def microseconds(at: datetime) -> int:
    """An aware moment as whole microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(since: int) -> datetime:
    """The moment so many microseconds after the beginning of 1970, in UTC."""
    return EPOCH + timedelta(microseconds=since)
