/** Answers as xAPI interactions (xAPI 1.0.3, part 2, section 2.4.4.1), for a course that tells of them. */

import { extras } from "./kinds.js";
import { duration, name } from "./statements.js";

const TYPES = { "true-false": "true-false", match: "matching", order: "sequencing", fill: "fill-in", number: "numeric", scale: "likert" };
const LISTS = { "true-false": [], match: ["source", "target"], order: ["steps"], fill: [], number: [], scale: ["scale"] };

function responded({ type, true: truth }, given) {
  if (type === "true-false") return String(truth === given[0]);
  return given.map((one) => (type === "match" ? one.replace(".", "[.]") : one)).join("[,]");
}

/** The right answers, one pattern for each way of giving them; of many wordings the first of each language. */
function patterns(question) {
  const { type, right, options, blanks, number } = question;
  if (type === "fill") return [...new Set(["en", "cy"].map((lang) => blanks.map((blank) => blank[lang][0]).join("[,]")))];
  if (type === "number") return [number[0] === number[1] ? number[0] : number.join("[:]")];
  return [responded(question, type === "order" ? options : right)];
}

/** What a question is, for whoever reads the statement without the course. */
function definition(question) {
  const { type, options, targets, words = {} } = question;
  const list = (prefix, ids) => ids.map((id) => ({ id, ...(words[prefix + id] && { description: name(words[prefix + id]) }) }));
  const parts = (LISTS[type] || ["choices"]).map((part) => [part, part === "target" ? list("t", targets) : list("", options)]);
  return {
    interactionType: TYPES[type] || "choice",
    ...(type !== "scale" && { correctResponsesPattern: patterns(question) }), ...Object.fromEntries(parts),
  };
}

/** What a statement says of an answer: the activity, what is told of it, and the result. */
extras.interaction = (question, given, { right, share }, seconds) => ({
  question: { ...question, type: question.activity }, definition: definition(question),
  result: {
    response: responded(question, given), duration: duration(seconds),
    ...(right !== null && { success: right }), ...(question.partial && { score: { scaled: share / 100 } }),
  },
});
