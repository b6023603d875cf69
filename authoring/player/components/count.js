/** How much has been written, told where it comes near what is asked for and where it reaches it, not at every word. */

import { blocks } from "../kinds.js";
import { copies } from "./words.js";

const NEAR = 0.8;

blocks.push({
  wire() {
    document.addEventListener("input", ({ target }) => {
      const n = Number(target.dataset.words);
      if (!n) return;
      const written = target.value.split(/\s+/).filter(Boolean).length;
      const place = target.form.querySelector(".counted");
      const stage = written < n * NEAR ? 0 : written < n ? 1 : 2;
      if (stage === Number(place.dataset.stage || 0)) return;
      place.dataset.stage = stage;
      place.replaceChildren(...copies(place.nextElementSibling.content.children[stage].childNodes));
    });
  },
});
