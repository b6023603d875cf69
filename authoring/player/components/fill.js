/** Gaps in a sentence to type into: capitals, surplus spaces and the shape of an apostrophe make no difference. */

import { kinds } from "../kinds.js";
import { lackOf, putValues, valuesOf } from "./typed.js";
import { w } from "./words.js";

const plain = (text) => text.normalize().replace(/[‘’ʼ`´]/g, "'").replace(/\s+/g, " ").trim().toLowerCase();

/** A wording of either language is right in both, so that changing language changes no answer. */
const accepts = ({ en, cy }, text) => [...en, ...cy].some((one) => plain(one) === plain(text));

kinds.fill = {
  marks: ({ blanks }, given) => blanks.map((blank, at) => accepts(blank, given[at] ?? "")),
  legal: ({ blanks }, given) => given.length === blanks.length,
  given: valuesOf,
  put: putValues,
  lack: (form) => lackOf(form, w`Fill in every blank`),
  parts: (form) => [...form.querySelectorAll(".gap")],
};
