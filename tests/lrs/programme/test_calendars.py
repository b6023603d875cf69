"""Calendar files: what a diary reads in them."""

from datetime import date

import pytest
from icalendar import Calendar

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def events(answer):
    assert answer.mimetype == "text/calendar"
    assert answer.data.endswith(b"END:VCALENDAR\r\n")
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.fixture
def at_a_venue(empty):
    empty.add_course()
    empty.add_cohort(venue_en="Lake Hotel; Rock Park, Llandrindod", venue_cy="Gwesty’r Llyn, Tŷ Ŵyn")
    return empty


def test_both_dates_are_whole_days_in_the_language_asked_for(at_a_venue, lead):
    welsh, english = (events(lead.get(f"/residentials/coed/calendar-{one}.ics")) for one in ("cy", "en"))
    deadline, stay = "coed-cut-off@knowing-the-business", "coed-residential@knowing-the-business"
    assert set(welsh) == set(english) == {deadline, stay}
    assert (welsh[stay]["dtstart"].dt, welsh[stay]["dtend"].dt) == (date(2026, 12, 8), date(2026, 12, 11))
    assert (welsh[deadline]["dtstart"].dt, welsh[deadline]["dtend"].dt) == (date(2026, 11, 27), date(2026, 11, 28))
    assert (welsh[stay]["summary"], english[stay]["summary"]) == ("Coed, Rhagfyr 2026", "Coed, December 2026")
    assert welsh[stay]["summary"].params["LANGUAGE"] == "cy"
    assert welsh[stay]["location"] == "Gwesty’r Llyn, Tŷ Ŵyn"
    assert english[stay]["location"] == "Lake Hotel; Rock Park, Llandrindod"
    assert welsh[deadline]["summary"] == "Diwrnod olaf ar gyfer y modiwlau: Coed, Rhagfyr 2026"
    assert english[deadline]["transp"] == "TRANSPARENT"


def test_a_title_adds_no_line_to_the_file(empty, lead):
    empty.add_course()
    empty.add_cohort(title_en="A\r\nATTENDEE:x; b, c\\n" + "ŵ" * 100)
    answer = lead.get("/residentials/coed/calendar-en.ics")
    assert len(events(answer)) == 2
    assert not [line for line in answer.data.split(b"\r\n") if line.startswith(b"ATTENDEE")]
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_there_is_no_file_in_another_language(filled, lead):
    assert lead.get("/residentials/coed/calendar-fr.ics").status_code == 404
