/** cmi5 (Quartz): a session as an LMS launches it, told in statements whose order and number the standard fixes. */

import { Copies, fromJson } from "../copies.js";
import { extras } from "../kinds.js";
import { Queue } from "../queue.js";
import { UUID } from "../session.js";
import { Statements, objectType } from "../statements.js";
import { duration } from "../wording.js";
import { Launched, launchQuery, opening } from "./launched.js";

const VERBS = "http://adlnet.gov/expapi/verbs/";
const CMI5 = "https://w3id.org/xapi/cmi5/context/";

/** Only a web address is gone to: any other may be a script. */
const web = (address) => (/^https?:/i.test(address) ? address : null);

/** The calls of an adapter; what goes over the network answers with a promise. */
export class Lms {
  #outline;
  #query = launchQuery();
  #tab = new Copies("sessionStorage");
  #store;
  #queue;
  #statements;
  #launch;
  #session;
  #languages;
  #said;
  #status;
  #failed = false;
  mode = "cmi5";
  limit = 64000;
  /** How long the course may be shown before it has to be said that nothing is recorded. */
  patience = 20000;
  /** Where to go when the session is over. */
  back = null;
  open = opening(() => this.#begin());

  /** Statements of the player's own are about modules and questions; what is about the unit itself is said here. */
  constructor(outline) {
    this.#outline = outline;
    extras.live = () => ({
      tell: (what, ...facts) => this.#tell(this.#statements[what](...facts)),
      waiting: () => this.#queue.waiting.length,
      dropped: () => this.#queue.dropped,
      flush: (hidden) => this.#queue.retry(hidden),
      end() {},
    });
  }

  /** Section 8.2 and 10: the token, what the LMS wants, what the learner prefers, and where they were. */
  async #begin() {
    const { endpoint, fetch: tokens, registration, activityId: activity, actor: text } = this.#query;
    const actor = fromJson(text);
    if (!(endpoint && tokens && UUID.test(registration) && activity && actor)) return false;
    this.#session = fromJson(this.#tab.get(this.#name)) || { token: await fetchToken(tokens), began: Date.now() };
    const { token, over, back, begun } = this.#session;
    this.#store = new Launched({ ...this.#query, actor, activity, authorization: `Basic ${token}` });
    const { learner, send } = this.#store;
    if (!token || !learner) return false;
    // No other session may send what this one has to say.
    this.#queue = new Queue({ learner, registration: tokens, local: this.#tab, send });
    this.#statements = new Statements(this.#outline, { actor, registration });
    // The session was ended, and this page loaded anew: only the LMS can begin another.
    if (over) return this.#queue.flush(true) && web(back) && location.replace(back);
    this.#note();
    await this.#read(text);
    if (!begun) this.#queue.add(this.#defined("initialized"));
    return this.#note({ begun: true });
  }

  async #read(agent) {
    const store = this.#store;
    const profile = `agents/profile?${new URLSearchParams({ agent, profileId: "cmi5LearnerPreferences" })}`;
    const [launch, preferences] = await Promise.all([
      store.document(store.state("LMS.LaunchData")), store.document(profile).catch(() => null), store.take(),
    ]);
    if (!launch?.contextTemplate) throw new Error("LMS.LaunchData");
    this.#launch = launch;
    this.#languages = preferences?.languagePreference;
    this.back = web(launch.returnURL);
    const { told } = store.kept;
    this.#said = new Set(["passed", "completed"].filter((verb) => `${told}`.includes(verb) || this.#waits(verb)));
    if (this.#said.has("completed")) this.#status = "completed";
  }

  get #name() {
    return `ktb-cmi5:${this.#query.fetch}`;
  }

  /** What has to be known of the session when its page is loaded anew. */
  #note(news) {
    this.#tab.set(this.#name, JSON.stringify(Object.assign(this.#session, news)));
    return true;
  }

  state() {
    const [status = "incomplete"] = this.#said;
    return { ...this.#store.held(this.#languages), readOnly: this.#launch.launchMode !== "Normal", status };
  }

  save = (place, text) => this.#store.note({ text });

  /** A better score may be a pass where the mark had been missed. */
  score(score) {
    this.#store.note({ score });
    return !this.#status || this.status(this.#status);
  }

  /**
   * A mark that is missed may still be reached in this session, in which only one of the two may be said: it waits. The
   * LMS's mark holds, which may be another than the package's (10.2.4).
   */
  status(value) {
    const { masteryScore: mark } = this.#launch;
    const passed = mark == null ? value === "passed" : (this.#store.kept.score ?? 100) / 100 >= mark;
    this.#status = value;
    if (passed) this.#once("passed");
    if (passed || value !== "failed") this.#once("completed");
    this.#failed = !this.#said.has("passed") && (mark != null || value === "failed");
    return true;
  }

  /** Once a registration. */
  #once(verb) {
    if (!this.#said.has(verb)) this.#queue.add({ ...this.#judged(verb), id: this.#idOf(verb) });
    this.#said.add(verb);
  }

  /** The same in every session of a registration, so that a store which has been told already knows it again. */
  #idOf(verb) {
    const { activityId, registration } = this.#query;
    const hash = [...activityId + verb].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) >>> 0, 0);
    return registration.slice(0, 24) + hash.toString(16).padStart(12, "0");
  }

  #waits(verb) {
    return this.#queue.waiting.some(({ id }) => id === this.#idOf(verb));
  }

  /** What a learner is to move on by (9.6.2.2). */
  #judged(verb) {
    const { score } = this.#store.kept;
    const statement = this.#statements.happened({ verb, module: null, score }, this.#seconds);
    const { masteryScore: mark } = this.#launch;
    if (verb !== "completed" && mark != null) statement.context.extensions[`${CMI5}extensions/masteryscore`] = mark;
    return this.#defined(verb, statement, "moveon");
  }

  get #seconds() {
    return (Date.now() - this.#session.began) / 1000 || 0;
  }

  /** A statement that cmi5 defines (9.3 to 9.6). */
  #defined(verb, statement = this.#statements.about(verb), ...more) {
    statement.context.contextActivities.category = ["cmi5", ...more].map((name) => ({ objectType, id: `${CMI5}categories/${name}` }));
    return { ...this.#dressed(statement), verb: { ...statement.verb, id: VERBS + verb }, object: { objectType, id: this.#query.activityId } };
  }

  /** With everything that the LMS wants in each context. */
  #dressed(statement) {
    const { extensions, contextActivities, ...template } = this.#launch.contextTemplate;
    const { context } = statement;
    const activities = context.contextActivities;
    for (const kind in contextActivities) activities[kind] = [contextActivities[kind], activities[kind] || []].flat();
    Object.assign(context, template);
    Object.assign(context.extensions, extensions);
    return statement;
  }

  #tell(statement) {
    const { iri, alone, modules } = this.#outline;
    if (![iri, alone && modules[0].iri].includes(statement.object.id)) this.#queue.add(this.#dressed(statement));
  }

  /** @returns {Promise<boolean>} whether the learner's state is with the LMS */
  async commit() {
    // What the store has taken is noted beside the state, so that it is said first.
    if (!this.#store.leaving) await this.#queue.flush();
    this.#store.note({ told: [...this.#said].filter((verb) => !this.#waits(verb)) });
    return this.#store.keep();
  }

  /** The last statements, in a request that outlives the page. @returns {Promise<boolean>} whether they were taken */
  async end(seconds) {
    const missed = seconds !== null && this.#failed ? [this.#judged("failed")] : [];
    this.#note({ over: true, back: this.back });
    const over = this.#statements.about("terminated", { duration: duration(this.#seconds) });
    await this.#queue.add([...missed, this.#defined("terminated", over)], true);
    return !this.#queue.waiting.length;
  }
}

/** The token of this session: asked for once (8.2). */
const fetchToken = (address) => fetch(address, { method: "POST", credentials: "omit" })
  .then((response) => response.json()).then((answer) => answer["auth-token"]);
