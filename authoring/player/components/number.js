/** A number to type, in whichever way the learner writes numbers. */

import { kinds } from "../kinds.js";
import { fieldsOf, putValues, valuesOf } from "./typed.js";
import { w } from "./words.js";

const GROUPED = /^[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$/;
const DECIMAL = /^\d*[.,]?\d+$|^\d+[.,]$/;
const BOTH = /^[1-9]\d{0,2}(?:,\d{3})+\.\d+$|^[1-9]\d{0,2}(?:\.\d{3})+,\d+$/;

/**
 * What a text may mean as a number: none, one, or two where a sign may part thousands or decimals, as in 1,200.
 * Spaces and apostrophes part thousands; a pound sign before and a per cent sign after it are passed over.
 */
export function readings(text) {
  const [, minus, digits] = /^\s*([-−]?)\s*£?\s*(.*?)\s*%?\s*$/.exec(text.replace(/(\d)[\s'’](?=\d{3}(?!\d))/g, "$1"));
  const found = [];
  if (DECIMAL.test(digits)) found.push(digits.replace(",", "."));
  if (GROUPED.test(digits)) found.push(digits.replace(/[.,]/g, ""));
  if (BOTH.test(digits)) found.push(digits.replace(/[.,](?=.*[.,])/g, "").replace(",", "."));
  return found.map((one) => (minus ? -one : Number(one)));
}

kinds.number = {
  marks: ({ number: [low, high] }, [text]) => [readings(text).some((one) => one >= low && one <= high)],
  legal: (question, given) => given.length === 1,
  given: valuesOf,
  put: putValues,
  lack: (form) => (readings(valuesOf(form)[0]).length ? null : [w`Type a number, such as 3.5 or 1,200`, fieldsOf(form)[0]]),
};
