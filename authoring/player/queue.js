/** Sends statements to the record store when it can be reached, and keeps them until then. */

import { fromJson } from "./copies.js";

const MOST = 200;
// With the learner's state, what a page that goes away may still be sending (Fetch, 4.6: 64 KiB in all).
const BYTES = 40000;
const AGE = 14 * 24 * 3600 * 1000;
const FIRST = 500;
const LONGEST = 60000;
const LONGEST_ASKED = 3600000;
// A request refused as a whole for one statement in it, and a session that is not wanted.
const WHOLE = [400, 409, 413];
const NEVER = [401, 403];
const PREFIX = "ktb-xapi:";
const ID = 36;

/** A queue for one learner and registration; each statement has a place of its own, so that no other tab's is lost. */
export class Queue {
  #name;
  #local;
  #send;
  #busy = false;
  #sending;
  #stopped = false;
  #failures = 0;
  #most = MOST;
  #timer = 0;
  /** How many statements were given up. */
  dropped = 0;

  /**
   * @param {{learner: string, registration: string, local: Copies, send: function}} parts `local` keeps texts by name;
   *   `send(statements, leaving)` posts them and resolves to the response
   */
  constructor({ learner, registration, local, send }) {
    this.#name = `${PREFIX}${registration}:${learner}:`;
    this.#local = local;
    this.#send = send;
    // What nobody came back to send, whoever's it was, and what is no statement.
    for (const name of local.names()) if (name.startsWith(PREFIX) && !fresh(local, name)) local.drop(name);
  }

  /** The statements not yet taken, oldest first; another tab may have changed them, so they are read each time. */
  get waiting() {
    const mine = this.#local.names().map((name) => name.slice(0, -ID) === this.#name && fresh(this.#local, name));
    return mine.filter(Boolean).sort((one, other) => time(one) - time(other));
  }

  /** Queue statements; their ids, times, actors and registrations are fixed from here on. */
  add(statements, leaving) {
    for (const one of [statements].flat()) this.#local.set(this.#name + one.id, JSON.stringify(one));
    this.#giveUp(this.waiting.slice(0, -MOST));
    return this.flush(leaving);
  }

  #drop(statements) {
    for (const { id } of statements) this.#local.drop(this.#name + id);
  }

  #giveUp(statements) {
    this.dropped += statements.length;
    this.#drop(statements);
  }

  /**
   * Send what waits, unless a pause has to be waited out, and wait for what is being sent. `leaving` sends at once, in
   * a request that outlives the page.
   */
  flush(leaving = false) {
    if (!this.#stopped && (leaving || !(this.#busy || this.#timer))) this.#sending = this.#sendAll(leaving);
    return this.#sending;
  }

  async #sendAll(leaving) {
    let pause = 0;
    this.#busy = true;
    for (let batch = this.#batch(); batch.length && !pause; batch = this.#batch()) pause = await this.#post(batch, leaving);
    this.#busy = false;
    clearTimeout(this.#timer);
    this.#timer = pause && !this.#stopped ? setTimeout(() => this.retry(), pause) : 0;
  }

  /** Send what waits and do not wait out the pause: a network has come back, or the page is `hidden`. */
  retry(hidden = false) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    return this.flush(hidden);
  }

  /** As many as one request may carry. */
  #batch() {
    let bytes = 2;
    const fits = (one, at) => (bytes += size(JSON.stringify(one)) + 1) <= BYTES && at < this.#most;
    return this.waiting.filter((one, at) => fits(one, at) || !at);
  }

  /** @returns {Promise<number>} milliseconds to wait before the next request, 0 for none */
  async #post(batch, leaving) {
    const { ok, status, headers } = await this.#send(batch, leaving).catch(() => ({}));
    const refused = WHOLE.includes(status);
    // The store does not want us. Kept for the next session; the LMS has the result, so the learner is not troubled.
    this.#stopped = NEVER.includes(status);
    if (this.#stopped || refused) console.warn("Record store:", status, batch[0].id);
    if (!ok && !refused) return this.#pause(headers?.get("Retry-After"));
    this.#failures = 0;
    if (ok) this.#drop(batch);
    else if (!batch[1]) this.#giveUp(batch);
    // One bad statement has the whole batch refused: halve it until the bad one is alone.
    this.#most = ok ? Math.min(MOST, this.#most * 2) : Math.ceil(batch.length / 2);
    return 0;
  }

  /** Longer each time, or as long as the store asks for: seconds or a date (RFC 9110, 10.2.3). */
  #pause(asked) {
    const wished = Number(asked) * 1000 || Date.parse(asked) - Date.now() || 0;
    this.#failures += 1;
    return Math.min(LONGEST_ASKED, Math.max(wished, Math.min(LONGEST, FIRST * 2 ** (this.#failures - 1))));
  }
}

export const size = (text) => new TextEncoder().encode(text).length;

const time = ({ timestamp }) => Date.parse(timestamp);

/** The time by a clock that nobody sets while the page is open. */
const now = () => performance.timeOrigin + performance.now();

/** The statement kept under a name that ends with its id, or null: what is kept may be old, or another's or made up. */
function fresh(local, name) {
  const one = fromJson(local.get(name));
  return one?.id === name.slice(-ID) && now() - time(one) < AGE ? one : null;
}
