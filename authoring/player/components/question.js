/** Questions: checking, saying what was right, and asking for an answer where there is none. */

import { element, fill, glyph, spans, w, words } from "./words.js";

const PAUSE = 100;
const inputs = (form) => [...form.querySelectorAll(".choices input")];

/**
 * @param {{session: object, pages: object, checked: function(object, boolean)}} parts `checked` hears of each answer
 */
export function wireQuestions({ session, pages, checked }) {
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target.closest("[data-question]");
    if (form) check(form);
  });

  function check(form) {
    const question = session.known.questions.get(form.dataset.question);
    const given = inputs(form).filter((one) => one.checked).map((one) => one.value);
    clearError(form);
    pages.title();
    if (!given.length) {
      showError(form, question.type === "multiple" ? w`Choose at least one answer` : w`Choose an answer`);
      pages.title(w`Error: `[document.documentElement.lang]);
      return;
    }
    const right = session.answer(question.key, given);
    drawTags(form, given, right);
    const said = form.querySelector(".said");
    said.replaceChildren();
    // A live region speaks a repeated text only where it was empty for a moment.
    setTimeout(() => drawVerdict(said, form, question, given, right), PAUSE);
    checked(question, right);
  }
}

/** Put the answers that were given back into the questions of a document. */
export function restoreQuestions(root, session) {
  for (const form of root.querySelectorAll("[data-question]")) {
    const question = session.known.questions.get(form.dataset.question);
    const answer = session.state.answers.get(form.dataset.question);
    if (!answer) continue;
    for (const input of inputs(form)) input.checked = answer.given.includes(input.value);
    drawTags(form, answer.given, answer.right);
    drawVerdict(form.querySelector(".said"), form, question, answer.given, answer.right);
  }
}

function drawTags(form, given, right) {
  for (const tag of form.querySelectorAll(".tag")) tag.remove();
  for (const input of inputs(form).filter((one) => given.includes(one.value))) {
    const tag = element("span", { class: right ? "tag is-ready" : "tag is-risk" }, element("span"));
    fill(tag.firstChild, w`Your answer`);
    tag.prepend(glyph(right ? "ready" : "risk"));
    input.closest("label").append(tag);
  }
  fill(form.querySelector(".button"), w`Check again`);
}

function drawVerdict(said, form, question, given, right) {
  const verdict = element("p", { class: "verdict" }, element("span"));
  fill(verdict.firstChild, right ? w`Correct` : w`Not quite`);
  verdict.prepend(glyph(right ? "ready" : "risk"));
  said.className = `said ${right ? "is-ready" : "is-risk"}`;
  said.replaceChildren(verdict, ...given.flatMap((id) => feedback(form, question, id)), ...(right ? [] : [more(question, given)]));
}

/** What the author says to one option; among several, after the words of the option itself. */
function feedback(form, question, id) {
  const own = [...form.querySelectorAll(`[data-option="${id}"] > .prose`)].map((one) => one.cloneNode(true));
  if (!own.length || question.type !== "multiple") return own;
  const name = form.querySelector(`input[value="${id}"] + span`).cloneNode(true);
  return [element("p", {}, element("b", {}, ...name.childNodes)), ...own];
}

function more(question, given) {
  const good = given.filter((id) => question.right.includes(id)).length;
  const key = question.type === "multiple"
    ? w`Right answers chosen: {n} of {m}. Change your answers and check again, as often as you like.`
    : w`Choose another answer. You can try as often as you like.`;
  return element("p", {}, ...spans(words(key, { n: good, m: question.right.length })));
}

function showError(form, key) {
  const fieldset = form.querySelector("fieldset");
  const first = inputs(form)[0];
  const link = element("a", { href: `#${first.id}` }, ...spans(key));
  link.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    first.focus({ preventScroll: true });
    fieldset.scrollIntoView();
  });
  const heading = element("h2", {}, ...spans(w`There is a problem`));
  const box = element("div", { class: "wrong is-not", tabindex: "-1" },
    element("div", { role: "alert" }, heading, element("ul", {}, element("li", {}, link))));
  const bad = element("p", { class: "bad is-not", id: `${form.id}-bad` }, ...spans(words(w`Error: {words}`, { words: key })));
  form.prepend(box);
  form.querySelector(".choices").before(bad);
  fieldset.setAttribute("aria-describedby", `${form.id}-h ${bad.id}`);
  box.focus();
}

function clearError(form) {
  for (const part of form.querySelectorAll(".wrong, .bad")) part.remove();
  form.querySelector("fieldset").setAttribute("aria-describedby", `${form.id}-h`);
}
