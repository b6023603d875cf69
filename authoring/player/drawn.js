/** Of the many questions in a pool the few that this learner is given, in an order of their own. */

import { extras } from "./kinds.js";

/** A number that looks drawn by lot (FNV-1a). */
function hash(text) {
  let found = 2166136261;
  for (const sign of text) found = Math.imul(found ^ sign.charCodeAt(0), 16777619);
  return found >>> 0;
}

/**
 * The questions that a learner is given from a pool, in their order: both depend on the seed alone, which the state
 * keeps, but what has been answered stays where another version of the course has other questions.
 */
extras.drawn = ({ questions, draw }, state) => {
  state.seed ||= Math.random().toString(36).slice(2, 8);
  const rank = (key) => hash(state.seed + key);
  const open = (key) => (state.answers.has(key) ? 0 : 1);
  const order = (a, b) => rank(a) - rank(b);
  return [...questions].sort((a, b) => open(a) - open(b) || order(a, b)).slice(0, draw).sort(order);
};
