/** Starts the player and joins its parts: the session, the LMS, the statements and the page. */

import { Copies } from "./copies.js";
import { drawMore, fetchScript } from "./fetched.js";
import { blocks, extras } from "./kinds.js";
import { Lms } from "lms";
import { Recorder } from "./recorder.js";
import { Session } from "./session.js";
import { chooseLanguage, showLanguage } from "./components/language.js";
import { drawEnd, drawMenu, drawWhere, openMenu, wireMenu } from "./components/menu.js";
import { drawNews, drawSaved } from "./components/notices.js";
import { drawPlace, entryOf, fetchAhead, followLink, forgetFetched, goBack, here, isWide, nameDocument } from "./components/pages.js";
import { openPage, openTarget, placeNow, showPart, tryAgain, wirePages } from "./components/pages.js";
import { restoreQuestions, wireQuestions } from "./components/question.js";
import { byId, either } from "./components/words.js";
import "./live.js";
import "./drawn.js";
import "./components/wide.js";

const LATEST = 3000;
const BEAT = 150;
const root = document.documentElement;
const local = new Copies("localStorage");
let outline;
let session;
let lms;
let recorder;
let forgotten;
let begun;
let live;
let looking;
// The module that is open, and since when.
let entered;

/** Look for the LMS; one that comes late finds the course already open. */
async function start() {
  // The script tells which package this is; the document is the same in many.
  outline = { ...JSON.parse(byId("x-outline").textContent), ...window.ktb };
  session = new Session(outline);
  lms = new Lms(outline);
  recorder = new Recorder({ lms, session, course: outline.id, copies: local, tell });
  wirePages({ outline, session, blocks: () => fetchScript("blocks.js", { session, changed, live: () => live }), arrived: restore, shown });
  wire();
  let opened = lms.open();
  if (!opened) showEarly();
  for (let waited = 0; opened === null && waited < (lms.patience || LATEST); waited += BEAT) {
    await new Promise((resolve) => setTimeout(resolve, BEAT));
    opened = lms.open();
  }
  await begin(Boolean(opened));
}

function showEarly() {
  showLanguage(chooseLanguage(...navigator.languages) || "en");
  showPart(here.module.pages[0].id, { focus: false, push: false });
  root.classList.add("on");
}

/** The LMS has answered, or there is none: take up what is kept and show it, focusing nothing. */
async function begin(opened) {
  forgotten = !recorder.start(opened);
  begun = true;
  const { state } = session;
  state.language ||= chooseLanguage(recorder.held.language, ...navigator.languages);
  showLanguage(state.language || "en");
  beginStatements();
  await arrive();
  const { recorded, held } = recorder;
  if (!recorded || held.readOnly) tell("saved");
  root.classList.add("on");
  root.dataset.ready = opened ? lms.mode : "none";
  fetchAhead();
}

/** What a reload left, or a link's page, or the learner's place: that of another module only in the whole course. */
async function arrive() {
  const still = { focus: false, push: false };
  const { known, state: { at, language } } = session;
  const doctor = new URLSearchParams(location.search).has("doctor");
  const target = byId(doctor ? "x-doctor" : location.hash.slice(1));
  const section = target?.matches(".page:not(#x-closed)") ? target : null;
  const { module } = here;
  const left = known.pages.has(history.state?.key) && history.state.key;
  const saved = isWide() || module.pages.some((page) => page.key === at) ? at : null;
  await openPage(left || section?.dataset.page || saved || entryOf(module).key, still);
  history.replaceState(placeNow(), "");
  if (section && !section.dataset.page) await openTarget({ id: section.id }, still);
  if (!language && !doctor) showPart("x-choose", still);
}

/** Only beside an LMS that names the learner: without one there is nobody to make statements about. */
function beginStatements() {
  const { recorded, held: { learner, readOnly } } = recorder;
  if (!recorded || readOnly || !learner) return;
  live = extras.live?.({ outline, state: session.state, learner, local });
}

function tell(kind) {
  const { recorded, held, kept, cut } = recorder;
  const alone = lms.mode === "none" && kept ? "kept" : "none";
  if (kind === "cut") for (const block of blocks) block.cut?.(cut);
  else drawSaved(kind === "other" ? kind : !recorded ? alone : held.readOnly ? "review" : kind);
  drawSent();
}

/** At the end of the module; looked at again for as long as the record store has not taken everything. */
function drawSent() {
  const { recorded, dirty } = recorder;
  const waiting = live?.waiting?.();
  drawWhere(recorded && dirty, waiting);
  for (const block of blocks) block.sent?.();
  clearTimeout(looking);
  if (waiting) looking = setTimeout(drawSent, LATEST);
}

/** Something of the learner's has changed: when to save it. */
const changed = (when) => recorder.changed(when);

/** Put back what was done into a part of the document that has just come in. */
function restore(part) {
  for (const { restore } of blocks) restore?.(part, session, recorder.cut);
  restoreQuestions(part, session);
}

/** Put back what was done into what has just been written anew; what was fetched before is out of date. */
function renewed(part) {
  forgetFetched();
  restore(part);
}

/** Another page or section is on the screen. */
function shown() {
  const { module, page } = here;
  if (entered?.module !== module) entered = { module, time: performance.now() };
  if (page) session.see(page.key);
  // Neither is there before the document of the module is.
  for (const close of document.querySelectorAll("#x-end [data-do=leave]")) close.hidden = !recorder.recorded;
  for (const clear of document.querySelectorAll("#x-clear")) clear.hidden = recorder.recorded;
  progressed("soon");
  drawPlace(module, page, session.state.seen);
  const part = byId(placeNow().id);
  if (part.dataset.more) drawMore(part, { outline, session, recorder, lms, restored: () => restore(byId("x-module")) });
}

/** Something has been done: see what it completes, save it, tell the record store, and draw it. */
function progressed(when) {
  if (begun && !recorder.held.readOnly) {
    const events = session.settle(Date.now());
    recorder.changed(events.length ? "now" : when);
    // A module that is launched by itself says nothing of the course.
    const told = outline.alone ? events.filter(({ module }) => module) : events;
    for (const event of told) live?.tell("happened", event, spent(event.module));
  }
  const { module, page } = here;
  const all = { outline, session, module, page };
  drawMenu(all);
  drawEnd(all);
  drawSent();
  drawNews(session, forgotten);
}

function spent(module) {
  return module ? (performance.now() - entered.time) / 1000 : recorder.seconds;
}

function checked(question, verdict) {
  const seconds = (performance.now() - here.since) / 1000;
  if (outline.interactions) {
    const { given } = session.state.answers.get(question.key);
    recorder.answered(question, verdict.right, seconds);
    live?.tell("answered", question, given, verdict, seconds);
  }
  progressed("now");
}

function speak(language) {
  session.state.language = language;
  showLanguage(language);
  nameDocument();
  recorder.changed();
}

/** The last that is said of this session, to both. @returns {boolean | Promise<boolean>} whether the LMS has everything */
function leave() {
  const good = recorder.end();
  live?.end(recorder.seconds);
  live = null;
  return good;
}

const actions = {
  menu: openMenu,
  again: tryAgain,
  stay: goBack,
  clear: () => {
    recorder.clear();
    history.replaceState(null, "", location.pathname + location.search);
    location.reload();
  },
  leave: async () => {
    const good = await leave();
    showPart("x-closed", { push: false });
    either(byId("x-closed-words"), good);
    if (lms.back) location.assign(lms.back);
    else if (window.opener) window.close();
  },
};

function wire() {
  wireMenu();
  wireQuestions({ session, checked });
  document.addEventListener("click", pressed);
  byId("x-tongue").addEventListener("click", () => speak(root.lang === "cy" ? "en" : "cy"));
  // A preview puts new words in the place of old ones while the course is being written.
  document.addEventListener("renewed", ({ target }) => renewed(target));
  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush(true));
  addEventListener("pagehide", leave);
  // The session ended when the page was left; coming back to it from the browser's cache begins another.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

function flush(hidden = false) {
  if (recorder.dirty) recorder.commit();
  live?.flush(hidden);
}

function pressed(event) {
  const control = event.target.closest("[data-do], [data-language]");
  const link = event.target.closest("a[href]");
  const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (control?.dataset.do) actions[control.dataset.do]();
  if (control?.dataset.language) {
    speak(control.dataset.language);
    goBack();
  }
  if (link && plain && followLink(link)) event.preventDefault();
}

/** Read the course out of the document and start; a player that cannot start leaves a document that can be read. */
async function main() {
  try {
    await start();
  } catch (error) {
    root.classList.remove("js");
    console.error(error);
  }
}

root.classList.add("js");
main();
