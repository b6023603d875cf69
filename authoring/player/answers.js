/** What the standards call the kinds of question, and what is right in each, for a course that tells of answers. */

const INTERACTIONS = { "true-false": "true-false", match: "matching", order: "sequencing", fill: "fill-in", number: "numeric", scale: "likert" };

/** What SCORM and xAPI call the kind of a question. */
export const interactionType = ({ type }) => INTERACTIONS[type] || "choice";

/** The ids that are right: of an order all of them, in their order. */
export const rightIds = ({ type, right, options }) => (type === "order" ? options : right);
