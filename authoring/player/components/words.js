/** The interface's words: always written in both languages, of which the style sheet shows one. */

/** Marks words of the interface. The build puts both languages in their place; unbuilt, both are the English. */
export const w = ([text]) => ({ en: text, cy: text });

/** Words in both languages with each {name} filled in. @returns {{en: string, cy: string}} */
export function words(pair, values) {
  const filled = (lang) => pair[lang].replace(/\{(\w+)\}/g, (_, key) => values[key][lang] ?? values[key]);
  return { en: filled("en"), cy: filled("cy") };
}

/** An element of the document by its id. */
export const byId = (id) => document.getElementById(id);

/** An element with text or other elements in it. */
export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
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
  const box = element("template");
  box.innerHTML = `<svg class="glyph" aria-hidden="true"><use href="#s-${name}"/></svg>`;
  return box.content.firstChild;
}

/** A sign and words in a frame of their own. */
export function tag(sign, pair) {
  const made = element("span", { class: `tag is-${sign}` }, glyph(sign === "none" ? "info" : sign), element("span"));
  fill(made.lastChild, pair);
  return made;
}

/** The time of day as both languages write it. */
export function clock(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A date and time in both languages (browsers seldom know the Welsh months). */
export function dated(at) {
  const names = w`January February March April May June July August September October November December`;
  const own = (language) => `${at.getDate()} ${names[language].split(" ")[at.getMonth()]} ${at.getFullYear()}, ${clock(at)}`;
  return { en: own("en"), cy: own("cy") };
}
