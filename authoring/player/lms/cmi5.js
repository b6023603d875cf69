/** cmi5 (Quartz): a session as an LMS launches it, told in statements whose order and number the standard fixes. */

import { Copies } from "../copies.js";
import { extras } from "../kinds.js";
import { Statements, uuid } from "../statements.js";
import { Launched, launchQuery, opening, sending } from "./launched.js";
import { Outbox } from "./outbox.js";

const VERBS = "http://adlnet.gov/expapi/verbs/";
const CMI5 = "https://w3id.org/xapi/cmi5/context/";
const category = (name) => ({ objectType: "Activity", id: `${CMI5}categories/${name}` });

/** The first language of a list that the course has. */
const spoken = (list = "") => list.split(",").map((one) => one.trim()).find((one) => /^(cy|en)\b/i.test(one));

/** The calls of an adapter; what goes over the network answers with a promise. */
export class Lms {
  #outline;
  #query = launchQuery();
  #tab = new Copies("sessionStorage");
  #store;
  #queue;
  #launch;
  #kept;
  #sent = new Map();
  #failed = false;
  #began = Date.now();
  mode = "cmi5";
  limit = 64000;
  /** How long the course may be shown before it has to be said that nothing is recorded. */
  patience = 20000;
  /** Where to go when the session is over. */
  back = null;
  open = opening(() => this.#begin());

  constructor(outline) {
    this.#outline = outline;
    extras.live = () => this.#live();
  }

  get #name() {
    return `ktb-cmi5:${this.#query.fetch}`;
  }

  /** Section 8.2 and 10: the token, what the LMS wants, what the learner prefers, and where they were. */
  async #begin() {
    const { endpoint, fetch: tokens, actor, registration, activityId } = this.#query;
    if (![endpoint, tokens, actor, registration, activityId].every(Boolean)) return false;
    const session = JSON.parse(this.#tab.get(this.#name)) || { token: await fetchToken(tokens) };
    // The session was ended, and this page loaded anew: only the LMS can begin another.
    if (session.over) return session.back && location.replace(session.back);
    if (!session.token) return false;
    this.#query.actor = JSON.parse(actor);
    const authorization = `Basic ${session.token}`;
    this.#store = new Launched({ endpoint, authorization, actor: this.#query.actor, activity: activityId, registration });
    this.#tab.set(this.#name, JSON.stringify(session));
    const [launch, preferences, kept] = await Promise.all([
      this.#store.document("LMS.LaunchData"), this.#preferences().catch(() => ({})), this.#store.document(),
    ]);
    if (!launch?.contextTemplate) return false;
    Object.assign(this.#query, { language: spoken(preferences.languagePreference) });
    this.#launch = launch;
    this.back = launch.returnURL || null;
    this.#kept = { told: [], ids: { completed: uuid(), passed: uuid() }, ...kept, entry: kept ? "resume" : "ab-initio" };
    this.#queue = new Outbox((statements) => this.#store.ask("statements", null, sending("POST", statements)));
    if (!session.begun) this.#queue.add(this.#make("initialized"));
    this.#tab.set(this.#name, JSON.stringify({ ...session, begun: true }));
    return true;
  }

  /** What the learner prefers everywhere; nothing where the store does not say (11). */
  async #preferences() {
    const agent = JSON.stringify(this.#query.actor);
    const response = await this.#store.ask("agents/profile", { agent, profileId: "cmi5LearnerPreferences" });
    return response.ok ? response.json() : {};
  }

  state() {
    const { told, entry, text, score } = this.#kept;
    const { actor, language } = this.#query;
    const status = told.includes("passed") ? "passed" : told.includes("completed") ? "completed" : "incomplete";
    return {
      readOnly: this.#launch.launchMode !== "Normal", status, learner: actor.account?.name, name: actor.name || "", entry,
      language, score: score || 0, saved: text,
    };
  }

  save(place, text) {
    this.#kept.text = text;
    return true;
  }

  score(raw) {
    this.#kept.score = raw;
    return true;
  }

  /** A mark that is missed may still be reached in this session, in which only one of the two may be said: it waits. */
  status(value) {
    this.#failed = value === "failed";
    if (value === "passed") this.#judge();
    if (value === "passed" || value === "completed") this.#once("completed", { completion: true });
    return true;
  }

  /** The LMS's mark holds, which may be another than the package's (10.2.4). */
  #judge() {
    this.#failed = this.#scaled < (this.#launch.masteryScore ?? 0);
    if (!this.#failed) this.#once("passed", this.#judged(true));
  }

  get #scaled() {
    return (this.#kept.score ?? 100) / 100;
  }

  #judged(success) {
    const { score } = this.#kept;
    return { success, ...(score != null && { score: { scaled: this.#scaled, raw: score, min: 0, max: 100 } }) };
  }

  /** Once a registration: with an id that is kept, so that a store which has it already knows it again. */
  #once(verb, result) {
    const id = this.#kept.ids[verb];
    if (this.#kept.told.includes(verb) || this.#sent.has(verb)) return;
    this.#sent.set(verb, id);
    this.#queue.add({ ...this.#make(verb, result), id });
  }

  /** A statement that cmi5 defines (9.3 to 9.6). */
  #make(verb, result) {
    const { masteryScore } = this.#launch;
    const judges = result && "success" in result;
    const categories = [category("cmi5"), ...(judges || result?.completion ? [category("moveon")] : [])];
    return this.#dressed({
      id: uuid(), timestamp: new Date().toISOString(), object: { objectType: "Activity", id: this.#query.activityId },
      verb: { id: VERBS + verb, display: this.#outline.verbs[verb].display },
      ...(verb !== "initialized" && { result: { ...result, duration: `PT${this.#seconds}S` } }),
      context: {
        language: document.documentElement.lang === "cy" ? "cy" : "en-GB", contextActivities: { category: categories },
        extensions: { ...this.#ours, ...(judges && masteryScore != null && { [`${CMI5}extensions/masteryscore`]: masteryScore }) },
      },
    });
  }

  get #ours() {
    const { version, authority, extensions } = this.#outline;
    return { [extensions.version]: version, ...(authority && { [extensions.authority]: authority }) };
  }

  get #seconds() {
    return Math.max(0, Math.round((Date.now() - this.#began) / 1000));
  }

  /** With the actor as it came and everything that the LMS wants in each context, of which nothing is changed. */
  #dressed({ context, ...statement }) {
    const { extensions, contextActivities = {}, ...template } = this.#launch.contextTemplate;
    const activities = { ...context.contextActivities };
    for (const [kind, given] of Object.entries(contextActivities)) {
      activities[kind] = [...[given].flat(), ...(activities[kind] || [])];
    }
    return {
      ...statement, actor: this.#query.actor,
      context: {
        ...context, ...template, registration: this.#query.registration, contextActivities: activities,
        extensions: { ...context.extensions, ...extensions },
      },
    };
  }

  /** Statements of the player's own, about modules and questions; what is about the unit itself is said above. */
  #live() {
    const { iri, alone, modules } = this.#outline;
    const own = [iri, alone && modules[0].iri];
    const statements = new Statements(this.#outline, { language: () => document.documentElement.lang });
    return {
      tell: (what, ...facts) => {
        const statement = statements[what](...facts);
        if (!own.includes(statement.object.id)) this.#queue.add(this.#dressed(statement));
      },
      flush: () => this.#queue.flush(),
      end() {},
    };
  }

  /** @returns {Promise<boolean>} whether the learner's state is with the LMS */
  async commit() {
    const { told, ids, text, score } = this.#kept;
    const kept = () => this.#store.keep({ text, score, ids, told: [...told, ...this.#taken()] });
    // What the store has taken is noted beside the state, so that it is said first.
    if (!this.#store.leaving) await this.#queue.flush();
    return kept();
  }

  #taken() {
    return [...this.#sent].filter(([, id]) => !this.#queue.waiting.some((one) => one.id === id)).map(([verb]) => verb);
  }

  /** The last statements, in a request that outlives the page. @returns {Promise<boolean>} whether they were taken */
  async end(seconds) {
    const missed = seconds !== null && this.#failed ? [this.#make("failed", this.#judged(false))] : [];
    this.#tab.set(this.#name, JSON.stringify({ over: true, back: this.back }));
    this.#queue.waiting.push(...missed, this.#make("terminated"));
    await this.#queue.flush(true);
    return !this.#queue.waiting.length;
  }
}

/** The token of this session: asked for once (8.2). */
async function fetchToken(address) {
  const response = await fetch(address, { method: "POST", credentials: "omit" });
  return (await response.json())["auth-token"];
}
