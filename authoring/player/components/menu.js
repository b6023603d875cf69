/** The menu of modules and pages, with the state of each; and the screen at the end of a module. */

import { drawSlates } from "./pages.js";
import { byId, dated, element, fill, glyph, spans, w, words } from "./words.js";

const menu = () => document.querySelector(".menu");

/** Draw the states of all modules, and the pages of the one that is open. */
export function drawMenu({ outline, session, module, page }) {
  for (const one of outline.modules) {
    const item = document.querySelector(`.menu [data-module="${one.key}"]`);
    const here = one === module;
    const done = session.state.done.has(one.key);
    const [link] = item.children;
    const [sign, , small] = link.children;
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    sign.className = done ? "is-ready" : here ? "is-track" : "is-none";
    sign.replaceChildren(glyph(done ? "ready" : here ? "track" : "todo"));
    if (done) fill(small, w`Completed`);
    else if (here) fill(small, w`You are here`);
    else fill(small, w`{n} minutes`, { n: one.minutes });
    item.replaceChildren(link, ...(here ? [pageList(one, page, session)] : []));
  }
}

function pageList(module, current, session) {
  const open = session.left(module).pages;
  return element("ol", {}, ...module.pages.map((page) => {
    const seen = session.state.seen.has(page.key);
    const small = element("small");
    if (seen) fill(small, open.includes(page) ? w`Questions to answer` : w`Seen`);
    const link = element("a", { href: `${module.document}#${page.id}` }, element("span"), element("b", {}, ...namesOf(page)), small);
    if (page === current) link.setAttribute("aria-current", "page");
    return element("li", {}, link);
  }));
}

/** A page's name in both languages stands in its heading. */
const namesOf = (page) => [...byId(page.id).querySelector("h1").children].map((one) => one.cloneNode(true));

/** Open the menu for somebody who pressed a button elsewhere. */
export function openMenu() {
  menu().open = true;
  menu().firstElementChild.focus();
}

/** Close on Escape, on a press elsewhere and on following a link; Escape gives the focus back. */
export function wireMenu() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu().open) return;
    menu().open = false;
    menu().firstElementChild.focus();
  });
  document.addEventListener("click", (event) => {
    const own = event.target.closest(".menu");
    if (!event.target.closest("[data-do=menu]") && (!own || event.target.closest(".menu a"))) menu().open = false;
  });
}

/** The end of a module: what has been recorded, or what is left. */
export function drawEnd({ outline, session, module }) {
  const end = byId("x-end");
  const done = session.state.done.get(module.key);
  for (const part of end.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "done") !== Boolean(done);
  const finished = outline.modules.filter((one) => session.state.done.has(one.key));
  const minutes = outline.modules.reduce((sum, one) => sum + (finished.includes(one) ? 0 : one.minutes), 0);
  drawSlates(end.querySelector(".slates"), outline.modules.map((one) => (finished.includes(one) ? "laid" : one === module ? "here" : "")));
  const counts = { n: finished.length, m: outline.modules.length, t: minutes };
  fill(byId("x-end-count"), minutes ? w`Modules completed: {n} of {m}. Still to go: about {t} minutes.` : w`Modules completed: {n} of {m}.`, counts);
  if (done) drawRecord(done, module, session);
  else drawLeft(end.querySelector(".left"), module, session);
}

function drawRecord(done, module, session) {
  byId("x-end-when").replaceChildren(...spans(dated(new Date(done.at * 1000))));
  fill(byId("x-end-language"), done.language === "cy" ? w`Welsh` : w`English`);
  const asked = session.askedIn(module);
  const n = asked.filter((key) => session.state.answers.has(key)).length;
  if (byId("x-end-answered")) fill(byId("x-end-answered"), w`{n} of {m}`, { n, m: asked.length });
}

function drawLeft(list, module, session) {
  const { pages, mark } = session.left(module);
  const item = (page) => element("li", {}, element("a", { href: `#${page.id}` }, element("span", {}, ...namesOf(page))));
  list.replaceChildren(...pages.map(item));
  if (mark && !pages.length) list.append(element("li", {}, ...spans(words(w`{n}% of the questions right`, { n: module["pass-mark"] }))));
}
