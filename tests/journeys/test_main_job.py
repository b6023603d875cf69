"""The main job, end to end: from an author's Markdown to the lead's page, by way of a learner and an LMS not ours."""

import json
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

ROSTER = """name,email,council,language
Siân Ŵyn Ddychmygol,sian@council.example,Gwynedd,cy
Llŷr O'Neill Ffug,llyr@council.example,Cardiff,cy
Sam Sample,sam@council.example,W06000015,en
"""


def day(after):
    """The date so many days after the day of the journeys, as a form takes it."""
    return (date(2026, 11, 20) + timedelta(days=after)).isoformat()


@pytest.fixture
def lead(context, store, package, lms):
    """A programme lead's page, signed in, with a residential of three people whose cut-off is five days away."""
    store.run("course", "add", str(package[0]))
    store.run("course", "allow", "knowing-the-business", lms.origin)
    page = context.new_page()
    page.goto(store.sign_in_link())
    page.get_by_role("button").last.click()
    page.goto(f"{store.address}/residentials/new?lang=en")
    dates = {"opens": day(-20), "target": day(3), "cut_off": day(5), "starts": day(18), "ends": day(20)}
    for name, value in {"id": "coed-2026", "title_en": "Coed", "title_cy": "Coed", **dates}.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form button.button").click()
    page.goto(f"{store.address}/residentials/coed-2026/roster")
    page.set_input_files("input[type=file]", {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()})
    page.locator("main form button.button").click()
    page.locator("main form button.button").click()
    return page


def board(lead):
    """Each person of the residential with their status and reason, as the lead reads them now."""
    lead.goto(lead.url.partition("/residentials/")[0] + "/residentials/coed-2026")
    rows = lead.locator("table.people tbody tr").all()
    return {
        row.locator("th").inner_text(): (row.locator("td").nth(0).inner_text(), row.locator("td").nth(1).inner_text())
        for row in rows
    }


def test_a_learner_becomes_ready_and_nobody_else_changes(lead, learner, lms, store, axe):
    before = board(lead)
    assert {status for status, _ in before.values()} == {"Not ready"}
    assert axe(lead) == []

    first = learner("sian@council.example")
    first.answer_page(wrong_first=True)
    first.next_page(3)
    first.answer_page(wrong_first=True)
    first.switch_language()
    place, language = first.place(), first.language()
    assert language == "cy"
    first.settled()
    first.kill()

    again = learner("sian@council.example")
    assert (again.place(), again.language()) == (place, "cy")
    assert again.answers_kept()
    again.walk_to_the_end()
    held = lms.cmi("sian@council.example")
    assert (held["core"]["lesson_status"], held["core"]["score"]["raw"]) == ("completed", "100")
    assert held["core"]["lesson_location"] == json.loads(held["suspend_data"])["at"]
    assert len(held["suspend_data"]) <= 600
    again.close()

    after = board(lead)
    assert after.pop("Siân Ŵyn Ddychmygol")[0] == "Ready"
    before.pop("Siân Ŵyn Ddychmygol")
    assert after == before
    lead.get_by_role("link", name="Siân Ŵyn Ddychmygol").first.click()
    expect(lead.locator("main")).to_contain_text("Asserted")
    expect(lead.locator("main")).to_contain_text("Safeguarding: everyone’s duty")
    assert axe(lead) == []


def test_with_the_store_down_the_lms_has_everything_and_the_statements_come_later(lead, learner, lms, store):
    store.stop()
    first = learner("sam@council.example")
    first.walk_to_the_end()
    held = lms.cmi("sam@council.example")
    assert (held["core"]["lesson_status"], held["core"]["score"]["raw"]) == ("completed", "100")
    first.close()

    store.start()
    assert board(lead)["Sam Sample"][0] == "Not ready"
    again = learner("sam@council.example")
    again.until(lambda: board(lead)["Sam Sample"][0] == "Ready")
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in store.statements()]
    assert sorted(verbs[:5]) == ["completed", "completed", "completed", "initialized", "terminated"]
    assert {one["context"]["registration"] for one in store.statements()} == {
        store.statements()[0]["context"]["registration"]
    }


def test_two_councils_learners_with_one_id_are_two_people(lead, learner, store):
    stranger = learner("1234")
    stranger.walk_to_the_end()
    stranger.close()
    assert {status for status, _ in board(lead).values()} == {"Not ready"}
