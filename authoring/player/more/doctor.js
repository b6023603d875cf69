/** The self-check: what works here and what does not, for a help desk, and nothing in it that is about a person. */

import { Copies } from "../copies.js";
import { element, fill, spans, tag, w, words } from "../components/words.js";
import { button, copier } from "./away.js";

const APIS = ["API", "API_1484_11"];
const PARENTS = 20;
const PATIENCE = 8000;
const YES = w`yes`;
const NO = w`no`;
const both = (text) => ({ en: String(text), cy: String(text) });
const answer = (good) => (good ? YES : NO);

/** Reading a window of another origin throws. */
function read(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/** Where an LMS's object of a name is, in words; a window that may not be read ends the way up. */
function whereIs(name) {
  let at = window;
  for (let n = 0; at && n <= PARENTS; n++) {
    const here = at;
    if (read(() => here[name])) return n ? words(w`found, windows above this one: {n}`, { n }) : w`found in this window`;
    const parent = read(() => here.parent);
    at = parent === here ? null : parent;
  }
  const opener = read(() => window.opener?.[name]) || read(() => window.top.opener?.[name]);
  return opener ? w`found in the window that opened this one` : w`not found`;
}

/** Whether a store of the browser keeps what it is given. */
const keeps = (kind) => Boolean(read(() => {
  window[kind].setItem("ktb-check", "1");
  const good = window[kind].getItem("ktb-check") === "1";
  window[kind].removeItem("ktb-check");
  return good;
}));

/** What an address answers, or null where nothing comes in time. */
async function asked(address, how) {
  try {
    return await fetch(address, { signal: AbortSignal.timeout?.(PATIENCE), credentials: "omit", cache: "no-store", ...how });
  } catch {
    return null;
  }
}

/** What the package says of itself; a page opened from a folder may not read it. */
async function ownFacts() {
  const response = await asked("course.json");
  const facts = response?.ok ? await response.json().catch(() => null) : null;
  return { reached: Boolean(facts), pack: facts?.package || "?", format: facts?.["package-format"] || "?" };
}

/** Have the LMS store what is there now: the one way to know that it does. */
async function commit({ recorder }) {
  if (!recorder.recorded || recorder.held.readOnly) return [w`not asked: nothing is being recorded`, "none"];
  const began = Date.now();
  const good = await Promise.race([recorder.commit(), new Promise((resolve) => { setTimeout(resolve, PATIENCE, false); })]);
  return good ? [words(w`came back after {n} ms`, { n: Date.now() - began }), "ready"] : [w`did not come back`, "risk"];
}

/** A store without our right to read its answer still answers something. */
async function store({ outline, lms }) {
  const address = outline["record-store"];
  if (!address || lms.mode === "none") return [lms.mode === "cmi5" || lms.mode === "xapi" ? w`the one that opened the course: see the commit` : w`none in this package`, "none"];
  const origin = read(() => new URL(address).origin) || "?";
  const reached = await asked(origin, { mode: "no-cors" });
  return [words(reached ? w`{at} answers` : w`{at} does not answer`, { at: origin }), reached ? "ready" : "risk"];
}

/** How many texts of ours this browser keeps, and how many statements wait in them; never what they are called. */
function keptHere() {
  const local = new Copies("localStorage");
  const names = local.names().filter((name) => name.startsWith("ktb"));
  const texts = names.map((name) => String(local.get(name) ?? ""));
  const waiting = names.filter((name) => name.startsWith("ktb-xapi:")).length;
  return { n: names.length, k: texts.reduce((sum, text) => sum + text.length, 0), waiting };
}

/** What the learner has done, in numbers. */
function counts({ outline, session, recorder, lms }) {
  const { state } = session;
  const pages = outline.modules.reduce((sum, module) => sum + module.pages.length, 0);
  const letters = [...state.writing.values()].reduce((sum, text) => sum + text.length, 0);
  const limit = Number.isFinite(lms.limit) ? lms.limit : 0;
  const { text } = session.pack(limit || undefined);
  return [
    [w`Pages seen`, words(w`{n} of {m}`, { n: state.seen.size, m: pages })],
    [w`Answers kept`, both(state.answers.size)],
    [w`Pieces written`, words(w`pieces: {n}, characters: {k}`, { n: state.writing.size, k: letters })],
    [w`Pieces that the learning system cannot take whole`, both(recorder.cut.length)],
    [w`Length of what is kept for the learner`, limit ? words(w`{n} of {m}`, { n: text.length, m: limit }) : both(text.length)],
  ];
}

/** What a commit carries. The score itself is nobody's business but the learner's and the LMS's. */
function toldTo({ session }) {
  const [status, scored] = [session.status(), session.score() !== null];
  return words(scored ? w`the place, what is kept, a score, the status {status}` : w`the place, what is kept, the status {status}`, { status });
}

const isFrame = () => window !== read(() => window.top);
const openedHow = () => (isFrame() ? w`in a frame` : read(() => window.opener) ? w`in a window that another opened` : w`in a window of its own`);

/** Every line: what, the finding, and "ready", "risk" or "none". */
async function findings(kit) {
  const { outline, recorder, lms } = kit;
  const [facts, committed, stored] = await Promise.all([ownFacts(), commit(kit), store(kit)]);
  const here = keptHere();
  const [local, tab] = ["localStorage", "sessionStorage"].map(keeps);
  const recorded = recorder.recorded ? (recorder.held.readOnly ? w`no: this is a look back` : YES) : NO;
  const checked = (good) => (good ? "ready" : "risk");
  const wanted = lms.mode === "none";
  return [
    [w`Made`, both(new Date().toISOString())],
    [w`Course`, both(`${outline.id} ${outline.version}`)],
    [w`Package`, both(facts.pack)],
    [w`Format`, both(`${facts.format}, ${lms.mode}`)],
    [w`Browser`, both(navigator.userAgent)],
    [w`Language on the page`, both(document.documentElement.lang)],
    [w`Opened`, words(w`{how}, over {by}`, { how: openedHow(), by: location.protocol.replace(":", "") })],
    ...APIS.map((name) => [words(w`Learning system’s object {name}`, { name }), whereIs(name)]),
    [w`Being recorded`, wanted ? w`no: this package tells nobody` : recorded, wanted ? "none" : checked(recorder.recorded)],
    [w`A commit to the learning system`, ...committed],
    [w`Record store`, ...stored],
    [w`The package’s own files can be read`, answer(facts.reached), checked(facts.reached)],
    [w`The network is there, says the browser`, answer(navigator.onLine), checked(navigator.onLine)],
    [w`This browser may keep things`, answer(local), checked(local)],
    [w`This tab may keep things`, answer(tab), checked(tab)],
    ...counts(kit),
    [w`Kept on this device`, words(w`texts: {n}, characters: {k}`, here)],
    [w`Told to the learning system`, wanted ? w`nothing` : toldTo(kit)],
    [w`Still to be sent to the learning system`, wanted ? NO : answer(recorder.dirty)],
    [w`Statements still to be sent to the record store`, both(here.waiting)],
  ];
}

/** The page, checked anew each time that it is opened. */
export async function drawDoctor(place, kit) {
  fill(place, w`Checking. This takes a few seconds.`);
  const found = await findings(kit);
  const lines = found.flatMap(([name, said, state = "none"]) => [
    element("dt", {}, ...spans(name)),
    element("dd", {}, ...(state === "none" ? spans(said) : [tag(state, said)])),
  ]);
  const [take, taken] = copier("x-report-copy", w`Copy the report`, () => reportOf(found), "button");
  const again = button("x-check-again", w`Check again`, () => drawDoctor(place, kit));
  place.replaceChildren(element("dl", { class: "facts", id: "x-report" }, ...lines), element("div", { class: "row" }, take, again, taken));
}

/** The report as it is pasted, in the language on the screen. */
const reportOf = (found) => found.map(([name, said]) => `${name[document.documentElement.lang]}: ${said[document.documentElement.lang]}`).join("\n");

