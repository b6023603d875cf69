/** Reflections: kept as they are written, shown to nobody else; and the learner's own copy of them all. */

import { byId, dated, either, element, spans, w } from "./words.js";

// Letters after which something has been written.
const ENOUGH = 20;
const fieldsIn = (root) => [...root.querySelectorAll("[data-reflect] textarea")];
const keyOf = (field) => field.form.dataset.reflect;

/** @param {{session: object, changed: function(string)}} parts `changed` hears "typing" and "soon" */
export function wireReflections({ session, changed }) {
  for (const [event, when] of [["input", "typing"], ["change", "soon"]]) {
    document.addEventListener(event, ({ target }) => {
      if (!target.matches("[data-reflect] textarea")) return;
      session.write(keyOf(target), target.value);
      mirror(target, target.value.length >= ENOUGH);
      changed(when);
    });
  }
}

/** Put what was written back into the fields of a document. */
export function restoreReflections(root, session) {
  for (const field of fieldsIn(root)) {
    field.value = session.state.writing.get(keyOf(field)) || "";
    mirror(field, true);
  }
}

/**
 * A printed field shows only the lines that fit in it, so paper takes the words from a copy beside it. What the author
 * says afterwards comes while the learner types: coming later, it would move a button from under the pointer.
 */
function mirror(field, whole) {
  field.nextElementSibling.textContent = field.value;
  const after = field.form.querySelector(".after");
  if (after && whole) after.hidden = !field.value;
}

/** Say under each field whether the LMS could take all of it. */
export function drawKept(cut) {
  for (const field of fieldsIn(document)) {
    const line = field.form.querySelector(".kept");
    const long = cut.includes(keyOf(field));
    line.classList.toggle("is-risk", long);
    either(line.lastElementChild, !long);
  }
}

/** Everything the learner has written, in the order of the course. */
function pieces({ outline, session }) {
  const own = (module) => module.reflections.filter((one) => session.state.writing.has(one.key));
  return outline.modules.filter((module) => own(module).length).map((module) => ({
    title: module.title, list: own(module).map((one) => ({ title: one.title, words: session.state.writing.get(one.key) })),
  }));
}

/** The page of the learner's own words, made of plain text so that all of it is printed. */
export function drawPaper(course) {
  const found = pieces(course);
  const parts = found.flatMap(({ title, list }) => [
    element("h2", {}, ...spans(title)),
    ...list.flatMap((one) => [element("h3", {}, ...spans(one.title)), element("p", { class: "wrote" }, one.words)]),
  ]);
  const none = element("p", {}, ...spans(w`You have not written anything yet.`));
  byId("x-paper").replaceChildren(element("p", { class: "soft" }, ...spans(dated(new Date())), course.name ? ` · ${course.name}` : ""), ...(parts.length ? parts : [none]));
}

/** The same page in the language on the screen alone, with the course's name before it. */
function ownPage(course) {
  const { lang } = document.documentElement;
  drawPaper(course);
  const page = byId("x-paper").cloneNode(true);
  for (const one of page.querySelectorAll(`.t:not([lang=${lang}])`)) one.remove();
  page.prepend(element("h1", {}, course.outline.title[lang]));
  return { lang, page };
}

/** Save the learner's words as a file of their own. */
export function download(course) {
  const { lang, page } = ownPage(course);
  const head = `<!DOCTYPE html><html lang="${lang}"><meta charset="utf-8">${element("title", {}, page.firstChild.textContent).outerHTML}`;
  const file = new Blob([head, "<style>.wrote{white-space:pre-wrap}</style>", page.innerHTML], { type: "text/html" });
  const link = element("a", { href: URL.createObjectURL(file), download: `${course.outline.id}.html` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Put the learner's words on the clipboard. @returns {Promise<boolean>} whether the browser let us */
export async function copy(course) {
  const text = [...ownPage(course).page.children].map((one) => one.textContent).join("\n\n");
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
