/** The menu of modules and pages, with the state of each; and the screen at the end of a module. */

import { total } from "../session.js";
import { drawSlates } from "./pages.js";
import { attributes, byId, copies, dated, either, element, fill, glyph, kept, spans, w, words } from "./words.js";

const MINUTES = w`{n} minutes`;
const menu = () => document.querySelector(".menu");

/** Draw the states of all modules, and the pages of the one that is open. */
export function drawMenu({ outline, session, module, page }) {
  for (const one of outline.modules) {
    const item = document.querySelector(`.menu [data-module="${one.key}"]`);
    const here = one === module;
    const done = session.state.done.has(one.key);
    const [link] = item.children;
    const [sign, , small] = link.children;
    attributes(link, { "aria-current": true }, here);
    sign.className = done ? "is-ready" : here ? "is-track" : "is-none";
    sign.replaceChildren(glyph(done ? "ready" : here ? "track" : "todo"));
    fill(small, done ? kept("done") : here ? kept("here") : MINUTES, { n: one.minutes });
    item.replaceChildren(link, ...(here ? [pageList(one, page, session)] : []));
  }
}

function pageList(module, current, session) {
  const open = session.left(module).pages;
  return element("ol", {}, ...module.pages.map((page) => {
    const seen = session.state.seen.has(page.key);
    const small = element("small");
    if (seen) fill(small, kept(open.includes(page) ? "open" : "seen"));
    const link = element("a", { href: `${module.document}#${page.id}` }, element("span"), element("b", {}, ...namesOf(page)), small);
    attributes(link, { "aria-current": "page" }, page === current);
    return element("li", {}, link);
  }));
}

/** A page's name in both languages stands in its heading. */
const namesOf = (page) => copies(byId(page.id).querySelector("h1").children);

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
  // What stays open over the page would cover what has the focus.
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest(".menu")) menu().open = false;
  });
}

/** The end of a module: what has been recorded, or what is left. */
export function drawEnd({ outline, session, module }) {
  const end = byId("x-end");
  if (end.matches("[data-rest]")) return;
  const done = session.state.done.get(module.key);
  for (const part of end.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "done") !== Boolean(done);
  const finished = outline.modules.filter((one) => session.state.done.has(one.key));
  const minutes = total(outline.modules, (one) => (finished.includes(one) ? 0 : one.minutes));
  drawSlates(end.querySelector(".slates"), outline.modules.map((one) => (finished.includes(one) ? "laid" : one === module ? "here" : "")));
  fill(byId("x-end-count"), kept("completed"), { done: finished.length, all: outline.modules.length });
  if (minutes) byId("x-end-count").append(" ", ...spans(words(kept("togo"), { t: words(MINUTES, { n: minutes }) })));
  if (done) drawRecord(done, module, session);
  if (byId("x-end-missing")) drawMissing(byId("x-end-missing"), done ? outline.modules.filter((one) => !finished.includes(one)) : []);
  if (!done) drawLeft(end.querySelector(".left"), module, session);
}

function drawRecord(done, module, session) {
  byId("x-end-when").replaceChildren(...spans(dated(new Date(done.at * 1000))));
  either(byId("x-end-language"), done.language !== "cy");
  const asked = session.askedIn(module);
  const n = asked.filter((key) => session.state.answers.has(key)).length;
  if (byId("x-end-answered")) fill(byId("x-end-answered"), kept("of"), { n, m: asked.length });
  if (byId("x-end-score")) byId("x-end-score").textContent = `${session.score()}%`;
}

const linkTo = (href, ...inside) => element("li", {}, element("a", { href }, element("span", {}, ...inside)));

function drawMissing(place, modules) {
  place.hidden = !modules.length;
  place.lastElementChild.replaceChildren(...modules.map((one) => linkTo(one.document, ...spans(one.title))));
}

/** Where it is recorded, of the wordings that the document has; `waiting` statements are not with the record store yet. */
export function drawWhere(dirty, waiting) {
  const where = byId("x-end-where");
  if (!where) return;
  const { kind } = byId("x-saved").dataset;
  const now = dirty && /saved|back/.test(kind) ? "wait" : kind;
  for (const one of where.children) one.hidden = !one.dataset.kind.includes(now);
  const store = byId("x-end-store");
  if (!store) return;
  store.hidden = waiting === undefined;
  either(store, !waiting);
}

function drawLeft(list, module, session) {
  const { pages, mark } = session.left(module);
  list.replaceChildren(...pages.map((page) => linkTo(`#${page.id}`, ...namesOf(page))));
  const line = byId("x-end-mark");
  if (line) line.hidden = !mark || pages.length > 0;
}
