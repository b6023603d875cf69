/** SCORM 2004, 3rd and 4th Edition (Run-Time Environment, data model): spells what the recorder says in LMS calls. */

import { Api, interactionType, rightIds, wanted } from "./api.js";

const ALREADY_BEGUN = 103;
const LONGEST_TEXT = 250;

/** timeinterval(second,10,2) */
const interval = (seconds) => `PT${Math.max(0, Math.floor(seconds))}S`;

/** A learner's answer, or the right one, in the form that the kind of question asks for. */
function response2004(question, given) {
  const text = (words) => words.replaceAll("[,]", ",").slice(0, LONGEST_TEXT);
  const forms = {
    "true-false": () => String(question.true === given[0]),
    match: () => given.map((pair) => pair.replace(".", "[.]")).join("[,]"),
    fill: () => given.map(text).join("[,]"),
    number: () => given[0].replace(",", "."),
  };
  return (forms[question.type] || (() => given.join("[,]")))();
}

/** The right answer, or null where there is none. */
function pattern2004(question) {
  if (question.type === "fill") return `{case_matters=false}{order_matters=true}${response2004(question, wanted(question))}`;
  if (question.number) return question.number.join("[:]");
  return question.type === "scale" ? null : response2004(question, rightIds(question));
}

/** The eight calls of an adapter, and progress. Each that writes answers whether the LMS took it. */
export class Lms {
  #api = new Api();
  #judged = true;
  #raw = null;
  mode = "scorm2004";
  limit = 64000;

  /** True when the session has begun, false when the LMS refuses it, null while no LMS can be found. */
  open() {
    if (!this.#api.find("API_1484_11")) return null;
    return this.#api.call("Initialize", "") === "true" || this.#api.error() === ALREADY_BEGUN;
  }

  /**
   * What the LMS holds; "" everywhere means that it does not say. The session is one to resume, finished or not: after
   * a normal exit the next launch would begin a new attempt, which has nothing and is not completed.
   */
  state() {
    const get = (name) => this.#api.get(`cmi.${name}`);
    const [completion, success] = [get("completion_status"), get("success_status")];
    const readOnly = /^(browse|review)$/.test(get("mode")) || get("credit") === "no-credit";
    // An LMS that knows the pass mark judges whatever score it has: it gets one only when there is something to judge.
    this.#judged = !get("scaled_passing_score") || ["passed", "failed"].includes(success);
    if (!readOnly) {
      if (["", "unknown", "not attempted"].includes(completion)) this.status("incomplete");
      this.#api.set("cmi.exit", "suspend");
    }
    const final = success === "passed" ? success : completion === "completed" ? completion : "";
    return {
      readOnly, status: final || (success === "failed" ? success : "incomplete"), learner: get("learner_id"),
      name: get("learner_name"), entry: get("entry"), language: get("learner_preference.language"),
      score: parseInt(get("score.raw"), 10) || 0, saved: get("suspend_data"),
    };
  }

  save(place, text) {
    if (place) this.#api.set("cmi.location", place);
    return this.#api.set("cmi.suspend_data", text);
  }

  score(raw) {
    this.#raw = raw;
    const good = this.#api.setAll("cmi.score.", { min: 0, max: 100, raw });
    return good && this.#scale();
  }

  #scale() {
    return !this.#judged || this.#raw === null || this.#api.set("cmi.score.scaled", this.#raw / 100);
  }

  /** How much is done, from 0 to 1. */
  progress(share) {
    this.#api.set("cmi.progress_measure", share);
  }

  /** One interaction; the id comes first and then the type, on which the forms of the others depend. */
  answer({ question, given, good, seconds, number, at }) {
    const index = parseInt(this.#api.get("cmi.interactions._count"), 10) || number - 1;
    const path = `cmi.interactions.${index}.`;
    if (!this.#api.set(`${path}id`, `${question.key}-${index + 1}`)) return false;
    const pattern = pattern2004(question);
    return this.#api.setAll(path, {
      // A time zone is only taken after a fraction of a second.
      type: interactionType(question), timestamp: `${at.toISOString().slice(0, 19)}.0Z`,
      ...(pattern !== null && { "correct_responses.0.pattern": pattern }), learner_response: response2004(question, given),
      latency: interval(seconds), result: good === null ? "neutral" : good ? "correct" : "incorrect",
    });
  }

  /** One word of the recorder is two here: how far, and how well. */
  status(value) {
    const success = value === "passed" || value === "failed" ? value : null;
    const finished = value === "passed" || value === "completed";
    if (success) this.#judged = true;
    const good = this.#api.set("cmi.completion_status", finished ? "completed" : "incomplete");
    return good && (!success || (this.#scale() && this.#api.set("cmi.success_status", success)));
  }

  commit(seconds) {
    this.#api.set("cmi.session_time", interval(seconds));
    return this.#api.worked("Commit", "");
  }

  /** `seconds` is null where nothing may be set: in a review. */
  end(seconds) {
    if (seconds !== null) this.#api.set("cmi.session_time", interval(seconds));
    return this.#api.worked("Terminate", "");
  }
}
