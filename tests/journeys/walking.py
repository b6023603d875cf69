"""A learner who takes the course in the page of an LMS, by what is on the screen."""

import time

from playwright.sync_api import Error


class Learner:
    """One launch of the course in the LMS's page."""

    def __init__(self, context, lms, outline, name):
        self.outline = outline
        self.questions = {one["key"]: one for module in outline["modules"] for one in module["questions"]}
        self.page = context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(lms.address(reg=name, learner=name))
        self.page.wait_for_function("window.lms && lms.ready")
        self.sco = self._frame()

    def _frame(self):
        for _ in range(200):
            for frame in self.page.frames:
                if "/course/" in frame.url:
                    frame.wait_for_selector("html[data-ready]")
                    frame.wait_for_selector(".page.here, .done.here")
                    return frame
            self.page.wait_for_timeout(30)
        raise AssertionError("the course never came")

    def place(self):
        return self.sco.get_attribute(".page.here", "id")

    def language(self):
        return self.sco.get_attribute("html", "lang")[:2]

    def switch_language(self):
        self.sco.click("#x-tongue")

    def answer_page(self, wrong_first=False):
        """Answer every question of the page that is shown; with wrong_first choices wrongly, and then rightly."""
        for form in self.sco.locator(".page.here form[data-question]").all():
            question = self.questions[form.get_attribute("data-question")]
            if wrong_first and "choices" in self._asked(question):
                self._answer(form, question, [next(one for one in question["options"] if one not in question["right"])])
            self._answer(form, question, question["right"])

    def _asked(self, question):
        return {"match": "pairs", "order": "steps", "fill": "gaps", "number": "gaps"}.get(question["type"], "choices")

    def _answer(self, form, question, right):
        getattr(self, f"_answer_{self._asked(question)}")(form, question, right)
        form.locator("button[type=submit], button:not([type])").click()
        form.locator(".said:not(:empty)").wait_for()

    def _answer_choices(self, form, question, right):
        for box in form.locator(".choices input[type=checkbox]").all():
            box.uncheck()
        for option in right or question["options"][:1]:  # on a scale none is right
            form.locator(f".choices input[value='{option}']").check()

    def _answer_pairs(self, form, question, right):
        for pair in right:
            part, target = pair.split(".")
            form.locator(f"select[data-part='{part}'] >> visible=true").select_option(target)

    def _answer_steps(self, form, question, right):
        for at, step in enumerate(right):
            while form.locator(".steps > li").nth(at).get_attribute("data-step") != step:
                form.locator(f"[data-step='{step}'] [data-move=up]").click()

    def _answer_gaps(self, form, question, right):
        language = self.language()
        said = [blank[language][0] for blank in question["blanks"]] if "blanks" in question else question["number"][:1]
        for field, text in zip(form.locator("input[type=text] >> visible=true").all(), said, strict=True):
            field.fill(text)

    def next_page(self, times=1):
        for _ in range(times):
            self.sco.click(".here .turn .button")

    def walk_to_the_end(self):
        """Every module, every page, every answer right, however far the learner had come before."""
        for module in self.outline["modules"]:
            self.open(module)
            for page in module["pages"]:
                self.sco.wait_for_selector(f".page.here[data-page='{page['key']}']")
                self.answer_page()
                self.next_page()
            self.sco.wait_for_selector("#x-end.here")
        self.settled()
        assert self.errors == []

    def open(self, module):
        """Go to a module, and in it to its first page."""
        self.sco.click(".menu summary")
        self.sco.click(f".menu [data-module='{module['key']}'] a")
        self.sco.wait_for_selector(f"#x-module[data-module='{module['key']}']")
        for _ in module["pages"]:  # from wherever in the module the learner had come to, back to its beginning
            back = self.sco.locator(".page.here .turn .button-2")
            if back.count() == 0:
                break
            back.click()

    def answers_kept(self):
        """Whether the page that is shown has an answer chosen in each question."""
        forms = self.sco.locator(".page.here form[data-question]").all()
        return forms != [] and all(form.locator("input:checked, .said:not(:empty)").count() for form in forms)

    def settled(self):
        """Wait until everything has been committed."""
        self.page.wait_for_timeout(900)

    def until(self, true, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if true():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError("it never came true")

    def close(self):
        """As a learner does: the events of leaving run."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)

    def kill(self):
        """As a power cut does: the renderer dies and no event runs."""
        try:
            self.page.goto("chrome://crash", timeout=2000)
        except Error:
            self.page.close()
