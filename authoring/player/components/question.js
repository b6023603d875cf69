/** Questions: checking, saying what was right, and asking for an answer where there is none. */

import { kinds } from "../kinds.js";
import { judged } from "../session.js";
import { nameDocument } from "./pages.js";
import { byId, copies, element, fill, kept, spans, tag, words } from "./words.js";

const PAUSE = 100;
const inputs = (form) => [...form.querySelectorAll(".choices input")];

/** Radio buttons and tick boxes: every type of question that is not among `kinds`. */
const choice = {
  given: (form) => inputs(form).filter((one) => one.checked).map((one) => one.value),
  put(form, given) {
    for (const input of inputs(form)) input.checked = given.includes(input.value);
  },
  lack(form) {
    const [first] = inputs(form);
    const key = first.type === "radio" ? kept("one") : kept("some");
    return choice.given(form).length ? null : [key, first];
  },
};

const signOf = (right) => (right === null ? "none" : right ? "ready" : "risk");
const kindOf = ({ type }) => kinds[type] || choice;

/**
 * @param {{session: object, checked: function(object, object)}} parts `checked` hears of each answer
 */
export function wireQuestions({ session, checked }) {
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target.closest("[data-question]");
    if (form) check(form);
  });

  function check(form) {
    const question = session.known.questions.get(form.dataset.question);
    const kind = kindOf(question);
    if (!session.triesLeft(question)) return;
    clearError(form);
    nameDocument();
    const lack = kind.lack(form);
    if (lack) {
      showError(form, ...lack);
      return nameDocument(words(kept("error"), { words: "" })[document.documentElement.lang]);
    }
    const given = kind.given(form, question);
    const verdict = session.answer(question.key, given);
    drawMarks(form, question, given, verdict);
    const said = form.querySelector(".said");
    said.replaceChildren();
    // A live region speaks a repeated text only where it was empty for a moment.
    setTimeout(() => drawVerdict(said, form, question, given, verdict, session.triesLeft(question)), PAUSE);
    checked(question, verdict);
  }
}

/** Read what the questions of a part ask, and put the answers that were given back into them. */
export function restoreQuestions(root, session) {
  for (const form of root.querySelectorAll("[data-question]")) {
    session.learn(JSON.parse(form.querySelector("script").textContent));
    const question = session.known.questions.get(form.dataset.question);
    const { given } = session.state.answers.get(question.key) || {};
    if (!given) continue;
    const verdict = judged(question, given);
    kindOf(question).put(form, given);
    drawMarks(form, question, given, verdict);
    drawVerdict(form.querySelector(".said"), form, question, given, verdict, session.triesLeft(question));
  }
}

/** Beside each part of the answer what it is: "Your answer" where something was chosen, or else right or not. */
function drawMarks(form, question, given, { right }) {
  for (const old of form.querySelectorAll(".tag")) old.remove();
  const { parts, marks } = kindOf(question);
  // A sentence with gaps stands there once for each language, with as many gaps in each.
  if (parts) parts(form).forEach((part, at) => part.append(marks(question, given)[at % given.length] ? tag("ready", kept("fits")) : tag("risk", kept("wrong"))));
  else if (!marks) {
    const chosen = inputs(form).filter((one) => given.includes(one.value));
    for (const one of chosen) one.closest("label").append(tag(signOf(right), kept("yours")));
  }
  if (right !== null) fill(form.querySelector(".button"), kept("recheck"));
}

function drawVerdict(said, form, question, given, verdict, tries) {
  const { right } = verdict;
  const sign = signOf(right);
  const told = right === null ? kept("taken") : kept(right ? "correct" : "nearly");
  const first = element("p", { class: "verdict" }, ...tag(sign, told).childNodes);
  said.className = `said is-${sign}`;
  // What closes a question would give it away to whoever may try again.
  const after = right === false && tries ? [] : copies(form.querySelectorAll(".after > *"));
  said.replaceChildren(first, ...given.flatMap((id) => feedback(form, question, id)), ...after, ...(right === false ? more(verdict, tries) : []));
  if (!tries) close(form);
}

/** The last attempt has been made: the answers are shown, and what was given stands. */
function close(form) {
  const [fieldset, answers, button] = ["fieldset", ".answers", ".button"].map((one) => form.querySelector(one));
  // What is disabled lets go of the focus.
  if (fieldset.contains(document.activeElement)) button.focus();
  fieldset.disabled = true;
  button.setAttribute("aria-disabled", true);
  fill(button, kept("over"));
  answers.classList.add("shown");
  answers.open = true;
}

/** What the author says to one option; among several, after the words of the option itself. */
function feedback(form, question, id) {
  const own = kinds[question.type] ? [] : copies(form.querySelectorAll(`[data-option="${id}"] > .prose`));
  if (!own.length || question.type !== "multiple") return own;
  const name = copies(form.querySelector(`input[value="${id}"] + span`).childNodes);
  return [element("p", {}, element("b", {}, ...name)), ...own];
}

function more({ good, of }, tries) {
  const said = of > 1 ? [words(kept("right"), { n: good, m: of })] : [];
  const on = !tries ? "answers" : tries === Infinity ? "again" : "attempts";
  return [...said, words(kept(on), { n: tries })].map((one) => element("p", {}, ...spans(one)));
}

function showError(form, key, field) {
  const fieldset = form.querySelector("fieldset");
  const box = copies(byId("x-problem").content.children)[0];
  const link = box.querySelector("a");
  link.href = `#${field.id}`;
  fill(link, key);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    field.focus({ preventScroll: true });
    fieldset.scrollIntoView();
  });
  const bad = element("p", { class: "bad is-not", id: `${form.id}-bad` }, ...spans(words(kept("error"), { words: key })));
  form.prepend(box);
  fieldset.lastElementChild.before(bad);
  fieldset.setAttribute("aria-describedby", `${form.id}-h ${bad.id}`);
  box.focus();
}

function clearError(form) {
  for (const part of form.querySelectorAll(".wrong, .bad")) part.remove();
  form.querySelector("fieldset").setAttribute("aria-describedby", `${form.id}-h`);
}
