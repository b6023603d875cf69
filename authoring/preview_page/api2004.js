/** A SCORM 2004 run-time service (RTE 4th Edition, sections 3.1 and 4.2) that keeps its data model in a store it is given. */

const upTo = (limit) => (value) => (value.length <= limit ? 0 : 406);
const oneOf = (...words) => (value) => (words.includes(value) ? 0 : 406);
const matches = (pattern) => (value) => (pattern.test(value) ? 0 : 406);
const within = (low, high) => (value) => (/^-?\d+(\.\d+)?$/.test(value) ? (value >= low && value <= high ? 0 : 407) : 406);
const never = () => 404;

const INTERVAL = /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/;
const TIME = /^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,2})?)?)?(Z|[+-]\d\d(:\d\d)?)?)?)?)?$/;
const ID = (value) => (value.length > 0 && value.length <= 4000 && !/\s/.test(value) ? 0 : 406);
const KINDS = ["true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric", "other"];
const RESULTS = ["correct", "incorrect", "unanticipated", "neutral"];
const COMPLETION = oneOf("completed", "incomplete", "not attempted", "unknown");
const SUCCESS = oneOf("passed", "failed", "unknown");
const ANY = within(-1e9, 1e9);

/** Name of an element, with n for an index: whether it may be read and written, and the error that a value makes. */
const MODEL = {
  "cmi.comments_from_learner.n.comment": ["rw", upTo(4000)],
  "cmi.comments_from_learner.n.location": ["rw", upTo(250)],
  "cmi.comments_from_learner.n.timestamp": ["rw", matches(TIME)],
  "cmi.comments_from_lms.n.comment": ["r", never],
  "cmi.comments_from_lms.n.location": ["r", never],
  "cmi.comments_from_lms.n.timestamp": ["r", never],
  "cmi.completion_status": ["rw", COMPLETION],
  "cmi.completion_threshold": ["r", never],
  "cmi.credit": ["r", never],
  "cmi.entry": ["r", never],
  "cmi.exit": ["w", oneOf("time-out", "suspend", "logout", "normal", "")],
  "cmi.interactions.n.id": ["rw", ID],
  "cmi.interactions.n.type": ["rw", oneOf(...KINDS)],
  "cmi.interactions.n.objectives.n.id": ["rw", ID],
  "cmi.interactions.n.timestamp": ["rw", matches(TIME)],
  "cmi.interactions.n.correct_responses.n.pattern": ["rw", upTo(4000)],
  "cmi.interactions.n.weighting": ["rw", ANY],
  "cmi.interactions.n.learner_response": ["rw", upTo(4000)],
  "cmi.interactions.n.result": ["rw", (value) => (RESULTS.includes(value) ? 0 : ANY(value))],
  "cmi.interactions.n.latency": ["rw", matches(INTERVAL)],
  "cmi.interactions.n.description": ["rw", upTo(250)],
  "cmi.launch_data": ["r", never],
  "cmi.learner_id": ["r", never],
  "cmi.learner_name": ["r", never],
  "cmi.learner_preference.audio_level": ["rw", within(0, 1e9)],
  "cmi.learner_preference.language": ["rw", upTo(250)],
  "cmi.learner_preference.delivery_speed": ["rw", within(0, 1e9)],
  "cmi.learner_preference.audio_captioning": ["rw", oneOf("-1", "0", "1")],
  "cmi.location": ["rw", upTo(1000)],
  "cmi.max_time_allowed": ["r", never],
  "cmi.mode": ["r", never],
  "cmi.objectives.n.id": ["rw", ID],
  "cmi.objectives.n.score.scaled": ["rw", within(-1, 1)],
  "cmi.objectives.n.score.raw": ["rw", ANY],
  "cmi.objectives.n.score.min": ["rw", ANY],
  "cmi.objectives.n.score.max": ["rw", ANY],
  "cmi.objectives.n.success_status": ["rw", SUCCESS],
  "cmi.objectives.n.completion_status": ["rw", COMPLETION],
  "cmi.objectives.n.progress_measure": ["rw", within(0, 1)],
  "cmi.objectives.n.description": ["rw", upTo(250)],
  "cmi.progress_measure": ["rw", within(0, 1)],
  "cmi.scaled_passing_score": ["r", never],
  "cmi.score.scaled": ["rw", within(-1, 1)],
  "cmi.score.raw": ["rw", ANY],
  "cmi.score.min": ["rw", ANY],
  "cmi.score.max": ["rw", ANY],
  "cmi.session_time": ["w", matches(INTERVAL)],
  "cmi.success_status": ["rw", SUCCESS],
  "cmi.suspend_data": ["rw", upTo(64000)],
  "cmi.time_limit_action": ["r", never],
  "cmi.total_time": ["r", never],
  "adl.nav.request": ["rw", matches(/^(continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_|\{target=[^}]+\}(choice|jump))$/)],
  "adl.nav.request_valid.continue": ["r", never],
  "adl.nav.request_valid.previous": ["r", never],
};

const COLLECTION = /^cmi\.(objectives|interactions|comments_from_learner)\.(\d+)\.(.+)$/;
const ERRORS = {
  0: "No error", 102: "General initialization failure", 103: "Already initialized", 104: "Content instance terminated",
  112: "Termination before initialization", 113: "Termination after termination", 122: "Retrieve data before initialization",
  123: "Retrieve data after termination", 132: "Store data before initialization", 133: "Store data after termination",
  142: "Commit before initialization", 143: "Commit after termination", 201: "General argument error",
  301: "General get failure", 351: "General set failure", 401: "Undefined data model element",
  403: "Data model element value not initialized", 404: "Data model element is read only",
  405: "Data model element is write only", 406: "Data model element type mismatch",
  407: "Data model element value out of range", 408: "Data model dependency not established",
};

/** Seconds of a timeinterval; years and months count as in the Gregorian mean. */
function seconds(span) {
  const [, years, months, days, , hours, minutes, rest] = INTERVAL.exec(span) ?? [];
  const all = [[years, 31556952], [months, 2629746], [days, 86400], [hours, 3600], [minutes, 60], [rest, 1]];
  return all.reduce((sum, [value, each]) => sum + (parseFloat(value) || 0) * each, 0);
}

const generic = (element) => element.replace(/\.\d+(?=\.|$)/g, ".n");

/** The names directly below `path`, or null where it has none. */
function children(path) {
  const start = `${path}.`;
  const names = Object.keys(MODEL).filter((name) => name.startsWith(start));
  return names.length ? [...new Set(names.map((name) => name.slice(start.length).replace(/^n\./, "").split(".")[0]))].join(",") : null;
}

/** One session of one SCO; each call answers as the API does and leaves its error code in `error`. */
class Session2004 {
  #parts;
  #data = {};
  #state = "new";
  error = 0;

  constructor(parts) {
    this.#parts = parts;
  }

  #fail(code, answer) {
    this.error = code;
    return answer;
  }

  /** The error of a call outside a session: one before it, another after it. */
  #closed(before, after, answer) {
    return this.#fail(this.#state === "new" ? before : after, answer);
  }

  #begin() {
    const { learner, name, mode, language, load } = this.#parts;
    const held = load();
    const resumed = held["cmi.exit"] === "suspend" || mode === "review";
    this.#data = {
      "cmi.completion_status": "unknown", "cmi.success_status": "unknown", "cmi.total_time": "PT0S",
      "cmi.learner_preference.language": language === "cy" ? "cy" : "en-GB",
      ...(resumed ? held : {}),
      "cmi.learner_id": learner, "cmi.learner_name": name, "cmi.mode": mode, "cmi.credit": mode === "normal" ? "credit" : "no-credit",
      "cmi.entry": resumed ? "resume" : "ab-initio", "cmi.launch_data": "", "cmi.exit": "", "adl.nav.request": "_none_",
      "adl.nav.request_valid.continue": "false", "adl.nav.request_valid.previous": "false",
    };
    delete this.#data["cmi.session_time"];
  }

  /** How many members a list has. */
  #count(path) {
    const own = Object.keys(this.#data).filter((key) => key.startsWith(`${path}.`));
    return new Set(own.map((key) => key.slice(path.length + 1).split(".")[0])).size;
  }

  #aboutKeyword(path, word) {
    const pattern = generic(path);
    const list = Object.keys(MODEL).some((key) => key.startsWith(`${pattern}.n.`));
    const answer = word === "_count" ? list && String(this.#count(path)) : children(pattern);
    return answer || this.#fail(MODEL[pattern] ? 301 : 401, "");
  }

  get(element) {
    if (this.#state !== "open") return this.#closed(122, 123, "");
    if (element === "") return this.#fail(301, "");
    if (element === "cmi._version") return "1.0";
    const keyword = /^(.*)\.(_children|_count)$/.exec(element);
    if (keyword) return this.#aboutKeyword(keyword[1], keyword[2]);
    const known = MODEL[generic(element)];
    if (!known) return this.#fail(401, "");
    if (known[0] === "w") return this.#fail(405, "");
    const inside = COLLECTION.exec(element);
    if (inside && Number(inside[2]) >= this.#count(`cmi.${inside[1]}`)) return this.#fail(301, "");
    return this.#data[element] ?? this.#fail(403, "");
  }

  /** The error of setting a member of a list: in order, and its id before anything that depends on it. */
  #listed(element) {
    const [, list, index, rest] = COLLECTION.exec(element) ?? [];
    if (!list) return 0;
    const path = `cmi.${list}.${index}`;
    if (Number(index) > this.#count(`cmi.${list}`)) return 351;
    if (list !== "comments_from_learner" && rest !== "id" && this.#data[`${path}.id`] === undefined) return 408;
    const typed = /^(learner_response|correct_responses\.)/.test(rest);
    return typed && this.#data[`${path}.type`] === undefined ? 408 : 0;
  }

  set(element, value) {
    if (this.#state !== "open") return this.#closed(132, 133, "false");
    if (element === "") return this.#fail(351, "false");
    if (/\._(children|count|version)$/.test(element)) return this.#fail(404, "false");
    const known = MODEL[generic(element)];
    if (!known) return this.#fail(401, "false");
    const wrong = (known[0].includes("w") ? 0 : 404) || this.#listed(element) || known[1](value);
    if (wrong) return this.#fail(wrong, "false");
    this.#data[element] = value;
    return "true";
  }

  initialize() {
    if (this.#state !== "new") return this.#fail(this.#state === "open" ? 103 : 104, "false");
    this.#state = "open";
    this.#begin();
    return "true";
  }

  commit() {
    if (this.#state !== "open") return this.#closed(142, 143, "false");
    this.#parts.keep({ ...this.#data });
    return "true";
  }

  terminate() {
    if (this.#state !== "open") return this.#closed(112, 113, "false");
    const session = this.#data["cmi.session_time"];
    if (session) this.#data["cmi.total_time"] = `PT${seconds(this.#data["cmi.total_time"]) + seconds(session)}S`;
    this.#state = "closed";
    this.#parts.keep({ ...this.#data });
    return "true";
  }

  /** A call that takes an empty text and nothing else. */
  bare(act) {
    return (value) => (value === "" ? act.call(this) : this.#fail(201, "false"));
  }
}

/**
 * The object an SCO looks for as `window.API_1484_11`.
 *
 * The parameters are those of `createApi`; `mode` is normal, browse or review. An attempt that was not suspended is
 * over: the next begins with nothing.
 */
export function createApi2004(parts) {
  const session = new Session2004(parts);
  const calls = {
    Initialize: session.bare(session.initialize), Terminate: session.bare(session.terminate), Commit: session.bare(session.commit),
    GetValue: (element) => session.get(String(element)), SetValue: (element, value) => session.set(String(element), String(value)),
  };
  const api = {};
  for (const [call, act] of Object.entries(calls)) {
    api[call] = (...values) => {
      session.error = 0;
      const answer = act(...values);
      parts.log(call, values.map(String), answer, session.error ? `${session.error} ${ERRORS[session.error]}` : "");
      return answer;
    };
  }
  api.GetLastError = () => String(session.error);
  api.GetErrorString = (code) => ERRORS[code] ?? "";
  api.GetDiagnostic = (code) => ERRORS[code === "" ? session.error : code] ?? "";
  return api;
}
