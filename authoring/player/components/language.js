/** The language of everything on the page: one attribute, which the style sheet obeys. */

import { blocks } from "../kinds.js";
import { byId, kept } from "./words.js";

/** Flip the page to a language; what was typed, chosen and focused stays as it is. */
export function showLanguage(language) {
  const other = language === "cy" ? "en" : "cy";
  const button = byId("x-tongue");
  document.documentElement.lang = language;
  button.lang = other;
  button.textContent = kept("tongue")[language];
  for (const { speak } of blocks) speak?.();
}

/** The first language that any of the wishes names, or null: then the learner is asked. */
export function chooseLanguage(...wishes) {
  const wish = wishes.find((one) => /^(cy|wel|en)/i.test(one));
  return wish ? (/^e/i.test(wish) ? "en" : "cy") : null;
}
