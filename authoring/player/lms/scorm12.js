/** SCORM 1.2 (Run-Time Environment, CMI data model): spells what the recorder says in LMS calls. */

import { extras } from "../kinds.js";
import { Api } from "./api.js";

const CORE = "cmi.core.";

const pad = (number) => String(number).padStart(2, "0");

/** CMITimespan: HHHH:MM:SS.SS */
function timespan(seconds) {
  const hours = Math.min(9999, Math.floor(seconds / 3600));
  return `${String(hours).padStart(4, "0")}:${pad(Math.floor(seconds / 60) % 60)}:${pad(Math.floor(seconds) % 60)}.00`;
}

/** The eight calls of an adapter. Each that writes answers whether the LMS took it. */
export class Lms {
  #api = new Api("LMS");
  mode = "scorm12";
  limit = 4096;

  /** True when the session has begun, false when the LMS refuses it, null while no LMS can be found. */
  open() {
    return this.#api.find("API") ? this.#api.begin(null, `${CORE}lesson_status`) : null;
  }

  /**
   * What the LMS holds; "" everywhere means that it does not say. Marks the session as one to resume. Every call may
   * take its time, so what is not needed at once is asked for when it is.
   */
  state() {
    const get = (name) => this.#api.get(CORE + name);
    const status = get("lesson_status").toLowerCase();
    const fresh = ["", "unknown", "not attempted", "browsed"].includes(status);
    const readOnly = /^(browse|review)$/.test(get("lesson_mode")) || get("credit") === "no-credit";
    if (!readOnly) {
      if (fresh) this.status("incomplete");
      this.#api.set(`${CORE}exit`, "suspend");
    }
    const api = this.#api;
    return {
      readOnly, status, learner: get("student_id"), saved: api.get("cmi.suspend_data"),
      get place() { return fresh ? "" : get("lesson_location"); },
      get name() { return get("student_name"); },
      get entry() { return get("entry"); },
      get language() { return api.get("cmi.student_preference.language"); },
      get score() { return api.score(`${CORE}score.raw`); },
    };
  }

  save(place, text) {
    this.#api.set(`${CORE}lesson_location`, place);
    return this.#api.set("cmi.suspend_data", text);
  }

  score(raw) {
    return this.#api.setAll(`${CORE}score.`, { min: 0, max: 100, raw });
  }

  /** One answer, as the recorder tells of it, where the course has them noted. */
  answer(told) {
    return extras.note?.(this.#api, told, timespan(told.seconds));
  }

  status(value) {
    return this.#api.set(`${CORE}lesson_status`, value);
  }

  /** A session in which no second has passed yet has no time to tell. */
  commit(seconds) {
    if (seconds) this.#api.set(`${CORE}session_time`, timespan(seconds));
    return this.#api.worked("Commit", "");
  }

  /** `seconds` is null where nothing may be set: in a review. */
  end(seconds) {
    if (seconds !== null) this.#api.set(`${CORE}session_time`, timespan(seconds));
    return this.#api.worked("Finish", "");
  }
}
