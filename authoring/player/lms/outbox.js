/** Statements of one session in their order until the record store has taken them; no other session may send them. */

// So many fit a request that outlives the page.
const TOGETHER = 20;
const LONGEST_WAIT = 60000;

/** `post` sends a list of statements and answers with the response. */
export class Outbox {
  #post;
  #most = TOGETHER;
  #failures = 0;
  #timer = 0;
  #sending = null;
  waiting = [];

  constructor(post) {
    this.#post = post;
  }

  add(...statements) {
    this.waiting.push(...statements);
    this.flush();
  }

  /** Send what waits, and wait for it; a page that is `leaving` does not wait for what is under way. */
  flush(leaving) {
    if (leaving || !this.#sending) this.#sending = this.#send().finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #send() {
    clearTimeout(this.#timer);
    const batch = this.waiting.slice(0, this.#most);
    if (!batch.length) return;
    const { status } = await this.#post(batch).catch(() => ({}));
    const refused = [400, 409, 413].includes(status);
    if (status !== 200 && !refused) return this.#again(status);
    // One bad statement has the whole batch refused: alone, it is given up.
    this.#most = refused && batch.length > 1 ? 1 : TOGETHER;
    if (this.#most > 1) this.waiting = this.waiting.filter((one) => !batch.includes(one));
    this.#failures = 0;
    return this.#send();
  }

  /** A session that is not wanted any more sends nothing more. */
  #again(status) {
    if (status === 401 || status === 403) this.#most = 0;
    this.#timer = setTimeout(() => this.flush(), Math.min(LONGEST_WAIT, 500 * 2 ** this.#failures));
    this.#failures += 1;
  }
}
