/** Pieces of a portfolio as objects, between the texts of the learner's state and the file that a learner takes away. */

import { packed, unpacked } from "../components/pieces.js";

export const LEVELS = [1, 2, 3, 4];
const ROW = ["goal", "action", "with", "by"];
const FIELDS = { reflection: ["words"], goal: ["words", "by"], achievement: ["words", "on"] };

const named = (names, values) => Object.fromEntries(names.map((name, at) => [name, values[at] || ""]));

/** The rows of a plan in which something stands. */
function rowsOf(values) {
  const rows = [];
  for (let at = 0; at < values.length; at += ROW.length) rows.push(named(ROW, values.slice(at)));
  return rows;
}

/** What of a text of the state is of a piece of its kind, with `at`, the time of the last change. */
export function opened({ kind = "reflection" }, text, standard) {
  const { at, values } = unpacked(text);
  if (kind === "plan") return { at, rows: rowsOf(values) };
  if (kind !== "needs") return { at, ...named(FIELDS[kind], values) };
  const chosen = new Map(values.map((one) => [one.slice(0, -1), Number(one.at(-1))]));
  const level = ({ key }) => (LEVELS.includes(chosen.get(key)) ? chosen.get(key) : 0);
  return { at, elements: standard.map((one) => ({ ...one, level: level(one) })).filter((one) => one.level) };
}

/** The text for the state. */
export function closed({ kind = "reflection" }, entry, standard) {
  const keys = new Map(standard.map(({ id, key }) => [id, key]));
  if (kind === "plan") return packed(entry.rows.flatMap((row) => ROW.map((name) => row[name])), entry.at);
  if (kind !== "needs") return packed(FIELDS[kind].map((name) => entry[name]), entry.at);
  return packed(entry.elements.filter(({ id }) => keys.has(id)).map(({ id, level }) => keys.get(id) + level), entry.at);
}

/** The minute in which a piece was sent to the programme lead, in milliseconds: it stands after four signs of its text. */
const minuteOf = (sent) => (sent ? parseInt(sent.slice(4), 36) * 60000 : null);

/** What the learner has written, by module, in the order of the course; modules without any are left out. */
export function collected({ state: { writing, sent } }, { modules, standard }) {
  const own = (module) => module.pieces.filter(({ key }) => writing.has(key));
  const whole = (piece) => ({ ...piece, ...opened(piece, writing.get(piece.key), standard), sent: minuteOf(sent.get(piece.key)) });
  return modules.map((module) => ({ ...module, pieces: own(module).map(whole) })).filter(({ pieces }) => pieces.length);
}
