/** The portfolio page: everything the learner has written, with ways to take it along and to read it back. */

import { element, fill, spans, w } from "../components/words.js";
import { button, copier, download } from "./away.js";
import { fileOf } from "./file.js";
import { drawAll, htmlOf, plainOf } from "./paper.js";
import { createReader } from "./reader.js";
import { collected } from "./written.js";

const JSON_TYPE = "application/json";

/** Where what is written is kept, in the words of the way in which the course was opened. */
function keptWhere({ recorder, lms, session }) {
  if (session.state.sent.size) return w`It is kept on this device and with your place in your organisation’s learning system. Only what says so below was sent to your programme lead.`;
  if (recorder.recorded) return w`Only you can see this here. It is kept on this device and with your place in your organisation’s learning system, and sent nowhere else.`;
  return lms.mode === "none" ? w`Only you can see this. It is kept on this device and sent to nobody.` : w`Only you can see this. No learning system was found, so that it is kept on this device only.`;
}

/** The page as it is being shown; `place` is what the document keeps for it. */
export function drawPortfolio(place, kit, told) {
  if (!place.matches(".drawn")) build(place, kit, told);
  place.redraw();
}

function build(place, kit, told) {
  const paper = element("div", { id: "x-paper" });
  const tick = element("input", { type: "checkbox", id: "x-named-tick" });
  const name = () => (tick.checked ? kit.recorder.held.name : "");
  const redraw = () => drawAll(paper, collected(kit.session, told), { cut: kit.recorder.cut, name: name() });
  const named = element("p", { class: "tick" }, tick, element("label", { for: tick.id }, ...spans(w`Put my name on it`)));
  named.hidden = !kit.recorder.held.name;
  tick.addEventListener("change", redraw);
  addEventListener("beforeprint", redraw);
  const where = element("p");
  fill(where, keptWhere(kit));
  place.replaceChildren(where, named, ways(paper, kit, told, name, redraw), paper, createReader(kit, told, redraw));
  place.classList.add("drawn");
  place.redraw = redraw;
}

/** The buttons; what they take along is drawn anew first. */
function ways(paper, kit, told, name, redraw) {
  const fresh = (action) => () => {
    redraw();
    return action();
  };
  const asFile = () => download(JSON.stringify(fileOf(kit, told, name()), null, 1), JSON_TYPE, `${told.id}-portfolio.json`);
  return element(
    "div", { class: "row" },
    button("x-print", w`Print`, fresh(() => print()), "button"),
    button("x-download", w`Download to read`, fresh(() => download(htmlOf(paper, told.title), "text/html", `${told.id}.html`))),
    button("x-download-file", w`Download to read back elsewhere`, asFile),
    ...copier("x-copy", w`Copy`, fresh(() => plainOf(paper, told.title))),
  );
}
