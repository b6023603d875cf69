/** The browser's own copy of what a learner did; where the browser keeps nothing, memory has to do. */

/** Texts by name in localStorage or sessionStorage, neither of which every frame may use. */
export class Copies {
  #memory = new Map();
  #kind;

  constructor(kind) {
    this.#kind = kind;
  }

  #tried(action, otherwise = () => null) {
    try {
      return action(window[this.#kind]);
    } catch {
      return otherwise();
    }
  }

  get(name) {
    return this.#memory.get(name) ?? this.#tried((store) => store.getItem(name));
  }

  /** @returns {boolean} whether it outlives the page */
  set(name, text) {
    this.#memory.delete(name);
    return this.#tried((store) => !store.setItem(name, text), () => !this.#memory.set(name, text));
  }

  drop(name) {
    this.#memory.delete(name);
    this.#tried((store) => store.removeItem(name));
  }

  names() {
    return [...this.#memory.keys(), ...this.#tried((store) => Object.keys(store), () => [])];
  }
}

/** What a text of JSON says; null where it is none, for it may have been cut, changed or made up on its way. */
export function fromJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
