/** What the player tells of a session to a record store of which the LMS knows nothing, or which is all the LMS there is. */

import { duration } from "./wording.js";

/** The player's calls, by way of a queue. */
export const telling = (queue, statements) => ({
  tell: (what, ...facts) => queue.add(statements[what](...facts)),
  waiting: () => queue.waiting.length,
  dropped: () => queue.dropped,
  flush: (hidden) => queue.retry(hidden),
  end: (seconds) => queue.add(statements.about("terminated", { duration: duration(seconds) }), true),
});
