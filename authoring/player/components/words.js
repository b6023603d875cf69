/** The interface's words: always written in both languages, of which the style sheet shows one. */

/** Marks words of the interface. The build puts both languages in their place; unbuilt, both are the English. */
export const w = ([text]) => ({ en: text, cy: text });

// The numbers that have a form of words of their own, in the order of the forms; every other number has the last.
const OWN = { en: [1], cy: [0, 1, 2, 3, 6] };

/**
 * Words in both languages with each {name} filled in; of words in the forms of a plural, those that go with the number n.
 * @returns {{en: string, cy: string}}
 */
export function words(pair, values = {}) {
  const form = (lang, own = pair[lang]) => (Array.isArray(own) ? own.at(OWN[lang].indexOf(values.n)) : own);
  const filled = (lang) => form(lang).replace(/\{(\w+)\}/g, (_, key) => values[key][lang] ?? values[key]);
  return { en: filled("en"), cy: filled("cy") };
}

/** An element of the document by its id. */
export const byId = (id) => document.getElementById(id);

/** The words that the document keeps for the script under a name. @returns {{en: string, cy: string}} */
export function kept(name) {
  const [en, cy] = byId("x-words").content.querySelector(`.${name}`).children;
  return { en: en.textContent, cy: cy.textContent };
}

/** A copy of each of some nodes. */
export const copies = (nodes) => [...nodes].map((one) => one.cloneNode(true));

/** Give an element attributes, or take them away where they do not `hold`. */
export function attributes(place, values, hold = true) {
  for (const [key, value] of Object.entries(values)) {
    if (hold) place.setAttribute(key, value);
    else place.removeAttribute(key);
  }
}

/** An element with text or other elements in it. */
export function element(name, own = {}, ...inside) {
  const made = document.createElement(name);
  attributes(made, own);
  made.append(...inside);
  return made;
}

/** One span for each language. */
export function spans(text) {
  return ["en", "cy"].map((lang) => element("span", { class: "t", lang }, text[lang]));
}

/** Put words of the interface into an element, in place of what it held. */
export function fill(place, pair, values) {
  place.replaceChildren(...spans(words(pair, values)));
}

/** Of the two wordings that an element holds, show the first or the second. */
export function either(place, first) {
  place.firstElementChild.hidden = !first;
  place.lastElementChild.hidden = first;
}

/** A sign from the sheet of symbols, before words that say the same. */
export function glyph(name) {
  const [made] = copies([document.querySelector(".glyph")]);
  attributes(made.firstChild, { href: `#s-${name}` });
  return made;
}

/** A sign and words in a frame of their own. */
export function tag(sign, pair) {
  return element("span", { class: `tag is-${sign}` }, glyph(sign === "none" ? "info" : sign), element("span", {}, ...spans(pair)));
}

/** The time of day as both languages write it. */
export function clock(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A date and time in both languages (browsers seldom know the Welsh months). */
export function dated(at) {
  const names = kept("months");
  const own = (language) => `${at.getDate()} ${names[language].split(" ")[at.getMonth()]} ${at.getFullYear()}, ${clock(at)}`;
  return { en: own("en"), cy: own("cy") };
}
