/** xAPI launched in the way of Tin Can: who, and which record store, stand in the address. */

import { Copies } from "../copies.js";
import { extras } from "../kinds.js";
import { Queue } from "../queue.js";
import { Statements, uuid } from "../statements.js";
import { Launched, launchQuery, opening } from "./launched.js";

/** Old systems give lists of one, and accounts with names of their own. */
function agentOf(text) {
  const first = (value) => [value].flat()[0];
  const given = Object.fromEntries(Object.entries(JSON.parse(text)).map(([key, value]) => [key, first(value)]));
  const { accountServiceHomePage: homePage, accountName, ...account } = given.account || {};
  return { ...given, objectType: "Agent", ...(given.account && { account: homePage ? { homePage, name: accountName } : account }) };
}

/** The calls of an adapter; what goes over the network answers with a promise. */
export class Lms {
  #outline;
  #query = launchQuery();
  #actor;
  #store;
  #queue;
  #kept;
  #statements;
  #began = Date.now();
  mode = "xapi";
  limit = 64000;
  /** How long the course may be shown before it has to be said that nothing is recorded. */
  patience = 20000;
  open = opening(() => this.#begin());

  constructor(outline) {
    this.#outline = outline;
    extras.live = ({ state }) => this.#live(state);
  }

  async #begin() {
    const { endpoint, auth: authorization, actor, registration, activity_id: activity = this.#outline.iri } = this.#query;
    if (!endpoint || !actor) return false;
    this.#actor = agentOf(actor);
    this.#store = new Launched({ endpoint, authorization, actor: this.#actor, activity, registration });
    const kept = await this.#store.document();
    this.#kept = { status: "incomplete", ...kept, entry: kept ? "resume" : "ab-initio" };
    const parts = { learner: this.#learner, registration: registration || "", local: new Copies("localStorage") };
    this.#queue = new Queue({ access: { endpoint, authorization }, ...parts });
    return true;
  }

  get #learner() {
    const { account, mbox, mbox_sha1sum: hash, openid } = this.#actor;
    return account?.name || mbox || hash || openid;
  }

  state() {
    const { status, entry, text, score } = this.#kept;
    const { "Accept-Language": language } = this.#query;
    return { readOnly: false, status, learner: this.#learner, name: this.#actor.name || "", entry, language, score: score || 0, saved: text };
  }

  save(place, text) {
    this.#kept.text = text;
    return true;
  }

  score(raw) {
    this.#kept.score = raw;
    return true;
  }

  /** The player says by itself what is completed, and of modules what is passed; here the course is. */
  status(verb) {
    const event = { verb, module: null, score: this.#kept.score ?? 100 };
    // The recorder tells the status of before as soon as it has started, and statements begin a moment later.
    if (!this.#statements) return false;
    if (verb === "passed" || verb === "failed") this.#add(this.#statements.happened(event, (Date.now() - this.#began) / 1000));
    this.#kept.status = verb;
    return true;
  }

  /** The player's own statements; where the launch gives no registration, the learner's state keeps one. */
  #live(state) {
    state.registration = this.#query.registration || state.registration || uuid();
    this.#statements = new Statements(this.#outline, { registration: state.registration, language: () => document.documentElement.lang });
    this.#add(this.#statements.initialized());
    return {
      tell: (what, ...facts) => this.#add(this.#statements[what](...facts)),
      flush: (hidden) => (hidden ? this.#queue.flush(true) : this.#queue.retry()),
      end: (seconds) => this.#add(this.#statements.terminated(seconds), true),
    };
  }

  /** A statement with the actor and the grouping that the launch gave. */
  #add(statement, leaving) {
    const { grouping } = this.#query;
    if (grouping) statement.context.contextActivities.grouping.push({ objectType: "Activity", id: grouping });
    return this.#queue.add({ ...statement, actor: this.#actor }, leaving);
  }

  /** @returns {Promise<boolean>} whether the learner's state is with the record store */
  commit() {
    const { text, score, status } = this.#kept;
    return this.#store.keep({ text, score, status });
  }

  end() {
    return true;
  }
}
