/** Pools: of many questions the few that this learner is given, in an order of their own. */

import { blocks, extras } from "../kinds.js";
import { fill, w } from "./words.js";

/** A number that looks drawn by lot (FNV-1a). */
function hash(text) {
  let found = 2166136261;
  for (const sign of text) found = Math.imul(found ^ sign.charCodeAt(0), 16777619);
  return found >>> 0;
}

/**
 * The questions that a learner is given from a pool, in their order: both depend on the seed alone, but what has been
 * answered stays where another version of the course has other questions.
 */
extras.drawn = ({ questions, draw }, { seed, answers }) => {
  const rank = (key) => hash(seed + key);
  const open = (key) => (answers.has(key) ? 0 : 1);
  const order = (a, b) => rank(a) - rank(b);
  return [...questions].sort((a, b) => open(a) - open(b) || order(a, b)).slice(0, draw).sort(order);
};

blocks.push({
  restore(part, session) {
    session.state.seed ||= Math.random().toString(36).slice(2, 8);
    for (const box of part.querySelectorAll("[data-pool]")) {
      const forms = new Map([...box.children].map((form) => [form.dataset.question, form]));
      const pool = session.known.pools.get(forms.keys().next().value);
      box.replaceChildren(...extras.drawn(pool, session.state).map((key) => forms.get(key)));
    }
    for (const form of part.querySelectorAll("[data-question]")) {
      const all = session.askedIn(session.known.questions.get(form.dataset.question).module);
      fill(form.querySelector(".n > span"), w`Question {n} of {m}`, { n: all.indexOf(form.dataset.question) + 1, m: all.length });
    }
  },
});
