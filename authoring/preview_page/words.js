/** The words of this page in both languages; everything that was said changes with the language. */

export const config = JSON.parse(document.getElementById("config").textContent);
const root = document.documentElement;
const LANGUAGES = ["en", "cy"];

export const find = (id) => document.getElementById(id);

/** Words in the language of the page, with {name} filled in. */
export function words(key, values = {}) {
  const text = config.words[key][LANGUAGES.indexOf(root.lang)];
  return text.replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);
}

/** Say words in an element, now and in the other language later. */
export function say(element, key, values = {}) {
  element.dataset.say = key;
  element.dataset.values = JSON.stringify(values);
  element.textContent = words(key, values);
  return element;
}

/** Change the language of the page. */
export function speak(language) {
  root.lang = language;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = words(one.dataset.say, JSON.parse(one.dataset.values ?? "{}"));
  for (const one of document.querySelectorAll("option[data-cy]")) one.textContent = one.dataset[language];
  find("title").textContent = config.title[language];
  find("frame").title = config.title[language] || words("A pretend LMS");
  document.title = `${words("A pretend LMS")}: ${config.title[language]}`;
  find("tongue").lang = language === "cy" ? "en" : "cy";
  find("tongue").textContent = language === "cy" ? "English" : "Cymraeg";
}

/** An element with text or children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
