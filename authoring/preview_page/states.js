/** Learners in a state: what an LMS would hold of somebody half-way or finished, made with the player's own session. */

import { Session } from "/player/session.js";
import "/player/components/pool.js";

/** An answer that is right, as the player keeps it: for each kind of question a list of texts. */
function rightAnswer(question, language) {
  if (question.blanks) return question.blanks.map((blank) => blank[language][0]);
  if (question.number) return [question.number[0]];
  if (question.type === "scale") return [question.options.at(-1)];
  return question.right;
}

/**
 * The saved text of somebody who did the first `share` of the pages, and what an LMS was told of it.
 *
 * `outline` is the one that the documents carry, `course` is course.json, which says what is right.
 */
export function worked(outline, course, share, language, limit) {
  const session = new Session(outline);
  const questions = new Map(course.modules.flatMap((module) => module.questions.map((one) => [one.key, one])));
  Object.assign(session.state, { language, rev: 1, seed: "preview" });
  const pages = outline.modules.flatMap((module) => module.pages);
  for (const page of pages.slice(0, Math.ceil(pages.length * share))) {
    session.see(page.key);
    for (const key of session.asked(page)) {
      session.state.answers.set(key, { given: rightAnswer(questions.get(key), language), best: 100, tries: 0 });
    }
  }
  session.settle(Date.now());
  const { text } = session.pack(limit);
  return { text, at: session.state.at ?? "", status: session.status(), score: session.score() };
}

/** What a SCORM 1.2 LMS holds of such a learner. */
export function held12({ text, at, status, score }) {
  const scored = score === null ? {} : { "cmi.core.score.min": "0", "cmi.core.score.max": "100", "cmi.core.score.raw": String(score) };
  return {
    "cmi.suspend_data": text, "cmi.core.lesson_location": at, "cmi.core.lesson_status": status,
    "cmi.core.exit": "suspend", "cmi.core.total_time": "0000:20:00.00", ...scored,
  };
}

/** What a SCORM 2004 LMS holds of such a learner. */
export function held2004({ text, at, status, score }) {
  const done = status !== "incomplete" && status !== "failed";
  const judged = status === "passed" || status === "failed";
  const scored = score === null ? {} : { "cmi.score.min": "0", "cmi.score.max": "100", "cmi.score.raw": String(score), "cmi.score.scaled": String(score / 100) };
  return {
    "cmi.suspend_data": text, "cmi.location": at, "cmi.completion_status": done ? "completed" : "incomplete",
    "cmi.exit": "suspend", "cmi.total_time": "PT20M", ...(judged && { "cmi.success_status": status }), ...scored,
  };
}

/** What a record store holds of such a learner for a package of ours that xAPI launches. */
export const heldXapi = ({ text, status, score }) => ({ text, status, score: score ?? 0 });

/** The same for cmi5, where it is said what has been told already. */
export function heldCmi5({ text, status, score }) {
  const told = { passed: ["completed", "passed"], completed: ["completed"] };
  return { text, score: score ?? 0, told: told[status] ?? [] };
}
