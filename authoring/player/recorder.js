/** Keeps a session in the LMS and in the browser's copy: when to save, when to try again, when to end. */

import { newer } from "./session.js";

const SOON = 300;
const TYPING = 600;
const DIRTY = 120000;
const LONGEST_PAUSE = 60;
// Long enough for the page to be drawn before an LMS that saves synchronously holds it up.
const PAINT = 30;
const FINAL = ["completed", "passed"];

/** Go on with an answer at once, or, where the LMS is across a network, when it has come. */
const once = (answer, on) => (answer instanceof Promise ? answer.then(on) : on(answer));

/** The one place that knows the rules of saving; adapters only spell them. */
export class Recorder {
  #lms;
  #session;
  #course;
  #copies;
  #tell;
  #began = Date.now();
  #started = false;
  #ended = false;
  #failures = 0;
  #soon = 0;
  #again = 0;
  #best = 0;
  #sent = null;
  #noted = 0;
  /** What the LMS said at the start. */
  held = {};
  /** Whether an LMS takes part. */
  recorded = false;
  dirty = false;
  /** Keys of writing that the LMS could not take whole. */
  cut = [];

  /** `tell` hears "saved", "lost", "back", and "cut" when `cut` has changed. */
  constructor({ lms, session, course, copies, tell }) {
    this.#lms = lms;
    this.#session = session;
    this.#course = course;
    this.#copies = copies;
    this.#tell = tell;
  }

  get #name() {
    return `ktb:${this.#course}:${this.held.learner || ""}`;
  }

  get #writes() {
    return this.recorded && !this.#ended && !this.held.readOnly;
  }

  /** Seconds since the session began. */
  get seconds() {
    return Math.max(0, Math.round((Date.now() - this.#began) / 1000));
  }

  /** Read what the LMS (where one was `opened`) and the browser hold, and take up the newer of the two. */
  start(opened) {
    this.recorded = opened && this.#lms.mode !== "none";
    this.held = opened ? this.#lms.state() : {};
    this.#started = true;
    if (this.held.entry === "ab-initio") this.#copies.drop(this.#name);
    this.#best = this.held.score || 0;
    this.#sent = this.held.score || null;
    this.#session.restore(newer(this.held.saved, this.#copies.get(this.#name)));
    if (this.#writes) this.commit();
    setInterval(() => this.dirty && this.commit(), DIRTY);
  }

  /** Something has changed: "typing" waits for the learner to stop, "now" for the next paint only. */
  changed(when = "soon") {
    if (!this.#started || this.#ended || this.held.readOnly) return;
    this.#session.state.rev += 1;
    this.dirty = true;
    this.#copies.set(this.#name, this.#session.pack().text);
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.commit(), { soon: SOON, typing: TYPING, now: PAINT }[when]);
  }

  /** Tell the LMS everything and have it stored. @returns {boolean | Promise<boolean>} whether it was */
  commit() {
    this.#rest();
    const { rev } = this.#session.state;
    const good = !this.#writes || (this.#hand() && this.#lms.commit(this.seconds));
    return once(good, (stored) => this.#committed(stored, rev));
  }

  #committed(good, rev) {
    if (this.#ended) return good;
    if (good) this.#healed(rev);
    else this.#failed();
    return good;
  }

  #rest() {
    clearTimeout(this.#soon);
    clearTimeout(this.#again);
  }

  #hand() {
    const good = this.#handState();
    const raw = this.#session.score();
    if (raw !== null && this.#session.state.answers.size) {
      this.#best = Math.max(this.#best, raw);
      if (this.#best !== this.#sent && this.#lms.score(this.#best)) this.#sent = this.#best;
    }
    this.#lms.progress?.(this.#session.progress());
    const status = this.#session.status();
    const final = FINAL.includes(this.held.status) || status === "incomplete";
    if (!final && status !== this.held.status && this.#lms.status(status)) this.held.status = status;
    return good;
  }

  /** An LMS may take less than the standard says: then the writing stays in the browser alone. */
  #handState() {
    const at = this.#session.state.at || "";
    const tried = [this.#lms.limit, ...(this.#session.state.writing.size ? [0] : [])];
    for (const limit of tried) {
      const { text, cut } = this.#session.pack(limit);
      if (!this.#lms.save(at, text)) continue;
      const news = cut.join() !== this.cut.join();
      this.cut = cut;
      if (news) this.#tell("cut");
      return true;
    }
    return false;
  }

  /** What has changed since, on a slow way to the LMS, has a commit of its own to come. */
  #healed(rev) {
    this.dirty = this.dirty && rev !== this.#session.state.rev;
    this.#tell(this.#failures > 1 ? "back" : "saved");
    this.#failures = 0;
  }

  #failed() {
    this.#failures += 1;
    this.#again = setTimeout(() => this.commit(), 1000 * Math.min(LONGEST_PAUSE, 2 ** Math.min(this.#failures, 6)));
    if (this.#failures === 2) this.#tell("lost");
  }

  /**
   * One answer, for an LMS that lists them. `question` has type, options, right, targets, blanks and number as in
   * course.json; `given` is a list: ids, of a match "option.target", of fill and number the texts; `good` is null
   * where there is nothing to be right about.
   */
  answered(question, good, seconds) {
    if (!this.#writes) return;
    this.#noted += 1;
    const { given } = this.#session.state.answers.get(question.key);
    this.#lms.answer?.({ id: question.key, question, given, right: question.right, good, seconds, number: this.#noted, at: new Date() });
  }

  /** End the session, once; nothing is said to the LMS after it. @returns {boolean | Promise<boolean>} whether it has all */
  end() {
    if (this.#ended) return true;
    const open = this.#writes;
    const good = !this.dirty || this.commit();
    this.#rest();
    this.#ended = true;
    const ended = !this.recorded || this.#lms.end(open ? this.seconds : null);
    return once(ended, (over) => once(good, (kept) => this.#closed(over && kept, open)));
  }

  #closed(done, open) {
    if (done && open && !this.cut.length) this.#copies.drop(this.#name);
    return done;
  }

  /** Forget what this browser keeps of the course. */
  clear() {
    this.#rest();
    this.#ended = true;
    this.#copies.drop(this.#name);
  }
}
