/** The one place that says how saving goes: always there, never a message that vanishes. */

import { byId, clock, fill, glyph, kept } from "./words.js";

const SIGNS = { saved: "ready", back: "ready", kept: "ready", review: "info" };

/** Say how saving goes in one of the kinds that the document has words for; what is said twice is written once. */
export function drawSaved(kind) {
  const place = byId("x-saved");
  const time = clock(new Date());
  const sign = SIGNS[kind] || "risk";
  if (!isNew(place, kind + time)) return;
  place.dataset.kind = kind;
  place.classList.toggle("is-risk", sign === "risk");
  fill(place, kept(kind), { time });
  place.prepend(glyph(sign));
}

/** A live region would speak again what is written into it again. */
function isNew(place, told) {
  const { told: before } = place.dataset;
  place.dataset.told = told;
  return told !== before;
}

/** Draw what a learner has to know of what was done before this visit, for as long as it holds. */
export function drawNews(session, forgotten) {
  const place = byId("x-news");
  const open = session.changed();
  const titles = (language) => open.map(({ title }) => title[language]).join(", ");
  const news = forgotten ? "forgotten" : open.length ? "changed" : session.again?.length === 0 && "unchanged";
  place.hidden = !news;
  if (news && isNew(place, news + open.length)) fill(place, kept(news), { t: { en: titles("en"), cy: titles("cy") } });
}
