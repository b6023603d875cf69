/**
 * Puts the new words of a module into the document that shows it, and touches nothing else, so that what the learner
 * chose, opened, typed and focused stays.
 *
 * Three documents take part: the one on the screen, which the player has changed in many places; the one it was made
 * from; and the new one. Only what differs between the last two is changed in the first.
 */

/** Text between elements says nothing; the documents of one module differ in it. */
const parts = (node) => [...node.childNodes].filter((one) => one.nodeType === 1 || (one.nodeType === 3 && one.data.trim()));

/** Whether the new document can be put in the place of the old one: same course, same pages, same frame around them. */
export function fits(live, before, next) {
  const same = (selector) => before.querySelector(selector)?.outerHTML === next.querySelector(selector)?.outerHTML;
  const ids = (page) => [...page.querySelectorAll("#x-module > .page")].map((one) => one.id).join();
  // What a question asked when it was drawn decides only what is taken up at the next opening.
  const lasting = (key, value) => (key === "editions" ? undefined : value);
  const outline = (page) => JSON.stringify(JSON.parse(page.getElementById("x-outline")?.textContent || null), lasting);
  return outline(live) === outline(next) && ids(live) === ids(next) && ["head > style", "body > header", "body > footer"].every(same);
}

/** Change what differs. @returns {Element[]} the parts of the document on the screen that have been written anew */
export function swap(live, before, next) {
  const done = [];
  for (const page of next.querySelectorAll(".page")) {
    const [here, old] = [live.getElementById(page.id), before.getElementById(page.id)];
    // A page that the player has not brought yet comes with the new words when it does.
    if (!here || !old || here.matches("[data-rest]") || old.isEqualNode(page)) continue;
    here.querySelector(":scope > .unscripted")?.remove();
    change(here, old, page, done);
  }
  return done;
}

// What the player builds up out of what the document holds: only its words can be changed in place.
const BUILT = "form, .tabs, [data-pool], [data-scenario]";

/** Make `live`, which was made from `before`, say what `next` says. */
function change(live, before, next, done) {
  if (before.isEqualNode(next)) return;
  const built = live.nodeType === 1 && live.matches(BUILT);
  if (built && !wordsOnly(live, before, next)) {
    replace(live, next, done);
    return;
  }
  if ([live, before, next].every((one) => one.nodeType === 3)) {
    live.data = next.data;
    return;
  }
  const alike = live.nodeType === 1 && live.nodeName === next.nodeName && before.nodeName === next.nodeName;
  const [own, old, fresh] = alike ? [live, before, next].map(parts) : [];
  if (!alike || live.id !== before.id || own.length !== old.length) {
    replace(live, next, done);
    return;
  }
  attributes(live, before, next);
  children(live, own, old, fresh, done);
}

/** Whether `next` differs from `before` in words alone, in places where `live` is still what `before` was. */
function wordsOnly(live, before, next) {
  if (before.isEqualNode(next)) return true;
  if (next.nodeType === 3) return live.nodeType === 3 && before.nodeType === 3 && live.data === before.data;
  // What a question asks for is read out of its script once.
  if (next.nodeName === "SCRIPT" || live.id !== before.id || [live, before].some((one) => one.nodeName !== next.nodeName)) return false;
  const [own, old, fresh] = [live, before, next].map(parts);
  return own.length === old.length && old.length === fresh.length && fresh.every((one, at) => wordsOnly(own[at], old[at], one));
}

/** What is alike at both ends stays; what is between is changed one by one, or put in or taken out. */
function children(live, own, old, fresh, done) {
  const least = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < least && old[start].isEqualNode(fresh[start])) start += 1;
  let end = 0;
  while (end < least - start && old[old.length - 1 - end].isEqualNode(fresh[fresh.length - 1 - end])) end += 1;
  const [leaving, coming] = [old.length - end, fresh.length - end];
  const both = Math.min(leaving, coming);
  for (let index = start; index < both; index += 1) change(own[index], old[index], fresh[index], done);
  for (let index = both; index < leaving; index += 1) own[index].remove();
  const after = own[leaving] ?? null;
  for (let index = both; index < coming; index += 1) {
    const made = live.ownerDocument.importNode(fresh[index], true);
    live.insertBefore(made, after);
    if (made.nodeType === 1) done.push(made);
  }
}

function attributes(live, before, next) {
  for (const { name } of before.attributes) if (!next.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of next.attributes) if (before.getAttribute(name) !== value) live.setAttribute(name, value);
}

function replace(live, next, done) {
  const made = live.ownerDocument.importNode(next, true);
  live.replaceWith(made);
  if (made.nodeType !== 1) return;
  if (live.nodeType === 1 && live.classList.contains("here")) made.classList.add("here");
  done.push(made);
}

/** Let the player put back what was done into what has been written anew, and into nothing else. */
export function tell(page, done) {
  const say = (target) => target.dispatchEvent(new page.defaultView.Event("renewed", { bubbles: true }));
  say(page.getElementById("x-module-name"));
  for (const one of done) {
    const around = page.createElement("div");
    one.replaceWith(around);
    around.append(one);
    say(around);
    around.replaceWith(...around.childNodes);
  }
}

const FIELDS = "input, select, textarea";

/** What the learner has on the screen and has not sent: fields, what is open, and the focus. */
export function snapshot(page) {
  const fields = [...page.querySelectorAll(FIELDS)].filter((one) => one.id);
  const { activeElement: focused } = page;
  return {
    fields: fields.map((one) => [one.id, one.value, one.checked]),
    open: [...page.querySelectorAll("details[open]")].map(named),
    focus: focused?.id || null,
    caret: focused?.selectionStart ?? null,
    tabs: [...page.querySelectorAll(".tabs")].map(chosen),
  };
}

/** Put back what `snapshot` took, where it is still there. */
export function recall(page, { fields, open, focus, caret, tabs }) {
  for (const [id, value, checked] of fields) {
    const field = page.getElementById(id);
    if (!field?.matches(FIELDS)) continue;
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = checked;
    else field.value = value;
  }
  for (const one of page.querySelectorAll("details:not([open])")) if (open.includes(named(one))) one.open = true;
  page.querySelectorAll(".tabs").forEach((box, at) => tabs[at] > 0 && tabs[at] !== chosen(box) && box.querySelectorAll("[role=tab]")[tabs[at]]?.click());
  const focused = focus && page.getElementById(focus);
  if (focused && focused !== page.activeElement) {
    focused.focus({ preventScroll: true });
    if (caret !== null && focused.matches("textarea")) focused.setSelectionRange(caret, caret);
  }
}

const chosen = (box) => [...box.querySelectorAll("[role=tab]")].findIndex((one) => one.getAttribute("aria-selected") === "true");

/** A thing that opens is known by its page and by which of the page it is. */
function named(one) {
  const around = one.closest(".page, header") ?? one.ownerDocument.body;
  return `${around.id} ${[...around.querySelectorAll("details")].indexOf(one)}`;
}
