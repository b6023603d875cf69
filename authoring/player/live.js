/** Statements as they happen, to the record store that the course names; the LMS is told all the same. */

import { Copies } from "./copies.js";
import { extras } from "./kinds.js";
import { Queue, sweep } from "./queue.js";
import { Statements, uuid } from "./statements.js";

/** Begin; the registration is kept in the learner's state. */
extras.live = ({ outline, state, learner, local }) => {
  state.registration ||= uuid();
  const { registration } = state;
  const statements = new Statements(outline, { homePage: location.origin, learner, registration, language: () => document.documentElement.lang });
  const queue = new Queue({ store: outline["record-store"], pack: outline.package, learner, registration, local, tab: new Copies("sessionStorage") });
  sweep(local);
  queue.add(statements.initialized());
  return {
    tell: (what, ...facts) => queue.add(statements[what](...facts)),
    flush: (hidden) => (hidden ? queue.flush(true) : queue.retry()),
    end: (seconds) => queue.add(statements.terminated(seconds), true),
  };
};
