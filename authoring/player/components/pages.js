/** Shows one page at a time, and fetches what this document lacks: pages of its module, and other modules. */

import { attributes, byId, fill, kept } from "./words.js";

const PATIENCE = 15000;
// The document that begins the course, by the names that its address may have.
const INDEX = ["", "index.html"];

/** The last part of a path, and what stands before it. */
const fileOf = (path) => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);

/** On a page that cannot be taken without the script of the blocks, and on a glossary, which is better with it. */
const NEEDY = "data-blocks";

/** A frame may be opened from a folder, where nothing can be fetched. */
const fromFolder = () => location.protocol === "file:";

const documents = new Map();
let modules;
let alone;
let learning;
let fetchBlocks;
let arrivedIn;
let turnedTo;
// Whether what stood in the document from the start has arrived.
let taken;
// What could not be fetched, the section on the screen, and whether it is the last.
let failed;
let shownId;
let closed;

/**
 * The `module` in the document; the `page` of the course on the screen, or null where it is another section; and since
 * when it is there.
 */
export const here = { module: null, page: null, since: 0 };

/**
 * Begin, once.
 * @param {{outline: object, session: object, blocks: function(): Promise, arrived: function(Element), shown: function()}} parts
 *   `blocks` fetches what the rarer kinds of block need; `arrived` is given the part of the document that a module came in; `shown` is called after each change
 */
export function wirePages({ outline, session, blocks, arrived, shown }) {
  ({ modules, alone } = outline);
  [learning, fetchBlocks, arrivedIn, turnedTo] = [session, blocks, arrived, shown];
  here.module = session.known.modules.get(byId("x-module").dataset.module);
  addEventListener("popstate", ({ state }) => turned(state));
}

/** Going back or forward, or an address that was typed: then there is no state yet. */
async function turned(state) {
  const target = state || resolve(location);
  if (!target || target.id === shownId) return;
  await openTarget(target, { push: false });
  if (!state) history.replaceState(placeNow(), "");
}

/** Whether the course itself was opened, and not one module of it. */
export function isWide() {
  return !modules.some((one) => one.document === fileOf(location.pathname));
}

/** Have the script of the blocks, or give up waiting for it. */
function equip() {
  return Promise.race([fetchBlocks(), new Promise((_, reject) => { setTimeout(reject, PATIENCE); })]);
}

/** The text of a document whose pages have what they go by. */
async function equipped(text) {
  if (text.includes(NEEDY)) await equip();
  return text;
}

/** The text of a module's document, fetched once, with what its pages go by; a failure is not remembered. */
function fetched(module) {
  if (!documents.has(module)) {
    const reading = fetchText(folderOf(location.pathname) + module.document, `data-module="${module.key}"`).then(equipped);
    reading.catch(() => documents.delete(module));
    documents.set(module, reading);
  }
  return documents.get(module);
}

/** Documents that were fetched have changed since. */
export function forgetFetched() {
  documents.clear();
}

/** Fetch everything that is not here while nothing else is to do, so that a lost network stops nobody. */
export function fetchAhead() {
  const idle = window.requestIdleCallback || ((action) => setTimeout(action, 500));
  const first = here.module;
  const lacking = (module) => module !== first || module.pages.some((page) => lacks(page, module));
  const rest = fromFolder() ? [] : [first, ...modules.filter((one) => one !== first)].filter(lacking);
  const next = () => rest.length && idle(() => fetchModule(rest.shift()).then(next, next));
  if (document.querySelector(`[${NEEDY}]`)) idle(() => equip().then(next, next));
  else next();
}

/** A module that is here without all its pages gets them at once. */
async function fetchModule(module) {
  const text = await fetched(module);
  if (module === here.module) complete(parsed(text));
}

/** Whether a page is not in the document, or as its heading only. */
function lacks(page, module) {
  return module !== here.module || byId(page.id).matches("[data-rest]");
}

/** Fetch what a page cannot be shown without. @returns {Promise<string | null>} the document that has it; null for this */
async function fetchFor(page, module) {
  if (!taken && document.querySelector(`article[${NEEDY}]`)) await equip();
  return lacks(page, module) ? fetched(module) : null;
}

/** Bring in what the document lacks: the rest of its module, or a module in place of another. */
function bring(text, module) {
  if (!taken) arrivedIn(byId("x-module"));
  taken = true;
  if (!text) return;
  if (module === here.module) complete(parsed(text));
  else enterModule(module, parsed(text));
}

/** The page that the learner may be on stays as it is, with everything chosen and open in it. */
function complete(other) {
  for (const part of document.querySelectorAll("[data-rest]")) arrivedIn(swapped(part, other.getElementById(part.id)));
  swapped(byId("x-terms").lastElementChild, other.getElementById("x-terms").lastElementChild);
}

function enterModule(module, other) {
  swapped(byId("x-module-name"), other.getElementById("x-module-name"));
  const part = swapped(byId("x-module"), other.getElementById("x-module"));
  here.module = module;
  arrivedIn(part);
}

/** Show a page by its short key. */
export const openPage = (key, how) => openTarget({ key }, how);

/** Show a page or a section; where the document that has it cannot be fetched, say so and offer to try again. */
export async function openTarget(target, how = {}) {
  const { page, module } = learning.known.pages.get(target.key) || { page: target, module: here.module };
  if (!target.key && !lacks(page, module)) return showPart(target.id, how);
  if (fromFolder() && lacks(page, module)) return leaveFor(`${module.document}#${page.id}`, how);
  let text;
  try {
    text = await fetchFor(page, module);
  } catch {
    failed = target;
    return showPart("x-apart", { ...how, push: false });
  }
  bring(text, module);
  return showPart(page.id, how);
}

/** Show a page or section of this document. Without `focus` nothing moves; without `push` the address stays. */
export function showPart(id, { focus = true, push = true } = {}) {
  const target = byId(id);
  if (closed || !target) return;
  closed = id === "x-closed";
  for (const one of document.querySelectorAll(".page.here")) one.classList.remove("here");
  target.classList.add("here");
  shownId = id;
  here.page = learning.known.pages.get(target.dataset.page)?.page ?? null;
  here.since = performance.now();
  turnedTo();
  nameDocument();
  if (push && history.state?.id !== id) history.pushState(placeNow(), "", `#${id}`);
  if (!focus) return;
  target.querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** What the browser's history has to know to come back here. */
export function placeNow() {
  return { id: shownId, key: here.page?.key };
}

/** Name the document after the page on the screen. */
export function nameDocument(before = "") {
  const language = document.documentElement.lang;
  const heading = byId(shownId)?.querySelector("h1");
  const own = heading?.querySelector(`:scope > [lang=${language}]`)?.textContent ?? heading?.innerText ?? "";
  document.title = `${before}${own} – ${here.module.title[language]}`;
}

/** Where a link inside the course leads: a page's key or a section's id; null for any other link. */
function resolve({ origin, pathname, hash }) {
  const id = hash.slice(1);
  const same = fileOf(pathname) === fileOf(location.pathname);
  if (origin !== location.origin || folderOf(pathname) !== folderOf(location.pathname)) return null;
  // A term is explained in the glossary, which is a section.
  const section = byId(id)?.closest("#x-terms") || byId(id);
  // What stands beside the course is the same in every document.
  if (section?.matches(`.page:not(#x-closed)${same ? "" : ":not([data-page])"}`)) return { id: section.id, key: section.dataset.page };
  const name = fileOf(pathname);
  const module = modules.find((one) => one.document === name) || (INDEX.includes(name) && modules[0]);
  if (!module && alone && name.endsWith(".html")) return { id: "x-other" };
  if (!module || (same && id)) return null;
  return { key: (module.pages.find((one) => one.id === id) || entryOf(module)).key };
}

/** Where to go on in a module: what is left of one that was begun, or its first page. */
export function entryOf(module) {
  const begun = module.pages.some((page) => learning.state.seen.has(page.key));
  return (begun && learning.left(module).pages[0]) || module.pages[0];
}

/** Follow a link inside the course. @returns {boolean} whether it is ours to follow */
export function followLink(link) {
  const target = resolve(link);
  const module = target?.key && learning.known.pages.get(target.key).module;
  if (!target || (module && module !== here.module && fromFolder())) return false;
  openTarget(target);
  return true;
}

/** Try again to open what could not be fetched. */
export function tryAgain() {
  return openTarget(failed);
}

/** Go back to where the learner was before a section came in between, or to what is here of the module. */
export function goBack() {
  const { module } = here;
  const before = learning.known.pages.get(history.state?.key)?.page;
  const ready = (page) => module.pages.includes(page) && !lacks(page, module);
  return openPage([before, entryOf(module), module.pages[0]].find(ready).key, { push: false });
}

/** The text at an address; whatever else a network gives in its place lacks the `sign`. */
async function fetchText(address, sign) {
  const response = await fetch(address, { signal: AbortSignal.timeout?.(PATIENCE) });
  const text = await response.text();
  if (!response.ok || !text.includes(sign)) throw new Error(`${address}: ${response.status}`);
  return text;
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

/** Put a copy of a part of another document in the place of one of this. */
function swapped(part, other) {
  const copy = document.importNode(other, true);
  part.replaceWith(copy);
  return copy;
}

/** Open another document instead of this one; nothing more happens here. */
function leaveFor(address, { push = true }) {
  if (push) location.assign(address);
  else location.replace(address);
  return new Promise(() => {});
}

/** Slates beside the words that say the same: one for each state of "laid", "here" and "". */
export function drawSlates(svg, states) {
  const gap = Math.min(1.6, 12 / states.length);
  const step = (100 + gap) / states.length;
  svg.replaceChildren(...states.map((state, index) => {
    const slate = document.createElementNS(svg.namespaceURI, "rect");
    attributes(slate, { x: `${step * index}%`, width: `${step - gap}%`, height: "100%", class: state });
    return slate;
  }));
}

/** "Page 3 of 8", with its slates. */
export function drawPlace(module, page, seen) {
  const n = module.pages.indexOf(page) + 1;
  if (n) fill(byId("x-far"), kept("page"), { n, m: module.pages.length });
  else byId("x-far").replaceChildren();
  drawSlates(byId("x-slates"), module.pages.map((one) => (one === page ? "here" : seen.has(one.key) ? "laid" : "")));
}
