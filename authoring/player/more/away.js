/** Ways to take something out of the course: a file, the clipboard. */

import { either, element, spans, w } from "../components/words.js";

/** Save a text as a file. */
export function download(text, type, name) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Put a text on the clipboard. @returns {Promise<boolean>} whether the browser let us */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Frames are often denied the clipboard but not the command. */
function copyOldWay(text) {
  const field = element("textarea", { class: "hush", "aria-hidden": "true", tabindex: "-1" });
  const focused = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const good = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return good;
}

/** A button that does something, with words that say what. */
export function button(id, pair, action, kind = "button-2") {
  const made = element("button", { type: "button", class: kind, id }, ...spans(pair));
  made.addEventListener("click", action);
  return made;
}

/** A button that copies what `text` answers, and the place that says whether it could. */
export function copier(id, pair, text, kind) {
  const good = element("span", {}, ...spans(w`Copied.`));
  const bad = element("span", {}, ...spans(w`The browser does not allow copying here. Select the words and copy them.`));
  const said = element("span", { role: "status", id: `${id}-said` }, good, bad);
  good.hidden = bad.hidden = true;
  return [button(id, pair, async () => either(said, await copy(text())), kind), said];
}
