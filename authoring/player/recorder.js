/** Keeps a session in the LMS and in the browser's copy: when to save, when to try again, when to end. */

import { Copies } from "./copies.js";
import { newer } from "./session.js";

const SOON = 300;
const TYPING = 600;
const DIRTY = 120000;
const LONGEST_PAUSE = 60;
// Long enough for the page to be drawn before an LMS that saves synchronously holds it up.
const PAINT = 30;
const FINAL = ["completed", "passed"];

/** Go on with an answer at once, or, where the LMS is across a network, when it has come. */
const once = (answer, on) => (answer instanceof Promise ? answer.then(on, () => on(false)) : on(answer));

/** The one place that knows the rules of saving; adapters only spell them. */
export class Recorder {
  #lms;
  #session;
  #course;
  #copies;
  #tell;
  #began = performance.now();
  #started = false;
  #ended = false;
  #said = true;
  #failures = 0;
  #soon = 0;
  #again = 0;
  #sent;
  #channel;
  #noted = 0;
  /** What the LMS said at the start. */
  held = {};
  /** Whether an LMS takes part. */
  recorded = false;
  dirty = false;
  /** Whether the browser lets us keep a copy that outlives the page. */
  kept = true;
  /** Keys of writing that the LMS could not take whole. */
  cut = [];

  /** `tell` hears "saved", "lost", "back", "other" when the course was opened elsewhere, and "cut" when `cut` has changed. */
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

  /** Seconds since the session began, by a clock that nobody sets. */
  get seconds() {
    return Math.floor((performance.now() - this.#began) / 1000);
  }

  /**
   * Read what the LMS (where one was `opened`) and the browser hold, and take up the newer of the two.
   * @returns {boolean} false where the LMS has nothing of what was done before
   */
  start(opened) {
    this.recorded = opened && this.#lms.mode !== "none";
    this.held = opened ? this.#lms.state() : {};
    this.#started = true;
    // What nobody's name is on must not be there for whoever comes next.
    if (this.recorded && !this.held.learner) this.#copies = new Copies("sessionStorage");
    const restored = this.#session.restore(newer(this.held.saved, this.#copy()));
    if (!restored && this.held.place) this.#session.place(this.held.place);
    this.#takeOver();
    setInterval(() => this.dirty && this.commit(), DIRTY);
    return restored || !this.held.place;
  }

  /** The browser's copy; an attempt of which the LMS has had something, and now has nothing, was begun anew. */
  #copy() {
    const ours = this.#copies.get(this.#name);
    if (!ours || this.held.entry !== "ab-initio" || !ours.includes('"k":1')) return ours;
    this.#copies.drop(this.#name);
    return null;
  }

  /** Something has changed: "typing" waits for the learner to stop, "now" for the next paint only. */
  changed(when = "soon") {
    if (!this.#started || this.#ended || this.held.readOnly) return;
    this.#session.state.rev += 1;
    this.dirty = true;
    this.#keep();
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.commit(), { soon: SOON, typing: TYPING, now: PAINT }[when]);
  }

  #keep() {
    this.kept = this.#copies.set(this.#name, this.#session.pack().text);
  }

  /** Of two windows that write each would undo the other's work: the one opened last writes, and the other says so. */
  #takeOver() {
    if (this.held.readOnly) return;
    try {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = () => {
        this.#stop(false);
        this.#tell("other");
      };
      this.#channel.postMessage(0);
    } catch {
      // A frame that may keep nothing may not speak with others either.
    }
  }

  /** Nothing is kept or said from here on; was it all `said`? */
  #stop(said = true) {
    this.#rest();
    this.#channel?.close();
    this.#ended = true;
    this.#said = said;
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
      if (this.#sent === undefined) this.#sent = this.held.score || null;
      // A score that is held already never falls.
      if ((this.#sent === null || raw > this.#sent) && this.#lms.score(raw)) this.#sent = raw;
    }
    this.#lms.progress?.(this.#session.progress());
    const status = this.#session.status();
    const { held } = this;
    if (status !== "incomplete" && status !== held.status && !FINAL.includes(held.status) && this.#lms.status(status)) held.status = status;
    return good;
  }

  /** An LMS may count bytes, of which a letter has up to three, or take less: then writing stays in the browser alone. */
  #handState() {
    const { at, writing } = this.#session.state;
    const { limit: most } = this.#lms;
    for (const limit of writing.size ? [most, most / 3, 0] : [most]) {
      const { text, cut } = this.#session.pack(limit);
      if (!this.#lms.save(at || "", text)) continue;
      const news = cut.join() !== this.cut.join();
      this.cut = cut;
      if (news) this.#tell("cut");
      return true;
    }
    return false;
  }

  /** What has changed since, on a slow way to the LMS, has a commit of its own to come. */
  #healed(rev) {
    const { state } = this.#session;
    this.dirty = this.dirty && rev !== state.rev;
    if (this.recorded && !state.kept) {
      state.kept = 1;
      this.#keep();
    }
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
    if (this.#ended) return this.#said;
    const open = this.#writes;
    const good = !this.dirty || this.commit();
    this.#stop();
    const ended = !this.recorded || this.#lms.end(open ? this.seconds : null);
    return once(ended, (over) => once(good, (kept) => this.#closed(over && kept, open)));
  }

  #closed(done, open) {
    if (done && open && !this.cut.length) this.#copies.drop(this.#name);
    return done;
  }

  /** Forget what this browser keeps of the course. */
  clear() {
    this.#stop();
    this.#copies.drop(this.#name);
  }
}
