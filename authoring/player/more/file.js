/** The portfolio file: written here, and read again years later in another council, by which time anything may be in it. */

import { w } from "../components/words.js";
import { closed, collected, LEVELS, opened } from "./written.js";

const FORMAT = "ktb-portfolio";
const VERSION = 1;
export const LARGEST = 1_000_000;
const LONGEST = 20_000;
const MOST = 500;
const ROWS = 6;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The portfolio as the file has it; `name` only where the learner wants it there. */
export function fileOf(kit, told, name) {
  const piece = ({ key, at, sent, kind = "reflection", elements, ...rest }) => ({
    ...rest, kind, ...(at !== null && { written: new Date(at).toISOString() }),
    ...(elements && { elements: elements.map(({ id, title, level }) => ({ id, title, level })) }),
  });
  const modules = collected(kit.session, told).map(({ id, title, pieces }) => ({ id, title, pieces: pieces.map(piece) }));
  const { id, iri, title } = told;
  const course = { id, iri, title, version: kit.outline.version };
  return { format: FORMAT, version: VERSION, made: new Date().toISOString(), ...(name && { name }), course, modules };
}

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value) => (Array.isArray(value) ? value.slice(0, MOST) : []);
// Signs that are not written, but for the end of a line.
const text = (value) => (typeof value === "string" && value.length <= LONGEST ? value.replace(/[^\P{Cc}\n]/gu, " ") : null);
const dayOf = (value) => (typeof value === "string" && DAY.test(value) ? value : "");

const BODIES = {
  reflection: ({ words }) => ({ words: text(words) }),
  goal: ({ words, by }) => ({ words: text(words), by: dayOf(by) }),
  achievement: ({ words, on }) => ({ words: text(words), on: dayOf(on) }),
  plan: ({ rows }) => ({ rows: list(rows).filter(isRecord).slice(0, ROWS).map(rowOf) }),
  needs: ({ elements }) => ({ elements: list(elements).filter((one) => isRecord(one) && LEVELS.includes(one.level)) }),
};
const rowOf = (row) => ({ goal: text(row.goal) ?? "", action: text(row.action) ?? "", with: text(row.with) ?? "", by: dayOf(row.by) });

/** A time that was: a file may claim any. */
function timeOf(value, now) {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return time > 0 && time <= now ? time : now;
}

/** The text for the state of one piece of the file, or "" where it is not what it should be. */
function textOf(piece, known, standard, now) {
  if (piece.kind !== (known.kind || "reflection")) return "";
  const body = BODIES[piece.kind](piece);
  return body.words === null ? "" : closed(known, { ...body, at: timeOf(piece.written, now) }, standard);
}

/** Parts of the course by "module/piece", as ids are in a file. */
function index({ modules }) {
  return new Map(modules.flatMap((module) => module.pieces.map((piece) => [`${module.id}/${piece.id}`, { ...piece, module }])));
}

/**
 * What a file holds for this course.
 * @returns {{wrong: object} | {made: number, found: object[], lost: number}} words that say why not; or what was found,
 *   each with the `text` for the state, and how many pieces the course has no place for or nobody can read
 */
export function readBack(source, told, now = Date.now()) {
  const file = parsed(source);
  if (!isRecord(file) || file.format !== FORMAT || !Number.isSafeInteger(file.version)) return { wrong: w`This is not a portfolio file.` };
  if (file.version > VERSION) return { wrong: w`This file was made by a newer version of the course. Open it there.` };
  if (!isRecord(file.course) || file.course.id !== told.id) return { wrong: w`This file is from another course.` };
  const known = index(told);
  const pieces = list(file.modules).filter(isRecord).flatMap(({ id, pieces: own }) => list(own).map((piece) => [known.get(`${id}/${piece?.id}`), piece]));
  const made = ([place, piece]) => (place ? { ...place, text: textOf(piece, place, told.standard, now) } : { text: "" });
  const found = new Map(pieces.map(made).filter((one) => one.text).map((one) => [one.key, one]));
  return { made: timeOf(file.made, now), found: [...found.values()], lost: pieces.length - found.size };
}

function parsed(source) {
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

/** Two texts of the state that say the same, whenever it was. */
export function same(piece, one, other, standard) {
  const said = (of) => JSON.stringify({ ...opened(piece, of, standard), at: 0 });
  return said(one) === said(other);
}
