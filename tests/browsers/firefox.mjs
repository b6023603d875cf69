/** Firefox ESR over WebDriver BiDi, which needs no driver of its own: the plan of smoke.py, a line for each check. */

import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const plan = JSON.parse(process.argv[2]);
const axe = readFileSync(plan.axe, "utf8");
const PATIENCE = 15000;
const PORTFOLIO = "footer a[href$='#x-wrote']";
const NEXT = ".page.here .turn a.button";
let good = 0;
let bad = 0;

function check(name, passed, more = "") {
  console.log(passed ? "ok  " : "FAIL", name, passed ? "" : more);
  if (passed) good += 1;
  else bad += 1;
}

/** Ask again until the answer is true; the last answer. */
async function until(ask) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const held = async (standard) => JSON.parse((await (await fetch(standard.state)).json())?.cmi?.suspend_data || "{}");
const shown = (frame, id) => until(() => frame.evaluate((one) => document.querySelector(".page.here")?.id === one, id));

async function press(frame, css) {
  const pressed = await until(() => frame.evaluate((one) => {
    const there = [...document.querySelectorAll(one)].find((it) => it.checkVisibility());
    there?.click();
    return Boolean(there);
  }, css));
  if (!pressed) throw new Error(`there was no ${css} to press`);
}

async function launch(browser, standard) {
  const page = await browser.newPage();
  await page.goto(standard.host);
  const frame = await (await page.waitForSelector("#sco")).contentFrame();
  await frame.waitForSelector("html[data-ready]");
  return [page, frame];
}

async function takeCourse(browser, standard) {
  const told = (what) => `${standard.name}: ${what}`;
  let [page, frame] = await launch(browser, standard);
  check(told("opens and focuses nothing"), await shown(frame, plan.pages[0]) && await frame.evaluate(() => document.activeElement === document.body));
  await press(frame, NEXT);
  check(told("the page turns, and its heading has the focus"), await shown(frame, plan.pages[1]) && await frame.evaluate(() => document.activeElement.matches("#ask h1")));
  await press(frame, `${plan.form} input[value="2"]`);
  await press(frame, `${plan.form} > .button`);
  check(told("an answer is judged"), await until(() => frame.evaluate((css) => document.querySelector(`${css} .said`).innerText.includes("Correct"), plan.form)));
  check(told("and committed at once"), await until(async () => (await held(standard)).a?.includes(plan.door)));
  await press(frame, "#x-tongue");
  check(told("the language changes"), await frame.evaluate(() => document.documentElement.lang === "cy" && document.querySelector("#ask h1").innerText.includes("(cy)")));
  await press(frame, "#x-tongue");
  await press(frame, NEXT);
  await shown(frame, plan.pages[2]);
  await frame.evaluate((css) => document.querySelector(css).focus(), plan.field);
  await page.keyboard.type("Own words");
  await page.goto("about:blank");
  check(told("what was written is saved by leaving"), await until(async () => (await held(standard)).w?.[plan.work]?.endsWith("\tOwn words")));
  await page.close();
  [page, frame] = await launch(browser, standard);
  check(told("resumes where it was left"), await shown(frame, plan.pages[2]) && await frame.evaluate((css) => document.querySelector(css).value === "Own words", plan.field));
  await print(page, frame, told);
  await page.close();
}

async function print(page, frame, told) {
  const own = () => frame.evaluate(() => document.querySelector("#x-paper")?.textContent.includes("Own words"));
  await press(frame, PORTFOLIO);
  check(told("the portfolio has the learner's own words as text"), await until(own));
  const size = (await page.pdf()).length;
  check(told("and so has paper"), size > 1000 && await own());
}

/** Every page of the gallery in both languages. */
async function examine(browser) {
  const page = await browser.newPage();
  await page.goto(plan.web);
  await page.waitForSelector("html[data-ready]");
  await page.evaluate(axe);
  for (const id of plan.pages) {
    await shown(page, id);
    for (const language of ["en", "cy"]) {
      await page.evaluate((one) => document.documentElement.lang === one || document.querySelector("#x-tongue").click(), language);
      const found = await page.evaluate(async () => (await window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }))
        .violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.html}`)));
      check(`axe: ${id}, ${language}`, !found.length, found.join("\n"));
    }
    await press(page, NEXT);
    if (plan.last.includes(id) && id !== plan.pages.at(-1)) {
      await shown(page, "x-end");
      await press(page, "#x-end .row a.button");
    }
  }
}

const browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr", headless: true });
console.log(await browser.version());
try {
  for (const standard of plan.standards) await takeCourse(browser, standard);
  await examine(browser);
} finally {
  await browser.close();
}
console.log(`Firefox: ${good} of ${good + bad} checks passed`);
process.exit(bad ? 1 : 0);
