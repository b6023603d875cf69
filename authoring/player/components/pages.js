/** Shows one page at a time, and fetches what this document lacks: pages of its module, and other modules. */

import { byId, fill, w } from "./words.js";

const PATIENCE = 15000;
// The document that begins the course, by the names that its address may have.
const INDEX = ["", "index.html"];

/** The last part of a path, and what stands before it. */
const fileOf = (path) => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path) => path.slice(0, path.lastIndexOf("/") + 1);

/** A frame may be opened from a folder, where nothing can be fetched. */
const fromFolder = () => location.protocol === "file:";

/** The pages of the course, of which one is on the screen. */
export class Pages {
  #outline;
  #session;
  #arrived;
  #shown;
  #documents = new Map();
  #failed = null;
  #closed = false;
  /** The module in the document. */
  module;
  /** The page of the course on the screen, or null where it is another section; and since when. */
  page = null;
  since = 0;
  #id = "";

  /**
   * @param {{outline: object, session: object, arrived: function(Element), shown: function()}} parts
   *   `arrived` is given the part of the document that a module came in; `shown` is called after each change
   */
  constructor({ outline, session, arrived, shown }) {
    this.#outline = outline;
    this.#session = session;
    this.#arrived = arrived;
    this.#shown = shown;
    this.module = session.known.modules.get(byId("x-module").dataset.module);
    addEventListener("popstate", ({ state }) => state && state.id !== this.#id && this.#open(state, { push: false }));
  }

  /** Whether the course itself was opened, and not one module of it. */
  get wide() {
    return !this.#outline.modules.some((one) => one.document === fileOf(location.pathname));
  }

  /** The text of a module's document, fetched once; a failure is not remembered. */
  #fetched(module) {
    if (!this.#documents.has(module)) {
      const reading = fetchText(folderOf(location.pathname) + module.document, `data-module="${module.key}"`);
      reading.catch(() => this.#documents.delete(module));
      this.#documents.set(module, reading);
    }
    return this.#documents.get(module);
  }

  /** Documents that were fetched have changed since. */
  forget() {
    this.#documents.clear();
  }

  /** Fetch everything that is not here while nothing else is to do, so that a lost network stops nobody. */
  ahead() {
    const first = this.module;
    const lacking = (module) => module !== first || module.pages.some((page) => this.#lacks(page, module));
    const rest = fromFolder() ? [] : [first, ...this.#outline.modules.filter((one) => one !== first)].filter(lacking);
    const idle = window.requestIdleCallback || ((action) => setTimeout(action, 500));
    const next = () => rest.length && idle(() => this.#ready(rest.shift()).then(next, next));
    next();
  }

  /** A module that is here without all its pages gets them at once. */
  async #ready(module) {
    const text = await this.#fetched(module);
    if (module === this.module) this.#complete(parsed(text));
  }

  /** Whether a page is not in the document, or as its heading only. */
  #lacks(page, module) {
    return module !== this.module || byId(page.id).matches("[data-rest]");
  }

  /** Bring in what the document lacks of a page: the rest of its module, or its module in place of another. */
  async #bring(page, module) {
    if (!this.#lacks(page, module)) return;
    const other = parsed(await this.#fetched(module));
    if (module === this.module) this.#complete(other);
    else this.#enter(module, other);
  }

  /** The page that the learner may be on stays as it is, with everything chosen and open in it. */
  #complete(other) {
    for (const part of document.querySelectorAll("#x-module [data-rest]")) this.#arrived(swapped(part, other.getElementById(part.id)));
    swapped(byId("x-terms").lastElementChild, other.getElementById("x-terms").lastElementChild);
  }

  #enter(module, other) {
    swapped(byId("x-module-name"), other.getElementById("x-module-name"));
    const part = swapped(byId("x-module"), other.getElementById("x-module"));
    this.module = module;
    this.#arrived(part);
  }

  /** Show a page by its short key; where its module cannot be fetched, say so and offer to try again. */
  async go(key, how = {}) {
    const { page, module } = this.#session.known.pages.get(key);
    if (fromFolder() && this.#lacks(page, module)) return leaveFor(`${module.document}#${page.id}`, how);
    try {
      await this.#bring(page, module);
    } catch {
      this.#failed = key;
      return this.show("x-apart", { ...how, push: false });
    }
    return this.show(page.id, how);
  }

  /** Show a page or section of this document. Without `focus` nothing moves; without `push` the address stays. */
  show(id, { focus = true, push = true } = {}) {
    const target = byId(id);
    if (this.#closed || !target) return;
    this.#closed = id === "x-closed";
    for (const one of document.querySelectorAll(".page.here")) one.classList.remove("here");
    target.classList.add("here");
    this.#id = id;
    this.page = this.#session.known.pages.get(target.dataset.page)?.page ?? null;
    this.since = Date.now();
    this.#shown();
    this.title();
    if (push && history.state?.id !== id) history.pushState(this.place, "", `#${id}`);
    if (!focus) return;
    target.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /** What the browser's history has to know to come back here. */
  get place() {
    return { id: this.#id, key: this.page?.key };
  }

  #open({ id, key }, how) {
    return key ? this.go(key, how) : this.show(id, how);
  }

  /** Name the document after the page on the screen. */
  title(before = "") {
    const language = document.documentElement.lang;
    const heading = byId(this.#id)?.querySelector("h1");
    const own = heading?.querySelector(`:scope > [lang=${language}]`)?.textContent ?? heading?.innerText ?? "";
    document.title = `${before}${own} – ${this.module.title[language]}`;
  }

  /** Where a link inside the course leads: a page's key or a section's id; null for any other link. */
  #resolve({ origin, pathname, hash }) {
    const id = decodeURIComponent(hash.slice(1));
    const here = fileOf(pathname) === fileOf(location.pathname);
    if (origin !== location.origin || folderOf(pathname) !== folderOf(location.pathname)) return null;
    if (here && byId(id)?.matches(".page")) return { id, key: byId(id).dataset.page };
    const name = fileOf(pathname);
    const module = this.#outline.modules.find((one) => one.document === name) || (INDEX.includes(name) && this.#outline.modules[0]);
    if (!module && this.#outline.alone && name.endsWith(".html")) return { id: "x-other" };
    if (!module || (here && id)) return null;
    return { key: (module.pages.find((one) => one.id === id) || this.entry(module)).key };
  }

  /** Where to go on in a module: what is left of one that was begun, or its first page. */
  entry(module) {
    const begun = module.pages.some((page) => this.#session.state.seen.has(page.key));
    return (begun && this.#session.left(module).pages[0]) || module.pages[0];
  }

  /** Follow a link inside the course. @returns {boolean} whether it is ours to follow */
  follow(link) {
    const target = this.#resolve(link);
    const module = target?.key && this.#session.known.pages.get(target.key).module;
    if (!target || (module && module !== this.module && fromFolder())) return false;
    this.#open(target);
    return true;
  }

  /** Try again to open what could not be fetched. */
  again() {
    return this.go(this.#failed);
  }

  /** Go back to where the learner was before a section came in between, or to what is here of the module. */
  stay() {
    const { module } = this;
    const before = this.#session.known.pages.get(history.state?.key)?.page;
    const here = (page) => module.pages.includes(page) && !this.#lacks(page, module);
    return this.show([before, this.entry(module), module.pages[0]].find(here).id, { push: false });
  }
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
    const sizes = { x: `${step * index}%`, width: `${step - gap}%`, height: "100%", class: state };
    for (const name of Object.keys(sizes)) slate.setAttribute(name, sizes[name]);
    return slate;
  }));
}

/** "Page 3 of 8", with its slates. */
export function drawPlace(module, page, seen) {
  const n = module.pages.indexOf(page) + 1;
  if (n) fill(byId("x-far"), w`Page {n} of {m}`, { n, m: module.pages.length });
  else byId("x-far").replaceChildren();
  drawSlates(byId("x-slates"), module.pages.map((one) => (one === page ? "here" : seen.has(one.key) ? "laid" : "")));
}
