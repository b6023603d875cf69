/** The pretend LMS: chooses learner, format and state, launches the package in a frame, and follows the course. */

import { log, logRemote, wireCalls } from "./calls.js";
import { Course } from "./course.js";
import { list, mark, block } from "./problems.js";
import { RUNTIMES, summary } from "./runtimes.js";
import { worked } from "./states.js";
import { config, find, speak } from "./words.js";

const SHARES = { half: 0.5, finished: 1, review: 1 };
const CHOICES = ["format", "authority", "part", "state"];
// What each of these is changes what there is to choose of the others.
const ANEW = ["format", "authority"];
const FOCUS = "ktb-lms-focus";
const OUTLINE = /<script type="application\/json" id="x-outline">(.*?)<\/script>/s;
const PREFIX = `ktb-lms:${config.course}:`;
const root = document.documentElement;
const query = new URLSearchParams(location.search);

/** What the address says, so that it can be given to somebody else. */
const chosen = {
  learner: (query.get("learner") || config.learner).slice(0, 255),
  name: (query.get("name") || "").slice(0, 255),
  language: query.get("language") === "cy" ? "cy" : "en",
  format: config.formats.includes(query.get("format")) ? query.get("format") : config.formats[0],
  authority: query.get("authority") ?? "",
  part: query.get("part") ?? "",
  state: query.get("state") in SHARES || query.get("state") === "new" ? query.get("state") : "",
};

const runtime = () => RUNTIMES[chosen.format] ?? RUNTIMES.web;
const part = () => (config.units.find(([address]) => address === chosen.part) ?? config.units[0])[0];
const record = () => `${PREFIX}${runtime().family}/${encodeURIComponent(part())}:${chosen.learner}`;
const folder = () => `/package/${chosen.format}/${chosen.authority || "-"}/`;
const course = new Course(find("frame"), changed);
let news = null;
let found = { problems: [], release: [] };
let session = { registration: "" };

const remembered = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const remember = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still shows the course; it only forgets.
  }
};

function load() {
  try {
    return JSON.parse(remembered(record())) ?? {};
  } catch {
    return {};
  }
}

function show(data) {
  const { status, score, place, size } = summary(data);
  const limit = runtime().limit;
  find("status").textContent = status;
  find("score").textContent = score;
  find("place").textContent = place;
  find("size").textContent = limit === Infinity ? String(size) : `${size} / ${limit}`;
}

function keep(name, data) {
  remember(name, JSON.stringify(data));
  if (name === record()) show(data);
}

/** A new launch: a session may be opened once only, so each launch has an API of its own. */
async function launch(place = null, held = null) {
  const { name, create, remote } = runtime();
  const mode = chosen.state === "review" ? "review" : "normal";
  const who = { learner: chosen.learner, name: chosen.name || chosen.learner, mode, language: chosen.language };
  course.from = folder();
  for (const one of ["API", "API_1484_11"]) delete window[one];
  // The last words of a session come when another learner may have been chosen already.
  const own = record();
  if (name) window[name] = create({ ...who, load, keep: (data) => keep(own, data), log });
  find("open").hidden = true;
  find("close").hidden = false;
  const address = remote ? await begun(who, held) : (place?.pathname ?? course.from + part());
  course.open(`${address}${place?.hash ?? ""}`);
}

/** A session of the pretend record store. @returns {Promise<string>} the address that a launch opens */
async function begun(who, held) {
  const attempt = remembered(`${record()}:attempt`) ?? "";
  const body = JSON.stringify({ ...who, format: chosen.format, authority: chosen.authority, part: part(), attempt, held });
  const response = await fetch("/launch", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!response.ok) return folder() + part();
  session = await response.json();
  return folder() + session.address;
}

/** Open the course again where it was, with everything in the fields. */
function relaunch() {
  const place = course.keep();
  const kept = place && { pathname: place.pathname, hash: place.hash };
  course.leave(() => launch(kept));
}

/** Nothing of this learner is left in the LMS, nor in the course's own copies in this browser. */
function forget() {
  for (const key of Object.keys(localStorage)) {
    const own = key.startsWith("ktb") && (key.endsWith(`:${chosen.learner}`) || (key.startsWith("ktb:") && key.endsWith(":")));
    if (own && key !== `${record()}:attempt`) localStorage.removeItem(key);
  }
  remember(`${record()}:attempt`, String(Date.now()));
  show({});
}

/** Make the learner one of the state that was chosen; "" leaves the learner as they are. */
async function seed() {
  if (!chosen.state) return null;
  forget();
  if (chosen.state === "new") return null;
  const [page, facts] = await Promise.all([fetch(folder() + part()), fetch(`${folder()}course.json`)]);
  const [, text] = (page.ok && facts.ok && OUTLINE.exec(await page.text())) || [];
  if (!text) return null;
  const outline = JSON.parse(text);
  const done = worked(outline, await facts.json(), SHARES[chosen.state], chosen.language, runtime().limit);
  if (runtime().remote) return runtime().held(done);
  if (runtime().held) keep(record(), runtime().held(done));
  else remember(`ktb:${outline.id}:`, done.text);
  return null;
}

async function begin() {
  const held = await seed();
  show(runtime().remote ? {} : load());
  await launch(null, held);
}

/** The address says what is shown; what is as it would be anyway is left out. */
function address() {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(chosen)) if (value) said.set(name, value);
  history.replaceState(null, "", `/?${said}`);
}

/** The page anew, with the focus where it is. */
function reload() {
  remember(FOCUS, document.activeElement?.id ?? "");
  course.leave(() => location.reload());
}

function choose(name, value) {
  chosen[name] = value;
  address();
  if (ANEW.includes(name)) reload();
  else course.leave(begin);
}

/** Another module, page or language is on the screen. */
function changed(opened) {
  if (opened) course.speak(chosen.language);
  else if (course.language !== chosen.language) language(course.language);
  if (course.module) mark(course.page, course.module.id, found.problems);
}

function language(to) {
  chosen.language = to;
  speak(to);
  address();
  course.speak(to);
}

/** Go to the block of a problem. */
function visit(problem) {
  const module = course.page && course.outline.modules.find((one) => one.id === problem.module);
  if (!module) return;
  course.go(module.document, problem.page || module.pages[0].id);
  const until = Date.now() + 3000;
  const look = () => {
    const there = course.module?.id === module.id && block(course.page, problem)?.closest(".here");
    if (!there && Date.now() < until) return setTimeout(look, 50);
    const note = there && course.page.querySelector(`.ktb-problem[data-line="${CSS.escape(`${problem.file}:${problem.line}`)}"]`);
    note?.focus();
    return note?.scrollIntoView({ block: "center" });
  };
  look();
}

/** One piece of news after the other; only the last of those that wait matters. */
let working = false;
let listed = "";

async function heard() {
  if (working) return;
  working = true;
  const now = news;
  try {
    await showNews(now);
  } catch (error) {
    console.error(error);
  }
  showProblems();
  working = false;
  if (now !== news) heard();
}

async function showNews({ version, anew }) {
  const before = config.shown;
  config.shown = { version, anew };
  // Nothing could be shown until now: the page itself lacks the title and the rest.
  if (before?.version === 0 && version) return location.reload();
  if (before && (version !== before.version || (course.version !== null && course.version !== version))) {
    if (anew !== before.anew || !(await course.renew())) return relaunch();
  }
  return undefined;
}

/** After the page itself: a list that has not changed stays as it is, with the focus in it. */
function showProblems() {
  const said = JSON.stringify(found);
  if (said !== listed) list(found, visit);
  listed = said;
  if (course.module) mark(course.page, course.module.id, found.problems);
}

function follow() {
  const source = new EventSource(`/events?since=${config.number}`);
  source.addEventListener("message", (event) => {
    news = JSON.parse(event.data);
    heard();
  });
  source.addEventListener("problems", (event) => {
    found = JSON.parse(event.data);
    if (!working) showProblems();
  });
  source.addEventListener("call", (event) => {
    const call = JSON.parse(event.data);
    if (call.registration && session.registration && call.registration !== session.registration) return;
    logRemote(call);
    showRemote(call);
  });
}

/** What a record store knows of the learner: the last word on how far they are, and the size of what is saved. */
function showRemote({ call, body, answer }) {
  if (!/^2/.test(answer) || !/^P/.test(call)) return;
  if (call.endsWith("state")) find("size").textContent = String(body.length);
  const verbs = [...body.matchAll(/"verb":\s*\{[^}]*?"id":\s*"[^"]*\/(completed|passed|failed|initialized)"/g)];
  for (const [, verb] of verbs) find("status").textContent = verb === "initialized" ? find("status").textContent : verb;
}

function learners() {
  const ids = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && !key.endsWith(":attempt"));
  return [...new Set(ids.map((key) => key.slice(PREFIX.length).replace(/^[^:]*:/, "")))].sort();
}

function start() {
  speak(chosen.language);
  find("learner").value = chosen.learner;
  find("who").textContent = chosen.learner;
  find("name").value = chosen.name;
  find("known").replaceChildren(...learners().map((id) => new Option(id)));
  find("parts").hidden = config.units.length < 2;
  find("part").replaceChildren(...config.units.map(([address, title]) => new Option(title, address)));
  for (const name of CHOICES.filter(find)) {
    if ([...find(name).options].some((one) => one.value === chosen[name])) find(name).value = chosen[name];
    chosen[name] = name === "part" && config.units.length < 2 ? "" : find(name).value;
    find(name).addEventListener("change", ({ target }) => choose(name, target.value));
  }
  find("bar").addEventListener("submit", (event) => {
    event.preventDefault();
    for (const name of ["learner", "name"]) chosen[name] = find(name).value;
    address();
    reload();
  });
  find("tongue").addEventListener("click", () => language(root.lang === "en" ? "cy" : "en"));
  find("open").addEventListener("click", () => launch());
  find("close").addEventListener("click", () => {
    course.leave();
    find("open").hidden = false;
    find("close").hidden = true;
  });
  find("forget").addEventListener("click", () => course.leave(() => {
    forget();
    launch();
  }));
  find(remembered(FOCUS))?.focus();
  remember(FOCUS, null);
  wireCalls();
  follow();
  begin();
}

start();
