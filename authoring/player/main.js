/** Starts the player and joins its parts: the session, the LMS, the statements and the page. */

import { Copies } from "./copies.js";
import { blocks, extras } from "./kinds.js";
import { Lms } from "lms";
import { Recorder } from "./recorder.js";
import { Session } from "./session.js";
import { wireGlossary } from "./components/glossary.js";
import { chooseLanguage, showLanguage } from "./components/language.js";
import { drawEnd, drawMenu, openMenu, wireMenu } from "./components/menu.js";
import { createNotices } from "./components/notices.js";
import { Pages, drawPlace } from "./components/pages.js";
import { restoreQuestions, wireQuestions } from "./components/question.js";
import { copy, download, drawKept, drawPaper, restoreReflections, wireReflections } from "./components/reflect.js";
import { byId, either } from "./components/words.js";
import "./live.js";
import "./interactions.js";
import "./components/pool.js";
import "./components/match.js";
import "./components/order.js";
import "./components/fill.js";
import "./components/number.js";
import "./components/tabs.js";
import "./components/scenario.js";
import "./components/media.js";

const LATEST = 3000;
const BEAT = 150;
const root = document.documentElement;

/** Everything that happens between opening the course and leaving it. */
class Player {
  #outline;
  #session;
  #lms;
  #local = new Copies("localStorage");
  #notice = createNotices(byId("x-saved"));
  #recorder;
  #pages;
  #live = null;
  #begun = false;
  #entered = { module: null, time: 0 };

  constructor(outline) {
    const session = new Session(outline);
    this.#outline = outline;
    this.#session = session;
    this.#lms = new Lms(outline);
    this.#recorder = new Recorder({ lms: this.#lms, session, course: outline.id, copies: this.#local, tell: (kind) => this.#tell(kind) });
    this.#pages = new Pages({ outline, session, arrived: (part) => this.#restore(part), shown: () => this.#shown() });
  }

  /** Look for the LMS; one that comes late finds the course already open. */
  async start() {
    this.#wire();
    let opened = this.#lms.open();
    if (!opened) this.#showEarly();
    for (let waited = 0; opened === null && waited < (this.#lms.patience || LATEST); waited += BEAT) {
      await new Promise((resolve) => setTimeout(resolve, BEAT));
      opened = this.#lms.open();
    }
    await this.#begin(Boolean(opened));
  }

  #showEarly() {
    showLanguage(chooseLanguage(...navigator.languages) || "en");
    this.#pages.show(this.#pages.module.pages[0].id, { focus: false, push: false });
    root.classList.add("on");
  }

  /** The LMS has answered, or there is none: take up what is kept and show it, focusing nothing. */
  async #begin(opened) {
    this.#recorder.start(opened);
    this.#begun = true;
    const { state } = this.#session;
    state.language = chooseLanguage(state.language, this.#recorder.held.language, ...navigator.languages);
    showLanguage(state.language || "en");
    this.#restore(byId("x-module"));
    byId("x-named").hidden = !this.#recorder.held.name;
    byId("x-clear").hidden = this.#recorder.recorded;
    this.#beginStatements();
    await this.#arrive();
    this.#tell("saved");
    root.classList.add("on");
    root.dataset.ready = opened ? this.#lms.mode : "none";
    this.#pages.ahead();
  }

  /** What a reload left, or a link's page, or the learner's place: that of another module only in the whole course. */
  async #arrive() {
    const still = { focus: false, push: false };
    const { known, state: { at, language } } = this.#session;
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const section = target?.matches(".page") ? target : null;
    const { module, wide } = this.#pages;
    const left = known.pages.has(history.state?.key) && history.state.key;
    const saved = wide || module.pages.some((page) => page.key === at) ? at : null;
    await this.#pages.go(left || section?.dataset.page || saved || this.#pages.entry(module).key, still);
    history.replaceState(this.#pages.place, "");
    if (section && !section.dataset.page) this.#pages.show(section.id, still);
    if (!language) this.#pages.show("x-choose", still);
  }

  /** Only beside an LMS that names the learner: without one there is nobody to make statements about. */
  #beginStatements() {
    const { recorded, held: { learner, readOnly } } = this.#recorder;
    if (!recorded || readOnly || !learner) return;
    this.#live = extras.live?.({ outline: this.#outline, state: this.#session.state, learner, local: this.#local });
  }

  #tell(kind) {
    const { recorded, held } = this.#recorder;
    if (kind === "cut") drawKept(this.#recorder.cut);
    else if (recorded) this.#notice(held.readOnly ? "review" : kind);
    else this.#notice(this.#lms.mode === "none" ? "kept" : "none");
  }

  /** Put back what was done into a part of the document that has just come in. */
  #restore(part) {
    for (const { restore } of blocks) restore?.(part, this.#session);
    restoreQuestions(part, this.#session);
    restoreReflections(part, this.#session);
    drawKept(this.#recorder.cut);
  }

  /** Put back what was done into what has just been written anew; what was fetched before is out of date. */
  #renewed(part) {
    this.#pages.forget();
    this.#restore(part);
  }

  /** Another page or section is on the screen. */
  #shown() {
    const { module, page } = this.#pages;
    if (this.#entered.module !== module) this.#entered = { module, time: Date.now() };
    if (page) this.#session.see(page.key);
    document.querySelector("[data-do=leave]").hidden = !this.#recorder.recorded;
    this.#progressed("soon");
    drawPlace(module, page, this.#session.state.seen);
    this.#drawPaper();
  }

  /** Something has been done: see what it completes, save it, tell the record store, and draw it. */
  #progressed(when) {
    if (this.#begun && !this.#recorder.held.readOnly) {
      const events = this.#session.settle(Date.now());
      this.#recorder.changed(events.length ? "now" : when);
      // A module that is launched by itself says nothing of the course.
      const told = this.#outline.alone ? events.filter(({ module }) => module) : events;
      for (const event of told) this.#live?.tell("happened", event, this.#spent(event.module));
    }
    const { module, page } = this.#pages;
    const all = { outline: this.#outline, session: this.#session, module, page };
    drawMenu(all);
    drawEnd(all);
  }

  #spent(module) {
    return module ? (Date.now() - this.#entered.time) / 1000 : this.#recorder.seconds;
  }

  #checked(question, verdict) {
    const seconds = (Date.now() - this.#pages.since) / 1000;
    if (this.#outline.interactions) {
      const { given } = this.#session.state.answers.get(question.key);
      this.#recorder.answered(question, verdict.right, seconds);
      this.#live?.tell("answered", question, given, verdict, seconds);
    }
    this.#progressed("now");
  }

  #speak(language) {
    this.#session.state.language = language;
    showLanguage(language);
    this.#pages.title();
    this.#recorder.changed();
  }

  get #course() {
    return { outline: this.#outline, session: this.#session, name: byId("x-named-tick").checked ? this.#recorder.held.name : "" };
  }

  #drawPaper() {
    drawPaper(this.#course);
  }

  /** The last that is said of this session, to both. @returns {boolean | Promise<boolean>} whether the LMS has everything */
  #leave() {
    const good = this.#recorder.end();
    this.#live?.end(this.#recorder.seconds);
    this.#live = null;
    return good;
  }

  #do = {
    menu: openMenu,
    again: () => this.#pages.again(),
    stay: () => this.#pages.stay(),
    print: () => print(),
    download: () => download(this.#course),
    copy: async () => {
      const good = await copy(this.#course);
      either(byId("x-copied"), good);
    },
    clear: () => {
      this.#recorder.clear();
      history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    },
    leave: async () => {
      const good = await this.#leave();
      this.#pages.show("x-closed", { push: false });
      either(byId("x-closed-words"), good);
      if (this.#lms.back) location.assign(this.#lms.back);
      else if (window.opener) window.close();
    },
  };

  #wire() {
    const session = this.#session;
    wireGlossary(byId("x-meaning"));
    wireMenu();
    wireQuestions({ session, pages: this.#pages, checked: (question, verdict) => this.#checked(question, verdict) });
    const changed = (when) => this.#recorder.changed(when);
    wireReflections({ session, changed });
    for (const { wire } of blocks) wire?.({ session, changed });
    document.addEventListener("click", (event) => this.#pressed(event));
    byId("x-tongue").addEventListener("click", () => this.#speak(root.lang === "cy" ? "en" : "cy"));
    byId("x-named-tick").addEventListener("change", () => this.#drawPaper());
    addEventListener("beforeprint", () => this.#drawPaper());
    // A preview puts new words in the place of old ones while the course is being written.
    document.addEventListener("renewed", ({ target }) => this.#renewed(target));
    addEventListener("online", () => this.#flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#flush(true));
    addEventListener("pagehide", () => this.#leave());
    // The session ended when the page was left; coming back to it from the browser's cache begins another.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  #flush(hidden = false) {
    if (this.#recorder.dirty) this.#recorder.commit();
    this.#live?.flush(hidden);
  }

  #pressed(event) {
    const control = event.target.closest("[data-do], [data-language]");
    const link = event.target.closest("a[href]");
    const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (control?.dataset.do) this.#do[control.dataset.do]();
    if (control?.dataset.language) {
      this.#speak(control.dataset.language);
      this.#pages.stay();
    }
    if (link && plain && this.#pages.follow(link)) event.preventDefault();
  }
}

/** Read the course out of the document and start; a player that cannot start leaves a document that can be read. */
async function main() {
  try {
    // The script tells which package this is; the document is the same in many.
    await new Player({ ...JSON.parse(byId("x-outline").textContent), ...window.ktb }).start();
  } catch (error) {
    root.classList.remove("js");
    console.error(error);
  }
}

root.classList.add("js");
document.addEventListener("DOMContentLoaded", main);
