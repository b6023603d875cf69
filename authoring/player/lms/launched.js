/** A record store that a launch names: the learner's state in its State resource, and statements (xAPI 1.0.3, part 3). */

import { Copies } from "../copies.js";
import { size } from "../queue.js";

const STATE = "learner-state";
// A request that is never answered must not hold up those behind it.
const ANSWER = 30000;
// Bytes of a state that a page which goes away may still be sending, beside statements.
const KEPT_ALIVE = 24000;

let gone = false;

/**
 * What the address that opened the course says. It may hold a key, and says who the learner is: it is taken out of the
 * address at once, and kept in this tab alone, for when the page is loaded anew.
 */
export function launchQuery() {
  // The first to hear of it, so that the player, which saves then, finds it said.
  addEventListener("pagehide", () => { gone = true; });
  const tab = new Copies("sessionStorage");
  const name = `ktb-launch:${location.pathname}`;
  const query = new URLSearchParams(location.search);
  if (query.has("endpoint")) {
    tab.set(name, query);
    history.replaceState(history.state, "", location.pathname + (query.has("doctor") ? "?doctor" : "") + location.hash);
  }
  return Object.fromEntries(new URLSearchParams(tab.get(name) || ""));
}

/** `open` of an adapter: true when `begin` has come to a good end, false after a bad one, null until then. */
export function opening(begin) {
  let opened = null;
  let beginning;
  return () => {
    beginning ||= begin().catch(console.warn).then((begun) => { opened = Boolean(begun); });
    return opened;
  };
}

/** The record store, for one learner, activity and registration. */
export class Launched {
  #base;
  #headers;
  #who;
  #actor;
  #chain = Promise.resolve();
  #tag;
  #entry;
  /** What is kept there: `text`, `score`, and what else the adapter notes. */
  kept;

  /** @param {{endpoint: string, authorization: string, actor: object, activity: string, registration: string}} launch */
  constructor({ endpoint, authorization, actor, activity, registration }) {
    this.#base = endpoint.replace(/\/?$/, "/");
    this.#headers = { "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json", ...(authorization && { Authorization: authorization }) };
    this.#actor = actor;
    this.#who = { activityId: activity, agent: JSON.stringify(actor), ...(registration && { registration }) };
  }

  /** Who the learner is to the store: "" where the launch does not say. */
  get learner() {
    const { account, mbox, mbox_sha1sum: hash, openid } = this.#actor;
    return `${account?.name || mbox || hash || openid || ""}`;
  }

  #ask(address, more, headers) {
    const common = { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout?.(ANSWER) };
    return fetch(this.#base + address, { ...common, ...more, headers: { ...this.#headers, ...headers } });
  }

  /** Statements, as a queue sends them. */
  send = (statements, leaving) => this.#ask("statements", { method: "POST", body: JSON.stringify(statements), keepalive: leaving });

  /** A document, or null where there is none. Throws where the store cannot say. */
  async document(address) {
    const response = await this.#ask(address);
    if (address === this.state(STATE)) this.#tag = response.headers.get("ETag");
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(address);
    return response.json();
  }

  /** The address of a document of the State resource. */
  state(stateId) {
    return `activities/state?${new URLSearchParams({ ...this.#who, stateId })}`;
  }

  /** Take up what is kept of the learner. */
  async take() {
    const kept = await this.document(this.state(STATE));
    this.#entry = kept ? "resume" : "ab-initio";
    this.kept = { ...kept };
  }

  /** What an adapter's `state` says of the learner, who speaks the first of some languages that the course has. */
  held(languages) {
    const { text, score } = this.kept;
    const language = /(?:^|,) *(cy|en)/i.exec(languages)?.[1];
    return { learner: this.learner, name: `${this.#actor.name || ""}`, entry: this.#entry, language, score: Number(score) || 0, saved: text };
  }

  note(news) {
    Object.assign(this.kept, news);
    return true;
  }

  /** Whether the page may be gone at any moment, so that nothing can wait for anything. */
  get leaving() {
    return gone || document.visibilityState === "hidden";
  }

  /** Keep the learner's state, one after another. @returns {Promise<boolean>} whether it was kept */
  keep() {
    const put = () => this.#put().catch(() => false);
    this.#chain = this.leaving ? put() : this.#chain.then(put);
    return this.#chain;
  }

  /** Nothing may land late over what is newer: where the state is not the one last seen, the newest is sent. */
  async #put() {
    const { leaving } = this;
    const body = JSON.stringify(this.kept);
    const tag = leaving ? "" : this.#tag;
    // A store may name versions and yet refuse to hear of them: the next time it is asked without.
    this.#tag = "";
    const put = { method: "PUT", body, keepalive: leaving && size(body) < KEPT_ALIVE };
    const response = await this.#ask(this.state(STATE), put, tag && { "If-Match": tag });
    if (tag && response.status === 412) return this.#put();
    this.#tag = response.headers.get("ETag");
    return response.ok;
  }
}
