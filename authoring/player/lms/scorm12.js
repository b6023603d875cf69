/** SCORM 1.2 (Run-Time Environment, CMI data model): spells what the recorder says in LMS calls. */

import { Api, interactionType, rightIds, wanted } from "./api.js";

const CORE = "cmi.core.";
const LONGEST_ANSWER = 255;

const pad = (number) => String(number).padStart(2, "0");

/** CMITimespan: HHHH:MM:SS.SS */
function timespan(seconds) {
  const hours = Math.min(9999, Math.floor(seconds / 3600));
  return `${String(hours).padStart(4, "0")}:${pad(Math.floor(seconds / 60) % 60)}:${pad(Math.floor(seconds) % 60)}.00`;
}

/** CMIFeedback: strict LMSs take one letter or digit for an option, so that the tenth is "a". */
function feedback12(question, given) {
  const letter = (id) => Number(id).toString(36);
  const forms = {
    "true-false": () => (question.true === given[0] ? "t" : "f"),
    match: () => given.map((pair) => pair.split(".").map(letter).join(".")).join(","),
    fill: () => given.join(","),
    number: () => given[0].replace(",", "."),
  };
  return (forms[question.type] || (() => given.map(letter).join(",")))().slice(0, LONGEST_ANSWER);
}

/** The right answer, or null where there is none or the standard has no form for it. */
function pattern12(question) {
  if (question.type === "fill") return feedback12(question, wanted(question));
  const [low, high] = question.number || [];
  if (low && low === high) return low;
  return question.type === "scale" || question.number ? null : feedback12(question, rightIds(question));
}

/** The eight calls of an adapter. Each that writes answers whether the LMS took it. */
export class Lms {
  #api = new Api("LMS");
  mode = "scorm12";
  limit = 4096;

  /** True when the session has begun, false when the LMS refuses it, null while no LMS can be found. */
  open() {
    const api = this.#api;
    if (!api.find("API")) return null;
    return api.call("Initialize", "") === "true" || (api.error() === 0 && api.get(`${CORE}lesson_status`) !== "");
  }

  /** What the LMS holds; "" everywhere means that it does not say. Marks the session as one to resume. */
  state() {
    const get = (name) => this.#api.get(CORE + name);
    const status = get("lesson_status").toLowerCase();
    const readOnly = /^(browse|review)$/.test(get("lesson_mode")) || get("credit") === "no-credit";
    if (!readOnly) {
      if (["", "unknown", "not attempted", "browsed"].includes(status)) this.status("incomplete");
      this.#api.set(`${CORE}exit`, "suspend");
    }
    return {
      readOnly, status, learner: get("student_id"), name: get("student_name"), entry: get("entry"),
      language: this.#api.get("cmi.student_preference.language"), score: parseInt(get("score.raw"), 10) || 0,
      saved: this.#api.get("cmi.suspend_data"),
    };
  }

  save(place, text) {
    this.#api.set(`${CORE}lesson_location`, place);
    return this.#api.set("cmi.suspend_data", text);
  }

  score(raw) {
    return this.#api.setAll(`${CORE}score.`, { min: 0, max: 100, raw });
  }

  /** One interaction; an LMS that keeps none refuses its id, and then nothing more is said of it. */
  answer({ question, given, good, seconds, number, at }) {
    const index = parseInt(this.#api.get("cmi.interactions._count"), 10) || number - 1;
    const path = `cmi.interactions.${index}.`;
    if (!this.#api.set(`${path}id`, `${question.key}-${index + 1}`)) return false;
    const pattern = pattern12(question);
    return this.#api.setAll(path, {
      time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":"), type: interactionType(question),
      ...(pattern !== null && { "correct_responses.0.pattern": pattern }), student_response: feedback12(question, given),
      latency: timespan(seconds), result: good === null ? "neutral" : good ? "correct" : "wrong",
    });
  }

  status(value) {
    return this.#api.set(`${CORE}lesson_status`, value);
  }

  commit(seconds) {
    this.#api.set(`${CORE}session_time`, timespan(seconds));
    return this.#api.worked("Commit", "");
  }

  /** `seconds` is null where nothing may be set: in a review. */
  end(seconds) {
    if (seconds !== null) this.#api.set(`${CORE}session_time`, timespan(seconds));
    return this.#api.worked("Finish", "");
  }
}
