/** Answers as SCORM 2004 has interactions, for a course that has them noted. */

import { interactionType, rightIds } from "../answers.js";
import { extras } from "../kinds.js";
import { note, wanted } from "./noted.js";

const LONGEST_TEXT = 250;

/** A learner's answer, or the right one, in the form that the kind of question asks for. */
function response2004(question, given) {
  const text = (words) => words.replaceAll("[,]", ",").slice(0, LONGEST_TEXT);
  const forms = {
    "true-false": () => String(question.true === given[0]),
    match: () => given.map((pair) => pair.replace(".", "[.]")).join("[,]"),
    fill: () => given.map(text).join("[,]"),
    number: () => given[0].replace(",", "."),
  };
  return (forms[question.type] || (() => given.join("[,]")))();
}

/** The right answer, or null where there is none. */
function pattern2004(question) {
  if (question.type === "fill") return `{case_matters=false}{order_matters=true}${response2004(question, wanted(question))}`;
  if (question.number) return question.number.join("[:]");
  return question.type === "scale" ? null : response2004(question, rightIds(question));
}

/** The type comes right after the id, for the forms of the others depend on it. */
extras.note = (api, told, latency) => {
  const { question, given, good, at } = told;
  const pattern = pattern2004(question);
  return note(api, told, {
    // A time zone is only taken after a fraction of a second.
    type: interactionType(question), timestamp: `${at.toISOString().slice(0, 19)}.0Z`,
    ...(pattern !== null && { "correct_responses.0.pattern": pattern }), learner_response: response2004(question, given),
    latency, result: good === null ? "neutral" : good ? "correct" : "incorrect",
  });
};
