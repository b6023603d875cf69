/** Fields of an answer that stand once for each language: what one of a pair is given, the other has too. */

import { blocks } from "../kinds.js";

/** The fields of one language, one for each part of the answer. */
export const fieldsOf = (form, lang) => [...form.querySelectorAll(`[data-part]:not([lang=${lang === "cy" ? "en" : "cy"}])`)];

/** What stands in the fields. */
export const valuesOf = (form) => fieldsOf(form).map((one) => one.value.trim());

/** Put values into the fields of both languages. */
export function putValues(form, values) {
  for (const field of form.querySelectorAll("[data-part]")) field.value = values[field.dataset.part - 1] ?? "";
}

/** The first field on the screen that is empty, with the words to say so; or null. */
export function lackOf(form, words) {
  const empty = fieldsOf(form, document.documentElement.lang).find((one) => !one.value.trim());
  return empty ? [words, empty] : null;
}

blocks.push({
  wire() {
    document.addEventListener("input", ({ target }) => {
      if (target.matches("[data-part]")) for (const one of target.form.querySelectorAll(`[data-part="${target.dataset.part}"]`)) if (one !== target) one.value = target.value;
    });
  },
});
