/** What the checker says: in a list above the course, and on the page beside the block it is about. */

import { element, find, say, words } from "./words.js";

const MOST = 50;
const NOTE = "ktb-problem";
const STYLE = `
.${NOTE} { font: 1rem/1.5 var(--sans); max-width: 44rem; margin: 0.5rem 0; padding: 0.5rem 0.75rem; border: 2px solid; border-left-width: 0.5rem; overflow-wrap: anywhere; background: var(--risk-tint); color: var(--risk); }
.${NOTE}.is-error { background: var(--not-tint); color: var(--not); }
.${NOTE} b, .${NOTE} code { margin-right: 0.5rem; }
@media print { .${NOTE} { display: none; } }`;
const GRAVE = { error: "Error", warning: "Warning" };

/** The parts of one problem: how grave, where, which rule, what, and how to mend it. The checker speaks English. */
function told({ severity, file, line, column, rule, message, mend }) {
  const grave = say(element("b"), GRAVE[severity]);
  return [grave, element("code", {}, `${file}:${line}:${column}`), element("span", { lang: "en" }, `${message} ${mend} `), element("code", {}, rule)];
}

/** The list, with a way to each place on a page; `go` is given the problem. */
export function list({ problems, release }, go) {
  const errors = problems.filter((one) => one.severity === "error").length;
  const box = find("problems");
  box.hidden = !problems.length;
  box.classList.toggle("is-error", errors > 0);
  const count = { n: errors || problems.length };
  const told = [find("problem-count"), find("problem-said")];
  if (errors) for (const one of told) say(one, errors === 1 ? "{n} error stops the page from being shown anew. Below is how it last looked." : "{n} errors stop the page from being shown anew. Below is how it last looked.", count);
  else if (problems.length) for (const one of told) say(one, "To look at: {n}. The page is shown as it was saved.", count);
  else find("problem-said").replaceChildren();
  find("problem-list").replaceChildren(...problems.map((one) => item(one, go)));
  listRelease(release);
}

function item(problem, go) {
  const made = element("li", {}, ...told(problem));
  if (!problem.module) return made;
  const button = say(element("button", { type: "button" }), "Go there");
  button.setAttribute("aria-label", `${words("Go there")}: ${problem.file}:${problem.line}`);
  button.addEventListener("click", () => go(problem));
  made.append(button);
  return made;
}

function listRelease(release) {
  find("release").hidden = !release.length;
  say(find("release-count"), "Before a release: {n}", { n: release.reduce((sum, one) => sum + one.count, 0) });
  find("release-list").replaceChildren(...release.map(({ rule, count, asks }) => element("li", { lang: "en" }, element("code", {}, rule), ` ${count} × ${asks}`)));
}

/** Take the notes off the page: they are not of the course. */
export function clear(page) {
  for (const note of page.querySelectorAll(`.${NOTE}`)) note.remove();
}

/** Put a note above the block of each problem of the module on the screen. */
export function mark(page, moduleId, problems) {
  clear(page);
  for (const problem of problems.filter((one) => one.module === moduleId).slice(0, MOST)) {
    const note = page.importNode(element("div", { class: NOTE, role: "note", tabindex: "-1" }, ...told(problem)), true);
    note.classList.toggle("is-error", problem.severity === "error");
    note.dataset.line = `${problem.file}:${problem.line}`;
    block(page, problem)?.before(note);
    style(page);
  }
}

/** The element of the block that a problem stands at; failing that, of the page's or the module's first. */
export function block(page, { page: id, part, key }) {
  const module = page.getElementById("x-module");
  const around = (id && module?.querySelector(`:scope > .page[id="${CSS.escape(id)}"]`)) || module?.querySelector(".page");
  if (!around) return null;
  const own = key && around.querySelector(`[data-question="${key}"], [data-reflect="${key}"], [data-pool="${key}"], [data-scenario="${key}"]`);
  if (own) return own;
  const blocks = [...around.children].filter((one) => !one.matches(`h1, .turn, .${NOTE}, .t[lang=cy]`));
  return blocks[Math.min(part, blocks.length - 1)] ?? around.firstElementChild;
}

/** The course's own policy lets no style sheet in but one that a script has made. */
function style(page) {
  const own = page.defaultView;
  if (own.ktbStyle) return;
  own.ktbStyle = new own.CSSStyleSheet();
  own.ktbStyle.replaceSync(STYLE);
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, own.ktbStyle];
}
