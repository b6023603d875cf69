/** What a learner has done, and the rules about it. Knows no page and no LMS. */

const VERSION = 1;
const ENTRY = /^([0-9a-z]{4})(\d+(?:\.\d+)*)(\+?)$/;
const DONE = /^([0-9a-z]{4}|\*all)([0-9a-z]{1,9})(en|cy)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const COURSE = "*all";
// What JSON and the list of cut pieces may add to a text that is shortened.
const ROOM = 16;

/** A learner's session over one course; `outline` is course.json. */
export class Session {
  #outline;
  #told = new Set();

  constructor(outline) {
    this.#outline = outline;
    this.known = index(outline);
    this.state = blank();
  }

  /** Take up a saved state. False, and nothing changed, where the text is not one. Unknown ids are left out. */
  restore(text) {
    const saved = parse(text);
    if (saved) Object.assign(this.state, read(saved, this.known));
    return Boolean(saved);
  }

  /**
   * The state as text of at most `limit` UTF-16 units. Writing is given up where it does not fit: the oldest piece
   * first, then the end of the last; never the place, the answers or the pages seen.
   * @returns {{text: string, cut: string[]}} `cut` holds the keys of writing that is not whole
   */
  pack(limit = Infinity) {
    const writing = [...this.state.writing];
    const cut = [];
    let text = written(this.state, writing, cut);
    while (text.length > limit && writing.length) {
      const [key, own] = writing[0];
      if (!cut.includes(key)) cut.push(key);
      const room = writing.length === 1 ? own.length - (text.length - limit) - ROOM : 0;
      if (room > 0) writing[0] = [key, own.slice(0, room).replace(/[\ud800-\udbff]$/, "")];
      else writing.shift();
      text = written(this.state, writing, cut);
    }
    return { text, cut };
  }

  /** The page is on the screen. */
  see(key) {
    this.state.at = key;
    this.state.seen.add(key);
  }

  /** The learner checks an answer; being right once is kept for the score. @returns {boolean} right this time */
  answer(key, given) {
    const right = isRight(this.known.questions.get(key), given);
    const before = this.state.answers.get(key);
    this.state.answers.set(key, { given: [...given], right, best: right || Boolean(before?.best) });
    return right;
  }

  /** The learner writes; the piece written to last is the last of the map. */
  write(key, text) {
    this.state.writing.delete(key);
    if (text) this.state.writing.set(key, text);
  }

  /** What is still to do in a module. @returns {{pages: object[], mark: boolean}} its pages; whether a mark is unmet */
  left(module) {
    const { seen, answers } = this.state;
    const all = (module["complete-when"] || this.#outline["complete-when"]) !== "viewed";
    const open = (page) => all && page.questions.some((id) => !answers.has(questionKey(module, id)));
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
    const judged = marked(module) ? [{ verb, module, score: this.#scoreOf([module]) }] : [];
    return mark ? judged : [...judged, this.#finish(module.key, module, now)];
  }

  #finish(key, module, now) {
    this.state.done.set(key, { at: Math.floor(now / 1000), language: this.state.language });
    return { verb: "completed", module };
  }

  /** How far the whole course is, in the words of an LMS with one status. */
  status() {
    const { modules } = this.#outline;
    const judged = modules.some(marked);
    if (this.state.done.has(COURSE)) return judged ? "passed" : "completed";
    const tried = judged && modules.every((module) => this.state.done.has(module.key) || !this.left(module).pages.length);
    return tried ? "failed" : "incomplete";
  }

  /** Whole per cent of the course's points won so far, or null for a course without questions. */
  score() {
    return this.known.questions.size ? this.#scoreOf(this.#outline.modules) : null;
  }

  #scoreOf(modules) {
    const questions = modules.flatMap((module) => module.questions);
    const points = (list) => list.reduce((sum, one) => sum + (one.points ?? 1), 0);
    const won = questions.filter((one) => this.state.answers.get(one.key)?.best);
    return questions.length ? Math.round((100 * points(won)) / points(questions)) : 100;
  }
}

const marked = (module) => module["pass-mark"] != null;

const isRight = (question, given) => question.right.join() === [...given].sort().join();

function blank() {
  return {
    rev: 0, at: null, seen: new Set(), answers: new Map(), writing: new Map(), done: new Map(), language: null, registration: null,
  };
}

/** Where each short key leads. */
function index(outline) {
  const known = { modules: new Map(), pages: new Map(), questions: new Map(), reflections: new Map() };
  for (const module of outline.modules) {
    known.modules.set(module.key, module);
    for (const page of module.pages) known.pages.set(page.key, { page, module });
    for (const one of module.questions) known.questions.set(one.key, { ...one, right: [...one.right].sort(), module });
    for (const one of module.reflections) known.reflections.set(one.key, { ...one, module });
  }
  return known;
}

function questionKey(module, id) {
  return module.questions.find((one) => one.id === id).key;
}

/** Short, for an LMS may keep 4,096 characters and no more: keys of four characters run together. */
function written(state, writing, cut) {
  const answers = [...state.answers].map(([key, one]) => `${key}${one.given.join(".")}${one.best && !one.right ? "+" : ""}`);
  const done = [...state.done].map(([key, one]) => `${key}${one.at.toString(36)}${one.language || "en"}`);
  const all = {
    v: VERSION, rev: state.rev, at: state.at, seen: [...state.seen].join(""), a: answers.join(" "), d: done.join(" "),
    w: Object.fromEntries(writing), l: state.language, r: state.registration, cut: cut.join(" "),
  };
  return JSON.stringify(all, (key, value) => (key && (value === "" || value === null || isEmpty(value)) ? undefined : value));
}

const isEmpty = (value) => typeof value === "object" && !Object.keys(value).length;

/** An object, or null for anything else: the text may have been cut, changed or made up on its way. */
function parse(text) {
  try {
    const saved = JSON.parse(text);
    return saved && typeof saved === "object" && !Array.isArray(saved) && saved.v === VERSION ? saved : null;
  } catch {
    return null;
  }
}

/** What the saved state says about this course; every type is checked. */
function read(saved, known) {
  const text = (value) => (typeof value === "string" ? value : "");
  const found = blank();
  found.rev = Number.isSafeInteger(saved.rev) && saved.rev > 0 ? saved.rev : 0;
  found.at = known.pages.has(saved.at) ? saved.at : null;
  found.language = saved.l === "en" || saved.l === "cy" ? saved.l : null;
  found.registration = UUID.test(text(saved.r)) ? saved.r : null;
  for (const key of text(saved.seen).match(/.{4}/g) || []) if (known.pages.has(key)) found.seen.add(key);
  for (const entry of text(saved.a).split(" ")) readAnswer(entry, known, found.answers);
  for (const entry of text(saved.d).split(" ")) {
    const [, key, at, language] = DONE.exec(entry) || [];
    if (key === COURSE || known.modules.has(key)) found.done.set(key, { at: parseInt(at, 36), language });
  }
  const writing = isObject(saved.w) ? Object.entries(saved.w) : [];
  for (const [key, words] of writing) if (known.reflections.has(key) && text(words)) found.writing.set(key, words);
  return found;
}

const isObject = (value) => Boolean(value) && typeof value === "object";

function readAnswer(entry, known, answers) {
  const [, key, chosen, best] = ENTRY.exec(entry) || [];
  const question = known.questions.get(key);
  const given = question ? chosen.split(".").filter((id) => question.options.includes(id)) : [];
  if (!given.length) return;
  const right = isRight(question, given);
  answers.set(key, { given, right, best: right || Boolean(best) });
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
