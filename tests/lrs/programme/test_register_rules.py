"""The order of names on paper, and what attendance makes of a place."""

from datetime import date

import pytest

from lrs.programme.register import name_order
from lrs.rules.attendance import days_of, place_after


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Cynan", "Chwaer"),
        ("Dyfan", "Ddafydd"),
        ("Gwyn", "Ngaio"),
        ("Lynne", "Lloyd"),
        ("Pryderi", "Phylip"),
        ("Rwth", "Rhys"),
        ("Tudur", "Theo"),
        ("Mari Lewis", "Mari Llwyd"),
        ("Sian", "Siân"),
        ("Ŵyn", "Ynyr"),
        ("Ann", "Anna"),
    ],
)
def test_names_stand_in_the_order_of_the_welsh_alphabet(first, second):
    assert name_order(first) < name_order(second)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("", "confirmed"),
        ("-", "confirmed"),
        ("--", "confirmed"),
        ("---", "absent"),
        ("-+", "attended"),
        ("+--", "attended"),
    ],
)
def test_a_place_follows_from_the_days(told, state):
    days = days_of(date(2026, 12, 30), date(2027, 1, 1))
    marks = {day: mark == "+" for day, mark in zip(days, told, strict=False)}
    assert place_after(marks, days) == state
