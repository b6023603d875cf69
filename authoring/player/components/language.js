/** The language of everything on the page: one attribute, which the style sheet obeys. */

import { blocks } from "../kinds.js";

const NAMES = { en: "English", cy: "Cymraeg" };
const LANGUAGES = [["cy", /^(cy|wel|cym)/i], ["en", /^en/i]];

/** Flip the page to a language; what was typed, chosen and focused stays as it is. */
export function showLanguage(language) {
  const other = language === "cy" ? "en" : "cy";
  const button = document.getElementById("x-tongue");
  document.documentElement.lang = language;
  button.lang = other;
  button.textContent = NAMES[other];
  for (const { speak } of blocks) speak?.();
}

/** The first language that any of the wishes names, or null: then the learner is asked. */
export function chooseLanguage(...wishes) {
  for (const wish of wishes) {
    const match = LANGUAGES.find(([, pattern]) => pattern.test(wish || ""));
    if (match) return match[0];
  }
  return null;
}
