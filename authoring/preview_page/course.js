/** The course in the frame: what it shows, when it is ready, and how a save gets onto the screen. */

import { fits, recall, snapshot, swap, tell } from "./swap.js";
import { clear } from "./problems.js";

/** The course in a frame. `from` is the folder of its package; `changed` hears of another module or language, and
 * whether the course has just been opened. */
export class Course {
  #frame;
  #changed;
  #bases = new Map();
  #pending = null;
  #watching = null;
  #greeted = false;
  from = "";
  /** The version of the course that is on the screen, or null while none is. */
  version = null;

  constructor(frame, changed) {
    this.#frame = frame;
    this.#changed = changed;
    frame.addEventListener("load", () => this.#arrived());
  }

  get window() {
    return this.#frame.contentWindow;
  }

  /** The document of the course, or null where the frame shows another or none, or not yet all: its outline is last. */
  get page() {
    const page = this.#frame.contentDocument;
    return page?.getElementById("x-outline") ? page : null;
  }

  /** The module on the screen, as course.json has it. */
  get module() {
    const key = this.page?.getElementById("x-module").dataset.module;
    return key ? this.outline.modules.find((one) => one.key === key) : null;
  }

  get outline() {
    return JSON.parse(this.page.getElementById("x-outline").textContent);
  }

  get language() {
    return this.page?.documentElement.lang ?? null;
  }

  /** Open an address of the package in the frame. */
  open(address) {
    this.#bases.clear();
    this.version = null;
    this.window.location.replace(address);
  }

  /** Leave the course; `then` runs once it has said its last words. */
  leave(then = () => {}) {
    this.#frame.addEventListener("load", then, { once: true });
    this.window.location.replace("about:blank");
  }

  /** What to do once the course that is being opened is ready: the fields, the focus and the place it had before. */
  keep() {
    const { page, window: own } = this;
    if (!page) return null;
    this.#pending = { ...snapshot(page), top: own.scrollY };
    return own.location;
  }

  /** The language as a learner would change it. */
  speak(language) {
    if (this.page && this.language !== language) this.page.getElementById("x-tongue")?.click();
  }

  /** Go to a page as a learner would, by a link. */
  go(document, id) {
    const link = this.page.createElement("a");
    link.href = `${this.from}${document}#${id}`;
    this.page.body.append(link);
    link.click();
    link.remove();
  }

  #arrived() {
    const { page } = this;
    if (!page) return;
    this.#greeted = false;
    const told = page.querySelector("script[data-version]");
    this.version = told ? Number(told.dataset.version) : null;
    this.#watching?.disconnect();
    const watching = new MutationObserver(() => this.#ready());
    watching.observe(page.documentElement, { attributes: true, attributeFilter: ["lang", "data-ready"] });
    watching.observe(page.getElementById("main"), { childList: true });
    this.#watching = watching;
    this.#ready();
  }

  #ready() {
    const { page } = this;
    if (!page?.documentElement.dataset.ready) return;
    if (this.#pending) {
      recall(page, this.#pending);
      this.window.scrollTo(0, this.#pending.top);
      this.#pending = null;
    }
    this.#changed(!this.#greeted);
    this.#greeted = true;
    this.#base();
  }

  /** The document that the module on the screen was made from, kept for the next save. */
  async #base() {
    const name = this.module?.document;
    if (!name || this.#bases.get(name)?.version === this.version) return;
    const { version, text } = await this.#fetched(name);
    if (version === this.version && this.page) this.#bases.set(name, { version, page: this.#parsed(text) });
  }

  async #fetched(name) {
    const response = await fetch(this.from + name);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return { version: Number(response.headers.get("X-Version")), text: await response.text() };
  }

  /**
   * A parsed document has the policy of the window that parses it: the course's own lets its style sheet in. While the
   * frame goes to another document its window has none of the course, so ask for the page first.
   */
  #parsed(text) {
    return new this.window.DOMParser().parseFromString(text, "text/html");
  }

  /** Show what was saved. @returns {Promise<boolean>} false where the course has to be opened again */
  async renew() {
    const name = this.module?.document;
    const before = this.#bases.get(name);
    if (!name || !before || before.version !== this.version) return false;
    const { version, text } = await this.#fetched(name);
    const { page } = this;
    if (!page || this.module?.document !== name) return false;
    const next = this.#parsed(text);
    if (!fits(page, before.page, next)) return false;
    clear(page);
    const kept = snapshot(page);
    const done = swap(page, before.page, next);
    tell(page, done);
    if (done.length) recall(page, kept);
    this.#bases.clear();
    this.#bases.set(name, { version, page: next });
    this.version = version;
    return true;
  }
}
