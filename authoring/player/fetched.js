/** The second script, which the course can be taken without: fetched when a section first asks for something in it. */

import { element } from "./components/words.js";

let parts = null;

/**
 * Have the second script draw what a section names into its last child, with the `kit` of the first to go by.
 * Where the script cannot be fetched the section stays as it is, and asks again when it is shown again.
 */
export function drawMore({ dataset: { more }, lastElementChild: place }, kit) {
  parts ||= new Promise((resolve, reject) => {
    const script = element("script", { src: "more.js" });
    Object.assign(script, { kit, onload: () => resolve(script.parts), onerror: reject });
    document.head.append(script);
  });
  return parts.then((found) => found[more](place), () => { parts = null; });
}
