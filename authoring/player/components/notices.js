/** The one place that says how saving goes: always there, never a message that vanishes. */

import { clock, fill, glyph, w } from "./words.js";

const SIGNS = { saved: "ready", back: "ready", kept: "ready", lost: "risk", none: "risk", review: "info" };
const WORDS = {
  saved: w`Saved {time}`,
  back: w`Sent again. Saved {time}`,
  kept: w`Kept on this device {time}`,
  lost: w`Not sent yet, kept on this device`,
  none: w`Not being recorded`,
  review: w`A look back: nothing is recorded`,
};

/** @returns {function(string)} says one of the kinds above; what is said twice is written once */
export function createNotices(place) {
  let last = "";
  return (kind) => {
    const time = clock(new Date());
    if (last === kind + time) return;
    last = kind + time;
    place.dataset.kind = kind;
    place.classList.toggle("is-risk", SIGNS[kind] === "risk");
    fill(place, WORDS[kind], { time });
    place.prepend(glyph(SIGNS[kind]));
  };
}
