/** What a learner has done, and the rules about it. Knows no page and no LMS. */

import { fromJson } from "./copies.js";
import { extras, kinds } from "./kinds.js";

const VERSION = 1;
const ENTRY = /^([0-9a-z]{4})([^+*]{0,2000})(?:\+(\d{0,2}))?(?:\*(\d{1,2}))?$/;
const DONE = /([0-9a-z]{4}|\*all)([0-9a-z]{1,6})([EC])/g;
const PATH = /^([0-9a-z]{4})([0-9a-z]{1,40})$/;
/** A registration, whoever made it. */
export const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const COURSE = "*all";
// What JSON and the list of cut pieces may add to a text that is shortened.
const ROOM = 16;
// How many letters of a typed answer are kept where there is less and less room.
const TYPED = [60, 12, 3, 1];
// Signs that tell one edition of a question from another.
const EDITION = 2;
// More often than this nobody changes anything.
const LAST_REV = 1e9;

/** A learner's session over one course; `outline` is the one that the documents carry. */
export class Session {
  #outline;
  #told = new Set();

  /** What a saved state of another version of the course has led to: keys of questions to answer again; or null. */
  again = null;

  constructor(outline) {
    this.#outline = outline;
    this.known = index(outline);
    this.state = blank();
  }

  /**
   * Take up a saved state, under what has been done already. False, and nothing changed, where the text is not one.
   * Unknown ids are left out, and so are answers to questions that have changed since.
   */
  restore(text) {
    const saved = parse(text);
    if (!saved) return false;
    const { answers, writing } = this.state;
    const again = [];
    Object.assign(this.state, read(saved, this.known, again));
    for (const [key, one] of answers) this.state.answers.set(key, one);
    for (const [key, words] of writing) this.write(key, words);
    const other = saved.c && saved.c !== this.#outline.version;
    if (other || again.length || (saved.at && saved.at !== this.state.at)) this.again = again;
    return true;
  }

  /** The modules in which questions have changed and not been answered again. */
  changed() {
    const open = (module) => this.askedIn(module).some((key) => this.again?.includes(key) && !this.state.answers.has(key));
    return this.#outline.modules.filter(open);
  }

  /**
   * The state as text of at most `limit` UTF-16 units. Writing is given up where it does not fit: the oldest piece
   * first, then the end of the last; then the ends of typed answers; never the place or the pages seen, and answers
   * only where the course is too large for the LMS. A `limit` of 0 is for all but the writing.
   * @returns {{text: string, cut: string[]}} `cut` holds the keys of writing that is not whole
   */
  pack(limit = Infinity) {
    const [answers, writing] = [[...this.state.answers], [...this.state.writing]];
    const cut = [];
    let typed = 0;
    const pack = () => this.#written(answers, writing, cut, TYPED[typed]);
    let text = pack();
    while (text.length > limit && (writing.length || (limit && answers.length))) {
      const [key, own] = writing[0] || [];
      if (key && !cut.includes(key)) cut.push(key);
      const room = writing.length === 1 ? own.length - (text.length - limit) - ROOM : 0;
      if (room > 0) writing[0] = [key, own.slice(0, room).replace(/[\ud800-\udbff]$/, "")];
      else if (!writing.shift() && ++typed >= TYPED.length) answers.shift();
      text = pack();
    }
    return { text, cut };
  }

  /** Short, for an LMS may keep 4,096 characters and no more: keys of four characters run together. */
  #written(given, writing, cut, typed = 1) {
    const { state, known } = this;
    const best = (share) => (share === 100 ? "+" : share ? `+${share}` : "");
    const answers = given.map(([key, one]) =>
      `${key}${short(known.questions.get(key), one).map((part) => escaped(part.slice(0, typed))).join(",")}${best(one.best)}${one.tries ? `*${one.tries}` : ""}`);
    const done = [...state.done].map(([key, { at, language }]) => `${key}${Math.floor(at / 60).toString(36)}${language === "cy" ? "C" : "E"}`);
    // A page with an answer on it has been seen.
    const told = new Set(given.map(([key]) => known.questions.get(key).page));
    const all = {
      v: VERSION, c: this.#outline.version, rev: state.rev, k: state.kept, at: state.at, seen: [...state.seen].filter((key) => !told.has(key)).join(""),
      a: answers.join(" "), e: given.map(([key]) => known.questions.get(key).edition).join(""), d: done.join(""),
      p: joined(state.paths), t: joined(state.sent), s: state.seed,
      w: Object.fromEntries(writing), l: state.language, r: state.registration, cut: cut.join(" "),
    };
    return JSON.stringify(all, (key, value) => (key && (value === "" || value === null || isEmpty(value)) ? undefined : value));
  }

  /** Begin at a page, where the course has it. */
  place(key) {
    if (this.known.pages.has(key)) this.state.at = key;
  }

  /** The page is on the screen. */
  see(key) {
    this.state.at = key;
    this.state.seen.add(key);
  }

  /** Take in what a question of the document asks; an answer that was given to another question is forgotten. */
  learn(details) {
    const question = this.known.questions.get(details.key);
    const answer = this.state.answers.get(details.key);
    if (!question) return;
    Object.assign(question, details, { points: question.points });
    if (!answer) return;
    if (!answer.given.length && !kinds[question.type]) answer.given = [...question.right];
    if (isLegal(question, answer.given)) answer.best = Math.max(answer.best, judged(question, answer.given).share);
    else this.state.answers.delete(details.key);
  }

  /** The learner checks an answer; the best is kept for the score. @returns {object} what `judged` says of it */
  answer(key, given) {
    const question = this.known.questions.get(key);
    const verdict = judged(question, given);
    const { best = 0, tries = 0 } = this.state.answers.get(key) || {};
    const counted = question.attempts ? tries + 1 : 0;
    this.state.answers.set(key, { given: [...given], best: Math.max(best, verdict.share), tries: counted });
    return verdict;
  }

  /** How often a question may still be answered: Infinity where its author sets no limit. */
  triesLeft({ key, attempts }) {
    return attempts ? Math.max(0, attempts - (this.state.answers.get(key)?.tries || 0)) : Infinity;
  }

  /** The learner writes; the piece written to last is the last of the map. */
  write(key, text) {
    this.state.writing.delete(key);
    if (text) this.state.writing.set(key, text);
  }

  /** The keys of the questions that this learner is given on a page. */
  asked(page) {
    const places = new Set(page.questions.map((key) => this.known.pools.get(key) || key));
    return [...places].flatMap((one) => (one.draw ? extras.drawn(one, this.state) : one));
  }

  /** The keys of the questions that this learner is given in a module. */
  askedIn(module) {
    return module.pages.flatMap((page) => this.asked(page));
  }

  /** What is still to do in a module. @returns {{pages: object[], mark: boolean}} its pages; whether a mark is unmet */
  left(module) {
    const { seen, answers } = this.state;
    const all = (module["complete-when"] || this.#outline["complete-when"]) !== "viewed";
    const open = (page) => all && this.asked(page).some((key) => !answers.has(key));
    const pages = module.pages.filter((page) => !seen.has(page.key) || open(page));
    return { pages, mark: marked(module) && this.#scoreOf([module]) < module["pass-mark"] };
  }

  /**
   * Mark as done what has just been completed: a rule once met stays met. A mark missed is told once a session.
   * @returns {Array<{verb: string, module: object | null, score?: number}>} what happened, in order
   */
  settle(now) {
    const { done } = this.state;
    const events = this.#outline.modules.filter(({ key }) => !done.has(key)).flatMap((module) => this.#settleModule(module, now));
    if (!done.has(COURSE) && this.#outline.modules.every(({ key }) => done.has(key))) events.push(this.#finish(COURSE, null, now));
    return events;
  }

  #settleModule(module, now) {
    const { pages, mark } = this.left(module);
    const again = mark && this.#told.has(module.key);
    if (pages.length || again) return [];
    this.#told.add(module.key);
    const verb = mark ? "failed" : "passed";
    const told = marked(module) ? [{ verb, module, score: this.#scoreOf([module]) }] : [];
    return mark ? told : [...told, this.#finish(module.key, module, now)];
  }

  #finish(key, module, now) {
    this.state.done.set(key, { at: Math.max(0, Math.floor(now / 1000)), language: this.state.language });
    return { verb: "completed", module };
  }

  /** How far the whole course is, in the words of an LMS with one status. */
  status() {
    const { modules } = this.#outline;
    const marks = modules.some(marked);
    if (this.state.done.has(COURSE)) return marks ? "passed" : "completed";
    const tried = marks && modules.every((module) => this.state.done.has(module.key) || !this.left(module).pages.length);
    return tried ? "failed" : "incomplete";
  }

  /** How much of the course is done, from 0 to 1. */
  progress() {
    const { modules } = this.#outline;
    const left = total(modules, (module) => (this.state.done.has(module.key) ? 0 : this.left(module).pages.length));
    return Math.round(100 - (100 * left) / total(modules, ({ pages }) => pages.length)) / 100;
  }

  /** Whole per cent of the points won so far of those that can be won, or null where there are none to win. */
  score() {
    return this.#scoreOf(this.#outline.modules, null);
  }

  #scoreOf(modules, otherwise = 100) {
    const questions = modules.flatMap((module) => this.askedIn(module)).map((key) => this.known.questions.get(key));
    const all = total(questions, ({ points = 1 }) => points);
    const won = total(questions, ({ key, points = 1 }) => points * (this.state.answers.get(key)?.best || 0));
    return all ? Math.round(won / all) : otherwise;
  }
}

const marked = (module) => module["pass-mark"] != null;

/** The sum of what each of a list comes to. */
export const total = (list, of) => list.reduce((sum, one) => sum + of(one), 0);

/**
 * What an answer is worth. A scale has nothing to be right about.
 * @returns {{right: boolean | null, good: number, of: number, share: number}} how many parts of it are right, and what
 *   per cent of the points that is
 */
export function judged(question, given) {
  const { type, right, partial } = question;
  if (type === "scale") return { right: null, good: 0, of: 0, share: 0 };
  const kind = kinds[type];
  const marks = kind ? kind.marks(question, given) : right.map((id) => given.includes(id));
  const good = marks.filter(Boolean).length;
  const wrong = kind ? 0 : given.length - good;
  const whole = good === marks.length && !wrong;
  const share = partial ? Math.floor((100 * Math.max(0, good - wrong)) / marks.length) : 0;
  return { right: whole, good, of: marks.length, share: whole ? 100 : share };
}

/** The answer as it is kept: of a choice that is right nothing, for the document itself knows it; see `learn`. */
const short = ({ type, right }, { given, best }) => (best === 100 && !kinds[type] && given.join() === right?.join() ? [] : given);

/** Whether an answer can have been given to the question as it is now. */
const isLegal = (question, given) => (kinds[question.type]
  ? kinds[question.type].legal(question, given)
  : given.every((id) => question.options.includes(id)));

function blank() {
  return {
    rev: 0, kept: null, at: null, seen: new Set(), answers: new Map(), writing: new Map(), done: new Map(), paths: new Map(),
    sent: new Map(), language: null, registration: null, seed: null,
  };
}

/** Where each short key leads; `pools` is by the key of a question in one. */
function index(outline) {
  const [modules, pages, questions, pools] = Array.from({ length: 4 }, () => new Map());
  const all = (name) => new Set(outline.modules.flatMap((module) => module[name] || []));
  for (const module of outline.modules) {
    let at = 0;
    modules.set(module.key, module);
    for (const page of module.pages) {
      pages.set(page.key, { page, module });
      for (const key of page.questions) {
        const edition = (module.editions || "").slice(at, (at += EDITION));
        questions.set(key, { key, points: module.points?.[key], edition, page: page.key, module });
      }
    }
    for (const pool of module.pools || []) for (const key of pool.questions) pools.set(key, pool);
  }
  return { modules, pages, questions, pools, reflections: all("reflections"), scenarios: all("scenarios") };
}

/** Short texts by short keys, as one. */
const joined = (map) => [...map].map((one) => one.join("")).join(" ");

/** The signs that divide the list of answers stand in a typed answer as two hexadecimal digits. */
const escaped = (text) => text.replace(/\s/g, " ").replace(/[ %,+*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
const unescaped = (text) => text.replace(/%([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));

const isEmpty = (value) => typeof value === "object" && !Object.keys(value).length;

/** An object, or null for anything else: the text may have been cut, changed or made up on its way. */
function parse(text) {
  const saved = fromJson(text);
  const rev = saved?.rev;
  return saved?.v === VERSION ? { ...saved, rev: rev > 0 && rev < LAST_REV ? Math.floor(rev) : 0 } : null;
}

const textOf = (value) => (typeof value === "string" ? value : "");

/** What the saved state says about this course; every type is checked. `again` gets questions that have changed. */
function read(saved, known, again) {
  const found = blank();
  found.rev = saved.rev;
  found.kept = saved.k ? 1 : null;
  found.language = saved.l === "en" || saved.l === "cy" ? saved.l : null;
  found.registration = UUID.test(textOf(saved.r)) ? saved.r : null;
  found.seed = /^[0-9a-z]{1,8}$/.test(textOf(saved.s)) ? saved.s : null;
  for (const key of textOf(saved.seen).match(/.{4}/g) || []) if (known.pages.has(key)) found.seen.add(key);
  const edition = (at) => textOf(saved.e).slice(EDITION * at, EDITION * (at + 1));
  textOf(saved.a).split(" ").forEach((entry, at) => readAnswer(entry, edition(at), { known, found, again }));
  // The page that was opened last is the nearest to one that is no more.
  found.at = known.pages.has(saved.at) || !saved.at ? saved.at : [...found.seen].pop();
  for (const [text, keys, into] of [[saved.p, known.scenarios, found.paths], [saved.t, known.reflections, found.sent]]) {
    for (const entry of textOf(text).split(" ")) {
      const [, key, path] = PATH.exec(entry) || [];
      if (keys.has(key)) into.set(key, path);
    }
  }
  for (const [, key, at, language] of textOf(saved.d).matchAll(DONE)) {
    if (key === COURSE || known.modules.has(key)) found.done.set(key, { at: 60 * parseInt(at, 36), language: language === "C" ? "cy" : "en" });
  }
  const writing = isObject(saved.w) ? Object.entries(saved.w) : [];
  for (const [key, words] of writing) if (known.reflections.has(key) && textOf(words)) found.writing.set(key, words);
  return found;
}

const isObject = (value) => Boolean(value) && typeof value === "object";

/** Whether the answer is one to the question is seen when the question comes in: see `learn`. */
function readAnswer(entry, edition, { known, found, again }) {
  const [, key, given, best, tries] = ENTRY.exec(entry) || [];
  const question = known.questions.get(key);
  if (!question) return;
  found.seen.add(question.page);
  if (edition && edition !== question.edition) return again.push(key);
  const share = best === undefined ? 0 : Number(best || 100);
  if (!given && share < 100) return;
  found.answers.set(key, { given: given ? given.split(",").map(unescaped) : [], best: share, tries: Number(tries || 0) });
}

/**
 * Which of two saved states to go on with: the browser's copy only where it is newer than the LMS's, or as new and
 * whole where the LMS's had to be cut.
 */
export function newer(theirs, ours) {
  const [a, b] = [parse(theirs), parse(ours)];
  if (!a || !b) return a ? theirs : ours;
  return b.rev > a.rev || (b.rev === a.rev && a.cut) ? ours : theirs;
}
