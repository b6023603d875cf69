/** Makes xAPI statements from the course's own verbs, activities and extensions (xAPI 1.0.3, part 2). */

import { extras } from "./kinds.js";

/** A version 4 UUID; crypto.randomUUID is missing where the page came over plain http. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A time in seconds as ISO 8601 has it. */
export const duration = (seconds) => `PT${Math.max(0, Math.round(seconds))}S`;

const objectType = "Activity";
/** Words as a language map. */
export const name = ({ en, cy }) => ({ "en-GB": en, cy });
const activity = ({ iri, type, title }) => ({ objectType, id: iri, definition: { type, name: name(title) } });

/** The statements of one learner's session. */
export class Statements {
  #outline;
  #who;

  /** @param {{homePage: string, learner: string, registration: string, language: function(): string}} who */
  constructor(outline, who) {
    this.#outline = outline;
    this.#who = who;
  }

  #context(within) {
    const { iri, version, authority, extensions: names } = this.#outline;
    const { registration, language } = this.#who;
    const extensions = { [names.version]: version, ...(authority && { [names.authority]: authority }) };
    const contextActivities = { grouping: [{ objectType, id: iri }], ...(within && { parent: [{ objectType, id: within.iri }] }) };
    return { registration, language: language() === "cy" ? "cy" : "en-GB", extensions, contextActivities };
  }

  #make(verb, object, within, result) {
    const { homePage, learner } = this.#who;
    return {
      id: uuid(), timestamp: new Date().toISOString(), verb: this.#outline.verbs[verb],
      actor: { objectType: "Agent", account: { homePage, name: learner } },
      object: activity(object), context: this.#context(within), ...(result && { result }),
    };
  }

  /** A session has begun. */
  initialized() {
    return this.#make("initialized", this.#outline);
  }

  /** The session is over. */
  terminated(seconds) {
    return this.#make("terminated", this.#outline, null, { duration: duration(seconds) });
  }

  /** What `session.settle` says has happened, to a module or (module null) to the course. */
  happened({ verb, module, score }, seconds) {
    const result = { duration: duration(seconds) };
    if (verb === "completed") result.completion = true;
    else Object.assign(result, { success: verb === "passed", score: { scaled: score / 100, raw: score, min: 0, max: 100 } });
    return this.#make(verb, module || this.#outline, module && this.#outline, result);
  }

  /** A question has been checked; sent only where the course says so. */
  answered(...facts) {
    const { question, definition, result } = extras.interaction(...facts);
    const made = this.#make("answered", question, question.module, result);
    Object.assign(made.object.definition, definition);
    return made;
  }
}
