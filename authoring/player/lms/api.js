/** Finds an LMS's API object and speaks with it: what both generations of SCORM have in common. */

const PARENTS = 20;

/** Reading a window of another origin throws; that is not an error. */
function peek(window_, name) {
  try {
    return window_?.[name] ?? null;
  } catch {
    return null;
  }
}

function climb(from, name) {
  let at = from;
  for (let step = 0; at && step <= PARENTS; step++) {
    const api = peek(at, name);
    if (api) return api;
    const parent = peek(at, "parent");
    if (parent === at) return null;
    at = parent;
  }
  return null;
}

/** An API object of a given name, whose functions have names that begin with `prefix`. */
export class Api {
  #api = null;
  #prefix;

  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  /** Look in this window, its parents, its opener's and the top window's opener's. @returns {boolean} whether it is there */
  find(name) {
    this.#api = climb(window, name) || climb(peek(window, "opener"), name) || climb(peek(peek(window, "top"), "opener"), name);
    return Boolean(this.#api);
  }

  call(name, ...values) {
    try {
      return String(this.#api[this.#prefix + name](...values) ?? "");
    } catch {
      return "throws";
    }
  }

  error() {
    return parseInt(this.call("GetLastError"), 10) || 0;
  }

  /** Some LMSs say "false" with error 0 for a call that worked: only a real error code counts. */
  worked(name, ...values) {
    const result = this.call(name, ...values);
    return result === "true" || (result !== "throws" && this.error() === 0);
  }

  /** Begin, where it has not `begun` already; an LMS that does not say so is asked for a value that each one has. */
  begin(begun, known) {
    if (this.call("Initialize", "") === "true") return true;
    const code = this.error();
    return code === begun || (!code && this.get(known) !== "");
  }

  get(name) {
    const value = this.call("GetValue", name);
    return value === "throws" ? "" : value;
  }

  /** A score from 0 to 100, or null where there is none. */
  score(name) {
    const score = parseInt(this.get(name), 10);
    return score >= 0 ? Math.min(score, 100) : null;
  }

  set(name, value) {
    return this.worked("SetValue", name, `${value}`);
  }

  /** Set every value, `path` before its name; whether all were taken. */
  setAll(path, values) {
    return Object.keys(values).every((name) => this.set(path + name, values[name]));
  }
}
