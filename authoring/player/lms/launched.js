/** A record store that a launch names: the learner's state in its State resource, and statements (xAPI 1.0.3, part 3). */

const STATE = "learner-state";
// Characters, of up to three bytes each, that a page which goes away may still be sending (Fetch, 4.6: 64 KiB in all).
const KEPT_ALIVE = 20000;

/** What the address that opened the course says. */
export const launchQuery = () => Object.fromEntries(new URLSearchParams(location.search));

/** What makes a request that sends something, and outlives the page. */
export const sending = (method, value, body = JSON.stringify(value)) => ({
  method, body, keepalive: body.length < KEPT_ALIVE, headers: { "Content-Type": "application/json" },
});

/** `open` of an adapter: true when `begin` has come to a good end, false after a bad one, null until then. */
export function opening(begin) {
  let opened;
  return () => {
    if (opened === undefined) {
      opened = null;
      begin().catch((error) => console.warn(error)).then((begun) => { opened = Boolean(begun); });
    }
    return opened;
  };
}

/** The record store, for one learner, activity and registration. */
export class Launched {
  #base;
  #headers;
  #who;
  #chain = Promise.resolve();
  #leaving = false;

  /** @param {{endpoint: string, authorization: string, actor: object, activity: string, registration: string}} launch */
  constructor({ endpoint, authorization, actor, activity, registration }) {
    this.#base = endpoint.replace(/\/?$/, "/");
    this.#headers = { "X-Experience-API-Version": "1.0.3", ...(authorization && { Authorization: authorization }) };
    this.#who = { activityId: activity, agent: JSON.stringify(actor), ...(registration && { registration }) };
    addEventListener("pagehide", () => { this.#leaving = true; });
  }

  ask(resource, parameters, more = {}) {
    const query = parameters ? `?${new URLSearchParams(parameters)}` : "";
    return fetch(this.#base + resource + query, { credentials: "omit", cache: "no-store", ...more, headers: { ...this.#headers, ...more.headers } });
  }

  /** A State document, or null where there is none. Throws where the store cannot say. */
  async document(stateId = STATE) {
    const response = await this.ask("activities/state", { ...this.#who, stateId });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(stateId);
    return response.json();
  }

  /** Whether the page may be gone at any moment, so that nothing can wait for anything. */
  get leaving() {
    return this.#leaving || document.visibilityState === "hidden";
  }

  /** Keep the learner's state, one after another. @returns {Promise<boolean>} whether it was kept */
  keep(value) {
    const request = sending("PUT", value);
    const put = () => this.ask("activities/state", { ...this.#who, stateId: STATE }, request).then(({ ok }) => ok, () => false);
    this.#chain = this.leaving ? put() : this.#chain.then(put);
    return this.#chain;
  }
}
