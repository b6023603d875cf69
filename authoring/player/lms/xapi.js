/** xAPI launched in the way of Tin Can: who, and which record store, stand in the address. */

import { fromJson } from "../copies.js";
import { extras } from "../kinds.js";
import { Queue } from "../queue.js";
import { Statements, uuid } from "../statements.js";
import { telling } from "../telling.js";
import { Launched, launchQuery, opening } from "./launched.js";

/** Old systems give lists of one, and accounts with names of their own. */
function agentOf(text) {
  const given = Object.fromEntries(Object.entries(fromJson(text) || {}).map(([key, value]) => [key, [value].flat()[0]]));
  const { accountServiceHomePage: homePage, accountName, ...account } = given.account || {};
  return { ...given, objectType: "Agent", ...(given.account && { account: homePage ? { homePage, name: accountName } : account }) };
}

/** The calls of an adapter; what goes over the network answers with a promise. */
export class Lms {
  #outline;
  #query = launchQuery();
  #actor = agentOf(this.#query.actor);
  #store;
  #queue;
  #statements;
  #began = performance.now();
  mode = "xapi";
  limit = 64000;
  /** How long the course may be shown before it has to be said that nothing is recorded. */
  patience = 20000;
  open = opening(() => this.#begin());

  constructor(outline) {
    this.#outline = outline;
    extras.live = (parts) => this.#live(parts);
  }

  async #begin() {
    const { endpoint, auth: authorization, activity_id: activity = this.#outline.iri } = this.#query;
    if (!endpoint) return false;
    this.#store = new Launched({ ...this.#query, authorization, actor: this.#actor, activity });
    if (!this.#store.learner) return false;
    await this.#store.take();
    return true;
  }

  state() {
    const { status = "incomplete" } = this.#store.kept;
    return { ...this.#store.held(this.#query["Accept-Language"]), status };
  }

  save = (place, text) => this.#store.note({ text });
  score = (score) => this.#store.note({ score });

  /** The player says by itself what is completed, and of modules what is passed; here the course is. */
  status(verb) {
    const event = { verb, module: null, score: this.#store.kept.score ?? 100 };
    // The recorder tells the status of before as soon as it has started, and statements begin a moment later.
    if (!this.#statements) return false;
    if (verb !== "completed") this.#queue.add(this.#statements.happened(event, (performance.now() - this.#began) / 1000));
    return this.#store.note({ status: verb });
  }

  /** The player's own statements; where the launch gives no registration, the learner's state keeps one. */
  #live({ state, local }) {
    const { registration = state.registration || uuid(), grouping } = this.#query;
    const { learner, send } = this.#store;
    state.registration = registration;
    this.#queue = new Queue({ learner, registration, local, send });
    this.#statements = new Statements(this.#outline, { actor: this.#actor, registration, grouping });
    this.#queue.add(this.#statements.about("initialized"));
    return telling(this.#queue, this.#statements);
  }

  /** @returns {Promise<boolean>} whether the learner's state is with the record store */
  commit = () => this.#store.keep();
  end = () => true;
}
