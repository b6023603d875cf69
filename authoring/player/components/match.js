/** Matching: a list to choose from beside each thing; nothing is dragged. */

import { kinds } from "../kinds.js";
import { lackOf, putValues, valuesOf } from "./typed.js";
import { w } from "./words.js";

kinds.match = {
  marks: ({ right }, given) => right.map((pair) => given.includes(pair)),
  legal: ({ options, targets }, given) => given.length === options.length
    && given.every((pair, at) => targets.some((target) => pair === `${options[at]}.${target}`)),
  given: (form, { options }) => valuesOf(form).map((target, at) => `${options[at]}.${target}`),
  put: (form, given) => putValues(form, given.map((pair) => pair.split(".")[1])),
  lack: (form) => lackOf(form, w`Choose an answer in each row`),
  parts: (form) => [...form.querySelectorAll(".pairs > li")],
};
