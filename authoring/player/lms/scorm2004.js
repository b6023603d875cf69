/** SCORM 2004, 3rd and 4th Edition (Run-Time Environment, data model): spells what the recorder says in LMS calls. */

import { extras } from "../kinds.js";
import { Api } from "./api.js";

const ALREADY_BEGUN = 103;

/** timeinterval(second,10,2) */
const interval = (seconds) => `PT${Math.max(0, Math.floor(seconds))}S`;

/** The eight calls of an adapter, and progress. Each that writes answers whether the LMS took it. */
export class Lms {
  #api = new Api();
  #judged = false;
  #raw = null;
  #share;
  mode = "scorm2004";
  limit = 64000;

  /** True when the session has begun, false when the LMS refuses it, null while no LMS can be found. */
  open() {
    return this.#api.find("API_1484_11") ? this.#api.begin(ALREADY_BEGUN, "cmi.completion_status") : null;
  }

  /**
   * What the LMS holds; "" everywhere means that it does not say. The session is one to resume, finished or not: after
   * a normal exit the next launch would begin a new attempt, which has nothing and is not completed. Every call may
   * take its time, so what is not needed at once is asked for when it is.
   */
  state() {
    const get = (name) => this.#api.get(`cmi.${name}`);
    const completion = get("completion_status");
    const fresh = ["", "unknown", "not attempted"].includes(completion);
    // Nobody has passed what nobody has begun.
    const success = fresh ? "" : get("success_status");
    const readOnly = /^(browse|review)$/.test(get("mode")) || get("credit") === "no-credit";
    if (!readOnly) {
      if (fresh) this.status("incomplete");
      this.#api.set("cmi.exit", "suspend");
    }
    const final = success === "passed" ? success : completion === "completed" ? completion : "";
    const score = () => {
      // An LMS that knows the pass mark judges whatever score it has: it gets one only when there is something to judge.
      this.#judged ||= ["passed", "failed"].includes(success) || !get("scaled_passing_score");
      return (this.#raw = this.#api.score("cmi.score.raw"));
    };
    return {
      readOnly, status: final || (success === "failed" ? success : "incomplete"), learner: get("learner_id"), saved: get("suspend_data"),
      get place() { return fresh ? "" : get("location"); },
      get name() { return get("learner_name"); },
      get entry() { return get("entry"); },
      get language() { return get("learner_preference.language"); },
      get score() { return score(); },
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

  /** How much is done, from 0 to 1, where that is news. The first commit, while the course opens, goes without it. */
  progress(share) {
    const opening = this.#share === undefined && share < 1;
    if (!opening && share !== this.#share) this.#api.set("cmi.progress_measure", share);
    this.#share = opening ? null : share;
  }

  /** One answer, as the recorder tells of it, where the course has them noted. */
  answer(told) {
    return extras.note?.(this.#api, told, interval(told.seconds));
  }

  /** One word of the recorder is two here: how far, and how well. */
  status(value) {
    const success = value === "passed" || value === "failed" ? value : null;
    const finished = value === "passed" || value === "completed";
    if (success) this.#judged = true;
    const good = this.#api.set("cmi.completion_status", finished ? "completed" : "incomplete");
    return good && (!success || (this.#scale() && this.#api.set("cmi.success_status", success)));
  }

  /** A session in which no second has passed yet has no time to tell. */
  commit(seconds) {
    if (seconds) this.#api.set("cmi.session_time", interval(seconds));
    return this.#api.worked("Commit", "");
  }

  /** `seconds` is null where nothing may be set: in a review. */
  end(seconds) {
    if (seconds !== null) this.#api.set("cmi.session_time", interval(seconds));
    return this.#api.worked("Terminate", "");
  }
}
