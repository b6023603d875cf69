"""Financial years, from 1 April to 31 March: what councils report for."""

from datetime import date

BEGINS = 4  # the month of the first day


def financial_year(day: date) -> int:
    """The year in which the financial year of a day began: 2026 for any day of 2026–27."""
    return day.year if day.month >= BEGINS else day.year - 1


def days_of_year(year: int) -> tuple[date, date]:
    """The first day of a financial year, and the first of the next one."""
    return date(year, BEGINS, 1), date(year + 1, BEGINS, 1)
