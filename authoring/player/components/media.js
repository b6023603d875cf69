/** Recordings: the captions are in the language of the page, where the learner has captions on. */

import { blocks } from "../kinds.js";

function caption(part, always) {
  for (const player of part.querySelectorAll(".media :is(video, audio)")) {
    const tracks = [...player.textTracks];
    if (!always && !tracks.some((one) => one.mode === "showing")) continue;
    for (const track of tracks) track.mode = track.language === document.documentElement.lang ? "showing" : "disabled";
  }
}

blocks.push({ restore: (part) => caption(part, true), speak: () => caption(document) });
