/** Pools: the questions that this learner is given stand alone, in their order. */

import { blocks, extras } from "../kinds.js";
import { fill, w } from "./words.js";

blocks.push({
  restore(part, session) {
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
