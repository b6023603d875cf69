"""WebKitGTK's MiniBrowser through its WebDriver: the plan of smoke.py, a line for each check. Runs under xvfb-run."""

import contextlib
import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

PATIENCE = 15
PORTFOLIO = "footer a[href$='#x-wrote']"
NEXT = ".page.here .turn a.button"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """const done = arguments[1];
axe.run({runOnly: arguments[0]}).then(({violations}) =>
  done(violations.flatMap(one => one.nodes.map(node => `${one.id} ${node.html}`))))"""
PRESS = """const there = [...document.querySelectorAll(arguments[0])].find(one => one.checkVisibility());
there?.click();
return Boolean(there)"""
HERE = "return (document.querySelector('.page.here') || {}).id"


class Smoke:
    """One browser, and how many checks it has passed and failed."""

    def __init__(self, plan: dict[str, Any]):
        self.plan, self.good, self.bad = plan, 0, 0
        options = Options()
        options.binary_location = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser")))
        options.add_argument("--automation")
        self.driver = webdriver.WebKitGTK(options=options, service=Service("/usr/bin/WebKitWebDriver"))
        self.driver.set_script_timeout(60)

    def check(self, name: str, passed: bool, more: object = "") -> None:
        print("ok  " if passed else "FAIL", name, "" if passed else more, flush=True)
        self.good, self.bad = self.good + bool(passed), self.bad + (not passed)

    def until(self, true) -> bool:
        """Whether it becomes true in time; what is not there yet is not true yet."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(KeyError, TypeError):
                if true():
                    return True
            time.sleep(0.05)
        return False

    def ask(self, script: str, *given: object):
        return self.driver.execute_script(script, *given)

    def press(self, css: str) -> None:
        if not self.until(lambda: self.ask(PRESS, css)):
            raise AssertionError(f"there was no {css} to press")

    def shown(self, id: str) -> bool:
        return self.until(lambda: self.ask(HERE) == id)

    def held(self, standard: dict[str, str]) -> dict[str, Any]:
        with urllib.request.urlopen(standard["state"]) as answer:
            state = json.load(answer)
        return json.loads(state["cmi"]["suspend_data"])

    def launch(self, standard: dict[str, str]) -> None:
        self.driver.switch_to.default_content()
        self.driver.get(standard["host"])
        WebDriverWait(self.driver, PATIENCE).until(lambda driver: driver.find_elements(By.ID, "sco"))
        self.driver.switch_to.frame("sco")
        self.until(lambda: self.ask("return document.documentElement.dataset.ready"))

    def take_course(self, standard: dict[str, str]) -> None:
        """The whole smoke test in one standard."""
        plan, told = self.plan, f"{standard['name']}: {{}}".format
        first, second, third = plan["pages"][:3]
        self.launch(standard)
        idle = "return document.activeElement === document.body"
        self.check(told("opens and focuses nothing"), self.shown(first) and self.ask(idle))
        self.press(NEXT)
        heading = f"return document.activeElement.matches('#{second} h1')"
        self.check(told("the page turns, and its heading has the focus"), self.shown(second) and self.ask(heading))
        self.ask("document.querySelector(arguments[0]).click()", f"{plan['form']} input[value='2']")
        self.press(f"{plan['form']} > .button")
        said = f"return document.querySelector('{plan['form']} .said').innerText.includes('Correct')"
        self.check(told("an answer is judged"), self.until(lambda: self.ask(said)))
        self.check(told("and committed at once"), self.until(lambda: plan["door"] in self.held(standard)["a"]))
        self.press("#x-tongue")
        welsh = f"return document.documentElement.lang === 'cy' && document.querySelector('#{second} h1').innerText"
        self.check(told("the language changes"), "(cy)" in str(self.ask(welsh)))
        self.press("#x-tongue")
        self.press(NEXT)
        self.shown(third)
        self.driver.find_element(By.CSS_SELECTOR, plan["field"]).send_keys("Own words")
        self.driver.switch_to.default_content()
        self.driver.get("about:blank")
        saved = self.until(lambda: self.held(standard)["w"][plan["work"]].endswith("\tOwn words"))
        self.check(told("what was written is saved by leaving"), saved)
        self.launch(standard)
        written = f"return document.querySelector('{plan['field']}').value === 'Own words'"
        self.check(told("resumes where it was left"), self.shown(third) and self.ask(written))
        # This browser's driver has no printing: what it begins with is sent alone.
        self.press(PORTFOLIO)
        paper = "return Boolean(document.querySelector('#x-paper')?.textContent.includes('Own words'))"
        self.check(told("the portfolio has the learner's own words as text"), self.until(lambda: self.ask(paper)))
        self.ask("dispatchEvent(new Event('beforeprint'))")
        self.check(told("and so has paper"), self.ask(paper))

    def examine(self) -> None:
        """Axe on every page of the gallery in both languages."""
        plan = self.plan
        self.driver.switch_to.default_content()
        self.driver.get(plan["web"])
        self.until(lambda: self.ask("return document.documentElement.dataset.ready"))
        self.ask(Path(plan["axe"]).read_text("utf-8"))
        for id in plan["pages"]:
            self.shown(id)
            for language in ("en", "cy"):
                if self.ask("return document.documentElement.lang") != language:
                    self.press("#x-tongue")
                found = self.driver.execute_async_script(AXE, TAGS)
                self.check(f"axe: {id}, {language}", not found, found)
            self.press(NEXT)
            if id in plan["last"] and id != plan["pages"][-1]:
                self.shown("x-end")
                self.press("#x-end .row a.button")


def main() -> int:
    """Take the plan; how many checks failed."""
    smoke = Smoke(json.loads(sys.argv[1]))
    told = smoke.driver.capabilities
    print(told["browserName"], told["browserVersion"])
    try:
        for standard in smoke.plan["standards"]:
            smoke.take_course(standard)
        smoke.examine()
    finally:
        smoke.driver.quit()
    print(f"WebKitGTK: {smoke.good} of {smoke.good + smoke.bad} checks passed")
    return smoke.bad


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
