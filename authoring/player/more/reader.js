/** Reads a portfolio file back: shows what is in it, and asks before anything that stands here is replaced. */

import { dated, element, fill, spans, w, words } from "../components/words.js";
import { button } from "./away.js";
import { LARGEST, readBack, same } from "./file.js";
import { bodyOf } from "./paper.js";
import { opened } from "./written.js";

const note = (pair, values) => element("p", {}, ...spans(words(pair, values)));

/** The part of the portfolio page that takes a file; `redraw` shows the portfolio anew. */
export function createReader(kit, told, redraw) {
  const input = element("input", { type: "file", id: "x-file", accept: ".json,application/json", "aria-describedby": "x-file-hint" });
  const result = element("div", { id: "x-found" });
  const hint = element("p", { class: "hint", id: "x-file-hint" });
  fill(hint, w`Choose a file that you downloaded to read back, here or in another council. You see what is in it before anything changes. What you have not written here is added; where both say something, yours stays unless you tick it.`);
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (file) show(result, await contentsOf(file), kit, told, redraw);
  });
  const label = element("label", { for: input.id }, ...spans(w`Portfolio file`));
  const made = element("section", { class: "back" }, element("h2", {}, ...spans(w`Read a portfolio back`)), element("p", { class: "typed" }, label, input), hint, result);
  made.hidden = Boolean(kit.recorder.held.readOnly);
  return made;
}

/** The text of a file, or null where it is too large or cannot be read. */
async function contentsOf(file) {
  try {
    return file.size > LARGEST ? null : await file.text();
  } catch {
    return null;
  }
}

function show(result, source, kit, told, redraw) {
  const read = source === null ? { wrong: w`This file is too large, or cannot be read. A portfolio has 1 MB at most.` } : readBack(source, told);
  if (read.wrong) return said(result, read.wrong);
  const { writing } = kit.session.state;
  const news = read.found.filter(({ key }) => !writing.has(key));
  const others = read.found.filter((one) => writing.has(one.key) && !same(one, one.text, writing.get(one.key), told.standard));
  const counts = { n: news.length, m: others.length, k: read.found.length - news.length - others.length, at: dated(new Date(read.made)) };
  const ticks = new Map();
  const take = () => {
    const chosen = others.filter(({ key }) => ticks.get(key).checked);
    accept([...news, ...chosen], kit, redraw);
    said(result, w`Added: {n}. Replaced: {m}.`, { n: news.length, m: chosen.length });
  };
  result.replaceChildren(
    note(w`This file was made on {at}. New here: {n}. Different here: {m}. The same: {k}.`, counts),
    ...(read.lost ? [note(w`Pieces that this course has no place for, which stay in the file only: {n}.`, { n: read.lost })] : []),
    ...news.flatMap((one) => preview(one, told)),
    ...others.flatMap((one) => preview(one, told, ticks, writing.get(one.key))),
    element("div", { class: "row" }, ...(news.length + others.length ? [button("x-take", w`Put these into my portfolio`, take, "button")] : []), button("x-leave-it", w`Change nothing`, () => said(result, w`Nothing was changed.`))),
  );
  return tell(result);
}

/** Where buttons go away the focus moves to what is said instead. */
function said(result, pair, values) {
  result.replaceChildren(note(pair, values));
  tell(result);
}

function tell(result) {
  result.firstElementChild.tabIndex = -1;
  result.firstElementChild.focus();
}

/** One piece of the file; where something else stands here (`ours`), with that and a box to tick. */
function preview(one, told, ticks, ours) {
  const theirs = opened(one, one.text, told.standard);
  const parts = [element("h3", {}, ...spans(one.title)), note(w`In the file, written {at}:`, { at: dated(new Date(theirs.at)) }), ...bodyOf(theirs)];
  if (!ours) return parts;
  const here = opened(one, ours, told.standard);
  const tick = element("input", { type: "checkbox", id: `x-take-${one.key}` });
  ticks.set(one.key, tick);
  const label = element("label", { for: tick.id }, ...spans(w`Replace what I have here with what is in the file`));
  const when = here.at ? note(w`Here, written {at}:`, { at: dated(new Date(here.at)) }) : note(w`Here:`);
  return [...parts, when, ...bodyOf(here), element("p", { class: "tick" }, tick, label)];
}

function accept(pieces, { session, recorder, restored }, redraw) {
  for (const { key, text } of pieces) session.write(key, text);
  recorder.changed("now");
  restored();
  redraw();
}
