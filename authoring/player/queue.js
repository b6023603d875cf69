/** Sends statements to the record store when it can be reached, and keeps them until then. */

const MOST = 200;
const BYTES = 50000;
const AGE = 14 * 24 * 3600 * 1000;
const FIRST = 500;
const LONGEST = 60000;
// A request refused as a whole for one statement in it, and a session that is not wanted.
const WHOLE = [400, 409, 413];
const NEVER = [401, 403];
const PREFIX = "ktb-xapi:";

/** A queue for one learner and registration. */
export class Queue {
  #store;
  #pack;
  #who;
  #local;
  #tab;
  #access;
  #busy = false;
  #sending;
  #stopped = false;
  #renewed = false;
  #failures = 0;
  #most = MOST;
  #timer = 0;

  /**
   * @param {{store: string, pack: string, learner: string, registration: string, local: object, tab: object, access: object}} parts
   *   `store` is the record store's address, `pack` the public package id, `local` and `tab` are stores of texts that
   *   outlive the page and the tab; `access` stands for the first two where a launch gave an endpoint and its authorization
   */
  constructor({ store = "", pack, learner, registration, local, tab, access = null }) {
    this.#store = store.replace(/\/$/, "");
    this.#pack = pack;
    this.#who = { learner, registration };
    this.#local = local;
    this.#tab = tab;
    this.#access = access || readAccess(tab.get(this.#name));
    this.#renewed = Boolean(access);
  }

  get #name() {
    return `${PREFIX}${this.#who.registration}:${this.#who.learner}`;
  }

  /** The statements not yet sent; another tab may have changed them, so they are read each time. */
  get waiting() {
    return fresh(this.#local.get(this.#name));
  }

  #keep(statements) {
    if (statements.length) this.#local.set(this.#name, JSON.stringify(statements.slice(-MOST)));
    else this.#local.drop(this.#name);
  }

  /** Queue statements; their ids, times, actors and registrations are fixed from here on. */
  async add(statements, leaving = false) {
    this.#keep([...this.waiting, ...[statements].flat()]);
    if (leaving || !this.#failures) await this.flush(leaving);
  }

  /** Send what waits, and wait for what is being sent. `leaving` sends at once, in a request that outlives the page. */
  async flush(leaving = false) {
    const batch = this.#batch();
    if (this.#stopped || !batch.length || (leaving ? !this.#access : this.#busy)) return this.#sending;
    this.#busy = true;
    clearTimeout(this.#timer);
    this.#sending = this.#send(batch, leaving).catch(() => this.#fail());
    const rest = await this.#sending;
    this.#busy = false;
    if (!this.#stopped && this.waiting.length) this.#timer = setTimeout(() => this.flush(), rest);
  }

  /** As many as one request may carry. */
  #batch() {
    const batch = [];
    let bytes = 2;
    for (const one of this.waiting) {
      bytes += size(JSON.stringify(one)) + 1;
      if (batch.length && (bytes > BYTES || batch.length >= this.#most)) break;
      batch.push(one);
    }
    return batch;
  }

  /** @returns {Promise<number>} milliseconds to wait before the next request */
  async #send(batch, leaving) {
    const refusal = this.#access ? 0 : await this.#launch();
    if (refusal) return refusal;
    const { endpoint, token, authorization = `Bearer ${token}` } = this.#access;
    const headers = { "X-Experience-API-Version": "1.0.3", Authorization: authorization };
    return this.#answered(await post(`${endpoint.replace(/\/?$/, "/")}statements`, batch, headers, leaving), batch);
  }

  #answered(response, batch) {
    if (response.ok) return this.#sent(batch);
    if (WHOLE.includes(response.status)) return this.#halve(batch, response.status);
    if (response.status === 401 && !this.#renewed) return this.#renew();
    if (NEVER.includes(response.status)) return this.#stop(response.status);
    return this.#fail(response);
  }

  #sent(batch) {
    const gone = batch.map((one) => one.id);
    this.#failures = 0;
    this.#most = MOST;
    this.#keep(this.waiting.filter((one) => !gone.includes(one.id)));
    return 0;
  }

  /** One bad statement has the whole batch refused: halve it until the bad one is alone, and give that one up. */
  #halve(batch, status) {
    this.#most = Math.ceil(batch.length / 2);
    if (batch.length > 1) return 0;
    console.warn(`The record store refused a statement (${status}); it has been dropped.`, batch[0].id);
    return this.#sent(batch);
  }

  /** The token ran out: ask for another, once. */
  #renew() {
    this.#renewed = true;
    this.#access = null;
    this.#tab.drop(this.#name);
    return 0;
  }

  /** The store does not want us. Kept for the next session; the LMS has the result, so the learner is not troubled. */
  #stop(status) {
    this.#stopped = true;
    this.#tab?.drop(this.#name);
    console.warn(`The record store refused this session (${status}).`);
    return LONGEST;
  }

  #fail(response) {
    this.#failures += 1;
    return Math.max(after(response?.headers.get("Retry-After")), Math.min(LONGEST, FIRST * 2 ** (this.#failures - 1)));
  }

  /** Exchange the package id for a token. @returns {Promise<number>} 0, or how long to wait after a refusal */
  async #launch() {
    const response = await post(`${this.#store}/launch/packages/${this.#pack}`, this.#who);
    if (!response.ok) return response.status < 500 && response.status !== 429 ? this.#stop(response.status) : this.#fail(response);
    const text = await response.text();
    this.#access = readAccess(text);
    if (!this.#access) return this.#fail();
    this.#tab.set(this.#name, text);
    return 0;
  }

  /** A network has come back: do not wait out the pause. */
  retry() {
    this.#failures = 0;
    this.flush();
  }
}

const size = (text) => new TextEncoder().encode(text).length;

function post(address, body, headers = {}, keepalive = false) {
  const init = { method: "POST", credentials: "omit", keepalive, body: JSON.stringify(body) };
  return fetch(address, { ...init, headers: { "Content-Type": "application/json", ...headers } });
}

/** A token that can be used, or null; its text may come from another page of this origin. */
function readAccess(text) {
  try {
    const { endpoint, token, expires } = JSON.parse(text);
    return typeof endpoint === "string" && typeof token === "string" && !(Date.parse(expires) < Date.now()) ? { endpoint, token } : null;
  } catch {
    return null;
  }
}

/** The statements of a queue that are not too old to send. */
function fresh(text) {
  try {
    const statements = JSON.parse(text);
    return statements.filter((one) => one?.id && Date.parse(one.timestamp) > Date.now() - AGE);
  } catch {
    return [];
  }
}

/** Drop what nobody came back to send: queues of any learner in this browser that hold only old statements. */
export function sweep(local) {
  for (const name of local.names()) {
    if (name.startsWith(PREFIX) && !fresh(local.get(name)).length) local.drop(name);
  }
}

/** Retry-After in milliseconds: seconds or a date (RFC 9110, 10.2.3); 0 where there is none. */
function after(value) {
  const asked = Number(value) * 1000 || Date.parse(value) - Date.now();
  return asked > 0 ? asked : 0;
}
