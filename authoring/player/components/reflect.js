/** Reflections, goals, achievements, needs and plans: kept as they are written, shown to nobody else. */

import { blocks } from "../kinds.js";
import { packed, unpacked } from "./pieces.js";
import { either } from "./words.js";

// Letters after which something has been written.
const ENOUGH = 20;
const formsIn = (root) => [...root.querySelectorAll("[data-reflect]")];
const inputsOf = (form) => [...form.querySelectorAll("textarea, input")];
const isChoice = (field) => field.type === "radio";

/** `changed` hears "typing" and "soon". */
function wireReflections({ session, changed }) {
  for (const [event, when] of [["input", "typing"], ["change", "soon"]]) {
    document.addEventListener(event, ({ target }) => {
      const form = target.closest("[data-reflect]");
      if (!form) return;
      const text = written(form, session.state.writing.get(form.dataset.reflect));
      session.write(form.dataset.reflect, text);
      mirror(form, text, text.length >= ENOUGH);
      changed(when);
    });
  }
}

/** What stands in a form; fields that its author has taken out since keep what was `before` in them. */
function written(form, before) {
  const fields = inputsOf(form);
  const given = fields.filter((field) => !isChoice(field) || field.checked).map((field) => field.value);
  return packed(fields.some(isChoice) ? given : [...given, ...unpacked(before).values.slice(given.length)]);
}

/** Put what was written back into the fields of a document. */
function restoreReflections(root, session) {
  for (const form of formsIn(root)) {
    const text = session.state.writing.get(form.dataset.reflect);
    const { values } = unpacked(text);
    inputsOf(form).forEach((field, at) => {
      if (isChoice(field)) field.checked = values.includes(field.value);
      else field.value = values[at] || "";
    });
    mirror(form, text, true);
  }
}

/**
 * A printed field shows only the lines that fit in it, so paper takes the words from a copy beside it. What the author
 * says afterwards comes while the learner types: coming later, it would move a button from under the pointer.
 */
function mirror(form, text, whole) {
  for (const field of form.querySelectorAll("textarea")) field.nextElementSibling.textContent = field.value;
  const after = form.querySelector(".after");
  if (after && whole) after.hidden = !text;
}

/** Say under each field whether the LMS could take all of it. */
function drawKept(cut) {
  for (const form of formsIn(document)) {
    const line = form.querySelector(".kept");
    const long = cut.includes(form.dataset.reflect);
    line.classList.toggle("is-risk", long);
    either(line.lastElementChild, !long);
  }
}

blocks.push({
  wire: wireReflections,
  restore(part, session, cut) {
    restoreReflections(part, session);
    drawKept(cut);
  },
  cut: drawKept,
});
