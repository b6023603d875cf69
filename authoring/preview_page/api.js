/** A SCORM 1.2 run-time service (RTE 1.2, sections 3.3 and 3.4) that keeps its data model in a store it is given. */

const TIMESPAN = /^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/;
const IDENTIFIER = /^[\x21-\x7e]{1,255}$/;

const upTo = (limit) => (value) => value.length <= limit;
const oneOf = (...words) => (value) => words.includes(value);
const within = (low, high) => (value) => value === "" || (/^-?\d+(\.\d+)?$/.test(value) && value >= low && value <= high);
const matches = (pattern) => (value) => pattern.test(value);
const never = () => false;

const STATUS = ["passed", "completed", "failed", "incomplete", "browsed"];
const KINDS = ["true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"];
const RESULTS = ["correct", "wrong", "unanticipated", "neutral"];

/** Name of an element, with n for an index: whether it may be read and written, and which values it takes. */
const MODEL = {
  "cmi.core.student_id": ["r", never],
  "cmi.core.student_name": ["r", never],
  "cmi.core.lesson_location": ["rw", upTo(255)],
  "cmi.core.credit": ["r", never],
  "cmi.core.lesson_status": ["rw", oneOf(...STATUS)],
  "cmi.core.entry": ["r", never],
  "cmi.core.score.raw": ["rw", within(0, 100)],
  "cmi.core.score.max": ["rw", within(0, 100)],
  "cmi.core.score.min": ["rw", within(0, 100)],
  "cmi.core.total_time": ["r", never],
  "cmi.core.lesson_mode": ["r", never],
  "cmi.core.exit": ["w", oneOf("time-out", "suspend", "logout", "")],
  "cmi.core.session_time": ["w", matches(TIMESPAN)],
  "cmi.suspend_data": ["rw", upTo(4096)],
  "cmi.launch_data": ["r", never],
  "cmi.comments": ["rw", upTo(4096)],
  "cmi.comments_from_lms": ["r", never],
  "cmi.objectives.n.id": ["rw", matches(IDENTIFIER)],
  "cmi.objectives.n.score.raw": ["rw", within(0, 100)],
  "cmi.objectives.n.score.max": ["rw", within(0, 100)],
  "cmi.objectives.n.score.min": ["rw", within(0, 100)],
  "cmi.objectives.n.status": ["rw", oneOf(...STATUS, "not attempted")],
  "cmi.student_data.mastery_score": ["r", never],
  "cmi.student_data.max_time_allowed": ["r", never],
  "cmi.student_data.time_limit_action": ["r", never],
  "cmi.student_preference.audio": ["rw", within(-1, 100)],
  "cmi.student_preference.language": ["rw", upTo(255)],
  "cmi.student_preference.speed": ["rw", within(-100, 100)],
  "cmi.student_preference.text": ["rw", within(-1, 1)],
  "cmi.interactions.n.id": ["w", matches(IDENTIFIER)],
  "cmi.interactions.n.objectives.n.id": ["w", matches(IDENTIFIER)],
  "cmi.interactions.n.time": ["w", matches(TIME)],
  "cmi.interactions.n.type": ["w", oneOf(...KINDS)],
  "cmi.interactions.n.correct_responses.n.pattern": ["w", upTo(255)],
  "cmi.interactions.n.weighting": ["w", within(-100, 100)],
  "cmi.interactions.n.student_response": ["w", upTo(255)],
  "cmi.interactions.n.result": ["w", (value) => RESULTS.includes(value) || (value !== "" && within(-1e9, 1e9)(value))],
  "cmi.interactions.n.latency": ["w", matches(TIMESPAN)],
};

const COLLECTION = /^cmi\.(objectives|interactions)\.(\d+)\./;
const ERRORS = {
  0: "No error", 101: "General exception", 201: "Invalid argument", 202: "Element cannot have children",
  203: "Element not an array: it has no count", 301: "Not initialized", 401: "Not implemented",
  402: "Invalid set value, element is a keyword", 403: "Element is read only", 404: "Element is write only",
  405: "Incorrect data type",
};

/** Hundredths of a second in HHHH:MM:SS.SS */
function hundredths(span) {
  const [hours, minutes, seconds] = span.split(":");
  return Math.round((hours * 3600 + minutes * 60 + Number(seconds)) * 100);
}

function timespan(total) {
  const pad = (number, width) => String(number).padStart(width, "0");
  const hours = Math.min(9999, Math.floor(total / 360000));
  return `${pad(hours, 4)}:${pad(Math.floor(total / 6000) % 60, 2)}:${pad(Math.floor(total / 100) % 60, 2)}.${pad(total % 100, 2)}`;
}

/** The names directly below `path`, or null where it has none. */
function children(path) {
  const start = `${path}.`;
  const names = Object.keys(MODEL).filter((name) => name.startsWith(start));
  return names.length ? [...new Set(names.map((name) => name.slice(start.length).replace(/^n\./, "").split(".")[0]))].join(",") : null;
}

/**
 * The object an SCO looks for as `window.API`.
 *
 * `mode` is normal, browse or review. `load()` answers the data model as last kept, an object of element -> text; `keep(data)` keeps it, on LMSCommit and
 * LMSFinish and at no other time, so that a window that is killed loses what it did not commit; `log(call, values,
 * answer, error)` hears of every call.
 */
export function createApi({ learner, name, mode = "normal", language = "", load, keep, log }) {
  let data = {};
  let state = "new";
  let error = 0;

  const begin = () => {
    data = { ...load() };
    Object.assign(data, {
      "cmi.core.student_id": learner,
      "cmi.core.student_name": name,
      "cmi.core.credit": mode === "normal" ? "credit" : "no-credit",
      "cmi.core.lesson_mode": mode,
      "cmi.student_preference.language": data["cmi.student_preference.language"] ?? language,
      "cmi.core.lesson_status": data["cmi.core.lesson_status"] ?? "not attempted",
      "cmi.core.entry": data["cmi.core.lesson_status"] === undefined ? "ab-initio" : data["cmi.core.exit"] === "suspend" ? "resume" : "",
      "cmi.core.total_time": data["cmi.core.total_time"] ?? "0000:00:00.00",
      "cmi.core.exit": "",
    });
    delete data["cmi.core.session_time"];
  };

  const count = (path) => new Set(Object.keys(data).filter((key) => key.startsWith(`${path}.`)).map((key) => key.slice(path.length + 1).split(".")[0])).size;

  const fail = (code, answer) => {
    error = code;
    return answer;
  };

  const get = (element) => {
    if (state !== "open") return fail(301, "");
    if (element === "cmi._version") return "3.4";
    const keyword = /^(.*)\.(_children|_count)$/.exec(element);
    if (keyword) return aboutKeyword(keyword[1], keyword[2]);
    const known = MODEL[element.replace(/\.\d+(?=\.)/g, ".n")];
    if (!known) return fail(201, "");
    return known[0] === "w" ? fail(404, "") : (data[element] ?? "");
  };

  const aboutKeyword = (path, word) => {
    const pattern = path.replace(/\.\d+(?=\.|$)/g, ".n");
    const list = Object.keys(MODEL).some((key) => key.startsWith(`${pattern}.n.`));
    if (word === "_count") return list ? String(count(path)) : fail(203, "");
    return children(pattern) ?? fail(MODEL[pattern] ? 202 : 201, "");
  };

  const set = (element, value) => {
    if (state !== "open") return fail(301, "false");
    if (/\._(children|count|version)$/.test(element)) return fail(402, "false");
    const known = MODEL[element.replace(/\.\d+(?=\.)/g, ".n")];
    if (!known) return fail(201, "false");
    if (!known[0].includes("w")) return fail(403, "false");
    const inside = COLLECTION.exec(element);
    if (inside && Number(inside[2]) > count(`cmi.${inside[1]}`)) return fail(201, "false");
    if (!known[1](value)) return fail(405, "false");
    data[element] = element === "cmi.comments" ? `${data[element] ?? ""}${value}` : value;
    return "true";
  };

  const finish = () => {
    if (state !== "open") return fail(301, "false");
    if (data["cmi.core.lesson_status"] === "not attempted") data["cmi.core.lesson_status"] = "completed";
    const session = data["cmi.core.session_time"];
    if (session) data["cmi.core.total_time"] = timespan(hundredths(data["cmi.core.total_time"]) + hundredths(session));
    state = "closed";
    keep({ ...data });
    return "true";
  };

  const commit = () => {
    if (state !== "open") return fail(301, "false");
    keep({ ...data });
    return "true";
  };

  const initialize = () => {
    if (state !== "new") return fail(101, "false");
    state = "open";
    begin();
    return "true";
  };

  const empty = (act) => (value) => (value === "" ? act() : fail(201, "false"));
  const calls = {
    LMSInitialize: empty(initialize), LMSFinish: empty(finish), LMSCommit: empty(commit),
    LMSGetValue: (element) => get(String(element)), LMSSetValue: (element, value) => set(String(element), String(value)),
  };
  const api = {};
  for (const [call, act] of Object.entries(calls)) {
    api[call] = (...values) => {
      error = 0;
      const answer = act(...values);
      log(call, values.map(String), answer, error ? `${error} ${ERRORS[error]}` : "");
      return answer;
    };
  }
  api.LMSGetLastError = () => String(error);
  api.LMSGetErrorString = (code) => ERRORS[code] ?? "";
  api.LMSGetDiagnostic = (code) => ERRORS[code === "" ? error : code] ?? "";
  return api;
}
