/** An answer in an LMS's list of interactions: what both generations of SCORM have in common. */

// More interactions than any list can have.
const MOST_READ = 1e6;

/** The wordings of a `fill` that are shown as right, in the language on the screen. */
export const wanted = (question) => (question.blanks || []).map((blank) => blank[document.documentElement.lang === "cy" ? "cy" : "en"][0]);

/** The next place in the list, of which `noted` have been made in this session. */
function next(api, noted) {
  const count = parseInt(api.get("cmi.interactions._count"), 10);
  return count >= 0 && count < MOST_READ ? count : noted - 1;
}

/**
 * One interaction, its id first: an LMS that keeps none refuses that, and then nothing more is said of it.
 * @returns {boolean} whether the LMS took it all
 */
export function note(api, { question, number }, values) {
  const index = next(api, number);
  const path = `cmi.interactions.${index}.`;
  return api.set(`${path}id`, `${question.key}-${index + 1}`) && api.setAll(path, values);
}
