/** Makes xAPI statements from the course's own verbs, activities and extensions (xAPI 1.0.3, part 2). */

import { extras } from "./kinds.js";
import { duration, name } from "./wording.js";

/** A version 4 UUID; crypto.randomUUID is missing where the page came over plain http. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-a$4-");
}

let stamped = 0;
/** Now, for a statement: later than the one before it whatever the clock does, for their order is read from it. */
export const stamp = () => new Date((stamped = Math.max(stamped + 1, Date.now()))).toISOString();

export const objectType = "Activity";
const activity = ({ iri, type, title, interactionType }) => ({ objectType, id: iri, definition: { type, name: name(title), interactionType } });

/** The statements of one learner's session. */
export class Statements {
  #outline;
  #who;

  /** @param {{actor: object, registration: string, grouping: string}} who `grouping` is of the launch's own, if any */
  constructor(outline, who) {
    this.#outline = outline;
    this.#who = who;
  }

  #context(within) {
    const { iri, version, authority, extensions: names } = this.#outline;
    const { registration, grouping } = this.#who;
    const extensions = { [names.version]: version, ...(authority && { [names.authority]: authority }) };
    const around = [iri, grouping].filter(Boolean).map((id) => ({ objectType, id }));
    const contextActivities = { grouping: around, ...(within && { parent: [{ objectType, id: within.iri }] }) };
    return { registration, language: document.documentElement.lang === "cy" ? "cy" : "en-GB", extensions, contextActivities };
  }

  /** A statement about an `object` with iri, type, title and perhaps interactionType, `within` the course or a module. */
  make(verb, object, within, result) {
    return {
      id: uuid(), timestamp: stamp(), verb: this.#outline.verbs[verb], actor: this.#who.actor,
      object: activity(object), context: this.#context(within), result,
    };
  }

  /** Something about the course as a whole. */
  about(verb, result) {
    return this.make(verb, this.#outline, null, result);
  }

  /** What `session.settle` says has happened, to a module or (module null) to the course. */
  happened({ verb, module, score }, seconds) {
    const result = { duration: duration(seconds) };
    if (verb === "completed") result.completion = true;
    else result.success = verb === "passed";
    if (result.success != null && score != null) result.score = { scaled: score / 100, raw: score, min: 0, max: 100 };
    return this.make(verb, module || this.#outline, module && this.#outline, result);
  }

  /** A question has been checked. */
  answered(question, ...facts) {
    const { definition, result } = extras.interaction(question, ...facts);
    const made = this.make("answered", { ...question, type: question.activity }, question.module, result);
    Object.assign(made.object.definition, definition);
    return made;
  }
}
