"""A lead's whole calendar in Chromium, in each language: from opening a residential to sign-off and certificates."""

from datetime import UTC, datetime

import pytest

from lrs import signin
from lrs.programme import words
from lrs.programme.words import gettext, ngettext
from lrs.storage import users
from lrs.storage.database import writing

# What is drawn is the same whichever database it was read from.
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
LEAD, OFFICER = "mair@college.example", "gwenno@council.example"
TITLES = {"en": "Coed, spring 2027", "cy": "Coed, gwanwyn 2027"}
LIST = """Name,E-mail,Council,Language
Mari Enghraifft,mari@council.example,Powys,cy
Sam Sample,sam@council.example,Cardiff,en
"""
MODULES = "m1", "m2", "m3"


class Walker:
    """Somebody in front of a browser of their own, who does what its labels say in their language."""

    def __init__(self, context, address, store, language):
        self.page, self.address, self.store = context.new_page(), address, store
        self.page.set_default_timeout(10_000)
        self.page.goto(f"{address}/sign-in?lang={language}")

    def sign_in(self, email):
        """Use a link as whoever runs the store hands it over: look at it, then press its button."""
        self.page.context.clear_cookies(name=signin.COOKIE)
        with writing(self.store.engine) as connection:
            user = users.user_with_email(connection, email)
            token = signin.new_link(connection, user, self.store.clock.now)
        self.page.goto(f"{self.address}/sign-in/{token}")
        self.press("Sign in")

    def go(self, where):
        """Click on what leads to another page, and wait until that is there."""
        with self.page.expect_navigation():
            where.click()

    def press(self, label):
        self.go(self.page.get_by_role("button", name=gettext(label), exact=True))

    def follow(self, label):
        self.go(self.page.get_by_role("link", name=gettext(label), exact=True).first)

    def open(self, text):
        """Follow a link whose words are nobody's to translate, such as a name."""
        self.go(self.page.get_by_role("link", name=text, exact=True).first)

    def fill(self, label, text):
        self.page.get_by_label(gettext(label), exact=True).fill(text)

    def choose(self, label, value):
        self.page.get_by_label(gettext(label), exact=True).select_option(value)

    def group(self, label):
        """Go to the people counted under a label."""
        self.go(self.page.locator(".counts a", has_text=gettext(label)))

    def tick(self, *names):
        for name in names:
            self.page.get_by_label(gettext("Choose %(name)s", name=name), exact=True).check()

    def heading(self):
        return self.page.inner_text("h1")

    def says(self, message, *counted, **values):
        """Whether the page says so, in words that are in the catalogue."""
        said = ngettext(message, *counted) if counted else gettext(message, **values)
        return said in " ".join(self.page.inner_text("main").split())

    def board(self):
        """Go to the board of the residential from the front page."""
        self.follow("Residentials")
        self.go(self.page.locator("main table a").first)
        return self.heading()


@pytest.fixture
def lead(context, address, empty, language):
    empty.add_course()
    with writing(empty.engine) as connection:
        users.add_user(connection, LEAD, "Mair Prawf", "lead", None, empty.clock.now)
    return Walker(context, address, empty, language)


@pytest.fixture
def officer(browser, address, empty, language):
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    yield Walker(context, address, empty, language)
    context.close()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_lead_goes_from_opening_a_residential_to_certificates(lead, officer, empty, clock, language):
    words.speak(language)
    fourteen_weeks_before(lead, language)
    twelve_weeks_before(lead, officer, language)
    the_modules_open(lead, clock, empty)
    the_target(lead, clock, empty)
    the_cut_off(lead, clock)
    the_residential(lead, clock)
    afterwards(lead, clock)


def fourteen_weeks_before(lead, language):
    """The residential is opened, its link officer may look, and the first people are brought in."""
    lead.sign_in(LEAD)
    assert lead.heading() == gettext("Welcome, %(name)s", name="Mair Prawf")
    lead.follow("Add a residential")
    lead.press("Add the residential")
    assert lead.says("%(num)s thing needs mending", "%(num)s things need mending", 3)
    for label, text in (("Title in English", TITLES["en"]), ("Title in Welsh", TITLES["cy"])):
        lead.fill(label, text)
    lead.fill("Short name", "coed")
    lead.fill("How many places", "3")
    lead.press("Add the residential")
    assert lead.heading() == TITLES[language]
    assert lead.says("Nobody is on this residential yet")
    lead.follow("Bring in the people")
    chosen = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    lead.page.get_by_label(gettext("The list, as an Excel workbook or a CSV file"), exact=True).set_input_files(chosen)
    lead.press("Look at the list")
    assert lead.says("Nothing has been kept yet.")
    lead.go(lead.page.get_by_role("button", name=ngettext("Keep %(num)s row", "Keep %(num)s rows", 2)))
    assert lead.says("%(num)s person", "%(num)s people", 2)
    lead.follow("Who may look")
    lead.fill("Name", "Gwenno Gyswllt")
    lead.fill("E-mail", OFFICER)
    lead.choose("Council", "W06000002")
    lead.press("Let them look")
    assert lead.says("%(num)s person may look", "%(num)s people may look", 2)


def twelve_weeks_before(lead, officer, language):
    """The link officer nominates two people; the lead offers one place, confirms it, and lets the other wait."""
    officer.sign_in(OFFICER)
    assert officer.board() == TITLES[language]
    assert "Mari Enghraifft" not in officer.page.content()
    officer.follow("Places")
    for name in ("Siân Ŵyn", "Dewi Dyfais"):
        officer.follow("Nominate somebody")
        officer.fill("Name", name)
        officer.fill("E-mail", f"{name[:2].lower()}@gwynedd.example")
        officer.choose("Language", "cy")
        officer.press("Nominate")
        assert name in officer.page.inner_text("table")
    lead.board()
    lead.follow("Places")
    lead.tick("Siân Ŵyn", "Dewi Dyfais")
    lead.choose("What is to be done", "offer")
    lead.press("Keep")
    assert lead.says("%(num)s thing needs mending", "%(num)s things need mending", 1)  # there are three places
    lead.page.get_by_label(gettext("Choose %(name)s", name="Dewi Dyfais"), exact=True).uncheck()
    lead.press("Keep")
    move(lead, "Waiting for a place", "waitlist", "Dewi Dyfais")
    move(lead, "Offered", "accept", "Siân Ŵyn")
    move(lead, "Accepted", "confirm", "Siân Ŵyn")
    lead.group("Confirmed")
    assert lead.page.locator("table.people tbody tr").count() == 3


def move(lead, group, what, name):
    """Do something with the place of one person of a group."""
    lead.group(group)
    lead.tick(name)
    lead.choose("What is to be done", what)
    lead.press("Keep")


def the_modules_open(lead, clock, store):
    """Invitations are ready to go, in each person's language; people begin, and one finishes."""
    clock.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    lead.sign_in(LEAD)
    lead.board()
    lead.follow("Reminders")
    assert lead.says("%(num)s message goes out next", "%(num)s messages go out next", 3)
    lead.follow("Words of the invitation")
    assert "Sam Sample" in lead.page.inner_text("main") and "Mari Enghraifft" in lead.page.inner_text("main")
    for module in MODULES:
        store.send("mari@council.example", "completed", module, clock.now)
    store.send("sam@council.example", "completed", "m1", clock.now)
    for module in MODULES[:2]:  # somebody learns under an address that no list has
        store.send("de@ysgol.example", "completed", module, clock.now)


def the_target(lead, clock, store):
    """Whom to chase, and why: one by decision, one who withdraws, so that somebody who waits comes."""
    clock.now = datetime(2027, 2, 3, 10, tzinfo=UTC)
    lead.sign_in(LEAD)
    lead.board()
    assert lead.says("%(num)s person to chase", "%(num)s people to chase", 2)
    lead.follow("Who to chase")
    assert lead.page.locator("main table tbody tr").count() == 2
    lead.open("Sam Sample")
    assert gettext("At risk") in lead.page.inner_text(".verdict")
    lead.press("Keep this decision")
    assert lead.says("Choose a reason. It stays on the record with your name.")
    lead.choose("Reason", "record-seen")
    lead.press("Keep this decision")
    assert gettext("Ready") in lead.page.inner_text(".verdict")
    lead.board()
    lead.open("Siân Ŵyn")
    lead.follow("Change the place")
    lead.page.select_option("#f-move", "withdraw")
    lead.page.select_option("#f-reason", "work")
    lead.go(lead.page.locator("section[aria-labelledby=move-h] button"))
    assert gettext("Not required") in lead.page.inner_text(".verdict")
    lead.board()
    lead.follow("Places")
    assert lead.says("%(num)s is free.", "%(num)s are free.", 1)
    move(lead, "Waiting for a place", "confirm", "Dewi Dyfais")
    store.send("de@gwynedd.example", "completed", MODULES[-1], clock.now)
    store.send("sam@council.example", "completed", "m2", datetime(1970, 1, 1, tzinfo=UTC), stored=clock.now)
    lead.follow("Accounts")
    lead.open("de@ysgol.example")
    lead.go(lead.page.get_by_role("button", name=gettext("Yes, it is theirs")))
    lead.follow("Accounts")
    assert lead.says("Every account that we heard of is somebody’s.")


def the_cut_off(lead, clock):
    """Three days after the cut-off a snapshot is taken and signed."""
    clock.now = datetime(2027, 2, 20, 9, tzinfo=UTC)
    lead.sign_in(LEAD)
    lead.board()
    assert lead.says("Nobody to chase today.")
    lead.follow("Snapshots and sign-off")
    lead.press("Take a snapshot")
    assert lead.heading() == gettext("Snapshot %(number)s", number=1)
    assert lead.says("Not signed")
    assert lead.says("It cannot be signed off yet. These are neither settled nor explained:")
    lead.follow("Exceptions")
    assert lead.says("%(num)s kind is open", "%(num)s kinds are open", 1)
    lead.page.fill("#f-clock", "A computer in a school thought it was 1970.")
    lead.press("Keep this explanation")
    assert lead.says("Nothing stands in the way of a sign-off")
    lead.board()
    lead.follow("Snapshots and sign-off")
    lead.open(gettext("Snapshot %(number)s", number=1))
    lead.press("Sign off")
    assert lead.page.locator("#sign").count() == 0
    assert LEAD in lead.page.inner_text("dl.facts")
    assert lead.says("Everybody still stands where the snapshot has them.")


def the_residential(lead, clock):
    """The register, ticked on the first day."""
    clock.now = datetime(2027, 3, 2, 10, tzinfo=UTC)
    lead.sign_in(LEAD)
    lead.board()
    lead.follow("Register")
    assert lead.page.get_by_role("link", name="PDF").count() == 1
    for name in ("Mari Enghraifft", "Dewi Dyfais"):
        lead.page.get_by_label(gettext("%(name)s was there", name=name), exact=True).check()
    lead.press("Keep who was there")
    assert lead.page.locator("input[name=there]:checked").count() == 2


def afterwards(lead, clock):
    """Certificates for those who were there and are ready; anybody checks one; the log has it all."""
    clock.now = datetime(2027, 3, 5, 10, tzinfo=UTC)
    lead.sign_in(LEAD)
    lead.board()
    lead.follow("Certificates")
    assert lead.says("%(num)s person is due a certificate", "%(num)s people are due a certificate", 2)
    lead.press("Give them their certificates")
    codes = [code.inner_text() for code in lead.page.locator("table code").all()]
    assert len(codes) == 2
    reports(lead)
    lead.follow("Who may look")
    lead.follow("The log")
    done = lead.page.inner_text("table")
    assert all(action in done for action in ("certificate", "attendance", "sign-off", "snapshot", "place", "decide"))
    lead.press("Sign out")
    lead.page.goto(f"{lead.address}/certificates/{codes[0]}")
    assert gettext("This certificate is valid") in lead.page.inner_text("main")


def reports(lead):
    """Each report is one link from the board and says so at its top."""
    lead.board()
    for name in ("Everybody by module", "Language take-up", "National roll-up", "Freshness of the content"):
        lead.follow(name)
        assert lead.heading() == gettext(name)
        lead.page.go_back()
