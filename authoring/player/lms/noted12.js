/** Answers as SCORM 1.2 has interactions, for a course that has them noted. */

import { interactionType, rightIds } from "../answers.js";
import { extras } from "../kinds.js";
import { note, wanted } from "./noted.js";

const LONGEST_ANSWER = 255;

/** CMIFeedback: strict LMSs take one letter or digit for an option, so that the tenth is "a". */
function feedback12(question, given) {
  const letter = (id) => Number(id).toString(36);
  const forms = {
    "true-false": () => (question.true === given[0] ? "t" : "f"),
    match: () => given.map((pair) => pair.split(".").map(letter).join(".")).join(","),
    fill: () => given.join(","),
    number: () => given[0].replace(",", "."),
  };
  return (forms[question.type] || (() => given.map(letter).join(",")))().slice(0, LONGEST_ANSWER);
}

/** The right answer, or null where there is none or the standard has no form for it. */
function pattern12(question) {
  if (question.type === "fill") return feedback12(question, wanted(question));
  const [low, high] = question.number || [];
  if (low && low === high) return low;
  return question.type === "scale" || question.number ? null : feedback12(question, rightIds(question));
}

extras.note = (api, told, latency) => {
  const { question, given, good, at } = told;
  const pattern = pattern12(question);
  return note(api, told, {
    time: at.toTimeString().slice(0, 8), type: interactionType(question),
    ...(pattern !== null && { "correct_responses.0.pattern": pattern }), student_response: feedback12(question, given),
    latency, result: good === null ? "neutral" : good ? "correct" : "wrong",
  });
};
