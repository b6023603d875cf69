/** The pretend LMS: chooses the learner, launches the package in a frame, shows every call, and follows the course. */

import { createApi } from "./api.js";

const ROWS = 500;
const SAY = {
  en: { problem: "problem stops", problems: "problems stop", rest: "the page from being shown anew. Below is how it last looked.", nothing: "nothing yet" },
  cy: { problem: "broblem yn atal", problems: "o broblemau yn atal", rest: "y dudalen rhag cael ei dangos o’r newydd. Isod mae fel yr oedd ddiwethaf.", nothing: "dim eto" },
};

const root = document.documentElement;
const find = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const learner = (query.get("learner") || root.dataset.learner).slice(0, 255);
const name = (query.get("name") || learner).slice(0, 255);
const STATE = `ktb-lms:${root.dataset.course}:`;

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
    return JSON.parse(remembered(STATE + learner)) ?? {};
  } catch {
    return {};
  }
}

function show(data) {
  const raw = data["cmi.core.score.raw"];
  find("status").textContent = data["cmi.core.lesson_status"] ?? "not attempted";
  find("score").textContent = raw === undefined || raw === "" ? "–" : raw;
  find("place").textContent = data["cmi.core.lesson_location"] || "–";
  find("size").textContent = `${(data["cmi.suspend_data"] ?? "").length} / 4096`;
}

function log(call, values, answer, error) {
  const rows = find("log");
  const row = rows.insertRow(0);
  for (const text of [new Date().toLocaleTimeString("en-GB"), call, values.filter(Boolean).join(" = "), answer, error]) {
    row.insertCell().textContent = text;
  }
  if (error) row.className = "is-error";
  if (rows.rows.length > ROWS) rows.deleteRow(-1);
}

function keep(data) {
  remember(STATE + learner, JSON.stringify(data));
  show(data);
}

const frame = find("frame");

/** A new launch: an SCO may open one session only, so each launch has an API of its own. */
function launch(address = "/package/index.html") {
  window.API = createApi({ learner, name, load, keep, log });
  frame.contentWindow.location.replace(address);
  find("open").hidden = true;
  find("close").hidden = false;
}

/** `then` runs once the course has left, having said its last words to the API it was given. */
function close(then = () => {}) {
  frame.addEventListener("load", then, { once: true });
  frame.src = "about:blank";
  find("open").hidden = false;
  find("close").hidden = true;
}

/** The same page again after a save, scrolled to where it was. */
function relaunch() {
  const inside = frame.contentWindow;
  const [place, top] = [inside.location.hash, inside.scrollY];
  const address = inside.location.pathname.startsWith("/package/") ? inside.location.pathname : "/package/index.html";
  close(() => {
    frame.addEventListener("load", () => inside.scrollTo(0, top), { once: true });
    launch(address + place);
  });
}

function showProblems(problems) {
  const box = find("problems");
  const words = SAY[root.lang];
  box.hidden = problems.length === 0;
  find("problem-count").textContent = problems.length ? `${problems.length} ${problems.length === 1 ? words.problem : words.problems} ${words.rest}` : "";
  find("problem-list").replaceChildren(...problems.map(problemItem));
}

function problemItem({ place, rule, message, mend }) {
  const item = document.createElement("li");
  item.lang = "en";
  const code = document.createElement("code");
  code.textContent = place;
  item.append(code, ` ${message} ${mend} `);
  const kind = document.createElement("small");
  kind.textContent = rule;
  item.append(kind);
  return item;
}

let problems = [];

/** Follows the server: what is wrong, and which version of the course it shows. */
function follow() {
  let version = null;
  new EventSource("/events").addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    problems = news.problems;
    showProblems(problems);
    if (version !== null && version !== news.version) relaunch();
    version = news.version;
  });
}

/** Nothing of this learner is left in the LMS, nor in the course's own copies in this browser. */
function forget() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("ktb") && key.endsWith(`:${learner}`)) localStorage.removeItem(key);
  }
  show({});
  launch();
}

function speak(language) {
  root.lang = language;
  remember("ktb-lms-language", language);
  document.title = find(`title-${language}`).textContent;
  showProblems(problems);
}

function learners() {
  return Object.keys(localStorage).filter((key) => key.startsWith(STATE)).map((key) => key.slice(STATE.length)).sort();
}

function start() {
  speak(query.get("language") ?? remembered("ktb-lms-language") ?? "en");
  find("learner").value = learner;
  find("name").value = name;
  find("known").replaceChildren(...learners().map((id) => new Option(id)));
  find("tongue").addEventListener("click", () => speak(root.lang === "en" ? "cy" : "en"));
  find("open").addEventListener("click", () => launch());
  find("close").addEventListener("click", () => close());
  find("forget").addEventListener("click", () => close(forget));
  show(load());
  launch();
  if (root.dataset.live === "yes") follow();
}

start();
