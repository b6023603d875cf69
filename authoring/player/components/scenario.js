/** Scenarios: one scene at a time; the way to it is remembered, and it is what paper shows. */

import { blocks } from "../kinds.js";

const FARTHEST = 30;
const scenes = (box) => [...box.querySelectorAll(".scene")];

/** Show the scene that the way leads to; a way that leads nowhere begins again. */
function show(box, session) {
  const path = session.state.paths.get(box.dataset.scenario) || "";
  const all = scenes(box);
  const now = all[parseInt(path.at(-1) || "0", 36)] || all[0];
  const been = [0, ...Array.from(path, (sign) => parseInt(sign, 36))];
  all.forEach((one, at) => {
    one.classList.toggle("now", one === now);
    one.classList.toggle("been", been.includes(at));
  });
  for (const button of box.querySelectorAll("[data-story]")) button.hidden = !path;
  return now;
}

function go(box, session, path) {
  if (path) session.state.paths.set(box.dataset.scenario, path.slice(-FARTHEST));
  else session.state.paths.delete(box.dataset.scenario);
  show(box, session).firstElementChild.focus();
}

blocks.push({
  wire({ session, changed }) {
    document.addEventListener("click", (event) => {
      const box = event.target.closest("[data-scenario]");
      const control = event.target.closest("[data-story], a[href^='#scene-']");
      if (!box || !control) return;
      event.preventDefault();
      const path = session.state.paths.get(box.dataset.scenario) || "";
      const { story } = control.dataset;
      if (story) go(box, session, story === "back" ? path.slice(0, -1) : "");
      else go(box, session, path + scenes(box).findIndex((one) => `#${one.id}` === control.hash).toString(36));
      changed();
    });
  },
  restore(part, session) {
    for (const box of part.querySelectorAll("[data-scenario]")) show(box, session);
  },
});
