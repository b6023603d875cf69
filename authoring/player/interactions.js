/** Answers as xAPI interactions (xAPI 1.0.3, part 2, section 2.4.4.1), for a course that tells of them. */

import { interactionType, rightIds } from "./answers.js";
import { extras } from "./kinds.js";
import { duration, name } from "./wording.js";

const LISTS = { "true-false": [], match: ["source", "target"], order: ["steps"], fill: [], number: [], scale: ["scale"] };

// What is in an answer that would read as something else: what divides a pair, a list, a number from its decimals.
const SPELT = { match: [".", "[.]"], fill: [/\[([,.])\]/g, "$1"], number: [",", "."] };

function responded({ type, true: truth }, given) {
  if (type === "true-false") return String(truth === given[0]);
  return given.map((one) => one.replace(...(SPELT[type] || ["", ""]))).join("[,]");
}

/** The right answers, one pattern for each way of giving them; of many wordings the first of each language. */
function patterns(question) {
  const { type, blanks, number } = question;
  if (type === "fill") return [...new Set(["en", "cy"].map((lang) => blanks.map((blank) => blank[lang][0]).join("[,]")))];
  if (type === "number") return [number[0] === number[1] ? number[0] : number.join("[:]")];
  return [responded(question, rightIds(question))];
}

/** What a question is, for whoever reads the statement without the course. */
function definition(question) {
  const { type, options, targets, words = {} } = question;
  const list = (prefix, ids) => ids.map((id) => ({ id, ...(words[prefix + id] && { description: name(words[prefix + id]) }) }));
  const parts = (LISTS[type] || ["choices"]).map((part) => [part, part === "target" ? list("t", targets) : list("", options)]);
  return {
    interactionType: interactionType(question),
    ...(type !== "scale" && { correctResponsesPattern: patterns(question) }), ...Object.fromEntries(parts),
  };
}

/** What a statement says of an answer: what the question is, and the result. */
extras.interaction = (question, given, { right, share }, seconds) => ({
  definition: definition(question),
  result: {
    response: responded(question, given), duration: duration(seconds),
    ...(right !== null && { success: right }), ...(question.partial && { score: { scaled: share / 100 } }),
  },
});
