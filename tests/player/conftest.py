"""Fixtures of the player's tests: a small course, a learning system, a record store, and one launch after another."""

import contextlib
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import tiny_course
from launching import Launching, made
from player_servers import Lms, Store

from authoring.render import render


def until(true, seconds=30):
    """Wait for something to become true; false where it does not in time. What is not there yet is not true yet."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(KeyError):
            if true():
                return True
        time.sleep(0.03)
    return False


@pytest.fixture(name="until")
def until_fixture():
    return until


@pytest.fixture
def package():
    """``package(course, adapter, **outline)`` -> the files of a package of it."""

    def made(course=None, adapter="scorm12", **changes):
        course = course or tiny_course.course()
        return render(course, adapter, tiny_course.outline(course, **changes))

    return made


@pytest.fixture
def store():
    server = Store()
    yield server
    server.close()


@pytest.fixture
def lms(package, node_modules):
    server = Lms(package(), node_modules)
    yield server
    server.close()


@pytest.fixture
def launching(request, lms):
    """A system that launches the small course, in the FORMAT of the test's module, and keeps what it is told."""
    lms.host, lms.files = "frame.html", made(request.module.FORMAT)
    server = Launching(lms.origin)
    yield server
    server.close()


@pytest.fixture
def linked(lms, store, package):
    """The learning system again, with a package that knows the record store."""
    lms.files = package(**{"record-store": store.origin})
    return lms


class Launch:
    """One launch of the course in the learning system's page."""

    def __init__(self, context, lms, faults=None, **query):
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda told: self.errors.append(told.text) if "Content Security" in told.text else None)
        if faults:
            self.page.add_init_script(f"window.firstFaults = {faults!r}")
        self.page.goto(lms.address(**query))
        self.page.wait_for_function("window.lms && lms.ready")

    @property
    def sco(self):
        """The course's frame, once it is ready."""
        for _ in range(100):
            for frame in self.page.frames:
                if "/course/" in frame.url:
                    frame.wait_for_selector("html[data-ready]")
                    return frame
            self.page.wait_for_timeout(30)
        raise AssertionError("the course's frame never came")

    def calls(self, name):
        return [call for call in self.page.evaluate("lms.calls") if call[0] == name]

    def next(self):
        """Go on, which may take a fetch, to the page that the button names."""
        on = self.sco.locator(".page.here .turn .button >> visible=true")
        there = on.get_attribute("href")
        on.click()
        self.sco.wait_for_selector(f"{there}.here")

    def at(self):
        return self.sco.get_attribute(".page.here", "id")

    def answer(self, name, *options):
        """Answer a question of the small course by the numbers of its options, and check."""
        form = self.sco.locator(f"#q-{tiny_course.question_key(name)}")
        for box in form.locator(".choices input").all():
            if box.get_attribute("type") == "checkbox":
                box.uncheck()
        for option in options:
            form.locator(f".choices input[value='{option}']").check()
        form.locator("button").click()
        form.locator(".said:not(:empty)").wait_for()

    def write(self, name, text):
        self.sco.fill(f"#r-{tiny_course.reflect_key(name)}", text)
        self.sco.locator(f"#r-{tiny_course.reflect_key(name)}").blur()

    def walk(self):
        """Everything: both modules, all answers right."""
        self.next()
        self.answer("door", 2)
        self.answer("signs", 1, 3)
        self.answer("truth", 1)
        self.next()
        self.next()
        self.sco.click("#x-end .row .button")
        self.sco.wait_for_selector("#begin.here")
        self.answer("yes", 1)
        self.next()

    def close(self):
        """As a learner does: the events of leaving run."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)

    def kill(self):
        """As a phone or a power cut does: the renderer dies and no event runs."""
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=2000)
        self.page.close()


@pytest.fixture
def launch(context, lms):
    """``launch(**query)`` -> the course opened in the learning system."""
    return lambda **query: Launch(context, lms, **query)


@pytest.fixture
def begin(request, launch, launching):
    """``begin(**options)`` -> the course as the launching system launches it."""
    address = launching.launch if request.module.FORMAT == "cmi5" else launching.tincan
    return lambda *publisher, **options: launch(sco=address(*publisher, **options))


@pytest.fixture
def journey(request, begin, launching, lms, until):
    """``journey(kept)``: a learner from the first page to the last, once killed; ``kept()`` answers their record."""

    def made_whole(kept):
        lms.files = made(request.module.FORMAT, interactions=True)
        learner = begin()
        learner.next()
        learner.answer("door", 1)
        learner.answer("door", 2)
        learner.sco.click("#x-tongue")
        learner.answer("signs", 1, 3)
        assert until(lambda: len(launching.sessions[0].statements) == 4)
        assert until(lambda: kept()["text"]["l"] == "cy" and kept()["text"]["a"].count(" ") == 1)
        place = learner.at()
        learner.kill()
        again = begin()
        assert (again.at(), again.sco.get_attribute("html", "lang")) == (place, "cy")
        assert again.sco.is_checked(f"#q-{tiny_course.question_key('door')} input[value='2']")
        again.sco.click(".page.here .turn .button-2 >> visible=true")
        again.walk()
        launching.gone(again, until)
        assert learner.errors == again.errors == []

    return made_whole


@pytest.fixture
def visit(browser, lms, package):
    """``visit(files=…, **context)`` -> a page with the course opened without a learning system."""
    contexts = []

    def opened(files=None, path="index.html", script=True, **options):
        lms.files = files or package(adapter="none")
        contexts.append(browser.new_context(**{"locale": "en-GB", **options}, java_script_enabled=script))
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{lms.origin}/course/{path}")
        if script:
            page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def unit(context, lms):
    """``unit(body, argument)``: run JavaScript with the player's modules at hand; its result."""
    return running(context.new_page(), lms)


@pytest.fixture(scope="module")
def shared_unit(browser, node_modules):
    """The same on one page for all tests of a module, for those that leave nothing behind."""
    server = Lms({}, node_modules)
    profile = browser.new_context()
    yield running(profile.new_page(), server)
    profile.close()
    server.close()


def running(page, lms):
    """What ``unit`` is, on a page that is there."""
    page.goto(f"{lms.origin}/lms/empty.html")

    def run(body, argument=None):
        return page.evaluate(
            f"""async (given) => {{
                const {{ Session, judged, newer }} = await import("/player/session.js");
                const {{ extras }} = await import("/player/kinds.js");
                await import("/player/drawn.js");
                for (const name of ["match", "order", "fill"]) await import(`/player/components/${{name}}.js`);
                const {{ readings }} = await import("/player/components/number.js");
                const begun = (outline, asked) => {{
                  const session = new Session(outline);
                  for (const one of asked || []) session.learn(one);
                  return session;
                }};
                const {{ Queue }} = await import("/player/queue.js");
                const {{ Copies }} = await import("/player/copies.js");
                const {{ words }} = await import("/player/components/words.js");
                const {{ chooseLanguage }} = await import("/player/components/language.js");
                {body}
            }}""",
            argument,
        )

    return run
