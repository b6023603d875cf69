/** Writing that a learner may send to the programme lead, a piece at a time: nothing goes before a button is pressed. */

import { blocks } from "../kinds.js";
import { unpacked } from "./pieces.js";
import { dated, either, fill, w, words } from "./words.js";

// As long as the field lets it be; a text may come from a file all the same.
const LONGEST = 10000;
const SIGNS = 4;
const ALL = 36 ** 4;
const MINUTE = 60000;

// What was given up when a piece was sent, by its key; pieces that the record store has refused since; and pieces that
// somebody tried to send before there was anything in them.
const before = new Map();
const refused = new Set();
const lacking = new Set();
let kit;

const textOf = (key) => (unpacked(kit.session.state.writing.get(key)).values[0] || "").trim();

/** Four signs by which a text is known again. */
const signOf = (text) => [...text].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)) % ALL, 7).toString(36).padStart(SIGNS, "0");

/** What the state keeps of what was sent: which text it was, and in which minute. */
const sentOf = (text) => signOf(text) + Math.floor(Date.now() / MINUTE).toString(36);

function wireShares(given) {
  kit = given;
  document.addEventListener("submit", ({ target }) => target.dataset.share && send(target));
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("[data-share]");
    if (form) drawShare(form);
  });
}

/** What has been sent as it stands is not sent again. */
function send(form) {
  const { reflect: key, share: iri, type } = form.dataset;
  const { state, known } = kit.session;
  const text = textOf(key);
  const live = kit.live();
  if (live && text && !state.sent.get(key)?.startsWith(signOf(text))) {
    const [en, cy] = [...form.querySelector(".asked").children].map((one) => one.textContent.trim());
    const module = known.modules.get(form.closest("[data-module]").dataset.module);
    const response = text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");
    before.set(key, live.dropped());
    refused.delete(key);
    const told = live.tell("make", "answered", { iri, type, title: { en, cy }, interactionType: "long-fill-in" }, module, { response });
    state.sent.set(key, sentOf(text));
    kit.changed("now");
    Promise.resolve(told).then(() => drawShares());
  }
  if (!text) lacking.add(key);
  drawShare(form);
}

/** A store may refuse it, and then it has not been sent. */
function look(key, live) {
  if (!before.has(key) || live.waiting()) return;
  const gone = live.dropped() > before.get(key);
  before.delete(key);
  if (!gone) return;
  refused.add(key);
  kit.session.state.sent.delete(key);
  kit.changed();
}

/** Whether it can be sent from here, and what has become of it. */
function drawShare(form) {
  const { reflect: key } = form.dataset;
  const live = kit.live();
  const row = form.querySelector(".send");
  either(form.querySelector(".hint[id$='-s']"), Boolean(live));
  row.hidden = !live;
  if (live) look(key, live);
  const sent = kit.session.state.sent.get(key);
  const line = row.lastElementChild;
  const said = lacking.has(key) && !textOf(key) ? w`Write something first.` : refused.has(key) ? w`The record store has not taken it. Print it or download it to hand it on.` : sent && standing(sent, textOf(key), live?.waiting());
  // What is said already is not said again.
  const now = said ? words(said, { day: sent && dated(new Date(parseInt(sent.slice(SIGNS), 36) * MINUTE)) }) : null;
  if (!now) line.replaceChildren();
  else if (line.textContent !== now.en + now.cy) fill(line, now);
}

function standing(sent, text, waiting) {
  if (!sent.startsWith(signOf(text))) return w`Changed since you sent it on {day}. Your programme lead has what you sent then.`;
  return waiting ? w`On its way. It is kept on this device until the record store has it.` : w`Sent on {day}. Your programme lead can read it.`;
}

const drawShares = (root = document) => root.querySelectorAll("[data-share]").forEach((form) => drawShare(form));

blocks.push({ wire: wireShares, restore: drawShares, sent: () => drawShares() });
