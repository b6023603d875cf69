"""The pages in Chromium: nothing for axe to find, nothing wider than the window, and forms that work from a browser."""

from datetime import timedelta

import pytest

from lrs import signin
from lrs.storage import keys, merges, users
from lrs.storage.database import reading, writing

# What is drawn is the same whichever database it was read from; every page is asked for on both in the tests beside.
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
BAD = """Name,E-mail,Council,Language,Nickname
Mari,mari@council.example,Caerdydd,cy,M
,x,Atlantis,z,
Mari,mari@council.example,Powys,cy,
"""
REPORT = """,Email address,Module <1>,,Module <2>,,Lesson,Nickname
Neb Yma,neb.yma.ag.enw.hir.iawn@elsewhere.example,Completed,2026-11-13 09:15:00,Not completed,,,N
Arall,x,Perhaps,31/31/2026,,,,
"""


@pytest.fixture
def people(filled, clock):
    ids = []
    for number, name in enumerate(("Siân Ŵyn Ddychmygol", "Llŷr O'Neill Ffug", "Sam Sample")):
        person, email = filled.add_person(name, "W06000016")
        ids.append(person)
        for module in range(1, number + 2):
            filled.send(email, "completed", f"m{module}", clock.now - timedelta(days=1))
    filled.add_person("Dim Cyfrif", "W06000012", "en")
    sent = filled.send(email, "completed", "m1", clock.now)
    filled.void(sent, clock.now)
    return ids


def stranger(store):
    """An account on no list, which somebody may own; its number."""
    store.send("sian.ddychmygol.wyn@a-council-with-a-long-name.example", "completed", "m1", store.clock.now)
    with reading(store.engine) as connection:
        return connection.exec_driver_sql("SELECT id FROM actors WHERE email LIKE 'sian.ddy%'").scalar()


def link(store, role="lead", authority=None):
    with writing(store.engine) as connection:
        user = users.add_user(connection, "mair@council.example", "Mair Prawf", role, authority, store.clock.now)
        return "/sign-in/" + signin.new_link(connection, user, store.clock.now)


def faults(page, axe, name):
    """What axe finds, and whether the page is wider than its window, at both widths."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name} {width}: {one}" for one in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{name} {width}: wider than its window")
    return found


@pytest.mark.parametrize("language", ["en", "cy"])
def test_axe_finds_nothing_on_any_page(context, axe, address, filled, people, language):
    with writing(filled.engine) as connection:  # an address as long as many are, for the log to show
        users.note(connection, "operator", "sign-in link", "mair.arweinydd-y-rhaglen@council.example", filled.clock.now)
        keys.create(connection, "LMS Powys", ["statements/write"], filled.clock.now)
    twice, _ = filled.add_person("Sam Sample, eto", "W06000016")
    with writing(filled.engine) as connection:
        merges.merge(connection, people[2], twice, "mair@council.example", filled.clock.now, filled.clock.now.date())
    page = context.new_page()
    page.goto(f"{address}/sign-in?lang={language}")
    found = faults(page, axe, "sign-in")
    page.goto(address + link(filled))
    found += faults(page, axe, "link")
    page.click("main button")
    page.wait_for_url(f"{address}/")
    paths = ["/", "/how-status-is-worked-out", "/residentials/coed", f"/residentials/coed/people/{people[2]}"]
    paths += ["/users", "/log", "/privacy", "/accessibility", "/courses/tiny/questions"]
    paths += ["/retention", f"/residentials/coed/people/{people[2]}/erase"]
    paths += ["/residentials/coed/register", "/residentials/coed/certificates", "/certificates/no-such-code"]
    paths += ["/residentials/coed/edit", "/residentials/coed/places?group=confirmed", paths[-1] + "/place"]
    paths += [
        "/accounts",
        f"/accounts/{stranger(filled)}?name=s",
        f"/people/{people[0]}?name=an",
        f"/people/{people[2]}",
    ]
    paths += [f"/people/{people[0]}/merge/{people[1]}", "/residentials/coed/exceptions"]
    paths += [f"/residentials/coed/{one}" for one in ("chase", "grid", "councils/W06000016")]
    paths += ["/languages", "/roll-up", "/freshness"]
    for path in paths:
        page.goto(address + path)
        found += faults(page, axe, path)
    page.goto(address + "/residentials/new")
    page.fill("#f-id", "X!")
    page.click("main button")
    found += faults(page, axe, "the form with faults")
    page.goto(address + "/residentials/coed/roster")
    found += faults(page, axe, "roster")
    page.set_input_files("#f-roster", {"name": "list.csv", "mimeType": "text/csv", "buffer": BAD.encode()})
    page.click("main .button")
    found += faults(page, axe, "preview")
    page.goto(page.url + "/columns")
    page.select_option("#f-role", "0")
    page.click("main .button")
    found += faults(page, axe, "columns with faults")
    page.goto(address + "/residentials/coed/exports")
    found += faults(page, axe, "an LMS's report")
    page.select_option("#f-key", label="LMS Powys")
    page.set_input_files("#f-roster", {"name": "progress.csv", "mimeType": "text/csv", "buffer": REPORT.encode()})
    page.click("main .button")
    found += faults(page, axe, "preview of an LMS's report")
    page.goto(page.url + "/columns")
    found += faults(page, axe, "columns of an LMS's report")
    page.select_option("#f-state", "0")
    page.click("main .button")
    found += faults(page, axe, "columns of an LMS's report with faults")
    assert found == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_axe_finds_nothing_where_a_link_officer_nominates(context, axe, address, filled, people, language):
    page = context.new_page()
    page.goto(f"{address}/sign-in?lang={language}")
    page.goto(address + link(filled, "link", "W06000016"))
    page.click("main button")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/residentials/coed/places")
    found = faults(page, axe, "places")
    page.goto(f"{address}/residentials/coed/nominate")
    page.fill("#f-email", "x")
    page.locator("main .button").first.click()
    found += faults(page, axe, "the form with faults")
    page.set_input_files("#f-roster", {"name": "list.csv", "mimeType": "text/csv", "buffer": BAD.encode()})
    page.locator("main .button").last.click()
    page.wait_for_url("**/nominate/*")
    found += faults(page, axe, "preview")
    assert found == []


def test_a_lead_brings_in_people_decides_and_signs_out_without_script(browser, address, filled):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(address + link(filled))
    page.click("main button")
    page.click("text=Coed, December 2026")
    page.click("main .button")
    page.set_input_files("#f-roster", {"name": "list.csv", "mimeType": "text/csv", "buffer": BAD.encode()})
    page.click("main .button")
    page.click("text=Keep 1 row")
    page.click("#people a:has-text('Mari')")
    page.select_option("#f-reason", "record-seen")
    page.click("text=Keep this decision")
    assert page.inner_text("#v-h") == "Ready"
    page.click("text=Sign out")
    page.goto(address + "/")
    assert page.inner_text("h1") == "Sign in"
    context.close()


def test_printing_leaves_out_what_paper_cannot_press(context, address, filled, people):
    page = context.new_page()
    page.goto(address + link(filled))
    page.click("main button")
    page.goto(address + "/residentials/coed")
    page.emulate_media(media="print")
    assert not page.is_visible(".filter")
    assert not page.is_visible("nav")
    assert page.is_visible("table.people")
