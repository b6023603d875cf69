/** Scripts that are fetched when something first asks for them. */

import { element } from "./components/words.js";
import { lent } from "./lent.js";

const coming = new Map();

/**
 * Have a script of the package run, once, with the `kit` of the first to go by.
 * @returns {Promise<object>} its `parts`; refused where it cannot be fetched, and then the next to ask tries again
 */
export function fetchScript(src, kit) {
  if (!coming.has(src)) coming.set(src, new Promise((resolve, reject) => {
    const script = element("script", { src });
    const refuse = () => {
      coming.delete(src);
      reject(new Error(src));
    };
    // What a network gives in the place of a script is loaded too, and does nothing.
    Object.assign(script, { kit, lent, onload: () => (script.parts ? resolve(script.parts) : refuse()), onerror: refuse });
    document.head.append(script);
  }));
  return coming.get(src);
}

/**
 * Have the second script draw what a section names into its last child. Where the script cannot be fetched the section
 * stays as it is, and asks again when it is shown again.
 */
export function drawMore({ dataset: { more }, lastElementChild: place }, kit) {
  return fetchScript("more.js", kit).then((parts) => parts[more](place), () => {});
}
