/** SCORM 1.2 (Run-Time Environment, CMI data model): spells what the recorder says in LMS calls. */

const CORE = "cmi.core.";
const PARENTS = 20;

/** Reading a window of another origin throws; that is not an error. */
function peek(window_, name) {
  try {
    return window_?.[name] ?? null;
  } catch {
    return null;
  }
}

function climb(from) {
  let at = from;
  for (let step = 0; at && step <= PARENTS; step++) {
    const api = peek(at, "API");
    if (api) return api;
    const parent = peek(at, "parent");
    if (parent === at) return null;
    at = parent;
  }
  return null;
}

/** The LMS's API object: in this window, its parents, its opener's, the top window's opener's. */
function findApi() {
  return climb(window) || climb(peek(window, "opener")) || climb(peek(peek(window, "top"), "opener"));
}

const pad = (number) => String(number).padStart(2, "0");

/** CMITimespan: HHHH:MM:SS.SS */
function timespan(seconds) {
  const hours = Math.min(9999, Math.floor(seconds / 3600));
  return `${String(hours).padStart(4, "0")}:${pad(Math.floor(seconds / 60) % 60)}:${pad(Math.floor(seconds) % 60)}.00`;
}

/** The eight calls of an adapter. Each that writes answers whether the LMS took it. */
export class Lms {
  #api = null;
  mode = "scorm12";
  limit = 4096;

  #call(name, ...values) {
    try {
      return String(this.#api[`LMS${name}`](...values) ?? "");
    } catch {
      return "throws";
    }
  }

  #error() {
    return parseInt(this.#call("GetLastError"), 10) || 0;
  }

  /** Some LMSs say "false" with error 0 for a call that worked: only a real error code counts. */
  #worked(result) {
    return result === "true" || (result !== "throws" && this.#error() === 0);
  }

  #get(name) {
    const value = this.#call("GetValue", name);
    return value === "throws" ? "" : value;
  }

  #set(name, value) {
    return this.#worked(this.#call("SetValue", name, String(value)));
  }

  /** True when the session has begun, false when the LMS refuses it, null while no LMS can be found. */
  open() {
    this.#api = findApi();
    if (!this.#api) return null;
    const begun = this.#call("Initialize", "") === "true" || (this.#error() === 0 && this.#get(`${CORE}lesson_status`) !== "");
    if (!begun) this.#api = null;
    return begun;
  }

  /** What the LMS holds; "" everywhere means that it does not say. Marks the session as one to resume. */
  state() {
    const status = this.#get(`${CORE}lesson_status`).toLowerCase();
    const readOnly = /^(browse|review)$/.test(this.#get(`${CORE}lesson_mode`)) || this.#get(`${CORE}credit`) === "no-credit";
    if (!readOnly) {
      if (["", "unknown", "not attempted", "browsed"].includes(status)) this.status("incomplete");
      this.#set(`${CORE}exit`, "suspend");
    }
    return {
      readOnly, status,
      learner: this.#get(`${CORE}student_id`), name: this.#get(`${CORE}student_name`), entry: this.#get(`${CORE}entry`),
      language: this.#get("cmi.student_preference.language"), score: parseInt(this.#get(`${CORE}score.raw`), 10) || 0,
      saved: this.#get("cmi.suspend_data"),
    };
  }

  save(place, text) {
    this.#set(`${CORE}lesson_location`, place);
    return this.#set("cmi.suspend_data", text);
  }

  score(raw) {
    const values = { min: 0, max: 100, raw };
    return Object.keys(values).every((name) => this.#set(`${CORE}score.${name}`, values[name]));
  }

  /** One interaction; an LMS that keeps none refuses its id, and then nothing more is said of it. */
  answer({ id, given, right, good, seconds, number, at }) {
    const index = parseInt(this.#get("cmi.interactions._count"), 10) || number - 1;
    const path = `cmi.interactions.${index}.`;
    if (!this.#set(`${path}id`, `${id}-${index + 1}`)) return false;
    this.#set(`${path}time`, [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":"));
    this.#set(`${path}type`, "choice");
    this.#set(`${path}correct_responses.0.pattern`, right.join(",").slice(0, 255));
    this.#set(`${path}student_response`, given.join(",").slice(0, 255));
    this.#set(`${path}latency`, timespan(seconds));
    return this.#set(`${path}result`, good ? "correct" : "wrong");
  }

  status(value) {
    return this.#set(`${CORE}lesson_status`, value);
  }

  commit(seconds) {
    this.#set(`${CORE}session_time`, timespan(seconds));
    return this.#worked(this.#call("Commit", ""));
  }

  /** `seconds` is null where nothing may be set: in a review. */
  end(seconds) {
    if (seconds !== null) this.#set(`${CORE}session_time`, timespan(seconds));
    return this.#worked(this.#call("Finish", ""));
  }
}
