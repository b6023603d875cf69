/** Plain text of everything the learner has written, for the page, for paper and for a file of its own. */

import { dated, element, fill, spans, w, words } from "../components/words.js";
import { LEVELS } from "./written.js";

const KINDS = { goal: w`Goal`, achievement: w`Achievement`, needs: w`Needs self-check`, plan: w`Development plan` };
const SAID = [w`I need to learn this`, w`I am learning this`, w`I do this well`, w`I could help others with this`];
const ASKED = { goal: w`What I want to reach`, action: w`What I will do`, with: w`With whom`, by: w`By when` };

const line = (...inside) => element("p", { class: "wrote" }, ...inside);
const soft = (pair, values) => element("p", { class: "soft" }, ...spans(words(pair, values)));

/** A day as both languages write it; a text that is none stays as it is. */
function day(text) {
  const at = new Date(`${text}T12:00`);
  const only = (lang) => dated(at)[lang].replace(/, .*/, "");
  return Number.isNaN(at.getTime()) ? { en: text, cy: text } : { en: only("en"), cy: only("cy") };
}

/** A list of names and what stands under each; what is empty is left out. */
function facts(pairs) {
  const made = pairs.filter(([, own]) => own).flatMap(([name, own]) => [
    element("dt", {}, ...spans(name)),
    element("dd", { class: "own" }, ...(typeof own === "string" ? [own] : spans(own))),
  ]);
  return element("dl", { class: "facts" }, ...made);
}

function drawNeeds(elements) {
  const at = (level) => elements.filter((one) => one.level === level);
  return LEVELS.filter((level) => at(level).length).flatMap((level) => [
    element("h4", {}, ...spans(SAID[level - 1])),
    element("ul", {}, ...at(level).map(({ title }) => element("li", {}, ...spans(title)))),
  ]);
}

const drawPlan = (rows) => rows.filter((row) => Object.values(row).some(Boolean))
  .map((row) => facts(Object.keys(ASKED).map((name) => [ASKED[name], name === "by" && row.by ? day(row.by) : row[name]])));

/** What stands in a piece, as plain text that paper shows whole. */
export function bodyOf({ words: own, by, on, elements, rows }) {
  if (elements) return drawNeeds(elements);
  if (rows) return drawPlan(rows);
  return [line(own), ...(by ? [soft(w`By {day}`, { day: day(by) })] : []), ...(on ? [soft(w`On {day}`, { day: day(on) })] : [])];
}

/** Of what kind a piece is, when it was written and sent, and whether it is in this browser only. */
function about({ kind, at, sent }, short) {
  const gone = sent && words(w`Sent to the programme lead {day}`, { day: dated(new Date(sent)) });
  const parts = [KINDS[kind], at && dated(new Date(at)), gone, short && w`Kept whole on this device only`].filter(Boolean);
  return element("p", { class: "soft" }, ...parts.flatMap((one, number) => [...(number ? [" · "] : []), ...spans(one)]));
}

/** Everything, under the names of its modules; `cut` are the keys of what the LMS could not take whole. */
export function drawAll(place, modules, { cut = [], name = "" } = {}) {
  const piece = (one) => [element("h3", {}, ...spans(one.title)), about(one, cut.includes(one.key)), ...bodyOf(one)];
  const parts = modules.flatMap(({ title, pieces }) => [element("h2", {}, ...spans(title)), ...pieces.flatMap(piece)]);
  const none = element("p");
  fill(none, w`You have not written anything yet.`);
  const head = element("p", { class: "soft" }, ...spans(dated(new Date())), name ? ` · ${name}` : "");
  place.replaceChildren(head, ...(parts.length ? parts : [none]));
}

/** A copy of what is drawn in the language on the screen alone, with a heading before it. */
function ownPage(place, title) {
  const { lang } = document.documentElement;
  const page = place.cloneNode(true);
  for (const one of page.querySelectorAll(`.t:not([lang=${lang}])`)) one.remove();
  page.prepend(element("h1", {}, title[lang]));
  return { lang, page };
}

/** The page as an HTML document that stands by itself. */
export function htmlOf(place, title) {
  const { lang, page } = ownPage(place, title);
  const head = `<!DOCTYPE html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`;
  const style = "body{max-width:40rem;margin:auto;padding:1rem;font:1rem/1.6 sans-serif}.wrote,.own{white-space:pre-wrap}dt{font-weight:600}";
  return `${head}${element("title", {}, page.firstChild.textContent).outerHTML}<style>${style}</style>${page.innerHTML}`;
}

/** The page as plain text. */
export function plainOf(place, title) {
  const ends = ownPage(place, title).page;
  for (const one of ends.querySelectorAll("dt")) one.append(": ");
  for (const one of ends.querySelectorAll("dd, li")) one.append("\n");
  return [...ends.children].map((one) => one.textContent.trim()).join("\n\n");
}
